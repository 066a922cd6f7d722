//! Czech account numbers and IBANs (decree 169/2011 Coll.), and numbers of companies (IČO, DIČ).
use super::banks::{BANKS, Bank};
use std::fmt;

/// `prefix-number/bank`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    prefix: String,
    number: String,
    bank: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountError {
    /// Not of the form prefix-number/bank.
    Form,
    Prefix,
    Number,
    Bank,
    /// An IBAN that is mistyped: its length or modulo 97.
    Iban,
    /// An IBAN of another country.
    Foreign,
}

impl Account {
    pub fn parse(typed: &str) -> Result<Account, AccountError> {
        let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (account, bank) = text.split_once('/').ok_or(AccountError::Form)?;
        let (prefix, number) = account.split_once('-').unwrap_or(("", account));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if prefix.len() > 6 || !is_digits(prefix) || modulo_11(prefix) != 0 {
            return Err(AccountError::Prefix);
        }
        let significant = number.bytes().filter(|byte| *byte != b'0').count();
        if !(2..=10).contains(&number.len()) || !is_digits(number) || significant < 2 || modulo_11(number) != 0 {
            return Err(AccountError::Number);
        }
        if bank.len() != 4 || !is_digits(bank) || bank == "0000" {
            return Err(AccountError::Bank);
        }
        let bare = |part: &str| part.trim_start_matches('0').to_owned();
        Ok(Account { prefix: bare(prefix), number: bare(number), bank: bank.to_owned() })
    }

    /// A Czech IBAN: its own check and both of the account number within.
    pub fn parse_iban(typed: &str) -> Result<Account, AccountError> {
        let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
        if !is_iban(&text) {
            return Err(AccountError::Iban);
        }
        let bban = text.strip_prefix("CZ").ok_or(AccountError::Foreign)?;
        if bban.len() != 22 || !bban.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AccountError::Iban);
        }
        Account::parse(&format!("{}-{}/{}", &bban[6..12], &bban[12..], &bban[2..6]))
    }

    /// Either way of writing it.
    pub fn parse_any(typed: &str) -> Result<Account, AccountError> {
        let is_iban = typed.trim_start().starts_with(|letter: char| letter.is_ascii_alphabetic());
        if is_iban { Account::parse_iban(typed) } else { Account::parse(typed) }
    }

    /// For pages and mails: `…5399/0800`, never more than half of the number.
    pub fn masked(&self) -> String {
        let shown = (self.number.len() / 2).min(4);
        format!("…{}/{}", &self.number[self.number.len() - shown..], self.bank)
    }

    /// Without the bank: `[prefix-]number`.
    pub fn number(&self) -> String {
        if self.prefix.is_empty() { self.number.clone() } else { format!("{}-{}", self.prefix, self.number) }
    }

    /// Four digits.
    pub fn bank_code(&self) -> &str {
        &self.bank
    }

    /// None for a bank that is not in the list.
    pub fn bank(&self) -> Option<&'static Bank> {
        BANKS.iter().find(|bank| bank.code == self.bank)
    }

    pub fn iban(&self) -> String {
        let bban = format!("{}{:0>6}{:0>10}", self.bank, self.prefix, self.number);
        let check = 98 - modulo_97(&format!("{bban}123500"));
        format!("CZ{check:02}{bban}")
    }
}

/// `prefix-number/bank`, without leading noughts.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.prefix.is_empty() {
            write!(f, "{}-", self.prefix)?;
        }
        write!(f, "{}/{}", self.number, self.bank)
    }
}

/// A number that is kept, as pages, mails and the audit show it: an account with its bank, anything else by its last four characters.
pub fn masked(kept: &str) -> String {
    let last = |text: &str| text.chars().skip(text.chars().count().saturating_sub(4)).collect::<String>();
    Account::parse_any(kept).map_or_else(|_| format!("…{}", last(kept)), |account| account.masked())
}

/// Weights 6, 3, 7, 9, 10, 5, 8, 4, 2, 1 over ten places.
fn modulo_11(part: &str) -> u32 {
    const WEIGHTS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    part.bytes().rev().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight).sum::<u32>() % 11
}

pub(super) fn modulo_97(digits: &str) -> u32 {
    digits.bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte.wrapping_sub(b'0'))) % 97)
}

/// ISO 13616: letters become 10–35, the first four characters go to the end, the whole modulo 97 is 1.
pub fn is_iban(typed: &str) -> bool {
    let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
    if !(15..=34).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let (head, tail) = text.split_at(4);
    let digits: String = tail
        .chars()
        .chain(head.chars())
        .filter_map(|letter| letter.to_digit(36))
        .map(|value| value.to_string())
        .collect();
    modulo_97(&digits) == 1
}

/// IČO: eight digits, weights 8 … 2 and a check digit.
pub fn is_company_id(typed: &str) -> bool {
    let digits: Vec<u32> = typed.trim().chars().filter_map(|letter| letter.to_digit(10)).collect();
    if typed.trim().len() != 8 || digits.len() != 8 {
        return false;
    }
    let sum: u32 = digits.iter().zip((2..=8).rev()).map(|(digit, weight)| digit * weight).sum();
    digits[7] == (11 - sum % 11) % 10
}

