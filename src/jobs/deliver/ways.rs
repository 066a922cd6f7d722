//! The ways out: a batch of one supplier's messages handed to mail, the text gateway or the desk that prints, and what each answered.
use super::words;
use crate::backends::mail::{self, Error, Mail};
use crate::backends::sms;
use crate::backends::unsubscribe::Stop;
use crate::data::{self, ClaimedMessage, Left, Rendered};
use crate::domain::features::Feature;
use crate::domain::ids::AttachmentId;
use crate::domain::notices::{Channel, urgency};
use crate::jobs::{JobServices, issue_password};
use crate::tenancy::{Lang, SecretRef, Tenant};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

/// Notices that belong to a feature: off means no message either, also for those already waiting.
const FEATURES: [(&str, Feature); 12] = [
    ("settlement_issued", Feature::DocumentElectronicSettlement),
    ("reading_prompt", Feature::ReadingMonthlyEmailPrompt),
    ("reading_reminder", Feature::ReadingMonthlyEmailPrompt),
    ("outage_planned", Feature::OutageAlertPlanned),
    ("outage_changed", Feature::OutageAlertPlanned),
    ("outage_cancelled", Feature::OutageAlertPlanned),
    ("contract_for_print", Feature::ContractEmailedForPrint),
    ("access_ready", Feature::AccessCredentialsEmailedAutomatically),
    ("access_username", Feature::AccessUsernameByEmail),
    ("visit_booked", Feature::BookOfficeVisit),
    ("visit_moved", Feature::BookOfficeVisit),
    ("visit_cancelled", Feature::BookOfficeVisit),
];

/// Ways of telling that are features of their own: kinds that begin so, by that way.
const WAYS: [(&str, Channel, Feature); 2] =
    [("outage_", Channel::Mail, Feature::OutageAlertEmail), ("outage_", Channel::Sms, Feature::OutageAlertSms)];

/// Why a message did not leave, by a word that names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It never will.
    Never(&'static str),
    /// Something of its own; worth trying again.
    Later(&'static str),
    /// The gateway did not take it, and would take no other.
    Away(String),
    /// It asked not to be tried again for so long.
    Wait(std::time::Duration),
}

impl Failure {
    pub fn key(&self) -> &'static str {
        match self {
            Failure::Never(key) | Failure::Later(key) => key,
            Failure::Away(_) | Failure::Wait(_) => "away",
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Never(_) => Failure::Never("refused"),
            Error::Nobody(_) => Failure::Never("nobody"),
            Error::Deferred(_) => Failure::Later("deferred"),
            Error::Later(sentence) => Failure::Away(sentence),
            Error::Wait(time) => Failure::Wait(time),
        }
    }
}

/// What one silent gateway must not stop: its name is the same for all that go through it.
pub fn gateway(tenant: &Tenant, channel: Channel) -> String {
    match (channel, &tenant.document.outbound.smtp) {
        (Channel::Mail, Some(own)) => format!("mail:{own}"),
        (channel, _) => channel.key().to_owned(),
    }
}

/// Messages a minute, where the supplier wants to be heard slowly.
pub fn pace(tenant: &Tenant, channel: Channel) -> Option<u32> {
    match channel {
        Channel::Mail => tenant.document.outbound.mail_per_minute,
        Channel::Sms => tenant.document.outbound.sms_per_minute,
        Channel::Letter | Channel::Webhook | Channel::Spread => None,
    }
}

/// One result for each message, in their order. All are of one channel.
pub async fn send(services: &JobServices, tenant: &Tenant, batch: &[ClaimedMessage]) -> Vec<Result<Left, Failure>> {
    let Some(first) = batch.first() else { return Vec::new() };
    let away = match unreachable(services, first, batch).await {
        Ok(away) => away,
        Err(_) => return batch.iter().map(|_| Err(Failure::Later("database"))).collect(),
    };
    let worth: Vec<ClaimedMessage> = batch.iter().filter(|one| !away.contains_key(&one.recipient)).cloned().collect();
    let sent = match first.channel {
        Channel::Sms => texts(services, tenant, &worth).await,
        _ => join_all(worth.iter().map(|message| self::one(services, tenant, message))).await,
    };
    let mut sent = sent.into_iter();
    let all = batch.iter().map(|one| match away.contains_key(&one.recipient) {
        true => Err(Failure::Never("unreachable")),
        false => sent.next().unwrap_or(Err(Failure::Later("no_answer"))),
    });
    all.collect()
}

