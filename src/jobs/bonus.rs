//! The bonus programme unasked: points for advances paid on time and for electronic invoices, points whose day has passed written off, a
//! mail a month before. Any number of instances may run it at any time: each cause has one entry, each mail its key.
use super::JobServices;
use super::tell_news::FROM;
use crate::data::{self, AuditEntry, BonusCause, Credit, Notice, TenantDb};
use crate::domain::bonus::{Kind, LOOK_BACK_DAYS, NOTICE_DAYS, Reason, Standing, Terms};
use crate::domain::features::Feature;
use crate::domain::ids::CustomerId;
use crate::domain::notices::Event;
use crate::tenancy::{Arg, Tenant, TenantState};
use serde_json::json;
use std::collections::BTreeMap;
use time::macros::date;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

const KIND: &str = "bonus_expiring";
/// Customers looked at, or told, at once.
const PAGE: u32 = 200;
/// No points passed their day before.
const LONG_AGO: Date = date!(2000 - 01 - 01);

/// Every supplier that has it; returns how many customers something happened to. One supplier's failure is not another's.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        let Some(tenant) = (services.tenants)(row.id) else { continue };
        if !tenant.has(Feature::BonusProgramme) || tenant.state == TenantState::Suspended {
            continue;
        }
        count += look(services, &tenant).await;
    }
    Ok(count)
}

/// Whatever of it fails, the rest is done.
async fn look(services: &JobServices, tenant: &Tenant) -> usize {
    let db = services.db.tenant(tenant.id);
    let done = [
        ("earned", earn(services, tenant, &db).await),
        ("written off", lapse(services, tenant, &db).await),
        ("told of", tell(services, tenant, &db).await),
    ];
    let mut count = 0;
    for (what, done) in done {
        match done {
            Ok(touched) => count += touched,
            Err(error) => tracing::warn!(tenant = tenant.slug, what, ?error, "bonus points could not be looked after"),
        }
    }
    count
}

async fn earn(services: &JobServices, tenant: &Tenant, db: &TenantDb) -> Result<usize, data::Error> {
    let terms = tenant.document.bonus.terms;
    let zone = &tenant.document.locale.timezone;
    let (now, today) = (services.clock.now(), services.clock.today(zone));
    let from = today - Duration::days(LOOK_BACK_DAYS);
    let (mut after, mut count) = (CustomerId(Uuid::nil()), 0);
    loop {
        let tx = db.read().await?;
        let page = tx.bonus_earners(after, tenant.has(Feature::BonusAutoEnrolment), PAGE).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(count) };
        let of = *first..=*last;
        after = *last;
        let on_time = match terms.payment_on_time > 0 {
            true => tx.advances_paid_on_time(from, of.clone()).await?,
            false => Vec::new(),
        };
        let electronic = match terms.e_invoice > 0 {
            true => tx.invoices_sent_electronically(from, of).await?,
            false => Vec::new(),
        };
        tx.commit().await?;
        let on_time = on_time.iter().map(|one| (Reason::PaymentOnTime, one.of_advance(), one));
        let electronic = electronic.iter().map(|one| (Reason::EInvoice, one.of_invoice(), one));
        // Whoever has several log-ins is named with each of them; each cause counts once.
        let mut wanted: BTreeMap<CustomerId, BTreeMap<String, Reason>> = BTreeMap::new();
        for (reason, cause, one) in on_time.chain(electronic).filter(|(.., one)| counts(services, tenant, one)) {
            wanted.entry(one.customer).or_default().insert(cause, reason);
        }
        count += credit(db, &terms, wanted, (now, today)).await?;
    }
}

/// Answers how many customers got something.
async fn credit(
    db: &TenantDb,
    terms: &Terms,
    wanted: BTreeMap<CustomerId, BTreeMap<String, Reason>>,
    (now, today): (OffsetDateTime, Date),
) -> Result<usize, data::Error> {
    let mut count = 0;
    for (customer, causes) in wanted {
        let tx = db.begin().await?;
        let mut points = 0;
        for (cause, reason) in causes {
            let credit = Credit {
                kind: Kind::Earned,
                reason,
                points: terms.points_for(reason),
                cause,
                words: String::new(),
                offer: None,
                staff: None,
                expires_on: terms.holds_until(today),
            };
            if tx.credit_bonus(customer, &credit, now).await? {
                points += credit.points;
            }
        }
        if points > 0 {
            tx.write_audit(&line("earn_bonus", customer, points)).await?;
            tx.commit().await?;
            count += 1;
        }
    }
    Ok(count)
}

