//! ISDOC 6.0.2, the Czech national standard of electronic invoices: a settlement as XML, alone (`.isdoc`) or with its PDF (`.isdocx`).
//! Computes nothing of its own: each figure is the settlement's, or comes from the rule that made it. The same input is the same bytes.
mod archive;
mod lines;
mod parties;
mod payment;
mod xml;

pub use archive::{file_stem, isdocx};
pub use parties::address_of;

use super::Error;
use crate::domain::ids::{InvoiceId, TenantId};
use crate::domain::invoices::{InvoiceKind, Settlement};
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::Address;
use rust_decimal::Decimal;
use sha1::{Digest, Sha1};
use time::Date;
use uuid::Uuid;
use xml::Xml;

const NAMESPACE: &str = "http://isdoc.cz/namespace/2013";
const VERSION: &str = "6.0.2";
/// What says that a payer pays through the post's joint collection; ISDOC has no code for it.
const SIPO: &str = "Platba prostřednictvím SIPO.";

/// A settlement and what the document says about it beyond its figures.
#[derive(Clone, Debug)]
pub struct Isdoc<'a> {
    pub settlement: &'a Settlement,
    /// See [`document_id`]. Two documents never share one.
    pub id: Uuid,
    /// Name and version of the system that issues the document, at most 80 characters.
    pub system: String,
    /// The customer's consent to electronic documents: what, and when.
    pub agreement: String,
    /// For people: commodity, period, supply point.
    pub note: Option<String>,
    pub supplier: Party,
    pub customer: Party,
    /// Number and day of the contract.
    pub contract: Option<(String, Date)>,
    /// What a corrective settlement corrects; its figures are then the differences.
    pub original: Option<Original>,
    /// What each line charges, in the order of the settlement's lines; one that is missing stays unnamed.
    pub descriptions: Vec<String>,
    pub payment: Payment,
}

#[derive(Clone, Debug)]
pub struct Party {
    pub name: String,
    /// The number under which the issuer knows the party.
    pub number: Option<String>,
    /// IČO of a business; none for a household.
    pub company_id: Option<String>,
    /// DIČ of one who pays VAT.
    pub vat_id: Option<String>,
    /// The last word of the street is the building's number when it starts with a digit.
    pub address: Address,
    /// Entry in the commercial register, in words.
    pub register: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Original {
    pub number: String,
    pub issued_on: Option<Date>,
    /// Its [`document_id`].
    pub id: Option<Uuid>,
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub method: PaymentMethod,
    /// The supplier's Czech account number `[prefix-]number/bank`; without a right one there are no payment details.
    pub account: String,
}

/// The document's UUID: the same for the same invoice of the same tenant, today and in ten years (RFC 9562, version 5).
pub fn document_id(tenant: TenantId, invoice: InvoiceId) -> Uuid {
    let digest = Sha1::new().chain_update(invoice.0.as_bytes()).chain_update(tenant.0.to_be_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}

/// The `.isdoc`: valid against the standard's schema, and to its rules.
pub fn isdoc(input: &Isdoc<'_>) -> Result<Vec<u8>, Error> {
    written(input, None)
}

/// An attachment, known by its name and the SHA-1 of its bytes.
struct Attachment<'a> {
    name: &'a str,
    bytes: &'a [u8],
}

fn written(input: &Isdoc<'_>, attachment: Option<&Attachment<'_>>) -> Result<Vec<u8>, Error> {
    let mut xml = Xml::new()?;
    let root = [("xmlns", NAMESPACE), ("version", VERSION)];
    xml.within_with("Invoice", &root, |xml| {
        head(xml, input)?;
        parties::parties(xml, input)?;
        references(xml, input)?;
        let sign = Sign::of(input);
        xml.within("InvoiceLines", |xml| lines::lines(xml, input, sign))?;
        deposits(xml, input.settlement, sign)?;
        taxes(xml, input.settlement, sign)?;
        totals(xml, input.settlement, sign)?;
        payment::means(xml, input)?;
        attachment.map_or(Ok(()), |attachment| attached(xml, attachment))
    })?;
    Ok(xml.bytes())
}

/// Whether figures keep their sign: a credit note says in positive numbers what is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Kept,
    Turned,
}

impl Sign {
    fn of(input: &Isdoc<'_>) -> Sign {
        if document_type(input) == CREDIT_NOTE { Sign::Turned } else { Sign::Kept }
    }

    fn money(self, amount: Money) -> Money {
        if self == Sign::Turned { -amount } else { amount }
    }
}

const INVOICE: &str = "1";
const CREDIT_NOTE: &str = "2";
const DEBIT_NOTE: &str = "3";

