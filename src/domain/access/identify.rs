//! What an applicant has to know of a bill, and whether it fits what the supplier knows.
use crate::domain::content::folded;
use crate::domain::money::Money;
use crate::domain::typed;

/// One thing asked. The number, the supply point or the invoice leads to the customer; the rest must fit that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    CustomerNumber,
    Name,
    Postcode,
    /// IČO, where the customer is a business.
    CompanyId,
    /// EAN or EIC of one of the customer's points.
    SupplyPoint,
    ContractNumber,
    InvoiceNumber,
    /// What that invoice asked to be paid or gave back, in crowns.
    InvoiceAmount,
}

const KEYS: [(Identifier, &str); 8] = [
    (Identifier::CustomerNumber, "customer-number"),
    (Identifier::Name, "name"),
    (Identifier::Postcode, "postcode"),
    (Identifier::CompanyId, "company-id"),
    (Identifier::SupplyPoint, "supply-point"),
    (Identifier::ContractNumber, "contract-number"),
    (Identifier::InvoiceNumber, "invoice-number"),
    (Identifier::InvoiceAmount, "invoice-amount"),
];

impl Identifier {
    pub fn all() -> impl Iterator<Item = Identifier> {
        KEYS.iter().map(|(one, _)| *one)
    }
    /// The word in suppliers' files, forms and texts.
    pub fn key(self) -> &'static str {
        KEYS[self as usize].1
    }
    pub fn parse(key: &str) -> Option<Identifier> {
        KEYS.iter().find(|(_, one)| *one == key).map(|(one, _)| *one)
    }
    /// It names one customer by itself.
    pub fn leads(self) -> bool {
        matches!(self, Identifier::CustomerNumber | Identifier::SupplyPoint | Identifier::InvoiceNumber)
    }
}

/// What was typed, field by field.
pub type Typed = Vec<(Identifier, String)>;

/// What the supplier knows of the customer that was led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownOf {
    pub number: String,
    pub name: String,
    pub postcode: String,
    pub company_id: Option<String>,
    /// EAN and EIC codes, and numbers of contracts.
    pub points: Vec<String>,
    pub contracts: Vec<String>,
    /// Number and what was to be paid (negative: given back).
    pub invoices: Vec<(String, Money)>,
}

/// Whether one thing fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub what: Identifier,
    pub fits: bool,
}

/// Each thing typed beside what is known. Spaces, dashes, case and accents are forgiven; nothing else is.
pub fn compare(typed: &Typed, known: &KnownOf) -> Vec<Verdict> {
    let invoice = typed.iter().find(|(what, _)| *what == Identifier::InvoiceNumber).map(|(_, text)| bare(text));
    typed
        .iter()
        .map(|(what, text)| {
            let is = |kept: &str| !bare(text).is_empty() && bare(text) == bare(kept);
            let fits = match what {
                Identifier::CustomerNumber => is(&known.number),
                Identifier::Name => same_name(text, &known.name),
                Identifier::Postcode => is(&known.postcode),
                Identifier::CompanyId => known.company_id.as_deref().is_some_and(is),
                Identifier::SupplyPoint => known.points.iter().any(|one| is(one)),
                Identifier::ContractNumber => known.contracts.iter().any(|one| is(one)),
                Identifier::InvoiceNumber => known.invoices.iter().any(|(number, _)| is(number)),
                Identifier::InvoiceAmount => is_amount(text, invoice.as_deref(), &known.invoices),
            };
            Verdict { what: *what, fits }
        })
        .collect()
}

/// As it is compared: letters and digits alone, in capitals.
pub fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// In any order: some people write the family name first.
fn same_name(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> =
            folded(name).split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
        words.retain(|word| !word.is_empty());
        words.sort();
        words
    };
    let words_of = words(one);
    !words_of.is_empty() && words_of == words(other)
}

/// Of the invoice named beside it, where one was asked for; to the crown, as a bill prints it.
fn is_amount(text: &str, invoice: Option<&str>, invoices: &[(String, Money)]) -> bool {
    let Ok(amount) = typed::amount(text.trim_start_matches(['-', '−'])) else { return false };
    invoices
        .iter()
        .filter(|(number, _)| invoice.is_none_or(|named| bare(number) == named))
        .any(|(_, payable)| (payable.0.abs() - amount.0).abs() < 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownOf {
        KnownOf {
            number: "7011-000042".into(),
            name: "Jan Žluťoučký".into(),
            postcode: "11000".into(),
            company_id: None,
            points: vec!["859182400100000004".into()],
            contracts: vec!["S-2024/17".into()],
            invoices: vec![("2026000017".into(), Money(123_450)), ("2025000009".into(), Money(-50_000))],
        }
    }

    fn fits(what: Identifier, text: &str) -> bool {
        compare(&vec![(what, text.into())], &known())[0].fits
    }

    #[test]
    fn what_is_written_differently_still_fits() {
        for (what, text) in [
            (Identifier::CustomerNumber, " 7011 000042 "),
            (Identifier::Name, "zlutoucky JAN"),
            (Identifier::Postcode, "110 00"),
            (Identifier::SupplyPoint, "8591 8240 0100 0000 04"),
            (Identifier::ContractNumber, "s 2024 17"),
            (Identifier::InvoiceNumber, "2026 000017"),
            (Identifier::InvoiceAmount, "1 234,50"),
            (Identifier::InvoiceAmount, "1234"),
            (Identifier::InvoiceAmount, "-500"),
        ] {
            assert!(fits(what, text), "{what:?} {text}");
        }
    }

    #[test]
    fn what_is_wrong_or_empty_never_fits() {
        for what in Identifier::all() {
            for text in ["", " ", "-", "0", "%", "jiný"] {
                assert!(!fits(what, text), "{what:?} {text:?}");
            }
        }
        assert!(!fits(Identifier::CompanyId, "99000016"), "a household has none");
    }

    #[test]
    fn an_amount_belongs_to_the_invoice_named_beside_it() {
        let both = |number: &str, amount: &str| {
            let typed = vec![(Identifier::InvoiceNumber, number.into()), (Identifier::InvoiceAmount, amount.into())];
            compare(&typed, &known()).iter().all(|one| one.fits)
        };
        assert!(both("2026000017", "1234,50") && both("2025000009", "500"));
        assert!(!both("2026000017", "500") && !both("2025000009", "1234,50"));
    }

    #[test]
    fn every_identifier_has_its_word() {
        assert!(Identifier::all().all(|one| Identifier::parse(one.key()) == Some(one)));
        assert!(Identifier::all().enumerate().all(|(at, one)| one as usize == at));
    }
}
