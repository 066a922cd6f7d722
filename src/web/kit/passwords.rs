//! Choosing a password: the question, and what is wrong with the answer. What was typed is never shown again.
use super::form::Field;
use super::page::Page;
use crate::domain::passwords::{self, PasswordError};
use crate::tenancy::Arg;

impl Page {
    /// The question for a new password.
    pub fn new_password(&self, wrong: String) -> Field {
        let args = [("least", Arg::from(passwords::LEAST as i64))];
        Field::password("new", self.t("security-new"))
            .autocomplete("new-password")
            .hint(self.t_args("security-new-hint", &args))
            .required()
            .wrong(wrong)
    }

    pub fn new_password_mistake(&self, error: &PasswordError) -> String {
        let least = ("least", Arg::from(passwords::LEAST as i64));
        match error {
            PasswordError::Empty => self.t("mistake-missing"),
            PasswordError::Short { count } => {
                self.t_args("password-short", &[least, ("count", Arg::from(*count as i64))])
            }
            PasswordError::Long => self.t_args("password-long", &[("most", Arg::from(passwords::MOST_BYTES as i64))]),
            PasswordError::Control => self.t("mistake-letters"),
            PasswordError::Known { word } => self.t_args("password-known", &[("word", Arg::from(word.as_str()))]),
            PasswordError::Monotonous => self.t("password-monotonous"),
        }
    }
}

/// What a stranger would try first: names of the supplier and its portal, and the person's own.
pub fn known_words<'a>(page: &'a Page, own: &[&'a str]) -> Vec<&'a str> {
    let document = &page.tenant().document;
    let names = [&document.name.cs, &document.name.en, &document.portal.cs, &document.portal.en];
    names.into_iter().map(String::as_str).chain(own.iter().copied()).collect()
}
