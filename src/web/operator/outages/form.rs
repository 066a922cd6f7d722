//! Writing an outage down, and changing one: the form, a look at whom it touches and who will be told, then it is kept.
use super::show::{SHOWN, count};
use super::words::{self, Fact};
use super::{id_of, line, said};
use crate::data::TenantTx;
use crate::domain::ids::OutageId;
use crate::domain::outages::import::{Problem, moment};
use crate::domain::outages::written;
use crate::domain::outages::{Areas, Outage, OutageKind, Source, Wrong, place_of};
use crate::domain::typed;
use crate::tenancy::format;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Operator;
use crate::web::kit::outage_mistakes::{said_wrong, unwritten};
use crate::web::kit::outages::{Fate, Kept};
use crate::web::kit::page::Page;
use crate::web::kit::table::Table;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Names of the fields, in their order.
const NAMES: [&str; 11] = [
    "kind",
    "from_day",
    "from_time",
    "to_day",
    "to_time",
    "reason",
    "distributor",
    "announced",
    "addresses",
    "eans",
    "parcels",
];

#[derive(Serialize)]
struct View {
    title: String,
    back: String,
    action: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    conflict: String,
}

#[derive(Serialize)]
struct Review {
    title: String,
    action: String,
    facts: Vec<Fact>,
    count: String,
    has_points: bool,
    points: Table,
    told: String,
    kept: Vec<Field>,
}

/// What is wrong, by the field.
type Mistakes = BTreeMap<&'static str, String>;

pub async fn start(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let mut typed = Typed::default();
    typed.put("kind", OutageKind::Planned.key());
    typed.put("announced", page.today().to_string());
    form(page, None, &typed, &Mistakes::new(), StatusCode::OK, String::new())
}

pub async fn again(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    let page = &operator.page;
    let id = id_of(&id).ok_or(Error::NotFound)?;
    let tx = operator.db.read().await?;
    let stands = tx.outage(id).await?;
    tx.commit().await?;
    form(page, Some(id), &as_typed(page, &stands), &Mistakes::new(), StatusCode::OK, String::new())
}

fn as_typed(page: &Page, one: &Outage) -> Typed {
    let mut typed = Typed::default();
    let zone = &page.tenant().document.locale.timezone;
    for (day, clock, at) in [("from_day", "from_time", one.starts_at), ("to_day", "to_time", one.ends_at)] {
        typed.put(day, page.local(at).0.to_string());
        typed.put(clock, format::clock(zone, at));
    }
    let [eans, addresses, parcels] = one.areas.written();
    typed.put("kind", one.kind.key());
    typed.put("reason", one.reason.clone());
    typed.put("distributor", one.distributor.clone());
    typed.put("announced", page.local(one.announced_at).0.to_string());
    typed.put("eans", eans);
    typed.put("addresses", addresses);
    typed.put("parcels", parcels);
    typed.put("sequence", one.version.to_string());
    typed
}

fn form(
    page: &Page,
    id: Option<OutageId>,
    typed: &Typed,
    mistakes: &Mistakes,
    status: StatusCode,
    conflict: String,
) -> Result<Response, Error> {
    let own = id.map_or("/operator/outages".to_owned(), |id| format!("/operator/outages/{id}"));
    let path = if id.is_some() { format!("{own}/change") } else { format!("{own}/new") };
    let view = View {
        title: page.t(if id.is_some() { "desk-outage-change-title" } else { "desk-outage-new-title" }),
        back: format!("{}{own}", page.base()),
        action: format!("{}{path}", page.base()),
        fields: fields(page, typed, mistakes),
        has_mistakes: !mistakes.is_empty(),
        conflict,
    };
    page.show_as(status, "operator/outage_form.html", &view)
}

