//! QR Platba: the short payment descriptor (SPAYD 1.0) that Czech banking apps read. Specification: qr-platba.cz.
use super::bank::{self, Account};
use super::money::Money;
use time::Date;

/// What the payer's app fills in.
#[derive(Clone, Debug)]
pub struct Spayd {
    /// The payee's Czech account `prefix-number/bank`, or an IBAN.
    pub account: String,
    pub amount: Money,
    pub due_on: Option<Date>,
    /// Any words; they are transliterated, upper-cased and cut to 60 characters.
    pub message: String,
    /// Digits, at most ten.
    pub variable_symbol: String,
}

/// The largest amount the format can carry: 9,999,999.99 CZK.
const MOST: Money = Money(999_999_999);
const MESSAGE_MAX: usize = 60;

impl Spayd {
    /// The payload, or none when there is nothing to pay by it: nothing due, an overpayment, more than the format holds, no account.
    pub fn text(&self) -> Option<String> {
        if !self.amount.is_positive() || self.amount > MOST {
            return None;
        }
        let iban = match Account::parse(&self.account) {
            Ok(account) => account.iban(),
            Err(_) => Some(&self.account).filter(|text| bank::is_iban(text))?.replace(' ', ""),
        };
        let amount = self.amount.0;
        let mut out = format!("SPD*1.0*ACC:{iban}*AM:{}.{:02}*CC:CZK", amount / 100, amount % 100);
        if let Some(day) = self.due_on {
            out.push_str(&format!("*DT:{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day()));
        }
        let message = transliterated(&self.message);
        if !message.is_empty() {
            out.push_str("*MSG:");
            out.push_str(&message.replace('*', "%2A"));
        }
        if !self.variable_symbol.is_empty() {
            out.push_str("*X-VS:");
            out.push_str(&self.variable_symbol);
        }
        Some(out)
    }
}

/// Upper case, without accents, only what keeps the code alphanumeric, at most 60 characters.
fn transliterated(message: &str) -> String {
    let plain = message.chars().flat_map(char::to_lowercase).map(without_accent).flat_map(char::to_uppercase);
    let allowed = plain.map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let kept = allowed.filter(|letter| letter.is_ascii_alphanumeric() || " $%*+-./:".contains(*letter));
    let text: String = kept.take(MESSAGE_MAX).collect();
    text.trim().to_owned()
}

/// A lower-case Czech or Slovak letter without its mark; others unchanged.
pub fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'ä' => 'a',
        'č' => 'c',
        'ď' => 'd',
        'é' | 'ě' => 'e',
        'í' => 'i',
        'ĺ' | 'ľ' => 'l',
        'ň' => 'n',
        'ó' | 'ô' | 'ö' => 'o',
        'ř' | 'ŕ' => 'r',
        'š' => 's',
        'ť' => 't',
        'ú' | 'ů' | 'ü' => 'u',
        'ý' => 'y',
        'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn request(account: &str, amount: i64, symbol: &str, message: &str) -> Spayd {
        Spayd {
            account: account.into(),
            amount: Money(amount),
            due_on: Some(date!(2026 - 11 - 27)),
            message: message.into(),
            variable_symbol: symbol.into(),
        }
    }

    #[test]
    fn payloads_are_as_the_specification_shows() {
        let bank = Spayd {
            due_on: Some(date!(2022 - 10 - 01)),
            ..request("CZ7801000000000000000123", 79_950, "9562231077", "")
        };
        let expected = "SPD*1.0*ACC:CZ7801000000000000000123*AM:799.50*CC:CZK*DT:20221001*X-VS:9562231077";
        assert_eq!(bank.text().as_deref(), Some(expected));
        let settled = request("19-2000145399/0800", 20_539, "1234567890", "Vyúčtování 2026000123");
        let expected = "SPD*1.0*ACC:CZ6508000000192000145399*AM:205.39*CC:CZK*DT:20261127*MSG:VYUCTOVANI 2026000123*X-VS:1234567890";
        assert_eq!(settled.text().as_deref(), Some(expected));
        let advance = Spayd {
            due_on: Some(date!(2026 - 12 - 15)),
            ..request("19-2000145399/0800", 150_000, "1234567890", "Záloha elektřina 12/2026")
        };
        let expected = "SPD*1.0*ACC:CZ6508000000192000145399*AM:1500.00*CC:CZK*DT:20261215*MSG:ZALOHA ELEKTRINA 12/2026*X-VS:1234567890";
        assert_eq!(advance.text().as_deref(), Some(expected));
        let whole = request("19-2000145399/0800", 150_000, "", "").text();
        assert!(
            whole.is_some_and(|text| text.contains("*AM:1500.00*") && !text.contains("MSG") && !text.contains("X-VS"))
        );
    }

    #[test]
    fn nothing_to_pay_has_no_code() {
        for amount in [0, -100, 1_000_000_000] {
            assert_eq!(request("19-2000145399/0800", amount, "1", "").text(), None);
        }
        assert_eq!(request("", 100, "1", "").text(), None);
    }

    #[test]
    fn messages_are_cut_and_stars_escaped() {
        let long = "a*b ěščřžýáíé 0123456789 0123456789 0123456789 0123456789 0123456789";
        let text = request("19-2000145399/0800", 100, "1", long).text().unwrap_or_default();
        let message = text.split("MSG:").nth(1).and_then(|rest| rest.split("*X-VS").next()).unwrap_or_default();
        assert!(message.starts_with("A%2AB ESCRZYAIE"), "{message}");
        assert!(message.len() <= 62, "{message}");
    }
}
