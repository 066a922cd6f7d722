//! Who a member of staff is: username, password and a one-time code. Shared by the operators' desk and the console.
use super::doors::{self, Entrance, Refusal};
use super::error::Error;
use super::guard::Visitor;
use crate::backends::sessions::{Session, SubjectKind};
use crate::backends::totp;
use crate::domain::ids::TenantId;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    pub username: String,
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub totp: String,
    pub next: Option<String>,
}

pub async fn check(visitor: &Visitor, typed: &Credentials) -> Result<Result<Session, Refusal>, Error> {
    let page = &visitor.page;
    let entrance = match Entrance::open(page, &typed.username).await {
        Ok(entrance) => entrance,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let tx = visitor.db.read().await?;
    let found = tx.staff_by_username(&typed.username).await?.filter(|found| !found.member.is_disabled);
    tx.commit().await?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    let entrance = match entrance.verify(&typed.password, hash).await {
        Ok(entrance) => entrance,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(found) = found else { return Ok(Err(Refusal::Wrong)) };
    // Staff without a second factor cannot sign in at all: a missing secret is not a shortcut.
    let Some(secret) = &found.totp_secret else { return Ok(Err(Refusal::Wrong)) };
    let Some(step) = totp::matching_step(secret, typed.totp.trim(), page.now()) else {
        return Ok(Err(Refusal::Wrong));
    };
    let tx = visitor.db.begin().await?;
    let is_fresh = tx.use_totp_step(found.member.id, step).await?;
    tx.commit().await?;
    if !is_fresh {
        return Ok(Err(Refusal::Wrong));
    }
    entrance.succeeded().await;
    let kind = if page.tenant().id == TenantId::PLATFORM { SubjectKind::Platform } else { SubjectKind::Staff };
    let member = found.member;
    Ok(Ok(doors::session(page, kind, member.id.0, None, member.role, member.name)))
}
