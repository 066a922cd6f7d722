//! Whether an outage touches a supply point: its EAN, else its address, else its parcel. Clerks write one street in many ways, so addresses
//! are compared without diacritics, capitals and abbreviations.
use super::numbers::Number;
use super::{Areas, Place};
use crate::domain::supply_points::Address;
use std::collections::{BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What clerks shorten, in the letters of [`folded`].
const SHORT: [(&str, &str); 12] = [
    ("nam", "namesti"),
    ("tr", "trida"),
    ("ul", ""),
    ("ulice", ""),
    ("nabr", "nabrezi"),
    ("sidl", "sidliste"),
    ("gen", "generala"),
    ("dr", "doktora"),
    ("n", "nad"),
    ("p", "pod"),
    ("sv", "svateho"),
    ("l", "labem"),
];

/// Small letters and digits without diacritics, words apart by one space, abbreviations in full.
pub fn folded(text: &str) -> String {
    let bare = text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let spaced: String = bare.map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let full = |word| SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, full)| *full);
    let words: Vec<&str> = spaced.split_whitespace().map(full).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A town as addresses have it: `Praha 9`, `Brno-Líšeň`, `Praha 9 – Vysočany`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    key: String,
    district: Option<u32>,
    part: Option<String>,
}

impl Town {
    pub fn of(text: &str) -> Town {
        let (town, part) = match text.split_once(['-', '–', '—', ',']) {
            Some((town, part)) => (town, Some(folded(part)).filter(|part| !part.is_empty())),
            None => (text, None),
        };
        let town = folded(town);
        let (key, district) = match town.rsplit_once(' ').and_then(|(key, last)| Some((key, last.parse().ok()?))) {
            Some((key, district)) => (key.to_owned(), Some(district)),
            None => (town, None),
        };
        Town { key, district, part }
    }
}

/// The numbers on a door, as far as its address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DoorNumber {
    None,
    /// One number, of which kind nobody says.
    Either(Number),
    House(Number),
    Evidence(Number),
    Both {
        house: Number,
        orientation: Number,
    },
}

/// An address of a supply point, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    town: Town,
    street: String,
    number: DoorNumber,
}

impl Door {
    pub fn of(address: &Address) -> Door {
        let (street, number) = taken_apart(&address.street);
        Door { town: Town::of(&address.city), street: folded(street), number }
    }
}

/// `Lipová 12/3`, `Lipová 12a`, `č.p. 106`, `ev. č. 7`: the street and what is on the door.
fn taken_apart(line: &str) -> (&str, DoorNumber) {
    let line = line.trim().trim_end_matches(',');
    // A letter may stand apart from its number: `12 a`.
    let start = |text: &str| text.rfind(char::is_whitespace).map_or(0, |at| after(text, at));
    let last = start(line);
    let is_letter = line.get(last..).is_some_and(|word| word.len() == 1 && word.chars().all(char::is_alphabetic));
    let from = match is_letter {
        true => start(line.get(..last).unwrap_or("").trim_end()),
        false => last,
    };
    let (rest, word) = line.split_at(from);
    let word = word.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let number = match word.split_once('/') {
        Some((house, orientation)) => Number::parse(house)
            .zip(Number::parse(orientation))
            .map(|(house, orientation)| DoorNumber::Both { house, orientation }),
        None => Number::parse(word).map(DoorNumber::Either),
    };
    let Some(number) = number else { return (line, DoorNumber::None) };
    let marks = line.strip_suffix(word).unwrap_or(rest);
    let (street, mark) = without_mark(marks);
    match (mark, number) {
        (Some(Mark::Evidence), DoorNumber::Either(one)) => (street, DoorNumber::Evidence(one)),
        (Some(Mark::House), DoorNumber::Either(one)) => (street, DoorNumber::House(one)),
        _ => (street, number),
    }
}

/// Where the letter at that place ends.
fn after(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |letter| at + letter.len_utf8())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    House,
    Evidence,
}

