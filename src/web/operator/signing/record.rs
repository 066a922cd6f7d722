//! The record of a signed contract: whose, which point, since when; and what was said of access.
use super::{FEATURES, access};
use crate::data::{AuditEntry, Error as DataError, Signing, TenantTx, Wish};
use crate::domain::customers::Customer;
use crate::domain::features::{Feature, Role};
use crate::domain::ids::{CustomerId, SigningId, SupplyPointId};
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::{Address, Commodity, SupplyPoint, parse_ean, parse_eic};
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::granting::needs_email;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::requests::new_key;
use crate::web::kit::typed::Typed;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};
use time::{Date, Duration};

const LINE: usize = 120;
const NUMBER: usize = 40;
/// A contract may have been signed so long ago, and begin so long after.
const BACK: Duration = Duration::days(60);
const AHEAD: Duration = Duration::days(366);

#[derive(Serialize)]
struct View {
    lead: String,
    fields: Vec<Field>,
    has_mistakes: bool,
}

pub async fn form(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let mut typed = Typed::default();
    typed.put("signed_on", page.today().to_string());
    typed.put("since", page.today().to_string());
    typed.put("key", new_key());
    page.show("operator/signing.html", &view(&operator, &typed, &[]))
}

type Wrong = Vec<(&'static str, String)>;

fn view(operator: &Operator, typed: &Typed, wrong: &[(&'static str, String)]) -> View {
    let page = &operator.page;
    let field = |field: Field| {
        let sentence = wrong.iter().find(|(name, _)| *name == field.name).map(|(_, sentence)| sentence.clone());
        let value = typed.get(&field.name).to_owned();
        field.typed(value).wrong(sentence.unwrap_or_default())
    };
    let text = |name: &'static str| Field::text(name, page.t(&format!("signing-{name}"))).max(LINE);
    let day = |name: &'static str| Field::day(name, page.t(&format!("signing-{name}"))).required();
    let email = Field::email("email", page.t("signing-email")).max(254);
    let email = if needs_email(page) { email.required().hint(page.t("signing-email-needed")) } else { email };
    let mut fields: Vec<Field> = vec![
        field(text("number").plain().required().hint(page.t("signing-number-hint"))),
        field(text("name").required()),
        field(text("street").required()),
        field(text("city").required()),
        field(Field::digits("postcode", page.t("signing-postcode")).max(10).required()),
        field(email),
        field(Field::phone("phone", page.t("signing-phone")).max(20)),
        field(text("code").plain().required().hint(page.t("signing-code-hint"))),
        field(text("contract").plain().required()),
        field(day("signed_on")),
        field(day("since")),
    ];
    if asks_for_access(operator) {
        let chosen = typed.get("wish");
        let options = [("yes", "signing-wish-yes"), ("no", "signing-wish-no")];
        let options = options.map(|(value, key)| Choice::new(value, page.t(key), chosen == value));
        fields.push(field(Field::radio("wish", page.t("signing-wish"), options.into())));
    }
    fields.push(Field::hidden("key", typed.get("key")));
    View {
        lead: page.t(match () {
            () if operator.role == Role::Dealer => "signing-lead-dealer",
            () if page.tenant().has(Feature::AccessGivenAtContractSigning) => "signing-lead-given",
            () => "signing-lead",
        }),
        has_mistakes: !wrong.is_empty(),
        fields,
    }
}

/// Where access comes with the contract nobody is asked, and a dealer registers afterwards.
fn asks_for_access(operator: &Operator) -> bool {
    let tenant = operator.page.tenant();
    operator.role != Role::Dealer
        && !tenant.has(Feature::AccessGivenAtContractSigning)
        && (tenant.has(Feature::AccessOfferedAtContractSigning)
            || tenant.has(Feature::AccessStaffRegistrationAtSigning))
}

/// What was typed, each by its rule.
struct Record {
    person: Customer,
    commodity: Commodity,
    code: String,
    contract: String,
    signed_on: Date,
    since: Date,
    wish: Wish,
}

fn read(operator: &Operator, typed: &Typed) -> Result<Record, Wrong> {
    let page = &operator.page;
    let mut wrong: Wrong = Vec::new();
    let mut text = |name: &'static str, most: usize| match typed::text(typed.get(name), most) {
        Ok(text) if text.is_empty() => {
            wrong.push((name, page.t("mistake-missing")));
            String::new()
        }
        Ok(text) => text,
        Err(error) => {
            wrong.push((name, page.text_mistake(error)));
            String::new()
        }
    };
    let (number, name) = (text("number", NUMBER), text("name", LINE));
    let (street, city, contract) = (text("street", LINE), text("city", LINE), text("contract", NUMBER));
    let mut keep = |name: &'static str, found: Result<String, String>| match found {
        Ok(value) => value,
        Err(sentence) => {
            wrong.push((name, sentence));
            String::new()
        }
    };
    let postcode =
        keep("postcode", typed::postcode(typed.get("postcode")).map_err(|error| page.postcode_mistake(error)));
    let email = match typed.get("email").trim() {
        "" if needs_email(page) => keep("email", Err(page.t("mistake-email-required"))),
        "" => String::new(),
        some => keep("email", typed::email(some).map_err(|error| page.email_mistake(error))),
    };
    let phone = match typed.get("phone").trim() {
        "" => String::new(),
        some => keep("phone", typed::phone(some).map_err(|error| page.phone_mistake(error))),
    };
    let is_gas = typed.get("code").trim().starts_with("27ZG") || typed.get("code").trim().starts_with("27zg");
    let code = match typed.get("code").trim() {
        "" => Err(page.t("mistake-missing")),
        eic if is_gas => parse_eic(eic).map_err(|error| page.code_mistake(error)),
        ean => parse_ean(ean).map_err(|error| page.code_mistake(error)),
    };
    let code = keep("code", code);
    let mut day = |name: &'static str, from: Date, to: Date| match typed::date(typed.get(name)) {
        Ok(day) if (from..=to).contains(&day) => day,
        Ok(_) => {
            wrong.push((name, page.t(&format!("signing-{name}-odd"))));
            from
        }
        Err(error) => {
            wrong.push((name, page.date_mistake(error)));
            from
        }
    };
    let today = page.today();
    let signed_on = day("signed_on", today - BACK, today);
    let since = day("since", today - BACK, today + AHEAD);
    let wish = match typed.get("wish") {
        _ if operator.role == Role::Dealer => Wish::Later,
        _ if page.tenant().has(Feature::AccessGivenAtContractSigning) => Wish::Given,
        "yes" => Wish::Yes,
        "no" => Wish::No,
        _ if asks_for_access(operator) => {
            wrong.push(("wish", page.t("signing-wish-missing")));
            Wish::No
        }
        _ => Wish::No,
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let person = Customer {
        id: CustomerId::new(),
        number,
        name,
        company_id: None,
        email: Some(email).filter(|email| !email.is_empty()),
        phone: Some(phone).filter(|phone| !phone.is_empty()),
        mailing: Address { street, city, postcode },
        method: PaymentMethod::Transfer,
        bank_account: None,
        balance: Money(0),
        balance_as_of: today,
    };
    let commodity = if is_gas { Commodity::Gas } else { Commodity::Electricity };
    Ok(Record { person, commodity, code, contract, signed_on, since, wish })
}

pub async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let again = |wrong: Wrong| page.show_again("operator/signing.html", &view(&operator, &typed, &wrong));
    let key = typed.key();
    let tx = operator.db.begin().await?;
    // The same form sent twice is one record.
    if let Some(before) = tx.signing_of_form(&key).await?.filter(|before| before.staff == operator.id) {
        return Ok(page.go(&format!("/operator/signings/{}", before.id)));
    }
    let record = match read(&operator, &typed) {
        Ok(record) => record,
        Err(wrong) => return again(wrong),
    };
    let person = match tx.customer_of_number(std::slice::from_ref(&record.person.number)).await? {
        // A dealer does not learn who is a customer already, nor writes into somebody's account.
        Some(known) if operator.role == Role::Dealer || known.name != record.person.name => {
            return again(vec![("number", page.t("signing-number-taken"))]);
        }
        Some(known) => known,
        None => {
            tx.insert_customers(std::slice::from_ref(&record.person)).await?;
            record.person.clone()
        }
    };
    if tx.has_signing(&record.contract).await? {
        return again(vec![("contract", page.t("signing-contract-taken"))]);
    }
    if tx.customer_of_point(std::slice::from_ref(&record.code)).await?.is_some() {
        return again(vec![("code", page.t("signing-code-taken"))]);
    }
    let signing = match keep(&operator, &tx, &record, &person, &key).await {
        Err(DataError::Conflict(_)) => return again(vec![("contract", page.t("signing-contract-taken"))]),
        other => other?,
    };
    access::at_signing(&operator, &tx, &signing, &person).await?;
    let after = json!({ "contract": signing.contract_number, "customer": person.number, "access": signing.wish.key() });
    tx.write_audit(&line(&operator, &signing, "sign_contract", after)).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/signings/{}", signing.id)))
}

