//! Text to `Document`, strictly: the whole list of mistakes, or the document.
use super::access;
use super::bonus;
use super::checks;
use super::*;
use crate::domain::bank;
use crate::domain::money::Money;
use crate::domain::notices::sms;
use crate::domain::tariffs::Rate;
use crate::domain::typed;
use crate::tenancy::hosts;
use crate::tenancy::problem::Problem;
use crate::tenancy::reader::{Found, Section, Source};

const ZONES: [&str; 6] =
    ["Europe/Prague", "Europe/Bratislava", "Europe/Vienna", "Europe/Warsaw", "Europe/Berlin", "UTC"];
const CURRENCIES: [&str; 1] = ["CZK"];
pub(super) const LONGEST_NAME: usize = 80;

impl Document {
    /// `file` is only for naming the place of mistakes.
    pub fn parse(file: &str, text: &str) -> Result<Document, Vec<Problem>> {
        let source = Source::parse(file, text)?;
        let document = read(source.root());
        match (document, source.finish()) {
            (Some(document), problems) if problems.is_empty() => Ok(document),
            (_, problems) => Err(problems),
        }
    }
}

fn read(root: Section<'_>) -> Option<Document> {
    if let Some(schema) = root.required("schema", root.number("schema"))
        && schema.value != 1
    {
        root.refuse(schema.span, "E0206", format!("schema {} is unknown; this version reads schema 1", schema.value));
    }
    let slug = root.required("slug", root.text("slug"));
    if let Some(slug) = &slug
        && let Err((code, message)) = checks::slug(slug.value)
    {
        root.refuse(slug.span.clone(), code, message);
    }
    let name = shown(&root, "name");
    let portal = shown(&root, "portal");
    let theme = root.required("theme", root.text("theme"));
    let hosts = root.required("hosts", root.section("hosts")).and_then(read_hosts);
    let locale = root.required("locale", root.section("locale")).map(read_locale);
    let commodities = root.required("commodities", root.section("commodities")).map(read_commodities);
    let access = root.section("access").map(access::read).unwrap_or_default();
    let assurance = root.section("assurance").map(access::read_assurance).unwrap_or_default();
    let gift = root.section("gift").and_then(access::read_gift);
    let bonus = root.section("bonus").map(bonus::read).unwrap_or_default();
    let processing = root.section("processing").map(read_processing).unwrap_or_default();
    let parameters = root.section("parameters").map(read_parameters).unwrap_or_default();
    let contact = root.required("contact", root.section("contact")).map(read_contact);
    let company = root.section("company").map(read_company).unwrap_or_default();
    let payment = root.section("payment").map(read_payment).unwrap_or_default();
    let outbound = root.required("outbound", root.section("outbound")).map(read_outbound);
    let outages = root.section("outages").map(read_outages).unwrap_or_default();
    let staff_login = root.section("staff_login").and_then(read_staff_login);
    let breaker_prices = root.sections("breaker_prices").into_iter().filter_map(read_breaker_prices).collect();
    root.done();
    // All sections were read, so all their mistakes are told; now a missing one ends it.
    Some(Document {
        slug: slug?.value.to_owned(),
        name,
        portal,
        theme: theme?.value.to_owned(),
        hosts: hosts?,
        locale: locale?,
        commodities: commodities?,
        access,
        assurance,
        gift,
        bonus,
        processing,
        parameters,
        contact: contact?,
        company,
        payment,
        outbound: outbound?,
        outages,
        staff_login,
        breaker_prices,
    })
}

pub(super) fn shown(section: &Section<'_>, key: &'static str) -> Localized {
    let Some(found) = section.required(key, section.localized(key)) else { return Localized::default() };
    for (lang, text) in [("cs", &found.value.cs), ("en", &found.value.en)] {
        if !checks::shown(text, LONGEST_NAME) {
            let message =
                format!("\"{key}.{lang}\" must have 1 to {LONGEST_NAME} characters, none of them control characters");
            section.refuse(found.span.clone(), "E0207", message);
        }
    }
    found.value
}

