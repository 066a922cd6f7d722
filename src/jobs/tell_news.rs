//! Tells what became due: once a day for each supplier, from eight in the morning of its own zone. What an instance that died left
//! undone is told by the next; nothing is told twice, since each thing is told under its own name.
use super::JobServices;
use crate::data::{self, Days, Fact, News, Notice, Turn};
use crate::domain::features::Feature;
use crate::domain::notices::Event;
use crate::domain::reading_prompts::YEAR;
use crate::tenancy::{Tenant, TenantState};
use serde_json::json;
use time::{Date, Duration, Time, macros::time};
use uuid::Uuid;

/// Nobody is told anything earlier in the day.
pub(super) const FROM: Time = time!(8:00);
/// An instance that died holds a supplier's day no longer than this.
const LEASE: Duration = Duration::minutes(10);
/// Told in one transaction.
const PAGE: u64 = 200;
/// Days that are looked back over.
const MISSED: i64 = 7;
/// So many days before a bill is due, and after; after an advance did not come; before a contract ends (the law says at least thirty).
const BEFORE_DUE: i64 = 3;
const AFTER_DUE: i64 = 3;
const AFTER_ADVANCE: i64 = 5;
const BEFORE_END: i64 = 40;

/// What is told, and how many days after (or, below nought, before) the day that counts.
const TOLD: [(News, Event, &str, i64); 7] = [
    (News::Issued, Event::InvoiceIssued, "invoice_issued", 0),
    (News::Due, Event::InvoiceDue, "invoice_due", -BEFORE_DUE),
    (News::Due, Event::InvoiceOverdue, "invoice_overdue", AFTER_DUE),
    (News::PaymentReceived, Event::PaymentReceived, "payment_received", 0),
    (News::AdvanceMissing, Event::PaymentFailed, "payment_failed", AFTER_ADVANCE),
    (News::Settled, Event::ReadingWindow, "reading_window", YEAR),
    (News::ContractEnds, Event::ContractExpiring, "contract_expiring", -BEFORE_END),
];

/// Every supplier whose day begun; returns how many things were told. One supplier's failure is not another's.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        let Some(tenant) = (services.tenants)(row.id).filter(|tenant| tenant.state != TenantState::Suspended) else {
            continue;
        };
        match day(services, &tenant).await {
            Ok(told) => count += told,
            Err(error) => tracing::warn!(tenant = tenant.slug, ?error, "news could not be told"),
        }
    }
    Ok(count)
}

async fn day(services: &JobServices, tenant: &Tenant) -> Result<usize, data::Error> {
    let zone = &tenant.document.locale.timezone;
    let (now, today) = (services.clock.now(), services.clock.today(zone));
    let slot = services.clock.instant(today, FROM, zone);
    if now < slot {
        return Ok(0);
    }
    let (job, holder) = (format!("tell_news:{}", tenant.slug), Uuid::new_v4().simple().to_string());
    let turn = Turn { job: &job, holder: &holder, slot, absurd: now + Duration::days(2) };
    let platform = services.db.platform();
    let is_first = platform.done_for(&job).await?.is_none();
    if !platform.take_turn(&turn, now, now + LEASE).await? {
        return Ok(0);
    }
    // Each day looks back over the whole week: what was stored late is told late, and nothing twice.
    let after = today - if is_first { Duration::DAY } else { Duration::days(MISSED) };
    let mut count = 0;
    for told in TOLD {
        if told.1.told().features.is_empty() || told.1.told().features.iter().any(|one| tenant.has(*one)) {
            count += tell(services, tenant, told, Days { after, last: today }, &turn).await?;
        }
    }
    platform.end_turn(&turn, services.clock.now()).await?;
    Ok(count)
}

async fn tell(
    services: &JobServices,
    tenant: &Tenant,
    (what, event, kind, later): (News, Event, &'static str, i64),
    days: Days,
    turn: &Turn<'_>,
) -> Result<usize, data::Error> {
    let shift =
        Duration::days(later - if what == News::Settled { tenant.document.parameters.reading_window_days } else { 0 });
    // Of what is still to come, all that is near enough; of what was, what was so on those days.
    let after = if shift.is_negative() { days.last - Duration::DAY } else { days.after - shift };
    let of = Days { after, last: days.last - shift };
    let (mut after, mut count) = (Uuid::nil(), 0);
    loop {
        let tx = services.db.tenant(tenant.id).begin().await?;
        let facts = tx.news(what, of, after, PAGE).await?;
        let Some(last) = facts.last() else { return Ok(count) };
        after = last.id;
        for fact in &facts {
            count += usize::from(tx.tell(&notice(tenant, event, kind, fact, services, days.last)).await?);
        }
        tx.commit().await?;
        if !services.db.platform().keep_turn(turn, services.clock.now() + LEASE).await? {
            return Err(data::Error::Broken("another instance took the day over".into()));
        }
    }
}

fn notice<'a>(
    tenant: &'a Tenant,
    event: Event,
    kind: &'a str,
    fact: &Fact,
    services: &JobServices,
    today: Date,
) -> Notice<'a> {
    // A notice leads only where the supplier has a page.
    let offered = |feature, path| if tenant.has(feature) { Some(path) } else { None };
    let path = match event {
        Event::PaymentReceived => offered(Feature::InfoPaymentOverview, "/payments"),
        Event::PaymentFailed => offered(Feature::InfoAdvanceSchedule, "/advances"),
        Event::ReadingWindow => offered(Feature::ReadingSelfReport, "/readings/new"),
        Event::ContractExpiring => offered(Feature::InfoSupplyPoints, "/supply-points"),
        _ => offered(Feature::InfoInvoiceOverview, "/invoices").or(offered(Feature::InfoSettlements, "/settlements")),
    };
    Notice {
        event,
        kind,
        customer: fact.customer,
        payload: json!({
            "path": path.unwrap_or("/dashboard"),
            "number": fact.number,
            "amount_halere": fact.amount,
            "day_on": fact.day.to_string(),
        }),
        cause: format!("{kind}:{}:{}", fact.id, fact.day),
        language: tenant.document.locale.default.key(),
        now: services.clock.now(),
        today,
    }
}
