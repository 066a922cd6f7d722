//! The door: connections are private here, every statement a [`TenantTx`] makes carries its tenant, and PostgreSQL checks it again by row security.
#![expect(clippy::disallowed_methods, reason = "here is where the tenant is added")]
use super::bulk::{add_missing, in_chunks};
use super::error::Error;
use super::platform::PlatformDb;
use crate::domain::ids::TenantId;
use sea_orm::sea_query::OnConflict;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    EntityTrait, FromQueryResult, IntoActiveModel, Iterable, QueryFilter, QueryResult, Select, SqlErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use std::time::Duration;

/// Where the rows are. `url` is `sqlite://path` or `postgres://…`.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    pub url: String,
    pub max_connections: u32,
}

/// Longest wait for a free connection, and for one statement on PostgreSQL.
const PATIENCE: Duration = Duration::from_secs(3);
const SQLITE_READERS: u32 = 4;

/// The pools. On SQLite one writer, since there can be only one, and a few readers beside it.
#[derive(Clone)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Database {
    pub async fn connect(config: &DatabaseConfig) -> Result<Database, Error> {
        if config.url.starts_with("sqlite") {
            let writer = sea_orm::Database::connect(sqlite(&config.url, 1)).await?;
            let readers = sea_orm::Database::connect(sqlite(&config.url, SQLITE_READERS)).await?;
            return Ok(Database { readers, writer });
        }
        let mut options = ConnectOptions::new(&config.url);
        options
            .max_connections(config.max_connections)
            .acquire_timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .statement_timeout(PATIENCE)
            .sqlx_logging(false)
            .test_before_acquire(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(30));
        let pool = sea_orm::Database::connect(options).await?;
        Ok(Database { readers: pool.clone(), writer: pool })
    }

    pub fn tenant(&self, id: TenantId) -> TenantDb {
        TenantDb { db: self.clone(), id }
    }

    pub fn platform(&self) -> PlatformDb {
        PlatformDb::new(self.writer.clone(), self.clone())
    }

    /// The same pools, but `listener` hears every statement with its values: for who wants to see plans.
    pub fn heard_by(mut self, listener: impl Fn(&Statement) + Clone + Send + Sync + 'static) -> Database {
        for pool in [&mut self.readers, &mut self.writer] {
            let listener = listener.clone();
            pool.set_metric_callback(move |heard| listener(heard.statement));
        }
        self
    }

    pub async fn close(&self) {
        for pool in [self.readers.clone(), self.writer.clone()] {
            _ = pool.close().await;
        }
    }

    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Alive; and on PostgreSQL, a role that row security binds.
    pub async fn check(&self) -> Result<(), Error> {
        if self.writer.get_database_backend() != DbBackend::Postgres {
            self.readers.execute_unprepared("SELECT 1").await?;
            return Ok(());
        }
        let sql = "SELECT rolname::text AS name, (rolsuper OR rolbypassrls) AS is_free FROM pg_roles WHERE rolname = current_user";
        let row = self.writer.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let row = row.ok_or(Error::NotFound)?;
        let (name, is_free): (String, bool) = (row.try_get("", "name")?, row.try_get("", "is_free")?);
        if is_free {
            return Err(Error::Broken(format!(
                "role \"{name}\" bypasses row security; serve with a role made NOSUPERUSER NOBYPASSRLS"
            )));
        }
        Ok(())
    }
}

/// FULL: an acknowledged change survives a power cut, not only a crash of ours.
fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(PATIENCE).sqlx_logging(false).map_sqlx_sqlite_opts(
        |options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("temp_store", "memory")
        },
    );
    options
}

/// One tenant's rows. The only way to them is a transaction.
#[derive(Clone)]
pub struct TenantDb {
    db: Database,
    id: TenantId,
}

impl TenantDb {
    pub fn tenant_id(&self) -> TenantId {
        self.id
    }

    /// For looking; what it would change is rolled back unless committed.
    pub async fn read(&self) -> Result<TenantTx, Error> {
        let tx = self.db.readers.begin().await?;
        self.scoped(tx).await
    }

    /// For changing. On SQLite it waits for its turn at once (BEGIN IMMEDIATE) instead of failing halfway.
    pub async fn begin(&self) -> Result<TenantTx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = match self.db.writer.get_database_backend() {
            DbBackend::Sqlite => self.db.writer.begin_with_options(options).await?,
            _ => self.db.writer.begin().await?,
        };
        self.scoped(tx).await
    }

    async fn scoped(&self, tx: DatabaseTransaction) -> Result<TenantTx, Error> {
        if tx.get_database_backend() == DbBackend::Postgres {
            let sql = "SELECT set_config('app.tenant', $1, true)";
            let values = [Value::from(self.id.0.to_string())];
            tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
        Ok(TenantTx { tx, id: self.id })
    }
}