fn read_hosts(section: Section<'_>) -> Option<HostRules> {
    let canonical = section.required("canonical", section.text("canonical"));
    let line = section.key_place("canonical").0;
    let canonical = canonical.and_then(|found| host(&section, &found));
    let mut aliases: Vec<Alias> = Vec::new();
    for entry in section.sections("aliases") {
        let line = entry.place(entry.span()).0;
        let name = entry.required("host", entry.text("host")).and_then(|found| host(&entry, &found));
        let mode = entry.required("mode", entry.text("mode")).and_then(|found| {
            if found.value != "redirect" {
                let message = format!("unknown alias mode \"{}\"", found.value);
                entry.add(
                    Problem::new(entry.source.file, entry.place(found.span), "E0208", message)
                        .with_help("\"redirect\" is the only one"),
                );
                return None;
            }
            Some(AliasMode::Redirect)
        });
        if let (Some(host), Some(mode)) = (name, mode) {
            if canonical.as_deref() == Some(&host) || aliases.iter().any(|alias| alias.host == host) {
                entry.refuse(entry.span(), "E0303", format!("host \"{host}\" stands twice in this file"));
            } else {
                aliases.push(Alias { host, mode, line });
            }
        }
        entry.done();
    }
    let mount = section.required("mount", section.text("mount")).map(|found| {
        if !checks::mount(found.value) {
            let message = format!("mount \"{}\" must be \"/\" or like \"/VOK\": letters, digits, - and _", found.value);
            section.refuse(found.span, "E0302", message);
        }
        found.value.trim_end_matches('/').to_owned()
    });
    section.done();
    Some(HostRules { canonical: canonical?, line, aliases, mount: mount? })
}

fn host(section: &Section<'_>, found: &Found<&str>) -> Option<String> {
    match hosts::configured_name(found.value) {
        Ok(name) => Some(name),
        Err(why) => {
            section.refuse(found.span.clone(), "E0301", format!("host \"{}\": {why}", found.value));
            None
        }
    }
}

fn read_locale(section: Section<'_>) -> Locale {
    let enabled: Vec<Lang> = section
        .required("enabled", section.texts("enabled"))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|found| one_of(&section, "language", &found, Lang::parse, Lang::ALL.map(Lang::key)))
        .collect();
    let default = section.required("default", section.text("default")).and_then(|found| {
        one_of(&section, "language", &found, Lang::parse, Lang::ALL.map(Lang::key)).map(|lang| (lang, found.span))
    });
    if let Some((lang, span)) = &default
        && !enabled.contains(lang)
    {
        section.refuse(span.clone(), "E0209", format!("the default language \"{lang}\" is not among the enabled ones"));
    }
    if (1..enabled.len()).any(|index| enabled[..index].contains(&enabled[index])) {
        section.refuse(section.span(), "E0209", "a language is enabled twice");
    }
    let listed = |key: &'static str, right: &'static [&'static str]| {
        let found = section.required(key, section.text(key));
        found
            .and_then(|found| {
                one_of(
                    &section,
                    key,
                    &found,
                    |text| right.contains(&text).then(|| text.to_owned()),
                    right.iter().copied(),
                )
            })
            .unwrap_or_default()
    };
    let locale = Locale {
        default: default.map_or(Lang::Cs, |(lang, _)| lang),
        enabled,
        currency: listed("currency", &CURRENCIES),
        timezone: listed("timezone", &ZONES),
    };
    section.done();
    locale
}

fn read_commodities(section: Section<'_>) -> Commodities {
    let flag = |key| section.required(key, section.flag(key)).is_some_and(|found| found.value);
    let commodities = Commodities { electricity: flag("electricity"), gas: flag("gas") };
    section.done();
    commodities
}

fn read_processing(section: Section<'_>) -> BTreeMap<Request, Processing> {
    let keys = || Processing::ALL.iter().map(|way| way.key());
    let mut ways = BTreeMap::new();
    for request in Request::ALL {
        let found = section.text(request.key());
        if let Some(way) = found.and_then(|found| one_of(&section, "processing", &found, Processing::parse, keys())) {
            ways.insert(*request, way);
        }
    }
    section.done();
    ways
}

fn read_parameters(section: Section<'_>) -> Parameters {
    let usual = Parameters::default();
    let number = |key: &'static str, usual: i64, least: i64, most: i64| {
        let Some(found) = section.number(key) else { return usual };
        if !(least..=most).contains(&found.value) {
            section.refuse(
                found.span,
                "E0210",
                format!("\"parameters.{key}\" is {}, must be {least} to {most}", found.value),
            );
        }
        found.value
    };
    let parameters = Parameters {
        initial_password_days: number("initial_password_days", usual.initial_password_days, 1, 365),
        reading_window_days: number("reading_window_days", usual.reading_window_days, 0, 90),
        reading_prompt_day: number("reading_prompt_day", usual.reading_prompt_day, 1, 28),
        reading_reminder_days: number("reading_reminder_days", usual.reading_reminder_days, 0, 27),
        session_idle_minutes: number("session_idle_minutes", usual.session_idle_minutes, 5, 120),
        session_hours: number("session_hours", usual.session_hours, 1, 24),
        access_after_contract_months: number(
            "access_after_contract_months",
            usual.access_after_contract_months,
            0,
            120,
        ),
    };
    section.done();
    parameters
}