/// Of notices and offers those that would come back again. Somebody who waits for a code, or for the answer to what they did, may have
/// mended their mailbox.
async fn unreachable(
    services: &JobServices,
    first: &ClaimedMessage,
    batch: &[ClaimedMessage],
) -> Result<BTreeMap<String, data::Unreachable>, data::Error> {
    if urgency(&first.kind).is_urgent() || !matches!(first.channel, Channel::Mail | Channel::Sms) {
        return Ok(BTreeMap::new());
    }
    let tx = services.db.tenant(first.tenant_id).read().await?;
    let found = tx.unreachable_among(first.channel, batch.iter().map(|one| one.recipient.as_str())).await?;
    tx.commit().await?;
    Ok(found)
}

/// Nobody has this address: what many are told does not go there any more.
pub async fn remember_nobody(services: &JobServices, message: &ClaimedMessage) -> Result<(), data::Error> {
    let tx = services.db.tenant(message.tenant_id).begin().await?;
    tx.mark_unreachable(message.channel, &message.recipient, "nobody", services.clock.now()).await?;
    tx.commit().await
}

struct Worded {
    rendered: Rendered,
    /// What opens something, and is not kept.
    secret: Option<String>,
    /// The address that stops notices of its kind.
    stop: Option<String>,
}

async fn word(services: &JobServices, tenant: &Tenant, message: &ClaimedMessage) -> Result<Worded, Failure> {
    let by_kind = FEATURES.iter().filter(|(kind, _)| *kind == message.kind).map(|(_, feature)| *feature);
    let is_way =
        |(kind, channel, _): &&(&str, Channel, Feature)| message.kind.starts_with(kind) && message.channel == *channel;
    let by_way = WAYS.iter().filter(is_way).map(|(_, _, feature)| *feature);
    if by_kind.chain(by_way).any(|feature| !tenant.has(feature)) {
        return Err(Failure::Never("switched_off"));
    }
    let issued = issue_password::issue(services, tenant, message).await?;
    let stop = off(services, tenant, message);
    let rendered = words::render(tenant, message, issued.as_deref(), stop.as_deref())?;
    let secret = issued.or_else(|| data::secret_of(&message.payload).map(str::to_owned));
    Ok(Worded { rendered, secret, stop })
}

/// The address that stops messages of its kind: a page of its own that the message names, or the one for all kinds.
fn off(services: &JobServices, tenant: &Tenant, message: &ClaimedMessage) -> Option<String> {
    if let Some(own) = message.payload.get("off").and_then(|off| off.as_str()).filter(|path| path.starts_with('/')) {
        return Some(tenant.url(own));
    }
    let stop = Stop::of(&message.payload, message.channel)?;
    Some(tenant.url(&format!("/notices/off?token={}", stop.token(&services.master, tenant.id))))
}

async fn one(services: &JobServices, tenant: &Tenant, message: &ClaimedMessage) -> Result<Left, Failure> {
    let Worded { rendered, secret, stop } = word(services, tenant, message).await?;
    match message.channel {
        Channel::Mail => {
            let files = files(services, message).await?;
            mail_of(services, tenant)?
                .send(&mail::Letter { files, unsubscribe: stop, ..letter(tenant, message, &rendered) })
                .await?;
        }
        // Worded it waits at the desk, which prints it.
        Channel::Letter => {}
        Channel::Sms | Channel::Webhook | Channel::Spread => return Err(Failure::Never("channel")),
    }
    Ok(Left { words: words::without(rendered, secret.as_deref()), receipt: None, parts: None })
}

