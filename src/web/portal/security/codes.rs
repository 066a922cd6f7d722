//! One-time and recovery codes of a customer's second factor: asked for, counted like passwords, each used once.
use crate::backends::{keys, totp};
use crate::data::TenantTx;
use crate::domain::access::{RECOVERY_LETTERS, normalised_code, recovery_code};
use crate::domain::ids::AccountId;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::page::Page;
use sha2::{Digest, Sha256};

/// Made at once.
const CODES: usize = 10;
/// A recovery code with its dashes, and room for spaces.
const LONGEST: usize = 60;

pub fn field(page: &Page, wrong: String) -> Field {
    Field::digits("code", page.t("factor-code")).autocomplete("one-time-code").max(LONGEST).required().wrong(wrong)
}

/// Counts the attempt before the code is looked at; apart from attempts at the password, which start anew with each right one.
pub async fn count(page: &Page, account: AccountId) -> Result<Entrance<'_>, Refusal> {
    Entrance::open(page, &format!("code {account}")).await
}

pub fn sentence(page: &Page, refusal: Refusal) -> String {
    match refusal {
        Refusal::Wrong => page.t("factor-wrong"),
        other => doors::sentence(page, other),
    }
}

/// Whether it is a code of the account's that nobody used yet; it is used up with the transaction. The owner hears of a recovery code.
pub async fn is_right(tx: &TenantTx, page: &Page, account: AccountId, typed: &str) -> Result<bool, Error> {
    let Some(secret) = tx.factor_of(account).await? else { return Ok(false) };
    if let Some(step) = totp::matching_step(&secret, typed, page.now()) {
        return Ok(tx.use_code_step(account, step).await?);
    }
    let code = normalised_code(typed);
    if code.chars().count() != RECOVERY_LETTERS || !tx.use_recovery_code(account, &hash(&code), page.now()).await? {
        return Ok(false);
    }
    super::notices::warn(tx, page, account, "recovery_code_used").await?;
    tx.write_audit(&super::line_of(page, account, "use_recovery_code")).await?;
    Ok(true)
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code).into()
}

/// New ones, as they are shown once; those before them are void.
pub async fn renew(tx: &TenantTx, account: AccountId) -> Result<Vec<String>, Error> {
    let codes: Vec<String> = (0..CODES).map(|_| recovery_code(keys::random())).collect();
    let hashes: Vec<[u8; 32]> = codes.iter().map(|code| hash(&normalised_code(code))).collect();
    tx.replace_recovery_codes(account, &hashes).await?;
    Ok(codes)
}
