//! Delivers what lies in the outbox: claims, says it in the tenant's words, sends, records. Nothing is lost: what was claimed by a
//! worker that died is claimed again. A mail may then go out twice, as the same message; letters and texts carry their id likewise.
use super::{JobServices, issue_password};
use crate::backends::letters;
use crate::backends::mail::{self, Error, Mail};
use crate::backends::sms;
use crate::data::{self, ClaimedMessage, Rendered};
use crate::domain::features::Feature;
use crate::domain::ids::AttachmentId;
use crate::tenancy::{COLOURS, Lang, SecretRef, Tenant, TenantState, Tokens};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration as Wait, Instant};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Messages claimed at once.
const BATCH: u64 = 25;
/// Tenants served at the same time.
const GROUPS: usize = 8;
/// A claim is nobody else's for this long: what a worker that died had in hand waits no longer.
const LEASE: Duration = Duration::seconds(90);
/// Nothing is begun later than this after the claim, and nothing takes longer than the other, so no lease ends in the middle.
const BEGIN_WITHIN: Wait = Wait::from_secs(45);
const SEND_WITHIN: Wait = Wait::from_secs(30);
/// How often to look when there was nothing.
const LOOK: Wait = Wait::from_secs(1);
/// The wait before the second attempt, doubled for each after it, up to the longest.
const FIRST_WAIT: Duration = Duration::seconds(30);
const LONGEST_WAIT: Duration = Duration::hours(4);
/// With those waits, about two days.
const ATTEMPTS: i16 = 20;
/// Failures in a row after which the rest of a tenant's batch waits too.
const PATIENCE: usize = 2;

/// Notices that belong to a feature: off means no message either, also for those already waiting.
const FEATURES: [(&str, Feature); 10] = [
    ("settlement_issued", Feature::DocumentElectronicSettlement),
    ("reading_prompt", Feature::ReadingMonthlyEmailPrompt),
    ("reading_reminder", Feature::ReadingMonthlyEmailPrompt),
    ("outage_planned", Feature::OutageAlertPlanned),
    ("contract_for_print", Feature::ContractEmailedForPrint),
    ("access_ready", Feature::AccessCredentialsEmailedAutomatically),
    ("access_username", Feature::AccessUsernameByEmail),
    ("visit_booked", Feature::BookOfficeVisit),
    ("visit_moved", Feature::BookOfficeVisit),
    ("visit_cancelled", Feature::BookOfficeVisit),
];

pub async fn run(services: JobServices, mut stopped: watch::Receiver<bool>) {
    let mut groups = JoinSet::new();
    while !*stopped.borrow() {
        let claimed = if groups.len() < GROUPS { claim(&services).await } else { Vec::new() };
        let found = !claimed.is_empty();
        for group in by_tenant(claimed) {
            let (services, stopped) = (services.clone(), stopped.clone());
            groups.spawn(async move { deliver_group(&services, group, &stopped).await });
        }
        if found && groups.len() < GROUPS {
            continue;
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => {}
            Some(_) = groups.join_next(), if groups.len() >= GROUPS => {}
            () = tokio::time::sleep(LOOK) => while groups.try_join_next().is_some() {},
        }
    }
    while groups.join_next().await.is_some() {}
}

/// Everything due, in turn; returns how many were sent.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let (_still, running) = watch::channel(false);
    let mut sent = 0;
    loop {
        let claimed = services.db.platform().claim_messages(BATCH, LEASE).await?;
        if claimed.is_empty() {
            return Ok(sent);
        }
        for group in by_tenant(claimed) {
            sent += deliver_group(services, group, &running).await;
        }
    }
}

async fn claim(services: &JobServices) -> Vec<ClaimedMessage> {
    services.db.platform().claim_messages(BATCH, LEASE).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the outbox cannot be read");
        Vec::new()
    })
}

fn by_tenant(claimed: Vec<ClaimedMessage>) -> impl Iterator<Item = Vec<ClaimedMessage>> {
    let mut groups: BTreeMap<i32, Vec<ClaimedMessage>> = BTreeMap::new();
    for message in claimed {
        groups.entry(message.tenant_id.0).or_default().push(message);
    }
    groups.into_values()
}

