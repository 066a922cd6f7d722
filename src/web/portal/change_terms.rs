//! Another distribution rate or main breaker: only what may be granted on the day, with the papers it needs. The distributor decides.
use super::choose_point;
use super::errand::{self, Errand, Next, Typed};
use super::id::Id;
use super::offered::Offered;
use super::words;
use crate::data::{Request, TenantTx};
use crate::domain::calendar::month_start;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::SupplyPointId;
use crate::domain::invoices::LineKind;
use crate::domain::money::Money;
use crate::domain::requests::RequestKind;
use crate::domain::supply_points::{Breaker, Commodity, SupplyPoint, Terms};
use crate::domain::tariffs::{
    BreakerPrices, Category, Document, LowTariff, Rate, offered_breakers, offered_on, prices_on,
};
use crate::tenancy::Arg;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::{Value as Json, json};
use time::Date;

const RATE: &[Feature] = &[Feature::ChangeTariffRate];
const BREAKER: &[Feature] = &[Feature::ChangeBreakerSize];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(RATE, "/rate/change")
            .reads(Action::Submit)
            .get(async |customer: Customer| choose(customer, Wanted::Rate).await),
        Slice::customer(RATE, "/supply-points/{id}/rate")
            .get(async |customer: Customer, id: Id| form(customer, id, Wanted::Rate).await)
            .post(async |customer: Customer, id: Id, typed: Typed| submit(customer, id, typed, Wanted::Rate).await),
        Slice::customer(BREAKER, "/breaker/change")
            .reads(Action::Submit)
            .get(async |customer: Customer| choose(customer, Wanted::Breaker).await),
        Slice::customer(BREAKER, "/supply-points/{id}/breaker")
            .get(async |customer: Customer, id: Id| form(customer, id, Wanted::Breaker).await)
            .post(async |customer: Customer, id: Id, typed: Typed| submit(customer, id, typed, Wanted::Breaker).await),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Rate,
    Breaker,
}

impl Wanted {
    /// Last part of the path, name of the field.
    fn key(self) -> &'static str {
        match self {
            Wanted::Rate => "rate",
            Wanted::Breaker => "breaker",
        }
    }
    fn word(self) -> &'static str {
        match self {
            Wanted::Rate => "change-rate",
            Wanted::Breaker => "change-breaker",
        }
    }
    fn kind(self) -> RequestKind {
        match self {
            Wanted::Rate => RequestKind::Tariff,
            Wanted::Breaker => RequestKind::Breaker,
        }
    }
    fn feature(self) -> Feature {
        match self {
            Wanted::Rate => Feature::ChangeTariffRate,
            Wanted::Breaker => Feature::ChangeBreakerSize,
        }
    }
    /// What the supply point has now.
    fn label(self) -> &'static str {
        match self {
            Wanted::Rate => "point-rate",
            Wanted::Breaker => "point-breaker",
        }
    }
}

/// Electricity with a contract that runs: gas has neither a rate nor a breaker.
pub fn is_changeable(page: &Page, point: &SupplyPoint) -> bool {
    point.commodity == Commodity::Electricity && point.is_supplied_on(page.today())
}

async fn choose(customer: Customer, wanted: Wanted) -> Result<Response, Error> {
    let title = format!("{}-title", wanted.word());
    choose_point::choose(&customer, &title, wanted.key(), None, |point| is_changeable(&customer.page, point)).await
}

struct Ground {
    point: SupplyPoint,
    terms: Terms,
    category: Category,
    /// What the breaker cost a month, without VAT, in the newest settlement.
    breaker_month: Option<Money>,
    /// The same asked before and not decided yet.
    open: Option<Request>,
    /// The first day it may be granted from.
    from: Date,
}

impl Ground {
    async fn of(tx: &TenantTx, customer: &Customer, id: SupplyPointId, wanted: Wanted) -> Result<Ground, Error> {
        let page = &customer.page;
        let today = page.today();
        let point = tx.supply_point(customer.id, id).await?;
        Offered::of(page).admit(point.commodity)?;
        if !is_changeable(page, &point) {
            return Err(Error::NotFound);
        }
        let all = tx.terms_of(customer.id, id).await?;
        let now = all.into_iter().filter(|one| one.valid_from <= today).max_by_key(|one| one.valid_from);
        let terms = now.ok_or(Error::NotFound)?;
        let is_business = tx.customer(customer.id).await?.company_id.is_some();
        let usual = if is_business { Category::Business } else { Category::Household };
        let current = terms.tariff_rate.as_deref().and_then(Rate::find);
        let invoices = tx.invoices_of(customer.id, Default::default()).await?;
        let newest = invoices.iter().filter(|one| one.supply_point == id).max_by_key(|one| one.period_to);
        let breaker_month = match newest {
            Some(invoice) => {
                let settlement = tx.settlement(customer.id, invoice.id).await?;
                let line = settlement.lines.iter().rfind(|line| line.kind == LineKind::BreakerOrCapacity);
                line.map(|line| Money::rounded(line.unit_price))
            }
            None => None,
        };
        let open = tx.open_requests_of(customer.id).await?;
        let open = open.into_iter().find(|one| one.kind == wanted.kind() && one.supply_point == Some(id));
        let category = current.map_or(usual, |rate| rate.category);
        Ok(Ground { point, terms, category, breaker_month, open, from: month_start(today, 1) })
    }
}

