//! A mail server of our own answers: it speaks enough SMTP to be sent to, keeps what it took, and says to each message what it is told to.
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One message as the server got it.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// Headers and body, lines parted by `\n`.
    pub mail: String,
}

impl Taken {
    /// The first header of that name, without its folding.
    pub fn header(&self, name: &str) -> String {
        let head = self.mail.split("\n\n").next().unwrap_or_default().replace("\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&start));
        line.map(|line| line[start.len()..].trim().to_owned()).unwrap_or_default()
    }
}

/// What is said to a message.
#[derive(Clone, Copy, Debug)]
pub enum Say {
    Take,
    /// To its recipient.
    Refuse(&'static str),
    /// It is taken, but the line breaks before that is said.
    DropAfterData,
}

type Answer = Arc<dyn Fn(usize, &str) -> Say + Send + Sync>;

#[derive(Clone)]
pub struct MailServer {
    pub url: String,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl MailServer {
    /// `answer` gets how many messages were begun before, and the recipient.
    pub async fn start(answer: impl Fn(usize, &str) -> Say + Send + Sync + 'static) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("bound"));
        let taken: Arc<Mutex<Vec<Taken>>> = Arc::default();
        let count: Arc<Mutex<usize>> = Arc::default();
        let answer: Answer = Arc::new(answer);
        let kept = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, count, answer) = (kept.clone(), count.clone(), answer.clone());
                tokio::spawn(async move { talk(stream, kept, count, answer).await });
            }
        });
        MailServer { url, taken }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("no panic").clone()
    }
}

async fn talk(stream: TcpStream, kept: Arc<Mutex<Vec<Taken>>>, count: Arc<Mutex<usize>>, answer: Answer) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut say = async |words: &str| write.write_all(format!("{words}\r\n").as_bytes()).await.ok();
    say("220 mail.example").await?;
    let (mut from, mut to, mut verdict) = (String::new(), String::new(), Say::Take);
    while let Ok(Some(line)) = lines.next_line().await {
        let within = |line: &str| line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => say("250 mail.example").await?,
            "MAIL" => {
                from = within(&line);
                say("250 fine").await?;
            }
            "RCPT" => {
                to = within(&line);
                let nth = {
                    let mut count = count.lock().expect("no panic");
                    *count += 1;
                    *count - 1
                };
                verdict = answer(nth, &to);
                match verdict {
                    Say::Refuse(words) => say(words).await?,
                    _ => say("250 fine").await?,
                }
            }
            "DATA" => {
                say("354 go on").await?;
                let mut mail = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.push('\n');
                }
                kept.lock().expect("no panic").push(Taken { from: from.clone(), to: to.clone(), mail });
                if matches!(verdict, Say::DropAfterData) {
                    return None;
                }
                say("250 taken").await?;
            }
            "QUIT" => {
                say("221 bye").await?;
                return None;
            }
            _ => say("250 fine").await?,
        }
    }
    None
}
