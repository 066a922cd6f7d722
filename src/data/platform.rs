//! The platform's own door: which tenants there are, and their revisions. It sees no customer.
#![expect(clippy::disallowed_methods, reason = "the list of tenants is the platform's own")]
use super::audit::AuditEntry;
use super::error::{Error, odd};
use super::revisions::{RevisionContent, RevisionRecord, history, keep, step, tenant};
use super::scope::{Database, TenantTx};
use crate::domain::ids::TenantId;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseConnection, FromQueryResult, QueryOrder, QuerySelect, Set, Statement};
use time::OffsetDateTime;

/// Where a tenant's document is edited: in files under version control, or in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    File,
    Console,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Origin::File => "file",
            Origin::Console => "console",
        })
    }
}

impl Origin {
    fn parse(text: &str) -> Result<Origin, Error> {
        [Origin::File, Origin::Console]
            .into_iter()
            .find(|one| one.to_string() == text)
            .ok_or_else(|| odd("origin", text))
    }
}

#[derive(Clone, Debug)]
pub struct TenantRow {
    pub id: TenantId,
    pub slug: String,
    pub origin: Origin,
    pub state: String,
    pub revision: i64,
}

/// A tenant with its current revision's content.
#[derive(Clone, Debug)]
pub struct RevisionRow {
    pub tenant_id: TenantId,
    pub slug: String,
    pub origin: Origin,
    /// A word of `tenancy::TenantState`.
    pub state: String,
    pub revision: i64,
    pub document: String,
    pub policy: String,
    pub toggles: String,
}

pub struct PlatformDb {
    pub(super) db: DatabaseConnection,
    whole: Database,
}

const CURRENT: &str = "SELECT t.id, t.slug, t.origin, t.state, t.revision, r.document, r.policy, r.toggles \
                       FROM tenants t JOIN tenant_revisions r ON r.tenant_id = t.id AND r.revision = t.revision";

#[derive(FromQueryResult)]
struct CurrentRow {
    id: i32,
    slug: String,
    origin: String,
    state: String,
    revision: i64,
    document: String,
    policy: String,
    toggles: String,
}

fn current_of(row: CurrentRow) -> Result<RevisionRow, Error> {
    Ok(RevisionRow {
        tenant_id: TenantId(row.id),
        origin: Origin::parse(&row.origin)?,
        slug: row.slug,
        state: row.state,
        revision: row.revision,
        document: row.document,
        policy: row.policy,
        toggles: row.toggles,
    })
}

impl PlatformDb {
    pub(super) fn new(db: DatabaseConnection, whole: Database) -> PlatformDb {
        PlatformDb { db, whole }
    }

    pub async fn tenants(&self) -> Result<Vec<TenantRow>, Error> {
        let suppliers = tenant::Entity::find().filter(tenant::Column::Id.ne(TenantId::PLATFORM.0));
        let rows = suppliers.order_by_asc(tenant::Column::Slug).all(&self.db).await?.into_iter().map(|row| {
            Ok(TenantRow {
                id: TenantId(row.id),
                origin: Origin::parse(&row.origin)?,
                slug: row.slug,
                state: row.state,
                revision: row.revision,
            })
        });
        rows.collect()
    }

    /// A new supplier at revision 1; `Conflict` when the slug is taken.
    pub async fn create_tenant(
        &self,
        slug: &str,
        origin: Origin,
        content: &RevisionContent,
        entry: &AuditEntry,
        reason: &str,
    ) -> Result<TenantId, Error> {
        let tx = self.begin().await?;
        // First, because it lets in one at a time: the next number is nobody else's.
        tx.write_audit(entry).await?;
        let newest: Option<i32> = tenant::Entity::find()
            .select_only()
            .column_as(tenant::Column::Id.max(), "newest")
            .into_tuple()
            .one(tx.platform_tables())
            .await?;
        let id = TenantId(newest.unwrap_or(0) + 1);
        let row = tenant::ActiveModel {
            id: Set(id.0),
            slug: Set(slug.to_owned()),
            origin: Set(origin.to_string()),
            state: Set("active".to_owned()),
            revision: Set(1),
            created_at: Set(OffsetDateTime::now_utc()),
        };
        tenant::Entity::insert(row).exec_without_returning(tx.platform_tables()).await?;
        keep(tx.platform_tables(), id, 1, content, &entry.actor, reason).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn publish_revision(
        &self,
        id: TenantId,
        expected: i64,
        content: &RevisionContent,
        entry: &AuditEntry,
        reason: &str,
    ) -> Result<i64, Error> {
        let tx = self.begin().await?;
        let number = step(tx.platform_tables(), id, expected, content, &entry.actor, reason).await?;
        tx.write_audit(entry).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Changes of the platform go with their line in the platform's own audit, or not at all.
    async fn begin(&self) -> Result<TenantTx, Error> {
        self.whole.tenant(TenantId::PLATFORM).begin().await
    }

    pub async fn set_state(&self, id: TenantId, state: &str, entry: &AuditEntry) -> Result<(), Error> {
        let tx = self.begin().await?;
        let changed = tenant::Entity::update_many()
            .col_expr(tenant::Column::State, Expr::value(state))
            .filter(tenant::Column::Id.eq(id.0))
            .exec(tx.platform_tables())
            .await?;
        if changed.rows_affected == 0 {
            return Err(Error::NotFound);
        }
        tx.write_audit(entry).await?;
        tx.commit().await
    }

    pub async fn current_revisions(&self) -> Result<Vec<RevisionRow>, Error> {
        let statement = Statement::from_string(self.db.get_database_backend(), format!("{CURRENT} ORDER BY t.slug"));
        CurrentRow::find_by_statement(statement).all(&self.db).await?.into_iter().map(current_of).collect()
    }

    pub async fn current_revision(&self, id: TenantId) -> Result<RevisionRow, Error> {
        let sql = format!("{CURRENT} WHERE t.id = $1");
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, [id.0.into()]);
        let row = CurrentRow::find_by_statement(statement).one(&self.db).await?;
        current_of(row.ok_or(Error::NotFound)?)
    }

    /// Cheap: for looking every second whether anything moved.
    pub async fn revision_numbers(&self) -> Result<Vec<(TenantId, i64)>, Error> {
        let suppliers = tenant::Entity::find().filter(tenant::Column::Id.ne(TenantId::PLATFORM.0));
        let rows: Vec<(i32, i64)> = suppliers
            .select_only()
            .column(tenant::Column::Id)
            .column(tenant::Column::Revision)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|(id, revision)| (TenantId(id), revision)).collect())
    }

    /// Newest first.
    pub async fn revisions(&self, id: TenantId, limit: u64) -> Result<Vec<RevisionRecord>, Error> {
        history(&self.db, id, limit).await
    }
}
