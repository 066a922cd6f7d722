//! Inviting somebody to a supplier's staff: the questions, who is there already, the link by mail. Used by the supplier's lead and, for
//! a supplier's first lead, by the console.
use super::error::Error;
use super::form::{Choice, Field};
use super::page::Page;
use super::typed::Typed;
use crate::backends::keys::Token;
use crate::data::{AuditEntry, NewMessage, NewStaffInvitation, TenantTx};
use crate::domain::features::Role;
use crate::domain::ids::{MessageId, StaffId, StaffInvitationId};
use crate::domain::notices::Channel;
use crate::domain::staff::STAFF_ROLES;
use crate::domain::typed;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

/// A link lives this long.
const LINK: Duration = Duration::days(7);
const LONGEST_NAME: usize = 80;
const LONGEST_USERNAME: usize = 60;

/// Who shall come.
#[derive(Clone, Debug)]
pub struct Invited {
    pub name: String,
    pub email: String,
    pub username: String,
    pub role: Role,
    /// Whose second factor is renewed; none for who is no member yet.
    pub staff: Option<StaffId>,
}

/// Who invites, for the audit and for colleagues.
pub struct Inviter<'a> {
    pub kind: &'static str,
    pub actor: String,
    pub name: &'a str,
}

impl Inviter<'_> {
    /// Of the supplier's own; none from the console.
    fn member(&self) -> Option<StaffId> {
        let id = Uuid::try_parse(&self.actor).ok().map(StaffId);
        id.filter(|_| self.kind == "staff")
    }
}

/// The questions, the first time. Where the role is settled, it is not asked for.
pub fn ask(page: &Page, settled: Option<Role>) -> Vec<Field> {
    read(page, &Typed::default(), settled).0.into_iter().map(|field| field.wrong("")).collect()
}

/// The questions with what was typed, and who is meant when nothing is wrong.
pub fn read(page: &Page, typed: &Typed, settled: Option<Role>) -> (Vec<Field>, Option<Invited>) {
    let name = match typed::text(typed.get("name"), LONGEST_NAME) {
        Ok(name) if name.is_empty() => Err(page.t("mistake-missing")),
        Ok(name) => Ok(name),
        Err(error) => Err(page.text_mistake(error)),
    };
    let email = typed::email(typed.get("email")).map_err(|error| page.email_mistake(error));
    let username = match typed::text(typed.get("username"), LONGEST_USERNAME) {
        Ok(name) if name.is_empty() => Err(page.t("mistake-missing")),
        Ok(name) if name.contains(char::is_whitespace) => Err(page.t("mistake-username")),
        Ok(name) => Ok(name),
        Err(error) => Err(page.text_mistake(error)),
    };
    let role = settled.or_else(|| role_of(typed.get("role")));
    let wrong = |found: &Result<String, String>| found.clone().err().unwrap_or_default();
    let mut fields = vec![
        Field::text("name", page.t("staff-name"))
            .max(LONGEST_NAME)
            .required()
            .typed(typed.get("name"))
            .wrong(wrong(&name)),
        Field::email("email", page.t("staff-email"))
            .hint(page.t("staff-email-hint"))
            .max(254)
            .required()
            .typed(typed.get("email"))
            .wrong(wrong(&email)),
        Field::text("username", page.t("login-username"))
            .hint(page.t("staff-username-hint"))
            .plain()
            .autocomplete("off")
            .max(LONGEST_USERNAME)
            .required()
            .typed(typed.get("username"))
            .wrong(wrong(&username)),
    ];
    if settled.is_none() {
        let missing = if role.is_none() { page.t("staff-role-missing") } else { String::new() };
        fields.push(roles(page, typed.get("role")).wrong(missing));
    }
    let found =
        || Some(Invited { name: name.ok()?, email: email.ok()?, username: username.ok()?, role: role?, staff: None });
    let found = found();
    (fields, found)
}

pub fn role_of(key: &str) -> Option<Role> {
    Role::parse(key).filter(|role| role.is_staff())
}

/// Each role with a sentence what it may do.
pub fn roles(page: &Page, chosen: &str) -> Field {
    let choices = STAFF_ROLES.iter().map(|role| {
        let key = role.key().replace('_', "-");
        let (label, note) = (page.t(&format!("role-{key}")), page.t(&format!("staff-may-{key}")));
        Choice::new(role.key(), label, role.key() == chosen).note(note)
    });
    Field::radio("role", page.t("staff-role"), choices.collect())
}

/// The field that somebody else has already, with the sentence; none when both name and address are free.
pub async fn taken(tx: &TenantTx, page: &Page, invited: &Invited) -> Result<Option<(&'static str, String)>, Error> {
    if tx.staff_by_username(&invited.username).await?.is_some() {
        return Ok(Some(("username", page.t("staff-username-taken"))));
    }
    if tx.staff_by_email(&invited.email).await?.is_some() {
        return Ok(Some(("email", page.t("staff-email-taken"))));
    }
    let key = invited.username.to_lowercase();
    let is_same = |name: &str| name.to_lowercase() == key;
    let now = page.now();
    let pending = tx.pending_staff_invitations().await?;
    let is_invited = pending.iter().any(|one| one.is_open(now) && is_same(&one.username));
    Ok(is_invited.then(|| ("username", page.t("staff-username-invited"))))
}

/// Keeps the invitation, puts its mail into the outbox and writes the audit; the caller commits.
pub async fn send(
    tx: &TenantTx,
    page: &Page,
    invited: &Invited,
    by: &Inviter<'_>,
    action: &str,
) -> Result<StaffInvitationId, Error> {
    let (token, now) = (Token::random(), page.now());
    let invitation = NewStaffInvitation {
        id: StaffInvitationId::new(),
        staff: invited.staff,
        name: invited.name.clone(),
        email: invited.email.clone(),
        username: invited.username.clone(),
        role: invited.role,
        invited_by: by.name.to_owned(),
        inviter: by.member(),
        token_hash: token.hash(),
        created_at: now,
        expires_at: now + LINK,
    };
    tx.add_staff_invitation(&invitation).await?;
    let kind = if invited.staff.is_some() { "staff_factor" } else { "staff_invitation" };
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: kind.into(),
        recipient: invited.email.clone(),
        language: page.lang().key().to_owned(),
        payload: json!({
            "path": format!("/operator/invitation?token={}", token.to_text()),
            "by": by.name,
            "username": invited.username,
        }),
        dedupe_key: format!("{kind}:{}", invitation.id),
    };
    tx.enqueue(&[message]).await?;
    let after = json!({ "name": invited.name, "username": invited.username, "role": invited.role.key() });
    tx.write_audit(&line(page, by, action, format!("invitation:{}", invitation.id), after)).await?;
    Ok(invitation.id)
}

pub fn line(page: &Page, by: &Inviter<'_>, action: &str, object: String, after: serde_json::Value) -> AuditEntry {
    AuditEntry {
        actor_kind: by.kind.into(),
        actor: by.actor.clone(),
        role: page.role().key().into(),
        feature: None,
        action: action.into(),
        object,
        before: serde_json::Value::Null,
        after,
        request_id: page.request_id().into(),
    }
}
