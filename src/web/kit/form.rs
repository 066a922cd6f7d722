//! Fields of a form as the component `ui.field` draws them: the question, what was typed, what is wrong with it.
use serde::Serialize;

/// One question. Built by its kind, then told what it needs: `Field::text("city", label).required().typed(value)`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    /// A sentence that says what to do; empty when nothing is wrong.
    pub error: String,
    /// Type of the input, or `long`, `choice`, `radio`, `check`, `checks`, `hidden`.
    kind: &'static str,
    inputmode: &'static str,
    autocomplete: &'static str,
    /// Neither capitals nor a spelling check.
    plain: bool,
    max: usize,
    min_day: String,
    accept: &'static str,
    is_several: bool,
    unit: &'static str,
    is_required: bool,
    /// A drawing of a meter's row: the digits to copy, as they stood last.
    register: Vec<String>,
    /// Identifiers of the hint and the error.
    described: String,
    options: Vec<Choice>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub note: String,
    pub is_chosen: bool,
}

impl Field {
    fn new(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { kind, name: name.into(), label: label.into(), ..Field::default() }
    }
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new("text", name, label)
    }
    /// Digits, a comma or a dot; what was typed is read by `domain::typed`, not by the browser.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { inputmode: "decimal", autocomplete: "off", plain: true, ..Field::new("text", name, label) }
    }
    pub fn digits(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { inputmode: "numeric", autocomplete: "off", plain: true, ..Field::new("text", name, label) }
    }
    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { autocomplete: "email", plain: true, ..Field::new("email", name, label) }
    }
    pub fn phone(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { autocomplete: "tel", ..Field::new("tel", name, label) }
    }
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { autocomplete: "current-password", ..Field::new("password", name, label) }
    }
    pub fn day(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new("date", name, label)
    }
    pub fn long(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new("long", name, label)
    }
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: &'static str) -> Field {
        Field { accept, ..Field::new("file", name, label) }
    }
    pub fn choice(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Field {
        Field { options, ..Field::new("choice", name, label) }
    }
    pub fn radio(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Field {
        Field { options, ..Field::new("radio", name, label) }
    }
    pub fn checks(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Field {
        Field { options, ..Field::new("checks", name, label) }
    }
    pub fn check(name: impl Into<String>, label: impl Into<String>, is_checked: bool) -> Field {
        let value = if is_checked { "yes" } else { "" };
        Field { value: value.into(), ..Field::new("check", name, label) }
    }
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new("hidden", name, "") }
    }

    pub fn typed(mut self, value: impl Into<String>) -> Field {
        self.value = value.into();
        self
    }
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self.describe()
    }
    /// More files than one may be chosen.
    pub fn several(mut self) -> Field {
        self.is_several = true;
        self
    }
    pub fn required(mut self) -> Field {
        self.is_required = true;
        self
    }
    pub fn max(mut self, letters: usize) -> Field {
        self.max = letters;
        self
    }
    pub fn unit(mut self, unit: &'static str) -> Field {
        self.unit = unit;
        self
    }
    /// A username or a code: neither capitals nor a spelling check.
    pub fn plain(mut self) -> Field {
        self.plain = true;
        self
    }
    pub fn autocomplete(mut self, word: &'static str) -> Field {
        self.autocomplete = word;
        self
    }
    /// `22988` is drawn as the five black digits to copy, before a red one to leave.
    pub fn register(mut self, digits: &str) -> Field {
        self.register = digits.chars().map(String::from).collect();
        self
    }
    /// The earliest day, as `2026-11-24`.
    pub fn not_before(mut self, day: impl Into<String>) -> Field {
        self.min_day = day.into();
        self
    }
    /// What is wrong and what to do; an empty sentence is nothing wrong.
    pub fn wrong(mut self, sentence: impl Into<String>) -> Field {
        self.error = sentence.into();
        self.describe()
    }

    fn describe(mut self) -> Field {
        let parts = [("hint", &self.hint), ("error", &self.error)];
        let present = parts.iter().filter(|(_, text)| !text.is_empty());
        self.described = present.map(|(part, _)| format!("{}-{part}", self.name)).collect::<Vec<_>>().join(" ");
        self
    }
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, is_chosen: bool) -> Choice {
        Choice { value: value.into(), label: label.into(), note: String::new(), is_chosen }
    }
    pub fn note(mut self, note: impl Into<String>) -> Choice {
        self.note = note.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_described_by_its_hint_and_its_error() {
        let field = Field::digits("vt", "VT").hint("Five digits.");
        assert_eq!(field.described, "vt-hint");
        assert_eq!(field.clone().wrong("Lower than the last.").described, "vt-hint vt-error");
        assert_eq!(field.wrong("").described, "vt-hint");
    }
}
