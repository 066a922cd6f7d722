//! Facts posted to a supplier's own systems, signed as Standard Webhooks says. Where they go is what somebody typed: by TLS, never into
//! our own network, whatever the name leads to by then, and nowhere further.
use super::identity::{address_of, is_here, is_public};
use super::keys::{MasterKey, Purpose};
use crate::domain::ids::{TenantId, WebhookEndpointId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Url};
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration as Wait, Instant};
use time::format_description::well_known::Rfc2822;
use time::{Duration, OffsetDateTime};

/// Longest a receiver may take.
const PATIENCE: Wait = Wait::from_secs(10);
/// Read of an answer, and kept of it.
const MOST_BYTES: usize = 4_096;
const KEPT: usize = 200;
/// Longer addresses are nobody's.
const LONGEST: usize = 2_000;

/// What receivers verify with. In no row: it follows from the master key, the endpoint and the number of its version.
pub struct Secret([u8; 32]);

impl Secret {
    pub fn of(master: &MasterKey, tenant: TenantId, endpoint: WebhookEndpointId, version: i32) -> Secret {
        Secret(master.derive(tenant, Purpose::Webhook).digest(format!("{endpoint} {version}").as_bytes()))
    }

    /// As it is shown, once.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }
}

fn signed(key: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let mac: Hmac<Sha256> = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
    let signature = mac.chain_update(format!("{id}.{timestamp}.{body}")).finalize().into_bytes();
    format!("v1,{}", STANDARD.encode(signature))
}

/// Why an address cannot be posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadUrl {
    NotAUrl,
    NotSecure,
    /// A name and a password within.
    Credentials,
    Private,
}

/// One message on its way.
pub struct Post<'a> {
    pub url: &'a str,
    pub id: String,
    pub at: OffsetDateTime,
    pub body: &'a str,
    /// The present one first.
    pub secrets: &'a [Secret],
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// None when there was no answer.
    pub status: Option<u16>,
    /// A word for what went wrong; none when it was taken.
    pub failure: Option<&'static str>,
    pub retry_after: Option<Duration>,
    pub took: Wait,
    /// The beginning of what it said.
    pub words: String,
}

impl Answer {
    pub fn is_taken(&self) -> bool {
        self.failure.is_none()
    }

    /// It would take no other message either.
    pub fn is_away(&self) -> bool {
        !self.is_taken() && !self.status.is_some_and(|status| status < 500 && !matches!(status, 408 | 425 | 429))
    }
}

#[derive(Clone)]
pub struct Hooks {
    client: Client,
    may_be_private: bool,
}

impl Hooks {
    pub fn new(may_be_private: bool) -> Result<Hooks, String> {
        let builder = Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent("Busbar-Webhooks/1")
            .pool_max_idle_per_host(4);
        let builder = if may_be_private { builder } else { builder.dns_resolver(Arc::new(Public)) };
        Ok(Hooks { client: builder.build().map_err(|error| error.to_string())?, may_be_private })
    }

    /// As far as it can be told without asking where the name leads; that is looked at each time something goes there.
    pub fn check(&self, url: &str) -> Result<Url, BadUrl> {
        let parsed = Url::parse(url).ok().filter(|parsed| url.len() <= LONGEST && parsed.has_host());
        let url = parsed.filter(|url| matches!(url.scheme(), "https" | "http")).ok_or(BadUrl::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadUrl::Credentials);
        }
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let is_inner = is_here(&url)
            || host == "localhost"
            || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
            || address_of(&url).is_some_and(|address| !is_public(address));
        if is_inner && !self.may_be_private {
            return Err(BadUrl::Private);
        }
        if url.scheme() != "https" && !is_here(&url) {
            return Err(BadUrl::NotSecure);
        }
        Ok(url)
    }

    pub async fn post(&self, post: &Post<'_>) -> Answer {
        let begun = Instant::now();
        let nothing = |failure| Answer {
            status: None,
            failure: Some(failure),
            retry_after: None,
            took: begun.elapsed(),
            words: String::new(),
        };
        let Ok(url) = self.check(post.url) else { return nothing("address") };
        let timestamp = post.at.unix_timestamp();
        let signatures = post.secrets.iter().map(|secret| signed(&secret.0, &post.id, timestamp, post.body));
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &post.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures.collect::<Vec<_>>().join(" "))
            .body(post.body.to_owned());
        match request.send().await {
            Ok(answer) => {
                let (status, retry_after) = (answer.status(), retry_after(answer.headers(), post.at));
                let words = beginning(answer).await;
                let failure = if status.is_success() { None } else { Some("status") };
                Answer { status: Some(status.as_u16()), failure, retry_after, took: begun.elapsed(), words }
            }
            Err(error) => nothing(word(&error)),
        }
    }
}

fn word(error: &reqwest::Error) -> &'static str {
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        if one.is::<NotPublic>() {
            return "address";
        }
        cause = one.source();
    }
    if error.is_timeout() { "timeout" } else { "unreachable" }
}

