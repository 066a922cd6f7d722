//! QR Platba: the short payment descriptor (SPAYD 1.0) that Czech banking apps read. Specification: qr-platba.cz.
use super::money::Money;
use time::Date;

/// What the payer's app fills in.
#[derive(Clone, Debug)]
pub struct PaymentRequest<'a> {
    pub iban: &'a str,
    pub amount: Money,
    pub due_on: Option<Date>,
    /// Digits, at most ten.
    pub variable_symbol: &'a str,
    /// Any words; they are transliterated, upper-cased and cut to 60 characters.
    pub message: &'a str,
}

/// The largest amount the format can carry: 9,999,999.99 CZK.
const MOST: Money = Money(999_999_999);
const MESSAGE_MAX: usize = 60;

/// The payload, or none when there is nothing to pay by it: nothing due, an overpayment, or more than the format holds.
pub fn payload(request: &PaymentRequest<'_>) -> Option<String> {
    if !request.amount.is_positive() || request.amount > MOST || request.iban.is_empty() {
        return None;
    }
    let amount = request.amount.0;
    let mut out = format!("SPD*1.0*ACC:{}*AM:{}.{:02}*CC:CZK", request.iban, amount / 100, amount % 100);
    if let Some(day) = request.due_on {
        out.push_str(&format!("*DT:{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day()));
    }
    let message = transliterated(request.message);
    if !message.is_empty() {
        out.push_str("*MSG:");
        out.push_str(&message.replace('*', "%2A"));
    }
    if !request.variable_symbol.is_empty() {
        out.push_str("*X-VS:");
        out.push_str(request.variable_symbol);
    }
    Some(out)
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

    fn request(amount: i64, message: &'static str) -> PaymentRequest<'static> {
        PaymentRequest {
            iban: "CZ6508000000192000145399",
            amount: Money(amount),
            due_on: Some(date!(2026 - 11 - 27)),
            variable_symbol: "1234567890",
            message,
        }
    }

    #[test]
    fn payloads_are_as_the_specification_shows() {
        let bank = PaymentRequest {
            iban: "CZ7801000000000000000123",
            amount: Money(79_950),
            due_on: Some(date!(2022 - 10 - 01)),
            variable_symbol: "9562231077",
            message: "",
        };
        assert_eq!(
            payload(&bank).as_deref(),
            Some("SPD*1.0*ACC:CZ7801000000000000000123*AM:799.50*CC:CZK*DT:20221001*X-VS:9562231077")
        );
        let expected = "SPD*1.0*ACC:CZ6508000000192000145399*AM:205.39*CC:CZK*DT:20261127*MSG:VYUCTOVANI 2026000123*X-VS:1234567890";
        assert_eq!(payload(&request(20_539, "Vyúčtování 2026000123")).as_deref(), Some(expected));
        assert!(
            payload(&request(150_000, "")).is_some_and(|text| text.contains("*AM:1500.00*") && !text.contains("MSG"))
        );
    }

    #[test]
    fn nothing_to_pay_has_no_code() {
        assert_eq!(payload(&request(0, "")), None);
        assert_eq!(payload(&request(-100, "")), None);
        assert_eq!(payload(&request(1_000_000_000, "")), None);
    }

    #[test]
    fn messages_are_cut_and_stars_escaped() {
        let text = payload(&request(100, "a*b ěščřžýáíé 0123456789 0123456789 0123456789 0123456789 0123456789"))
            .unwrap_or_default();
        let message = text.split("MSG:").nth(1).and_then(|rest| rest.split("*X-VS").next()).unwrap_or_default();
        assert!(message.starts_with("A%2AB ESCRZYAIE"), "{message}");
        assert!(message.len() <= 62, "{message}");
    }
}
