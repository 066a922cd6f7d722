//! What a customer answered, understood field by field.
use super::super::bank::Account;
use super::super::supply_points::{parse_ean, parse_eic};
use super::super::typed::{self, Problem};
use super::{Field, FieldKind};
use rust_decimal::Decimal;
use time::Date;

/// Codes, addresses and numbers come back in their one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(Decimal),
    Date(Date),
    YesNo(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub field: String,
    pub value: Value,
}

impl Field {
    /// What was typed, understood; none when it is empty and may be.
    fn read(&self, typed: &str) -> Result<Option<Value>, Problem> {
        if typed.chars().all(char::is_whitespace) {
            return if self.is_required { Err(Problem::Missing) } else { Ok(None) };
        }
        let text = match self.kind {
            FieldKind::Text => typed::text(typed, self.most_letters).map_err(Problem::Text),
            FieldKind::LongText => typed::long_text(typed, self.most_letters).map_err(Problem::Text),
            FieldKind::Number => return self.read_number(typed).map(Some),
            FieldKind::Date => return self.read_date(typed).map(Some),
            FieldKind::Choice => {
                self.options.iter().find(|option| *option == typed.trim()).cloned().ok_or(Problem::NotAnOption)
            }
            FieldKind::YesNo => return read_yes_no(typed).map(Some),
            FieldKind::Email => typed::email(typed).map_err(Problem::Email),
            FieldKind::Phone => typed::phone(typed).map_err(Problem::Phone),
            FieldKind::Ean => parse_ean(typed).map_err(Problem::Code),
            FieldKind::Eic => parse_eic(typed).map_err(Problem::Code),
            FieldKind::Account => {
                Account::parse_any(typed).map(|account| account.to_string()).map_err(Problem::Account)
            }
        };
        text.map(|text| Some(Value::Text(text)))
    }

    fn read_number(&self, typed: &str) -> Result<Value, Problem> {
        let number = typed::decimal(typed).map_err(Problem::Number)?;
        let is_within = self.least.is_none_or(|least| least <= number) && self.most.is_none_or(|most| number <= most);
        if is_within { Ok(Value::Number(number)) } else { Err(Problem::Range { least: self.least, most: self.most }) }
    }

    fn read_date(&self, typed: &str) -> Result<Value, Problem> {
        let (earliest, latest) = (self.earliest, self.latest);
        let day = typed::date(typed).map_err(Problem::Date)?;
        let is_within = earliest.is_none_or(|earliest| earliest <= day) && latest.is_none_or(|latest| day <= latest);
        if is_within { Ok(Value::Date(day)) } else { Err(Problem::Days { earliest, latest }) }
    }
}

fn read_yes_no(typed: &str) -> Result<Value, Problem> {
    match typed.trim() {
        "yes" | "on" | "true" | "1" => Ok(Value::YesNo(true)),
        "no" | "off" | "false" | "0" => Ok(Value::YesNo(false)),
        _ => Err(Problem::NotAnOption),
    }
}

/// Answers in the order of the fields. What is not in the form is passed over; of a field given twice the first counts.
pub fn validate(fields: &[Field], answers: &[(&str, &str)]) -> Result<Vec<Answer>, Vec<(String, Problem)>> {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for field in fields {
        let typed = answers.iter().find(|answer| answer.0 == field.key).map_or("", |answer| answer.1);
        match field.read(typed) {
            Ok(Some(value)) => right.push(Answer { field: field.key.clone(), value }),
            Ok(None) => {}
            Err(problem) => wrong.push((field.key.clone(), problem)),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::super::super::typed::{DateError, NumberError, TextError};
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    fn one(field: &Field, typed: &str) -> Result<Option<Value>, Problem> {
        let found = validate(std::slice::from_ref(field), &[("other", "x"), ("a", typed), ("a", "twice")]);
        found.map(|mut right| right.pop().map(|answer| answer.value)).map_err(|wrong| wrong[0].1)
    }

    fn text(text: &str) -> Result<Option<Value>, Problem> {
        Ok(Some(Value::Text(text.to_owned())))
    }

    #[test]
    fn every_kind_is_understood_in_its_own_way() {
        let field = |kind| Field { options: vec!["vt".into(), "nt".into()], most_letters: 5, ..Field::new("a", kind) };
        assert!(FieldKind::ALL.into_iter().all(|kind| FieldKind::parse(kind.key()) == Some(kind)));
        assert_eq!(one(&field(FieldKind::Text), " Jan "), text("Jan"));
        assert_eq!(
            one(&field(FieldKind::Text), "Jaroslav"),
            Err(Problem::Text(TextError::TooLong { limit: 5, count: 8 }))
        );
        assert_eq!(one(&field(FieldKind::LongText), "a\r\nb"), text("a\nb"));
        assert_eq!(one(&field(FieldKind::Number), "1,5"), Ok(Some(Value::Number(Decimal::new(15, 1)))));
        assert_eq!(one(&field(FieldKind::Number), "1e3"), Err(Problem::Number(NumberError::NotANumber)));
        assert_eq!(one(&field(FieldKind::Date), "1. 2. 2026"), Ok(Some(Value::Date(date!(2026 - 02 - 01)))));
        assert_eq!(one(&field(FieldKind::Date), "30. 2. 2026"), Err(Problem::Date(DateError::NotADate)));
        assert_eq!(one(&field(FieldKind::Choice), "nt"), text("nt"));
        assert_eq!(one(&field(FieldKind::Choice), "NT"), Err(Problem::NotAnOption));
        assert_eq!(one(&field(FieldKind::YesNo), "on"), Ok(Some(Value::YesNo(true))));
        assert_eq!(one(&field(FieldKind::Email), "Jan@Example.cz"), text("Jan@example.cz"));
        assert_eq!(one(&field(FieldKind::Phone), "777 123 456"), text("+420777123456"));
        assert_eq!(one(&field(FieldKind::Ean), "8591 8240 0900 0000 13"), text("859182400900000013"));
        assert_eq!(one(&field(FieldKind::Eic), "27zg900z0000001z"), text("27ZG900Z0000001Z"));
        assert_eq!(one(&field(FieldKind::Account), "CZ6508000000192000145399"), text("19-2000145399/0800"));
        for kind in FieldKind::ALL {
            assert_eq!(one(&field(kind), " \u{a0} "), Ok(None), "{kind:?}");
            let required = Field { is_required: true, ..field(kind) };
            assert_eq!(one(&required, ""), Err(Problem::Missing), "{kind:?}");
        }
    }

    #[test]
    fn limits_are_kept_and_told() {
        let number =
            Field { least: Some(Decimal::ONE), most: Some(Decimal::TEN), ..Field::new("a", FieldKind::Number) };
        assert!(one(&number, "1").is_ok() && one(&number, "10").is_ok());
        assert_eq!(one(&number, "0,99"), Err(Problem::Range { least: Some(Decimal::ONE), most: Some(Decimal::TEN) }));
        let day = Field { earliest: Some(date!(2026 - 11 - 23)), ..Field::new("a", FieldKind::Date) };
        assert!(one(&day, "23. 11. 2026").is_ok());
        assert_eq!(one(&day, "22. 11. 2026"), Err(Problem::Days { earliest: day.earliest, latest: None }));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in "(?s).{0,60}") {
            for kind in FieldKind::ALL {
                let _ = one(&Field::new("a", kind), &typed);
            }
        }
    }
}
