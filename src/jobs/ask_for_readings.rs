//! Asks for the month's reading where advances follow the real use: one mail a month, one reminder, none to who read the meter already.
//! Any number of instances may run it: each mail has its key, so the second of two is not added.
use super::JobServices;
use crate::data::{self, NewMessage};
use crate::domain::calendar::month_start;
use crate::domain::features::Feature;
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, Event};
use crate::domain::reading_prompts::{Asked, Prompt, Rhythm, due};
use crate::tenancy::{Tenant, TenantState};
use serde_json::json;

/// Every supplier that has it; returns how many mails were put out. One supplier's failure is not another's.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        let Some(tenant) = (services.tenants)(row.id) else { continue };
        let is_on = tenant.has(Feature::ReadingMonthlyEmailPrompt) && tenant.state != TenantState::Suspended;
        if !is_on {
            continue;
        }
        match ask(services, &tenant).await {
            Ok(asked) => count += asked,
            Err(error) => tracing::warn!(tenant = tenant.slug, ?error, "readings could not be asked for"),
        }
    }
    Ok(count)
}

async fn ask(services: &JobServices, tenant: &Tenant) -> Result<usize, data::Error> {
    let today = services.clock.today(&tenant.document.locale.timezone);
    let parameters = &tenant.document.parameters;
    let rhythm = Rhythm { day: parameters.reading_prompt_day, reminder_days: parameters.reading_reminder_days };
    if i64::from(today.day()) < rhythm.day {
        return Ok(0);
    }
    let month = month_start(today, 0);
    let start = |kind: &str| format!("{kind}:{}-{:02}:", month.year(), u8::from(month.month()));
    let (first, reminder) = (start("reading_prompt"), start("reading_reminder"));
    let tx = services.db.tenant(tenant.id).begin().await?;
    let (asked, reminded) = (tx.asked_on(&first).await?, tx.asked_on(&reminder).await?);
    let mut messages = Vec::new();
    for one in tx.promptable(today, month).await? {
        let key = one.customer.to_string();
        let known = Asked {
            first_on: asked.get(&key).copied(),
            was_reminded: reminded.contains_key(&key),
            has_reading: one.has_reading,
        };
        let (kind, start) = match due(today, rhythm, known) {
            None => continue,
            Some(Prompt::First) => ("reading_prompt", &first),
            Some(Prompt::Reminder) => ("reading_reminder", &reminder),
        };
        messages.push(NewMessage {
            id: MessageId::new(),
            channel: Channel::Mail,
            customer: Some(one.customer),
            kind: kind.into(),
            recipient: one.email,
            language: tenant.document.locale.default.key().to_owned(),
            payload: json!({
                "path": "/readings/new",
                "asked_on": today.to_string(),
                "off": one.owner.map(|owner| json!({ "account": owner.to_string(), "event": Event::ReadingWindow.key() })),
            }),
            dedupe_key: format!("{start}{key}"),
        });
    }
    tx.enqueue(&messages).await?;
    tx.commit().await?;
    Ok(messages.len())
}