async fn keep(
    operator: &Operator,
    tx: &TenantTx,
    record: &Record,
    person: &Customer,
    key: &str,
) -> Result<Signing, DataError> {
    let page = &operator.page;
    let point = SupplyPoint {
        id: SupplyPointId::new(),
        customer: person.id,
        commodity: record.commodity,
        code: record.code.clone(),
        address: record.person.mailing.clone(),
        distributor: String::new(),
        contract_number: record.contract.clone(),
        contract_since: record.since,
        contract_until: None,
    };
    tx.insert_supply_points(std::slice::from_ref(&point)).await?;
    let signing = Signing {
        id: SigningId::new(),
        customer: person.id,
        supply_point: point.id,
        staff: operator.id,
        contract_number: record.contract.clone(),
        signed_on: record.signed_on,
        wish: record.wish,
        email: record.person.email.clone().or_else(|| person.email.clone()),
        account: None,
        created_at: page.now(),
        form_key: key.to_owned(),
    };
    tx.add_signing(&signing).await?;
    Ok(signing)
}

pub fn line(operator: &Operator, signing: &Signing, action: &str, after: Json) -> AuditEntry {
    let page: &Page = &operator.page;
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: page.role().key().into(),
        feature: FEATURES.iter().copied().find(|feature| page.tenant().has(*feature)),
        action: action.into(),
        object: format!("customer:{}", signing.customer),
        before: Json::Null,
        after,
        request_id: page.request_id().into(),
    }
}
