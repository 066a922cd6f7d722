//! Access granted: the account and what reaches its owner, by the supplier's way. A password that somebody chose is never sent; one that is
//! issued is made when it leaves, and is in no row.
use super::error::Error;
use super::page::Page;
use crate::backends::keys::Token;
use crate::data::{LetterKind, NewAccount, NewMessage, TenantTx};
use crate::domain::access::{self, Delivery, Proofs, Way, spare_username};
use crate::domain::features::Feature;
use crate::domain::ids::{AccountId, CustomerId, MessageId};
use crate::domain::notices::Channel;
use crate::domain::passwords::NO_PASSWORD;
use crate::domain::webhooks::Fact;
use serde_json::{Value as Json, json};
use time::Duration;

/// Who asked goes on with the link within this time.
pub const LINK: Duration = Duration::hours(48);
/// A way in to a new account, where nothing else was agreed.
const ACTIVATION: Duration = Duration::days(7);
/// Names that are tried beside the customer's number.
const SPARE_NAMES: usize = 20;

/// The account to be.
pub struct Grant<'a> {
    pub customer: CustomerId,
    /// The customer's own number, for a username that nobody chose.
    pub number: &'a str,
    pub email: Option<&'a str>,
    pub proofs: Proofs,
    pub language: &'a str,
    /// What its owner chose; none where it is issued.
    pub username: Option<&'a str>,
    pub password_hash: Option<&'a str>,
}

#[derive(Clone, Debug)]
pub struct Granted {
    pub account: AccountId,
    pub username: String,
}

/// The supplier's way as it is now.
pub fn way_of(page: &Page) -> Option<Way> {
    let tenant = page.tenant();
    access::way(&tenant.document.access, |feature| tenant.has(feature))
}

pub fn needs_email(page: &Page) -> bool {
    page.tenant().document.access.email_required || page.tenant().has(Feature::AccessEmailMandatory)
}

/// None when the chosen username is somebody else's.
pub async fn create(tx: &TenantTx, page: &Page, grant: &Grant<'_>) -> Result<Option<Granted>, Error> {
    let id = AccountId::new();
    let tries = if grant.username.is_some() { 1 } else { SPARE_NAMES };
    for taken in 0..tries {
        let username = grant.username.map_or_else(|| spare_username(grant.number, taken), str::to_owned);
        let new = NewAccount {
            email: grant.email.map(str::to_owned),
            proofs: grant.proofs,
            must_change: grant.password_hash.is_none(),
            ..NewAccount::of(id, &username, grant.password_hash.unwrap_or(NO_PASSWORD), grant.customer, page.now())
        };
        if tx.add_account(&new).await? {
            tx.announce(Fact::AccountOpened, Some(grant.customer), json!({ "account": id.to_string() })).await?;
            return Ok(Some(Granted { account: id, username }));
        }
    }
    Ok(None)
}

/// What reaches the owner of an account whose password is still to come.
pub async fn deliver(
    tx: &TenantTx,
    page: &Page,
    grant: &Grant<'_>,
    granted: &Granted,
    password: Delivery,
) -> Result<(), Error> {
    match (password, grant.email) {
        (Delivery::RegisteredLetter, email) => {
            let (kind, now) = (LetterKind::Password, page.now());
            tx.write_access_letter(granted.account, grant.customer, kind, grant.language, now).await?;
            if let Some(email) = email.filter(|_| page.tenant().has(Feature::AccessUsernameByEmail)) {
                let payload = json!({ "path": "/login", "username": granted.username });
                mail(tx, "access_username", email, grant.language, payload).await?;
            }
        }
        (Delivery::Email, Some(email)) => {
            let account = granted.account.to_string();
            let payload = json!({ "path": "/login", "username": granted.username, "issue_password": account });
            mail(tx, "access_password", email, grant.language, payload).await?;
        }
        (Delivery::OwnChoice | Delivery::Handover, Some(email)) => {
            let (token, now) = (Token::random(), page.now());
            tx.add_account_link(granted.account, &token.hash(), now, now + ACTIVATION).await?;
            let path = format!("/password/new?token={}", token.to_text());
            let payload = json!({ "path": path, "username": granted.username });
            mail(tx, "access_activation", email, grant.language, payload).await?;
        }
        // Handed over by whoever sits opposite.
        (_, None) => {}
    }
    after(tx, page, grant, granted).await
}

/// What follows for every new account: the letter with the code, where changes want one; and whoever the supplier knew before learns of it.
pub async fn after(tx: &TenantTx, page: &Page, grant: &Grant<'_>, granted: &Granted) -> Result<(), Error> {
    let wanted = page.tenant().document.assurance;
    if wanted.wants_letter() && !grant.proofs.are_enough_for(access::Proof::Letter) {
        let (kind, now) = (LetterKind::Code, page.now());
        tx.write_access_letter(granted.account, grant.customer, kind, grant.language, now).await?;
    }
    let known = tx.customer(grant.customer).await?.email;
    if let Some(known) = known.filter(|known| Some(known.as_str()) != grant.email) {
        mail(tx, "access_created", &known, grant.language, json!({ "path": "/" })).await?;
    }
    Ok(())
}

/// Username and how to sign in, to who chose both.
pub async fn say_ready(tx: &TenantTx, page: &Page, grant: &Grant<'_>, granted: &Granted) -> Result<(), Error> {
    let is_on = page.tenant().has(Feature::AccessCredentialsEmailedAutomatically);
    let Some(email) = grant.email.filter(|_| is_on) else { return Ok(()) };
    let payload = json!({ "path": "/login", "username": granted.username });
    mail(tx, "access_ready", email, grant.language, payload).await
}

/// A mail about access: to whoever has it, asks for it, or had it before.
pub async fn mail(tx: &TenantTx, kind: &str, to: &str, language: &str, payload: Json) -> Result<(), Error> {
    let id = MessageId::new();
    let message = NewMessage {
        id,
        channel: Channel::Mail,
        customer: None,
        kind: kind.into(),
        recipient: to.to_owned(),
        language: language.to_owned(),
        payload,
        dedupe_key: format!("{kind}:{id}"),
    };
    Ok(tx.enqueue(&[message]).await?)
}