fn fields(page: &Page, typed: &Typed, mistakes: &Mistakes) -> Vec<Field> {
    let kinds = OutageKind::ALL.map(|kind| {
        let is_chosen = typed.get("kind") == kind.key();
        Choice::new(kind.key(), page.t(&format!("desk-outage-kind-{}", kind.key())), is_chosen)
    });
    let label = |name: &str| page.t(&format!("desk-outage-field-{}", name.replace('_', "-")));
    let hint = |name: &str| page.t(&format!("desk-outage-hint-{}", name.replace('_', "-")));
    let mut all = vec![Field::radio("kind", label("kind"), kinds.into())];
    for (day, clock) in [("from_day", "from_time"), ("to_day", "to_time")] {
        all.push(Field::day(day, label(day)).required());
        all.push(Field::text(clock, label(clock)).hint(hint(clock)).plain().required().max(16));
    }
    all.push(Field::text("reason", label("reason")).hint(hint("reason")).max(300));
    all.push(Field::text("distributor", label("distributor")).max(100));
    all.push(Field::day("announced", label("announced")).hint(hint("announced")).required());
    for name in ["addresses", "eans", "parcels"] {
        all.push(Field::long(name, label(name)).hint(hint(name)));
    }
    let told = |field: Field| {
        let error = mistakes.get(field.name.as_str()).cloned().unwrap_or_default();
        let value = typed.get(&field.name).to_owned();
        field.typed(value).wrong(error)
    };
    let mut all: Vec<Field> = all.into_iter().map(told).collect();
    all.push(Field::hidden("sequence", typed.get("sequence")));
    all
}

pub async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    send(operator, None, typed).await
}

pub async fn change(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let id = id_of(&id).ok_or(Error::NotFound)?;
    send(operator, Some(id), typed).await
}

async fn send(operator: Operator, id: Option<OutageId>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    if typed.step() == "edit" {
        return form(page, id, &typed, &Mistakes::new(), StatusCode::OK, String::new());
    }
    let one = match read(page, &typed) {
        Ok(one) => one,
        Err(mistakes) => return form(page, id, &typed, &mistakes, StatusCode::UNPROCESSABLE_ENTITY, String::new()),
    };
    let tx = operator.db.begin().await?;
    let (one, before) = match id {
        None => (numbered(&typed, one), None),
        Some(id) => {
            let stands = tx.outage(id).await?;
            let version = stands.version.saturating_add(1);
            let (source, number) = (stands.source, stands.number.clone());
            (Outage { id, source, number, version, ..one }, Some(stands))
        }
    };
    let is_stale = |stands: &Outage| typed.get("sequence") != stands.version.to_string() || stands.is_cancelled;
    let kept = match before.as_ref().is_some_and(is_stale) {
        true => None,
        false => keep(&operator, &tx, before.as_ref(), &one).await?,
    };
    let Some(kept) = kept else {
        drop(tx);
        let typed = match id {
            Some(id) => as_typed(page, &operator.db.read().await?.outage(id).await?),
            None => typed,
        };
        let conflict = page.t("desk-outage-conflict");
        return form(page, id, &typed, &Mistakes::new(), StatusCode::CONFLICT, conflict);
    };
    let one = Outage { id: kept.id, ..one };
    if !typed.is_sent() {
        let touched = tx.affected_points(one.id, SHOWN).await?;
        // A look only: what was kept for it goes with the transaction.
        drop(tx);
        let points = words::points(page, &touched.first);
        let mut hidden: Vec<Field> = NAMES.iter().map(|name| Field::hidden(*name, typed.get(name))).collect();
        hidden.extend(
            ["sequence", "key"]
                .map(|name| Field::hidden(name, if name == "key" { typed.key() } else { typed.get(name).to_owned() })),
        );
        let view = Review {
            title: page.t("desk-outage-review"),
            action: match id {
                Some(id) => format!("{}/operator/outages/{id}/change", page.base()),
                None => format!("{}/operator/outages/new", page.base()),
            },
            facts: words::facts(page, &one),
            count: count(page, touched.count, touched.first.len()),
            has_points: !points.is_empty(),
            points,
            told: words::told(page, kept.told),
            kept: hidden,
        };
        return page.show("operator/outage_review.html", &view);
    }
    let done = match kept.fate {
        Fate::New | Fate::Same => "new",
        _ => "changed",
    };
    // The form sent twice is one outage, and one line of the audit.
    if kept.fate != Fate::Same {
        let action = if before.is_some() { "change_outage" } else { "record_outage" };
        tx.write_audit(&line(&operator, action, &one, before.as_ref().map_or(Json::Null, said), said(&one))).await?;
        tx.commit().await?;
    }
    Ok(page.go(&format!("/operator/outages/{}?done={done}", one.id)))
}

/// Our own number, from the form's key: sent twice it is the same.
fn numbered(typed: &Typed, one: Outage) -> Outage {
    let key = typed.key().replace('-', "").to_uppercase();
    // Its end is drawn; its beginning is the moment, which two clerks may share.
    let number = format!("O-{}", key.get(key.len().saturating_sub(12)..).unwrap_or(&key));
    Outage { number, ..one }
}

