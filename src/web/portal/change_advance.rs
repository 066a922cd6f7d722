//! Another amount of the advance: the limits with their calculation, from which instalment, the new schedule before it is sent.
use super::errand::{self, Errand, Next, Typed};
use super::id::Id;
use super::offered::Offered;
use super::words;
use crate::data::TenantTx;
use crate::domain::advance_changes::{self, AdvanceError, Changed, Limits, Wish, changeable};
use crate::domain::advances::{Instalment, Schedule};
use crate::domain::features::{Action, Feature};
use crate::domain::forecast::{self, Basis, Calculation, Prices};
use crate::domain::ids::{ScheduleId, SupplyPointId};
use crate::domain::money::Money;
use crate::domain::requests::RequestKind;
use crate::domain::supply_points::SupplyPoint;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use time::Date;

const FEATURE: Feature = Feature::ChangeAdvanceAmount;
/// An instalment due sooner is already with the bank or the post.
const LEAD_DAYS: i64 = 7;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/advances/change").reads(Action::Submit).get(choose),
        Slice::customer(&[FEATURE], "/supply-points/{id}/advance").get(form).post(submit),
    ]
}

/// The first point with a schedule that can change.
async fn choose(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = super::offered::Points::of(&tx, page, customer.id).await?;
    let schedules = tx.schedules_of(customer.id).await?;
    tx.commit().await?;
    let open = points.shown.iter().find(|point| schedules.iter().any(|one| one.supply_point == point.id));
    Ok(page.go(&open.map_or("/dashboard".to_owned(), |point| format!("/supply-points/{}/advance", point.id))))
}

struct Ground {
    point: SupplyPoint,
    schedule: Schedule,
    instalments: Vec<Instalment>,
    /// Of the newest settled year; none for a new customer.
    calculation: Option<Calculation>,
}

impl Ground {
    async fn of(tx: &TenantTx, customer: &Customer, id: SupplyPointId) -> Result<Ground, Error> {
        let today = customer.page.today();
        let point = tx.supply_point(customer.id, id).await?;
        Offered::of(&customer.page).admit(point.commodity)?;
        let mut own = tx.schedules_of(customer.id).await?;
        own.retain(|one| one.supply_point == id);
        own.sort_by_key(|one| one.valid_from);
        let at = own.iter().rposition(|one| one.valid_from <= today).ok_or(Error::NotFound)?;
        let all = tx.instalments_of(customer.id, own[at].valid_from).await?;
        let of = |one: &Schedule| all.iter().filter(|each| each.schedule == one.id).cloned().collect::<Vec<_>>();
        // After a change all that can still change belongs to the schedule to come.
        let open = own[at..].iter().find(|one| !changeable(&of(one), today, LEAD_DAYS).is_empty());
        let schedule = open.unwrap_or(&own[at]).clone();
        let instalments = of(&schedule);
        let invoices = tx.invoices_of(customer.id, Default::default()).await?;
        let newest =
            invoices.iter().filter(|invoice| invoice.supply_point == id).max_by_key(|invoice| invoice.period_to);
        let calculation = match newest {
            Some(invoice) => {
                let settlement = tx.settlement(customer.id, invoice.id).await?;
                let (usage, prices) = (forecast::settled_usage(&settlement), Prices::of(&settlement));
                Some(forecast::over(Decimal::from(12), &usage, Basis::Measured, &prices))
            }
            None => None,
        };
        Ok(Ground { point, schedule, instalments, calculation })
    }

    fn limits(&self) -> Limits {
        match &self.calculation {
            Some(calculation) => Limits::new(calculation.recommendation(), self.schedule.interval_months, None),
            // Nothing was settled yet: half to double of what is paid now.
            None => Limits { minimum: Money(self.schedule.amount.0 / 2), maximum: Money(self.schedule.amount.0 * 2) },
        }
    }

    /// Tells the schedule the form was opened on from what came of it meanwhile.
    fn seen(&self) -> String {
        format!("{}:{}", self.schedule.id, self.schedule.amount.0)
    }

    fn days(&self, today: Date) -> Vec<Date> {
        changeable(&self.instalments, today, LEAD_DAYS)
    }
}

async fn form(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let ground = Ground::of(&tx, &customer, SupplyPointId(id)).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    let months = i64::from(ground.schedule.interval_months.max(1));
    let recommended = ground.calculation.as_ref().map(|one| Money(one.recommendation().recommended.0 * months));
    typed.put("amount", page.plain_money(recommended.unwrap_or(ground.schedule.amount)));
    errand::ask(page, errand(page, &ground, &typed).0)
}