/// One tenant's messages in turn. When its server is away, the rest is not tried one by one.
async fn deliver_group(services: &JobServices, group: Vec<ClaimedMessage>, stopped: &watch::Receiver<bool>) -> usize {
    let claimed = Instant::now();
    let mut failures = 0;
    let mut sent = 0;
    for message in group {
        if *stopped.borrow() || claimed.elapsed() > BEGIN_WITHIN {
            put_back(services, &message, services.clock.now()).await;
            continue;
        }
        if failures >= PATIENCE {
            put_back(services, &message, next_at(services.clock.now(), &message)).await;
            continue;
        }
        let delivered = tokio::time::timeout(SEND_WITHIN, deliver(services, &message)).await;
        match delivered.unwrap_or_else(|_| Err(Error::Later("it took too long".into()))) {
            Ok(rendered) => {
                failures = 0;
                sent += 1;
                record(services, &message, &rendered).await;
            }
            Err(error) => {
                failures += usize::from(matches!(error, Error::Later(_)));
                refuse(services, &message, &error).await;
            }
        }
    }
    sent
}

async fn record(services: &JobServices, message: &ClaimedMessage, rendered: &Rendered) {
    metrics::counter!("busbar_messages_total", "channel" => message.channel.clone(), "outcome" => "sent").increment(1);
    let platform = services.db.platform();
    for attempt in 1..=3 {
        match platform.message_sent(message, rendered).await {
            Ok(()) => return,
            Err(error) => {
                tracing::error!(tenant = message.tenant_id.0, message = %message.id, attempt, %error, "sent but not recorded");
            }
        }
        tokio::time::sleep(Wait::from_millis(200 * attempt)).await;
    }
}

async fn refuse(services: &JobServices, message: &ClaimedMessage, error: &Error) {
    let again = matches!(error, Error::Later(_)) && message.attempts < ATTEMPTS;
    let outcome = if again { "postponed" } else { "failed" };
    metrics::counter!("busbar_messages_total", "channel" => message.channel.clone(), "outcome" => outcome).increment(1);
    // No recipient here: logs hold nothing personal.
    tracing::warn!(tenant = message.tenant_id.0, message = %message.id, kind = message.kind, attempts = message.attempts, outcome, reason = reason(error), "not delivered");
    let next = again.then(|| next_at(services.clock.now(), message));
    if let Err(error) = services.db.platform().message_failed(message, next).await {
        tracing::warn!(message = %message.id, %error, "not recorded; the lease will end");
    }
}

/// What went wrong, without the address it went wrong for.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::Never(_) => "will never be accepted",
        Error::Later(_) => "not accepted now",
    }
}

async fn put_back(services: &JobServices, message: &ClaimedMessage, at: OffsetDateTime) {
    if let Err(error) = services.db.platform().message_failed(message, Some(at)).await {
        tracing::warn!(message = %message.id, %error, "not put back; the lease will end");
    }
}

fn next_at(now: OffsetDateTime, message: &ClaimedMessage) -> OffsetDateTime {
    let doubled = u32::try_from(message.attempts - 1).unwrap_or(0).min(16);
    now + (FIRST_WAIT * 2_i32.pow(doubled)).min(LONGEST_WAIT)
}

async fn deliver(services: &JobServices, message: &ClaimedMessage) -> Result<Rendered, Error> {
    let tenant =
        (services.tenants)(message.tenant_id).ok_or_else(|| Error::Later("the tenant is not published".into()))?;
    if tenant.state == TenantState::Suspended {
        return Err(Error::Later("the tenant is suspended".into()));
    }
    if let Some((_, feature)) = FEATURES.iter().find(|(kind, _)| *kind == message.kind)
        && !tenant.has(*feature)
    {
        return Err(Error::Never(format!("{} is switched off", feature.key())));
    }
    let issued = issue_password::issue(services, &tenant, message).await?;
    let secret = issued.as_deref().or_else(|| data::secret_of(&message.payload));
    let rendered = render(&tenant, message, issued.as_deref())?;
    match message.channel.as_str() {
        "mail" => {
            let files = files(services, message).await?;
            mail_of(services, &tenant)?.send(&mail::Letter { files, ..letter(&tenant, message, &rendered) }).await?;
        }
        "sms" => {
            let text = sms::Text { id: message.id.0, to: message.recipient.clone(), body: rendered.body_text.clone() };
            services.sms.send(&text).await?;
        }
        "letter" => {
            let letter = letters::Letter {
                id: message.id.0,
                recipient: message.recipient.clone(),
                subject: rendered.subject.clone(),
                body: rendered.body_text.clone(),
            };
            services.letters.send(&letter).await?;
        }
        other => return Err(Error::Never(format!("nobody sends by {other}"))),
    }
    Ok(without(rendered, secret))
}

