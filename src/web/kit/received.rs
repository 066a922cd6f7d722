//! A form as it came, read before its handler: the gate finds its token, and where the form is refused as a whole, what was typed is
//! handed back as text to copy.
use super::error::Error;
use axum::Form;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use serde::Serialize;

const MULTIPART: &[u8] = b"multipart/form-data";
const URLENCODED: &[u8] = b"application/x-www-form-urlencoded";

/// Bounds of what is handed back.
const MOST_FIELDS: usize = 20;
const MOST_LETTERS: usize = 5_000;
/// Whatever is larger than a form without files is not held while its handler works.
const MOST_HELD: usize = 1024 * 1024;

pub struct Received {
    kind: HeaderValue,
    bytes: Bytes,
}

/// Left on a refusal for [`super::failures`]: somebody who is signed in had sent a form, and typed this.
#[derive(Clone, Debug, Default)]
pub struct HandedBack {
    pub words: Vec<Typed>,
    /// Not all of it is here.
    pub is_cut: bool,
    /// Where to prove who it is, where that was what was missing; else empty.
    pub prove: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Typed {
    pub label: String,
    pub value: String,
}

pub fn is_form(headers: &HeaderMap) -> bool {
    is_kind(headers, URLENCODED) || is_multipart(headers)
}

pub fn is_multipart(headers: &HeaderMap) -> bool {
    is_kind(headers, MULTIPART)
}

fn is_kind(headers: &HeaderMap, kind: &[u8]) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(kind))
}

impl Received {
    /// Reads the body, which the way in has bounded; the request is as good as before.
    pub async fn of(request: Request) -> Result<(Received, Request), Error> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.map_err(|_| Error::TooLarge)?;
        let kind = parts.headers.get(header::CONTENT_TYPE).cloned().unwrap_or(HeaderValue::from_static(""));
        let received = Received { kind, bytes: bytes.clone() };
        Ok((received, Request::from_parts(parts, Body::from(bytes))))
    }

    pub fn if_small(self) -> Option<Received> {
        (self.bytes.len() <= MOST_HELD).then_some(self)
    }

    /// One field as it was sent, without reading what stands behind it.
    pub async fn raw(&self, name: &str) -> Option<String> {
        if !self.kind.as_bytes().starts_with(MULTIPART) {
            let text = std::str::from_utf8(&self.bytes).ok()?;
            let mut values = text.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            return values.next().map(str::to_owned);
        }
        let mut parts = self.parts().await?;
        while let Ok(Some(part)) = parts.next_field().await {
            if part.name() == Some(name) {
                return part.text().await.ok();
            }
        }
        None
    }

    pub async fn hand_back(&self, mut response: Response) -> Response {
        let handed = hand(self.words().await);
        response.extensions_mut().insert(handed);
        response
    }

    /// Fields in the form's order; never a file.
    async fn words(&self) -> Vec<(String, String)> {
        if !self.kind.as_bytes().starts_with(MULTIPART) {
            let form = Form::<Vec<(String, String)>>::from_request(self.again(), &()).await;
            return form.map(|Form(words)| words).unwrap_or_default();
        }
        let mut words = Vec::new();
        let Some(mut parts) = self.parts().await else { return words };
        while let Ok(Some(part)) = parts.next_field().await {
            let Some(name) = part.name().filter(|_| part.file_name().is_none()).map(str::to_owned) else { continue };
            let Ok(value) = part.text().await else { break };
            words.push((name, value));
        }
        words
    }

    async fn parts(&self) -> Option<Multipart> {
        Multipart::from_request(self.again(), &()).await.ok()
    }

    fn again(&self) -> Request {
        let mut request = Request::new(Body::from(self.bytes.clone()));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert(header::CONTENT_TYPE, self.kind.clone());
        DefaultBodyLimit::disable().apply(&mut request);
        request
    }
}

fn hand(words: Vec<(String, String)>) -> HandedBack {
    let mut handed = HandedBack::default();
    for (name, value) in words.iter().filter(|(name, value)| !is_kept_back(name) && !value.trim().is_empty()) {
        if handed.words.len() == MOST_FIELDS {
            handed.is_cut = true;
            break;
        }
        handed.is_cut |= value.chars().nth(MOST_LETTERS).is_some();
        let value = value.chars().take(MOST_LETTERS).filter(|letter| !letter.is_control() || "\n\t".contains(*letter));
        handed.words.push(Typed { label: name.chars().take(80).collect(), value: value.collect() });
    }
    handed
}

/// What nobody may read over a shoulder, and what the page typed by itself: tokens, keys, versions, buttons.
fn is_kept_back(name: &str) -> bool {
    const OWN: [&str; 10] = ["step", "seen", "sequence", "revision", "version", "sure", "act", "turn", "next", "pin"];
    const SECRET: [&str; 8] = ["csrf", "key", "passw", "heslo", "code", "token", "secret", "totp"];
    let name = name.to_ascii_lowercase();
    OWN.contains(&name.as_str()) || SECRET.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(handed: &HandedBack) -> Vec<&str> {
        handed.words.iter().map(|one| one.label.as_str()).collect()
    }

    #[test]
    fn secrets_and_what_nobody_typed_are_kept_back() {
        let names =
            ["csrf", "key", "step", "password", "new_password", "totp", "access_code", "Token", "words", "empty"];
        let words = names.map(|name| (name.to_owned(), if name == "empty" { " \n" } else { "x" }.to_owned()));
        let handed = hand(words.to_vec());
        assert!(labels(&handed) == ["words"] && !handed.is_cut, "{handed:?}");
    }

    #[test]
    fn no_more_is_handed_back_than_fits_on_a_page() {
        let long = format!("a\r\nb\0{}", "ž".repeat(MOST_LETTERS));
        let handed = hand(vec![("words".into(), long)]);
        assert!(handed.is_cut && handed.words[0].value.starts_with("a\nbž"), "{handed:?}");
        assert!(handed.words[0].value.chars().count() <= MOST_LETTERS);
        let many = (0..=MOST_FIELDS).map(|at| (format!("f{at}"), "x".to_owned())).collect();
        let handed = hand(many);
        assert!(handed.is_cut && handed.words.len() == MOST_FIELDS);
    }
}
