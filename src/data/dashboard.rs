//! Everything a customer's dashboard shows, in three statements written by hand: the page every visit opens decides what an instance can carry.
use super::customers::method;
use super::error::{Error, odd};
use super::scope::TenantTx;
use super::supply_points::{commodity_of, register_of};
use crate::domain::advances::Instalment;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::calendar::month_start;
use crate::domain::customers::Customer;
use crate::domain::ids::{CustomerId, DocumentId, InvoiceId, MeterId, ReadingId, ScheduleId, SupplyPointId};
use crate::domain::invoices::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::readings::{Reading, ReadingKind};
use crate::domain::supply_points::{Address, SupplyPoint};
use sea_orm::FromQueryResult;
use sea_orm::prelude::Uuid;
use time::{Date, Duration};

#[derive(Clone, Debug)]
pub struct DashboardRows {
    pub customer: Customer,
    pub supply_points: Vec<SupplyPoint>,
    /// The newest twelve.
    pub invoices: Vec<Invoice>,
    /// The newest twelve.
    pub readings: Vec<Reading>,
    /// Unpaid and overdue, and what is due within 62 days, in the order due.
    pub instalments: Vec<Instalment>,
    /// Twenty-five months, oldest first.
    pub consumption: Vec<MonthlyConsumption>,
}

/// The customer beside each point; a customer without points still has one row.
const POINTS: &str = "SELECT c.number, c.name, c.company_id, c.email, c.phone, c.street, c.city, c.postcode, c.method, \
    c.bank_account, c.balance, c.balance_as_of, s.id AS point_id, s.commodity, s.code, s.street AS point_street, \
    s.city AS point_city, s.postcode AS point_postcode, s.distributor, s.contract_number, s.contract_since, s.contract_until \
    FROM customers c LEFT JOIN supply_points s ON s.tenant_id = c.tenant_id AND s.customer_id = c.id \
    WHERE c.tenant_id = $1 AND c.id = $2 ORDER BY s.commodity, s.code";

const INVOICES: &str = "SELECT id, supply_point_id, commodity, number, kind, period_from, period_to, issued_on, due_on, \
    total, payable, paid, variable_symbol, document_id \
    FROM invoices WHERE tenant_id = $1 AND customer_id = $2 ORDER BY issued_on DESC, id DESC LIMIT 12";

/// Readings, instalments and months have the same shape: a day, an owner and up to three numbers.
const REST: &str = "SELECT * FROM (SELECT 1 AS part, id, supply_point_id, meter_id, register AS word, kind AS other, read_on AS day, state AS a, \
    consumption AS b \
    FROM readings WHERE tenant_id = $1 AND customer_id = $2 ORDER BY read_on DESC, id DESC LIMIT 12) AS r \
    UNION ALL SELECT 2, schedule_id, supply_point_id, supply_point_id, method, variable_symbol, due_on, amount, paid \
    FROM instalments WHERE tenant_id = $1 AND customer_id = $2 AND due_on <= $3 AND due_on >= $5 AND paid < amount \
    UNION ALL SELECT 3, supply_point_id, supply_point_id, supply_point_id, register, '', month, energy_wh, volume_ml \
    FROM monthly_consumption WHERE tenant_id = $1 AND customer_id = $2 AND month >= $4";

#[derive(FromQueryResult)]
struct PointSql {
    number: String,
    name: String,
    company_id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    street: String,
    city: String,
    postcode: String,
    method: String,
    bank_account: Option<String>,
    balance: i64,
    balance_as_of: Date,
    point_id: Option<Uuid>,
    commodity: Option<String>,
    code: Option<String>,
    point_street: Option<String>,
    point_city: Option<String>,
    point_postcode: Option<String>,
    distributor: Option<String>,
    contract_number: Option<String>,
    contract_since: Option<Date>,
    contract_until: Option<Date>,
}

#[derive(FromQueryResult)]
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