/// As it is kept: who reads what was sent need not read a password or a code.
fn without(rendered: Rendered, secret: Option<&str>) -> Rendered {
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else { return rendered };
    let blank = |text: String| text.replace(secret, "••••");
    Rendered {
        subject: blank(rendered.subject),
        body_text: blank(rendered.body_text),
        body_html: blank(rendered.body_html),
    }
}

/// `mail/<kind>/subject.txt`, `body.txt` and, for mail, `body.html`; a text message is `sms.txt` alone, a letter `letter.txt`.
fn render(tenant: &Tenant, message: &ClaimedMessage, issued: Option<&str>) -> Result<Rendered, Error> {
    let lang = Lang::parse(&message.language).unwrap_or(tenant.document.locale.default);
    let mut context = context(tenant, lang, message)?;
    context.insert("password", &issued);
    let say = |name: &str| {
        let template = format!("mail/{}/{name}", message.kind);
        // A theme can be mended while the message waits.
        tenant.theme.render(lang, &template, &context).map_err(|error| {
            tracing::error!(tenant = tenant.slug, %error, "a notice cannot be worded");
            Error::Later("a template failed".into())
        })
    };
    let subject = || Ok::<_, Error>(say("subject.txt")?.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(match message.channel.as_str() {
        "sms" => {
            Rendered { subject: String::new(), body_text: say("sms.txt")?.trim().to_owned(), body_html: String::new() }
        }
        "letter" => Rendered { subject: subject()?, body_text: say("letter.txt")?, body_html: String::new() },
        _ => {
            let has_html = tenant.theme.has_template(lang, &format!("mail/{}/body.html", message.kind));
            let body_html = if has_html { say("body.html")? } else { String::new() };
            Rendered { subject: subject()?, body_text: say("body.txt")?, body_html }
        }
    })
}

/// What a notice's templates see: `lang portal_name supplier_name portal_url phone email brand link v`; `link` is the
/// tenant's own absolute URL of the payload's `path`, `password` one that was issued for this mail alone, `brand` the theme's light colours, radius and fonts.
fn context(tenant: &Tenant, lang: Lang, message: &ClaimedMessage) -> Result<tera::Context, Error> {
    let mut context = tera::Context::new();
    let document = &tenant.document;
    context.insert("lang", lang.key());
    context.insert("portal_name", document.portal.get(lang));
    context.insert("supplier_name", document.name.get(lang));
    context.insert("portal_url", &tenant.url("/"));
    context.insert("phone", &document.contact.phone);
    context.insert("email", &document.contact.email);
    context.insert("brand", &brand(&tenant.theme.tokens));
    let path = message.payload.get("path").and_then(|path| path.as_str()).unwrap_or("/");
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if !is_ours || path.chars().any(char::is_control) {
        return Err(Error::Never("the payload's path is not one of the portal".into()));
    }
    context.insert("link", &tenant.url(path));
    context.insert("v", &message.payload);
    Ok(context)
}

/// Mail programs know neither our style sheet nor its variables: what a mail wears is written into it.
fn brand(tokens: &Tokens) -> BTreeMap<String, String> {
    let colours = COLOURS.iter().filter_map(|name| Some((name.replace('-', "_"), tokens.light.get(name)?.to_string())));
    let rest = [("radius", &tokens.radius), ("font", &tokens.text_font), ("heading", &tokens.heading_font)];
    colours.chain(rest.map(|(name, value)| (name.to_owned(), value.clone()))).collect()
}

fn letter(tenant: &Tenant, message: &ClaimedMessage, rendered: &Rendered) -> mail::Letter {
    let lang = Lang::parse(&message.language).unwrap_or(tenant.document.locale.default);
    // The id carries the moment it was made; the same message has the same Date however often it is tried.
    let made = message.id.0.get_timestamp().and_then(|stamp| {
        let seconds = i64::try_from(stamp.to_unix().0).ok()?;
        OffsetDateTime::from_unix_timestamp(seconds).ok()
    });
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
        at: made.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        files: Vec::new(),
    }
}

