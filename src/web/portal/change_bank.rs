//! Where money is returned to: a Czech account or its IBAN. Proved by the password, shown masked, told to the e-mail on record.
use super::errand::{self, Change, Errand, Next, Typed};
use super::proof::Proof;
use crate::data::{NewMessage, TenantTx};
use crate::domain::bank::{self, Account};
use crate::domain::customers::Customer as Person;
use crate::domain::features::Feature;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::domain::requests::RequestKind;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::json;

const FEATURE: Feature = Feature::ChangeBankDetails;
const PATH: &str = "/account/bank";
/// An IBAN with its gaps, and room for more.
pub const LONGEST: usize = 50;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    tx.commit().await?;
    errand::ask(page, errand(page, &person, &Typed::default(), &Proof::NotYet).0)
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let proof = Proof::of(&customer, &typed).await?;
    let tx = customer.db.begin().await?;
    let person = tx.customer(customer.id).await?;
    let (errand, found) = errand(page, &person, &typed, &proof);
    let new = json!({ "bank_account": found.as_ref().map(Account::to_string) });
    if let Some(receipt) = errand::sent_before(&customer, &tx, &typed).await? {
        return Ok(receipt);
    }
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(proof.answered(*page));
    }
    let account = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let key = typed.key();
    tell(page, &tx, &person, &key).await?;
    let asked = Asked {
        kind: RequestKind::BankAccount,
        feature: FEATURE,
        supply_point: None,
        payload: json!({ "shown": shown, "old": { "bank_account": person.bank_account }, "new": new }),
        words: String::new(),
        rules_pass: account.bank().is_some(),
        key,
    };
    errand::send(&customer, tx, &typed, asked).await
}

/// To the address on record: whoever took over the session cannot keep it quiet.
pub async fn tell(page: &Page, tx: &TenantTx, person: &Person, key: &str) -> Result<(), Error> {
    let Some(recipient) = person.email.clone() else { return Ok(()) };
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(person.id),
        kind: "bank_changed".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({ "path": "/requests" }),
        dedupe_key: format!("bank_changed:{key}"),
    };
    Ok(tx.enqueue(&[message]).await?)
}

/// Masked, with the bank's name where it is known.
pub fn shown(account: &Account) -> String {
    match account.bank() {
        Some(bank) => format!("{} ({})", account.masked(), bank.name),
        None => account.masked(),
    }
}

/// A bank that is not in the list may be new, or a slip.
pub fn doubt(page: &Page, account: &Account) -> Option<String> {
    let unknown = account.bank().is_none();
    unknown.then(|| page.t_args("bank-unknown", &[("code", Arg::from(account.bank_code()))]))
}

fn errand(page: &Page, person: &Person, typed: &Typed, proof: &Proof) -> (Errand, Option<Account>) {
    let typed_account = typed.get("account").trim();
    let found = match typed_account {
        "" => Err(page.t("mistake-missing")),
        text => Account::parse_any(text).map_err(|error| page.account_mistake(error)),
    };
    let old = person.bank_account.as_deref();
    let is_same = found.as_ref().is_ok_and(|account| old == Some(account.to_string().as_str()));
    let wrong = match &found {
        _ if typed.get("step").is_empty() => String::new(),
        Err(mistake) => mistake.clone(),
        Ok(_) if is_same => page.t("mistake-unchanged"),
        Ok(_) => String::new(),
    };
    let is_immediate = found.as_ref().is_ok_and(|account| account.bank().is_some());
    let mut errand = Errand::new(page, "change-bank", PATH, "/dashboard")
        .handled(page, RequestKind::BankAccount, is_immediate || found.is_err())
        .fact(page.t("account-bank"), old.map_or_else(|| page.t("not-given"), bank::masked));
    errand.fields = vec![
        Field::text("account", page.t("change-bank-account"))
            .hint(page.t("change-bank-hint"))
            .autocomplete("off")
            .plain()
            .max(LONGEST)
            .required()
            .typed(typed.get("account"))
            .wrong(wrong),
    ];
    errand.confirm = vec![proof.field(page)];
    let Ok(account) = found else { return (errand, None) };
    errand.doubts.extend(doubt(page, &account));
    errand.changes.push(Change {
        label: page.t("account-bank"),
        old: old.map(bank::masked).unwrap_or_default(),
        new: shown(&account),
    });
    (errand, Some(account))
}