fn read_contact(section: Section<'_>) -> Contact {
    let checked = |key: &'static str, found: Option<Found<&str>>, is_good: fn(&str) -> bool, wanted: &str| {
        let Some(found) = found else { return String::new() };
        if !is_good(found.value) {
            section.refuse(found.span, "E0211", format!("\"contact.{key}\" is \"{}\", must be {wanted}", found.value));
        }
        found.value.to_owned()
    };
    let needed = |key| section.required(key, section.text(key));
    let contact = Contact {
        phone: checked("phone", needed("phone"), checks::phone, "a phone number"),
        fault_line: checked("fault_line", needed("fault_line"), checks::phone, "a phone number"),
        email: checked("email", needed("email"), checks::email, "one e-mail address"),
        hours: section.localized("hours").map(|found| found.value).unwrap_or_default(),
        address: checked("address", needed("address"), |text| checks::shown(text, 200), "a postal address"),
        site_url: checked("site_url", section.text("site_url"), checks::web_address, "a web address"),
    };
    section.done();
    contact
}

fn read_company(section: Section<'_>) -> Company {
    let checked = |key: &'static str, is_good: fn(&str) -> bool, wanted: &str| {
        let Some(found) = section.text(key) else { return String::new() };
        if !is_good(found.value) {
            section.refuse(found.span, "E0217", format!("\"company.{key}\" is \"{}\", must be {wanted}", found.value));
        }
        found.value.to_owned()
    };
    let company = Company {
        company_id: checked("company_id", bank::is_company_id, "a company number (IČO): eight digits, the last checks"),
        vat_id: checked("vat_id", bank::is_vat_id, "a VAT number (DIČ): CZ and eight to ten digits"),
        register: checked("register", |text| checks::shown(text, 200), "an entry in words, 1 to 200 characters"),
    };
    section.done();
    company
}

fn read_payment(section: Section<'_>) -> Payment {
    let account = section.required("account", section.text("account")).map(|found| {
        if !checks::account(found.value) {
            let message = format!("\"payment.account\" is \"{}\", no valid Czech account number", found.value);
            section.refuse(found.span, "E0212", message);
        }
        found.value.to_owned()
    });
    section.done();
    Payment { account: account.unwrap_or_default() }
}

fn read_breaker_prices(section: Section<'_>) -> Option<BreakerPrices> {
    let day = section.required("from", section.text("from")).and_then(|found| {
        let day = typed::date(found.value).ok();
        if day.is_none() {
            section.refuse(found.span, "E0217", format!("\"{}\" is no day like 2026-01-01", found.value));
        }
        day
    });
    let rate = section.required("rate", section.text("rate")).and_then(|found| {
        let rate = Rate::find(found.value);
        if rate.is_none() {
            section.refuse(found.span, "E0217", format!("unknown distribution rate \"{}\"", found.value));
        }
        rate
    });
    let amount = |found: Found<&str>| match typed::amount(found.value) {
        Ok(amount) if amount.is_positive() => Some(amount),
        _ => {
            section.refuse(found.span, "E0217", format!("\"{}\" is no price in crowns like 256.00", found.value));
            None
        }
    };
    let months = section.required("month", section.texts("month"));
    let months: Option<Vec<Money>> = months.and_then(|all| all.into_iter().map(amount).collect());
    let bands: Option<[Money; 8]> = months.and_then(|months| {
        let count = months.len();
        let bands = months.try_into().ok();
        if bands.is_none() {
            let message = format!("\"month\" has {count} prices; a list has 8, from 3×10 A to 3×63 A");
            section.refuse(section.span(), "E0217", message);
        }
        bands
    });
    let single = section.required("ampere_over_1x25", section.text("ampere_over_1x25")).and_then(amount);
    let three = section.required("ampere_over_3x63", section.text("ampere_over_3x63")).and_then(amount);
    section.done();
    Some(BreakerPrices {
        valid_from: day?,
        rate: rate?.code.to_owned(),
        bands: bands?,
        ampere_over_single: single?,
        ampere_over_three: three?,
    })
}

