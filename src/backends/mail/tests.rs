//! Mail: what the messages are made of, and what an SMTP server sees.
use super::*;
use time::macros::datetime;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

fn letter() -> Letter {
    Letter {
        id: Uuid::from_u128(0x0193_5c00_0000_7000_8000_0000_0000_0001),
        host: "portal.energie.example".into(),
        from_name: "Můj účet, s.r.o.".into(),
        from: "portal@energie.example".into(),
        to: "jiri@example.cz".into(),
        subject: "Máte nové vyúčtování – leden".into(),
        text: "Dobrý den,\nvyúčtování je připravené.\n".into(),
        html: Some("<p>Dobrý den,</p>".into()),
        language: "cs".into(),
        at: datetime!(2026-11-23 09:30 UTC),
        files: Vec::new(),
        unsubscribe: None,
        bounce_to: String::new(),
    }
}

fn raw(letter: &Letter) -> String {
    String::from_utf8(letter.message().expect("a message").formatted()).expect("ASCII")
}

#[test]
fn a_message_has_all_its_parts() {
    let raw = raw(&letter());
    for line in [
        "Message-ID: <01935c00-0000-7000-8000-000000000001@portal.energie.example>",
        "Date: Mon, 23 Nov 2026 09:30:00 +0000",
        "To: jiri@example.cz",
        "Auto-Submitted: auto-generated",
        "Content-Language: cs",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(raw.contains(line), "{line} is not in:\n{raw}");
    }
    assert!(raw.is_ascii());
    let plain = Letter { html: None, ..letter() };
    assert!(!self::raw(&plain).contains("multipart"));
}

#[test]
fn a_file_comes_with_its_name_and_whole() {
    let file =
        File { name: "smlouva-1.pdf".into(), media_type: "application/pdf".into(), bytes: b"%PDF-1.7 \xff".into() };
    let with = Letter { files: vec![file.clone()], ..letter() };
    let raw = self::raw(&with);
    for line in ["multipart/mixed", "multipart/alternative", "application/pdf", "smlouva-1.pdf", "JVBERi0xLjcg/w=="] {
        assert!(raw.contains(line), "{line} is not in:\n{raw}");
    }
    assert_eq!(raw, self::raw(&with), "sent twice it is the same message");
    assert!(self::raw(&Letter { html: None, ..with }).contains("multipart/mixed"));
    let evil = File { name: "a\r\nBcc: spy@evil.example".into(), ..file };
    assert!(matches!(Letter { files: vec![evil], ..letter() }.message(), Err(Error::Never(_))));
}

#[test]
fn sent_twice_it_is_the_same_message() {
    assert_eq!(raw(&letter()), raw(&letter()));
}

#[test]
fn no_field_can_carry_another_header() {
    let evil = "x\r\nBcc: spy@evil.example";
    let letters = [
        Letter { subject: evil.into(), ..letter() },
        Letter { from_name: evil.into(), ..letter() },
        Letter { language: evil.into(), ..letter() },
        Letter { host: evil.into(), ..letter() },
        Letter { to: format!("jan@example.cz{evil}"), ..letter() },
        Letter { from: format!("jan@example.cz{evil}"), ..letter() },
        Letter { subject: "x\u{0}y".into(), ..letter() },
    ];
    for letter in letters {
        assert!(matches!(letter.message(), Err(Error::Never(_))), "{letter:?}");
    }
    let body = Letter { text: format!("{evil}\r\n.\r\nMAIL FROM:<a@b>"), ..letter() };
    let headers = raw(&body).split("\r\n\r\n").next().expect("headers").to_owned();
    assert!(!headers.contains("Bcc"), "{headers}");
}

