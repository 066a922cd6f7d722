//! Mail: files in a folder, or an SMTP server. A message is built the same for both; sent twice, it is the same message, so
//! that a mailbox can drop the second.
use super::folder::write_whole;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use time::OffsetDateTime;
use uuid::Uuid;

/// Longest an SMTP server may take over one step.
const PATIENCE: Duration = Duration::from_secs(20);
/// Connections kept to the SMTP server.
const CONNECTIONS: u32 = 4;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The recipient, or the message itself, will never be accepted.
    #[error("refused: {0}")]
    Never(String),
    /// Nobody has this address.
    #[error("nobody there: {0}")]
    Nobody(String),
    /// Not now for this one; the server answered, and takes others.
    #[error("put off: {0}")]
    Deferred(String),
    /// Worth trying again.
    #[error("not sent: {0}")]
    Later(String),
    /// Worth trying again, not before so long.
    #[error("not sent: asked to wait {0:?}")]
    Wait(Duration),
}

#[derive(Clone, Debug)]
pub enum Mail {
    /// One `.eml` for each message.
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// One mail to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The outbox row; with `host` it makes the Message-ID.
    pub id: Uuid,
    /// The tenant's canonical host.
    pub host: String,
    /// Shown name and address of the sender.
    pub from_name: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// `cs` or `en`.
    pub language: String,
    /// When its cause happened; stands in `Date`, so that a second sending is the same message.
    pub at: OffsetDateTime,
    pub files: Vec<File>,
    /// The address that stops mail of this kind, without signing in (RFC 2369, RFC 8058).
    pub unsubscribe: Option<String>,
    /// Where it comes back to when it cannot be delivered; empty: to the sender.
    pub bounce_to: String,
}

/// What comes with a mail.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Mail {
    pub fn folder(dir: impl Into<PathBuf>) -> Mail {
        Mail::Folder(dir.into())
    }

    /// `smtps://user:password@host` (TLS from the start) or `smtp://user:password@host:587`, which demands STARTTLS unless the
    /// host is this machine or the address says `?tls=opportunistic`.
    pub fn smtp(url: &str) -> Result<Mail, String> {
        let url = with_tls(url);
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|error| error.to_string())?;
        let pool =
            lettre::transport::smtp::PoolConfig::new().max_size(CONNECTIONS).idle_timeout(Duration::from_secs(30));
        Ok(Mail::Smtp(builder.timeout(Some(PATIENCE)).pool_config(pool).build()))
    }

    pub async fn send(&self, letter: &Letter) -> Result<(), Error> {
        let message = letter.message()?;
        match self {
            Mail::Folder(dir) => write_whole(dir, &format!("{}.eml", letter.id), message.formatted()).await,
            Mail::Smtp(transport) => {
                let envelope = Envelope::new(Some(address(letter.bounce_to())?), vec![address(&letter.to)?]);
                let envelope = envelope.map_err(|error| Error::Never(error.to_string()))?;
                let sent = transport.send_raw(&envelope, &message.formatted()).await;
                sent.map(|_| ()).map_err(|error| refusal(error.status().map(u16::from), error.to_string()))
            }
        }
    }
}

/// What an answer means: about us, about this message, or about whom it was for. None is no answer.
fn refusal(status: Option<u16>, words: String) -> Error {
    let enhanced = words
        .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .find(|word| word.starts_with("5.") && word.split('.').filter(|part| !part.is_empty()).count() == 3);
    match (status, enhanced) {
        // It shuts down, or cannot check who we are; our own key is wrong. The message is not.
        (None | Some(421 | 454 | 530 | 534 | 535 | 538), _) => Error::Later(words),
        (Some(400..=499), _) => Error::Deferred(words),
        // A rule of theirs or of the relay's: it says nothing of whether somebody is there.
        (_, Some(code)) if code.starts_with("5.7.") => Error::Deferred(words),
        (_, Some(code)) if code.starts_with("5.1.") => Error::Nobody(words),
        (Some(550 | 551 | 553), None) => Error::Nobody(words),
        _ => Error::Never(words),
    }
}

fn with_tls(url: &str) -> String {
    let Ok(mut parsed) = reqwest::Url::parse(url) else { return url.to_owned() };
    let has_choice = parsed.scheme() != "smtp" || parsed.query_pairs().any(|(key, _)| key == "tls");
    let is_here = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if has_choice || is_here {
        return url.to_owned();
    }
    parsed.query_pairs_mut().append_pair("tls", "required");
    parsed.into()
}

impl Letter {
    fn bounce_to(&self) -> &str {
        if self.bounce_to.is_empty() { &self.from } else { &self.bounce_to }
    }

    fn message(&self) -> Result<Message, Error> {
        let from = Mailbox::new(Some(one_line(&self.from_name)?).filter(|name| !name.is_empty()), address(&self.from)?);
        let to = Mailbox::new(None, address(&self.to)?);
        if self.host.is_empty() || !self.host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        {
            return Err(Error::Never(format!("\"{}\" is not a host", self.host.escape_debug())));
        }
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", self.id, self.host)))
            .date(SystemTime::from(self.at))
            .from(from)
            .to(to)
            .subject(one_line(&self.subject)?);
        // Nobody's holiday reply should come back to a machine (RFC 3834).
        let off = self.unsubscribe.as_ref().map(|address| format!("<{address}>")).unwrap_or_default();
        let language = one_line(&self.language)?;
        let mut headers = vec![("Auto-Submitted", "auto-generated"), ("Content-Language", language.as_str())];
        if !off.is_empty() {
            headers
                .extend([("List-Unsubscribe", off.as_str()), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]);
        }
        for (name, value) in headers {
            let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|error| Error::Never(error.to_string()))?;
            builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
        }
        let plain = SinglePart::plain(self.text.clone());
        let words = self.html.as_ref().map(|html| {
            let parts = MultiPart::alternative().boundary(format!("part-{}", self.id.simple()));
            parts.singlepart(plain.clone()).singlepart(SinglePart::html(html.clone()))
        });
        let built = match (words, self.files.is_empty()) {
            (Some(words), true) => builder.multipart(words),
            (None, true) => builder.singlepart(plain),
            (words, false) => {
                let whole = MultiPart::mixed().boundary(format!("whole-{}", self.id.simple()));
                let whole = match words {
                    Some(words) => whole.multipart(words),
                    None => whole.singlepart(plain),
                };
                builder.multipart(self.files.iter().try_fold(whole, |whole, file| {
                    let kind = ContentType::parse(&file.media_type).map_err(|error| Error::Never(error.to_string()))?;
                    let part = Attachment::new(one_line(&file.name)?).body(file.bytes.clone(), kind);
                    Ok::<_, Error>(whole.singlepart(part))
                })?)
            }
        };
        built.map_err(|error| Error::Never(error.to_string()))
    }
}

/// One address and nothing else: no list, no shown name, no line end.
pub fn address(text: &str) -> Result<Address, Error> {
    let refused = || Error::Never(format!("\"{}\" is not one mail address", text.escape_debug()));
    if text.len() > 254 || text.chars().any(|character| character.is_control() || character.is_whitespace()) {
        return Err(refused());
    }
    if text.matches('@').count() != 1 || text.contains([',', ';', '<', '>', '"', '(', ')']) || text.ends_with('.') {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

/// A header's text; a line end in it is somebody's trick.
fn one_line(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Error::Never(format!("\"{}\" is more than one line", text.escape_debug())));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
