//! What came with a form: words by the names of the fields, and files.
use super::error::Error;
use super::requests;
use axum::Form;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Typed {
    words: HashMap<String, String>,
    #[serde(skip)]
    pub files: Vec<Upload>,
}

/// A file as the browser sent it: nothing about it is known yet.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

impl Typed {
    pub fn get(&self, name: &str) -> &str {
        self.words.get(name).map_or("", String::as_str)
    }
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.words.insert(name.to_owned(), value.into());
    }
    pub fn file(&self, field: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == field)
    }
    /// The button that was pressed.
    pub fn step(&self) -> &str {
        self.get("step")
    }
    /// The button under the look-over was pressed.
    pub fn is_sent(&self) -> bool {
        self.step() == "send"
    }
    /// The form's own key; a form that came without gets one.
    pub fn key(&self) -> String {
        let key = self.get("key");
        if uuid::Uuid::try_parse(key).is_ok() { key.to_owned() } else { requests::new_key() }
    }
    /// Tells what was wished from other wishes, whatever it was before: the same form sent again has the same.
    pub fn digest(&self) -> String {
        let own = |(name, _): &(&String, &String)| {
            !["csrf", "key", "step", "sure", "why", "password"].contains(&name.as_str())
        };
        let mut pairs: Vec<_> = self.words.iter().filter(own).map(|(name, value)| format!("{name}={value}")).collect();
        pairs.sort();
        hex::encode(Sha256::digest(pairs.join("\n")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Typed, Error> {
        // The way in has bounded the body already, with more room where files may come.
        DefaultBodyLimit::disable().apply(&mut request);
        let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        if !kind.starts_with(b"multipart/form-data") {
            let form = Form::<HashMap<String, String>>::from_request(request, state).await;
            let Form(words) = form.map_err(|_| UNREADABLE)?;
            return Ok(Typed { words, files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| UNREADABLE)?;
        let mut typed = Typed::default();
        while let Some(part) = parts.next_field().await.map_err(|_| UNREADABLE)? {
            let Some(field) = part.name().map(str::to_owned) else { continue };
            let Some(name) = part.file_name().map(str::to_owned) else {
                typed.words.entry(field).or_insert(part.text().await.map_err(|_| UNREADABLE)?);
                continue;
            };
            let bytes = part.bytes().await.map_err(|_| UNREADABLE)?;
            // A file field that was left alone comes as a file without a name.
            if !(name.is_empty() && bytes.is_empty()) {
                typed.files.push(Upload { field, name, bytes });
            }
        }
        Ok(typed)
    }
}

const UNREADABLE: Error = Error::BadRequest("the form could not be read");
