//! The link of an invitation: looking uses nothing up. Who has a log-in signs in and accepts; who has none makes one here.
use super::opened;
use super::people::{role_words, until_words};
use super::security::password::known_words;
use crate::backends::keys::Token;
use crate::data::{AuditEntry, Invitation, Membership, NewAccount, NewMessage, TenantTx};
use crate::domain::access::{MemberRole, Proof, Proofs, holds, username_problem};
use crate::domain::features::Feature;
use crate::domain::ids::{AccountId, MessageId};
use crate::domain::notices::Channel;
use crate::domain::passwords;
use crate::web::kit::access::encode;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const TEMPLATE: &str = "portal/invitation.html";

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(FEATURES, "/invitation").get(look).post(accept)]
}

#[derive(Default, Serialize)]
struct View {
    token: String,
    customer: String,
    role: String,
    may: String,
    until: String,
    /// Who is signed in and would accept; empty for who is not.
    me: String,
    sign_in: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    /// `gone`, or `mine` where this log-in looks after the customer already; else empty.
    outcome: &'static str,
}

fn gone(page: &Page) -> Result<Response, Error> {
    page.show_again(TEMPLATE, &View { outcome: "gone", ..View::default() })
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = visitor.db.read().await?;
    let Some(invitation) = tx.invitation(&token.hash(), page.now()).await? else { return gone(page) };
    let fields = fields(page, &Typed::default(), [String::new(), String::new()]);
    let view = view(page, &tx, &token, &invitation, fields).await?;
    tx.commit().await?;
    page.show(TEMPLATE, &view)
}

async fn view(
    page: &Page,
    tx: &TenantTx,
    token: &Token,
    invitation: &Invitation,
    fields: Vec<Field>,
) -> Result<View, Error> {
    let (role, may) = role_words(page, invitation.role);
    let me = match signed_in(page) {
        Some(account) => tx.credentials_of(account).await?.map(|(username, _)| username).unwrap_or_default(),
        None => String::new(),
    };
    let token = token.to_text();
    Ok(View {
        customer: tx.customer(invitation.customer).await?.name,
        role,
        may,
        until: until_words(page, invitation.until),
        me,
        sign_in: format!("{}/login?next={}", page.base(), encode(&format!("/invitation?token={token}"))),
        token,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        outcome: "",
    })
}

fn signed_in(page: &Page) -> Option<AccountId> {
    page.session().map(|session| AccountId(session.subject))
}

fn fields(page: &Page, typed: &Typed, [username, password]: [String; 2]) -> Vec<Field> {
    let name = Field::text("username", page.t("login-username"))
        .hint(page.t("invitation-username-hint"))
        .plain()
        .autocomplete("username")
        .max(64)
        .required()
        .typed(typed.get("username"))
        .wrong(username);
    vec![name, page.new_password(password)]
}

async fn accept(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    match signed_in(page) {
        Some(account) => accept_as(&visitor, &token, account).await,
        None => accept_anew(&visitor, &token, &typed).await,
    }
}

/// By the log-in that is signed in.
async fn accept_as(visitor: &Visitor, token: &Token, account: AccountId) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let taken = tx.use_invitation(&token.hash(), page.now()).await?;
    let Some(invitation) = taken.filter(|one| holds(one.until, page.today())) else { return gone(page) };
    if !may_invite(page, &tx, &invitation).await? {
        return gone(page);
    }
    if let Some(own) = tx.membership(account, invitation.customer).await? {
        if holds(own.until, page.today()) {
            // Not committed: the invitation waits for whom it was meant.
            return page.show_again(TEMPLATE, &View { outcome: "mine", ..View::default() });
        }
        tx.forget_membership(account, invitation.customer).await?;
    }
    // What the log-in proved elsewhere proves nothing here but that it reads this mail.
    let proofs = Some(Proofs::of(&[Proof::Email]));
    let username = tx.credentials_of(account).await?.ok_or(Error::NotFound)?.0;
    join(page, &tx, &invitation, account, proofs, &username).await?;
    let proofs = tx.proofs_of(account).await?;
    let session =
        opened::session(page, &tx, account, proofs, Some(invitation.customer)).await?.ok_or(Error::NotFound)?;
    opened::go_on(page, tx, session, "/dashboard").await
}

