//! A contract written on line: five steps kept as one goes, looked over, sent once. By a visitor who comes back by a secret link (`online`)
//! or by a signed-in customer (`own`); the steps, the words and the paper are the same.
mod answers;
mod fields;
mod online;
mod own;
mod paper;
mod send;
mod show;
mod steps;

use super::errand::Typed;
use crate::domain::features::Feature;
use crate::domain::ids::{AccountId, CustomerId};
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    [online::slices(), own::slices()].into_iter().flatten().collect()
}

/// Where this contract is written, and by whom.
struct Place<'a> {
    page: &'a Page,
    /// Path of the contract within the mount; of a visitor's it holds the secret, so it is never logged.
    root: String,
    feature: Feature,
    customer: Option<(CustomerId, AccountId)>,
}

/// So many beginnings and so many sendings from one address, as with log-ins: a stranger can have mail sent to an address that is not theirs.
async fn is_too_often(page: &Page, what: &str) -> bool {
    // Strangers elsewhere do the same at the same time: what one address does counts for that address alone.
    let key = format!("{what}:{}", page.peer());
    page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await.is_err()
}

impl Place<'_> {
    fn href(&self, rest: &str) -> String {
        format!("{}{}{rest}", self.page.base(), self.root)
    }
}
