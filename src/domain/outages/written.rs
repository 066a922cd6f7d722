//! Places and parcels as people write them, one to a line: `Lhota, Lipová: 106, 107, 126-131`, `Brno, Líšeň, Polní: 1-9; ev. 7; or. 12/3`,
//! `673412 1123/2`. In a file they stand behind one another, apart by `|`.
use super::{Areas, MOST_PLACES, Numbers, Parcel, Place};
use crate::domain::supply_points::{CodeError, parse_ean};
use crate::domain::typed;
use std::collections::HashSet;
use std::fmt;

/// What of it could not be read, as it was written, cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    Ean(String, CodeError),
    /// No municipality, or more than municipality, part and street.
    Place(String),
    Number(String),
    /// Not six digits and a number of a plot.
    Parcel(String),
    /// More than [`MOST_PLACES`].
    TooMany,
}

const LONGEST: usize = 100;

fn short(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

/// What stands apart by lines or bars.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', '|']).map(str::trim).filter(|line| !line.is_empty())
}

impl Place {
    /// Municipality, part and street before the colon, numbers behind it.
    pub fn parse(line: &str) -> Result<Place, Unwritten> {
        let (names, numbers) = line.split_once(':').unwrap_or((line, ""));
        let wrong = || Unwritten::Place(short(line));
        let name = |text: &str| typed::text(text, LONGEST).map_err(|_| wrong());
        let names = names.split(',').map(name).collect::<Result<Vec<String>, Unwritten>>()?;
        let mut place = match &names[..] {
            [municipality] => Place { municipality: municipality.clone(), ..Place::default() },
            [municipality, street] => {
                Place { municipality: municipality.clone(), street: street.clone(), ..Place::default() }
            }
            [municipality, part, street] => Place {
                municipality: municipality.clone(),
                part: part.clone(),
                street: street.clone(),
                ..Place::default()
            },
            _ => return Err(wrong()),
        };
        if !place.municipality.chars().any(char::is_alphabetic) {
            return Err(wrong());
        }
        for group in numbers.split(';').map(str::trim).filter(|group| !group.is_empty()) {
            let marks = [("ev.", 0), ("č.ev.", 0), ("or.", 1), ("č.or.", 1), ("č.p.", 2), ("čp.", 2)];
            let found = marks.iter().find_map(|(mark, kind)| Some((group.strip_prefix(mark)?, *kind)));
            let (rest, kind) = found.unwrap_or((group, 2));
            let list = Numbers::parse(rest).map_err(|error| Unwritten::Number(error.0))?;
            match kind {
                0 => place.evidence_numbers = list,
                1 => place.orientation_numbers = list,
                _ => place.house_numbers = list,
            }
        }
        Ok(place)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.municipality)?;
        if !self.part.is_empty() {
            write!(out, ", {}, {}", self.part, self.street)?;
        } else if !self.street.is_empty() {
            write!(out, ", {}", self.street)?;
        }
        let groups = [("", &self.house_numbers), ("ev. ", &self.evidence_numbers), ("or. ", &self.orientation_numbers)];
        let mut mark = ":";
        for (kind, numbers) in groups.into_iter().filter(|(_, numbers)| !numbers.is_empty()) {
            write!(out, "{mark} {kind}{numbers}")?;
            mark = ";";
        }
        Ok(())
    }
}

impl Parcel {
    pub fn parse(line: &str) -> Result<Parcel, Unwritten> {
        let wrong = || Unwritten::Parcel(short(line));
        let (code, plot) = line.trim().split_once([' ', ':', '\u{a0}']).ok_or_else(wrong)?;
        let plot = plot.trim().trim_start_matches(':').trim();
        let is_plot =
            plot.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '/' | ' ' | '.' | 's' | 't'));
        let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code || !is_plot || !plot.chars().any(|letter| letter.is_ascii_digit()) || plot.len() > 20 {
            return Err(wrong());
        }
        Ok(Parcel { cadastral_code: code.to_owned(), plot: plot.to_owned() })
    }
}