/// They were a member on the day it was done.
fn counts(services: &JobServices, tenant: &Tenant, one: &BonusCause) -> bool {
    let is_automatic = tenant.has(Feature::BonusAutoEnrolment);
    let since = match one.standing {
        Some((Standing::Joined, since)) => since.max(one.log_in_since),
        _ => one.log_in_since,
    };
    let since = services.clock.local(since, &tenant.document.locale.timezone).0;
    Standing::is_member(one.standing.map(|(standing, _)| standing), is_automatic) && one.done_on >= since
}

async fn lapse(services: &JobServices, tenant: &Tenant, db: &TenantDb) -> Result<usize, data::Error> {
    let (now, today) = (services.clock.now(), services.clock.today(&tenant.document.locale.timezone));
    let (mut day, mut after, mut count) = (LONG_AGO, CustomerId(Uuid::nil()), 0);
    loop {
        let owners = owners(db, &mut day, &mut after, today - Duration::DAY).await?;
        if owners.is_empty() {
            return Ok(count);
        }
        for (customer, _) in owners {
            let tx = db.begin().await?;
            let lost = tx.write_off_bonus(customer, today, now).await?;
            if lost > 0 {
                tx.write_audit(&line("expire_bonus", customer, -lost)).await?;
                tx.commit().await?;
                count += 1;
            }
        }
    }
}

/// The next page of whose points have their last day on `day` or later until `to`; `day` and `after` move on with it. Empty at the end.
async fn owners(
    db: &TenantDb,
    day: &mut Date,
    after: &mut CustomerId,
    to: Date,
) -> Result<Vec<(CustomerId, i64)>, data::Error> {
    let tx = db.read().await?;
    loop {
        let found = tx.bonus_owners(*day, *after, PAGE).await?;
        if let Some((last, _)) = found.last() {
            *after = *last;
            tx.commit().await?;
            return Ok(found);
        }
        let Some(next) = tx.next_bonus_day(*day, to).await? else { return Ok(found) };
        (*day, *after) = (next, CustomerId(Uuid::nil()));
    }
}

/// One notice for each day on which points go, at an hour at which people are told things.
async fn tell(services: &JobServices, tenant: &Tenant, db: &TenantDb) -> Result<usize, data::Error> {
    let zone = &tenant.document.locale.timezone;
    let (now, today) = (services.clock.now(), services.clock.today(zone));
    if now < services.clock.instant(today, FROM, zone) {
        return Ok(0);
    }
    let (mut day, mut after, mut count) = (today - Duration::DAY, CustomerId(Uuid::max()), 0);
    loop {
        let owners = owners(db, &mut day, &mut after, today + Duration::days(NOTICE_DAYS)).await?;
        if owners.is_empty() {
            return Ok(count);
        }
        let causes: Vec<String> = owners.iter().map(|(customer, _)| cause_of(*customer, day)).collect();
        let customers: Vec<CustomerId> = owners.iter().map(|(customer, _)| *customer).collect();
        let tx = db.read().await?;
        let told = tx.told_causes(KIND, &customers, &causes).await?;
        tx.commit().await?;
        let untold: Vec<_> = owners.into_iter().filter(|(one, _)| !told.contains(&cause_of(*one, day))).collect();
        if untold.is_empty() {
            continue;
        }
        let tx = db.begin().await?;
        for (customer, points) in &untold {
            tx.tell(&notice(tenant, *customer, day, *points, (now, today))).await?;
        }
        tx.commit().await?;
        count += untold.len();
    }
}

fn cause_of(customer: CustomerId, day: Date) -> String {
    format!("{KIND}:{customer}:{day}")
}

fn notice<'a>(
    tenant: &'a Tenant,
    customer: CustomerId,
    day: Date,
    points: i64,
    (now, today): (OffsetDateTime, Date),
) -> Notice<'a> {
    let lang = tenant.document.locale.default;
    let args = [("count", Arg::from(points)), ("number", Arg::from(points.to_string()))];
    Notice {
        event: Event::Bonus,
        kind: KIND,
        customer,
        payload: json!({
            "path": "/bonus",
            "points": tenant.theme.text_args(lang, "bonus-points", &args),
            "day_on": day.to_string(),
        }),
        cause: cause_of(customer, day),
        language: lang.key(),
        now,
        today,
    }
}

fn line(action: &str, customer: CustomerId, points: i64) -> AuditEntry {
    AuditEntry {
        actor_kind: "system".into(),
        actor: String::new(),
        role: String::new(),
        feature: Some(Feature::BonusProgramme),
        action: action.into(),
        object: format!("customer:{customer}"),
        before: serde_json::Value::Null,
        after: json!({ "points": points }),
        request_id: String::new(),
    }
}