fn read_outbound(section: Section<'_>) -> Outbound {
    let mail_from = section.required("mail_from", section.text("mail_from")).map(|found| {
        if !checks::email(found.value) {
            section.refuse(
                found.span,
                "E0211",
                format!("\"outbound.mail_from\" is \"{}\", must be one e-mail address", found.value),
            );
        }
        found.value.to_owned()
    });
    let smtp = section.text("smtp").and_then(|found| secret(&section, "outbound.smtp", found));
    let pace = |key: &'static str| {
        let found = section.number(key)?;
        let count = u32::try_from(found.value).ok().filter(|count| (1..=1_000_000).contains(count));
        if count.is_none() {
            section.refuse(found.span, "E0210", format!("\"outbound.{key}\" is {}, must be 1 to 1000000", found.value));
        }
        count
    };
    let (mail_per_minute, sms_per_minute) = (pace("mail_per_minute"), pace("sms_per_minute"));
    let sms_sender = section.text("sms_sender").map(|found| {
        if !sms::is_sender(found.value) {
            let wanted = "1 to 11 letters and digits without diacritics";
            let message = format!("\"outbound.sms_sender\" is \"{}\", must be {wanted}", found.value);
            section.refuse(found.span, "E0220", message);
        }
        found.value.to_owned()
    });
    let sms_letters = section.text("sms_letters").and_then(|found| {
        one_of(&section, "letters", &found, sms::Letters::parse, sms::Letters::ALL.map(sms::Letters::key))
    });
    let bounce_to = section.text("bounce_to").map(|found| {
        if !checks::email(found.value) {
            let message = format!("\"outbound.bounce_to\" is \"{}\", must be one e-mail address", found.value);
            section.refuse(found.span, "E0211", message);
        }
        found.value.to_owned()
    });
    let is_registered = section.text("letters").and_then(|found| {
        let parse = |word: &str| ["ordinary", "registered"].iter().position(|one| *one == word).map(|at| at == 1);
        one_of(&section, "kind of letters", &found, parse, ["ordinary", "registered"])
    });
    section.done();
    Outbound {
        mail_from: mail_from.unwrap_or_default(),
        smtp,
        mail_per_minute,
        sms_per_minute,
        sms_sender: sms_sender.unwrap_or_default(),
        sms_letters: sms_letters.unwrap_or_default(),
        bounce_to: bounce_to.unwrap_or_default(),
        is_registered: is_registered.unwrap_or_default(),
    }
}

fn read_outages(section: Section<'_>) -> Outages {
    let keys = || Shape::ALL.iter().map(|shape| shape.key());
    let shapes = section.texts("shapes").unwrap_or_default().into_iter();
    let shapes = shapes.filter_map(|found| one_of(&section, "shape", &found, Shape::parse, keys())).collect();
    section.done();
    Outages { shapes }
}

fn read_staff_login(section: Section<'_>) -> Option<StaffLogin> {
    let issuer = section.required("issuer", section.text("issuer")).map(|found| {
        if !checks::issuer(found.value) {
            let wanted = "an https address without ? and # (http only for this machine itself)";
            let message = format!("\"staff_login.issuer\" is \"{}\", must be {wanted}", found.value);
            section.refuse(found.span, "E0218", message);
        }
        found.value.to_owned()
    });
    let client_id = section.required("client_id", section.text("client_id")).map(|found| {
        if !checks::shown(found.value, 200) {
            section.refuse(found.span, "E0218", "\"staff_login.client_id\" must have 1 to 200 characters");
        }
        found.value.to_owned()
    });
    let client_secret = section.required("client_secret", section.text("client_secret"));
    let client_secret = client_secret.and_then(|found| secret(&section, "staff_login.client_secret", found));
    section.done();
    Some(StaffLogin { issuer: issuer?, client_id: client_id?, client_secret: client_secret? })
}

/// Where a secret is kept. What stands there instead is not repeated: it may be the secret itself.
fn secret(section: &Section<'_>, key: &str, found: Found<&str>) -> Option<SecretRef> {
    let secret = SecretRef::parse(found.value);
    if secret.is_none() {
        let message = format!("\"{key}\" must refer to a secret, not be one");
        let problem = Problem::new(section.source.file, section.place(found.span), "E0213", message);
        section.add(problem.with_help("write env:NAME or file:/path"));
    }
    secret
}

/// A word out of a closed list; anything else is refused with the nearest right one.
pub(super) fn one_of<T>(
    section: &Section<'_>,
    what: &str,
    found: &Found<&str>,
    parse: impl Fn(&str) -> Option<T>,
    right: impl IntoIterator<Item = &'static str>,
) -> Option<T> {
    let value = parse(found.value);
    if value.is_none() {
        let message = format!("unknown {what} \"{}\"", found.value);
        let problem = Problem::new(section.source.file, section.place(found.span.clone()), "E0208", message);
        section.add(problem.nearest(found.value, right));
    }
    value
}
