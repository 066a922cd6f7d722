//! Guards: argument types that prove who is asking. Each carries its tenant's database, so a handler cannot reach another's.
use super::access::Needed;
use super::cookies::Door;
use super::csrf;
use super::error::Error;
use super::page::Page;
use super::services::Shared;
use super::slices::Gate;
use crate::backends::sessions::Session;
use crate::data::{PlatformDb, TenantDb};
use crate::domain::features::{Action, Role};
use crate::domain::ids::{AccountId, CustomerId, StaffId};
use crate::tenancy::{Lang, Tenant};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::net::IpAddr;
use std::sync::Arc;

/// One request, resolved: which tenant, on which host, in which language, by whom. Put in by [`super::entry`].
pub struct Served {
    pub tenant: Arc<Tenant>,
    /// The host the browser used, without port.
    pub host: String,
    pub lang: Lang,
    pub door: Door,
    pub session: Option<Session>,
    /// SHA-256 of the session's token, under which it is kept.
    pub session_key: Option<[u8; 32]>,
    /// The token this session's forms must carry; empty when nobody is signed in.
    pub csrf: String,
    /// Path within the mount, as routed.
    pub path: String,
    pub request_id: String,
    pub peer: IpAddr,
    /// Bytes the request may bring.
    pub limit: usize,
}

impl Served {
    pub fn role(&self) -> Role {
        self.session.as_ref().map_or(Role::Visitor, |session| session.role)
    }
}

/// Anybody on a tenant's host.
pub struct Visitor {
    pub db: TenantDb,
    pub page: Page,
}

/// A signed-in customer.
pub struct Customer {
    pub id: CustomerId,
    pub account: AccountId,
    pub name: String,
    pub db: TenantDb,
    pub page: Page,
}

/// A signed-in member of the supplier's staff.
pub struct Operator {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    pub db: TenantDb,
    pub page: Page,
}

/// A signed-in member of the platform's staff, on the console host.
pub struct PlatformOperator {
    pub id: StaffId,
    pub name: String,
    pub db: TenantDb,
    pub platform: PlatformDb,
    pub page: Page,
}

fn resolved(parts: &Parts, services: &Shared) -> Result<(Arc<Served>, TenantDb, Page), Error> {
    let served = parts.extensions.get::<Arc<Served>>().cloned();
    let served = served.ok_or_else(|| Error::Broken("a handler was reached without its entry".into()))?;
    let db = services.db.tenant(served.tenant.id);
    let needed = parts.extensions.get::<Needed>().map(|needed| needed.0);
    let page = Page::new(services.clone(), served.clone()).needing(needed);
    Ok((served, db, page))
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, services: &Shared) -> Result<Self, Error> {
        let (_, db, page) = resolved(parts, services)?;
        Ok(Visitor { db, page })
    }
}

impl FromRequestParts<Shared> for Customer {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, services: &Shared) -> Result<Self, Error> {
        let (served, db, page) = resolved(parts, services)?;
        let session = served.session.as_ref().filter(|_| served.door == Door::Customer).ok_or(Error::NotFound)?;
        let id = session.customer.ok_or(Error::NotFound)?;
        let gate = parts.extensions.get::<Gate>();
        // Whoever asks for something does so under the terms in force; reading and looking after the account need none.
        if !csrf::is_safe(&parts.method) && gate.is_some_and(|gate| gate.writes == Action::Submit) {
            let tx = db.read().await?;
            let owed = tx.owed_terms(AccountId(session.subject), page.today()).await?;
            tx.commit().await?;
            if owed.is_some() {
                return Err(Error::TermsFirst);
            }
        }
        Ok(Customer { id, account: AccountId(session.subject), name: session.name.clone(), db, page })
    }
}

impl FromRequestParts<Shared> for Operator {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, services: &Shared) -> Result<Self, Error> {
        let (served, db, page) = resolved(parts, services)?;
        let session = served.session.as_ref().filter(|_| served.door == Door::Staff).ok_or(Error::NotFound)?;
        Ok(Operator { id: StaffId(session.subject), name: session.name.clone(), role: session.role, db, page })
    }
}

impl FromRequestParts<Shared> for PlatformOperator {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, services: &Shared) -> Result<Self, Error> {
        let (served, db, page) = resolved(parts, services)?;
        let session = served.session.as_ref().filter(|_| served.door == Door::Platform).ok_or(Error::NotFound)?;
        let platform = services.db.platform();
        Ok(PlatformOperator { id: StaffId(session.subject), name: session.name.clone(), db, platform, page })
    }
}
