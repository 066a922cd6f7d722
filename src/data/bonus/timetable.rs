//! What the daily look of the bonus programme finds: what has earned points, whose points pass their day, whom to tell before.
use crate::data::error::{Error, odd};
use crate::data::scope::TenantTx;
use crate::domain::bonus::Standing;
use crate::domain::ids::CustomerId;
use sea_orm::FromQueryResult;
use sea_orm::entity::prelude::*;
use std::ops::RangeInclusive;
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

/// A log-in that its owner has taken over, of the row named `x`, of customers in a row; without what has its entry in the ledger.
macro_rules! of_log_ins {
    ($columns:literal, $table:literal, $condition:literal, $cause:literal) => {
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
            " AND x.customer_id >= $3 AND x.customer_id <= $4 AND NOT EXISTS (SELECT 1 FROM bonus_entries e \
             WHERE e.tenant_id = x.tenant_id AND e.customer_id = x.customer_id AND e.cause = ",
            $cause,
            ") ORDER BY x.customer_id, a.created_at"
        )
    };
}

macro_rules! paid_on_time {
    ($cause:literal) => {
        of_log_ins!(
            "x.supply_point_id AS object, x.due_on AS day, x.paid_on AS done_on",
            "instalments",
            "x.due_on >= $2 AND x.paid_on >= $2 AND x.paid_on <= x.due_on AND x.amount > 0 AND x.paid >= x.amount",
            $cause
        )
    };
}

macro_rules! sent_electronically {
    ($cause:literal) => {
        of_log_ins!(
            "x.id AS object, x.issued_on AS day, x.issued_on AS done_on",
            "invoices",
            "x.issued_on >= $2 AND x.document_id IS NOT NULL",
            $cause
        )
    };
}

/// Tenant, the first day that still counts, the first and the last customer; on PostgreSQL and on SQLite, which write a row's number each
/// in its own way.
const PAID_ON_TIME: [&str; 2] = [
    paid_on_time!("'advance:' || replace(CAST(x.supply_point_id AS TEXT), '-', '') || ':' || CAST(x.due_on AS TEXT)"),
    paid_on_time!("'advance:' || lower(hex(x.supply_point_id)) || ':' || CAST(x.due_on AS TEXT)"),
];
const SENT_ELECTRONICALLY: [&str; 2] = [
    sent_electronically!("'invoice:' || replace(CAST(x.id AS TEXT), '-', '')"),
    sent_electronically!("'invoice:' || lower(hex(x.id))"),
];
/// Tenant, the customer before, whether everybody is a member, how many.
const MEMBERS: &str = "SELECT DISTINCT s.customer_id FROM memberships s WHERE s.tenant_id = $1 AND s.customer_id > $2 \
    AND COALESCE((SELECT m.standing FROM bonus_members m WHERE m.tenant_id = s.tenant_id \
    AND m.customer_id = s.customer_id), 'implied') IN ('joined', CASE WHEN $3 THEN 'implied' ELSE 'joined' END) \
    ORDER BY s.customer_id LIMIT $4";
/// Tenant, the day before, the last that counts.
const NEXT_DAY: &str = "SELECT MIN(expires_on) AS day FROM bonus_entries WHERE tenant_id = $1 AND rest > 0 \
    AND expires_on > $2 AND expires_on <= $3";
/// Tenant, the day, the customer before, how many.
const GOING: &str = "SELECT customer_id, CAST(SUM(rest) AS BIGINT) AS points FROM bonus_entries WHERE tenant_id = $1 \
    AND rest > 0 AND expires_on = $2 AND customer_id > $3 GROUP BY customer_id ORDER BY customer_id LIMIT $4";
const HAS_LOG_IN: &str = "SELECT a.created_at FROM memberships s JOIN accounts a ON a.tenant_id = s.tenant_id \
    AND a.id = s.account_id WHERE s.tenant_id = $1 AND s.customer_id = $2 AND a.is_disabled = FALSE \
    AND a.must_change = FALSE AND a.password_hash <> ''";

#[derive(FromQueryResult)]
struct CustomerSql {
    customer_id: Uuid,
}

#[derive(FromQueryResult)]
struct DaySql {
    day: Option<Date>,
}

#[derive(FromQueryResult)]
struct GoingSql {
    customer_id: Uuid,
    points: i64,
}

impl BonusCause {
    /// The name under which an advance's points stand in the ledger; the statements above say it too.
    pub fn of_advance(&self) -> String {
        format!("advance:{}:{}", self.object.simple(), self.day)
    }

    pub fn of_invoice(&self) -> String {
        format!("invoice:{}", self.object.simple())
    }
}

impl TenantTx {
    /// Members with a log-in, in their order, after that one.
    pub async fn bonus_earners(
        &self,
        after: CustomerId,
        is_automatic: bool,
        limit: u32,
    ) -> Result<Vec<CustomerId>, Error> {
        let values = vec![after.0.into(), is_automatic.into(), i64::from(limit).into()];
        let rows: Vec<CustomerSql> = self.rows(MEMBERS, values).await?;
        Ok(rows.into_iter().map(|row| CustomerId(row.customer_id)).collect())
    }

    /// Advances paid whole by their day, from the day on, that have earned nothing yet. Where a customer has several log-ins, each is named.
    pub async fn advances_paid_on_time(
        &self,
        from: Date,
        customers: RangeInclusive<CustomerId>,
    ) -> Result<Vec<BonusCause>, Error> {
        self.bonus_causes(PAID_ON_TIME, from, customers).await
    }

    /// Invoices whose document is in the portal, issued from the day on, that have earned nothing yet.
    pub async fn invoices_sent_electronically(
        &self,
        from: Date,
        customers: RangeInclusive<CustomerId>,
    ) -> Result<Vec<BonusCause>, Error> {
        self.bonus_causes(SENT_ELECTRONICALLY, from, customers).await
    }

    async fn bonus_causes(
        &self,
        [postgres, sqlite]: [&'static str; 2],
        from: Date,
        customers: RangeInclusive<CustomerId>,
    ) -> Result<Vec<BonusCause>, Error> {
        self.be_patient().await?;
        let (first, last) = customers.into_inner();
        let sql = if self.is_postgres() { postgres } else { sqlite };
        let rows: Vec<CauseSql> = self.rows(sql, vec![from.into(), first.0.into(), last.0.into()]).await?;
        rows.into_iter().map(cause_of).collect()
    }

    /// Somebody has taken over a log-in of the customer's.
    pub async fn has_own_log_in(&self, customer: CustomerId) -> Result<bool, Error> {
        Ok(!self.rows_of(HAS_LOG_IN.to_owned(), vec![customer.0.into()]).await?.is_empty())
    }

    /// The next day after which points go.
    pub async fn next_bonus_day(&self, after: Date, to: Date) -> Result<Option<Date>, Error> {
        let rows: Vec<DaySql> = self.rows(NEXT_DAY, vec![after.into(), to.into()]).await?;
        Ok(rows.into_iter().find_map(|row| row.day))
    }

    /// Whose points have their last day then, and how many are left of them; in their order, after that one.
    pub async fn bonus_owners(
        &self,
        day: Date,
        after: CustomerId,
        limit: u32,
    ) -> Result<Vec<(CustomerId, i64)>, Error> {
        let rows: Vec<GoingSql> = self.rows(GOING, vec![day.into(), after.0.into(), i64::from(limit).into()]).await?;
        Ok(rows.into_iter().map(|row| (CustomerId(row.customer_id), row.points)).collect())
    }
}
