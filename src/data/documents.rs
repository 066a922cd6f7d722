//! Stored documents, for instance the PDF of a settlement as it was issued.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, DocumentId};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

mod document {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub kind: String,
        pub name: String,
        pub media_type: String,
        pub sha256: Vec<u8>,
        pub bytes: Vec<u8>,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for document::Entity {
    const TENANT: document::Column = document::Column::TenantId;
}
#[derive(Clone, Debug)]
pub struct StoredDocument {
    pub id: DocumentId,
    pub customer: CustomerId,
    pub kind: String,
    /// File name offered to the browser.
    pub name: String,
    pub media_type: String,
    pub sha256: Vec<u8>,
    pub bytes: Vec<u8>,
    pub created_at: OffsetDateTime,
}

impl TenantTx {
    pub async fn document(&self, customer: CustomerId, id: DocumentId) -> Result<StoredDocument, Error> {
        let row = self.find::<document::Entity>().with(|query| {
            query.filter(document::Column::Id.eq(id.0)).filter(document::Column::CustomerId.eq(customer.0))
        });
        let row = row.one().await?.ok_or(Error::NotFound)?;
        Ok(StoredDocument {
            id,
            customer,
            kind: row.kind,
            name: row.name,
            media_type: row.media_type,
            sha256: row.sha256,
            bytes: row.bytes,
            created_at: row.created_at,
        })
    }

    pub async fn insert_documents(&self, documents: &[StoredDocument]) -> Result<(), Error> {
        let rows = documents.iter().map(|one| document::ActiveModel {
            id: Set(one.id.0),
            customer_id: Set(one.customer.0),
            kind: Set(one.kind.clone()),
            name: Set(one.name.clone()),
            media_type: Set(one.media_type.clone()),
            sha256: Set(one.sha256.clone()),
            bytes: Set(one.bytes.clone()),
            created_at: Set(one.created_at),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}
