//! Everything a customer's dashboard shows, in three statements written by hand: the page every visit opens decides what an instance can carry.
use super::customers::method;
use super::error::{Error, odd};
use super::scope::TenantTx;
use super::supply_points::{commodity_of, register_of};
use crate::domain::advances::Instalment;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::ids::{CustomerId, DocumentId, InvoiceId, ReadingId, ScheduleId, SupplyPointId};
use crate::domain::invoices::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::readings::ReadingKind;
use crate::domain::requests::{RequestKind, RequestState};
use crate::domain::supply_points::{Commodity, Register};
use sea_orm::prelude::Uuid;
use sea_orm::{DbErr, FromQueryResult, QueryResult};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration};

/// A supply point with its present terms.
#[derive(Clone, Debug)]
pub struct PointRow {
    pub id: SupplyPointId,
    pub commodity: Commodity,
    pub code: String,
    pub street: String,
    pub city: String,
}

#[derive(Clone, Debug)]
pub struct ReadingRow {
    pub id: ReadingId,
    pub supply_point: SupplyPointId,
    pub register: Register,
    pub read_on: Date,
    pub state: i64,
    pub kind: ReadingKind,
    pub consumption: Option<i64>,
}

/// A request that is not closed.
#[derive(Clone, Debug)]
pub struct RequestRow {
    pub reference: String,
    pub kind: RequestKind,
    pub state: RequestState,
    pub deadline: Date,
}

#[derive(Clone, Debug)]
pub struct DashboardRows {
    /// Positive: the customer owes.
    pub balance: Money,
    pub balance_as_of: Option<Date>,
    pub supply_points: Vec<PointRow>,
    /// The newest twelve.
    pub invoices: Vec<Invoice>,
    /// The newest twelve.
    pub readings: Vec<ReadingRow>,
    /// Unpaid and overdue, and what is due within 62 days, in the order due.
    pub instalments: Vec<Instalment>,
    /// Twenty-five months of energy, oldest first; volumes are left out.
    pub consumption: Vec<MonthlyConsumption>,
    /// Soonest deadline first.
    pub requests: Vec<RequestRow>,
}

/// Points with the customer's balance.
const POINTS: &str = "SELECT s.id, s.commodity, s.code, s.street, s.city, c.balance, c.balance_as_of \
    FROM customers c JOIN supply_points s ON s.tenant_id = c.tenant_id AND s.customer_id = c.id \
    WHERE c.tenant_id = $1 AND c.id = $2 ORDER BY s.commodity, s.code";

const INVOICES: &str = "SELECT id, supply_point_id, commodity, number, kind, period_from, period_to, issued_on, due_on, \
    total, payable, paid, variable_symbol, document_id \
    FROM invoices WHERE tenant_id = $1 AND customer_id = $2 ORDER BY issued_on DESC, id DESC LIMIT 12";

/// Readings, instalments and requests have the same shape: a day, an owner and up to two numbers. The months of a register come as one row,
/// `2026-10-01:819000,…`: sixty rows of eight columns would cost more to decode than the whole page to draw.
const REST: &str = "SELECT * FROM (SELECT 1 AS part, id, supply_point_id, register AS word, kind AS other, read_on AS day, state AS a, \
    consumption AS b \
    FROM readings WHERE tenant_id = $1 AND customer_id = $2 ORDER BY read_on DESC, id DESC LIMIT 12) AS r \
    UNION ALL SELECT 2, schedule_id, supply_point_id, method, variable_symbol, due_on, amount, paid \
    FROM instalments WHERE tenant_id = $1 AND customer_id = $2 AND due_on <= $3 AND due_on >= $5 AND paid < amount \
    UNION ALL SELECT 3, supply_point_id, supply_point_id, register, \
    string_agg(CAST(month AS TEXT) || ':' || CAST(energy_wh AS TEXT), ','), MAX(month), 0, NULL \
    FROM monthly_consumption WHERE tenant_id = $1 AND customer_id = $2 AND month >= $4 GROUP BY supply_point_id, register \
    UNION ALL SELECT 4, id, id, kind, reference || ' ' || state, deadline, 0, NULL \
    FROM requests WHERE tenant_id = $1 AND customer_id = $2 AND closed_at IS NULL";