/// Without `č.p.`, `čp.`, `č. ev.` or `ev.č.` at its end, and which it was.
fn without_mark(text: &str) -> (&str, Option<Mark>) {
    let mut street = text;
    let mut mark = None;
    loop {
        let bare = street.trim_end_matches(|letter: char| letter.is_whitespace() || letter == '.' || letter == ',');
        let at = bare.rfind(|letter: char| letter.is_whitespace() || letter == '.').map_or(0, |at| after(bare, at));
        let (before, word) = bare.split_at(at);
        match folded_mark(word).as_str() {
            "p" if before.trim_end().ends_with(['č', 'Č', 'c', '.']) => mark = Some(Mark::House),
            "cp" => mark = Some(Mark::House),
            "ev" | "ce" | "cev" => mark = Some(Mark::Evidence),
            "c" => {}
            _ => return (bare, mark),
        }
        street = before;
    }
}

fn folded_mark(word: &str) -> String {
    word.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// What an index finds supply points by.
pub fn town_key(address: &Address) -> String {
    Town::of(&address.city).key
}

pub fn street_key(address: &Address) -> String {
    Door::of(address).street
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaKind {
    Ean,
    /// The whole town.
    Town,
    Street,
    Parcel,
}

impl AreaKind {
    pub fn key(self) -> &'static str {
        match self {
            AreaKind::Ean => "ean",
            AreaKind::Town => "town",
            AreaKind::Street => "street",
            AreaKind::Parcel => "parcel",
        }
    }
}

/// What finds the supply points that an outage may touch. Unless it is exact, each has to be asked with [`Matcher::has_address`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AreaKey {
    pub kind: AreaKind,
    /// EAN, town or cadastral code.
    pub first: String,
    /// Street or plot.
    pub second: String,
    pub is_exact: bool,
}

/// A place with its names folded.
#[derive(Debug)]
struct Folded<'a> {
    place: &'a Place,
    own: Town,
    part: Town,
    street: String,
}

impl Folded<'_> {
    fn of(place: &Place) -> Folded<'_> {
        let (own, part) = (Town::of(&place.municipality), Town::of(&place.part));
        Folded { place, own, part, street: folded(&place.street) }
    }

    fn has_numbers(&self) -> bool {
        let one = self.place;
        !(one.house_numbers.is_empty() && one.evidence_numbers.is_empty() && one.orientation_numbers.is_empty())
    }

    /// The whole town or part, whatever the street.
    fn is_whole(&self) -> bool {
        self.street.is_empty() && !self.has_numbers()
    }

    fn has_door(&self, door: &Door) -> bool {
        self.has_town(&door.town) && self.has_street(door) && (!self.has_numbers() || self.has_number(door.number))
    }

    fn has_town(&self, town: &Town) -> bool {
        let (own, part) = (&self.own, &self.part);
        let is_part_alone = !part.key.is_empty() && town.key == part.key && town.part.is_none();
        if own.key != town.key {
            return is_part_alone;
        }
        let districts = [own.district, part.district.filter(|_| part.key == own.key)];
        let differs = |one: Option<u32>| one.zip(town.district).is_some_and(|(one, other)| one != other);
        if districts.into_iter().any(differs) {
            return false;
        }
        let parts: Vec<&str> = [own.part.as_deref(), Some(part.key.as_str()).filter(|key| *key != own.key)]
            .into_iter()
            .flatten()
            .filter(|key| !key.is_empty())
            .collect();
        match &town.part {
            Some(there) => parts.is_empty() || parts.contains(&there.as_str()),
            // An address that names no part may be in any; a part without streets would then be the whole town.
            None => parts.is_empty() || !self.is_whole() || own.part.is_some(),
        }
    }

    fn has_street(&self, door: &Door) -> bool {
        self.is_whole() || self.streets().contains(&door.street.as_str())
    }

    /// In a place without streets the address repeats the name of the place, or has the number alone.
    fn streets(&self) -> BTreeSet<&str> {
        match self.street.is_empty() {
            true => BTreeSet::from(["", self.own.key.as_str(), self.part.key.as_str()]),
            false => BTreeSet::from([self.street.as_str()]),
        }
    }

    fn has_number(&self, number: DoorNumber) -> bool {
        let Place { house_numbers: house, orientation_numbers: orientation, evidence_numbers, .. } = self.place;
        match number {
            DoorNumber::None => false,
            DoorNumber::Evidence(one) => evidence_numbers.has_first(one),
            DoorNumber::House(one) => house.has_first(one),
            DoorNumber::Either(one) => house.has(one) || orientation.has(one) || evidence_numbers.has(one),
            DoorNumber::Both { house: one, orientation: two } => {
                house.has_door(one, two)
                    || orientation.has_door(one, two)
                    || house.has_alone(one)
                    || orientation.has_alone(two)
            }
        }
    }

    fn keys(&self) -> Vec<AreaKey> {
        let towns = BTreeSet::from([&self.own.key, &self.part.key]).into_iter().filter(|key| !key.is_empty());
        let is_exact =
            self.own.district.is_none() && self.own.part.is_none() && self.part.key.is_empty() && !self.has_numbers();
        let (kind, streets) = match self.is_whole() {
            true => (AreaKind::Town, BTreeSet::from([""])),
            false => (AreaKind::Street, self.streets()),
        };
        let key = |(town, street): (&String, &str)| AreaKey {
            kind,
            first: town.clone(),
            second: street.to_owned(),
            is_exact,
        };
        towns.flat_map(|town| streets.iter().map(move |street| (town, *street))).map(key).collect()
    }
}

