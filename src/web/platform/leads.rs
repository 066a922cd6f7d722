//! A supplier's first lead, invited from the console: whoever looks after all the others. Where somebody leads the desk already, the
//! supplier invites its own people.
use crate::data::TenantDb;
use crate::domain::features::Role;
use crate::tenancy::Tenant;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::invitations::{self, Inviter};
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

pub fn slices() -> Vec<Slice> {
    vec![Slice::platform("/tenants/{slug}/lead").get(form).post(invite)]
}

#[derive(Serialize)]
struct View {
    slug: String,
    name: String,
    /// Somebody leads the desk already.
    has_lead: bool,
    fields: Vec<Field>,
    has_mistakes: bool,
    pending: Vec<Pending>,
}

#[derive(Serialize)]
struct Pending {
    name: String,
    email: String,
    until: String,
}

fn find(operator: &PlatformOperator, slug: &str) -> Result<(Arc<Tenant>, TenantDb), Error> {
    let services = operator.page.services();
    let tenant = services.registry.by_slug(slug).ok_or(Error::NotFound)?;
    let db = services.db.tenant(tenant.id);
    Ok((tenant, db))
}

async fn form(operator: PlatformOperator, Path(slug): Path<String>) -> Result<Response, Error> {
    let (tenant, db) = find(&operator, &slug)?;
    let fields = invitations::ask(&operator.page, Some(Role::Lead));
    operator.page.show("platform/lead.html", &view(&operator, &tenant, &db, fields).await?)
}

async fn view(operator: &PlatformOperator, tenant: &Tenant, db: &TenantDb, fields: Vec<Field>) -> Result<View, Error> {
    let page = &operator.page;
    let tx = db.read().await?;
    let has_lead = tx.staff_list().await?.iter().any(|one| one.is_acting_lead());
    let pending = tx.pending_staff_invitations().await?;
    tx.commit().await?;
    let now = page.now();
    let pending = pending.into_iter().filter(|one| one.role == Role::Lead && one.is_open(now));
    let pending = pending.map(|one| Pending { until: page.moment(one.expires_at), name: one.name, email: one.email });
    Ok(View {
        slug: tenant.slug.clone(),
        name: tenant.document.name.get(page.lang()).to_owned(),
        has_lead,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        pending: pending.collect(),
    })
}

async fn invite(operator: PlatformOperator, Path(slug): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let (tenant, db) = find(&operator, &slug)?;
    let (mut fields, found) = invitations::read(page, &typed, Some(Role::Lead));
    if let Some(invited) = found {
        let tx = db.begin().await?;
        tx.wait_for_staff().await?;
        if tx.staff_list().await?.iter().any(|one| one.is_acting_lead()) {
            drop(tx);
            let view = view(&operator, &tenant, &db, fields).await?;
            return page.show_as(StatusCode::CONFLICT, "platform/lead.html", &view);
        }
        match invitations::taken(&tx, page, &invited).await? {
            None => {
                let by = Inviter { kind: "platform", actor: operator.name.clone(), name: &operator.name };
                invitations::send(&tx, page, &invited, &by, "invite_staff").await?;
                tx.commit().await?;
                return Ok(page.go(&format!("/tenants/{slug}/lead")));
            }
            Some((name, sentence)) => {
                let told = |field: Field| if field.name == name { field.wrong(sentence.clone()) } else { field };
                fields = fields.into_iter().map(told).collect();
            }
        }
    }
    let view = view(&operator, &tenant, &db, fields).await?;
    page.show_again("platform/lead.html", &view)
}
