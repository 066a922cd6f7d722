//! Supply points (*odběrné místo*), their dated technical terms and their meters.
use super::ids::{CustomerId, MeterId, SupplyPointId};
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Commodity {
    Electricity,
    Gas,
}

/// A register of a meter: VT (high tariff), NT (low tariff), or gas volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Register {
    High,
    Low,
    Volume,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub postcode: String,
}

impl Address {
    /// The town without the number of its part: of `Praha 9` it is `Praha`.
    pub fn town(&self) -> &str {
        match self.city.rsplit_once(' ') {
            Some((town, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => town.trim_end(),
            _ => self.city.trim(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplyPoint {
    pub id: SupplyPointId,
    pub customer: CustomerId,
    pub commodity: Commodity,
    /// EAN (electricity, 18 digits) or EIC (gas, 16 characters); already validated.
    pub code: String,
    pub address: Address,
    pub distributor: String,
    pub contract_number: String,
    pub contract_since: Date,
    pub contract_until: Option<Date>,
}

impl SupplyPoint {
    /// Whether its contract runs on the day; the last day belongs to it.
    pub fn is_supplied_on(&self, day: Date) -> bool {
        self.contract_since <= day && self.contract_until.is_none_or(|until| until >= day)
    }
}

/// Main circuit breaker (*jistič*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    pub phases: u8,
    pub amps: u16,
}

/// Technical and commercial data of a supply point, valid from a day until the next record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub supply_point: SupplyPointId,
    pub valid_from: Date,
    pub product: String,
    /// Distribution rate (*distribuční sazba*), electricity only: `D25d`.
    pub tariff_rate: Option<String>,
    pub breaker: Option<Breaker>,
    /// Expected consumption in kWh a year.
    pub expected_kwh: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    pub id: MeterId,
    pub supply_point: SupplyPointId,
    pub serial: String,
    pub digits: u8,
    pub multiplier: u16,
    pub installed_on: Date,
    pub removed_on: Option<Date>,
    pub registers: Vec<Register>,
}

impl Commodity {
    pub const ALL: [Commodity; 2] = [Commodity::Electricity, Commodity::Gas];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            Commodity::Electricity => "electricity",
            Commodity::Gas => "gas",
        }
    }

    pub fn parse(key: &str) -> Option<Commodity> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Register {
    pub const ALL: [Register; 3] = [Register::High, Register::Low, Register::Volume];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            Register::High => "vt",
            Register::Low => "nt",
            Register::Volume => "m3",
        }
    }

    pub fn parse(key: &str) -> Option<Register> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Breaker {
    /// `3x25`, `3 × 25 A`: one or three phases, 1–1000 A.
    pub fn parse(typed: &str) -> Option<Breaker> {
        let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let text = text.strip_suffix(['A', 'a']).unwrap_or(&text);
        let (phases, amps) = text.split_once(['x', 'X', '×', '*'])?;
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let amps = Some(amps).filter(|amps| is_number(amps))?.parse().ok().filter(|amps| (1..=1_000).contains(amps))?;
        let phases = Some(phases).filter(|phases| matches!(*phases, "1" | "3"))?.parse().ok()?;
        Some(Breaker { phases, amps })
    }

    /// Column of the distribution price list: 1 for up to 3×10 A or 1×25 A, then 3×16 … 3×63 A; none above, where every ampere counts.
    pub fn band(self) -> Option<u8> {
        let steps: &[u16] = if self.phases == 1 { &[25] } else { &[10, 16, 20, 25, 32, 40, 50, 63] };
        steps.iter().position(|limit| self.amps <= *limit).map(|at| at as u8 + 1)
    }
}

/// What is wrong with a supply point's code; the page says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// So many characters were given; an EAN has 18, an EIC 16.
    Length(usize),
    Charset,
    /// An electricity supply point starts with 8591824.
    Prefix,
    CheckDigit,
}

/// EAN of an electricity supply point: 18 digits, GS1 modulo 10. Spaces and dashes are forgiven.
pub fn parse_ean(typed: &str) -> Result<String, CodeError> {
    let code: String = typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–')).collect();
    if !code.chars().all(|letter| letter.is_ascii_digit()) {
        return Err(CodeError::Charset);
    }
    if code.len() != 18 {
        return Err(CodeError::Length(code.chars().count()));
    }
    if !code.starts_with("8591824") {
        return Err(CodeError::Prefix);
    }
    let (body, check) = code.split_at(17);
    if check == ean_check_digit(body).to_string() { Ok(code) } else { Err(CodeError::CheckDigit) }
}

/// GS1: weights 3, 1, 3, 1 … from the right; what is missing to the next ten.
pub fn ean_check_digit(body: &str) -> u32 {
    let digits = body.bytes().rev().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 3 } else { 1 }).sum();
    (10 - sum % 10) % 10
}

