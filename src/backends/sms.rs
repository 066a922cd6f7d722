//! Short messages: files in a folder, or a gateway that takes JSON by HTTP. The outbox row's id goes along as the idempotency
//! key, so that a gateway which honours it never sends one twice.
use super::letters::write_whole;
use super::mail::Error;
use std::path::PathBuf;
use std::time::Duration;
use uuid::Uuid;

/// Longest a gateway may take.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub enum Sms {
    Folder(PathBuf),
    Http { client: reqwest::Client, url: String },
}

#[derive(Clone, Debug)]
pub struct Text {
    pub id: Uuid,
    /// International form: `+420777123456`.
    pub to: String,
    pub body: String,
}

/// What the gateway said of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's own name for it.
    pub name: Option<String>,
    /// Pieces it was counted as.
    pub parts: i16,
}

impl Sms {
    pub fn folder(dir: impl Into<PathBuf>) -> Sms {
        Sms::Folder(dir.into())
    }

    /// Posts `{"to","text"}` with `Idempotency-Key`; credentials may stand in the URL.
    pub fn http(url: &str) -> Result<Sms, String> {
        let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build();
        reqwest::Url::parse(url).map_err(|error| error.to_string())?;
        Ok(Sms::Http { client: client.map_err(|error| error.to_string())?, url: url.to_owned() })
    }

    /// One answer for each text, in their order.
    pub async fn send(&self, texts: &[Text]) -> Vec<Result<Receipt, Error>> {
        let mut answers = Vec::with_capacity(texts.len());
        for text in texts {
            answers.push(self.send_one(text).await.map(|()| Receipt { name: None, parts: 1 }));
        }
        answers
    }

    async fn send_one(&self, text: &Text) -> Result<(), Error> {
        let to: String = text.to.chars().filter(|character| *character != ' ').collect();
        let digits = to.strip_prefix('+').unwrap_or("");
        if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::Never(format!("\"{}\" is not a telephone number", text.to.escape_debug())));
        }
        match self {
            Sms::Folder(dir) => {
                write_whole(dir, &format!("{}.txt", text.id), format!("{to}\n\n{}\n", text.body).into_bytes()).await
            }
            Sms::Http { client, url } => {
                let body = serde_json::json!({ "to": to, "text": text.body }).to_string();
                let request = client
                    .post(url)
                    .header("content-type", "application/json")
                    .header("idempotency-key", text.id.to_string())
                    .body(body);
                let answer = request.send().await.map_err(|error| Error::Later(error.without_url().to_string()))?;
                match answer.status() {
                    status if status.is_success() => Ok(()),
                    status if status.is_client_error() && !matches!(status.as_u16(), 401 | 403 | 408 | 409 | 429) => {
                        Err(Error::Never(status.to_string()))
                    }
                    status => Err(Error::Later(status.to_string())),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn text(to: &str) -> Text {
        Text { id: Uuid::new_v4(), to: to.into(), body: "Odstávka 12. 3. 8:00–12:00".into() }
    }

    #[tokio::test]
    async fn a_number_is_a_number() {
        let dir = std::env::temp_dir().join(format!("busbar-sms-{}", Uuid::new_v4()));
        let sms = Sms::folder(&dir);
        sms.send_one(&text("+420 777 123 456")).await.expect("sent");
        for bad in ["", "777123456", "+420abc", "+420777123456,+420777123457", "+1\n+420777123456"] {
            assert!(matches!(sms.send_one(&text(bad)).await, Err(Error::Never(_))), "{bad:?}");
        }
        assert_eq!(std::fs::read_dir(&dir).expect("listed").count(), 1);
        std::fs::remove_dir_all(&dir).expect("removed");
    }

    #[tokio::test]
    async fn a_gateway_gets_the_text_and_its_key_and_its_answer_counts() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/send", listener.local_addr().expect("bound"));
        let gateway = tokio::spawn(async move {
            let mut seen = Vec::new();
            for answer in ["200 OK", "503 Busy", "422 No"] {
                let (mut stream, _) = listener.accept().await.expect("called");
                let mut request = String::new();
                while !request.contains("}") {
                    let mut part = [0; 4096];
                    let read = stream.read(&mut part).await.expect("read");
                    request.push_str(&String::from_utf8_lossy(&part[..read]));
                }
                let reply = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(reply.as_bytes()).await.expect("answered");
                seen.push(request);
            }
            seen
        });
        let sms = Sms::http(&url).expect("a gateway");
        let first = text("+420777123456");
        assert_eq!(sms.send_one(&first).await, Ok(()));
        assert!(matches!(sms.send_one(&first).await, Err(Error::Later(_))));
        assert!(matches!(sms.send_one(&first).await, Err(Error::Never(_))));
        for request in gateway.await.expect("ended") {
            assert!(request.contains(&format!("idempotency-key: {}", first.id)), "{request}");
            assert!(request.contains(r#""to":"+420777123456""#) && request.contains("Odstávka"), "{request}");
        }
    }
}
