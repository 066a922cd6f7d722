//! A self-reading: the state of each register, checked against what is known, confirmed where it is odd, and a receipt. A settlement outside
//! the cycle asks for the same, since it starts from the readings.
mod bulk;
mod ground;
mod said;

use super::choose_point;
use super::errand::{self, Errand, Next, Typed};
use super::id::Id;
use super::words;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::SupplyPointId;
use crate::domain::money::Money;
use crate::domain::requests::RequestKind;
use crate::domain::self_readings::{self, Accepted, Checked, allowed_days};
use crate::domain::supply_points::{Commodity, Register};
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use ground::Ground;
use said::{doubted, register_of, sentence};
use serde_json::json;
use time::Date;

const READING: &[Feature] = &[Feature::ReadingSelfReport];
const SETTLEMENT: &[Feature] = &[Feature::RequestExtraordinarySettlement];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(READING, "/readings/new")
            .reads(Action::Submit)
            .get(async |customer: Customer| choose(customer, Purpose::Reading).await),
        Slice::customer(READING, "/supply-points/{id}/reading")
            .get(async |customer: Customer, id: Id| form(customer, id, Purpose::Reading).await)
            .post(async |customer: Customer, id: Id, typed: Typed| submit(customer, id, typed, Purpose::Reading).await),
        Slice::customer(SETTLEMENT, "/extraordinary-settlement")
            .reads(Action::Submit)
            .get(async |customer: Customer| choose(customer, Purpose::Settlement).await),
        Slice::customer(SETTLEMENT, "/supply-points/{id}/settlement")
            .get(async |customer: Customer, id: Id| form(customer, id, Purpose::Settlement).await)
            .post(async |customer: Customer, id: Id, typed: Typed| {
                submit(customer, id, typed, Purpose::Settlement).await
            }),
    ]
    .into_iter()
    .chain(bulk::slices())
    .collect()
}

/// What the states are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Reading,
    Settlement,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::Reading => "self-reading",
            Purpose::Settlement => "extraordinary",
        }
    }
    /// Last part of the path.
    fn path(self) -> &'static str {
        match self {
            Purpose::Reading => "reading",
            Purpose::Settlement => "settlement",
        }
    }
    fn kind(self) -> RequestKind {
        match self {
            Purpose::Reading => RequestKind::Reading,
            Purpose::Settlement => RequestKind::ExtraordinarySettlement,
        }
    }
    fn feature(self) -> Feature {
        match self {
            Purpose::Reading => Feature::ReadingSelfReport,
            Purpose::Settlement => Feature::RequestExtraordinarySettlement,
        }
    }
}

async fn choose(customer: Customer, purpose: Purpose) -> Result<Response, Error> {
    let today = customer.page.today();
    let title = format!("{}-title", purpose.word());
    let many = (purpose == Purpose::Reading).then_some(("bulk-link", bulk::PATH));
    choose_point::choose(&customer, &title, purpose.path(), many, |point| point.is_supplied_on(today)).await
}

async fn form(customer: Customer, Id(id): Id, purpose: Purpose) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let ground = Ground::of(&tx, &customer, SupplyPointId(id)).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("read_on", page.today().to_string());
    errand::ask(page, errand(page, &ground, &typed, purpose).0)
}

