//! A gateway of text messages: one request for one text or for many. A batch it refuses is halved until the texts it does not like are alone,
//! so one bad number stops nobody else's message.
use super::super::mail::Error;
use super::Text;
use super::template::Template;
use futures_util::StreamExt;
use futures_util::stream;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Longest a gateway may take over one request, and over all that were handed over together.
const PATIENCE: Duration = Duration::from_secs(10);
const IN_ALL: Duration = Duration::from_secs(18);
/// Requests under way at once.
const WIDTH: usize = 8;
const MOST_TEXTS: usize = 1000;
/// Bytes of an answer that are looked at, and letters of a receipt.
const LONGEST_ANSWER: usize = 1 << 20;
const LONGEST_RECEIPT: usize = 100;
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How one gateway is spoken to.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    pub url: String,
    pub content_type: String,
    pub headers: BTreeMap<String, String>,
    /// What is said of one text; see [`Template`].
    pub body: String,
    /// Texts in one request; with more than one the body is an array.
    pub batch: usize,
    /// JSON pointers into the answer: where the list of answers to a batch stands, and in each (or in the answer to one text) its name for
    /// the text and why it does not take it.
    pub answers: String,
    pub receipt: String,
    pub refused: String,
}

#[derive(Debug)]
pub struct Gateway {
    client: reqwest::Client,
    spoken: Spoken,
    template: Template,
}

type Answer = Result<Option<String>, Error>;

/// Why a request was not taken.
enum No {
    /// What was in it.
    Refused(String),
    /// The gateway itself.
    Away(Error),
}

impl Gateway {
    pub fn new(spoken: Spoken) -> Result<Gateway, String> {
        reqwest::Url::parse(&spoken.url).map_err(|error| format!("sms.url: {error}"))?;
        let template = Template::parse(&spoken.content_type, &spoken.body)?;
        if !(1..=MOST_TEXTS).contains(&spoken.batch) {
            return Err(format!("sms.batch is {}, must be 1 to {MOST_TEXTS}", spoken.batch));
        }
        if spoken.batch > 1 && matches!(template, Template::Form(_)) {
            return Err("sms.batch is more than 1, and a form carries one text".into());
        }
        // Tried again in another company a text is known by its own id alone.
        if spoken.batch > 1 && !spoken.body.contains("{id}") {
            return Err("sms.batch is more than 1, and sms.body has no {id} by which a text is known again".into());
        }
        for (key, pointer) in [("answers", &spoken.answers), ("receipt", &spoken.receipt), ("refused", &spoken.refused)]
        {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(format!("sms.{key} is \"{pointer}\", must be a JSON pointer such as /id"));
            }
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &spoken.headers {
            // Not the value itself: it may be a secret.
            let wrong = || format!("sms.headers.{name} is not a header");
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?, value);
        }
        let kind = HeaderValue::from_str(&spoken.content_type).map_err(|_| "sms.content_type is not a header")?;
        headers.insert(CONTENT_TYPE, kind);
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(WIDTH)
            .default_headers(headers)
            .build();
        Ok(Gateway { client: client.map_err(|error| error.to_string())?, spoken, template })
    }

    pub fn at_once(&self) -> usize {
        (self.spoken.batch * WIDTH * 4).min(MOST_TEXTS)
    }

    /// One answer for each text, in their order.
    pub async fn send(&self, texts: &[Text]) -> Vec<Answer> {
        let until = Instant::now() + IN_ALL;
        let away = OnceLock::new();
        let sending: Vec<_> = texts.chunks(self.spoken.batch).map(|batch| self.halving(batch, until, &away)).collect();
        let answers: Vec<Vec<Answer>> = stream::iter(sending).buffered(WIDTH).collect().await;
        answers.into_iter().flatten().collect()
    }

    /// A batch; when it is refused, each half of it. Once the gateway is away nothing more is tried.
    async fn halving(&self, texts: &[Text], until: Instant, away: &OnceLock<Error>) -> Vec<Answer> {
        let mut answers: Vec<Answer> = vec![Err(Error::Later("not begun".into())); texts.len()];
        let mut waiting: Vec<std::ops::Range<usize>> = std::iter::once(0..texts.len()).collect();
        while let Some(range) = waiting.pop() {
            if let Some(error) = away.get() {
                answers[range].fill(Err(error.clone()));
                continue;
            }
            if Instant::now() >= until {
                continue;
            }
            match self.post(&texts[range.clone()]).await {
                Ok(said) => answers[range].iter_mut().zip(said).for_each(|(answer, said)| *answer = said),
                Err(No::Refused(_)) if range.len() > 1 => {
                    let middle = range.start + range.len() / 2;
                    waiting.extend([middle..range.end, range.start..middle]);
                }
                Err(No::Refused(why)) => answers[range].fill(Err(Error::Never(why))),
                Err(No::Away(error)) => answers[range].fill(Err(away.get_or_init(|| error).clone())),
            }
        }
        answers
    }

    async fn post(&self, texts: &[Text]) -> Result<Vec<Answer>, No> {
        let later = |error: reqwest::Error| No::Away(Error::Later(error.without_url().to_string()));
        let body = self.template.filled(texts, self.spoken.batch > 1);
        let request = self.client.post(&self.spoken.url).header("idempotency-key", key(texts)).body(body);
        let mut answer = request.send().await.map_err(later)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(match status.as_u16() {
                // These are about us, not about the text: a wrong key, a wrong address, no credit.
                401..=405 | 407..=409 | 415 | 425 | 429 => away(status, answer.headers()),
                400..=499 => No::Refused(status.to_string()),
                _ => away(status, answer.headers()),
            });
        }
        let mut bytes = Vec::new();
        // It took them; an answer that breaks off costs their names, and sends none again.
        while let Ok(Some(chunk)) = answer.chunk().await {
            if bytes.len() + chunk.len() > LONGEST_ANSWER {
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
        let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if self.spoken.batch == 1 {
            return Ok(vec![self.read(&said)]);
        }
        let each =
            said.pointer(&self.spoken.answers).and_then(Value::as_array).filter(|list| list.len() == texts.len());
        Ok(match each {
            Some(list) => list.iter().map(|one| self.read(one)).collect(),
            None => texts.iter().map(|_| Ok(None)).collect(),
        })
    }

    fn read(&self, said: &Value) -> Answer {
        let at = |pointer: &str| if pointer.is_empty() { None } else { said.pointer(pointer) };
        let is_no = |value: &Value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.is_empty(),
            Value::Number(number) => number.as_i64() != Some(0),
            _ => true,
        };
        if at(&self.spoken.refused).is_some_and(is_no) {
            return Err(Error::Never("refused by the gateway".into()));
        }
        let name = match at(&self.spoken.receipt) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Ok(name.filter(|name| !name.is_empty() && name.chars().count() <= LONGEST_RECEIPT))
    }
}