/// DIČ: `CZ` and eight to ten digits; its own check needs the tax office.
pub fn is_vat_id(typed: &str) -> bool {
    let digits = typed.strip_prefix("CZ").unwrap_or_default();
    (8..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accounts_are_checked_and_become_ibans() {
        for (typed, iban) in [
            ("19-2000145399/0800", "CZ6508000000192000145399"),
            ("178124-4159/0710", "CZ6907101781240000004159"),
            ("353497163/0800", "CZ0908000000000353497163"),
            ("7894/0800", "CZ3208000000000000007894"),
            ("34278-727558021/0100", "CZ2101000342780727558021"),
        ] {
            let account = Account::parse(typed).map(|account| account.iban());
            assert_eq!(account.as_deref(), Ok(iban));
            assert!(is_iban(iban), "{iban}");
        }
        for (typed, error) in [
            ("4278-727558021/0100", AccountError::Prefix),
            ("2000145398/0800", AccountError::Number),
            ("19-2000145399/0000", AccountError::Bank),
            ("2000145399", AccountError::Form),
        ] {
            assert_eq!(Account::parse(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn an_account_is_read_from_its_iban_as_well() {
        for (typed, shown) in [
            ("CZ65 0800 0000 1920 0014 5399", "19-2000145399/0800"),
            ("cz3208000000000000007894", "7894/0800"),
            ("000019-2000145399/0800", "19-2000145399/0800"),
            (" 7894 / 0800 ", "7894/0800"),
        ] {
            assert_eq!(Account::parse_any(typed).map(|account| account.to_string()).as_deref(), Ok(shown), "{typed}");
        }
        for (typed, error) in [
            ("CZ6508000000192000145398", AccountError::Iban),
            ("CZ65080000001920001453", AccountError::Iban),
            ("DE89370400440532013000", AccountError::Foreign),
            // Modulo 97 is right, the account number within is not.
            ("CZ0908000000002000145398", AccountError::Number),
            ("ＣＺ6508000000192000145399", AccountError::Form),
            ("", AccountError::Form),
        ] {
            assert_eq!(Account::parse_any(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn accounts_are_shown_masked_with_their_bank() {
        let account = Account::parse("19-2000145399/0800").unwrap();
        assert_eq!(
            (account.masked().as_str(), account.bank().map(|bank| bank.name)),
            ("…5399/0800", Some("Česká spořitelna"))
        );
        let short = Account::parse("7894/9999").unwrap();
        assert_eq!((short.masked().as_str(), short.bank(), short.bank_code()), ("…94/9999", None, "9999"));
        let kept = ["19-2000145399/0800", "1234567890", "", "žluť"].map(masked);
        assert_eq!(kept, ["…5399/0800", "…7890", "…", "…žluť"]);
    }

    proptest! {
        #[test]
        fn an_account_and_its_iban_are_one(prefix in 0_u32..100_000, number in 0_u32..1_000_000_000, bank in 1_u16..10_000) {
            // A last digit is sought that makes each part right; where there is none, the number is not in use.
            let whole = |body: String| (0..10).map(|last| format!("{body}{last}")).find(|part| modulo_11(part) == 0);
            let (Some(prefix), Some(number)) = (whole(prefix.to_string()), whole(number.to_string())) else { return Ok(()) };
            if let Ok(account) = Account::parse(&format!("{prefix}-{number}/{bank:04}")) {
                prop_assert_eq!(Account::parse_iban(&account.iban()), Ok(account.clone()));
                prop_assert_eq!(Account::parse_any(&account.to_string()), Ok(account));
            }
        }

        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,40}|[0-9/ -]{0,30}|CZ[0-9]{20,24}") {
            if let Ok(account) = Account::parse_any(&typed) {
                let _ = (account.iban(), account.masked());
            }
            let _ = (is_iban(&typed), is_company_id(&typed));
        }
    }

    #[test]
    fn an_account_knows_its_parts_and_its_bank() {
        let parts = |typed: &str| {
            let account = Account::parse(typed).expect("a right account");
            (account.number(), account.bank_code().to_owned(), account.bank().map(|bank| bank.bic))
        };
        assert_eq!(parts("19-2000145399/0800"), ("19-2000145399".into(), "0800".into(), Some("GIBACZPX")));
        assert_eq!(parts("2000145399/9999"), ("2000145399".into(), "9999".into(), None));
    }

    #[test]
    fn company_numbers_are_checked() {
        for (typed, is_right) in
            [("60194383", true), ("25568736", true), ("47114983", true), ("12345679", true), ("12345678", false)]
        {
            assert_eq!(is_company_id(typed), is_right, "{typed}");
        }
        assert!(is_vat_id("CZ60194383") && is_vat_id("CZ7001011234"));
        assert!(!is_vat_id("60194383") && !is_vat_id("CZ1234567") && !is_vat_id("SK60194383"));
    }
}