async fn submit(customer: Customer, Id(id): Id, typed: Typed, purpose: Purpose) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    if let Some(before) = errand::sent_before(&customer, &tx, &typed).await? {
        return Ok(before);
    }
    let ground = Ground::of(&tx, &customer, SupplyPointId(id)).await?;
    let (errand, found) = errand(page, &ground, &typed, purpose);
    let mut shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    let doubted: Vec<_> = errand.doubts.iter().map(|doubt| json!([page.t("errand-doubted"), "", doubt])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let (read_on, checked) = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let states: Vec<_> = checked.accepted.iter().map(json_of).collect();
    shown.insert(0, json!([page.t("self-reading-day"), "", page.date(read_on)]));
    shown.extend(doubted);
    let why = typed::text(typed.get("why"), 300).unwrap_or_default();
    let codes: Vec<_> = checked.doubts.iter().map(|doubt| doubt.code()).collect();
    let asked = Asked {
        kind: purpose.kind(),
        feature: purpose.feature(),
        supply_point: Some(ground.point.id),
        payload: json!({
            "shown": shown,
            "old": null,
            "new": {
                "read_on": read_on.to_string(),
                "meter": ground.meter.id.to_string(),
                "meter_serial": ground.meter.serial,
                "states": states,
            },
            "doubts": codes,
        }),
        words: why,
        rules_pass: checked.doubts.is_empty(),
        key: typed.key(),
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn json_of(one: &Accepted) -> serde_json::Value {
    json!({ "register": one.register.key(), "state": one.state, "consumption": one.consumption })
}

fn errand(page: &Page, ground: &Ground, typed: &Typed, purpose: Purpose) -> (Errand, Option<(Date, Checked)>) {
    let is_shown_again = !typed.get("step").is_empty();
    let known = ground.known(page);
    let path = format!("/supply-points/{}/{}", ground.point.id, purpose.path());
    let mut errand = Errand::new(page, purpose.word(), path, "/dashboard")
        .fact(page.t(words::commodity(ground.point.commodity)), words::address(&ground.point.address))
        .fact(page.t("reading-meter"), ground.meter.serial.as_str());
    if purpose == Purpose::Settlement {
        let is_free = page.tenant().has(Feature::RequestExtraordinarySettlementFree);
        let price = if is_free { page.money(Money::ZERO) } else { page.t("extraordinary-price-list") };
        errand = errand.fact(page.t("extraordinary-price"), price);
    }
    let (earliest, latest) = allowed_days(&known);
    let read_on = typed::date(typed.get("read_on")).map_err(|error| page.date_mistake(error));
    let entered: Vec<(Register, &str)> =
        registers(ground, typed).into_iter().map(|register| (register, typed.get(register.key()))).collect();
    let checked = match &read_on {
        Ok(day) => self_readings::check(&known, *day, &entered),
        Err(_) => Err(Vec::new()),
    };
    let problems = checked.as_ref().err().cloned().unwrap_or_default();
    let day_args = [("from", Arg::from(page.date(earliest))), ("to", Arg::from(page.date(latest)))];
    let day_problem = problems.iter().find(|one| register_of(one).is_none()).map(|one| sentence(page, one));
    let day_mistake = read_on.clone().err().or(day_problem).filter(|_| is_shown_again).unwrap_or_default();
    errand.fields.push(
        Field::day("read_on", page.t("self-reading-day"))
            .hint(page.t_args("self-reading-day-hint", &day_args))
            .typed(typed.get("read_on"))
            .required()
            .wrong(day_mistake),
    );
    for (register, _) in &entered {
        let mistake = problems.iter().find(|one| register_of(one) == Some(*register));
        let mistake = mistake.filter(|_| is_shown_again).map(|one| sentence(page, one)).unwrap_or_default();
        let label = page.t(match register {
            Register::High => "self-reading-high",
            Register::Low => "self-reading-low",
            Register::Volume => "self-reading-volume",
        });
        errand.fields.push(
            Field::digits(register.key(), label)
                .hint(hint(page, ground, *register))
                .unit(words::unit(*register))
                .register(&drawn(ground, *register))
                .max(20)
                .typed(typed.get(register.key()))
                .required()
                .wrong(mistake),
        );
    }
    errand.files = Some(attachments::photo(page, "attachment-reading"));
    let (Ok(read_on), Ok(checked)) = (read_on, checked) else { return (errand, None) };
    errand = errand.handled(page, purpose.kind(), checked.doubts.is_empty());
    errand = errand.fact(page.t("self-reading-day"), page.date(read_on));
    for one in &checked.accepted {
        let unit = words::unit(one.register);
        let last = ground.last(one.register).map(|last| page.quantity(last.state, unit)).unwrap_or_default();
        errand = errand.change(page.t(words::register(one.register)), last, page.quantity(one.state, unit));
        if let Some(used) = one.consumption {
            errand.notes.push(page.t_args(
                "self-reading-used",
                &[
                    ("register", Arg::from(page.t(words::register(one.register)))),
                    ("used", Arg::from(page.quantity(used, unit))),
                ],
            ));
        }
    }
    errand.doubts = checked.doubts.iter().map(|doubt| doubted(page, doubt)).collect();
    (errand, Some((read_on, checked)))
}

/// The meter's own; a low tariff typed from a page that had one is shown too, to be refused.
fn registers(ground: &Ground, typed: &Typed) -> Vec<Register> {
    let mut all = ground.meter.registers.clone();
    if !all.contains(&Register::Low) && !typed.get(Register::Low.key()).trim().is_empty() {
        all.push(Register::Low);
    }
    all
}

/// The meter's row as it stood last, with all its digits.
fn drawn(ground: &Ground, register: Register) -> String {
    let state = ground.last(register).map_or(0, |last| last.state);
    format!("{state:0>width$}", width = usize::from(ground.meter.digits))
}

/// How many digits to copy, and what it showed last time.
fn hint(page: &Page, ground: &Ground, register: Register) -> String {
    let digits = i64::from(ground.meter.digits);
    let key = if ground.point.commodity == Commodity::Gas { "self-reading-digits-gas" } else { "self-reading-digits" };
    let mut hint = page.t_args(key, &[("digits", Arg::from(digits))]);
    if let Some(last) = ground.last(register) {
        let args = [
            ("state", Arg::from(page.quantity(last.state, words::unit(register)))),
            ("day", Arg::from(page.date(last.read_on))),
        ];
        hint.push(' ');
        hint.push_str(&page.t_args("self-reading-last", &args));
    }
    hint
}
