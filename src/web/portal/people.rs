//! Who may see a customer's things and do what, until when: the owner invites by mail, takes an invitation back, ends somebody's right.
use crate::backends::keys::Token;
use crate::data::{AuditEntry, Ended, Invitation, Membership, NewMessage, TenantTx};
use crate::domain::access::{MemberRole, holds};
use crate::domain::features::{Action, Feature};
use crate::domain::ids::{AccountId, InvitationId, MessageId};
use crate::domain::notices::Channel;
use crate::domain::typed as read;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Date, Duration};
use uuid::Uuid;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const PATH: &str = "/account/people";
const TEMPLATE: &str = "portal/people.html";
/// An invitation can be accepted so long.
const OPEN: Duration = Duration::days(7);
/// So many wait at once; more would be a way to send mail to strangers.
const MOST: usize = 20;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, PATH).own().get(show),
        Slice::customer(FEATURES, "/account/people/invite").writes(Action::View).post(invite),
        Slice::customer(FEATURES, "/account/people/revoke").writes(Action::View).post(revoke),
        Slice::customer(FEATURES, "/account/people/end").writes(Action::View).post(end),
    ]
}

#[derive(Serialize)]
struct View {
    done: String,
    refused: String,
    /// Only who owns may change anything, and sees the others.
    is_owner: bool,
    people: Vec<Person>,
    invitations: Vec<Waiting>,
    fields: Vec<Field>,
    has_mistakes: bool,
}

#[derive(Serialize)]
struct Person {
    account: String,
    name: String,
    email: String,
    role: String,
    may: String,
    until: String,
    /// It was until a day that has passed.
    has_ended: bool,
    is_self: bool,
}

#[derive(Serialize)]
struct Waiting {
    id: String,
    email: String,
    role: String,
    until: String,
    expires: String,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

/// What a role is called, and what it may do.
pub fn role_words(page: &Page, role: MemberRole) -> (String, String) {
    let key = role.key();
    (page.t(&format!("people-role-{key}")), page.t(&format!("people-may-{key}")))
}

/// Until when, in words.
pub fn until_words(page: &Page, until: Option<Date>) -> String {
    match until {
        Some(day) => page.t_args("people-until-day", &[("day", Arg::from(page.date(day)))]),
        None => page.t("people-until-never"),
    }
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let done = match arrived.done.as_deref() {
        Some("invited") => page.t("people-done-invited"),
        Some("revoked") => page.t("people-done-revoked"),
        Some("ended") => page.t("people-done-ended"),
        _ => String::new(),
    };
    let view = view(&customer, done, String::new(), form(page, &Typed::default(), &Asked::default())).await?;
    page.show(TEMPLATE, &view)
}

async fn view(customer: &Customer, done: String, refused: String, fields: Vec<Field>) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.accounts_of(customer.id).await?;
    let members = tx.memberships_at(customer.id).await?;
    let waiting = tx.pending_invitations(customer.id, page.now()).await?;
    tx.commit().await?;
    let is_owner = members.iter().any(|one| one.account == customer.account && owns(page, one));
    let member = |account: AccountId| members.iter().find(|one| one.account == account);
    let seen = rows.iter().filter_map(|row| Some((row, member(row.id)?)));
    let people = seen.filter(|(row, _)| is_owner || row.id == customer.account).map(|(row, one)| {
        let (role, may) = role_words(page, one.role);
        Person {
            account: row.id.to_string(),
            name: row.username.clone(),
            email: row.email.clone().unwrap_or_default(),
            role,
            may,
            until: until_words(page, one.until),
            has_ended: !holds(one.until, page.today()),
            is_self: row.id == customer.account,
        }
    });
    let invitations = waiting.iter().filter(|_| is_owner).map(|one| Waiting {
        id: one.id.to_string(),
        email: one.email.clone(),
        role: role_words(page, one.role).0,
        until: until_words(page, one.until),
        expires: page.moment(one.expires_at),
    });
    Ok(View {
        done,
        refused,
        is_owner,
        people: people.collect(),
        invitations: invitations.collect(),
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
    })
}

/// Without end: who owns until a day does not outlast it through others.
fn owns(page: &Page, one: &Membership) -> bool {
    one.role == MemberRole::Owner && one.until.is_none() && holds(one.until, page.today())
}

/// What is wrong with each field of an invitation.
#[derive(Default)]
struct Asked {
    email: String,
    role: String,
    until: String,
}

fn form(page: &Page, typed: &Typed, wrong: &Asked) -> Vec<Field> {
    let option = |role: MemberRole| {
        let (label, may) = role_words(page, role);
        Choice::new(role.key(), label, typed.get("role") == role.key()).note(may)
    };
    let roles = [MemberRole::Reader, MemberRole::Manager, MemberRole::Owner];
    vec![
        Field::email("email", page.t("people-email"))
            .hint(page.t("people-email-hint"))
            .autocomplete("off")
            .max(254)
            .required()
            .typed(typed.get("email"))
            .wrong(wrong.email.clone()),
        Field::radio("role", page.t("people-role"), roles.map(option).into()).wrong(wrong.role.clone()),
        Field::day("until", page.t("people-until"))
            .hint(page.t("people-until-hint"))
            .not_before(page.today().to_string())
            .typed(typed.get("until"))
            .wrong(wrong.until.clone()),
    ]
}

