//! The eight suppliers of the article of 22 September 2011: what each of their portals does, as sentences.
//! Every test names in its doc comment the feature keys it proves.
pub mod access;
mod bicorn;
mod cez;
pub mod contract;
mod eon;
mod money;
mod pp;
mod pre;
mod rwe;
mod three_e;
mod uet;

use crate::support::{Answer, Browser, TestApp, value_of};
use busbar::app::staged;

/// A supplier's portal seen by a stranger and by its first demo customer.
pub struct Portal {
    pub app: TestApp,
    pub slug: &'static str,
    pub visitor: Browser,
    pub customer: Browser,
    /// The supplier's lead, once somebody is needed at the desk: a one-time code serves once.
    clerk: Option<Browser>,
}

impl Portal {
    pub async fn of(slug: &'static str) -> Portal {
        let app = TestApp::start().await;
        let visitor = app.browser(slug);
        let customer = app.customer(slug, 0).await;
        Portal { app, slug, visitor, customer, clerk: None }
    }

    /// Of an application that stands already.
    pub fn from(app: TestApp, slug: &'static str, visitor: Browser, customer: Browser) -> Portal {
        Portal { app, slug, visitor, customer, clerk: None }
    }

    pub async fn home(&mut self) -> Answer {
        let answer = self.visitor.get("/").await;
        assert_eq!(answer.status, 200, "{}'s home page: {}", self.slug, answer.text());
        answer
    }

    /// A page of the customer's, which must be there.
    pub async fn page(&mut self, path: &str) -> Answer {
        let answer = self.customer.get(path).await;
        assert_eq!(answer.status, 200, "{} {path}: {}", self.slug, answer.text());
        answer
    }

    /// Opens the first link on `from` that starts with `start` and names an object.
    pub async fn first_detail(&mut self, from: &str, start: &str) -> Answer {
        let link = self.links(from, start).await.into_iter().find(|link| !link.ends_with("/new"));
        let link = link.unwrap_or_else(|| panic!("{}: {from} links to no {start}…", self.slug));
        self.page(&link).await
    }

    pub async fn links(&mut self, from: &str, start: &str) -> Vec<String> {
        let page = self.page(from).await;
        let mount = self.customer.mount.clone();
        let own = |link: String| link.strip_prefix(&mount).unwrap_or(&link).to_owned();
        page.links().into_iter().map(own).filter(|link| link.starts_with(start)).collect()
    }

    pub async fn says(&mut self, path: &str, words: &[&str]) {
        let text = self.page(path).await.text();
        for word in words {
            assert!(text.contains(word), "{} {path} does not say \"{word}\": {text}", self.slug);
        }
    }

    /// portal_online, portal_free_of_charge, portal_product_name, portal_own_address for one supplier.
    pub async fn is_online_free_and_under_its_own_name(&mut self, name: &str, is_free: bool) {
        let home = self.home().await;
        let text = home.text();
        assert!(text.contains(name), "{} is not under its own name: {text}", self.slug);
        for other in ["Energie24", "Virtuální obchodní kancelář", "Můj zákaznický účet", "Busbar"] {
            assert!(other == name || !text.contains(other), "{} shows {other}", self.slug);
        }
        if is_free {
            assert!(text.contains("zdarma") || text.contains("bezplat") || text.contains("bez poplatk"), "{text}");
        }
        let title = home.body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or("");
        assert!(title.contains(name), "the document's title is \"{title}\"");
        let stranger = Browser::new(self.app.entry.clone(), "nobody.localhost", "").get("/").await;
        assert_eq!(stranger.status, 421);
    }

    /// portal_linked_from_supplier_site: the log-in page opens from outside, and a way back is there.
    pub async fn is_linked_with_the_suppliers_site(&mut self) {
        assert_eq!(self.visitor.get("/login").await.status, 200);
        let url =
            self.app.services.registry.by_slug(self.slug).expect("one of the eight").document.contact.site_url.clone();
        assert!(!url.is_empty() && self.home().await.body.contains(&url), "no way back to {url}");
        assert_eq!(self.page("/dashboard").await.status, 200);
    }

    /// portal_intuitive_ui: no script is needed, and every errand is at most three steps from the dashboard.
    pub async fn works_as_an_ordinary_web_site(&mut self) {
        let dashboard = self.page("/dashboard").await;
        assert!(!dashboard.body.contains("onclick"), "needs a script");
        let mount = self.customer.mount.clone();
        for link in
            dashboard.links().into_iter().filter(|link| !link.contains("/assets/") && !link.ends_with("/logout"))
        {
            let path = link.strip_prefix(&mount).unwrap_or(&link).to_owned();
            let answer = self.customer.get(&path).await;
            assert!(matches!(answer.status, 200 | 303), "{} leads to {}", path, answer.status);
        }
    }

