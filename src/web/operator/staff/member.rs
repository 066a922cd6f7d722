//! One member: their role, whether they may sign in, their sessions, their second factor. What takes something away from them ends
//! every session of theirs at once.
use super::{inviter, only_lead, take_turn};
use crate::data::{AuditEntry, StaffRow, TenantTx};
use crate::domain::ids::StaffId;
use crate::domain::staff::{StaffMember, StaffRefusal, check_change};
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::invitations::{self, Invited};
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Serialize)]
struct View {
    id: String,
    name: String,
    version: i32,
    /// Somebody was faster; empty when nobody was.
    conflict: String,
    facts: Vec<Fact>,
    role: Field,
    is_own: bool,
    is_disabled: bool,
    sessions: usize,
    /// Asked for only where none is kept.
    email: Option<Field>,
    /// The lead's own factor is renewed only through an address that was kept before.
    can_reset: bool,
    has_mistakes: bool,
    mistakes: Vec<Field>,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

fn id_of(text: &str) -> Result<StaffId, Error> {
    Uuid::try_parse(text).map(StaffId).map_err(|_| Error::NotFound)
}

pub async fn show(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let view = view(&operator, id_of(&id)?, String::new(), None).await?;
    operator.page.show("operator/staff_member.html", &view)
}

async fn view(operator: &Operator, id: StaffId, conflict: String, wrong: Option<Field>) -> Result<View, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let row = tx.staff_row(id).await?;
    let sessions = tx.sessions_of(id.0, page.now()).await?.len();
    tx.commit().await?;
    let is_own = id == operator.id;
    let named = |field: &str| wrong.clone().filter(|one| one.name == field);
    let email = row.email.is_none().then(|| named("email").unwrap_or_else(|| email_field(page)));
    let role = named("role").unwrap_or_else(|| invitations::roles(page, row.member.role.key()));
    Ok(View {
        id: id.to_string(),
        name: row.member.name.clone(),
        version: row.version,
        conflict,
        facts: facts(page, &row),
        role,
        is_own,
        is_disabled: row.member.is_disabled,
        sessions,
        can_reset: !row.member.is_disabled && (!is_own || email.is_none()),
        email,
        has_mistakes: wrong.is_some(),
        mistakes: wrong.into_iter().collect(),
    })
}

fn email_field(page: &Page) -> Field {
    Field::email("email", page.t("staff-email")).hint(page.t("staff-email-hint")).max(254).required()
}

fn facts(page: &Page, row: &StaffRow) -> Vec<Fact> {
    let word = |is: bool, yes: &str, no: &str| page.t(if is { yes } else { no });
    let fact = |label: &str, value: String| Fact { label: page.t(label), value, note: String::new() };
    vec![
        fact("login-username", row.member.username.clone()),
        fact("staff-email", row.email.clone().unwrap_or_else(|| page.t("staff-email-none"))),
        fact("staff-role", page.t(&format!("role-{}", row.member.role.key().replace('_', "-")))),
        fact("staff-state", word(row.member.is_disabled, "staff-disabled", "staff-active")),
        fact("staff-factor", word(row.totp_secret.is_some(), "staff-factor-yes", "staff-factor-no")),
        fact("staff-last", row.last_sign_in_at.map_or_else(|| page.t("staff-never"), |at| page.moment(at))),
    ]
}

/// What a lead is about to change, alone with the staff until they are done.
struct Turn {
    tx: TenantTx,
    row: StaffRow,
    /// Everybody as they are.
    all: Vec<StaffMember>,
}

impl Turn {
    /// None when the member changed since the page was opened.
    async fn of(operator: &Operator, id: StaffId, typed: &Typed) -> Result<Option<Turn>, Error> {
        only_lead(operator)?;
        let tx = operator.db.begin().await?;
        let all = take_turn(&tx, operator).await?;
        let row = tx.staff_row(id).await?;
        let is_seen = typed.get("version").parse() == Ok(row.version);
        Ok(is_seen.then_some(Turn { tx, row, all }))
    }

    /// Keeps what was done with its audit line, and ends every session of the member, on every instance.
    async fn finish(self, operator: &Operator, action: &str, before: Value, after: Value) -> Result<(), Error> {
        let ended = self.tx.delete_sessions_of(self.row.member.id.0).await?;
        self.keep(operator, &ended, action, before, after).await
    }

    /// The same with sessions whose rows are gone already: whatever writes to the audit comes after them, as it does where one signs out.
    async fn keep(
        self,
        operator: &Operator,
        ended: &[[u8; 32]],
        action: &str,
        before: Value,
        mut after: Value,
    ) -> Result<(), Error> {
        let page = &operator.page;
        let id = self.row.member.id;
        after["sessions_ended"] = json!(ended.len());
        let entry = AuditEntry {
            actor_kind: "staff".into(),
            actor: operator.id.to_string(),
            role: page.role().key().into(),
            feature: None,
            action: action.into(),
            object: format!("staff:{id}"),
            before,
            after,
            request_id: page.request_id().into(),
        };
        self.tx.write_audit(&entry).await?;
        self.tx.commit().await?;
        page.services().sessions.end_many(page.tenant().id, ended).await;
        Ok(())
    }
}

