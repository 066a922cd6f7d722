//! An offer written and looked over before it is kept as a draft. What is published can no longer be rewritten, only withdrawn.
use super::{FEATURE, Seen, id_of, line, refused, seen};
use crate::data::BonusOffer;
use crate::domain::bonus::{CodeSource, MOST_POINTS, OfferState};
use crate::domain::features::Action;
use crate::domain::ids::BonusOfferId;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use time::Date;
use uuid::Uuid;

const TEMPLATE: &str = "operator/bonus_form.html";
const TITLE: usize = 80;
const TEXT: usize = 600;
const CONDITIONS: usize = 2_000;
const MOST_STOCK: i64 = 100_000;

#[derive(Serialize)]
struct View {
    title: String,
    path: String,
    back: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    preview: Option<Seen>,
    kept: Vec<Field>,
}

/// What is being written: a new offer under the form's own key, or a draft that is there.
struct Writing {
    id: BonusOfferId,
    old: Option<BonusOffer>,
}

impl Writing {
    fn path(&self) -> String {
        match &self.old {
            Some(old) => format!("/operator/bonus/{}/edit", old.id),
            None => "/operator/bonus/new".to_owned(),
        }
    }

    fn view(&self, page: &Page, fields: Vec<Field>) -> View {
        let (title, back) = match &self.old {
            Some(old) => ("desk-bonus-edit", format!("/operator/bonus/{}", old.id)),
            None => ("desk-bonus-new", "/operator/bonus".to_owned()),
        };
        View {
            title: page.t(title),
            path: self.path(),
            back,
            has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
            fields,
            preview: None,
            kept: Vec::new(),
        }
    }
}

pub async fn blank(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let mut typed = Typed::default();
    typed.put("valid_from", page.today().to_string());
    let writing = Writing { id: BonusOfferId::new(), old: None };
    let (fields, _) = read(page, &writing, &typed, false);
    page.show(TEMPLATE, &writing.view(page, fields))
}