    /// portal_staged_new_functions: held back until a day, on from that day without a restart, in the audit, undoable.
    pub async fn lets_a_function_go_on_its_day(&mut self, feature: &str, path: &str) {
        let services = self.app.services.clone();
        let now = services.clock.now();
        let mut operator = self.app.operator(self.slug, "lead").await;
        let place = format!("/operator/features/{feature}");
        let form = operator.get(&place).await;
        let revision = value_of(&form, "revision");
        let day = |days| (now + time::Duration::days(days)).date().to_string();
        let mut fields = [("reason", "nová verze"), ("until", ""), ("revision", revision.as_str()), ("turn", "off")];
        for wrong in ["2020-01-01", "zítra"] {
            fields[1].1 = wrong;
            let again = operator.post(&place, &fields).await;
            assert!(again.status == 422 && again.body.contains(wrong) && again.body.contains("nová verze"), "{wrong}");
        }
        let in_two_days = day(2);
        fields[1].1 = &in_two_days;
        assert_eq!(operator.post(&place, &fields).await.status, 303);
        staged::let_go(&services, now).await;
        assert_eq!(self.customer.get(path).await.status, 404, "{feature} is held back");
        staged::let_go(&services, now + time::Duration::days(3)).await;
        assert_eq!(self.customer.get(path).await.status, 200, "{feature} is let go");
        let board = operator.get("/operator/features").await;
        assert!(board.text().contains(&format!("{feature} on: the day has come")), "{}", board.text());
        let newest = services.registry.by_slug(self.slug).expect("it serves").revision.to_string();
        let undo = format!("/operator/features/revisions/{newest}/undo");
        assert_eq!(operator.post(&undo, &[("revision", &newest)]).await.status, 303);
        assert_eq!(self.customer.get(path).await.status, 404, "undone");
    }

    /// Runs an errand to its receipt: the form with these entries, looked over, sent.
    pub async fn settles(&mut self, path: &str, entries: &[(&str, &str)]) -> Answer {
        let form = self.page(path).await;
        let key = value_of(&form, "key");
        let fields = |step| [entries, &[("key", key.as_str()), ("step", step), ("sure", "yes")]].concat();
        let review = self.customer.post(path, &fields("review")).await;
        assert!(
            review.status == 200 && review.text().contains("Zkontrolujte"),
            "{} {path}: {}",
            self.slug,
            review.text()
        );
        let sent = self.customer.post(path, &fields("send")).await;
        assert_eq!(sent.status, 303, "{} {path}: {}", self.slug, sent.text());
        let receipt = sent.location().strip_prefix(&self.customer.mount).unwrap_or(sent.location()).to_owned();
        assert!(receipt.starts_with("/requests/"), "{receipt}");
        self.page(&receipt).await
    }

    /// A reading of the first point of a commodity, some units above the last: the path and the entries by register.
    pub async fn next_reading(&mut self, commodity: &str, errand: &str, more: i64) -> (String, Vec<(String, String)>) {
        for link in self.links("/supply-points", "/supply-points/").await {
            let path = format!("{link}/{errand}");
            let form = self.page(&path).await;
            let is_gas = form.body.contains("name=\"m3\"");
            if is_gas != (commodity == "gas") {
                continue;
            }
            let mut entries = Vec::new();
            for register in ["vt", "nt", "m3"] {
                let hint = form.body.split(&format!("id=\"{register}-hint\">")).nth(1);
                let Some(hint) = hint.and_then(|rest| rest.split("</p>").next()) else { continue };
                let last = hint.split("Minule").nth(1).and_then(|rest| rest.split('(').next()).expect("the last state");
                let digits: String = last.replace("m³", "").chars().filter(char::is_ascii_digit).collect();
                let next = digits.parse::<i64>().expect("a state") + more;
                entries.push((register.to_owned(), next.to_string()));
            }
            entries.push(("read_on".into(), value_of(&form, "read_on")));
            return (path, entries);
        }
        panic!("{} has no {commodity}", self.slug);
    }

    /// Sends a plausible reading and sees its receipt.
    pub async fn sends_a_reading(&mut self, commodity: &str, errand: &str) -> Answer {
        let (path, mut entries) = self.next_reading(commodity, errand, 120).await;
        let form = self.page(&path).await;
        let key = value_of(&form, "key");
        let mut fields: Vec<(&str, &str)> =
            entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([("key", key.as_str()), ("step", "review")]);
        let doubts = self.customer.post(&path, &fields).await.text();
        // What is usual depends on how long ago the last reading was; where 120 is odd, the page says what is not.
        for (name, value) in &mut entries {
            let label = if name == "m3" { "m³" } else { &name.to_uppercase() };
            let doubt = doubts.split(&format!("{label}: vychází spotřeba 120")).nth(1);
            let usual = doubt.and_then(|rest| rest.split("obvykle tu bývá ").nth(1)).map(|rest| {
                let digits = rest.chars().take_while(|letter| letter.is_ascii_digit() || letter.is_whitespace());
                digits.filter(char::is_ascii_digit).collect::<String>().parse::<i64>().expect("a number")
            });
            if let Some(usual) = usual {
                *value = (value.parse::<i64>().expect("a state") - 120 + usual).to_string();
            }
        }
        let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.settles(&path, &entries).await
    }

    pub async fn is_not_offered(&mut self, path: &str) {
        assert_eq!(self.customer.get(path).await.status, 404, "{} offers {path}", self.slug);
    }
}
