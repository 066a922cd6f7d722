//! Files that came with a request. Lists are without the bytes.
use super::super::error::Error;
use super::super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AttachmentId, CustomerId, RequestId};
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, Iterable, QueryOrder, QuerySelect, Set};
use time::OffsetDateTime;

mod attachment {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub request_id: Uuid,
        pub name: String,
        pub media_type: String,
        pub bytes: Vec<u8>,
        pub size: i64,
        pub sha256: Vec<u8>,
        pub added_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for attachment::Entity {
    const TENANT: attachment::Column = attachment::Column::TenantId;
}

/// A file as lists name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRow {
    pub id: AttachmentId,
    pub request: RequestId,
    /// File name offered to the browser.
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    pub sha256: Vec<u8>,
    pub added_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttachment {
    pub row: AttachmentRow,
    pub bytes: Vec<u8>,
}

#[derive(FromQueryResult)]
struct ListSql {
    id: Uuid,
    request_id: Uuid,
    name: String,
    media_type: String,
    size: i64,
    sha256: Vec<u8>,
    added_at: OffsetDateTime,
}

/// The customer's, by the request it came with.
const OWN: &str = "SELECT a.* FROM attachments a JOIN requests r ON r.tenant_id = a.tenant_id AND r.id = a.request_id \
    WHERE a.tenant_id = $1 AND a.id = $2 AND r.customer_id = $3";

fn stored(row: attachment::Model) -> StoredAttachment {
    let (id, request) = (AttachmentId(row.id), RequestId(row.request_id));
    let (name, media_type, size) = (row.name, row.media_type, row.size);
    let row_of = AttachmentRow { id, request, name, media_type, size, sha256: row.sha256, added_at: row.added_at };
    StoredAttachment { row: row_of, bytes: row.bytes }
}

impl TenantTx {
    pub async fn add_attachment(&self, one: &StoredAttachment) -> Result<(), Error> {
        let row = attachment::ActiveModel {
            id: Set(one.row.id.0),
            request_id: Set(one.row.request.0),
            name: Set(one.row.name.clone()),
            media_type: Set(one.row.media_type.clone()),
            bytes: Set(one.bytes.clone()),
            size: Set(one.row.size),
            sha256: Set(one.row.sha256.clone()),
            added_at: Set(one.row.added_at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// In the order they came.
    pub async fn attachments_of(&self, request: RequestId) -> Result<Vec<AttachmentRow>, Error> {
        let rows = self.find::<attachment::Entity>().with(|query| {
            query
                .filter(attachment::Column::RequestId.eq(request.0))
                .order_by_asc(attachment::Column::Id)
                .select_only()
                .columns(attachment::Column::iter().filter(|column| !matches!(column, attachment::Column::Bytes)))
        });
        let rows = rows.of::<ListSql>().await?.into_iter().map(|row| AttachmentRow {
            id: AttachmentId(row.id),
            request: RequestId(row.request_id),
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            added_at: row.added_at,
        });
        Ok(rows.collect())
    }

    pub async fn attachment_of(&self, customer: CustomerId, id: AttachmentId) -> Result<StoredAttachment, Error> {
        let rows: Vec<attachment::Model> = self.rows(OWN, vec![id.0.into(), customer.0.into()]).await?;
        rows.into_iter().next().map(stored).ok_or(Error::NotFound)
    }

    /// For staff.
    pub async fn attachment(&self, id: AttachmentId) -> Result<StoredAttachment, Error> {
        let row = self.find::<attachment::Entity>().with(|query| query.filter(attachment::Column::Id.eq(id.0)));
        row.one().await?.map(stored).ok_or(Error::NotFound)
    }
}
