//! A request made so: the new values of its payload put into the rows. Done at once, on a clerk's approval, or back again with the old values.
use crate::data::{Billing, Contact, Identity, Request, TenantTx};
use crate::domain::advances::{Instalment, Schedule};
use crate::domain::ids::{CustomerId, MeterId, ReadingId, ScheduleId, SupplyPointId};
use crate::domain::money::Money;
use crate::domain::payment_methods::payable_by;
use crate::domain::payments::PaymentMethod;
use crate::domain::readings::{Reading, ReadingKind};
use crate::domain::requests::RequestKind;
use crate::domain::supply_points::{Address, Breaker, Register};
use crate::domain::webhooks::Fact;
use crate::web::kit::error::Error;
use serde_json::{Value as Json, json};
use time::Date;
use time::macros::format_description;

/// Kinds whose old values can be put back.
pub fn can_be_undone(kind: RequestKind) -> bool {
    use RequestKind::{BankAccount, Contact, MailingAddress, MasterData, PaymentMethod};
    matches!(kind, Contact | MailingAddress | MasterData | PaymentMethod | BankAccount)
}

/// What a kind does not change (a question, a visit) is left as it is.
pub async fn apply(tx: &TenantTx, request: &Request, values: &Json) -> Result<(), Error> {
    let Some(customer) = request.customer else { return Ok(()) };
    match request.kind {
        RequestKind::Contact => {
            let to = Contact { email: maybe(values, "email"), phone: maybe(values, "phone") };
            tx.change_contact(customer, &to).await?;
            announce(tx, request, Fact::ContactChanged, json!({ "changed": "contact" })).await?;
        }
        RequestKind::MailingAddress => {
            let to = Address {
                street: text(values, "street")?,
                city: text(values, "city")?,
                postcode: text(values, "postcode")?,
            };
            tx.change_mailing(customer, &to).await?;
            announce(tx, request, Fact::ContactChanged, json!({ "changed": "mailing_address" })).await?;
        }
        RequestKind::MasterData => {
            let to = Identity { name: text(values, "name")?, company_id: maybe(values, "company_id") };
            tx.change_identity(customer, &to).await?;
            announce(tx, request, Fact::ContactChanged, json!({ "changed": "master_data" })).await?;
        }
        RequestKind::PaymentMethod => {
            let method = PaymentMethod::parse(&text(values, "method")?).ok_or_else(|| odd("method"))?;
            let (bank_account, sipo_number) = (maybe(values, "bank_account"), maybe(values, "sipo_number"));
            tx.change_billing(customer, &Billing { method, bank_account, sipo_number }).await?;
            reissue(tx, request, customer, method, day(values, "from")?).await?;
        }
        RequestKind::BankAccount => {
            tx.change_bank_account(customer, maybe(values, "bank_account").as_deref()).await?;
        }
        RequestKind::Advance => {
            let point = advance(tx, customer, values).await?;
            announce_advance(tx, request, customer, point).await?;
        }
        RequestKind::Reading => match (request.supply_point, values["points"].as_array()) {
            (Some(point), _) => reading(tx, request, customer, point, values).await?,
            (None, Some(points)) => {
                for one in points {
                    reading(tx, request, customer, point_of(one)?, one).await?;
                }
            }
            (None, None) => return Err(odd("points")),
        },
        RequestKind::Tariff | RequestKind::Breaker => terms(tx, customer, request, values).await?,
        _ => {}
    }
    Ok(())
}

/// Schedules anew where another way of paying counts: from their first unpaid instalment due on that day or later, in amounts the way can
/// take. Going back to the old way leaves amounts rounded for SIPO as they are: less than a crown each, settled with the year.
async fn reissue(
    tx: &TenantTx,
    request: &Request,
    customer: CustomerId,
    method: PaymentMethod,
    from: Date,
) -> Result<(), Error> {
    let coming = tx.instalments_of(customer, from).await?;
    for old in tx.schedules_of(customer).await? {
        let own = coming.iter().filter(|one| one.schedule == old.id && one.paid == Money::ZERO && one.method != method);
        let id = ScheduleId::new();
        let amount = |amount| payable_by(method, amount);
        let renewed: Vec<Instalment> =
            own.map(|one| Instalment { schedule: id, method, amount: amount(one.amount), ..one.clone() }).collect();
        let Some(first) = renewed.first() else { continue };
        let new = Schedule { id, valid_from: first.due_on, method, amount: amount(old.amount), ..old.clone() };
        tx.replace_schedule(old.id, &new, &renewed).await?;
        announce_advance(tx, request, customer, old.supply_point).await?;
    }
    Ok(())
}