/// The same texts have the same key, however often they are sent.
fn key(texts: &[Text]) -> String {
    if let [one] = texts {
        return one.id.to_string();
    }
    let mut digest = Sha256::new();
    texts.iter().for_each(|text| digest.update(text.id.as_bytes()));
    hex::encode(digest.finalize())
}

fn away(status: reqwest::StatusCode, headers: &HeaderMap) -> No {
    let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(wait);
    No::Away(match after {
        Some(wait) => Error::Wait(wait.min(LONGEST_WAIT)),
        None => Error::Later(status.to_string()),
    })
}

/// Seconds, or a moment.
fn wait(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    Some(Duration::try_from(at - OffsetDateTime::now_utc()).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_moment() {
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn a_gateway_that_cannot_work_is_refused_and_no_secret_repeated() {
        let spoken = || Spoken {
            url: "http://127.0.0.1:1/".into(),
            content_type: "application/json".into(),
            body: r#"{"to":"{to}","text":"{text}"}"#.into(),
            batch: 1,
            ..Spoken::default()
        };
        assert!(Gateway::new(spoken()).is_ok());
        let form = Spoken {
            content_type: "application/x-www-form-urlencoded".into(),
            body: "a={to}&b={text}".into(),
            batch: 2,
            ..spoken()
        };
        let secret = BTreeMap::from([("authorization".to_owned(), "hunter2\n".to_owned())]);
        for bad in [
            Spoken { url: "gateway".into(), ..spoken() },
            Spoken { batch: 0, ..spoken() },
            Spoken { receipt: "id".into(), ..spoken() },
            Spoken { headers: secret, ..spoken() },
            form,
        ] {
            let told = Gateway::new(bad).expect_err("refused");
            assert!(told.starts_with("sms.") && !told.contains("hunter2"), "{told}");
        }
    }
}