impl fmt::Display for Parcel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.cadastral_code, self.plot)
    }
}

/// Apart by lines, bars, commas, semicolons or spaces; each once.
pub fn eans(text: &str) -> Result<Vec<String>, Unwritten> {
    let words = text.split([',', ';', '|']).flat_map(str::split_whitespace);
    let read = words.map(|word| parse_ean(word).map_err(|error| Unwritten::Ean(short(word), error)));
    let mut seen = HashSet::new();
    bounded(read.filter(|one| one.as_ref().map_or(true, |ean| seen.insert(ean.clone()))))
}

pub fn places(text: &str) -> Result<Vec<Place>, Unwritten> {
    bounded(lines(text).map(Place::parse))
}

pub fn parcels(text: &str) -> Result<Vec<Parcel>, Unwritten> {
    bounded(lines(text).map(Parcel::parse))
}

/// Nothing is read any more once there are too many.
fn bounded<T>(read: impl Iterator<Item = Result<T, Unwritten>>) -> Result<Vec<T>, Unwritten> {
    let mut all = Vec::new();
    for one in read {
        if all.len() == MOST_PLACES {
            return Err(Unwritten::TooMany);
        }
        all.push(one?);
    }
    Ok(all)
}

impl Areas {
    /// As a form shows them to be changed: EANs, addresses, parcels, each to a line.
    pub fn written(&self) -> [String; 3] {
        let addresses: Vec<String> = self.addresses.iter().map(Place::to_string).collect();
        let parcels: Vec<String> = self.parcels.iter().map(Parcel::to_string).collect();
        [self.eans.join("\n"), addresses.join("\n"), parcels.join("\n")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_read_and_written_back() {
        for line in [
            "Lhota",
            "Lhota, Lipová",
            "Brno, Líšeň, ",
            "Brno, Líšeň, Polní: 1-9; ev. 7; or. 12/3",
            "Lhota: 106, 107, 126-131",
        ] {
            assert_eq!(Place::parse(line).map(|place| place.to_string()).as_deref(), Ok(line));
        }
        assert_eq!(Parcel::parse("673412: 1123/2").map(|one| one.to_string()).as_deref(), Ok("673412 1123/2"));
        assert_eq!(Parcel::parse("673412 st. 12").map(|one| one.plot).as_deref(), Ok("st. 12"));
        assert_eq!(eans("859182400900000013, 859182400900000013\n").map(|all| all.len()), Ok(1));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(Place::parse("12, 13"), Err(Unwritten::Place("12, 13".into())));
        assert_eq!(Place::parse("a, b, c, d"), Err(Unwritten::Place("a, b, c, d".into())));
        assert_eq!(Place::parse("Lhota: 1-x"), Err(Unwritten::Number("1-x".into())));
        for line in ["67341 12", "673412", "673412 abc", "673412 <b>"] {
            assert_eq!(Parcel::parse(line), Err(Unwritten::Parcel(line.into())));
        }
        assert!(matches!(eans("859182400900000014"), Err(Unwritten::Ean(_, CodeError::CheckDigit))));
    }

    #[test]
    fn above_the_most_nothing_is_read_any_more_and_an_ean_that_repeats_counts_once() {
        let lines = |count: usize| "673412 1\n".repeat(count);
        assert_eq!(parcels(&lines(MOST_PLACES)).map(|all| all.len()), Ok(MOST_PLACES));
        // The mistake behind them is not come to.
        assert_eq!(parcels(&format!("{}nonsense", lines(MOST_PLACES))), Err(Unwritten::TooMany));
        let same = "859182400900000013 ".repeat(MOST_PLACES + 1);
        assert_eq!(eans(&same).map(|all| all.len()), Ok(1));
    }

    proptest! {
        #[test]
        fn nothing_written_makes_it_panic(line in "[Lipová,:; 0-9/-]{0,40}|.{0,30}") {
            let _ = (Place::parse(&line), Parcel::parse(&line), eans(&line));
        }
    }
}
