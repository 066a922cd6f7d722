//! Another way of paying: transfer, direct debit, SIPO, postal order. Says from which day it counts, and the instalments to come change with it.
use super::errand::{self, Change, Errand, Next, Typed};
use super::proof::Proof;
use super::{change_bank, words};
use crate::data::{Billing, TenantTx};
use crate::domain::advances::Instalment;
use crate::domain::bank;
use crate::domain::features::Feature;
use crate::domain::money::Money;
use crate::domain::payment_methods::{ChoiceError, Chosen, counts_from, payable_by};
use crate::domain::payments::PaymentMethod;
use crate::domain::requests::RequestKind;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::{Value as Json, json};
use time::Date;

const FEATURE: Feature = Feature::ChangePaymentMethod;
const PATH: &str = "/account/payment-method";
/// Instalments shown before it is sent; all of them change.
const MOST: usize = 6;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

struct Ground {
    billing: Billing,
    /// Those not paid yet, even in part.
    coming: Vec<Instalment>,
}

impl Ground {
    async fn of(tx: &TenantTx, customer: &Customer) -> Result<Ground, Error> {
        let billing = tx.billing_of(customer.id).await?;
        let mut coming = tx.instalments_of(customer.id, customer.page.today()).await?;
        coming.retain(|one| one.paid == Money::ZERO);
        Ok(Ground { billing, coming })
    }

    /// What the chosen way makes of the customer's own.
    fn with(&self, chosen: &Chosen) -> Billing {
        let method = chosen.method();
        let kept = self.billing.bank_account.clone();
        match chosen {
            Chosen::DirectDebit(account) => {
                Billing { method, bank_account: Some(account.to_string()), sipo_number: None }
            }
            Chosen::Sipo(number) => Billing { method, bank_account: kept, sipo_number: Some(number.clone()) },
            Chosen::Transfer | Chosen::PostalOrder => Billing { method, bank_account: kept, sipo_number: None },
        }
    }
}