pub async fn edit(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let old = tx.bonus_offer(id_of(&id)?).await?;
    tx.commit().await?;
    if old.state != OfferState::Draft {
        return refused(page, &old, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    let mut typed = Typed::default();
    let words = [
        ("partner", &old.partner),
        ("title_cs", &old.title.0),
        ("title_en", &old.title.1),
        ("description_cs", &old.description.0),
        ("description_en", &old.description.1),
        ("conditions_cs", &old.conditions.0),
        ("conditions_en", &old.conditions.1),
    ];
    words.into_iter().for_each(|(name, value)| typed.put(name, value.as_str()));
    typed.put("price", old.price.to_string());
    typed.put("valid_from", old.valid_from.to_string());
    typed.put("valid_until", old.valid_until.to_string());
    typed.put("stock", old.stock.to_string());
    typed.put("version", old.version.to_string());
    let writing = Writing { id: old.id, old: Some(old) };
    let (fields, _) = read(page, &writing, &typed, false);
    page.show(TEMPLATE, &writing.view(page, fields))
}

pub async fn add(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let id = Uuid::try_parse(typed.get("offer")).map(BonusOfferId).unwrap_or_else(|_| BonusOfferId::new());
    let writing = Writing { id, old: None };
    let new = match asked(page, &writing, &typed)? {
        Ok(new) => new,
        Err(answer) => return Ok(answer),
    };
    let tx = operator.db.begin().await?;
    // The same form pressed twice is one offer.
    if tx.add_bonus_offer(&new, page.now()).await? {
        tx.write_audit(&line(&operator, "write_bonus_offer", &new, Value::Null, told(&new))).await?;
        tx.commit().await?;
    }
    Ok(page.go(&format!("/operator/bonus/{id}?done=saved")))
}

pub async fn change(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let old = tx.bonus_offer(id_of(&id)?).await?;
    tx.commit().await?;
    let is_seen = typed.get("version").parse() == Ok(old.version);
    if !is_seen || old.state != OfferState::Draft {
        return refused(page, &old, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    let writing = Writing { id: old.id, old: Some(old.clone()) };
    let new = match asked(page, &writing, &typed)? {
        Ok(new) => new,
        Err(answer) => return Ok(answer),
    };
    // Held for the saving alone; whoever saved meanwhile is found by the version.
    let tx = operator.db.begin().await?;
    if !tx.rewrite_bonus_offer(&new, page.now()).await? {
        drop(tx);
        return refused(page, &old, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    tx.write_audit(&line(&operator, "write_bonus_offer", &new, told(&old), told(&new))).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/bonus/{}?done=saved", new.id)))
}

fn told(one: &BonusOffer) -> Value {
    json!({
        "title": one.title.0,
        "partner": one.partner,
        "price": one.price,
        "valid_from": one.valid_from.to_string(),
        "valid_until": one.valid_until.to_string(),
        "stock": one.stock,
    })
}

/// The offer to keep, or the page that comes before: the mistakes, the look-over, the form once more.
fn asked(page: &Page, writing: &Writing, typed: &Typed) -> Result<Result<BonusOffer, Response>, Error> {
    let is_again = typed.step() == "edit";
    let (fields, found) = read(page, writing, typed, !is_again);
    let Some(new) = found.filter(|_| !is_again) else {
        let view = writing.view(page, fields);
        let status = if view.has_mistakes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return page.show_as(status, TEMPLATE, &view).map(Err);
    };
    if typed.step() == "save" && page.has_any(&[FEATURE], Action::Change) {
        return Ok(Ok(new));
    }
    let kept = fields.iter().map(|field| {
        let is_own = ["offer", "version"].contains(&field.name.as_str());
        Field::hidden(field.name.clone(), if is_own { field.value.as_str() } else { typed.get(&field.name) })
    });
    let view = View { preview: Some(seen(page, &new)), kept: kept.collect(), ..writing.view(page, Vec::new()) };
    page.show(TEMPLATE, &view).map(Err)
}

/// The fields with what was typed, their mistakes where they are told, and the offer when there are none.
fn read(page: &Page, writing: &Writing, typed: &Typed, is_told: bool) -> (Vec<Field>, Option<BonusOffer>) {
    let short = |name: &'static str, max| filled(page, typed::text(typed.get(name), max));
    let long = |name: &'static str, max| filled(page, typed::long_text(typed.get(name), max));
    let (partner, title) = (short("partner", TITLE), (short("title_cs", TITLE), short("title_en", TITLE)));
    let description = (long("description_cs", TEXT), long("description_en", TEXT));
    let conditions = (long("conditions_cs", CONDITIONS), long("conditions_en", CONDITIONS));
    let price = count(page, typed.get("price"), MOST_POINTS, "desk-bonus-price-wrong");
    let day = |name: &'static str| typed::date(typed.get(name)).map_err(|error| page.date_mistake(error));
    let (from, until) = (day("valid_from"), day("valid_until"));
    let until = match (&from, until) {
        (Ok(from), Ok(until)) if until < *from || until < page.today() => Err(page.t("desk-bonus-until-wrong")),
        (_, other) => other,
    };
    let source = match &writing.old {
        Some(old) => Ok(old.source),
        None => CodeSource::parse(typed.get("source")).ok_or_else(|| page.t("desk-bonus-source-missing")),
    };
    let stock = match (&source, &writing.old) {
        (Ok(CodeSource::List), old) => Ok(old.as_ref().map_or(0, |old| i64::from(old.stock))),
        (Ok(CodeSource::Made), _) => count(page, typed.get("stock"), MOST_STOCK, "desk-bonus-stock-wrong"),
        (Err(_), _) => Ok(0),
    };
    let wrong = |mistake: Option<String>| mistake.filter(|_| is_told).unwrap_or_default();
    let text = |name: &'static str, label: &str, found: &Result<String, String>| {
        let field = Field::text(name, page.t(label)).max(TITLE).required();
        field.typed(typed.get(name)).wrong(wrong(found.clone().err()))
    };
    let words = |name: &'static str, label: &str, max, found: &Result<String, String>| {
        let field = Field::long(name, page.t(label)).max(max).required();
        field.typed(typed.get(name)).wrong(wrong(found.clone().err()))
    };
    let date = |name: &'static str, label: &str, found: &Result<Date, String>| {
        Field::day(name, page.t(label)).required().typed(typed.get(name)).wrong(wrong(found.clone().err()))
    };
    let mut fields = vec![
        text("partner", "desk-bonus-field-partner", &partner),
        text("title_cs", "desk-bonus-field-title-cs", &title.0),
        text("title_en", "desk-bonus-field-title-en", &title.1),
        words("description_cs", "desk-bonus-field-description-cs", TEXT, &description.0),
        words("description_en", "desk-bonus-field-description-en", TEXT, &description.1),
        words("conditions_cs", "desk-bonus-field-conditions-cs", CONDITIONS, &conditions.0)
            .hint(page.t("desk-bonus-field-conditions-hint")),
        words("conditions_en", "desk-bonus-field-conditions-en", CONDITIONS, &conditions.1),
        Field::digits("price", page.t("desk-bonus-field-price"))
            .max(9)
            .required()
            .typed(typed.get("price"))
            .wrong(wrong(price.clone().err())),
        date("valid_from", "desk-bonus-field-from", &from),
        date("valid_until", "desk-bonus-field-until", &until),
    ];
    match &writing.old {
        Some(_) => fields.push(Field::hidden("version", typed.get("version"))),
        None => {
            fields.push(sources(page, typed.get("source")).wrong(wrong(source.clone().err())));
            fields.push(Field::hidden("offer", writing.id.to_string()));
        }
    }
    if writing.old.as_ref().is_none_or(|old| old.source == CodeSource::Made) {
        let field = Field::digits("stock", page.t("desk-bonus-field-stock")).max(9).typed(typed.get("stock"));
        fields.push(field.hint(page.t("desk-bonus-field-stock-hint")).wrong(wrong(stock.clone().err())));
    }
    let offer = || {
        Some(BonusOffer {
            id: writing.id,
            title: (title.0.ok()?, title.1.ok()?),
            description: (description.0.ok()?, description.1.ok()?),
            conditions: (conditions.0.ok()?, conditions.1.ok()?),
            partner: partner.ok()?,
            price: price.ok()?,
            valid_from: from.ok()?,
            valid_until: until.ok()?,
            source: source.ok()?,
            stock: i32::try_from(stock.ok()?).ok()?,
            taken: writing.old.as_ref().map_or(0, |old| old.taken),
            state: OfferState::Draft,
            version: writing.old.as_ref().map_or(1, |old| old.version),
        })
    };
    let offer = offer();
    (fields, offer)
}

fn filled(page: &Page, text: Result<String, typed::TextError>) -> Result<String, String> {
    match text {
        Ok(text) if text.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    }
}

fn count(page: &Page, text: &str, most: i64, key: &str) -> Result<i64, String> {
    let found = typed::whole_number(text).ok().filter(|count| (1..=most).contains(count));
    found.ok_or_else(|| page.t_args(key, &[("most", Arg::from(page.whole(most)))]))
}

fn sources(page: &Page, chosen: &str) -> Field {
    let choice = |one: CodeSource, label: &str, note: &str| {
        Choice::new(one.key(), page.t(label), one.key() == chosen).note(page.t(note))
    };
    let options = vec![
        choice(CodeSource::List, "desk-bonus-source-list", "desk-bonus-source-list-note"),
        choice(CodeSource::Made, "desk-bonus-source-made", "desk-bonus-source-made-note"),
    ];
    Field::radio("source", page.t("desk-bonus-field-source"), options)
}
