//! The link by mail that lets its owner choose a new password: asked for by who forgot it, or sent from the desk.
use super::error::Error;
use super::page::Page;
use crate::backends::keys::Token;
use crate::data::{NewMessage, TenantTx};
use crate::domain::ids::{AccountId, MessageId};
use crate::domain::notices::Channel;
use crate::tenancy::Lang;
use serde_json::json;
use time::Duration;

/// A link lives this long.
const LINK: Duration = Duration::minutes(60);

/// False when there is no address to send it to, or the first password is still on its way by post. Earlier links of the account end.
pub async fn send_new_password(tx: &TenantTx, page: &Page, account: AccountId, lang: Lang) -> Result<bool, Error> {
    // A password that comes by letter is not to be had by mail.
    if tx.waits_for_letter(account).await? {
        return Ok(false);
    }
    let Some(recipient) = tx.address_of(account).await? else { return Ok(false) };
    let (token, now) = (Token::random(), page.now());
    let link = tx.add_account_link(account, &token.hash(), now, now + LINK).await?;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: "password_forgotten".into(),
        recipient,
        language: lang.key().to_owned(),
        payload: json!({ "path": format!("/password/new?token={}", token.to_text()) }),
        dedupe_key: format!("password_forgotten:{link}"),
    };
    tx.enqueue(&[message]).await?;
    Ok(true)
}