fn found(page: &Page, typed: &Typed) -> Result<(String, MemberRole, Option<Date>), Asked> {
    let email = read::email(typed.get("email")).map_err(|error| page.email_mistake(error));
    let role = MemberRole::parse(typed.get("role")).ok_or_else(|| page.t("people-role-missing"));
    let until = match typed.get("until").trim() {
        "" => Ok(None),
        text => match read::date(text) {
            Ok(day) if day < page.today() => Err(page.t("people-until-past")),
            Ok(day) => Ok(Some(day)),
            Err(error) => Err(page.date_mistake(error)),
        },
    };
    match (email, role, until) {
        (Ok(email), Ok(role), Ok(until)) => Ok((email, role, until)),
        (email, role, until) => Err(Asked {
            email: email.err().unwrap_or_default(),
            role: role.err().unwrap_or_default(),
            until: until.err().unwrap_or_default(),
        }),
    }
}

/// Only who owns gets on from here.
pub async fn as_owner(customer: &Customer, tx: &TenantTx) -> Result<(), Error> {
    let own = tx.membership(customer.account, customer.id).await?;
    own.filter(|one| owns(&customer.page, one)).map(|_| ()).ok_or(Error::NotFound)
}

async fn invite(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    as_owner(&customer, &tx).await?;
    let (email, role, until) = match found(page, &typed) {
        Ok(found) => found,
        Err(wrong) => {
            drop(tx);
            let view = view(&customer, String::new(), String::new(), form(page, &typed, &wrong)).await?;
            return page.show_again(TEMPLATE, &view);
        }
    };
    let (now, token) = (page.now(), Token::random());
    let waiting = tx.pending_invitations(customer.id, now).await?;
    if waiting.len() >= MOST {
        drop(tx);
        let refused = page.t("people-too-many");
        let view = view(&customer, String::new(), refused, form(page, &typed, &Asked::default())).await?;
        return page.show_again(TEMPLATE, &view);
    }
    // Of two invitations to one address the newest counts.
    for old in waiting.iter().filter(|one| one.email.eq_ignore_ascii_case(&email)) {
        tx.revoke_invitation(customer.id, old.id, now).await?;
    }
    let invitation = Invitation {
        id: InvitationId::new(),
        customer: customer.id,
        invited_by: customer.account,
        email,
        role,
        until,
        created_at: now,
        expires_at: now + OPEN,
    };
    tx.add_invitation(&invitation, &token.hash()).await?;
    let (role_name, may) = role_words(page, role);
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(customer.id),
        kind: "invitation".into(),
        recipient: invitation.email.clone(),
        language: page.lang().key().to_owned(),
        payload: json!({
            "path": format!("/invitation?token={}", token.to_text()),
            "customer": customer.name,
            "role": role_name,
            "may": may,
            "until": until_words(page, until),
        }),
        dedupe_key: format!("invitation:{}", invitation.id),
    };
    tx.enqueue(&[message]).await?;
    let after = json!({ "role": role.key(), "until": until.map(|day| day.to_string()) });
    tx.write_audit(&line(&customer, "invite", format!("invitation:{}", invitation.id), after)).await?;
    tx.commit().await?;
    Ok(page.go("/account/people?done=invited"))
}

async fn revoke(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let id = InvitationId(Uuid::try_parse(typed.get("invitation")).map_err(|_| Error::NotFound)?);
    let tx = customer.db.begin().await?;
    as_owner(&customer, &tx).await?;
    if tx.revoke_invitation(customer.id, id, customer.page.now()).await? {
        tx.write_audit(&line(&customer, "revoke_invitation", format!("invitation:{id}"), json!(null))).await?;
    }
    tx.commit().await?;
    Ok(customer.page.go("/account/people?done=revoked"))
}

/// Whose right ends is signed out of this customer at once, wherever they are signed in.
async fn end(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let account = AccountId(Uuid::try_parse(typed.get("account")).map_err(|_| Error::NotFound)?);
    let tx = customer.db.begin().await?;
    as_owner(&customer, &tx).await?;
    match tx.end_membership(account, customer.id).await? {
        Ended::Done => {}
        Ended::NotThere => return Err(Error::NotFound),
        Ended::LastOwner => {
            drop(tx);
            let fields = form(page, &Typed::default(), &Asked::default());
            let view = view(&customer, String::new(), page.t("people-last-owner"), fields).await?;
            return page.show_again(TEMPLATE, &view);
        }
    }
    let ended = tx.delete_sessions_at(account, customer.id, page.now()).await?;
    let after = json!({ "sessions_ended": ended.len() });
    tx.write_audit(&line(&customer, "end_membership", format!("account:{account}"), after)).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    Ok(page.go(if account == customer.account { "/" } else { "/account/people?done=ended" }))
}

fn line(customer: &Customer, action: &str, object: String, after: serde_json::Value) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object,
        before: json!({ "customer": customer.id }),
        after,
        request_id: customer.page.request_id().into(),
    }
}
