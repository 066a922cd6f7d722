//! `busbar bounce`: a mail that came back, piped in by the mail server; and the address for a gateway's reports. A mail that says nothing we
//! know is taken and forgotten, so that the mail server does not try it again.
use super::config::Config;
use super::state;
use crate::backends::keys::Purpose;
use crate::data::{Heard, Meant};
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, Fate, bounces};
use crate::web::kit::services::Shared;
use crate::web::portal::text_reports::SIGNED;
use anyhow::{Context, Result};
use std::io::Read;
use std::process::ExitCode;
use uuid::Uuid;

/// Bytes of a mail that are read: notifications are short, and what they bring back may be cut.
const MOST: u64 = 4 << 20;
/// sysexits.h: the mail server should try again later.
const TRY_AGAIN: u8 = 75;

pub async fn run(config: &Config) -> Result<ExitCode> {
    let mut mail = Vec::new();
    std::io::stdin().lock().take(MOST).read_to_end(&mut mail).context("the mail cannot be read")?;
    let taken = async {
        let services = state::build_read_only(config).await?;
        take(&services, &String::from_utf8_lossy(&mail)).await
    };
    match taken.await {
        Ok(true) => println!("noted"),
        Ok(false) => println!("nothing of ours"),
        Err(error) => {
            eprintln!("busbar: {error:#}");
            return Ok(ExitCode::from(TRY_AGAIN));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether it told us something. The message must be ours and have gone to whom it came back from: nobody else's address can be blackened.
pub async fn take(services: &Shared, mail: &str) -> Result<bool> {
    let Some(bounce) = bounces::read(mail) else { return Ok(false) };
    let Some((id, host)) = bounce.message_id.split_once('@') else { return Ok(false) };
    let Ok(id) = Uuid::try_parse(id) else { return Ok(false) };
    let all = services.registry.all();
    let Some(tenant) = all.iter().find(|tenant| tenant.document.hosts.canonical == host) else { return Ok(false) };
    let now = services.clock.now();
    let tx = services.db.tenant(tenant.id).begin().await?;
    let kept = match tx.kept_message(MessageId(id)).await {
        Ok(kept) => kept,
        Err(crate::data::Error::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    if !bounce.recipients.contains(&kept.recipient.to_lowercase()) {
        return Ok(false);
    }
    let heard = tx.hear_fate(Channel::Mail, &Meant::Id(kept.id), Some(Fate::Bounced), now).await?;
    if !matches!(heard, Heard::Changed(_)) {
        return Ok(false);
    }
    // 5.2.2 is a full mailbox, 5.7 somebody's filter: the address is right.
    if bounce.status.starts_with("5.1.") {
        tx.mark_unreachable(Channel::Mail, &kept.recipient, "bounced", now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub async fn reports_address(config: &Config, supplier: &str) -> Result<String> {
    let services = state::build_read_only(config).await?;
    let tenant = services.registry.by_slug(supplier).with_context(|| format!("no supplier \"{supplier}\""))?;
    let token = services.master.derive(tenant.id, Purpose::TextReports).sign(SIGNED);
    Ok(tenant.url(&format!("/gateway/sms/{token}")))
}
