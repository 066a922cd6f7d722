//! Errands about money and technical data, as every supplier that has them must settle them.
use super::Portal;
use crate::support::{Answer, Browser, value_of};
use busbar::data::SentMessage;

pub const ACCOUNT: &str = "19-2000145399/0800";
pub const OTHER: &str = "178124-4159/0710";

/// The words of a PDF; none where poppler is not installed.
pub fn words_of(pdf: &[u8]) -> Option<String> {
    assert!(pdf.starts_with(b"%PDF-"));
    let file = Kept::new("pdf", pdf);
    let output = std::process::Command::new("pdftotext").args(["-layout"]).arg(&file.0).arg("-").output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).replace('\u{a0}', " ");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Well-formed, and right to the standard's own schema, where both the tool and the schema are there.
pub fn is_isdoc(xml: &[u8]) {
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/isdoc/xsd/isdoc-invoice-6.0.2.xsd");
    let file = Kept::new("isdoc", xml);
    let mut check = std::process::Command::new("xmllint");
    check.args(["--noout", "--nonet"]);
    if schema.exists() {
        check.arg("--schema").arg(&schema);
    }
    let Ok(output) = check.arg(&file.0).output() else {
        println!("SKIPPED: xmllint is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file for a tool to look at, gone afterwards.
struct Kept(std::path::PathBuf);

impl Kept {
    fn new(ending: &str, bytes: &[u8]) -> Kept {
        let name = format!("busbar-{}-{:x}.{ending}", std::process::id(), bytes.as_ptr() as usize);
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder is writable");
        Kept(path)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

impl Portal {
    pub fn password(&self) -> String {
        let tenant = self.app.book.tenants.iter().find(|tenant| tenant.slug == self.slug).expect("one of the eight");
        tenant.customers[0].password.clone()
    }

    /// Fills a form in and looks it over: the page with the button that sends.
    pub async fn look_over(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let key = value_of(&self.page(path).await, "key");
        let answer = self.post_step(path, fields, &key, "review").await;
        assert_eq!(answer.status, 200, "{} {path}: {}", self.slug, answer.text());
        answer
    }

    pub async fn post_step(&mut self, path: &str, fields: &[(&str, &str)], key: &str, step: &str) -> Answer {
        let mut all = fields.to_vec();
        all.extend([("key", key), ("step", step)]);
        self.customer.post(path, &all).await
    }

    /// Sends it twice, as impatient people do: one request, whose receipt it is.
    pub async fn settle(&mut self, path: &str, fields: &[(&str, &str)], besides: &[(&str, &str)]) -> (String, Answer) {
        let key = value_of(&self.look_over(path, fields).await, "key");
        let all = [fields, besides].concat();
        let sent = self.post_step(path, &all, &key, "send").await;
        assert_eq!(sent.status, 303, "{} {path}: {}", self.slug, sent.text());
        let again = self.post_step(path, &all, &key, "send").await;
        assert_eq!((again.status, again.location()), (303, sent.location()), "{}", again.text());
        let place = sent.location().strip_prefix(&self.customer.mount).unwrap_or(sent.location()).to_owned();
        let reference = place.trim_start_matches("/requests/").split('?').next().unwrap_or_default().to_owned();
        let receipt = self.page(&place).await;
        let list = self.page("/requests").await.text();
        assert_eq!(list.matches(&reference).count(), 1, "{list}");
        (reference, receipt)
    }

    /// Typed so, it is refused with these words, and what was typed is still there.
    pub async fn refuses(&mut self, path: &str, fields: &[(&str, &str)], words: &str) {
        let before = self.links("/requests", "/requests/").await;
        let key = value_of(&self.page(path).await, "key");
        let answer = self.post_step(path, fields, &key, "send").await;
        assert_eq!(answer.status, 422, "{fields:?}: {}", answer.text());
        assert!(answer.text().contains(words), "{fields:?} not \"{words}\": {}", answer.text());
        for (_, value) in fields.iter().filter(|(name, _)| *name != "password") {
            assert!(answer.body.contains(value), "{value} was lost: {}", answer.body);
        }
        assert_eq!(self.links("/requests", "/requests/").await, before, "{fields:?} was kept");
    }

    pub async fn messages(&self, kind: &str) -> Vec<SentMessage> {
        let all = self.app.services.db.platform().sent_messages(50).await.expect("the outbox is readable");
        all.into_iter().filter(|message| message.kind == kind).collect()
    }

    async fn clerk(&mut self) -> &mut Browser {
        if self.clerk.is_none() {
            self.clerk = Some(self.app.operator(self.slug, "lead").await);
        }
        self.clerk.as_mut().expect("somebody is at the desk")
    }

    /// The clerk's page of a request.
    pub async fn clerk_sees(&mut self, reference: &str, words: &[&str], never: &[&str]) {
        let operator = self.clerk().await;
        let text = operator.get(&format!("/operator/requests/{reference}")).await.text();
        for word in words {
            assert!(text.contains(word), "the clerk does not see \"{word}\": {text}");
        }
        for word in never {
            assert!(!text.contains(word), "the clerk sees \"{word}\": {text}");
        }
    }

    pub async fn clerk_does(&mut self, reference: &str, act: &str) {
        let operator = self.clerk().await;
        let path = format!("/operator/requests/{reference}");
        let version = value_of(&operator.get(&path).await, "version");
        let answer = operator.post(&path, &[("act", act), ("version", &version), ("words", "v pořádku")]).await;
        assert_eq!(answer.status, 303, "{act}: {}", answer.text());
    }

    /// Action and feature of the newest line of the audit.
    pub async fn newest_audit(&self) -> (String, String) {
        let db = self.app.services.db.tenant(self.app.services.registry.by_slug(self.slug).expect("it serves").id);
        let tx = db.read().await.expect("readable");
        let line = tx.audit_trail(1, None).await.expect("readable").remove(0);
        tx.commit().await.expect("readable");
        (line.action, line.feature.unwrap_or_default())
    }

    /// The paper of a request says what its page says.
    pub async fn is_confirmed_on_paper(&mut self, reference: &str, words: &[&str]) {
        let link = format!("/requests/{reference}/pdf");
        assert!(self.page(&format!("/requests/{reference}")).await.body.contains(&link), "no link to the paper");
        let paper = self.page(&link).await;
        assert_eq!(paper.header("content-type"), "application/pdf");
        let Some(text) = words_of(&paper.bytes) else { return };
        for word in words.iter().chain(&[reference]) {
            assert!(text.contains(word), "the paper does not say \"{word}\": {text}");
        }
        let mut other = self.app.customer(self.slug, 1).await;
        assert_eq!(other.get(&link).await.status, 404, "another customer's");
    }

    /// change_bank_details
    pub async fn changes_bank_details_safely(&mut self) {
        let path = "/account/bank";
        for (typed, words) in [
            ("2000145398/0800", "Číslo účtu nesouhlasí"),
            ("4278-727558021/0100", "Předčíslí účtu nesouhlasí"),
            ("CZ6508000000192000145398", "IBAN nesouhlasí"),
            ("DE89370400440532013000", "jen české účty"),
            ("2000145399", "ve tvaru"),
            ("19-2000145399/08", "čtyři číslice"),
        ] {
            self.refuses(path, &[("account", typed)], words).await;
        }
        self.refuses(path, &[("account", ACCOUNT), ("password", "není to ono")], "Heslo nesouhlasí").await;
        self.refuses(path, &[("account", ACCOUNT)], "Zadejte heslo").await;
        assert_eq!(self.messages("bank_changed").await.len(), 0);
        let password = self.password();
        let iban = [("account", "CZ65 0800 0000 1920 0014 5399")];
        let review = self.look_over(path, &iban).await;
        assert!(review.text().contains("…5399/0800") && review.body.contains("type=\"password\""), "{}", review.text());
        let (reference, receipt) = self.settle(path, &iban, &[("password", &password)]).await;
        assert!(receipt.text().contains("…5399/0800") && !receipt.text().contains(ACCOUNT), "{}", receipt.text());
        self.clerk_sees(&reference, &["…5399/0800"], &[ACCOUNT]).await;
        let told = self.messages("bank_changed").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].recipient.contains('@'));
        self.is_confirmed_on_paper(&reference, &["…5399/0800", "Bankovní spojení"]).await;
        self.says("/account", &[ACCOUNT]).await;
        // A bank nobody knows is asked about, and a clerk looks at it.
        let unknown = [("account", "7894/9999")];
        let review = self.look_over(path, &unknown).await;
        assert!(review.text().contains("Banku s kódem 9999 neznáme"), "{}", review.text());
        let (reference, _) = self.settle(path, &unknown, &[("password", &password), ("sure", "yes")]).await;
        self.says("/account", &[ACCOUNT]).await;
        self.clerk_does(&reference, "approve").await;
        self.says("/account", &["7894/9999"]).await;
        self.clerk_does(&reference, "undo").await;
        self.says("/account", &[ACCOUNT]).await;
    }

    /// change_payment_method: `is_at_once` as this supplier handles it.
    pub async fn changes_the_way_of_paying(&mut self, is_at_once: bool) {
        let path = "/account/payment-method";
        for (fields, words) in [
            ([("method", "sipo"), ("sipo", "123456789")], "má 10 číslic; zadali jste 9"),
            ([("method", "sipo"), ("sipo", "12345x7890")], "jen číslice"),
            ([("method", "direct_debit"), ("account", "2000145398/0800")], "Číslo účtu nesouhlasí"),
            ([("method", "cheque"), ("sipo", "")], "Vyberte jeden ze způsobů"),
            ([("method", "transfer"), ("sipo", "")], "Tento údaj už máte"),
        ] {
            let fields = if fields[0].1 == "cheque" { &fields[1..] } else { &fields[..] };
            self.refuses(path, fields, words).await;
        }
        let debit = [("method", "direct_debit"), ("account", OTHER)];
        let review = self.look_over(path, &debit).await.text();
        assert!(review.contains("Inkaso") || review.contains("inkaso"), "{review}");
        for word in ["…59/0710", "Platí od", "Záloha splatná"] {
            assert!(review.contains(word), "no {word}: {review}");
        }
        self.refuses(path, &[debit[0], debit[1], ("password", "není to ono")], "Heslo nesouhlasí").await;
        let password = self.password();
        let (reference, receipt) = self.settle(path, &debit, &[("password", &password)]).await;
        assert!(!receipt.text().contains(OTHER), "{}", receipt.text());
        self.clerk_sees(&reference, &["…59/0710"], &[OTHER]).await;
        assert_eq!(self.messages("bank_changed").await.len(), 1);
        if !is_at_once {
            assert!(!self.page(path).await.body.contains("value=\"direct_debit\" checked"));
            self.clerk_does(&reference, "approve").await;
        }
        assert!(self.page(path).await.body.contains("value=\"direct_debit\" checked"));
        // Every instalment to come goes with it.
        let db = self.app.services.db.tenant(self.app.services.registry.by_slug(self.slug).expect("it serves").id);
        let tx = db.read().await.expect("readable");
        let number =
            self.app.book.tenants.iter().find(|one| one.slug == self.slug).expect("it").customers[0].number.clone();
        let person = tx.find_customers(&number, 1).await.expect("readable").remove(0);
        let today = self.app.services.clock.now().date();
        let coming = tx.instalments_of(person.id, today + time::Duration::days(2)).await.expect("readable");
        tx.commit().await.expect("readable");
        let unpaid: Vec<_> = coming.iter().filter(|one| one.paid.0 == 0).collect();
        assert!(!unpaid.is_empty());
        assert!(unpaid.iter().all(|one| one.method.key() == "direct_debit"), "{unpaid:?}");
        let (reference, receipt) = self.settle(path, &[("method", "sipo"), ("sipo", "123 456 7890")], &[]).await;
        assert!(receipt.text().contains("…7890"), "{}", receipt.text());
        self.clerk_sees(&reference, &["SIPO", "…7890"], &["1234567890"]).await;
    }

    /// change_master_data_nontechnical, at a supplier that does it at once.
    pub async fn changes_record_data(&mut self) {
        let path = "/account/details";
        let form = self.page(path).await;
        for technical in ["rate", "breaker", "meter", "code"] {
            assert!(!form.body.contains(&format!("name=\"{technical}\"")), "offers {technical}");
        }
        for (fields, words) in [
            ([("name", "Jana Nová"), ("company_id", "12345678")], "IČO má osm číslic"),
            ([("name", "Jana\u{202e}Nová"), ("company_id", "")], "znaky, které nelze uložit"),
            ([("name", ""), ("company_id", "12345679")], "Vyplňte toto pole"),
        ] {
            self.refuses(path, &fields, words).await;
        }
        let (reference, receipt) = self.settle(path, &[("name", "Jana Nová-Žežulková"), ("company_id", "")], &[]).await;
        assert!(receipt.text().contains("Jana Nová-Žežulková"), "{}", receipt.text());
        self.says("/account", &["Jana Nová-Žežulková"]).await;
        self.clerk_does(&reference, "undo").await;
        assert!(!self.page("/account").await.text().contains("Jana Nová-Žežulková"));
    }

    /// The supply point's page for a rate or a breaker.
    pub async fn first_electricity(&mut self, last: &str) -> String {
        let page = self.customer.get(&format!("/{last}/change")).await;
        let mount = self.customer.mount.clone();
        let own = |link: &str| link.strip_prefix(&mount).unwrap_or(link).to_owned();
        if page.status == 303 {
            return own(page.location());
        }
        let found = page.links().iter().map(|link| own(link)).find(|link| link.ends_with(&format!("/{last}")));
        found.unwrap_or_else(|| panic!("nowhere to change the {last}: {}", page.text()))
    }

    /// info_consumption_history
    pub async fn forecasts_the_next_settlement(&mut self) {
        let page = self.page("/forecast").await;
        let text = page.text();
        for word in ["Odhad", "Podle odhadu", "Zálohy", "Kč", "kWh"] {
            assert!(text.contains(word), "no {word}: {text}");
        }
        let outcome = |amount: &str, text: &str| {
            let start = text.split(&format!("Se zálohou {amount},00 Kč: ")).nth(1).unwrap_or_else(|| panic!("{text}"));
            start.split(" Kč.").next().expect("a sentence").to_owned()
        };
        let low = self.page("/forecast?amount-0=500").await.text();
        assert!(outcome("500", &low).contains("doplatíte"), "{low}");
        let high = self.page("/forecast?amount-0=90000").await.text();
        assert!(outcome("90 000", &high).contains("vrátíme"), "{high}");
        for (typed, words) in [("dvacet", "Zadejte číslo"), ("12.345", "tečka"), ("1e308", "Zadejte číslo")] {
            let answer = self.customer.get(&format!("/forecast?amount-0={typed}")).await;
            assert!(answer.status == 422 && answer.text().contains(words), "{typed}: {}", answer.text());
            assert!(answer.body.contains(&format!("value=\"{typed}\"")), "{typed} was lost");
        }
    }

    /// info_settlements
    pub async fn says_why_it_is_more(&mut self) {
        let page = self.first_detail("/settlements", "/settlements/").await;
        let rows = page.body.split("id=\"why\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let rows = rows.unwrap_or_else(|| panic!("not said why: {}", page.text()));
        let amounts: Vec<i64> = rows
            .split("class=\"num\">")
            .skip(2)
            .filter_map(|rest| rest.split('<').next())
            .map(|text| {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let sign = if text.contains(['-', '−']) { -1 } else { 1 };
                sign * digits.parse::<i64>().unwrap_or_else(|_| panic!("{text}"))
            })
            .collect();
        assert_eq!(amounts.len(), 5, "{rows}");
        assert_eq!(amounts[..4].iter().sum::<i64>(), amounts[4], "the parts are not the whole: {rows}");
    }
}
