//! `Document` to canonical TOML: sections and keys in one order, so that two exports differ only where the documents do.
use super::*;
use crate::domain::access::Class;
use crate::domain::money::Money;
use std::fmt::Write;

impl Document {
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let text = |value: &str| toml_edit::Value::from(value).to_string();
        let both = |value: &Localized| format!("{{ cs = {}, en = {} }}", text(&value.cs), text(&value.en));
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        let mut line = |key: &str, value: String| {
            // Writing to a string cannot fail.
            _ = if value.is_empty() { writeln!(out, "\n[{key}]") } else { writeln!(out, "{key} = {value}") };
        };
        line("schema", "1".to_owned());
        line("slug", text(&self.slug));
        line("name", both(&self.name));
        line("portal", both(&self.portal));
        line("theme", text(&self.theme));
        line("hosts", String::new());
        line("canonical", text(&self.hosts.canonical));
        let alias = |alias: &Alias| format!("{{ host = {}, mode = \"redirect\" }}", text(&alias.host));
        line("aliases", list(self.hosts.aliases.iter().map(alias).collect()));
        line("mount", text(if self.hosts.mount.is_empty() { "/" } else { &self.hosts.mount }));
        line("locale", String::new());
        line("default", text(self.locale.default.key()));
        line("enabled", list(self.locale.enabled.iter().map(|lang| text(lang.key())).collect()));
        line("currency", text(&self.locale.currency));
        line("timezone", text(&self.locale.timezone));
        line("commodities", String::new());
        line("electricity", self.commodities.electricity.to_string());
        line("gas", self.commodities.gas.to_string());
        if self.access != Settings::default() {
            line("access", String::new());
            if !self.access.identify_by.is_empty() {
                line("identify_by", list(self.access.identify_by.iter().map(|one| text(one.key())).collect()));
            }
            if let Some(way) = self.access.password {
                line("password_delivery", text(way.key()));
            }
            if let Some(way) = self.access.username {
                line("username_delivery", text(way.key()));
            }
            if let Some(extra) = self.access.extra {
                line("extra_verification", text(extra.key()));
            }
            line("email_required", self.access.email_required.to_string());
            if !self.access.branches.is_empty() {
                line("branches", list(self.access.branches.iter().map(|one| text(one)).collect()));
            }
        }
        if let Some(gift) = &self.gift {
            line("gift", String::new());
            line("from", text(&gift.from.to_string()));
            line("to", text(&gift.to.to_string()));
            line("what", format!("{{ cs = {}, en = {} }}", text(&gift.what.0), text(&gift.what.1)));
        }
        if self.bonus != Bonus::default() {
            line("bonus", String::new());
            line("name", both(&self.bonus.name));
            line("points_for_self_reading", self.bonus.terms.self_reading.to_string());
            line("points_for_e_invoice", self.bonus.terms.e_invoice.to_string());
            line("points_for_payment_on_time", self.bonus.terms.payment_on_time.to_string());
            line("expires_after_months", self.bonus.terms.expires_after_months.to_string());
        }
        if self.assurance != Required::default() {
            line("assurance", String::new());
            for class in Class::ALL {
                if let Some(proof) = self.assurance.for_class(*class) {
                    line(class.key(), text(proof.key()));
                }
            }
        }
        if !self.processing.is_empty() {
            line("processing", String::new());
            for (request, way) in &self.processing {
                line(request.key(), text(way.key()));
            }
        }
        line("parameters", String::new());
        line("initial_password_days", self.parameters.initial_password_days.to_string());
        line("reading_window_days", self.parameters.reading_window_days.to_string());
        line("reading_prompt_day", self.parameters.reading_prompt_day.to_string());
        line("reading_reminder_days", self.parameters.reading_reminder_days.to_string());
        line("session_idle_minutes", self.parameters.session_idle_minutes.to_string());
        line("session_hours", self.parameters.session_hours.to_string());
        line("access_after_contract_months", self.parameters.access_after_contract_months.to_string());
        line("contact", String::new());
        line("phone", text(&self.contact.phone));
        line("fault_line", text(&self.contact.fault_line));
        line("email", text(&self.contact.email));
        if !self.contact.hours.is_empty() {
            line("hours", both(&self.contact.hours));
        }
        line("address", text(&self.contact.address));
        if !self.contact.site_url.is_empty() {
            line("site_url", text(&self.contact.site_url));
        }
        if self.company != Company::default() {
            line("company", String::new());
            let own = &self.company;
            for (key, value) in [("company_id", &own.company_id), ("vat_id", &own.vat_id), ("register", &own.register)]
            {
                if !value.is_empty() {
                    line(key, text(value));
                }
            }
        }
        if !self.payment.account.is_empty() {
            line("payment", String::new());
            line("account", text(&self.payment.account));
        }
        line("outbound", String::new());
        line("mail_from", text(&self.outbound.mail_from));
        if let Some(secret) = &self.outbound.smtp {
            line("smtp", text(&secret.to_string()));
        }
        for (key, pace) in
            [("mail_per_minute", self.outbound.mail_per_minute), ("sms_per_minute", self.outbound.sms_per_minute)]
        {
            if let Some(count) = pace {
                line(key, count.to_string());
            }
        }
        if !self.outbound.sms_sender.is_empty() {
            line("sms_sender", text(&self.outbound.sms_sender));
        }
        if self.outbound.sms_letters != Letters::default() {
            line("sms_letters", text(self.outbound.sms_letters.key()));
        }
        if !self.outbound.bounce_to.is_empty() {
            line("bounce_to", text(&self.outbound.bounce_to));
        }
        if self.outbound.is_registered {
            line("letters", text("registered"));
        }
        if !self.outages.shapes.is_empty() {
            line("outages", String::new());
            line("shapes", list(self.outages.shapes.iter().map(|shape| text(shape.key())).collect()));
        }
        if let Some(own) = &self.staff_login {
            line("staff_login", String::new());
            line("issuer", text(&own.issuer));
            line("client_id", text(&own.client_id));
            line("client_secret", text(&own.client_secret.to_string()));
        }
        let crowns = |amount: Money| text(&amount.czk().to_string());
        for prices in &self.breaker_prices {
            line("[breaker_prices]", String::new());
            line("from", text(&prices.valid_from.to_string()));
            line("rate", text(&prices.rate));
            line("month", list(prices.bands.map(crowns).to_vec()));
            line("ampere_over_1x25", crowns(prices.ampere_over_single));
            line("ampere_over_3x63", crowns(prices.ampere_over_three));
        }
        out
    }
}
