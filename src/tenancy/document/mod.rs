//! A tenant's document: who a supplier is, as written in `tenants/<slug>.toml` or kept by the console. What operators change at run time is not in it.
mod access;
mod bonus;
mod checks;
mod parse;
mod write;

use super::lang::{Lang, Localized};
use crate::domain::access::{Campaign, Required, Settings};
use crate::domain::bonus::Terms;
use crate::domain::notices::sms::Letters;
use crate::domain::outages::import::Shape;
use crate::domain::tariffs::BreakerPrices;
use crate::domain::words::words;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Immutable; also the domain of its policies.
    pub slug: String,
    pub name: Localized,
    /// What the supplier calls the portal; titles, mails and letters carry it.
    pub portal: Localized,
    pub theme: String,
    pub hosts: HostRules,
    pub locale: Locale,
    pub commodities: Commodities,
    /// How people come by an account; which of the ways are open the contract's features say.
    pub access: Settings,
    /// What has to be proved before what may be done.
    pub assurance: Required,
    /// What is handed over to who comes by access at a branch.
    pub gift: Option<Campaign>,
    /// What earns points, under which name, and how long they hold.
    pub bonus: Bonus,
    /// How each kind of request is handled; a kind not named is queued.
    pub processing: BTreeMap<Request, Processing>,
    pub parameters: Parameters,
    pub contact: Contact,
    pub company: Company,
    pub payment: Payment,
    pub outbound: Outbound,
    pub outages: Outages,
    /// The supplier's own identity provider, where its staff sign in; none: they have passwords of ours alone.
    pub staff_login: Option<StaffLogin>,
    /// What the distributor asks for each size of breaker, as the supplier's price list prints it; none of a rate: no price is said.
    pub breaker_prices: Vec<BreakerPrices>,
}

/// Names in their one canonical form: lower-case A-labels without port or dot at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRules {
    pub canonical: String,
    /// Line of `canonical` in the document, for naming both places of a clash.
    pub line: usize,
    pub aliases: Vec<Alias>,
    /// `` or `/VOK`: never a slash at the end.
    pub mount: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub host: String,
    pub mode: AliasMode,
    pub line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasMode {
    /// Safe requests are sent on to the canonical host; others are refused, so that no credential is replayed.
    Redirect,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    pub default: Lang,
    pub enabled: Vec<Lang>,
    /// ISO 4217.
    pub currency: String,
    /// IANA name.
    pub timezone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commodities {
    pub electricity: bool,
    pub gas: bool,
}

words! {
    /// A kind of request a customer makes.
    Request {
        Contact = "contact",
        MailingAddress = "mailing_address",
        MasterData = "master_data",
        Advance = "advance",
        PaymentMethod = "payment_method",
        BankAccount = "bank_account",
        Tariff = "tariff",
        Breaker = "breaker",
        ExtraordinarySettlement = "extraordinary_settlement",
        Reading = "reading",
        Question = "question",
        Form = "form",
        Appointment = "appointment",
        Contract = "contract",
        Access = "access",
    }
}

words! {
    /// How a request is handled.
    Processing {
        Immediate = "immediate",
        Queue = "queue",
        /// Immediate when the rules pass, else queued.
        Rules = "rules",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// An issued password that was never used dies after so many days.
    pub initial_password_days: i64,
    /// A reading may be dated so many days back.
    pub reading_window_days: i64,
    /// Readings of a month are asked for from this day of it on.
    pub reading_prompt_day: i64,
    /// And once more so many days after the first mail; 0 for never.
    pub reading_reminder_days: i64,
    pub session_idle_minutes: i64,
    pub session_hours: i64,
    /// So many months after the last contract its papers can be read; 0 to end with it.
    pub access_after_contract_months: i64,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            initial_password_days: 60,
            reading_window_days: 14,
            reading_prompt_day: 1,
            reading_reminder_days: 5,
            session_idle_minutes: 30,
            session_hours: 12,
            access_after_contract_months: 6,
        }
    }
}

/// The bonus programme; nothing earns points where the supplier says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bonus {
    /// What the supplier calls it; empty where it has no name of its own.
    pub name: Localized,
    pub terms: Terms,
}

/// Empty strings where the supplier gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub phone: String,
    /// Where an outage or a smell of gas is reported (*poruchová linka*).
    pub fault_line: String,
    pub email: String,
    pub hours: Localized,
    pub address: String,
    /// The supplier's own site, for the way back.
    pub site_url: String,
}

/// Who issues invoices, as tax documents name them. Empty strings where the supplier gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// IČO.
    pub company_id: String,
    /// DIČ.
    pub vat_id: String,
    /// Entry in the commercial register, in words.
    pub register: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Czech account number `[prefix-]number/bank`; empty when payments are not offered.
    pub account: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbound {
    pub mail_from: String,
    pub smtp: Option<SecretRef>,
    /// Most that may leave in a minute through all instances together, codes and news of log-ins apart; none: as fast as it goes.
    pub mail_per_minute: Option<u32>,
    pub sms_per_minute: Option<u32>,
    /// Shown in place of a number, up to eleven letters; empty: the gateway's own.
    pub sms_sender: String,
    pub sms_letters: Letters,
    /// The envelope's sender, where mail that cannot be delivered comes back to; empty: `mail_from`.
    pub bounce_to: String,
    /// Letters are handed in at the post office under numbers of their own.
    pub is_registered: bool,
}

/// What brings outages besides the desk and our own format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outages {
    /// What distributors publish and this supplier takes, in a file or by a call; empty: none.
    pub shapes: Vec<Shape>,
}

/// How this portal is known to the provider where a supplier's staff sign in (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLogin {
    /// As the provider itself writes it: its description is found below it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretRef,
}

/// Where a secret is kept; the secret itself is never in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// Name of an environment variable.
    Env(String),
    /// Path of a file.
    File(String),
}

impl SecretRef {
    pub fn parse(text: &str) -> Option<SecretRef> {
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match text.split_once(':') {
            Some(("env", name)) if is_name(name) => Some(SecretRef::Env(name.to_owned())),
            Some(("file", path)) if path.starts_with('/') => Some(SecretRef::File(path.to_owned())),
            _ => None,
        }
    }
}

impl std::fmt::Display for SecretRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SecretRef::Env(name) => write!(f, "env:{name}"),
            SecretRef::File(path) => write!(f, "file:{path}"),
        }
    }
}

#[cfg(test)]
mod mistakes;