/// EIC of a gas supply point (or a market participant): 16 characters, ENTSO-E check character; a code ending in `-` is never issued.
pub fn parse_eic(typed: &str) -> Result<String, CodeError> {
    let code = typed.trim().to_uppercase();
    if !code.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-') {
        return Err(CodeError::Charset);
    }
    if code.len() != 16 {
        return Err(CodeError::Length(code.chars().count()));
    }
    let (body, check) = code.split_at(15);
    match eic_check_character(body) {
        Some('-') | None => Err(CodeError::CheckDigit),
        Some(right) if check.starts_with(right) => Ok(code),
        Some(_) => Err(CodeError::CheckDigit),
    }
}

const EIC_ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";

pub fn eic_check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (at, byte) in body.bytes().enumerate() {
        let value = EIC_ALPHABET.iter().position(|one| *one == byte)?;
        sum += value * (16 - at);
    }
    let at = 36 - (sum.checked_sub(1)?) % 37;
    Some(char::from(EIC_ALPHABET[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_named_without_the_number_of_its_part() {
        for (city, town) in [("Praha 9", "Praha"), ("České Budějovice", "České Budějovice"), ("Brno", "Brno"), ("", "")]
        {
            let address = Address { street: String::new(), city: city.into(), postcode: String::new() };
            assert_eq!(address.town(), town);
        }
    }

    #[test]
    fn eans_are_checked_as_gs1_says() {
        for last in [
            "0000006", "0000013", "0000020", "0000037", "0000044", "0000051", "0000068", "0000075", "0000082",
            "0000099", "0000105", "0000112",
        ] {
            assert!(parse_ean(&format!("85918240090{last}")).is_ok(), "{last}");
        }
        assert_eq!(parse_ean("859182400123456789").as_deref(), Ok("859182400123456789"));
        assert_eq!(parse_ean("8591 8240\u{a0}0900-000013").as_deref(), Ok("859182400900000013"));
        for (code, error) in [
            ("859182400123456784", CodeError::CheckDigit),
            ("859182400900000007", CodeError::CheckDigit),
            ("859182400900000031", CodeError::CheckDigit),
            ("85918240090000001", CodeError::Length(17)),
            ("8591824009000000133", CodeError::Length(19)),
            ("85918240090000001X", CodeError::Charset),
            ("123456789012345675", CodeError::Prefix),
        ] {
            assert_eq!(parse_ean(code), Err(error), "{code}");
        }
    }

    #[test]
    fn eics_are_checked_as_entso_e_says() {
        for code in [
            "27ZG600Z0424987D",
            "21Z000000000163R",
            "22XWATTPLUS----G",
            "10YTR-TEIAS----W",
            "10YCZ-CEPS-----N",
            "27ZG900Z00000000",
            "27ZG900Z0000001Z",
            "27ZG900Z0000002X",
            "27ZG900Z0000003V",
            "27ZG900Z0000004T",
            "27ZG900Z0000005R",
            "27ZG900Z0000006P",
            "27ZG900Z0000007N",
            "27ZG900Z0000008L",
            "27ZG900Z0000009J",
        ] {
            assert_eq!(parse_eic(&code.to_lowercase()).as_deref(), Ok(code));
        }
        for (code, error) in [
            ("27ZG600Z0424987Q", CodeError::CheckDigit),
            ("22XWATTPLUS----X", CodeError::CheckDigit),
            ("27ZG900Z0000087-", CodeError::CheckDigit),
            ("27ZG1234567890123", CodeError::Length(17)),
        ] {
            assert_eq!(parse_eic(code), Err(error), "{code}");
        }
    }

    #[test]
    fn breakers_are_read_as_people_write_them() {
        for typed in ["3x25", "3 × 25 A", "3X25a", "3*25\u{a0}A"] {
            assert_eq!(Breaker::parse(typed), Some(Breaker { phases: 3, amps: 25 }), "{typed}");
        }
        for typed in ["", "25", "2x25", "3x", "x25", "3x0", "3x+25", "3x1001", "3x25x1", "03x25", "３x25"] {
            assert_eq!(Breaker::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn breakers_fall_into_the_bands_of_the_price_list() {
        for (phases, amps, band) in [
            (1, 25, Some(1)),
            (3, 10, Some(1)),
            (3, 16, Some(2)),
            (3, 20, Some(3)),
            (3, 25, Some(4)),
            (3, 26, Some(5)),
            (3, 32, Some(5)),
            (3, 40, Some(6)),
            (3, 50, Some(7)),
            (3, 63, Some(8)),
            (3, 80, None),
            (1, 32, None),
        ] {
            assert_eq!(Breaker { phases, amps }.band(), band, "{phases}×{amps}");
        }
    }
}
