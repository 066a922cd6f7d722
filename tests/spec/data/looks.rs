//! Who looked at whom is kept as it was written.
use super::ground::{Ground, Role, touched};
use super::whole::whole;
use crate::support::template::is_production;

/// What was looked at cannot be taken back, not even by us.
#[tokio::test]
async fn nobody_rewrites_who_looked() {
    let (ground, tenant, _) = Ground::with_two().await;
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    whole().write(&tx).await.expect("a row in every table");
    tx.commit().await.expect("kept");
    let raw = ground.raw(Role::App).await;
    for change in ["UPDATE looks SET role = 'lead'", "DELETE FROM looks"] {
        let refused = touched(&raw, is_production().then_some(tenant), change).await.expect_err(change).to_string();
        assert!(refused.contains("append-only"), "{change}: {refused}");
    }
}