/// A number of seconds, or a moment.
fn retry_after(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<i64>() {
        Ok(seconds) => Duration::seconds(seconds),
        Err(_) => OffsetDateTime::parse(&text.replace("GMT", "+0000"), &Rfc2822).ok()? - now,
    };
    Some(wait).filter(|wait| wait.is_positive())
}

/// What came is somebody else's text: one line of letters, and not much of it.
async fn beginning(mut answer: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MOST_BYTES {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(MOST_BYTES - bytes.len())]),
            _ => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let is_odd = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let plain: String = text.chars().map(|letter| if is_odd(letter) { ' ' } else { letter }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(KEPT).collect()
}

/// Names that lead into our own network lead nowhere; what was looked at is what is connected to.
struct Public;

#[derive(Debug, thiserror::Error)]
#[error("no public address")]
struct NotPublic;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|one| is_public(one.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// The vector that the specification's own libraries are tested with.
    #[test]
    fn a_signature_is_as_the_specification_says() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("Base64");
        let signature = signed(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_endpoint_and_version_has_its_own_secret() {
        let master = MasterKey::from_hex(&"0b".repeat(32)).expect("64 digits");
        let (one, other) = (WebhookEndpointId::new(), WebhookEndpointId::new());
        let text = |tenant, endpoint, version| Secret::of(&master, TenantId(tenant), endpoint, version).to_text();
        let own = text(1, one, 1);
        assert_eq!(own, text(1, one, 1));
        for other in [text(2, one, 1), text(1, other, 1), text(1, one, 2)] {
            assert_ne!(own, other);
        }
        assert_eq!(own.len(), "whsec_".len() + 44);
    }

    /// Where nobody's webhook leads, however it is written.
    const INNER: [&str; 33] = [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0.0.0.0/",
        "https://0.1.2.3/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://100.100.100.200/",
        "https://192.0.0.192/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[ff02::1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[2002:a00:1::]/",
        "https://[2001:0:a00:1::]/",
        "https://localhost/",
        "https://localhost./",
        "https://metadata.google.internal/",
    ];

    #[test]
    fn no_address_leads_into_our_own_network() {
        let hooks = Hooks::new(false).expect("a client");
        for url in INNER {
            assert_eq!(hooks.check(url), Err(BadUrl::Private), "{url}");
        }
        for (url, why) in [
            ("http://example.com/", BadUrl::NotSecure),
            ("https://user@example.com/", BadUrl::Credentials),
            ("https://user:word@example.com/", BadUrl::Credentials),
            ("ftp://example.com/", BadUrl::NotAUrl),
            ("file:///etc/passwd", BadUrl::NotAUrl),
            ("example.com", BadUrl::NotAUrl),
            ("", BadUrl::NotAUrl),
            ("http://localhost:8080/", BadUrl::Private),
        ] {
            assert_eq!(hooks.check(url), Err(why), "{url}");
        }
        for url in [
            "https://example.com/",
            "https://example.com:8443/a?b=c",
            "https://93.184.216.34/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(hooks.check(url).is_ok(), "{url}");
        }
        assert!(hooks.check(&format!("https://example.com/{}", "a".repeat(LONGEST))).is_err());
    }

    #[test]
    fn where_they_are_allowed_ones_own_addresses_are_and_plain_text_only_on_the_machine() {
        let hooks = Hooks::new(true).expect("a client");
        for (url, is_good) in [
            ("http://127.0.0.1:9000/", true),
            ("http://localhost:9000/", true),
            ("https://10.0.0.1/", true),
            ("http://10.0.0.1/", false),
            ("http://example.com/", false),
            ("http://user@localhost/", false),
        ] {
            assert_eq!(hooks.check(url).is_ok(), is_good, "{url}");
        }
    }

    /// A name that looked harmless when it was typed: what counts is where it leads when something goes there.
    #[tokio::test]
    async fn a_name_that_leads_here_is_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let client = Hooks::new(false).expect("a client").client;
        let error = client.post(format!("https://localhost:{port}/")).send().await.expect_err("refused");
        assert_eq!(word(&error), "address");
        let knocked = tokio::time::timeout(Wait::from_millis(50), listener.accept()).await;
        assert!(knocked.is_err(), "somebody connected");
    }

    #[test]
    fn a_receiver_says_when_to_come_again_in_seconds_or_by_the_clock() {
        let now = datetime!(2026-11-24 12:00 UTC);
        let after = |text: &str| {
            let headers = [(RETRY_AFTER, text.parse().expect("a header"))].into_iter().collect();
            retry_after(&headers, now)
        };
        assert_eq!(after("120"), Some(Duration::minutes(2)));
        assert_eq!(after("Tue, 24 Nov 2026 12:05:00 GMT"), Some(Duration::minutes(5)));
        for bad in ["0", "-5", "soon", "", "Tue, 24 Nov 2026 11:00:00 GMT"] {
            assert_eq!(after(bad), None, "{bad}");
        }
    }
}