#[derive(FromQueryResult)]
struct RestSql {
    part: i32,
    id: Uuid,
    supply_point_id: Uuid,
    meter_id: Uuid,
    word: String,
    other: String,
    day: Date,
    a: i64,
    b: Option<i64>,
}

/// How far ahead an instalment is shown, and how far back one may be overdue.
const AHEAD: Duration = Duration::days(62);
const BACK: Duration = Duration::days(1100);
const MONTHS_BACK: i32 = 25;

impl TenantTx {
    pub async fn dashboard(&self, customer: CustomerId, today: Date) -> Result<DashboardRows, Error> {
        let points: Vec<PointSql> = self.rows(POINTS, vec![customer.0.into()]).await?;
        let invoices: Vec<InvoiceSql> = self.rows(INVOICES, vec![customer.0.into()]).await?;
        let bounds = vec![
            customer.0.into(),
            (today + AHEAD).into(),
            month_start(today, -MONTHS_BACK).into(),
            (today - BACK).into(),
        ];
        let rest: Vec<RestSql> = self.rows(REST, bounds).await?;
        let Some(first) = points.first() else { return Err(Error::NotFound) };
        let mut rows = DashboardRows {
            customer: customer_of(first, customer)?,
            supply_points: points.into_iter().filter_map(|row| point_of(row, customer).transpose()).collect::<Result<_, _>>()?,
            invoices: invoices.into_iter().map(|row| invoice_of(row, customer)).collect::<Result<_, _>>()?,
            readings: Vec::with_capacity(12),
            instalments: Vec::new(),
            consumption: Vec::with_capacity(50),
        };
        for row in rest {
            match row.part {
                1 => rows.readings.push(reading_of(row, customer)?),
                2 => rows.instalments.push(instalment_of(row, customer)?),
                _ => rows.consumption.push(month_of(row, customer)?),
            }
        }
        rows.instalments.sort_by_key(|one| one.due_on);
        rows.consumption.sort_by_key(|one| one.month);
        Ok(rows)
    }
}

fn customer_of(row: &PointSql, id: CustomerId) -> Result<Customer, Error> {
    Ok(Customer {
        id,
        number: row.number.clone(),
        name: row.name.clone(),
        company_id: row.company_id.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        mailing: Address { street: row.street.clone(), city: row.city.clone(), postcode: row.postcode.clone() },
        method: method(&row.method)?,
        bank_account: row.bank_account.clone(),
        balance: Money(row.balance),
        balance_as_of: row.balance_as_of,
    })
}

/// None for a customer who has no point.
fn point_of(row: PointSql, customer: CustomerId) -> Result<Option<SupplyPoint>, Error> {
    let (Some(id), Some(commodity), Some(code), Some(contract_since)) =
        (row.point_id, row.commodity, row.code, row.contract_since)
    else {
        return Ok(None);
    };
    Ok(Some(SupplyPoint {
        id: SupplyPointId(id),
        customer,
        commodity: commodity_of(&commodity)?,
        code,
        address: Address {
            street: row.point_street.unwrap_or_default(),
            city: row.point_city.unwrap_or_default(),
            postcode: row.point_postcode.unwrap_or_default(),
        },
        distributor: row.distributor.unwrap_or_default(),
        contract_number: row.contract_number.unwrap_or_default(),
        contract_since,
        contract_until: row.contract_until,
    }))
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

fn reading_of(row: RestSql, customer: CustomerId) -> Result<Reading, Error> {
    Ok(Reading {
        id: ReadingId(row.id),
        customer,
        meter: MeterId(row.meter_id),
        meter_serial: String::new(),
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

fn month_of(row: RestSql, customer: CustomerId) -> Result<MonthlyConsumption, Error> {
    Ok(MonthlyConsumption {
        customer,
        supply_point: SupplyPointId(row.supply_point_id),
        register: register_of(&row.word)?,
        month: row.day,
        energy_wh: row.a,
        volume_ml: row.b,
    })
}
