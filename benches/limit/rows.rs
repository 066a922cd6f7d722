//! One customer's rows, in the three statements that Busbar sends too.
use anyhow::Result;
use sea_orm::sqlx::{self, PgConnection, Row};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

pub struct Rows {
    pub points: Vec<Point>,
    pub invoices: Vec<Invoice>,
    pub readings: Vec<Reading>,
    pub instalments: Vec<Instalment>,
    /// Watt-hours of each month, oldest first.
    pub months: Vec<(Date, i64)>,
}

pub struct Point {
    pub id: Uuid,
    pub code: String,
    pub street: String,
    pub city: String,
}

pub struct Invoice {
    pub id: Uuid,
    pub number: String,
    pub issued: Date,
    pub due: Date,
    pub payable: i64,
    pub paid: i64,
}

pub struct Reading {
    pub day: Date,
    pub register: String,
    pub state: i64,
    pub consumption: Option<i64>,
}

pub struct Instalment {
    pub due: Date,
    pub amount: i64,
    pub paid: i64,
    pub symbol: String,
}

const POINTS: &str = "SELECT s.id, s.code, s.street, s.city, c.balance, c.balance_as_of \
    FROM customers c JOIN supply_points s ON s.tenant_id = c.tenant_id AND s.customer_id = c.id \
    WHERE c.tenant_id = $1 AND c.id = $2 ORDER BY s.commodity, s.code";

const INVOICES: &str = "SELECT id, number, issued_on, due_on, payable, paid \
    FROM invoices WHERE tenant_id = $1 AND customer_id = $2 ORDER BY issued_on DESC, id DESC LIMIT 12";

const REST: &str = "SELECT * FROM (SELECT 1 AS part, register AS word, read_on AS day, state AS a, consumption AS b \
    FROM readings WHERE tenant_id = $1 AND customer_id = $2 ORDER BY read_on DESC, id DESC LIMIT 12) AS r \
    UNION ALL SELECT 2, variable_symbol, due_on, amount, paid \
    FROM instalments WHERE tenant_id = $1 AND customer_id = $2 AND due_on <= $3 AND due_on >= $5 AND paid < amount \
    UNION ALL SELECT 3, register, month, energy_wh, volume_ml \
    FROM monthly_consumption WHERE tenant_id = $1 AND customer_id = $2 AND month >= $4";

pub async fn of(connection: &mut PgConnection, tenant: i32, customer: Uuid) -> Result<Rows> {
    let today = OffsetDateTime::now_utc().date();
    let points = sqlx::query(POINTS).bind(tenant).bind(customer).fetch_all(&mut *connection).await?;
    let invoices = sqlx::query(INVOICES).bind(tenant).bind(customer).fetch_all(&mut *connection).await?;
    let rest = sqlx::query(REST).bind(tenant).bind(customer).bind(today + Duration::days(62));
    let rest = rest.bind(today - Duration::days(761)).bind(today - Duration::days(1100)).fetch_all(connection).await?;
    let mut rows = Rows {
        points: points
            .iter()
            .map(|row| Point { id: row.get(0), code: row.get(1), street: row.get(2), city: row.get(3) })
            .collect(),
        invoices: invoices.iter().map(invoice).collect(),
        readings: Vec::with_capacity(12),
        instalments: Vec::new(),
        months: Vec::with_capacity(50),
    };
    for row in &rest {
        let (part, word, day, a, b): (i32, String, Date, i64, Option<i64>) =
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        match part {
            1 => rows.readings.push(Reading { day, register: word, state: a, consumption: b }),
            2 => rows.instalments.push(Instalment { due: day, amount: a, paid: b.unwrap_or(0), symbol: word }),
            _ => rows.months.push((day, a)),
        }
    }
    rows.instalments.sort_by_key(|one| one.due);
    rows.months.sort_by_key(|one| one.0);
    Ok(rows)
}

fn invoice(row: &sqlx::postgres::PgRow) -> Invoice {
    Invoice {
        id: row.get(0),
        number: row.get(1),
        issued: row.get(2),
        due: row.get(3),
        payable: row.get(4),
        paid: row.get(5),
    }
}
