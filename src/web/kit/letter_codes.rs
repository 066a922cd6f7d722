//! Codes that come by letter: what of one is kept. Without the tenant's key a row says nothing about eight letters.
use super::page::Page;
use crate::backends::keys::Purpose;
use crate::domain::access::normalised_code;
use crate::domain::ids::AccountId;
use sha2::{Digest, Sha256};

pub fn hash(page: &Page, account: AccountId, typed: &str) -> [u8; 32] {
    let key = page.services().master.derive(page.tenant().id, Purpose::Code);
    Sha256::digest(key.sign(format!("letter {account} {}", normalised_code(typed)).as_bytes())).into()
}
