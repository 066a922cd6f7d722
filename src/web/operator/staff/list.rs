//! Everybody on the staff and everybody invited, on one page.
use super::only_lead;
use crate::data::{StaffInvitation, StaffInvitationState, StaffRow};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct View {
    /// What was just done; empty when nothing.
    done: String,
    conflict: String,
    members: Vec<Member>,
    pending: Vec<Pending>,
}

#[derive(Serialize)]
struct Member {
    id: String,
    name: String,
    username: String,
    role: String,
    has_factor: bool,
    last: String,
    is_disabled: bool,
    is_own: bool,
}

#[derive(Serialize)]
struct Pending {
    id: String,
    name: String,
    username: String,
    email: String,
    role: String,
    by: String,
    until: String,
    is_expired: bool,
    /// Whoever invited may do so no longer.
    is_void: bool,
    /// It renews a second factor.
    is_factor: bool,
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

pub async fn list(operator: Operator, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let done = match arrived.done.as_deref() {
        Some("invited") => "staff-done-invited",
        Some("sent") => "staff-done-sent",
        Some("revoked") => "staff-done-revoked",
        Some("role") => "staff-done-role",
        Some("off") => "staff-done-off",
        Some("on") => "staff-done-on",
        Some("sessions") => "staff-done-sessions",
        Some("factor") => "staff-done-factor",
        _ => "",
    };
    let page = &operator.page;
    let done = if done.is_empty() { String::new() } else { page.t(done) };
    page.show("operator/staff.html", &view(&operator, done, String::new()).await?)
}

pub async fn view(operator: &Operator, done: String, conflict: String) -> Result<View, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let (members, pending) = (tx.staff_rows().await?, tx.pending_staff_invitations().await?);
    tx.commit().await?;
    let members = members.iter().map(|row| member(operator, row)).collect();
    Ok(View { done, conflict, members, pending: pending.iter().map(|one| invited(page, one)).collect() })
}

fn member(operator: &Operator, row: &StaffRow) -> Member {
    let page = &operator.page;
    Member {
        id: row.member.id.to_string(),
        name: row.member.name.clone(),
        username: row.member.username.clone(),
        role: page.t(&format!("role-{}", row.member.role.key().replace('_', "-"))),
        has_factor: row.totp_secret.is_some(),
        last: row.last_sign_in_at.map_or_else(|| page.t("staff-never"), |at| page.moment(at)),
        is_disabled: row.member.is_disabled,
        is_own: row.member.id == operator.id,
    }
}

fn invited(page: &Page, one: &StaffInvitation) -> Pending {
    Pending {
        id: one.id.to_string(),
        name: one.name.clone(),
        username: one.username.clone(),
        email: one.email.clone(),
        role: page.t(&format!("role-{}", one.role.key().replace('_', "-"))),
        by: one.invited_by.clone(),
        until: page.moment(one.expires_at),
        is_expired: one.state == StaffInvitationState::Open && !one.is_open(page.now()),
        is_void: one.state == StaffInvitationState::Void,
        is_factor: one.staff.is_some(),
    }
}