impl Ground {
    /// The price list of breakers that will hold for this rate then.
    fn list<'p>(&self, page: &'p Page) -> Option<&'p BreakerPrices> {
        let lists = &page.tenant().document.breaker_prices;
        prices_on(lists, self.terms.tariff_rate.as_deref()?, self.from)
    }
}

/// What was chosen of what is offered.
#[derive(Clone, Copy)]
enum Chosen {
    Rate(&'static Rate),
    Breaker(Breaker),
}

async fn form(customer: Customer, Id(id): Id, wanted: Wanted) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let ground = Ground::of(&tx, &customer, SupplyPointId(id), wanted).await?;
    tx.commit().await?;
    errand::ask(page, errand(page, &ground, wanted, &Typed::default()).0)
}

async fn submit(customer: Customer, Id(id): Id, typed: Typed, wanted: Wanted) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let ground = Ground::of(&tx, &customer, SupplyPointId(id), wanted).await?;
    let (errand, chosen) = errand(page, &ground, wanted, &typed);
    let new = chosen.map_or(Json::Null, |chosen| values(chosen, ground.from));
    if chosen.is_some()
        && let Some(receipt) = errand::sent_before(&customer, &tx, &typed).await?
    {
        return Ok(receipt);
    }
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let asked = Asked {
        kind: wanted.kind(),
        feature: wanted.feature(),
        supply_point: Some(ground.point.id),
        payload: json!({ "shown": shown, "old": before(&ground.terms), "new": new }),
        words: String::new(),
        rules_pass: false,
        key: typed.key(),
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn values(chosen: Chosen, from: Date) -> Json {
    match chosen {
        Chosen::Rate(rate) => json!({ "rate": rate.code, "from": from.to_string() }),
        Chosen::Breaker(one) => json!({ "phases": one.phases, "amps": one.amps, "from": from.to_string() }),
    }
}

fn before(terms: &Terms) -> Json {
    json!({
        "rate": terms.tariff_rate,
        "phases": terms.breaker.map(|one| one.phases),
        "amps": terms.breaker.map(|one| one.amps),
    })
}

fn errand(page: &Page, ground: &Ground, wanted: Wanted, typed: &Typed) -> (Errand, Option<Chosen>) {
    let path = format!("/supply-points/{}/{}", ground.point.id, wanted.key());
    let now = match wanted {
        Wanted::Rate => ground.terms.tariff_rate.clone().unwrap_or_default(),
        Wanted::Breaker => ground.terms.breaker.map(breaker_words).unwrap_or_default(),
    };
    let mut errand = Errand::new(page, wanted.word(), path, "/dashboard")
        .handled(page, wanted.kind(), false)
        .fact(page.t(words::commodity(ground.point.commodity)), words::address(&ground.point.address))
        .fact(page.t("point-distributor"), ground.point.distributor.as_str())
        .fact(page.t(wanted.label()), now.as_str());
    let (choices, chosen) = match wanted {
        Wanted::Rate => rates(page, ground, typed),
        Wanted::Breaker => breakers(page, ground, typed),
    };
    let wrong = match (&chosen, &ground.open) {
        _ if typed.get("step").is_empty() => String::new(),
        (_, Some(open)) => open_words(page, open),
        (None, None) => page.t("change-terms-choose"),
        (Some(_), None) => String::new(),
    };
    if let Some(open) = ground.open.as_ref().filter(|_| wrong.is_empty()) {
        errand.notes.push(open_words(page, open));
    }
    if wanted == Wanted::Breaker {
        errand.notes.push(page.t("change-breaker-fee"));
        match (ground.list(page), ground.breaker_month) {
            (Some(list), _) => {
                let from = Arg::from(page.date(list.valid_from));
                errand.notes.push(
                    page.t_args("change-breaker-list", &[("day", from), ("rate", Arg::from(list.rate.as_str()))]),
                );
            }
            (None, Some(month)) => {
                errand.notes.push(page.t_args("change-breaker-month", &[("amount", Arg::from(page.money(month)))]));
            }
            (None, None) => {}
        }
    }
    errand.fields = vec![Field::radio(wanted.key(), page.t(&format!("{}-new", wanted.word())), choices).wrong(wrong)];
    errand.files = Some(attachments::field(page, "attachment-terms"));
    let Some(chosen) = chosen else { return (errand, None) };
    let (new, papers) = match chosen {
        Chosen::Rate(rate) => (rate.code.to_owned(), rate.documents),
        Chosen::Breaker(one) => (breaker_words(one), [Document::RevisionReport].as_slice()),
    };
    if let Chosen::Rate(rate) = chosen
        && let Some(current) = ground.terms.tariff_rate.as_deref().and_then(Rate::find)
        && rate.needs_other_meter(current)
    {
        errand.notes.push(page.t("change-rate-meter"));
    }
    if !papers.is_empty() {
        errand.notes.push(page.t("change-terms-papers-later"));
    }
    if let (Chosen::Breaker(new), Some(list)) = (chosen, ground.list(page)) {
        let old = ground.terms.breaker.map(|old| page.money(list.month(old))).unwrap_or_default();
        errand = errand.change(page.t("change-breaker-price"), old, page.money(list.month(new)));
    }
    let errand = errand
        .change(page.t(wanted.label()), now, new)
        .change(page.t("change-terms-from"), "", page.date(ground.from))
        .change(page.t("change-terms-papers"), "", papers_words(page, papers));
    (errand, Some(chosen))
}

fn open_words(page: &Page, open: &Request) -> String {
    page.t_args("change-terms-open", &[("reference", Arg::from(open.reference.to_string()))])
}

fn rates(page: &Page, ground: &Ground, typed: &Typed) -> (Vec<Choice>, Option<Chosen>) {
    let offered = offered_on(ground.from, ground.category, ground.terms.tariff_rate.as_deref());
    let chosen = offered.iter().copied().find(|rate| rate.code == typed.get("rate"));
    let choice = |rate: &&'static Rate| {
        let low = match rate.low {
            LowTariff::Never => page.t("rate-low-never"),
            LowTariff::HoursADay(hours) => page.t_args("rate-low-hours", &[("hours", Arg::from(usize::from(hours)))]),
            LowTariff::Weekends => page.t("rate-low-weekends"),
        };
        let papers = papers_words(page, rate.documents);
        let note = if papers.is_empty() { low } else { format!("{low}; {}: {papers}", page.t("change-terms-papers")) };
        Choice::new(rate.code, rate.code, chosen == Some(*rate)).note(note)
    };
    (offered.iter().map(choice).collect(), chosen.map(Chosen::Rate))
}