async fn submit(customer: Customer, Id(id): Id, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    if let Some(before) = errand::sent_before(&customer, &tx, &typed).await? {
        return Ok(before);
    }
    let ground = Ground::of(&tx, &customer, SupplyPointId(id)).await?;
    let (mut errand, changed) = errand(page, &ground, &typed);
    let seen = typed.get("seen");
    if !seen.is_empty() && seen != ground.seen() {
        let args = [("amount", Arg::from(page.money(ground.schedule.amount)))];
        errand.fields[0] = errand.fields[0].clone().wrong(page.t_args("change-advance-meanwhile", &args));
        return errand::outdated(page, &typed, errand);
    }
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let changed = changed.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let values = |amount: Money| -> Json {
        json!({
            "schedule": ground.schedule.id.to_string(),
            "amount": amount.0,
            "from": changed.schedule.valid_from.to_string(),
        })
    };
    let asked = Asked {
        kind: RequestKind::Advance,
        feature: FEATURE,
        supply_point: Some(ground.point.id),
        payload: json!({
            "shown": shown, "old": values(ground.schedule.amount), "new": values(changed.schedule.amount),
        }),
        words: String::new(),
        rules_pass: true,
        key: typed.key(),
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn errand(page: &Page, ground: &Ground, typed: &Typed) -> (Errand, Option<Changed>) {
    let limits = ground.limits();
    let days = ground.days(page.today());
    let path = format!("/supply-points/{}/advance", ground.point.id);
    let mut errand = Errand::new(page, "change-advance", path, "/dashboard")
        .handled(page, RequestKind::Advance, true)
        .fact(page.t(words::commodity(ground.point.commodity)), words::address(&ground.point.address))
        .fact(page.t("change-advance-now"), page.money(ground.schedule.amount));
    if let Some(calculation) = &ground.calculation {
        errand = calculated(page, errand, calculation, &ground.schedule);
    }
    let from = days.iter().copied().find(|day| day.to_string() == typed.get("from")).or(days.first().copied());
    let found = typed::amount(typed.get("amount")).map_err(|error| page.number_mistake(error)).and_then(|amount| {
        let from = from.ok_or_else(|| page.t("change-advance-none-ahead"))?;
        let wish = Wish { amount, from, today: page.today(), lead_days: LEAD_DAYS };
        advance_changes::change(ScheduleId::new(), &ground.schedule, &ground.instalments, wish, limits)
            .map_err(|error| mistake(page, error))
    });
    let is_shown_again = !typed.get("step").is_empty();
    let range = [("from", Arg::from(page.money(limits.minimum))), ("to", Arg::from(page.money(limits.maximum)))];
    errand.fields = vec![
        Field::number("amount", page.t("change-advance-amount"))
            .hint(page.t_args("change-advance-range", &range))
            .unit("Kč")
            .max(20)
            .required()
            .typed(typed.get("amount"))
            .wrong(found.as_ref().err().cloned().filter(|_| is_shown_again).unwrap_or_default()),
        Field::choice(
            "from",
            page.t("change-advance-from"),
            days.iter().map(|day| Choice::new(day.to_string(), page.date(*day), Some(*day) == from)).collect(),
        ),
        Field::hidden("seen", ground.seen()),
    ];
    let Ok(changed) = found else { return (errand, None) };
    let errand = errand
        .change(
            page.t("change-advance-amount"),
            page.money(ground.schedule.amount),
            page.money(changed.schedule.amount),
        )
        .change(page.t("change-advance-from"), "", page.date(changed.schedule.valid_from));
    let errand =
        changed.instalments.iter().filter(|one| one.schedule == changed.schedule.id).fold(errand, |errand, one| {
            let old = ground.instalments.iter().find(|old| old.due_on == one.due_on).map(|old| page.money(old.amount));
            errand.change(page.date(one.due_on), old.unwrap_or_default(), page.money(one.amount))
        });
    (errand, Some(changed))
}

/// Behind the recommended amount, how it comes about.
fn calculated(page: &Page, mut errand: Errand, calculation: &Calculation, schedule: &Schedule) -> Errand {
    let months = i64::from(schedule.interval_months.max(1));
    let found = calculation.recommendation();
    errand = errand.fact(page.t("change-advance-recommended"), page.money(Money(found.recommended.0 * months)));
    for step in &calculation.steps {
        let args = [
            ("register", Arg::from(page.t(words::register(step.register)))),
            ("kwh", Arg::from(page.quantity(step.kwh, words::KWH))),
            ("price", Arg::from(page.decimal(step.czk_per_mwh, 2))),
            ("amount", Arg::from(page.money(step.amount))),
        ];
        errand.notes.push(page.t_args("change-advance-step", &args));
    }
    let args = [
        ("fixed", Arg::from(page.money(calculation.fixed))),
        ("month", Arg::from(page.money(calculation.fixed_month))),
        ("vat", Arg::from(page.money(calculation.vat))),
        ("total", Arg::from(page.money(calculation.total))),
    ];
    errand.notes.push(page.t_args("change-advance-sum", &args));
    errand
}

fn mistake(page: &Page, error: AdvanceError) -> String {
    match error {
        AdvanceError::OutOfRange(limits) => page.t_args(
            "change-advance-out",
            &[("from", Arg::from(page.money(limits.minimum))), ("to", Arg::from(page.money(limits.maximum)))],
        ),
        AdvanceError::WholeCrowns => page.t("change-advance-crowns"),
        AdvanceError::Unchanged => page.t("mistake-unchanged"),
        AdvanceError::NotAhead { .. } => page.t("change-advance-none-ahead"),
    }
}
