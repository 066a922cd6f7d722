//! A browser without a window: keeps cookies by host, carries form tokens, follows nothing by itself.
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use busbar::web::kit::entry::{Entry, Peer};
use std::collections::BTreeMap;
use std::net::IpAddr;

#[derive(Clone)]
pub struct Browser {
    entry: Entry,
    pub host: String,
    pub mount: String,
    pub cookies: BTreeMap<String, String>,
    /// The token of the last page's forms.
    pub csrf: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
    pub fn location(&self) -> &str {
        self.header("location")
    }
    /// The page's words, without its tags.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut is_tag = false;
        for letter in self.body.chars() {
            match letter {
                '<' => is_tag = true,
                '>' => {
                    is_tag = false;
                    text.push(' ');
                }
                other if !is_tag => text.push(if other == '\u{a0}' || other.is_whitespace() { ' ' } else { other }),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
    /// Every local link, source and form target on the page.
    pub fn links(&self) -> Vec<String> {
        ["href=\"", "src=\"", "action=\""]
            .iter()
            .flat_map(|mark| self.body.split(mark).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|link| link.starts_with('/'))
            .map(|link| link.replace("&amp;", "&"))
            .collect()
    }
}

impl Browser {
    pub fn new(entry: Entry, host: &str, mount: &str) -> Browser {
        let mount = mount.trim_end_matches('/').to_owned();
        Browser { entry, host: host.to_owned(), mount, cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// The same browser talking to another instance.
    pub fn at(&self, entry: &Entry) -> Browser {
        Browser { entry: entry.clone(), ..self.clone() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path);
        self.send(request.body(Body::empty()).expect("a plain request")).await
    }

    /// Sends a form; the token of the last page goes with it, as a browser would send the hidden field.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut pairs: Vec<String> = form.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        if !form.iter().any(|(key, _)| *key == "csrf") && !self.csrf.is_empty() {
            pairs.push(format!("csrf={}", encode(&self.csrf)));
        }
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).expect("a plain request")).await
    }

    /// The same as `post`, from an address of one's own.
    pub async fn post_from(&mut self, peer: IpAddr, path: &str, form: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = form.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut request = request.body(Body::from(pairs.join("&"))).expect("a plain request");
        request.extensions_mut().insert(Peer(peer));
        self.send(request).await
    }

    /// Sends a form with files: field, file name, content.
    pub async fn upload(&mut self, path: &str, form: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        const PARTS: &str = "part-of-a-form";
        let mut body = Vec::new();
        let token = self.csrf.clone();
        for (name, value) in [("csrf", token.as_str())].iter().chain(form) {
            let head = format!("--{PARTS}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        for (field, name, content) in files {
            let disposition = format!("form-data; name=\"{field}\"; filename=\"{name}\"");
            let head = format!("--{PARTS}\r\nContent-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{PARTS}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={PARTS}");
        let request = self.request("POST", path).header(header::CONTENT_TYPE, kind);
        let request = request.header(header::CONTENT_LENGTH, body.len());
        self.send(request.body(Body::from(body)).expect("a plain request")).await
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.mount))
            .header(header::HOST, self.host.as_str())
            .header(header::ACCEPT_LANGUAGE, "cs");
        if !self.cookies.is_empty() {
            let line = self.cookies.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ");
            request = request.header(header::COOKIE, line);
        }
        request
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = match self.entry.at_once(&request) {
            Ok(response) => response,
            Err(visit) => self.entry.answer(visit, request).await,
        };
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the body is in memory").to_vec();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(token) = body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            self.csrf = token.to_owned();
        }
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, body }
    }
}

pub fn encode(text: &str) -> String {
    busbar::web::kit::access::encode(text)
}

/// The value a form on the page carries in a field.
pub fn value_of(page: &Answer, field: &str) -> String {
    value_in(&page.body, field)
}

/// The same, of a page that came over the wire.
pub fn value_in(body: &str, field: &str) -> String {
    let found = body.split(&format!("name=\"{field}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_else(|| panic!("no field {field}: {body}")).to_owned()
}