/// None when what was looked at does not stand any more, or the number says something else already.
async fn keep(
    operator: &Operator,
    tx: &TenantTx,
    before: Option<&Outage>,
    one: &Outage,
) -> Result<Option<Kept>, Error> {
    let page = operator.page.clone();
    let day_of = move |at: OffsetDateTime| page.local(at).0;
    let keeper = words::keeper(&operator.page, &operator.name, &day_of);
    let Some(before) = before else {
        let kept = keeper.keep(tx, one).await?;
        return Ok(Some(kept).filter(|kept| !matches!(kept.fate, Fate::Older(_) | Fate::Differs)));
    };
    Ok(keeper.decide(tx, before, one, "changed").await?)
}

fn read(page: &Page, typed: &Typed) -> Result<Outage, Mistakes> {
    let mut mistakes = Mistakes::new();
    let zone = page.tenant().document.locale.timezone.as_str();
    let mut at = |day: &'static str, clock: &'static str| {
        if typed.get(day).trim().is_empty() || typed.get(clock).trim().is_empty() {
            let missing = if typed.get(day).trim().is_empty() { day } else { clock };
            mistakes.insert(missing, page.t("mistake-missing"));
            return None;
        }
        let wrong = match typed::date(typed.get(day)) {
            Err(error) => (day, page.date_mistake(error)),
            Ok(_) => match moment(&format!("{} {}", typed.get(day).trim(), typed.get(clock).trim()), zone) {
                Ok(at) => return Some(at),
                Err(Problem::LeftOut) => (clock, page.t("desk-outage-left-out")),
                Err(_) => (clock, page.t("desk-outage-clock")),
            },
        };
        mistakes.insert(wrong.0, wrong.1);
        None
    };
    let (starts_at, ends_at) = (at("from_day", "from_time"), at("to_day", "to_time"));
    let announced = typed::date(typed.get("announced")).map_err(|error| page.date_mistake(error));
    let announced = match announced {
        Ok(day) if day > page.today() => Err(page.t("desk-outage-announced-ahead")),
        other => other,
    };
    let announced = announced.map_err(|said| mistakes.insert("announced", said)).ok();
    let kind = OutageKind::parse(typed.get("kind"));
    if kind.is_none() {
        mistakes.insert("kind", page.t("mistake-missing"));
    }
    let mut text = |name: &'static str, most: usize| {
        let text = typed::text(typed.get(name), most);
        text.map_err(|error| mistakes.insert(name, page.text_mistake(error))).unwrap_or_default()
    };
    let (reason, distributor) = (text("reason", 300), text("distributor", 100));
    let mut areas = Areas::default();
    match written::eans(typed.get("eans")) {
        Ok(eans) => areas.eans = eans,
        Err(error) => drop(mistakes.insert("eans", unwritten(page, &error))),
    }
    match written::places(typed.get("addresses")) {
        Ok(places) => areas.addresses = places,
        Err(error) => drop(mistakes.insert("addresses", unwritten(page, &error))),
    }
    match written::parcels(typed.get("parcels")) {
        Ok(parcels) => areas.parcels = parcels,
        Err(error) => drop(mistakes.insert("parcels", unwritten(page, &error))),
    }
    let (Some(starts_at), Some(ends_at), Some(announced), Some(kind)) = (starts_at, ends_at, announced, kind) else {
        return Err(mistakes);
    };
    let one = Outage {
        id: OutageId::new(),
        source: Source::Desk,
        number: String::new(),
        version: 1,
        kind,
        starts_at,
        ends_at,
        is_cancelled: false,
        reason,
        place: place_of(&areas),
        distributor,
        announced_at: page.instant(announced, time::Time::MIDNIGHT),
        areas,
    };
    for wrong in one.wrong(page.now()) {
        let field = match wrong {
            Wrong::Ends | Wrong::TooLong => "to_time",
            Wrong::TooFar => "from_day",
            Wrong::Nowhere | Wrong::TooMany => "addresses",
            Wrong::Version => continue,
        };
        mistakes.entry(field).or_insert_with(|| said_wrong(page, wrong));
    }
    if mistakes.is_empty() { Ok(one) } else { Err(mistakes) }
}
