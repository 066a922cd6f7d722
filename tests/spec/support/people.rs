//! Who somebody of the demo is in the database.
use busbar::data::TenantTx;
use busbar::domain::ids::{AccountId, CustomerId};

/// The account of a username, and the customer it opens.
pub async fn ids_of(tx: &TenantTx, username: &str) -> (AccountId, CustomerId) {
    let account = tx.account_by_username(username).await.expect("a lookup").expect("a known username").id;
    let (customer, _) = tx.owner_of(account).await.expect("a lookup").expect("somebody's");
    (account, customer)
}
