//! Forms that operators define for their customers. Their fields are kept as the domain writes them.
use super::error::Error;
use super::requests::Guarded;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::FormId;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, Set, UpdateMany};
use serde_json::Value as Json;

mod form {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "electronic_forms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slug: String,
        pub title_cs: String,
        pub title_en: String,
        pub lead_cs: String,
        pub lead_en: String,
        pub fields: String,
        pub position: i16,
        pub is_active: bool,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for form::Entity {
    const TENANT: form::Column = form::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormRow {
    pub id: FormId,
    /// The word in routes.
    pub slug: String,
    pub title_cs: String,
    pub title_en: String,
    pub lead_cs: String,
    pub lead_en: String,
    pub fields: Json,
    pub position: i16,
    pub is_active: bool,
    /// As it was seen; 0 for one that is not kept yet.
    pub version: i32,
}

fn form_of(row: form::Model) -> Result<FormRow, Error> {
    Ok(FormRow {
        id: FormId(row.id),
        slug: row.slug,
        title_cs: row.title_cs,
        title_en: row.title_en,
        lead_cs: row.lead_cs,
        lead_en: row.lead_en,
        fields: serde_json::from_str(&row.fields).map_err(|error| Error::Broken(format!("form: {error}")))?,
        position: row.position,
        is_active: row.is_active,
        version: row.version,
    })
}

impl TenantTx {
    /// In the operator's order.
    pub async fn electronic_forms(&self, only_active: bool) -> Result<Vec<FormRow>, Error> {
        let rows = self.find::<form::Entity>().with(|query| {
            let query = query.order_by_asc(form::Column::Position).order_by_asc(form::Column::Slug);
            if only_active { query.filter(form::Column::IsActive.eq(true)) } else { query }
        });
        rows.all().await?.into_iter().map(form_of).collect()
    }

    /// Whether active or not.
    pub async fn electronic_form(&self, slug: &str) -> Result<FormRow, Error> {
        let row = self.find::<form::Entity>().with(|query| query.filter(form::Column::Slug.eq(slug)));
        form_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Anew, or over the version that was seen. `Conflict` when the slug is another form's.
    pub async fn save_electronic_form(&self, one: &FormRow) -> Result<Guarded<FormRow>, Error> {
        if one.version == 0 {
            self.add(vec![new_row(one)]).await?;
            return Ok(Guarded::Done(1));
        }
        let guarded = |update: UpdateMany<form::Entity>| {
            update
                .col_expr(form::Column::Slug, Expr::value(one.slug.clone()))
                .col_expr(form::Column::TitleCs, Expr::value(one.title_cs.clone()))
                .col_expr(form::Column::TitleEn, Expr::value(one.title_en.clone()))
                .col_expr(form::Column::LeadCs, Expr::value(one.lead_cs.clone()))
                .col_expr(form::Column::LeadEn, Expr::value(one.lead_en.clone()))
                .col_expr(form::Column::Fields, Expr::value(one.fields.to_string()))
                .col_expr(form::Column::Position, Expr::value(one.position))
                .col_expr(form::Column::IsActive, Expr::value(one.is_active))
                .col_expr(form::Column::Version, Expr::col(form::Column::Version).add(1))
                .filter(form::Column::Id.eq(one.id.0))
                .filter(form::Column::Version.eq(one.version))
        };
        if self.change(guarded).await? == 1 {
            return Ok(Guarded::Done(one.version + 1));
        }
        let row = self.find::<form::Entity>().with(|query| query.filter(form::Column::Id.eq(one.id.0)));
        Ok(Guarded::Stale(Box::new(form_of(row.one().await?.ok_or(Error::NotFound)?)?)))
    }
}

fn new_row(one: &FormRow) -> form::ActiveModel {
    form::ActiveModel {
        id: Set(one.id.0),
        slug: Set(one.slug.clone()),
        title_cs: Set(one.title_cs.clone()),
        title_en: Set(one.title_en.clone()),
        lead_cs: Set(one.lead_cs.clone()),
        lead_en: Set(one.lead_en.clone()),
        fields: Set(one.fields.to_string()),
        position: Set(one.position),
        is_active: Set(one.is_active),
        version: Set(1),
        ..Default::default()
    }
}
