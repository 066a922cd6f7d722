//! What the daily look of the bonus programme finds: what has earned points, whose points pass their day, whom to tell before.
use super::ledger::entry;
use crate::data::error::{Error, odd};
use crate::data::scope::TenantTx;
use crate::domain::bonus::{Kind, Standing};
use crate::domain::ids::CustomerId;
use sea_orm::FromQueryResult;
use sea_orm::entity::prelude::*;
use std::collections::BTreeSet;
use time::{Date, OffsetDateTime};

/// Something that may have earned points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusCause {
    pub customer: CustomerId,
    /// The supply point or the invoice.
    pub object: Uuid,
    /// When it was due or issued.
    pub day: Date,
    /// When it was done.
    pub done_on: Date,
    /// How they stand to the programme, and since when; none where nothing happened yet.
    pub standing: Option<(Standing, OffsetDateTime)>,
    /// Since when somebody can sign in for them.
    pub log_in_since: OffsetDateTime,
}

#[derive(FromQueryResult)]
struct CauseSql {
    customer_id: Uuid,
    object: Uuid,
    day: Date,
    done_on: Date,
    standing: Option<String>,
    since: Option<OffsetDateTime>,
    log_in_since: OffsetDateTime,
}

fn cause_of(row: CauseSql) -> Result<BonusCause, Error> {
    let standing = row.standing.map(|key| Standing::parse(&key).ok_or_else(|| odd("standing", &key))).transpose()?;
    Ok(BonusCause {
        customer: CustomerId(row.customer_id),
        object: row.object,
        day: row.day,
        done_on: row.done_on,
        standing: standing.zip(row.since),
        log_in_since: row.log_in_since,
    })
}

/// A log-in that its owner has taken over, of the row named `x`.
macro_rules! of_log_ins {
    ($columns:literal, $table:literal, $condition:literal) => {
        concat!(
            "SELECT x.customer_id, ",
            $columns,
            ", m.standing, m.since, a.created_at AS log_in_since FROM ",
            $table,
            " x LEFT JOIN bonus_members m ON m.tenant_id = x.tenant_id AND m.customer_id = x.customer_id \
             JOIN memberships s ON s.tenant_id = x.tenant_id AND s.customer_id = x.customer_id \
             JOIN accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id \
             WHERE x.tenant_id = $1 AND a.is_disabled = FALSE AND a.must_change = FALSE AND a.password_hash <> '' AND ",
            $condition,
            " ORDER BY x.customer_id, a.created_at"
        )
    };
}

/// Tenant, the first day that still counts.
const PAID_ON_TIME: &str = of_log_ins!(
    "x.supply_point_id AS object, x.due_on AS day, x.paid_on AS done_on",
    "instalments",
    "x.paid_on >= $2 AND x.paid_on <= x.due_on AND x.amount > 0 AND x.paid >= x.amount"
);
const SENT_ELECTRONICALLY: &str = of_log_ins!(
    "x.id AS object, x.issued_on AS day, x.issued_on AS done_on",
    "invoices",
    "x.issued_on >= $2 AND x.document_id IS NOT NULL"
);
const HAS_LOG_IN: &str = "SELECT a.created_at FROM memberships s JOIN accounts a ON a.tenant_id = s.tenant_id \
    AND a.id = s.account_id WHERE s.tenant_id = $1 AND s.customer_id = $2 AND a.is_disabled = FALSE \
    AND a.must_change = FALSE AND a.password_hash <> ''";

impl TenantTx {
    /// Advances paid whole by their day, from the day on. Where a customer has several log-ins, each is named.
    pub async fn advances_paid_on_time(&self, from: Date) -> Result<Vec<BonusCause>, Error> {
        let rows: Vec<CauseSql> = self.rows(PAID_ON_TIME, vec![from.into()]).await?;
        rows.into_iter().map(cause_of).collect()
    }

    /// Invoices whose document is in the portal, issued from the day on.
    pub async fn invoices_sent_electronically(&self, from: Date) -> Result<Vec<BonusCause>, Error> {
        let rows: Vec<CauseSql> = self.rows(SENT_ELECTRONICALLY, vec![from.into()]).await?;
        rows.into_iter().map(cause_of).collect()
    }

    /// Somebody has taken over a log-in of the customer's.
    pub async fn has_own_log_in(&self, customer: CustomerId) -> Result<bool, Error> {
        Ok(!self.rows_of(HAS_LOG_IN.to_owned(), vec![customer.0.into()]).await?.is_empty())
    }

    /// Causes that have earned since then.
    pub async fn bonus_causes_since(&self, since: OffsetDateTime) -> Result<BTreeSet<(CustomerId, String)>, Error> {
        let rows = self.find::<entry::Entity>().with(|query| {
            query.filter(entry::Column::GrantedAt.gte(since)).filter(entry::Column::Kind.eq(Kind::Earned.key()))
        });
        Ok(rows.all().await?.into_iter().map(|row| (CustomerId(row.customer_id), row.cause)).collect())
    }

    /// Who has points whose last day is one of these.
    pub async fn bonus_owners(&self, from: Option<Date>, to: Date) -> Result<Vec<CustomerId>, Error> {
        let rows = self.find::<entry::Entity>().with(|query| {
            let query = query.filter(entry::Column::Rest.gt(0)).filter(entry::Column::ExpiresOn.lte(to));
            match from {
                Some(from) => query.filter(entry::Column::ExpiresOn.gte(from)),
                None => query,
            }
        });
        let owners: BTreeSet<Uuid> = rows.all().await?.into_iter().map(|row| row.customer_id).collect();
        Ok(owners.into_iter().map(CustomerId).collect())
    }
}