/// An invitation does not outlive the right of whoever sent it.
async fn may_invite(page: &Page, tx: &TenantTx, invitation: &Invitation) -> Result<bool, Error> {
    let inviter = tx.membership(invitation.invited_by, invitation.customer).await?;
    let is_open = tx.credentials_of(invitation.invited_by).await?.is_some();
    Ok(is_open && inviter.is_some_and(|one| one.role == MemberRole::Owner && holds(one.until, page.today())))
}

/// With a username and a password chosen here.
async fn accept_anew(visitor: &Visitor, token: &Token, typed: &Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.read().await?;
    let Some(invitation) = tx.invitation(&token.hash(), page.now()).await? else { return gone(page) };
    let person = tx.customer(invitation.customer).await?;
    tx.commit().await?;
    let username = typed.get("username").trim();
    let wrong_name = match username_problem(username) {
        Some(problem) => page.t(&format!("invitation-name-{}", format!("{problem:?}").to_lowercase())),
        None => String::new(),
    };
    let known = known_words(page, username, &person);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let wrong_password = passwords::check(typed.get("new"), &known).err();
    let wrong_password = wrong_password.map(|error| page.new_password_mistake(&error)).unwrap_or_default();
    if !wrong_name.is_empty() || !wrong_password.is_empty() {
        return again(visitor, token, &invitation, typed, [wrong_name, wrong_password]).await;
    }
    let hasher = &page.services().hasher;
    let hash = hasher.hash(typed.get("new")).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let tx = visitor.db.begin().await?;
    let taken = tx.use_invitation(&token.hash(), page.now()).await?;
    let Some(invitation) = taken.filter(|one| holds(one.until, page.today())) else { return gone(page) };
    if !may_invite(page, &tx, &invitation).await? {
        return gone(page);
    }
    let account = NewAccount {
        email: Some(invitation.email.clone()),
        proofs: Proofs::of(&[Proof::Email]),
        ..NewAccount::of(AccountId::new(), username, &hash, invitation.customer, page.now())
    };
    if !tx.add_log_in(&account).await? {
        drop(tx);
        return again(visitor, token, &invitation, typed, [page.t("invitation-name-taken"), String::new()]).await;
    }
    join(page, &tx, &invitation, account.id, None, username).await?;
    let session = opened::session(page, &tx, account.id, account.proofs, None).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    doors::let_in(page, &visitor.db, session, "/dashboard").await
}

async fn again(
    visitor: &Visitor,
    token: &Token,
    invitation: &Invitation,
    typed: &Typed,
    wrong: [String; 2],
) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.read().await?;
    let view = view(page, &tx, token, invitation, fields(page, typed, wrong)).await?;
    tx.commit().await?;
    page.show_again(TEMPLATE, &view)
}

/// The right itself, its line, and a word to who invited.
async fn join(
    page: &Page,
    tx: &TenantTx,
    invitation: &Invitation,
    account: AccountId,
    proofs: Option<Proofs>,
    username: &str,
) -> Result<(), Error> {
    let membership = Membership {
        account,
        customer: invitation.customer,
        role: invitation.role,
        until: invitation.until,
        invited_by: Some(invitation.invited_by),
        proofs,
        last_used_at: None,
    };
    tx.add_membership(&membership).await?;
    if let Some(recipient) = tx.address_of(invitation.invited_by).await? {
        let message = NewMessage {
            id: MessageId::new(),
            channel: Channel::Mail,
            customer: Some(invitation.customer),
            kind: "invitation_accepted".into(),
            recipient,
            language: page.lang().key().to_owned(),
            payload: json!({
                "path": "/account/people",
                "email": invitation.email,
                "username": username,
                "role": role_words(page, invitation.role).0,
            }),
            dedupe_key: format!("invitation_accepted:{}", invitation.id),
        };
        tx.enqueue(&[message]).await?;
    }
    let entry = AuditEntry {
        actor_kind: "customer".into(),
        actor: account.to_string(),
        role: invitation.role.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: "accept_invitation".into(),
        object: format!("invitation:{}", invitation.id),
        before: serde_json::Value::Null,
        after: json!({ "customer": invitation.customer, "role": invitation.role.key() }),
        request_id: page.request_id().into(),
    };
    Ok(tx.write_audit(&entry).await?)
}