/// What the payload names as `attachment`: a file of one of the tenant's requests.
async fn files(services: &JobServices, message: &ClaimedMessage) -> Result<Vec<mail::File>, Error> {
    let Some(named) = message.payload.get("attachment").and_then(|id| id.as_str()) else { return Ok(Vec::new()) };
    let id = uuid::Uuid::try_parse(named).map_err(|_| Error::Never("the attachment is not an identifier".into()))?;
    let found = async {
        let tx = services.db.tenant(message.tenant_id).read().await?;
        let file = tx.attachment(AttachmentId(id)).await?;
        tx.commit().await?;
        Ok::<_, data::Error>(file)
    };
    let file = found.await.map_err(|error| match error {
        data::Error::NotFound => Error::Never("the attachment is gone".into()),
        other => Error::Later(format!("the attachment cannot be read: {other:?}")),
    })?;
    Ok(vec![mail::File { name: file.row.name, media_type: file.row.media_type, bytes: file.bytes }])
}

/// The tenant's own mail server where it names one; where mail goes to a folder, everybody's does.
fn mail_of(services: &JobServices, tenant: &Tenant) -> Result<Mail, Error> {
    static OWN: LazyLock<Mutex<BTreeMap<String, Mail>>> = LazyLock::new(Mutex::default);
    let (Mail::Smtp(_), Some(secret)) = (&services.mail, &tenant.document.outbound.smtp) else {
        return Ok(services.mail.clone());
    };
    let url = match secret {
        SecretRef::Env(name) => std::env::var(name).map_err(|_| Error::Later(format!("{secret} is not set")))?,
        SecretRef::File(path) => {
            std::fs::read_to_string(path).map_err(|_| Error::Later(format!("{secret} cannot be read")))?
        }
    };
    let url = url.trim().to_owned();
    let mut own = OWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(mail) = own.get(&url) {
        return Ok(mail.clone());
    }
    let mail = Mail::smtp(&url).map_err(|_| Error::Later(format!("{secret} is not a mail server's address")))?;
    own.insert(url, mail.clone());
    Ok(mail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{MessageId, TenantId};
    use time::macros::datetime;

    fn message(tenant: i32, attempts: i16) -> ClaimedMessage {
        ClaimedMessage {
            tenant_id: TenantId(tenant),
            id: MessageId::new(),
            channel: "mail".into(),
            kind: "settlement_issued".into(),
            recipient: "a@example.cz".into(),
            language: "cs".into(),
            payload: serde_json::Value::Null,
            attempts,
        }
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        let now = datetime!(2026-11-23 12:00 UTC);
        let wait = |attempts| (next_at(now, &message(1, attempts)) - now).whole_seconds();
        assert_eq!([wait(1), wait(2), wait(3)], [30, 60, 120]);
        assert_eq!([wait(12), wait(i16::MAX)], [4 * 3600; 2]);
        let whole: i64 = (1..ATTEMPTS).map(wait).sum();
        assert!((36 * 3600..72 * 3600).contains(&whole), "{} hours", whole / 3600);
    }

    #[test]
    fn each_tenant_has_its_own_group_in_the_order_claimed() {
        let claimed = vec![message(2, 1), message(1, 1), message(2, 2)];
        let ids: Vec<_> = claimed.iter().map(|message| message.id).collect();
        let groups: Vec<Vec<_>> =
            by_tenant(claimed).map(|group| group.into_iter().map(|message| message.id).collect()).collect();
        assert_eq!(groups, [vec![ids[1]], vec![ids[0], ids[2]]]);
    }
}