// The columns are read by their place: by name each would be searched for in each row.

struct PointSql {
    id: Uuid,
    commodity: String,
    code: String,
    street: String,
    city: String,
    balance: i64,
    balance_as_of: Date,
}

impl FromQueryResult for PointSql {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(PointSql {
            id: row.try_get_by_index(0)?,
            commodity: row.try_get_by_index(1)?,
            code: row.try_get_by_index(2)?,
            street: row.try_get_by_index(3)?,
            city: row.try_get_by_index(4)?,
            balance: row.try_get_by_index(5)?,
            balance_as_of: row.try_get_by_index(6)?,
        })
    }
}

struct InvoiceSql {
    id: Uuid,
    supply_point_id: Uuid,
    commodity: String,
    number: String,
    kind: String,
    period_from: Date,
    period_to: Date,
    issued_on: Date,
    due_on: Date,
    total: i64,
    payable: i64,
    paid: i64,
    variable_symbol: String,
    document_id: Option<Uuid>,
}

impl FromQueryResult for InvoiceSql {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(InvoiceSql {
            id: row.try_get_by_index(0)?,
            supply_point_id: row.try_get_by_index(1)?,
            commodity: row.try_get_by_index(2)?,
            number: row.try_get_by_index(3)?,
            kind: row.try_get_by_index(4)?,
            period_from: row.try_get_by_index(5)?,
            period_to: row.try_get_by_index(6)?,
            issued_on: row.try_get_by_index(7)?,
            due_on: row.try_get_by_index(8)?,
            total: row.try_get_by_index(9)?,
            payable: row.try_get_by_index(10)?,
            paid: row.try_get_by_index(11)?,
            variable_symbol: row.try_get_by_index(12)?,
            document_id: row.try_get_by_index(13)?,
        })
    }
}

struct RestSql {
    part: i32,
    id: Uuid,
    supply_point_id: Uuid,
    word: String,
    other: String,
    day: Date,
    a: i64,
    b: Option<i64>,
}

impl FromQueryResult for RestSql {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(RestSql {
            part: row.try_get_by_index(0)?,
            id: row.try_get_by_index(1)?,
            supply_point_id: row.try_get_by_index(2)?,
            word: row.try_get_by_index(3)?,
            other: row.try_get_by_index(4)?,
            day: row.try_get_by_index(5)?,
            a: row.try_get_by_index(6)?,
            b: row.try_get_by_index(7)?,
        })
    }
}

/// How far ahead an instalment is shown, and how far back one may be overdue.
const AHEAD: Duration = Duration::days(62);
const BACK: Duration = Duration::days(1100);
const MONTHS_BACK: i32 = 25;
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

impl TenantTx {
    pub async fn dashboard(&self, customer: CustomerId, today: Date) -> Result<DashboardRows, Error> {
        let points: Vec<PointSql> = self.rows(POINTS, vec![customer.0.into()]).await?;
        let invoices: Vec<InvoiceSql> = self.rows(INVOICES, vec![customer.0.into()]).await?;
        let bounds = vec![
            customer.0.into(),
            (today + AHEAD).into(),
            months_before(today, MONTHS_BACK).into(),
            (today - BACK).into(),
        ];
        let rest: Vec<RestSql> = self.rows(REST, bounds).await?;
        let mut rows = DashboardRows {
            balance: points.first().map_or(Money::ZERO, |point| Money(point.balance)),
            balance_as_of: points.first().map(|point| point.balance_as_of),
            supply_points: points.into_iter().map(point_of).collect::<Result<_, _>>()?,
            invoices: invoices.into_iter().map(|row| invoice_of(row, customer)).collect::<Result<_, _>>()?,
            readings: Vec::with_capacity(12),
            instalments: Vec::new(),
            consumption: Vec::with_capacity(50),
            requests: Vec::new(),
        };
        for row in rest {
            match row.part {
                1 => rows.readings.push(reading_of(row)?),
                4 => rows.requests.push(request_of(row)?),
                2 => rows.instalments.push(instalment_of(row, customer)?),
                _ => push_months(&mut rows.consumption, &row, customer)?,
            }
        }
        rows.requests.sort_by_key(|one| one.deadline);
        rows.instalments.sort_by_key(|one| one.due_on);
        rows.consumption.sort_by_key(|one| one.month);
        Ok(rows)
    }
}

