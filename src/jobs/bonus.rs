//! The bonus programme unasked: points for advances paid on time and for electronic invoices, points whose day has passed written off, a
//! mail a month before. Any number of instances may run it at any time: each cause has one entry, each mail its key.
use super::JobServices;
use crate::data::{self, AuditEntry, BonusCause, Credit, Notice, TenantDb};
use crate::domain::bonus::{Kind, LOOK_BACK_DAYS, NOTICE_DAYS, Reason, Standing};
use crate::domain::features::Feature;
use crate::domain::ids::CustomerId;
use crate::domain::notices::Event;
use crate::tenancy::{Arg, Tenant, TenantState};
use serde_json::json;
use std::collections::BTreeMap;
use time::Duration;

/// Every supplier that has it; returns how many customers something happened to. One supplier's failure is not another's.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        let Some(tenant) = (services.tenants)(row.id) else { continue };
        if !tenant.has(Feature::BonusProgramme) || tenant.state == TenantState::Suspended {
            continue;
        }
        match look(services, &tenant).await {
            Ok(touched) => count += touched,
            Err(error) => tracing::warn!(tenant = tenant.slug, ?error, "bonus points could not be looked after"),
        }
    }
    Ok(count)
}

async fn look(services: &JobServices, tenant: &Tenant) -> Result<usize, data::Error> {
    let db = services.db.tenant(tenant.id);
    let earned = earn(services, tenant, &db).await?;
    let lapsed = lapse(services, tenant, &db).await?;
    Ok(earned + lapsed + tell(services, tenant, &db).await?)
}

async fn earn(services: &JobServices, tenant: &Tenant, db: &TenantDb) -> Result<usize, data::Error> {
    let terms = tenant.document.bonus.terms;
    let zone = &tenant.document.locale.timezone;
    let (now, today) = (services.clock.now(), services.clock.today(zone));
    let from = today - Duration::days(LOOK_BACK_DAYS);
    let tx = db.read().await?;
    let on_time = if terms.payment_on_time > 0 { tx.advances_paid_on_time(from).await? } else { Vec::new() };
    let electronic = if terms.e_invoice > 0 { tx.invoices_sent_electronically(from).await? } else { Vec::new() };
    let known = tx.bonus_causes_since((from - Duration::DAY).midnight().assume_utc()).await?;
    tx.commit().await?;
    let on_time = on_time.iter().map(|one| (Reason::PaymentOnTime, format!("advance:{}:{}", one.object, one.day), one));
    let electronic = electronic.iter().map(|one| (Reason::EInvoice, format!("invoice:{}", one.object), one));
    // Whoever has several log-ins is named with each of them; each cause counts once.
    let mut wanted: BTreeMap<CustomerId, BTreeMap<String, Reason>> = BTreeMap::new();
    for (reason, cause, one) in on_time.chain(electronic) {
        if counts(services, tenant, one) && !known.contains(&(one.customer, cause.clone())) {
            wanted.entry(one.customer).or_default().insert(cause, reason);
        }
    }
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
    let tx = db.read().await?;
    let owners = tx.bonus_owners(None, today - Duration::DAY).await?;
    tx.commit().await?;
    let mut count = 0;
    for customer in owners {
        let tx = db.begin().await?;
        let lost = tx.write_off_bonus(customer, today, now).await?;
        if lost > 0 {
            tx.write_audit(&line("expire_bonus", customer, -lost)).await?;
            tx.commit().await?;
            count += 1;
        }
    }
    Ok(count)
}

/// One notice for each day on which points go.
async fn tell(services: &JobServices, tenant: &Tenant, db: &TenantDb) -> Result<usize, data::Error> {
    const KIND: &str = "bonus_expiring";
    let (now, today) = (services.clock.now(), services.clock.today(&tenant.document.locale.timezone));
    let lang = tenant.document.locale.default;
    let tx = db.begin().await?;
    // Of those who were told by mail or text message already the key begins with the customer and the day.
    let told = tx.asked_on(&format!("{KIND}:")).await?;
    let mut count = 0;
    for customer in tx.bonus_owners(Some(today), today + Duration::days(NOTICE_DAYS)).await? {
        for (day, points) in tx.bonus_purse(customer).await?.going(today, NOTICE_DAYS) {
            let cause = format!("{customer}:{day}");
            if told.range(cause.clone()..).next().is_some_and(|(key, _)| key.starts_with(&cause)) {
                continue;
            }
            let args = [("count", Arg::from(points)), ("number", Arg::from(points.to_string()))];
            let notice = Notice {
                event: Event::Bonus,
                kind: KIND,
                customer,
                payload: json!({
                    "path": "/bonus",
                    "points": tenant.theme.text_args(lang, "bonus-points", &args),
                    "day_on": day.to_string(),
                    "asked_on": today.to_string(),
                }),
                cause: format!("{KIND}:{cause}"),
                language: lang.key(),
                now,
                today,
            };
            tx.tell(&notice).await?;
            count += 1;
        }
    }
    tx.commit().await?;
    Ok(count)
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
