//! What was put out for an outage, read past the data layer: nobody but a test asks for it like that.
use busbar::domain::ids::OutageId;
use sea_orm::{DatabaseConnection, DbErr, FromQueryResult, Statement};
use serde_json::Value as Json;

pub struct OutageMessage {
    pub version: i32,
    pub channel: String,
    pub kind: String,
    pub payload: Json,
}

#[derive(FromQueryResult)]
struct Row {
    channel: String,
    kind: String,
    payload: String,
    dedupe_key: String,
}

/// In the order of versions and ways.
pub async fn outage_messages(raw: DatabaseConnection, id: OutageId) -> Vec<OutageMessage> {
    let sql = "SELECT channel, kind, payload, dedupe_key FROM outbox WHERE dedupe_key LIKE $1";
    let own = Statement::from_sql_and_values(raw.get_database_backend(), sql, [format!("outage:{id}:%").into()]);
    let rows: Result<Vec<Row>, DbErr> = Row::find_by_statement(own).all(&raw).await;
    let message = |row: Row| OutageMessage {
        version: row.dedupe_key.split(':').nth(2).and_then(|version| version.parse().ok()).expect("a version"),
        channel: row.channel,
        kind: row.kind,
        payload: serde_json::from_str(&row.payload).expect("JSON"),
    };
    let mut all: Vec<OutageMessage> = rows.expect("messages").into_iter().map(message).collect();
    all.sort_by(|one, other| (one.version, &one.channel).cmp(&(other.version, &other.channel)));
    _ = raw.close().await;
    all
}
