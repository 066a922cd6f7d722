//! Access in the same step as the signature, or from the record of it: made, handed over, sent, printed.
use super::record::line;
use super::{account, found};
use crate::backends::keys::Token;
use crate::data::{Application, ApplicationState, Began, Signing, TenantTx, Wish};
use crate::domain::access::{Delivery, Proof, Proofs};
use crate::domain::customers::Customer;
use crate::domain::features::{Feature, Role};
use crate::domain::ids::{AccountId, ApplicationId};
use crate::web::kit::error::Error;
use crate::web::kit::granting::{self, Grant, Granted, LINK};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use crate::web::operator::access::sheet;
use axum::extract::Path;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

/// What may be done from the record, by the word of its button.
pub fn acts(operator: &Operator, signing: &Signing, account: &Option<crate::data::AccountRow>) -> Vec<&'static str> {
    let tenant = operator.page.tenant();
    let has_email = signing.email.is_some();
    match account {
        None if operator.role == Role::Dealer => {
            if tenant.has(Feature::AccessDealerRegistration) && has_email {
                vec!["register"]
            } else {
                Vec::new()
            }
        }
        None if signing.wish == Wish::No => vec!["offer"],
        None if tenant.has(Feature::AccessStaffRegistrationAtSigning) && has_email => vec!["hand"],
        None => vec!["offer"],
        Some(one) if one.must_change && operator.role != Role::Dealer => {
            let mut acts = vec!["sheet"];
            if has_email {
                acts.push("mail");
            }
            acts
        }
        // A dealer sends again what they sent, nobody else's.
        Some(one) if one.must_change && has_email && signing.account == Some(one.id) => vec!["mail"],
        Some(_) => Vec::new(),
    }
}

/// With the signature: made at once where access was wished for or is given, unless its owner shall type their own on the spot.
pub async fn at_signing(operator: &Operator, tx: &TenantTx, signing: &Signing, person: &Customer) -> Result<(), Error> {
    let types_own = operator.page.tenant().has(Feature::AccessStaffRegistrationAtSigning);
    if !matches!(signing.wish, Wish::Yes | Wish::Given) || types_own {
        return Ok(());
    }
    if account(tx, signing).await?.is_some() {
        return Ok(());
    }
    make(operator, tx, signing, person).await.map(|_| ())
}

/// The log-in by the supplier's way. Where it is handed over, whoever sits opposite does that next.
async fn make(
    operator: &Operator,
    tx: &TenantTx,
    signing: &Signing,
    person: &Customer,
) -> Result<Option<AccountId>, Error> {
    let page = &operator.page;
    let grant = grant(page, signing, person, Proofs::of(&[Proof::Branch]));
    let Some(granted) = granting::create(tx, page, &grant).await? else { return Ok(None) };
    if !tx.set_signing_account(signing.id, granted.account).await? {
        return Ok(None);
    }
    match page.tenant().document.access.password {
        Some(Delivery::Handover) => granting::after(tx, page, &grant, &granted).await?,
        Some(Delivery::RegisteredLetter) => {
            granting::deliver(tx, page, &grant, &granted, Delivery::RegisteredLetter).await?;
        }
        // Who chooses both does so by a link.
        Some(Delivery::OwnChoice) | None => {
            granting::deliver(tx, page, &grant, &granted, Delivery::OwnChoice).await?;
        }
        Some(Delivery::Email) => granting::deliver(tx, page, &grant, &granted, Delivery::Email).await?,
    }
    Ok(Some(granted.account))
}

fn grant<'a>(page: &'a Page, signing: &'a Signing, person: &'a Customer, proofs: Proofs) -> Grant<'a> {
    Grant {
        customer: person.id,
        number: &person.number,
        email: signing.email.as_deref(),
        proofs,
        language: page.tenant().document.locale.default.key(),
        username: None,
        password_hash: None,
    }
}

pub async fn act(operator: Operator, Path(id): Path<Uuid>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let signing = found(&operator, &tx, id).await?;
    let known = account(&tx, &signing).await?;
    let back = format!("/operator/signings/{}", signing.id);
    let wanted = typed.get("act");
    // What cannot be done any more changes nothing; the page shows how it stands.
    let Some(act) = acts(&operator, &signing, &known).into_iter().find(|one| *one == wanted) else {
        return Ok(page.go(&back));
    };
    let person = tx.customer(signing.customer).await?;
    let mut after = json!({ "contract": signing.contract_number });
    match (act, known) {
        ("hand", _) => return hand_over(&operator, tx, &signing).await,
        ("sheet", Some(account)) => {
            drop(tx);
            let entry = line(&operator, &signing, "access_sheet", json!({ "username": account.username }));
            return sheet::print(&operator, &person, &account, &back, entry).await;
        }
        ("mail", Some(account)) => {
            let granted = Granted { account: account.id, username: account.username };
            // To the address the account has, where it has one.
            let own = Grant {
                email: account.email.as_deref().or(signing.email.as_deref()),
                ..grant(page, &signing, &person, account.proofs)
            };
            granting::deliver(&tx, page, &own, &granted, Delivery::Email).await?;
        }
        ("register", None) => {
            // The dealer saw nobody's card: what proves the person is the mail.
            let grant = grant(page, &signing, &person, Proofs::default());
            let Some(granted) = granting::create(&tx, page, &grant).await? else { return Ok(page.go(&back)) };
            if !tx.set_signing_account(signing.id, granted.account).await? {
                return Ok(page.go(&back));
            }
            granting::deliver(&tx, page, &grant, &granted, Delivery::Email).await?;
            after["username"] = granted.username.into();
        }
        _ => {
            if make(&operator, &tx, &signing, &person).await?.is_none() {
                return Ok(page.go(&back));
            }
        }
    }
    tx.write_audit(&line(&operator, &signing, &format!("access_{act}"), after)).await?;
    tx.commit().await?;
    Ok(page.go(&back))
}

/// A screen for the customer: they type a name and a password of their own, and the code that came to their e-mail. Staff see none of it.
async fn hand_over(operator: &Operator, tx: TenantTx, signing: &Signing) -> Result<Response, Error> {
    let page = &operator.page;
    let (token, now) = (Token::random(), page.now());
    let application = Application {
        id: ApplicationId::new(),
        began: Began::Handover,
        state: ApplicationState::Mailed,
        extra: None,
        customer: Some(signing.customer),
        request: None,
        account: None,
        staff: Some(operator.id),
        email: signing.email.clone().unwrap_or_default(),
        token_hash: Some(token.hash()),
        code_hash: None,
        tries: 0,
        version: 1,
        created_at: now,
        expires_at: now + LINK,
        language: page.tenant().document.locale.default.key().to_owned(),
    };
    tx.add_application(&application).await?;
    tx.write_audit(&line(operator, signing, "access_hand", json!({ "contract": signing.contract_number }))).await?;
    tx.commit().await?;
    super::show::handing(page, signing, &token)
}