/// Notes refer to what they correct; a corrective settlement that does not know it is a document in its own right.
fn document_type(input: &Isdoc<'_>) -> &'static str {
    match (input.settlement.invoice.kind, &input.original) {
        (InvoiceKind::CorrectiveSettlement, Some(_)) if input.settlement.total < Money::ZERO => CREDIT_NOTE,
        (InvoiceKind::CorrectiveSettlement, Some(_)) => DEBIT_NOTE,
        _ => INVOICE,
    }
}

fn head(xml: &mut Xml, input: &Isdoc<'_>) -> Result<(), Error> {
    let invoice = &input.settlement.invoice;
    let kind = document_type(input);
    xml.leaf("DocumentType", kind)?;
    xml.leaf("ID", &invoice.number)?;
    xml.leaf("UUID", &input.id.to_string())?;
    xml.leaf("IssuingSystem", &input.system.chars().take(80).collect::<String>())?;
    xml.leaf("IssueDate", &invoice.issued_on.to_string())?;
    // The tax point of a note is the day it is delivered, which nobody knows yet.
    if kind == INVOICE {
        xml.leaf("TaxPointDate", &invoice.tax_point_on.to_string())?;
    }
    xml.leaf("VATApplicable", "true")?;
    xml.leaf("ElectronicPossibilityAgreementReference", &input.agreement)?;
    let is_by_sipo = input.settlement.payable.is_positive() && input.payment.method == PaymentMethod::Sipo;
    let sipo = is_by_sipo.then_some(SIPO);
    let notes: Vec<&str> = input.note.as_deref().into_iter().chain(sipo).collect();
    if !notes.is_empty() {
        xml.leaf("Note", &notes.join(" "))?;
    }
    xml.leaf("LocalCurrencyCode", "CZK")?;
    xml.leaf("CurrRate", "1")?;
    xml.leaf("RefCurrRate", "1")
}

fn references(xml: &mut Xml, input: &Isdoc<'_>) -> Result<(), Error> {
    if let Some(original) = &input.original {
        xml.within("OriginalDocumentReferences", |xml| {
            xml.within("OriginalDocumentReference", |xml| {
                xml.leaf("ID", &original.number)?;
                if let Some(day) = original.issued_on {
                    xml.leaf("IssueDate", &day.to_string())?;
                }
                original.id.map_or(Ok(()), |id| xml.leaf("UUID", &id.to_string()))
            })
        })?;
    }
    if let Some((number, day)) = &input.contract {
        xml.within("ContractReferences", |xml| {
            xml.within("ContractReference", |xml| {
                xml.leaf("ID", number)?;
                xml.leaf("IssueDate", &day.to_string())
            })
        })?;
    }
    Ok(())
}

/// Advances of households carry no tax documents: they are deposits without tax.
fn deposits(xml: &mut Xml, settlement: &Settlement, sign: Sign) -> Result<(), Error> {
    if settlement.advances_paid == Money::ZERO {
        return Ok(());
    }
    let invoice = &settlement.invoice;
    xml.within("NonTaxedDeposits", |xml| {
        xml.within("NonTaxedDeposit", |xml| {
            xml.leaf("ID", &format!("{}/{}", invoice.period_from, invoice.period_to))?;
            xml.leaf("VariableSymbol", &invoice.variable_symbol)?;
            xml.money("DepositAmount", sign.money(settlement.advances_paid))
        })
    })
}

fn taxes(xml: &mut Xml, settlement: &Settlement, sign: Sign) -> Result<(), Error> {
    let (base, vat, total) = (sign.money(settlement.base), sign.money(settlement.vat), sign.money(settlement.total));
    xml.within("TaxTotal", |xml| {
        xml.within("TaxSubTotal", |xml| {
            xml.money("TaxableAmount", base)?;
            xml.money("TaxAmount", vat)?;
            xml.money("TaxInclusiveAmount", total)?;
            xml.money("AlreadyClaimedTaxableAmount", Money::ZERO)?;
            xml.money("AlreadyClaimedTaxAmount", Money::ZERO)?;
            xml.money("AlreadyClaimedTaxInclusiveAmount", Money::ZERO)?;
            xml.money("DifferenceTaxableAmount", base)?;
            xml.money("DifferenceTaxAmount", vat)?;
            xml.money("DifferenceTaxInclusiveAmount", total)?;
            xml.within("TaxCategory", |xml| xml.leaf("Percent", &plain(settlement.vat_rate)))
        })?;
        xml.money("TaxAmount", vat)
    })
}

fn totals(xml: &mut Xml, settlement: &Settlement, sign: Sign) -> Result<(), Error> {
    let (base, total) = (sign.money(settlement.base), sign.money(settlement.total));
    xml.within("LegalMonetaryTotal", |xml| {
        xml.money("TaxExclusiveAmount", base)?;
        xml.money("TaxInclusiveAmount", total)?;
        xml.money("AlreadyClaimedTaxExclusiveAmount", Money::ZERO)?;
        xml.money("AlreadyClaimedTaxInclusiveAmount", Money::ZERO)?;
        xml.money("DifferenceTaxExclusiveAmount", base)?;
        xml.money("DifferenceTaxInclusiveAmount", total)?;
        xml.money("PayableRoundingAmount", Money::ZERO)?;
        xml.money("PaidDepositsAmount", sign.money(settlement.advances_paid))?;
        xml.money("PayableAmount", sign.money(settlement.payable))
    })
}

fn attached(xml: &mut Xml, attachment: &Attachment<'_>) -> Result<(), Error> {
    use base64::Engine;
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha1::digest(attachment.bytes));
    xml.within("SupplementsList", |xml| {
        xml.within_with("Supplement", &[("preview", "true")], |xml| {
            xml.leaf("Filename", attachment.name)?;
            xml.empty("DigestMethod", &[("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")])?;
            xml.leaf("DigestValue", &digest)
        })
    })
}

/// Without zeros that say nothing: 21, 2.145.
fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod tests;