/// The places of an outage by town and street, each taken apart once, however many addresses it is asked for.
#[derive(Debug, Default)]
pub struct Matcher<'a> {
    places: Vec<Folded<'a>>,
    by_town: HashMap<String, InTown>,
}

/// Which of the places.
#[derive(Debug, Default)]
struct InTown {
    whole: Vec<usize>,
    by_street: HashMap<String, Vec<usize>>,
}

impl<'a> Matcher<'a> {
    pub fn of(areas: &'a Areas) -> Matcher<'a> {
        let mut all = Matcher { places: areas.addresses.iter().map(Folded::of).collect(), ..Matcher::default() };
        for (at, place) in all.places.iter().enumerate() {
            for key in place.keys() {
                let town = all.by_town.entry(key.first).or_default();
                match key.kind {
                    AreaKind::Street => town.by_street.entry(key.second).or_default().push(at),
                    _ => town.whole.push(at),
                }
            }
        }
        all
    }

    pub fn has_address(&self, address: &Address) -> bool {
        let door = Door::of(address);
        self.candidates(&door).any(|place| place.has_door(&door))
    }

    /// The places that have to be looked at.
    fn candidates(&self, door: &Door) -> impl Iterator<Item = &Folded<'a>> {
        let town = self.by_town.get(&door.town.key);
        let street = town.and_then(|town| town.by_street.get(&door.street));
        let all = town.map(|town| &town.whole).into_iter().chain(street).flatten();
        all.filter_map(|at| self.places.get(*at))
    }
}

impl Areas {
    /// Each once; where one place is whole and another has numbers, the whole one counts.
    pub fn keys(&self) -> Vec<AreaKey> {
        let plain = |kind, first: &String, second: &str| AreaKey {
            kind,
            first: first.clone(),
            second: second.to_owned(),
            is_exact: true,
        };
        let eans = self.eans.iter().map(|ean| plain(AreaKind::Ean, ean, ""));
        let parcels = self.parcels.iter().map(|one| plain(AreaKind::Parcel, &one.cadastral_code, &one.plot));
        let places = self.addresses.iter().flat_map(|place| Folded::of(place).keys());
        let mut all: Vec<AreaKey> = eans.chain(parcels).chain(places).collect();
        all.sort_by(|one, other| {
            (one.kind, &one.first, &one.second, other.is_exact).cmp(&(
                other.kind,
                &other.first,
                &other.second,
                one.is_exact,
            ))
        });
        all.dedup_by(|one, other| (one.kind, &one.first, &one.second) == (other.kind, &other.first, &other.second));
        all
    }
}

/// Places that stand for all.
const SHOWN: usize = 3;

/// In a few words where it is: `Lhota, Lipová 1-9; Brno` and how many more.
pub fn place_of(areas: &Areas) -> String {
    let word = |place: &Place| {
        let town = match place.part.is_empty() || place.part == place.municipality {
            true => place.municipality.clone(),
            false => format!("{} – {}", place.municipality, place.part),
        };
        if place.street.is_empty() { town } else { format!("{town}, {}", place.street) }
    };
    let mut words: Vec<String> = Vec::new();
    for word in areas.addresses.iter().map(word) {
        if words.contains(&word) {
            continue;
        }
        if words.len() == SHOWN {
            return format!("{} …", words.join("; "));
        }
        words.push(word);
    }
    words.join("; ")
}

#[cfg(test)]
mod tests;
