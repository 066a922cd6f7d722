//! A settlement as the supplier would have sent it: the same figures as the page, in the supplier's words and colour.
use crate::backends::documents::{
    Align, Column, DocumentStyle, Headline, Qr, Row, SettlementSheet, Table, settlement_pdf,
};
use crate::domain::customers::Customer;
use crate::domain::invoices::Settlement;
use crate::domain::money::Money;
use crate::domain::spayd::Spayd;
use crate::tenancy::{Lang, Tenant};
use crate::web::kit::format;
use crate::web::portal::words;
use anyhow::{Result, anyhow};

pub fn pdf(tenant: &Tenant, customer: &Customer, settlement: &Settlement) -> Result<Vec<u8>> {
    let lang = tenant.document.locale.default;
    let contact = &tenant.document.contact;
    let style = DocumentStyle {
        supplier: tenant.document.name.get(lang).to_owned(),
        portal: tenant.document.portal.get(lang).to_owned(),
        colour: primary(tenant),
        mark: None,
        language: lang.key().to_owned(),
        address: vec![contact.address.clone()],
        contact: vec![contact.phone.clone(), contact.email.clone()],
        page_words: tenant.theme.text(lang, "paper-page").into_owned(),
    };
    settlement_pdf(&style, &sheet(tenant, lang, customer, settlement)).map_err(|error| anyhow!("{error}"))
}

fn primary(tenant: &Tenant) -> [u8; 3] {
    tenant.theme.tokens.light.get("primary").map_or([0, 0, 0], |colour| [colour.0, colour.1, colour.2])
}

fn sheet(tenant: &Tenant, lang: Lang, customer: &Customer, settlement: &Settlement) -> SettlementSheet {
    let t = |key: &str| tenant.theme.text(lang, key).into_owned();
    let money = |amount: Money| format::money(lang, amount);
    let invoice = &settlement.invoice;
    let day = |day| format::czech_date(day);
    let fact = |key: &str, value: String| (t(key), value);
    SettlementSheet {
        title: t(words::invoice_kind(invoice.kind)),
        number: invoice.number.clone(),
        issued_on: invoice.issued_on,
        customer_words: t("paper-customer"),
        customer: vec![
            customer.name.clone(),
            customer.mailing.street.clone(),
            format!("{} {}", customer.mailing.postcode, customer.mailing.city),
        ],
        facts_words: t("paper-facts"),
        facts: vec![
            fact("paper-number", customer.number.clone()),
            fact("paper-period", format!("{} – {}", day(invoice.period_from), day(invoice.period_to))),
            fact("paper-issued", day(invoice.issued_on)),
            fact("paper-due", day(invoice.due_on)),
            fact("paper-symbol", invoice.variable_symbol.clone()),
        ],
        headline: Some(headline(tenant, lang, settlement)),
        tables: vec![readings(lang, &t, settlement), lines(lang, &t, settlement), sums(&t, &money, lang, settlement)],
        notes: vec![t("paper-note")],
        qr: qr(tenant, &t, settlement),
        footer: t("paper-footer"),
    }
}

fn headline(tenant: &Tenant, lang: Lang, settlement: &Settlement) -> Headline {
    let t = |key: &str| tenant.theme.text(lang, key).into_owned();
    let is_owed = settlement.payable.is_positive();
    Headline {
        words: t(if is_owed { "paper-owed" } else { "paper-returned" }),
        amount: format::money(lang, Money(settlement.payable.0.abs())),
        lines: [
            Some(format!("{}: {}", t("paper-due"), format::czech_date(settlement.invoice.due_on))),
            // What is returned does not go to the supplier's account.
            is_owed.then(|| format!("{}: {}", t("paper-account"), tenant.document.payment.account)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn qr(tenant: &Tenant, t: &impl Fn(&str) -> String, settlement: &Settlement) -> Option<Qr> {
    let payment = Spayd {
        account: tenant.document.payment.account.clone(),
        amount: settlement.payable,
        due_on: Some(settlement.invoice.due_on),
        message: format!("{} {}", t("paper-message"), settlement.invoice.number),
        variable_symbol: settlement.invoice.variable_symbol.clone(),
    };
    Some(Qr { payload: payment.text()?, caption: t("paper-qr"), alt: t("paper-qr") })
}

fn table(title: String, columns: Vec<(String, Align)>, rows: Vec<(Vec<String>, bool)>) -> Table {
    Table {
        title,
        columns: columns.into_iter().map(|(words, align)| Column { words, align }).collect(),
        rows: rows.into_iter().map(|(cells, is_total)| Row { cells, is_total }).collect(),
    }
}

fn readings(lang: Lang, t: &impl Fn(&str) -> String, settlement: &Settlement) -> Table {
    let columns = vec![
        (t("paper-meter"), Align::Left),
        (t("paper-from"), Align::Right),
        (t("paper-to"), Align::Right),
        (t("paper-used"), Align::Right),
        (t("paper-energy"), Align::Right),
    ];
    let rows = settlement.readings.iter().map(|one| {
        let unit = words::unit(one.register);
        let state = |day, state| format!("{} · {}", format::czech_date(day), format::whole(lang, state));
        let cells = vec![
            format!("{} {}", one.meter_serial, t(words::register(one.register))),
            state(one.from_on, one.from_state),
            state(one.to_on, one.to_state),
            format::quantity(lang, one.quantity, unit),
            format::quantity(lang, one.energy_kwh, words::KWH),
        ];
        (cells, false)
    });
    table(t("paper-readings"), columns, rows.collect())
}

fn lines(lang: Lang, t: &impl Fn(&str) -> String, settlement: &Settlement) -> Table {
    let columns = vec![
        (t("paper-item"), Align::Left),
        (t("paper-quantity"), Align::Right),
        (t("paper-price"), Align::Right),
        (t("paper-amount"), Align::Right),
    ];
    let rows = settlement.lines.iter().map(|line| {
        let register = line.register.map(|register| format!(" {}", t(words::register(register)))).unwrap_or_default();
        let cells = vec![
            format!("{}{register}", t(words::line(line.kind, settlement.invoice.commodity))),
            format!("{} {}", format::decimal(lang, line.quantity, 0), t(words::line_unit(line.unit))),
            format::decimal(lang, line.unit_price, 2),
            format::money(lang, line.amount),
        ];
        (cells, false)
    });
    let mut rows: Vec<(Vec<String>, bool)> = rows.collect();
    let total = vec![t("paper-base"), String::new(), String::new(), format::money(lang, settlement.base)];
    rows.push((total, true));
    table(t("paper-lines"), columns, rows)
}

fn sums(t: &impl Fn(&str) -> String, money: &impl Fn(Money) -> String, lang: Lang, settlement: &Settlement) -> Table {
    let columns = vec![(t("paper-item"), Align::Left), (t("paper-amount"), Align::Right)];
    let vat = format!("{} {} %", t("paper-vat"), format::decimal(lang, settlement.vat_rate, 0));
    let rows = vec![
        (vec![t("paper-base"), money(settlement.base)], false),
        (vec![vat, money(settlement.vat)], false),
        (vec![t("paper-total"), money(settlement.total)], true),
        (vec![t("paper-advances"), money(-settlement.advances_paid)], false),
        (vec![t("paper-payable"), money(settlement.payable)], true),
    ];
    table(t("paper-sums"), columns, rows)
}
