//! The letter itself: to the contract's address, with the secret on a tinted ground and how to use it.
use crate::backends::documents::{Block, Headline, Letter, letter_pdf};
use crate::data::{AccessLetter, LetterKind};
use crate::domain::customers::Customer;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use time::Date;

pub fn pdf(page: &Page, letter: &AccessLetter, secret: &str, until: Date) -> Result<Vec<u8>, Error> {
    let word = letter.kind.key();
    let say = |what: &str| {
        let login = page.tenant().url("/login");
        let args = [("until", Arg::from(page.date(until))), ("address", Arg::from(login))];
        page.t_args(&format!("letter-{word}-{what}"), &args)
    };
    let printed = Letter {
        title: say("title"),
        reference: String::new(),
        written_on: page.today(),
        particulars: vec![(page.t("letter-written"), page.date(page.today()))],
        recipient: vec![
            letter.name.clone(),
            letter.address.street.clone(),
            format!("{} {}", letter.address.postcode, letter.address.city),
        ],
        blocks: vec![
            Block::Paragraph(say("lead")),
            Block::Highlight {
                headline: Headline { words: say("words"), amount: secret.to_owned(), lines: vec![say("until")] },
                code: None,
            },
            Block::Paragraph(say("how")),
            Block::Paragraph(page.t(match letter.kind {
                LetterKind::Password => "letter-password-safe",
                LetterKind::Code => "letter-code-safe",
            })),
        ],
        footer: page.t("letter-footer"),
    };
    letter_pdf(&page.letterhead(), &printed).map_err(|error| Error::Broken(error.to_string()))
}

/// Handed over with the contract or at a branch: both in one, since both are there.
pub fn sheet(page: &Page, person: &Customer, username: &str, secret: &str, until: Date) -> Result<Vec<u8>, Error> {
    let login = page.tenant().url("/login");
    let args = [("until", Arg::from(page.date(until))), ("address", Arg::from(login))];
    let say = |key: &str| page.t_args(key, &args);
    let mailing = &person.mailing;
    let printed = Letter {
        title: say("sheet-title"),
        reference: person.number.clone(),
        written_on: page.today(),
        particulars: vec![(page.t("letter-written"), page.date(page.today()))],
        recipient: vec![person.name.clone(), mailing.street.clone(), format!("{} {}", mailing.postcode, mailing.city)],
        blocks: vec![
            Block::Paragraph(say("sheet-lead")),
            Block::Facts(vec![
                (say("sheet-address"), page.tenant().url("/login")),
                (say("sheet-username"), username.to_owned()),
            ]),
            Block::Highlight {
                headline: Headline {
                    words: say("letter-password-words"),
                    amount: secret.to_owned(),
                    lines: vec![say("letter-password-until")],
                },
                code: None,
            },
            Block::Paragraph(say("letter-password-how")),
            Block::Paragraph(page.t("letter-password-safe")),
        ],
        footer: page.t("letter-footer"),
    };
    letter_pdf(&page.letterhead(), &printed).map_err(|error| Error::Broken(error.to_string()))
}
