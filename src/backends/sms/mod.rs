//! Short messages: files in a folder, or a gateway spoken to by HTTP. The outbox row's id goes along, so that a gateway which honours it
//! never sends one twice.
mod gateway;
mod template;

pub use gateway::{Gateway, Spoken};

use super::folder::write_whole;
use super::mail::Error;
use crate::domain::notices::sms::count;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub enum Sms {
    Folder(PathBuf),
    Http(Arc<Gateway>),
}

#[derive(Clone, Debug)]
pub struct Text {
    pub id: Uuid,
    /// International form: `+420777123456`.
    pub to: String,
    pub body: String,
    /// The name shown in place of a number; empty: the gateway's own.
    pub sender: String,
}

/// What the gateway said of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's own name for it.
    pub name: Option<String>,
    /// Pieces it was counted as.
    pub parts: i16,
}

impl Sms {
    pub fn folder(dir: impl Into<PathBuf>) -> Sms {
        Sms::Folder(dir.into())
    }

    pub fn http(spoken: Spoken) -> Result<Sms, String> {
        Ok(Sms::Http(Arc::new(Gateway::new(spoken)?)))
    }

    /// How many may be handed over at once and still be through in time.
    pub fn at_once(&self) -> usize {
        match self {
            Sms::Folder(_) => 1000,
            Sms::Http(gateway) => gateway.at_once(),
        }
    }

    /// One answer for each text, in their order.
    pub async fn send(&self, texts: &[Text]) -> Vec<Result<Receipt, Error>> {
        let numbers: Vec<Result<String, Error>> = texts.iter().map(|text| number(&text.to)).collect();
        let good = texts.iter().zip(&numbers).filter_map(|(text, number)| {
            let to = number.as_ref().ok()?;
            Some(Text { to: to.clone(), ..text.clone() })
        });
        let good: Vec<Text> = good.collect();
        let mut names = match self {
            Sms::Folder(dir) => {
                let mut written = Vec::with_capacity(good.len());
                for text in &good {
                    let words = format!("{}\n\n{}\n", text.to, text.body).into_bytes();
                    written.push(write_whole(dir, &format!("{}.txt", text.id), words).await.map(|()| None));
                }
                written
            }
            Sms::Http(gateway) => gateway.send(&good).await,
        }
        .into_iter();
        let answer = |(text, number): (&Text, Result<String, Error>)| {
            number?;
            let name = names.next().unwrap_or_else(|| Err(Error::Later("no answer".into())))?;
            Ok(Receipt { name, parts: count(&text.body) })
        };
        texts.iter().zip(numbers).map(answer).collect()
    }
}

/// One number and nothing else, without its spaces.
fn number(typed: &str) -> Result<String, Error> {
    let to: String = typed.chars().filter(|character| *character != ' ').collect();
    let digits = to.strip_prefix('+').unwrap_or("");
    match (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(to),
        false => Err(Error::Never(format!("\"{}\" is not a telephone number", typed.escape_debug()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_number_is_a_number_and_a_bad_one_stops_no_other() {
        let dir = std::env::temp_dir().join(format!("busbar-sms-{}", Uuid::new_v4()));
        let sms = Sms::folder(&dir);
        let numbers =
            ["", "+420 777 123 456", "777123456", "+420abc", "+420777123456,+420777123457", "+1\n+420777123456"];
        let text = |to: &&str| Text {
            id: Uuid::new_v4(),
            to: (*to).into(),
            body: "Odstávka 12. 3. 8:00–12:00".into(),
            sender: String::new(),
        };
        let answers = sms.send(&numbers.iter().map(text).collect::<Vec<_>>()).await;
        for (number, answer) in numbers.iter().zip(answers) {
            match *number {
                "+420 777 123 456" => assert_eq!(answer, Ok(Receipt { name: None, parts: 1 })),
                _ => assert!(matches!(answer, Err(Error::Never(_))), "{number:?}"),
            }
        }
        assert_eq!(std::fs::read_dir(&dir).expect("listed").count(), 1);
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