/// The first day of the month so many months before.
fn months_before(day: Date, count: i32) -> Date {
    let months = day.year() * 12 + i32::from(u8::from(day.month())) - 1 - count;
    let month = time::Month::try_from((months.rem_euclid(12) + 1) as u8).unwrap_or(time::Month::January);
    Date::from_calendar_date(months.div_euclid(12), month, 1).unwrap_or(day)
}

fn point_of(row: PointSql) -> Result<PointRow, Error> {
    let commodity = commodity_of(&row.commodity)?;
    Ok(PointRow { id: SupplyPointId(row.id), commodity, code: row.code, street: row.street, city: row.city })
}

fn invoice_of(row: InvoiceSql, customer: CustomerId) -> Result<Invoice, Error> {
    Ok(Invoice {
        id: InvoiceId(row.id),
        customer,
        supply_point: SupplyPointId(row.supply_point_id),
        commodity: commodity_of(&row.commodity)?,
        kind: InvoiceKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        number: row.number,
        period_from: row.period_from,
        period_to: row.period_to,
        issued_on: row.issued_on,
        tax_point_on: row.period_to,
        due_on: row.due_on,
        total: Money(row.total),
        payable: Money(row.payable),
        paid: Money(row.paid),
        variable_symbol: row.variable_symbol,
        document: row.document_id.map(DocumentId),
    })
}

fn reading_of(row: RestSql) -> Result<ReadingRow, Error> {
    Ok(ReadingRow {
        id: ReadingId(row.id),
        supply_point: SupplyPointId(row.supply_point_id),
        register: register_of(&row.word)?,
        read_on: row.day,
        state: row.a,
        kind: ReadingKind::parse(&row.other).ok_or_else(|| odd("kind", &row.other))?,
        consumption: row.b,
    })
}

fn instalment_of(row: RestSql, customer: CustomerId) -> Result<Instalment, Error> {
    Ok(Instalment {
        schedule: ScheduleId(row.id),
        customer,
        supply_point: SupplyPointId(row.supply_point_id),
        due_on: row.day,
        amount: Money(row.a),
        method: method(&row.word)?,
        variable_symbol: row.other,
        paid: Money(row.b.unwrap_or(0)),
        paid_on: None,
    })
}

fn request_of(row: RestSql) -> Result<RequestRow, Error> {
    let (reference, state) = row.other.rsplit_once(' ').ok_or_else(|| odd("request", &row.other))?;
    Ok(RequestRow {
        kind: RequestKind::parse(&row.word).ok_or_else(|| odd("kind", &row.word))?,
        reference: reference.to_owned(),
        state: RequestState::parse(state).ok_or_else(|| odd("state", state))?,
        deadline: row.day,
    })
}

fn push_months(all: &mut Vec<MonthlyConsumption>, row: &RestSql, customer: CustomerId) -> Result<(), Error> {
    let (supply_point, register) = (SupplyPointId(row.supply_point_id), register_of(&row.word)?);
    for part in row.other.split(',') {
        let (month, energy) = part.split_once(':').ok_or_else(|| odd("month", part))?;
        let month = Date::parse(month, DAY).map_err(|_| odd("month", month))?;
        let energy_wh = energy.parse().map_err(|_| odd("energy", energy))?;
        all.push(MonthlyConsumption { customer, supply_point, register, month, energy_wh, volume_ml: None });
    }
    Ok(())
}