/// Texts go together: a storm is one call to the gateway for many, not many calls.
async fn texts(services: &JobServices, tenant: &Tenant, batch: &[ClaimedMessage]) -> Vec<Result<Left, Failure>> {
    let worded = join_all(batch.iter().map(|message| word(services, tenant, message))).await;
    let ready = batch.iter().zip(&worded).filter_map(|(message, worded)| {
        let worded = worded.as_ref().ok()?;
        let (to, body) = (message.recipient.clone(), worded.rendered.body_text.clone());
        Some(sms::Text { id: message.id.0, to, body, sender: tenant.document.outbound.sms_sender.clone() })
    });
    let mut answers = services.sms.send(&ready.collect::<Vec<_>>()).await.into_iter();
    let left = worded.into_iter().map(|worded| {
        let Worded { rendered, secret, .. } = worded?;
        let receipt = answers.next().unwrap_or_else(|| Err(Error::Later("no answer".into())))?;
        let parts = Some(receipt.parts);
        Ok(Left { words: words::without(rendered, secret.as_deref()), receipt: receipt.name, parts })
    });
    left.collect()
}

fn letter(tenant: &Tenant, message: &ClaimedMessage, rendered: &Rendered) -> mail::Letter {
    let lang = Lang::parse(&message.language).unwrap_or(tenant.document.locale.default);
    mail::Letter {
        id: message.id.0,
        host: tenant.document.hosts.canonical.clone(),
        from_name: tenant.document.portal.get(lang).to_owned(),
        from: tenant.document.outbound.mail_from.clone(),
        to: message.recipient.clone(),
        subject: rendered.subject.clone(),
        text: rendered.body_text.clone(),
        html: Some(rendered.body_html.clone()).filter(|html| !html.is_empty()),
        language: lang.key().to_owned(),
        // The same message has the same Date however often it is tried.
        at: message.created_at,
        files: Vec::new(),
        unsubscribe: None,
        bounce_to: tenant.document.outbound.bounce_to.clone(),
    }
}

/// What the payload names as `attachment`: a file of one of the tenant's requests.
async fn files(services: &JobServices, message: &ClaimedMessage) -> Result<Vec<mail::File>, Failure> {
    let Some(named) = message.payload.get("attachment").and_then(|id| id.as_str()) else { return Ok(Vec::new()) };
    let id = uuid::Uuid::try_parse(named).map_err(|_| Failure::Never("attachment"))?;
    let found = async {
        let tx = services.db.tenant(message.tenant_id).read().await?;
        let file = tx.attachment(AttachmentId(id)).await?;
        tx.commit().await?;
        Ok::<_, data::Error>(file)
    };
    let file = found.await.map_err(|error| match error {
        data::Error::NotFound => Failure::Never("attachment"),
        _ => Failure::Later("attachment"),
    })?;
    Ok(vec![mail::File { name: file.row.name, media_type: file.row.media_type, bytes: file.bytes }])
}

/// The tenant's own mail server where it names one; where mail goes to a folder, everybody's does.
fn mail_of(services: &JobServices, tenant: &Tenant) -> Result<Mail, Failure> {
    static OWN: LazyLock<Mutex<BTreeMap<String, Mail>>> = LazyLock::new(Mutex::default);
    let (Mail::Smtp(_), Some(secret)) = (&services.mail, &tenant.document.outbound.smtp) else {
        return Ok(services.mail.clone());
    };
    let url = match secret {
        SecretRef::Env(name) => std::env::var(name).map_err(|_| Failure::Later("mail_server"))?,
        SecretRef::File(path) => std::fs::read_to_string(path).map_err(|_| Failure::Later("mail_server"))?,
    };
    let url = url.trim().to_owned();
    let mut own = OWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(mail) = own.get(&url) {
        return Ok(mail.clone());
    }
    let mail = Mail::smtp(&url).map_err(|_| Failure::Later("mail_server"))?;
    own.insert(url, mail.clone());
    Ok(mail)
}
