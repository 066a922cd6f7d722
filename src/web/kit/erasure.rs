//! A wish to be erased, as both faces know it: what goes and what stays until when, worked out anew whenever it is said or done.
use super::error::Error;
use super::format;
use super::page::Page;
use crate::data::{Erase, InvoiceFilter, Request, Retention, TenantTx};
use crate::domain::ids::{CustomerId, InvoiceId, SupplyPointId};
use crate::domain::retention::{self, Needed};
use crate::tenancy::{Arg, Lang};
use serde::Serialize;
use time::{Date, OffsetDateTime};

/// The name of the message that tells what stayed.
pub const FAREWELL: &str = "erasure_done";

pub struct Plan {
    customer: CustomerId,
    is_running: bool,
    readings: Vec<(SupplyPointId, Needed)>,
    /// Each with the last day of keeping it.
    invoices: Vec<(InvoiceId, Date)>,
}

/// What it is, and what becomes of it and why.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub what: String,
    pub how: String,
}

pub async fn plan(tx: &TenantTx, customer: CustomerId, today: Date) -> Result<Plan, Error> {
    let invoices = tx.invoices_of(customer, InvoiceFilter::default()).await?;
    let points = tx.supply_points_of(customer).await?;
    let needed = points.iter().map(|point| {
        let settled = invoices.iter().filter(|one| one.supply_point == point.id).map(|one| one.period_to).max();
        (point.id, retention::readings_needed(settled, point.contract_until))
    });
    Ok(Plan {
        customer,
        is_running: points.iter().any(|point| retention::is_running(point.contract_until, today)),
        readings: needed.collect(),
        invoices: invoices.iter().map(|one| (one.id, retention::kept_until(one.tax_point_on))).collect(),
    })
}

impl Plan {
    pub fn goes(&self, page: &Page) -> Vec<Said> {
        let said = |word: &str| Said {
            what: page.t(&format!("erasure-{word}")),
            how: page.t(&format!("erasure-{word}-goes")),
        };
        ["log-ins", "contacts", "requests", "readings"].map(said).into()
    }

    /// In the language asked for: the message that tells it leaves in the customer's.
    pub fn stays(&self, page: &Page, lang: Lang) -> Vec<Said> {
        let theme = &page.tenant().theme;
        let t = |key: &str, args: &[(&str, Arg)]| theme.text_args(lang, key, args);
        // Whose own language is another than the page's gets the day in figures alone.
        let day = |day: Date| match lang {
            Lang::Cs => Arg::from(format::czech_date(day)),
            Lang::En if page.lang() == Lang::En => Arg::from(page.date(day)),
            Lang::En => Arg::from(day.to_string()),
        };
        let said = |word: &str, how: String| Said { what: t(&format!("erasure-{word}"), &[]), how };
        let mut all = Vec::new();
        let last = self.invoices.iter().map(|(_, until)| *until).max();
        if let Some(last) = last {
            let count = ("count", Arg::from(self.invoices.len() as i64));
            all.push(said("invoices", t("erasure-invoices-stay", &[count, ("day", day(last))])));
            all.push(said("payments", t("erasure-payments-stay", &[("day", day(last))])));
        }
        match (self.is_running, last) {
            (true, _) => all.push(said("identity", t("erasure-identity-runs", &[]))),
            (false, Some(last)) => all.push(said("identity", t("erasure-identity-stay", &[("day", day(last))]))),
            (false, None) => {}
        }
        if self.readings.iter().any(|(_, needed)| *needed != Needed::Nothing) {
            all.push(said("unsettled", t("erasure-unsettled-stay", &[])));
        }
        all.push(said("audit", t("erasure-audit-stay", &[])));
        all
    }

    pub fn is_running(&self) -> bool {
        self.is_running
    }

    pub fn retentions(&self, request: &Request, at: OffsetDateTime) -> Vec<Retention> {
        let one = |(invoice, until): &(InvoiceId, Date)| Retention {
            invoice: *invoice,
            customer: self.customer,
            request: request.id,
            until: *until,
            at,
        };
        self.invoices.iter().map(one).collect()
    }

    pub fn erase(&self, request: &Request, now: OffsetDateTime) -> Erase {
        Erase {
            customer: self.customer,
            request: request.id,
            is_running: self.is_running,
            is_nameless: !self.is_running && self.invoices.is_empty(),
            readings: self.readings.clone(),
            farewell: format!("{FAREWELL}:{}", request.id),
            now,
        }
    }
}
