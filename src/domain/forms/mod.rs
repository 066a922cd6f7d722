//! Forms that operators define (*elektronické formuláře*): fields with their kinds and limits, and what customers answer.
mod answers;

pub use answers::{Answer, Value, validate};

use rust_decimal::Decimal;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    Text,
    LongText,
    Number,
    Date,
    Choice,
    YesNo,
    Email,
    Phone,
    Ean,
    Eic,
    Account,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The word in the request, once in a form.
    pub key: String,
    pub kind: FieldKind,
    pub is_required: bool,
    /// Most characters of a text.
    pub most_letters: usize,
    /// Limits of a number, both included.
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
    /// Limits of a day, both included.
    pub earliest: Option<Date>,
    pub latest: Option<Date>,
    /// What one may choose.
    pub options: Vec<String>,
}

/// What is wrong with a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionError {
    /// No key, or more than lower-case letters, digits and underscores.
    Key,
    KeyTwice,
    /// A choice of nothing, or with an option twice or empty.
    Options,
    /// The least is more than the most.
    Limits,
}

impl FieldKind {
    pub const ALL: [FieldKind; 11] = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Number,
        FieldKind::Date,
        FieldKind::Choice,
        FieldKind::YesNo,
        FieldKind::Email,
        FieldKind::Phone,
        FieldKind::Ean,
        FieldKind::Eic,
        FieldKind::Account,
    ];

    /// The word in rows and texts.
    pub fn key(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::LongText => "long_text",
            FieldKind::Number => "number",
            FieldKind::Date => "date",
            FieldKind::Choice => "choice",
            FieldKind::YesNo => "yes_no",
            FieldKind::Email => "email",
            FieldKind::Phone => "phone",
            FieldKind::Ean => "ean",
            FieldKind::Eic => "eic",
            FieldKind::Account => "account",
        }
    }

    pub fn parse(key: &str) -> Option<FieldKind> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Field {
    /// Not required, without limits but 200 characters of a line and 5 000 of a long text.
    pub fn new(key: &str, kind: FieldKind) -> Field {
        Field {
            key: key.to_owned(),
            kind,
            is_required: false,
            most_letters: if kind == FieldKind::LongText { 5_000 } else { 200 },
            least: None,
            most: None,
            earliest: None,
            latest: None,
            options: Vec::new(),
        }
    }
}

/// Whether a form can be put before customers, by the position of each wrong field.
pub fn check_definition(fields: &[Field]) -> Result<(), Vec<(usize, DefinitionError)>> {
    let mut wrong = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let options = &field.options;
        let is_option = |(at, option): (usize, &String)| !option.trim().is_empty() && !options[..at].contains(option);
        if field.key.is_empty() || !field.key.bytes().all(is_letter) {
            wrong.push((at, DefinitionError::Key));
        }
        if fields[..at].iter().any(|before| before.key == field.key) {
            wrong.push((at, DefinitionError::KeyTwice));
        }
        if field.kind == FieldKind::Choice && (options.is_empty() || !options.iter().enumerate().all(is_option)) {
            wrong.push((at, DefinitionError::Options));
        }
        let is_crossed = field.least.zip(field.most).is_some_and(|(least, most)| least > most)
            || field.earliest.zip(field.latest).is_some_and(|(earliest, latest)| earliest > latest);
        if is_crossed {
            wrong.push((at, DefinitionError::Limits));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_wrong_fields_is_not_shown() {
        let right = [Field::new("a", FieldKind::Text), Field::new("b", FieldKind::Number)];
        assert_eq!(check_definition(&right), Ok(()));
        let wrong = [
            Field::new("a", FieldKind::Choice),
            Field::new("a", FieldKind::Text),
            Field::new("A b", FieldKind::Text),
            Field { least: Some(Decimal::TEN), most: Some(Decimal::ONE), ..Field::new("d", FieldKind::Number) },
            Field { options: vec!["x".into(), "x".into()], ..Field::new("e", FieldKind::Choice) },
        ];
        use DefinitionError::*;
        assert_eq!(
            check_definition(&wrong),
            Err(vec![(0, Options), (1, KeyTwice), (2, Key), (3, Limits), (4, Options)])
        );
    }
}
