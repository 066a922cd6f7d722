//! Whom to ask for a reading of the month: customers with a supply point now, whether their own reading came, and what was sent to them.
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;
use time::Date;
use uuid::Uuid;

/// One customer as the timetable sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promptable {
    pub customer: CustomerId,
    pub email: String,
    pub has_reading: bool,
    /// Who may say that they want no such mail.
    pub owner: Option<AccountId>,
}

#[derive(FromQueryResult)]
struct PromptableSql {
    id: Uuid,
    email: String,
    has_reading: i64,
    owner: Option<Uuid>,
}

/// Tenant, today, the first of the month. Nobody who said no to it.
const PROMPTABLE: &str = "SELECT c.id, c.email, (SELECT count(*) FROM readings r WHERE r.tenant_id = c.tenant_id \
    AND r.customer_id = c.id AND r.kind = 'customer' AND r.read_on >= $3) AS has_reading, \
    (SELECT m.account_id FROM memberships m WHERE m.tenant_id = c.tenant_id AND m.customer_id = c.id AND m.role = 'owner' \
    ORDER BY m.account_id LIMIT 1) AS owner \
    FROM customers c WHERE c.tenant_id = $1 AND c.email IS NOT NULL AND c.email <> '' AND EXISTS (SELECT 1 \
    FROM supply_points p WHERE p.tenant_id = c.tenant_id AND p.customer_id = c.id AND p.contract_since <= $2 \
    AND (p.contract_until IS NULL OR p.contract_until >= $2)) AND NOT EXISTS (SELECT 1 FROM memberships m \
    JOIN notice_choices n ON n.tenant_id = m.tenant_id AND n.account_id = m.account_id WHERE m.tenant_id = c.tenant_id \
    AND m.customer_id = c.id AND m.role = 'owner' AND n.event = 'reading_window' AND n.channel = 'mail' AND NOT n.is_on) \
    ORDER BY c.id";

impl TenantTx {
    pub async fn promptable(&self, today: Date, month: Date) -> Result<Vec<Promptable>, Error> {
        let rows: Vec<PromptableSql> = self.rows(PROMPTABLE, vec![today.into(), month.into()]).await?;
        let of = |row: PromptableSql| Promptable {
            customer: CustomerId(row.id),
            email: row.email,
            has_reading: row.has_reading > 0,
            owner: row.owner.map(AccountId),
        };
        Ok(rows.into_iter().map(of).collect())
    }

    /// Days under which messages were asked for (`asked_on` of their payload), by what follows `start` in their keys.
    pub async fn asked_on(&self, start: &str) -> Result<BTreeMap<String, Date>, Error> {
        let found = self.payloads_of_messages(start).await?.into_iter().filter_map(|(key, payload)| {
            let day = payload.get("asked_on")?.as_str()?.to_owned();
            let format = time::macros::format_description!("[year]-[month]-[day]");
            Some((key.strip_prefix(start)?.to_owned(), Date::parse(&day, format).ok()?))
        });
        Ok(found.collect())
    }
}