fn breakers(page: &Page, ground: &Ground, typed: &Typed) -> (Vec<Choice>, Option<Chosen>) {
    let offered = offered_breakers(ground.terms.breaker);
    let key = |one: &Breaker| format!("{}x{}", one.phases, one.amps);
    let chosen = offered.iter().copied().find(|one| key(one) == typed.get("breaker"));
    let choices = offered.iter().map(|one| {
        let choice = Choice::new(key(one), breaker_words(*one), chosen == Some(*one));
        let Some(list) = ground.list(page) else { return choice };
        choice.note(price_words(page, list, ground.terms.breaker, *one))
    });
    (choices.collect(), chosen.map(Chosen::Breaker))
}

/// What it costs a month, and how much more or less than the present one.
fn price_words(page: &Page, list: &BreakerPrices, now: Option<Breaker>, new: Breaker) -> String {
    let month = page.t_args("change-breaker-costs", &[("amount", Arg::from(page.money(list.month(new))))]);
    let more = now.map_or(Money::ZERO, |now| list.month(new) - list.month(now));
    let key = match more.0.signum() {
        1 => "change-breaker-more",
        -1 => "change-breaker-less",
        _ => return month,
    };
    let by = page.t_args(key, &[("amount", Arg::from(page.money(Money(more.0.abs()))))]);
    format!("{month}, {by}")
}

fn breaker_words(breaker: Breaker) -> String {
    format!("{}×{}\u{a0}A", breaker.phases, breaker.amps)
}

fn papers_words(page: &Page, papers: &[Document]) -> String {
    let words = papers.iter().map(|one| page.t(&format!("paper-{}", one.key().replace('_', "-"))));
    words.collect::<Vec<_>>().join(", ")
}
