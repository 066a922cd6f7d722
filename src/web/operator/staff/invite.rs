//! Inviting a colleague, sending the link again, taking it back.
use super::{inviter, list, only_lead, take_turn};
use crate::data::{StaffInvitation, StaffInvitationState};
use crate::domain::ids::StaffInvitationId;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::invitations::{self, Invited};
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Serialize)]
struct View {
    fields: Vec<Field>,
    has_mistakes: bool,
}

pub async fn form(operator: Operator) -> Result<Response, Error> {
    only_lead(&operator)?;
    let fields = invitations::ask(&operator.page, None);
    operator.page.show("operator/staff_invite.html", &View { fields, has_mistakes: false })
}

pub async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let page = &operator.page;
    let (mut fields, found) = invitations::read(page, &typed, None);
    if let Some(invited) = found {
        let tx = operator.db.begin().await?;
        take_turn(&tx, &operator).await?;
        match invitations::taken(&tx, page, &invited).await? {
            None => {
                invitations::send(&tx, page, &invited, &inviter(&operator), "invite_staff").await?;
                tx.commit().await?;
                return Ok(page.go("/operator/staff?done=invited"));
            }
            Some((name, sentence)) => {
                fields = fields
                    .into_iter()
                    .map(|field| if field.name == name { field.wrong(sentence.clone()) } else { field })
                    .collect();
            }
        }
    }
    page.show_again("operator/staff_invite.html", &View { fields, has_mistakes: true })
}

fn id_of(text: &str) -> Result<StaffInvitationId, Error> {
    Uuid::try_parse(text).map(StaffInvitationId).map_err(|_| Error::NotFound)
}

pub async fn revoke(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (page, id) = (&operator.page, id_of(&id)?);
    let tx = operator.db.begin().await?;
    let seen = tx.staff_invitation(id).await?;
    if !tx.end_staff_invitation(id, StaffInvitationState::Revoked, page.now()).await? {
        drop(tx);
        return outdated(&operator, &seen).await;
    }
    let after = json!({ "username": seen.username });
    let by = inviter(&operator);
    tx.write_audit(&invitations::line(page, &by, "revoke_invitation", format!("invitation:{id}"), after)).await?;
    tx.commit().await?;
    Ok(page.go("/operator/staff?done=revoked"))
}

/// A new link; the one before ends.
pub async fn send_again(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (page, id) = (&operator.page, id_of(&id)?);
    let tx = operator.db.begin().await?;
    take_turn(&tx, &operator).await?;
    let seen = tx.staff_invitation(id).await?;
    if !tx.end_staff_invitation(id, StaffInvitationState::Replaced, page.now()).await? {
        drop(tx);
        return outdated(&operator, &seen).await;
    }
    let invited = Invited {
        name: seen.name.clone(),
        email: seen.email.clone(),
        username: seen.username.clone(),
        role: seen.role,
        staff: seen.staff,
    };
    invitations::send(&tx, page, &invited, &inviter(&operator), "resend_invitation").await?;
    tx.commit().await?;
    Ok(page.go("/operator/staff?done=sent"))
}

/// Used, taken back or sent anew by somebody else meanwhile: the list as it is now.
async fn outdated(operator: &Operator, seen: &StaffInvitation) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let now = tx.staff_invitation(seen.id).await?;
    tx.commit().await?;
    let conflict = page.t(&format!("staff-invitation-{}", now.state.key()));
    let view = list::view(operator, String::new(), conflict).await?;
    page.show_as(StatusCode::CONFLICT, "operator/staff.html", &view)
}
