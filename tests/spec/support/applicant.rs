//! Somebody with a bill in hand and no log-in: fills the form as the supplier asks it, follows what comes by mail, reads the mail as it left.
use super::{Answer, Browser, TestApp};
use base64::Engine;
use busbar::app::demo_command::BookApplicant;
use busbar::data::SentMessage;
use busbar::domain::access::Identifier;
use std::time::{Duration, Instant};

pub const EMAIL: &str = "zadatel@priklad.example";
pub const PASSWORD: &str = "sedm modrých slonů na ledě";

impl TestApp {
    pub fn applicant(&self, slug: &str) -> BookApplicant {
        let tenant = self.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        tenant.applicants.first().expect("the demo has somebody without a log-in").clone()
    }

    /// The mails of a kind that left so far, oldest first, with patience for so many: some go out after the answer.
    pub async fn mails(&self, kind: &str, count: usize) -> Vec<SentMessage> {
        let patience = Instant::now() + Duration::from_secs(10);
        loop {
            let mut sent = self.messages().await;
            sent.retain(|one| one.kind == kind && one.sent_at.is_some());
            if sent.len() >= count || Instant::now() > patience {
                sent.sort_by_key(|one| one.id);
                return sent;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Whatever goes out after an answer has gone out: a link asked for now, at a supplier of its own, has left as well. What has not left by
    /// then was not sent.
    pub async fn settles(&self) {
        let before = self.mails("password_forgotten", 0).await.len();
        let tenant = self.book.tenants.iter().find(|tenant| tenant.slug == "uet").expect("one of the eight");
        self.browser("uet").post("/password", &[("username", &tenant.customers[0].username)]).await;
        let after = self.mails("password_forgotten", before + 1).await;
        assert_eq!(after.len(), before + 1, "the control left");
    }

    /// The newest text message, as it left.
    pub async fn sms_words(&self) -> String {
        self.mails("access_code", 1).await;
        let folder = std::fs::read_dir(self.config.data.dir.join("sms")).expect("text messages lie in a folder");
        let newest = folder.flatten().map(|entry| entry.path()).max().expect("one was sent");
        std::fs::read_to_string(newest).expect("a text message").trim().to_owned()
    }

    /// The plain words of a mail as its reader has them: what is kept of it leaves out passwords.
    pub fn words_as_sent(&self, message: &SentMessage) -> String {
        if message.channel == busbar::domain::notices::Channel::Sms {
            let path = self.config.data.dir.join("sms").join(format!("{}.txt", message.id));
            let text = std::fs::read_to_string(path).expect("the text message lies in its folder");
            return text.split_once("\n\n").map_or(text.clone(), |(_, words)| words.trim().to_owned());
        }
        let path = self.config.data.dir.join("mail");
        let files = std::fs::read_dir(&path).expect("mails lie in a folder").flatten();
        let file =
            files.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains(&message.id.to_string()));
        let text = std::fs::read_to_string(file.expect("the mail lies in the folder")).expect("a mail");
        plain_part(&text)
    }
}

pub fn plain_part(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    let at = mail.find("Content-Type: text/plain").expect("a plain part");
    let (head, rest) = mail[at..].split_once("\n\n").expect("a head and a body");
    let head = format!("{}\n{head}", mail[..at].rsplit("\n\n").next().unwrap_or(""));
    let body = rest.split("\n--").next().unwrap_or(rest);
    if head.contains("base64") {
        let bytes = base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).expect("base64");
        return String::from_utf8(bytes).expect("UTF-8");
    }
    if !head.contains("quoted-printable") {
        return body.to_owned();
    }
    let body = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'=', [high, low, more @ ..]) => {
                let pair = [*high, *low];
                let text = std::str::from_utf8(&pair).expect("hexadecimal");
                bytes.push(u8::from_str_radix(text, 16).expect("hexadecimal"));
                rest = more;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// What the applicant's bill says of one thing.
pub fn on_the_bill(who: &BookApplicant, what: Identifier) -> String {
    match what {
        Identifier::CustomerNumber => &who.number,
        Identifier::Name => &who.name,
        Identifier::Postcode => &who.postcode,
        Identifier::SupplyPoint => &who.supply_point,
        Identifier::ContractNumber => &who.contract_number,
        Identifier::InvoiceNumber => &who.invoice_number,
        Identifier::InvoiceAmount => &who.invoice_amount,
        Identifier::CompanyId => "",
    }
    .to_owned()
}

/// Sends the form with these things otherwise than on the bill.
pub async fn applies(app: &TestApp, slug: &str, otherwise: &[(&str, &str)]) -> (Browser, Answer) {
    let who = app.applicant(slug);
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight");
    let mut form: Vec<(String, String)> = tenant
        .document
        .access
        .identifiers()
        .into_iter()
        .map(|what| (what.key().to_owned(), on_the_bill(&who, what)))
        .collect();
    form.push(("email".into(), EMAIL.into()));
    for (name, value) in otherwise {
        form.retain(|(field, _)| field != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    let mut browser = app.browser(slug);
    let page = browser.get("/registration").await;
    assert_eq!(page.status, 200, "{slug}: {}", page.text());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.post("/registration", &form).await;
    (browser, answer)
}

/// The path of the first link in a mail, below the portal's own address.
pub fn path_in(browser: &Browser, words: &str) -> String {
    let start = words.find("http").unwrap_or_else(|| panic!("no link: {words}"));
    let link = words[start..].split_whitespace().next().expect("a link");
    let rest = link.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    rest.strip_prefix(browser.mount.as_str()).unwrap_or(&rest).to_owned()
}

pub fn token_in(path: &str) -> String {
    path.split("token=").nth(1).expect("a token").to_owned()
}

/// What follows words on their line: `Heslo: XXXX` gives XXXX.
pub fn after<'a>(text: &'a str, words: &str) -> &'a str {
    let rest = text.split(words).nth(1).unwrap_or_else(|| panic!("no \"{words}\": {text}"));
    rest.lines().next().unwrap_or("").trim()
}

pub async fn signs_in(app: &TestApp, slug: &str, username: &str, password: &str) -> (Browser, Answer) {
    let mut browser = app.browser(slug);
    let answer = browser.post("/login", &[("username", username), ("password", password)]).await;
    (browser, answer)
}

/// Signs in with an issued password, chooses one of one's own, and is in.
pub async fn chooses_own(app: &TestApp, slug: &str, username: &str, issued: &str) {
    let (mut browser, answer) = signs_in(app, slug, username, issued).await;
    assert_eq!(answer.status, 303, "{slug}: {}", answer.text());
    let choosing = answer.location().strip_prefix(browser.mount.as_str()).unwrap_or(answer.location()).to_owned();
    assert!(choosing.starts_with("/password/new?token="), "an issued password opens nothing else: {choosing}");
    assert_eq!(browser.get("/dashboard").await.status, 303, "nothing but the choice is open");
    let token = token_in(&choosing);
    let done = browser.post("/password/new", &[("token", &token), ("new", PASSWORD)]).await;
    assert_eq!(done.status, 200, "{slug}: {}", done.text());
    let (_, again) = signs_in(app, slug, username, issued).await;
    assert_eq!(again.status, 422, "{slug}: the issued password is void");
    let (mut browser, answer) = signs_in(app, slug, username, PASSWORD).await;
    assert!(is_in(&answer), "{slug}: {}", answer.text());
    assert_eq!(browser.get("/dashboard").await.status, 200);
}

/// Signed in: on the way to the dashboard, or first to the terms of use, which a new log-in has not accepted yet.
pub fn is_in(answer: &Answer) -> bool {
    let goal = answer.location();
    answer.status == 303 && (goal.ends_with("/dashboard") || goal.contains("/account/terms?next="))
}
