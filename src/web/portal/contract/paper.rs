//! The contract on paper: parties, supply point, product and price, payment, terms by number, room for two signatures.
use super::Place;
use super::answers::Answers;
use super::fields;
use super::steps;
use crate::backends::documents::{Block, Letter, Signer, Term, letter_pdf};
use crate::domain::contracts::{Contract, Step, Technical};
use crate::web::kit::error::Error;

/// Articles of the terms in the texts: `contract-term-1` and so on.
const TERMS: usize = 6;

pub fn pdf(place: &Place<'_>, contract: &Contract, settled: &Answers, number: &str) -> Result<Vec<u8>, Error> {
    let letter = letter(place, contract, settled, number);
    letter_pdf(&place.page.letterhead(), &letter).map_err(|error| Error::Broken(error.to_string()))
}

fn letter(place: &Place<'_>, contract: &Contract, settled: &Answers, number: &str) -> Letter {
    let page = place.page;
    let supplier = page.tenant().document.name.get(page.lang()).to_owned();
    let today = page.date(page.today());
    let title = match contract.technical {
        Technical::Electricity { .. } => page.t("contract-paper-electricity"),
        Technical::Gas { .. } => page.t("contract-paper-gas"),
    };
    let heading = |step: Step| Block::Heading(steps::title(place, step));
    let facts = |step: Step| Block::Facts(fields::facts(page, settled, step));
    let term = |at: usize| Term { number: format!("{at}."), text: page.t(&format!("contract-term-{at}")) };
    let signer =
        |name: String, role: &str| Signer { place_and_date: page.t("contract-paper-place"), name, role: page.t(role) };
    let name = settled.get("name").to_owned();
    Letter {
        title,
        reference: number.to_owned(),
        written_on: page.today(),
        particulars: vec![(page.t("contract-number"), number.to_owned()), (page.t("contract-paper-written"), today)],
        recipient: vec![
            name.clone(),
            contract.mailing.street.clone(),
            format!("{} {}", contract.mailing.postcode, contract.mailing.city),
        ],
        blocks: vec![
            Block::Heading(page.t("contract-paper-supplier")),
            Block::Paragraph(format!("{supplier}, {}", page.tenant().document.contact.address)),
            Block::Heading(page.t("contract-paper-customer")),
            facts(Step::Person),
            heading(Step::Point),
            facts(Step::Point),
            heading(Step::Product),
            facts(Step::Product),
            Block::Paragraph(fields::price(page, settled.get("product"))),
            heading(Step::Payment),
            facts(Step::Payment),
            Block::Heading(page.t("contract-paper-terms")),
            Block::Terms((1..=TERMS).map(term).collect()),
            Block::Signatures(vec![
                signer(supplier, "contract-paper-supplier"),
                signer(name, "contract-paper-customer"),
            ]),
        ],
        footer: page.t("contract-paper-footer"),
    }
}