async fn outdated(operator: &Operator, id: StaffId) -> Result<Response, Error> {
    refused(operator, id, "staff-outdated").await
}

/// The member as they are now, and why nothing was done.
async fn refused(operator: &Operator, id: StaffId, why: &str) -> Result<Response, Error> {
    let page = &operator.page;
    let view = view(operator, id, page.t(why), None).await?;
    page.show_as(StatusCode::CONFLICT, "operator/staff_member.html", &view)
}

fn why(refusal: StaffRefusal) -> &'static str {
    match refusal {
        StaffRefusal::Oneself => "staff-oneself",
        StaffRefusal::LastLead => "staff-last-lead",
    }
}

pub async fn change_role(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let (page, id) = (&operator.page, id_of(&id)?);
    let Some(turn) = Turn::of(&operator, id, &typed).await? else { return outdated(&operator, id).await };
    let Some(role) = invitations::role_of(typed.get("role")) else {
        drop(turn);
        let wrong = invitations::roles(page, "").wrong(page.t("staff-role-missing"));
        let view = view(&operator, id, String::new(), Some(wrong)).await?;
        return page.show_again("operator/staff_member.html", &view);
    };
    let before = turn.row.member.role;
    if role == before {
        return Ok(page.go(&format!("/operator/staff/{id}")));
    }
    let after = StaffMember { role, ..turn.row.member.clone() };
    if let Err(refusal) = check_change(operator.id, &after, &turn.all) {
        drop(turn);
        return refused(&operator, id, why(refusal)).await;
    }
    if !turn.tx.change_staff_role(id, turn.row.version, role).await? {
        drop(turn);
        return outdated(&operator, id).await;
    }
    let (before, after) = (json!({ "role": before.key() }), json!({ "role": role.key() }));
    turn.finish(&operator, "change_staff_role", before, after).await?;
    Ok(page.go("/operator/staff?done=role"))
}

pub async fn change_state(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let (page, id) = (&operator.page, id_of(&id)?);
    let is_disabled = match typed.get("turn") {
        "off" => true,
        "on" => false,
        _ => return Err(Error::NotFound),
    };
    let Some(turn) = Turn::of(&operator, id, &typed).await? else { return outdated(&operator, id).await };
    let after = StaffMember { is_disabled, ..turn.row.member.clone() };
    if let Err(refusal) = check_change(operator.id, &after, &turn.all) {
        drop(turn);
        return refused(&operator, id, why(refusal)).await;
    }
    if !turn.tx.disable_staff(id, turn.row.version, is_disabled).await? {
        drop(turn);
        return outdated(&operator, id).await;
    }
    if is_disabled {
        turn.tx.revoke_staff_invitations_of(id, page.now()).await?;
    }
    let before = json!({ "is_disabled": turn.row.member.is_disabled });
    let action = if is_disabled { "disable_staff" } else { "enable_staff" };
    turn.finish(&operator, action, before, json!({ "is_disabled": is_disabled })).await?;
    Ok(page.go(if is_disabled { "/operator/staff?done=off" } else { "/operator/staff?done=on" }))
}

pub async fn end_sessions(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let (page, id) = (&operator.page, id_of(&id)?);
    let Some(turn) = Turn::of(&operator, id, &typed).await? else { return outdated(&operator, id).await };
    turn.finish(&operator, "end_staff_sessions", Value::Null, json!({})).await?;
    Ok(page.go("/operator/staff?done=sessions"))
}

/// The old codes open nothing any more; a link to enrol new ones goes to the member by mail.
pub async fn reset_factor(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let (page, id) = (&operator.page, id_of(&id)?);
    let Some(turn) = Turn::of(&operator, id, &typed).await? else { return outdated(&operator, id).await };
    let is_own = id == operator.id;
    if turn.row.member.is_disabled || (is_own && turn.row.email.is_none()) {
        drop(turn);
        return refused(&operator, id, "staff-factor-not-now").await;
    }
    let email = match &turn.row.email {
        Some(kept) => Ok(kept.clone()),
        None => match typed::email(typed.get("email")) {
            Ok(email) if turn.tx.staff_by_email(&email).await?.is_some() => Err(page.t("staff-email-taken")),
            other => other.map_err(|error| page.email_mistake(error)),
        },
    };
    let email = match email {
        Ok(email) => email,
        Err(sentence) => {
            drop(turn);
            let wrong = email_field(page).typed(typed.get("email")).wrong(sentence);
            let view = view(&operator, id, String::new(), Some(wrong)).await?;
            return page.show_again("operator/staff_member.html", &view);
        }
    };
    if !turn.tx.forget_staff_factor(id, turn.row.version, &email).await? {
        drop(turn);
        return outdated(&operator, id).await;
    }
    let member = turn.row.member.clone();
    let invited = Invited { name: member.name, email, username: member.username, role: member.role, staff: Some(id) };
    let ended = turn.tx.delete_sessions_of(id.0).await?;
    invitations::send(&turn.tx, page, &invited, &inviter(&operator), "send_factor_link").await?;
    turn.keep(&operator, &ended, "reset_staff_factor", Value::Null, json!({})).await?;
    Ok(page.go("/operator/staff?done=factor"))
}