#[test]
fn an_address_is_one_address() {
    for good in ["jan@example.cz", "jan.novak+portal@sub.example.cz", "JAN@EXAMPLE.CZ"] {
        assert!(address(good).is_ok(), "{good}");
    }
    let long = format!("{}@example.cz", "a".repeat(250));
    for bad in [
        "",
        "jan",
        "jan@",
        "@example.cz",
        "a@b@c.cz",
        "a@x.cz,b@x.cz",
        "Jan <a@x.cz>",
        "a b@x.cz",
        "a@x.cz\n",
        "a@x.cz.",
        &long,
    ] {
        assert!(address(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_password_never_goes_to_a_distant_server_in_the_clear() {
    assert_eq!(with_tls("smtp://u:p@mail.example:587"), "smtp://u:p@mail.example:587?tls=required");
    assert_eq!(with_tls("smtp://mail.example?x=1"), "smtp://mail.example?x=1&tls=required");
    assert!(with_tls("smtp://u:p@localhost@evil.example").ends_with("?tls=required"));
    for same in [
        "smtp://localhost:2525",
        "smtp://127.0.0.1:25",
        "smtps://u:p@mail.example",
        "smtp://mail.example?tls=opportunistic",
    ] {
        assert_eq!(with_tls(same), same);
    }
    assert!(with_tls("smtp://localhost.evil.example").ends_with("?tls=required"));
}

#[tokio::test]
async fn a_folder_holds_each_message_once() {
    let dir = std::env::temp_dir().join(format!("busbar-mail-{}", Uuid::new_v4()));
    let mail = Mail::folder(&dir);
    mail.send(&letter()).await.expect("sent");
    mail.send(&letter()).await.expect("sent again");
    let files: Vec<_> = std::fs::read_dir(&dir).expect("listed").flatten().collect();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::read_to_string(files[0].path()).expect("read"), raw(&letter()));
    std::fs::remove_dir_all(&dir).expect("removed");
}

/// A server that says `answer` to RCPT and keeps what it was told.
async fn server(answer: &'static str) -> (Mail, tokio::task::JoinHandle<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("bound"));
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("called");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut heard = String::new();
        write.write_all(b"220 here\r\n").await.expect("greeted");
        let mut is_data = false;
        while let Ok(Some(line)) = lines.next_line().await {
            heard.push_str(&line);
            heard.push('\n');
            let reply = match line.as_str() {
                "." if is_data => {
                    is_data = false;
                    "250 taken"
                }
                _ if is_data => continue,
                "DATA" => {
                    is_data = true;
                    "354 go on"
                }
                line if line.starts_with("RCPT") => answer,
                line if line.starts_with("QUIT") => break,
                _ => "250 fine",
            };
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                break;
            }
            if line.starts_with("RSET") || reply == "250 taken" {
                break;
            }
        }
        heard
    });
    (Mail::smtp(&url).expect("a server"), heard)
}

#[tokio::test]
async fn an_smtp_server_gets_the_message() {
    let (mail, heard) = server("250 yes").await;
    mail.send(&letter()).await.expect("sent");
    let heard = heard.await.expect("ended");
    assert!(
        heard.contains("MAIL FROM:<portal@energie.example>") && heard.contains("RCPT TO:<jiri@example.cz>"),
        "{heard}"
    );
    assert!(heard.contains("Message-ID: <01935c00-"), "{heard}");
}

#[tokio::test]
async fn what_the_server_says_decides_whether_to_try_again() {
    let (mail, heard) = server("550 nobody here").await;
    let sent = mail.send(&Letter { bounce_to: "bounces@energie.example".into(), ..letter() }).await;
    assert!(matches!(sent, Err(Error::Nobody(_))));
    assert!(heard.await.expect("ended").contains("MAIL FROM:<bounces@energie.example>"));
    let (mail, _heard) = server("554 spam").await;
    assert!(matches!(mail.send(&letter()).await, Err(Error::Never(_))));
    let (mail, _heard) = server("535 who are you").await;
    assert!(matches!(mail.send(&letter()).await, Err(Error::Later(_))));
    for (answer, is) in [
        ("451 later", "put off"),
        ("452 4.2.2 mailbox full", "put off"),
        ("421 closing", "not sent"),
        ("550 5.1.1 no such user", "nobody"),
        ("550 5.7.1 relaying denied", "put off"),
        ("553 5.7.1 sender address not owned", "put off"),
        ("552 5.3.4 too big", "refused"),
    ] {
        let (mail, _heard) = server(answer).await;
        let said = mail.send(&letter()).await.expect_err(answer).to_string();
        assert!(said.starts_with(is), "{answer}: {said}");
    }
    let away = Mail::smtp("smtp://127.0.0.1:1").expect("an address");
    assert!(matches!(away.send(&letter()).await, Err(Error::Later(_))));
}
