//! An empty database for one test. On PostgreSQL with the two roles of `deploy/roles.sql`: one owns and migrates, the other serves.
use crate::support::template;
use busbar::data::{
    AuditEntry, ClaimedMessage, Database, DatabaseConfig, Error, Left, Origin, Passkey, PlatformDb, Rendered,
    RevisionContent,
};
use busbar::domain::ids::{AccountId, PasskeyId, TenantId};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement, TransactionTrait, TryGetable, Value,
};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use time::OffsetDateTime;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Who asks, past the data layer. On SQLite there is nobody to be but the file's owner.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Admin,
    Owner,
    App,
}

pub struct Ground {
    /// As it serves.
    pub db: Database,
    /// As it migrates.
    pub owner: Database,
    dir: PathBuf,
    /// The database, the serving role and, with `_owner`, the owning one.
    name: String,
}

impl Ground {
    /// Nothing in it, not even tables.
    pub async fn bare() -> Ground {
        let name = format!("busbar_ground_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&dir).expect("the temporary folder is writable");
        if template::is_production() {
            deploy(&name);
        }
        let connect = async |role| {
            let config = DatabaseConfig { url: url(&dir, &name, role), max_connections: 8 };
            Database::connect(&config).await.expect("the database opens")
        };
        let (db, owner) = (connect(Role::App).await, connect(Role::Owner).await);
        Ground { db, owner, dir, name }
    }

    /// Migrated, no tenants.
    pub async fn migrated() -> Ground {
        let ground = Ground::bare().await;
        ground.owner.migrate_up().await.expect("migrations go up");
        ground
    }

    /// Migrated, with two tenants.
    pub async fn with_two() -> (Ground, TenantId, TenantId) {
        let ground = Ground::migrated().await;
        let (a, b) = (ground.tenant("alfa").await, ground.tenant("beta").await);
        (ground, a, b)
    }

    pub async fn tenant(&self, slug: &str) -> TenantId {
        let (platform, content, entry) = (self.db.platform(), content(slug), entry("create"));
        platform.create_tenant(slug, Origin::Console, &content, &entry, "a test").await.expect("a tenant is made")
    }

    /// A connection that knows nothing of tenants.
    pub async fn raw(&self, role: Role) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(url(&self.dir, &self.name, role));
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("the database opens")
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.dir);
        if template::is_production() {
            let name = &self.name;
            template::psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            template::psql(&format!("DROP ROLE {name}, {name}_owner"));
        }
    }
}

/// The way production is prepared, with names of the test's own.
fn deploy(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/roles.sql");
    let text = std::fs::read_to_string(path).expect("deploy/roles.sql is readable");
    let mut psql = Command::new("psql")
        .args([template::admin_url().as_str(), "-q", "-v", "owner_password=secret", "-v", "app_password=secret"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("make test installs psql");
    let mut input = psql.stdin.take().expect("it was piped");
    input.write_all(text.replace("busbar", name).as_bytes()).expect("psql reads");
    drop(input);
    assert!(psql.wait().expect("psql ends").success(), "deploy/roles.sql failed");
}

fn url(dir: &Path, name: &str, role: Role) -> String {
    if !template::is_production() {
        return format!("sqlite://{}", dir.join("busbar.db").display());
    }
    let admin = template::admin_url();
    let (start, _) = admin.rsplit_once('/').expect("the address ends with a database");
    let (_, host) = start.rsplit_once('@').expect("the address names a role");
    match role {
        Role::Admin => format!("{start}/{name}"),
        Role::Owner => format!("postgres://{name}_owner:secret@{host}/{name}"),
        Role::App => format!("postgres://{name}:secret@{host}/{name}"),
    }
}

pub async fn ask(raw: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await
}

/// The first column of every row.
pub async fn column<T: TryGetable>(raw: &impl ConnectionTrait, sql: &str) -> Vec<T> {
    let rows = ask(raw, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))).collect()
}

/// Runs one statement as the given tenant would be set by the data layer, and rolls it back; answers how many rows it touched.
pub async fn touched(raw: &DatabaseConnection, tenant: Option<TenantId>, sql: &str) -> Result<u64, DbErr> {
    let tx = raw.begin().await?;
    if let Some(tenant) = tenant {
        let set = "SELECT set_config('app.tenant', $1, true)";
        let values = [Value::from(tenant.0.to_string())];
        tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), set, values)).await?;
    }
    Ok(tx.execute_unprepared(sql).await?.rows_affected())
}

pub fn content(mark: &str) -> RevisionContent {
    RevisionContent { document: format!("slug = \"{mark}\""), policy: String::new(), toggles: "{}".into() }
}

pub fn passkey(account: AccountId, handle: &[u8], at: OffsetDateTime) -> Passkey {
    Passkey {
        id: PasskeyId::new(),
        account,
        handle: handle.to_vec(),
        credential: "{}".into(),
        counter: 0,
        name: "Můj telefon".into(),
        created_at: at,
        last_used_at: Some(at),
    }
}

pub fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: "Žofie Čápová".into(),
        role: "lead".into(),
        feature: None,
        action: action.into(),
        object: "a test".into(),
        before: json!(null),
        after: json!({ "řádek": 1 }),
        request_id: "request".into(),
    }
}

/// Up to `limit` of what is due, from any lane.
pub async fn claim_any(db: &Database, limit: u64, lease: time::Duration) -> Vec<ClaimedMessage> {
    let platform = db.platform();
    let mut claimed = Vec::new();
    for lane in platform.due_lanes().await.expect("the outbox") {
        let rest = limit - claimed.len() as u64;
        if rest > 0 {
            claimed.extend(platform.claim_messages(lane, rest, lease).await.expect("the outbox"));
        }
    }
    claimed
}

/// That it left, in those words.
pub async fn left_as(platform: &PlatformDb, held: &ClaimedMessage, words: &Rendered) -> Result<(), Error> {
    let left = Left { words: words.clone(), receipt: None, parts: None };
    platform.messages_sent(&[(held.clone(), left)]).await
}
