//! A supplier's own system: takes what is posted, keeps it, answers as it was told to.
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Debug)]
pub enum Reply {
    /// Status with its words, further header lines, body.
    Say(&'static str, &'static str, String),
    /// Takes it and never answers.
    Nothing,
}

pub fn say(status: &'static str) -> Reply {
    Reply::Say(status, "", String::new())
}

#[derive(Clone, Debug)]
pub struct Posted {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Posted {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

pub struct Receiver {
    port: u16,
    posted: Arc<Mutex<Vec<Posted>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Receiver {
    pub async fn start(script: Vec<Reply>) -> Receiver {
        Self::start_otherwise(script, say("204 No Content")).await
    }

    pub async fn start_otherwise(script: Vec<Reply>, otherwise: Reply) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (posted, script) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(VecDeque::from(script))));
        let kept = posted.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, script, otherwise) = (kept.clone(), script.clone(), otherwise.clone());
                tokio::spawn(async move { answer(stream, &kept, &script, otherwise).await });
            }
        });
        Receiver { port, posted, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    pub fn posted(&self) -> Vec<Posted> {
        self.posted.lock().expect("a list").clone()
    }

    /// With patience.
    pub async fn waits_for(&self, count: usize) -> Vec<Posted> {
        let begun = Instant::now();
        while self.posted().len() < count && begun.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.posted()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, kept: &Mutex<Vec<Posted>>, script: &Mutex<VecDeque<Reply>>, otherwise: Reply) {
    let mut bytes = Vec::new();
    let posted = loop {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&part[..read]),
            _ => return,
        }
        if let Some(posted) = parsed(&bytes) {
            break posted;
        }
    };
    kept.lock().expect("a list").push(posted);
    let reply = script.lock().expect("a script").pop_front().unwrap_or(otherwise);
    match reply {
        Reply::Say(status, headers, body) => {
            let head =
                format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
            _ = stream.write_all(head.as_bytes()).await;
            _ = stream.write_all(body.as_bytes()).await;
        }
        Reply::Nothing => std::future::pending().await,
    }
}

/// None until all of it came.
fn parsed(bytes: &[u8]) -> Option<Posted> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    (body.len() >= length).then(|| Posted { path, headers, body: body.to_owned() })
}