/// A table whose rows belong to tenants.
pub(super) trait TenantEntity: EntityTrait {
    const TENANT: Self::Column;
}

/// How a name is held.
#[derive(Clone, Copy)]
pub(super) enum Hold {
    Beside,
    Alone,
}

/// A transaction that sees one tenant.
pub struct TenantTx {
    tx: DatabaseTransaction,
    id: TenantId,
}

impl TenantTx {
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.tx.commit().await?)
    }

    pub fn tenant_id(&self) -> TenantId {
        self.id
    }

    pub(super) fn find<E: TenantEntity>(&self) -> Scoped<'_, E> {
        Scoped { query: E::find().filter(E::TENANT.eq(self.id.0)), tx: &self.tx }
    }

    pub(super) async fn add<A>(&self, rows: Vec<A>) -> Result<(), Error>
    where
        A: ActiveModelTrait + Send,
        A::Entity: TenantEntity,
    {
        let columns = <A::Entity as EntityTrait>::Column::iter().count();
        // SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
        for chunk in in_chunks(rows, 30_000 / columns.max(1)) {
            let chunk = chunk.into_iter().map(|mut row| {
                row.set(<A::Entity as TenantEntity>::TENANT, self.id.0.into());
                row
            });
            <A::Entity as EntityTrait>::insert_many(chunk).exec_without_returning(&self.tx).await?;
        }
        Ok(())
    }

    /// One row, unless there is one with its key. Where another transaction is about to add that one, this waits for its end.
    pub(super) async fn add_if_missing<A>(&self, mut row: A) -> Result<(), Error>
    where
        A: ActiveModelTrait + Send,
        A::Entity: TenantEntity,
    {
        row.set(<A::Entity as TenantEntity>::TENANT, self.id.0.into());
        let insert = <A::Entity as EntityTrait>::insert_many([row]);
        insert.on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// The same for many, however many, in few statements.
    pub(super) async fn add_missing<A>(&self, rows: Vec<A>) -> Result<(), Error>
    where
        A: ActiveModelTrait + Send,
        A::Entity: TenantEntity,
    {
        let own = rows.into_iter().map(|mut row| {
            row.set(<A::Entity as TenantEntity>::TENANT, self.id.0.into());
            row
        });
        add_missing(&self.tx, own.collect()).await
    }

    /// One row, or what `conflict` says when its key is taken; answers it as it now stands, none when nothing was written. Where another
    /// transaction is about to take that key, this waits for its end.
    pub(super) async fn put<A>(
        &self,
        mut row: A,
        conflict: OnConflict,
    ) -> Result<Option<<A::Entity as EntityTrait>::Model>, Error>
    where
        A: ActiveModelTrait + Send,
        A::Entity: TenantEntity,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.set(<A::Entity as TenantEntity>::TENANT, self.id.0.into());
        let insert = <A::Entity as EntityTrait>::insert_many([row]).on_conflict(conflict);
        Ok(insert.exec_with_returning(&self.tx).await?.pop())
    }

    pub(super) async fn change<E: TenantEntity>(
        &self,
        build: impl FnOnce(sea_orm::UpdateMany<E>) -> sea_orm::UpdateMany<E>,
    ) -> Result<u64, Error> {
        let done = build(E::update_many()).filter(E::TENANT.eq(self.id.0)).exec(&self.tx).await?;
        Ok(done.rows_affected)
    }

    /// The same, answering the rows as they now are.
    pub(super) async fn changed<E: TenantEntity>(
        &self,
        build: impl FnOnce(sea_orm::UpdateMany<E>) -> sea_orm::UpdateMany<E>,
    ) -> Result<Vec<E::Model>, Error> {
        Ok(build(E::update_many()).filter(E::TENANT.eq(self.id.0)).exec_with_returning(&self.tx).await?)
    }

    /// The same, or none when a unique key stands in the way: then all is as before, and the transaction goes on.
    pub(super) async fn try_change<E: TenantEntity>(
        &self,
        build: impl FnOnce(sea_orm::UpdateMany<E>) -> sea_orm::UpdateMany<E>,
    ) -> Result<Option<Vec<E::Model>>, Error> {
        let point = self.tx.begin().await?;
        match build(E::update_many()).filter(E::TENANT.eq(self.id.0)).exec_with_returning(&point).await {
            Ok(rows) => {
                point.commit().await?;
                Ok(Some(rows))
            }
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                point.rollback().await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn remove<E: TenantEntity>(
        &self,
        build: impl FnOnce(sea_orm::DeleteMany<E>) -> sea_orm::DeleteMany<E>,
    ) -> Result<u64, Error> {
        let done = build(E::delete_many()).filter(E::TENANT.eq(self.id.0)).exec(&self.tx).await?;
        Ok(done.rows_affected)
    }

    /// A statement written by hand where a page's budget wants it. Its first parameter is the tenant, and it must say so.
    pub(super) async fn rows<T: FromQueryResult>(&self, sql: &'static str, rest: Vec<Value>) -> Result<Vec<T>, Error> {
        assert!(sql.contains("tenant_id = $1"), "a statement without its tenant: {sql}");
        let values: Vec<Value> = std::iter::once(Value::from(self.id.0)).chain(rest).collect();
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values);
        Ok(T::find_by_statement(statement).all(&self.tx).await?)
    }

    /// Rows as they come, for what is told by a list of columns and not by a type. The first parameter is the tenant, and it must say so.
    pub(super) async fn rows_of(&self, sql: String, rest: Vec<Value>) -> Result<Vec<QueryResult>, Error> {
        assert!(sql.contains("tenant_id = $1"), "a statement without its tenant: {sql}");
        let values: Vec<Value> = std::iter::once(Value::from(self.id.0)).chain(rest).collect();
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values);
        Ok(self.tx.query_all_raw(statement).await?)
    }

    /// Changes or removes by a statement written by hand; answers how many rows it touched. The first parameter is the tenant, and it must
    /// say so.
    pub(super) async fn run(&self, sql: &str, rest: Vec<Value>) -> Result<u64, Error> {
        assert!(sql.contains("tenant_id = $1"), "a statement without its tenant: {sql}");
        let values: Vec<Value> = std::iter::once(Value::from(self.id.0)).chain(rest).collect();
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values);
        Ok(self.tx.execute_raw(statement).await?.rows_affected())
    }

    /// This transaction may do what takes longer than a page would wait: a statement about a whole town.
    pub(super) async fn be_patient(&self) -> Result<(), Error> {
        if self.tx.get_database_backend() == DbBackend::Postgres {
            self.tx.execute_unprepared("SET LOCAL statement_timeout = '60s'").await?;
        }
        Ok(())
    }

    /// Holds a name of the tenant's until the transaction ends: beside others, or alone. Whoever waits to hold it alone is not overtaken, as
    /// with a row they could be for ever. On SQLite only one writes anyway.
    pub(super) async fn hold(&self, name: &str, how: Hold) -> Result<(), Error> {
        let sql = match how {
            _ if !self.is_postgres() => return Ok(()),
            Hold::Beside => "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, $2))",
            Hold::Alone => "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))",
        };
        let values = [name.into(), i64::from(self.id.0).into()];
        self.tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        Ok(())
    }

    /// Whether it is PostgreSQL, for the few words that SQLite writes in another way.
    pub(super) fn is_postgres(&self) -> bool {
        self.tx.get_database_backend() == DbBackend::Postgres
    }

    /// For tables of the platform that a tenant's own change must touch in the same transaction (its revision, its outbox).
    pub(super) fn platform_tables(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

/// A query that cannot lose its tenant: there is no way back to the bare select or the connection.
pub(super) struct Scoped<'a, E: EntityTrait> {
    query: Select<E>,
    tx: &'a DatabaseTransaction,
}

impl<E: EntityTrait> Scoped<'_, E> {
    pub fn with(mut self, build: impl FnOnce(Select<E>) -> Select<E>) -> Self {
        self.query = build(self.query);
        self
    }
    pub async fn all(self) -> Result<Vec<E::Model>, Error> {
        Ok(self.query.all(self.tx).await?)
    }
    pub async fn one(self) -> Result<Option<E::Model>, Error> {
        Ok(self.query.one(self.tx).await?)
    }
    /// Rows of another shape than the table's: fewer columns, sums.
    pub async fn of<T: FromQueryResult>(self) -> Result<Vec<T>, Error> {
        Ok(self.query.into_model::<T>().all(self.tx).await?)
    }
    pub async fn count(self) -> Result<u64, Error>
    where
        E::Model: Sync,
    {
        use sea_orm::PaginatorTrait;
        Ok(self.query.count(self.tx).await?)
    }
}
