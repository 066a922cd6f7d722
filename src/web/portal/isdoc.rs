//! A settlement as an electronic invoice, alone or with its PDF: built from the same figures as the page, handed over like the PDF.
use super::documents;
use super::id::Id;
use super::offered::Offered;
use super::words;
use crate::backends::documents::isdoc::{self, Isdoc, Party, Payment, address_of, document_id, file_stem};
use crate::domain::customers::Customer as Person;
use crate::domain::features::Feature;
use crate::domain::ids::InvoiceId;
use crate::domain::invoices::{Line, Settlement};
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::tenancy::{Arg, Tenant};
use crate::web::kit::error::Error;
use crate::web::kit::format;
use crate::web::kit::guard::Customer;
use crate::web::kit::slices::Slice;
use axum::response::Response;

const FEATURE: Feature = Feature::DocumentElectronicSettlement;
const ALONE: &str = "application/x-isdoc";
const WITH_PDF: &str = "application/x-isdocx";

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/settlements/{id}/isdoc")
            .get(async |customer: Customer, id: Id| download(customer, id, false).await),
        Slice::customer(&[FEATURE], "/settlements/{id}/isdocx")
            .get(async |customer: Customer, id: Id| download(customer, id, true).await),
    ]
}

async fn download(customer: Customer, Id(id): Id, with_pdf: bool) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let settlement = tx.settlement(customer.id, InvoiceId(id)).await?;
    Offered::of(page).admit(settlement.invoice.commodity)?;
    let point = tx.supply_point(customer.id, settlement.invoice.supply_point).await?;
    let person = tx.customer(customer.id).await?;
    let pdf = match settlement.invoice.document {
        Some(document) if with_pdf => Some(tx.document(customer.id, document).await?.bytes),
        None if with_pdf => return Err(Error::NotFound),
        _ => None,
    };
    tx.write_audit(&documents::entry(&customer, format!("invoice:{}", settlement.invoice.id), Some(FEATURE))).await?;
    tx.commit().await?;
    let input = input(page.tenant(), &settlement, &point, &person);
    let broken = |error: crate::backends::documents::Error| Error::Broken(error.to_string());
    let stem = file_stem(&settlement.invoice.number);
    Ok(match pdf {
        Some(pdf) => {
            let bytes = isdoc::isdocx(&input, &pdf).map_err(broken)?;
            documents::attachment(WITH_PDF, &format!("{stem}.isdocx"), bytes)
        }
        None => documents::attachment(ALONE, &format!("{stem}.isdoc"), isdoc::isdoc(&input).map_err(broken)?),
    })
}

/// In the supplier's own language, whoever downloads it: the same document is the same bytes.
fn input<'a>(tenant: &Tenant, settlement: &'a Settlement, point: &SupplyPoint, person: &Person) -> Isdoc<'a> {
    let lang = tenant.document.locale.default;
    let invoice = &settlement.invoice;
    let period = format!("{} – {}", format::czech_date(invoice.period_from), format::czech_date(invoice.period_to));
    let note = [
        ("commodity", Arg::from(tenant.theme.text(lang, words::commodity(invoice.commodity)).into_owned())),
        ("period", Arg::from(period)),
        ("code", Arg::from(point.code.as_str())),
    ];
    let contract = [("contract", Arg::from(point.contract_number.as_str()))];
    Isdoc {
        settlement,
        id: document_id(tenant.id, invoice.id),
        system: format!("Busbar {}", env!("CARGO_PKG_VERSION")),
        agreement: tenant.theme.text_args(lang, "isdoc-agreement", &contract),
        note: Some(tenant.theme.text_args(lang, "isdoc-note", &note)),
        supplier: supplier(tenant),
        customer: Party {
            name: person.name.clone(),
            number: Some(person.number.clone()),
            company_id: person.company_id.clone(),
            vat_id: None,
            address: person.mailing.clone(),
            register: None,
            phone: person.phone.clone(),
            email: person.email.clone(),
        },
        contract: Some((point.contract_number.clone(), point.contract_since)),
        // Which settlement a corrective one corrects is not kept.
        original: None,
        descriptions: settlement.lines.iter().map(|line| line_words(tenant, invoice.commodity, line)).collect(),
        payment: Payment { method: PaymentMethod::Transfer, account: tenant.document.payment.account.clone() },
    }
}

fn supplier(tenant: &Tenant) -> Party {
    let document = &tenant.document;
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Party {
        name: document.name.get(document.locale.default).to_owned(),
        number: None,
        company_id: given(&document.company.company_id),
        vat_id: given(&document.company.vat_id),
        address: address_of(&document.contact.address),
        register: given(&document.company.register),
        phone: given(&document.contact.phone),
        email: given(&document.contact.email),
    }
}

fn line_words(tenant: &Tenant, commodity: Commodity, line: &Line) -> String {
    let t = |key: &str| tenant.theme.text(tenant.document.locale.default, key).into_owned();
    let name = t(words::line(line.kind, commodity));
    match line.register.filter(|_| commodity == Commodity::Electricity) {
        Some(register) => format!("{name} {}", t(words::register(register))),
        None => name,
    }
}
