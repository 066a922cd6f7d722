//! What is kept of a code that goes by letter: the same whether it was just printed or typed from paper.
use super::page::Page;
use crate::backends::keys::Purpose;
use crate::domain::access::normalised_code;
use crate::domain::ids::AccountId;

/// Under the tenant's own key, and of no use for another account. `typed` may have any case, spaces and dashes.
pub fn hash(page: &Page, account: AccountId, typed: &str) -> [u8; 32] {
    let key = page.services().master.derive(page.tenant().id, Purpose::LetterCode);
    key.digest(format!("{account} {}", normalised_code(typed)).as_bytes())
}