/// A form without mistakes.
struct Found {
    billing: Billing,
    from: Date,
    /// Another account: proved by the password, told to the e-mail on record.
    has_other_account: bool,
    rules_pass: bool,
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let ground = Ground::of(&tx, &customer).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("method", ground.billing.method.key());
    typed.put("account", ground.billing.bank_account.clone().unwrap_or_default());
    typed.put("sipo", ground.billing.sipo_number.clone().unwrap_or_default());
    errand::ask(page, errand(page, &ground, &typed, &Proof::NotYet).0)
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let proof = Proof::of(&customer, &typed).await?;
    let tx = customer.db.begin().await?;
    let ground = Ground::of(&tx, &customer).await?;
    let (errand, found) = errand(page, &ground, &typed, &proof);
    let new = found.as_ref().map_or(Json::Null, |found| values(&found.billing, found.from));
    if found.is_some()
        && let Some(receipt) = errand::sent_before(&customer, &tx, &typed).await?
    {
        return Ok(receipt);
    }
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(proof.answered(*page));
    }
    let found = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let key = typed.key();
    if found.has_other_account {
        change_bank::tell(page, &tx, &tx.customer(customer.id).await?, &key).await?;
    }
    let asked = Asked {
        kind: RequestKind::PaymentMethod,
        feature: FEATURE,
        supply_point: None,
        payload: json!({ "shown": shown, "old": values(&ground.billing, found.from), "new": new }),
        words: String::new(),
        rules_pass: found.rules_pass,
        key,
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn values(billing: &Billing, from: Date) -> Json {
    json!({
        "method": billing.method.key(),
        "bank_account": billing.bank_account,
        "sipo_number": billing.sipo_number,
        "from": from.to_string(),
    })
}

fn errand(page: &Page, ground: &Ground, typed: &Typed, proof: &Proof) -> (Errand, Option<Found>) {
    let method = PaymentMethod::parse(typed.get("method"));
    let chosen = method.map(|method| Chosen::new(method, typed.get("account"), typed.get("sipo")));
    let [mut of_method, mut of_account, mut of_sipo] = [const { String::new() }; 3];
    match &chosen {
        _ if typed.get("step").is_empty() => {}
        None => of_method = page.t("change-payment-choose"),
        Some(Ok(chosen)) if ground.with(chosen) == ground.billing => of_method = page.t("mistake-unchanged"),
        Some(Ok(_)) => {}
        Some(Err(error)) => match error {
            ChoiceError::AccountMissing | ChoiceError::Account(_) => of_account = page.choice_mistake(*error),
            _ => of_sipo = page.choice_mistake(*error),
        },
    }
    let passes = !matches!(&chosen, Some(Ok(chosen)) if chosen.has_unknown_bank());
    let mut errand =
        Errand::new(page, "change-payment", PATH, "/dashboard").handled(page, RequestKind::PaymentMethod, passes);
    let choice = |one: PaymentMethod| {
        let note = page.t(&format!("change-payment-note-{}", one.key().replace('_', "-")));
        Choice::new(one.key(), page.t(words::method(one)), Some(one) == method).note(note)
    };
    errand.fields = vec![
        Field::radio("method", page.t("account-method"), PaymentMethod::ALL.map(choice).into()).wrong(of_method),
        Field::text("account", page.t("change-payment-account"))
            .hint(page.t("change-payment-account-hint"))
            .autocomplete("off")
            .plain()
            .max(change_bank::LONGEST)
            .typed(typed.get("account"))
            .wrong(of_account),
        Field::digits("sipo", page.t("change-payment-sipo"))
            .hint(page.t("change-payment-sipo-hint"))
            .max(20)
            .typed(typed.get("sipo"))
            .wrong(of_sipo),
    ];
    let Some(Ok(chosen)) = chosen else { return (errand, None) };
    looked_over(page, ground, errand, &chosen, proof)
}

/// What will be different, from when, and what the customer has to do besides.
fn looked_over(
    page: &Page,
    ground: &Ground,
    mut errand: Errand,
    chosen: &Chosen,
    proof: &Proof,
) -> (Errand, Option<Found>) {
    let (old, billing) = (&ground.billing, ground.with(chosen));
    let from = counts_from(old.method, billing.method, page.today());
    let has_other_account = old.bank_account != billing.bank_account;
    let said = |kept: &Option<String>| kept.as_deref().map(bank::masked).unwrap_or_default();
    errand = errand.change(
        page.t("account-method"),
        page.t(words::method(old.method)),
        page.t(words::method(billing.method)),
    );
    if let Chosen::DirectDebit(account) = chosen {
        if has_other_account {
            let label = page.t("change-payment-account");
            errand.changes.push(Change { label, old: said(&old.bank_account), new: change_bank::shown(account) });
            errand.doubts.extend(change_bank::doubt(page, account));
            errand.confirm = vec![proof.field(page)];
        }
        let ours = page.tenant().document.payment.account.as_str();
        errand.notes.push(page.t_args("change-payment-consent", &[("account", Arg::from(ours))]));
    }
    errand = errand.change(page.t("change-payment-sipo"), said(&old.sipo_number), said(&billing.sipo_number));
    errand = errand.change(page.t("change-payment-from"), "", page.date(from));
    let coming = ground.coming.iter().filter(|one| one.due_on >= from && one.method != billing.method);
    for one in coming.take(MOST) {
        let label = page.t_args("change-payment-instalment", &[("day", Arg::from(page.date(one.due_on)))]);
        let line = |amount: Money, method| format!("{}, {}", page.money(amount), page.t(words::method(method)));
        let new = line(payable_by(billing.method, one.amount), billing.method);
        errand = errand.change(label, line(one.amount, one.method), new);
    }
    let rules_pass = !chosen.has_unknown_bank();
    (errand, Some(Found { billing, from, has_other_account, rules_pass }))
}
