//! What people type, understood or refused with the reason. Knows no field and no page; a refusal says what is wrong, the texts say it in words.
mod contacts;
mod days;
mod numbers;
mod problem;
mod words;

pub use contacts::{EmailError, PhoneError, PostcodeError, email, phone, postcode};
pub use days::{DateError, date};
pub use numbers::{NumberError, amount, decimal, whole_number};
pub use problem::Problem;
pub use words::{TextError, long_text, text};

/// Blank around what was typed, the no-break kinds too; control characters stay, to be refused.
fn trimmed(typed: &str) -> &str {
    typed.trim_matches(|letter: char| letter == '\t' || (letter.is_whitespace() && !letter.is_control()))
}
