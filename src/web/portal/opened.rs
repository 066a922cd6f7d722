//! Which customer a log-in opens, and as whom: read anew at every sign-in and every change, from what holds today.
use crate::backends::sessions::{Session, SubjectKind};
use crate::data::{LookedAfter, TenantTx};
use crate::domain::access::{AfterContract, Proofs, holds};
use crate::domain::ids::{AccountId, CustomerId};
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use axum::response::Response;
use time::{Date, Time};

/// What of an account's rights holds today: the last used first.
pub async fn holding(page: &Page, tx: &TenantTx, account: AccountId) -> Result<Vec<LookedAfter>, Error> {
    let mut all = tx.looked_after_by(account, page.today()).await?;
    all.retain(|one| holds(one.right.until, page.today()));
    Ok(all)
}

/// A session at the wanted customer, the last used, or the first; none where no right holds any more. `proofs`: the account's own.
pub async fn session(
    page: &Page,
    tx: &TenantTx,
    account: AccountId,
    proofs: Proofs,
    wanted: Option<CustomerId>,
) -> Result<Option<Session>, Error> {
    let all = holding(page, tx, account).await?;
    let is_one_of_several = all.len() > 1;
    let Some(found) = all.into_iter().find(|one| wanted.is_none_or(|wanted| one.right.customer == wanted)) else {
        return Ok(None);
    };
    let (own, kind) = (found.right, SubjectKind::Customer);
    let session = doors::session(page, kind, account.0, Some(own.customer), own.role.role(), found.name);
    // Nobody stays past the end of the last day they may.
    let end = own.until.and_then(|last| last.next_day()).map(|day| page.instant(day, Time::MIDNIGHT));
    let after = after_contract(page, found.ends);
    Ok(Some(Session {
        proofs: own.proofs.unwrap_or(proofs),
        after,
        owes_terms: found.owes_terms,
        number: if is_one_of_several { found.number } else { String::new() },
        expires_at: end.map_or(session.expires_at, |end| end.min(session.expires_at)),
        ..session
    }))
}

/// Whether anything is still supplied, and if not, since when; `ends` are the last days of all contracts.
pub fn after_contract(page: &Page, ends: impl IntoIterator<Item = Option<Date>>) -> Option<AfterContract> {
    AfterContract::of(ends, page.tenant().document.parameters.access_after_contract_months, page.today())
}

/// The same person goes on in another session: the old one ends everywhere, and the new one lives no longer than that would have.
pub async fn go_on(page: &Page, tx: TenantTx, session: Session, goal: &str) -> Result<Response, Error> {
    let (old, key) = page.session().zip(page.session_key()).ok_or(Error::NotFound)?;
    // Nobody comes in by way of another customer where the time after the contract is over.
    if session.after.is_some_and(|after| after.is_over(page.today())) {
        return Ok(page.go("/account/customers"));
    }
    let end = old.created_at + old.kind.life();
    let session = Session {
        device: old.device.clone(),
        created_at: old.created_at,
        expires_at: session.expires_at.min(end),
        ..session
    };
    // Ended meanwhile, it goes on in nothing.
    if !tx.delete_session(&key).await? {
        return Ok(page.go("/login"));
    }
    let held = tx.touch_login(AccountId(session.subject), None, page.now()).await?.ok_or(Error::NotFound)?;
    let opened = doors::open(page, &tx, &session, Some(held)).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &[key]).await;
    Ok(opened.answer(page, session, goal).await)
}