/// The instalments not paid yet, from the one named on, in whichever schedule of the point they are by now.
async fn advance(tx: &TenantTx, customer: CustomerId, values: &Json) -> Result<SupplyPointId, Error> {
    let id = ScheduleId(text(values, "schedule")?.parse().map_err(|_| odd("schedule"))?);
    let (amount, from) = (Money(number(values, "amount")?), day(values, "from")?);
    let schedules = tx.schedules_of(customer).await?;
    let point = schedules.iter().find(|one| one.id == id).ok_or(Error::NotFound)?.supply_point;
    let coming = tx.instalments_of(customer, from).await?;
    for old in schedules.into_iter().filter(|one| one.supply_point == point) {
        let id = ScheduleId::new();
        let own = coming.iter().filter(|one| one.schedule == old.id && one.paid == Money::ZERO && one.due_on >= from);
        let renewed: Vec<_> = own.map(|one| Instalment { schedule: id, amount, ..one.clone() }).collect();
        let Some(first) = renewed.first() else { continue };
        let new = Schedule { id, valid_from: first.due_on, amount, ..old.clone() };
        tx.replace_schedule(old.id, &new, &renewed).await?;
    }
    Ok(point)
}

/// The points a request of readings is about: its own, or those of its file.
pub fn points_read(request: &Request) -> Result<Vec<SupplyPointId>, Error> {
    match (request.supply_point, request.payload["new"]["points"].as_array()) {
        (Some(point), _) => Ok(vec![point]),
        (None, points) => points.into_iter().flatten().map(point_of).collect(),
    }
}

fn point_of(values: &Json) -> Result<SupplyPointId, Error> {
    text(values, "supply_point")?.parse().map(SupplyPointId).map_err(|_| odd("supply_point"))
}

async fn reading(
    tx: &TenantTx,
    request: &Request,
    customer: CustomerId,
    supply_point: SupplyPointId,
    values: &Json,
) -> Result<(), Error> {
    let read_on = day(values, "read_on")?;
    let meter = MeterId(text(values, "meter")?.parse().map_err(|_| odd("meter"))?);
    let meter_serial = text(values, "meter_serial")?;
    for state in values["states"].as_array().ok_or_else(|| odd("states"))? {
        let one = Reading {
            id: ReadingId::new(),
            customer,
            supply_point,
            meter,
            meter_serial: meter_serial.clone(),
            register: Register::parse(&text(state, "register")?).ok_or_else(|| odd("register"))?,
            read_on,
            state: number(state, "state")?,
            kind: ReadingKind::Customer,
            consumption: state["consumption"].as_i64(),
        };
        tx.add_reading(&one).await?;
    }
    let data = json!({
        "request": request.reference.to_string(), "meter": meter_serial, "read_on": read_on.to_string(),
    });
    Ok(tx.announce_of_point(Fact::ReadingReported, customer, supply_point, data).await?)
}

/// Tells the supplier's own systems what came of the request.
async fn announce(tx: &TenantTx, request: &Request, fact: Fact, mut data: Json) -> Result<(), Error> {
    data["request"] = request.reference.to_string().into();
    Ok(tx.announce(fact, request.customer, data).await?)
}

pub async fn announce_advance(
    tx: &TenantTx,
    request: &Request,
    customer: CustomerId,
    point: SupplyPointId,
) -> Result<(), Error> {
    let data = json!({ "request": request.reference.to_string() });
    Ok(tx.announce_of_point(Fact::AdvanceChanged, customer, point, data).await?)
}

/// The newest terms with another rate or breaker, valid from the day named.
async fn terms(tx: &TenantTx, customer: CustomerId, request: &Request, values: &Json) -> Result<(), Error> {
    let point = request.supply_point.ok_or_else(|| odd("supply_point"))?;
    let mut newest =
        tx.terms_of(customer, point).await?.into_iter().max_by_key(|one| one.valid_from).ok_or(Error::NotFound)?;
    newest.valid_from = day(values, "from")?;
    if let Some(rate) = maybe(values, "rate") {
        newest.tariff_rate = Some(rate);
    }
    if let (Some(phases), Some(amps)) = (values["phases"].as_u64(), values["amps"].as_u64()) {
        newest.breaker = Some(Breaker { phases: phases as u8, amps: amps as u16 });
    }
    tx.add_terms(&newest).await?;
    Ok(())
}

fn odd(key: &str) -> Error {
    Error::Broken(format!("a request's payload lacks a right \"{key}\""))
}

fn text(values: &Json, key: &str) -> Result<String, Error> {
    values[key].as_str().map(str::to_owned).ok_or_else(|| odd(key))
}

fn maybe(values: &Json, key: &str) -> Option<String> {
    values[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(values: &Json, key: &str) -> Result<i64, Error> {
    values[key].as_i64().ok_or_else(|| odd(key))
}

fn day(values: &Json, key: &str) -> Result<Date, Error> {
    Date::parse(&text(values, key)?, format_description!("[year]-[month]-[day]")).map_err(|_| odd(key))
}
