//! What became true on certain days and is told: invoices issued, due and overdue, payments, advances that did not come, the time to
//! read the meter, contracts that end. Each a page of rows at a time, in the order of their keys.
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::CustomerId;
use sea_orm::FromQueryResult;
use sea_orm::Value;
use time::Date;
use uuid::Uuid;

/// After the first day, up to and with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub after: Date,
    pub last: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Issued,
    /// Still to be paid, and due on those days.
    Due,
    PaymentReceived,
    /// An advance that was due on those days and is not paid.
    AdvanceMissing,
    /// The last settlement of a supply point ended on those days.
    Settled,
    ContractEnds,
}

/// One thing to tell somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The row it is true of.
    pub id: Uuid,
    pub customer: CustomerId,
    /// What people call it: an invoice's number, a supply point's code, a variable symbol.
    pub number: String,
    pub amount: i64,
    pub day: Date,
}

#[derive(FromQueryResult)]
struct FactSql {
    id: Uuid,
    customer_id: Uuid,
    number: String,
    amount: i64,
    day: Date,
}

impl News {
    /// Tenant, after, last, the id to go on after, how many.
    fn sql(self) -> &'static str {
        match self {
            News::Issued => {
                "SELECT id, customer_id, number, payable AS amount, due_on AS day FROM invoices \
                 WHERE tenant_id = $1 AND issued_on > $2 AND issued_on <= $3 AND id > $4 ORDER BY id LIMIT $5"
            }
            News::Due => {
                "SELECT id, customer_id, number, payable - paid AS amount, due_on AS day FROM invoices \
                 WHERE tenant_id = $1 AND due_on > $2 AND due_on <= $3 AND payable > paid AND id > $4 ORDER BY id LIMIT $5"
            }
            News::PaymentReceived => {
                "SELECT id, customer_id, variable_symbol AS number, amount, received_on AS day FROM payments \
                 WHERE tenant_id = $1 AND received_on > $2 AND received_on <= $3 AND amount > 0 AND id > $4 ORDER BY id LIMIT $5"
            }
            News::AdvanceMissing => {
                "SELECT schedule_id AS id, customer_id, variable_symbol AS number, amount - paid AS amount, due_on AS day \
                 FROM instalments WHERE tenant_id = $1 AND due_on > $2 AND due_on <= $3 AND amount > paid \
                 AND schedule_id > $4 ORDER BY schedule_id, due_on LIMIT $5"
            }
            News::Settled => {
                "SELECT p.id, p.customer_id, p.code AS number, CAST(0 AS bigint) AS amount, i.period_to AS day \
                 FROM supply_points p JOIN invoices i ON i.tenant_id = p.tenant_id AND i.customer_id = p.customer_id \
                 AND i.supply_point_id = p.id WHERE p.tenant_id = $1 AND i.period_to > $2 AND i.period_to <= $3 \
                 AND i.kind = 'settlement' AND p.contract_until IS NULL AND NOT EXISTS (SELECT 1 FROM invoices later \
                 WHERE later.tenant_id = p.tenant_id AND later.customer_id = p.customer_id AND later.supply_point_id = p.id \
                 AND later.period_to > i.period_to) AND p.id > $4 ORDER BY p.id LIMIT $5"
            }
            News::ContractEnds => {
                "SELECT id, customer_id, code AS number, CAST(0 AS bigint) AS amount, contract_until AS day FROM supply_points \
                 WHERE tenant_id = $1 AND contract_until > $2 AND contract_until <= $3 AND id > $4 ORDER BY id LIMIT $5"
            }
        }
    }
}

impl TenantTx {
    pub async fn news(&self, what: News, days: Days, after: Uuid, limit: u64) -> Result<Vec<Fact>, Error> {
        let values: Vec<Value> = vec![days.after.into(), days.last.into(), after.into(), (limit as i64).into()];
        let rows: Vec<FactSql> = self.rows(what.sql(), values).await?;
        let fact = |row: FactSql| Fact {
            id: row.id,
            customer: CustomerId(row.customer_id),
            number: row.number,
            amount: row.amount,
            day: row.day,
        };
        Ok(rows.into_iter().map(fact).collect())
    }
}
