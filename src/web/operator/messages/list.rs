//! The list: newest first, narrowed by channel, state, kind, customer and day; pages go on from the last id.
use super::{looked, named, state_words, why};
use crate::data::{KeptMessage, MessageFilter};
use crate::domain::features::{Action, Role};
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, MessageState, masked};
use crate::web::kit::access::encode;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{Date, Duration, Time};
use uuid::Uuid;

const ROWS: u64 = 30;
/// Letters of a kind or a customer's number that are looked at.
const MOST_LETTERS: usize = 40;

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    done: String,
}

impl Wanted {
    /// The address of the list with one of its filters changed.
    fn href(&self, base: &str, name: &str, value: &str) -> String {
        let own = [
            ("channel", &self.channel),
            ("state", &self.state),
            ("kind", &self.kind),
            ("customer", &self.customer),
            ("day", &self.day),
        ];
        let pairs = own.iter().map(|(key, kept)| (*key, if *key == name { value } else { kept.as_str() }));
        let pairs = pairs.chain((name == "before").then_some(("before", value)));
        let pairs: Vec<String> = pairs
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("{key}={}", encode(value)))
            .collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{base}/operator/messages{mark}{}", pairs.join("&"))
    }
}

#[derive(Serialize)]
struct List {
    done: String,
    channels: Vec<Choice>,
    states: Vec<Choice>,
    /// The kind it is narrowed to, and the list without that.
    kind: String,
    every_kind: String,
    channel: String,
    state: String,
    customer: String,
    day: String,
    /// The desk knows of no such customer.
    is_nobody: bool,
    has_messages: bool,
    messages: Table,
    older: String,
    first: String,
    letters: String,
    /// Everything that was given up may be tried again from here.
    can_retry: bool,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    href: String,
    is_current: bool,
}

pub(super) async fn list(operator: Operator, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let short = |text: &str| text.trim().chars().take(MOST_LETTERS).collect::<String>();
    let wanted = Wanted { kind: short(&wanted.kind), customer: short(&wanted.customer), ..wanted };
    let (channel, state) = (Channel::parse(&wanted.channel), MessageState::parse(&wanted.state));
    let day = day_of(&wanted.day);
    let tx = operator.db.read().await?;
    let person = match wanted.customer.as_str() {
        "" => None,
        number => match named(&operator, &tx, number).await {
            Ok(person) => Some(person),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    let is_nobody = person.is_none() && (!wanted.customer.is_empty() || operator.role == Role::Representative);
    let filter = MessageFilter {
        channel,
        state,
        kind: Some(wanted.kind.clone()).filter(|kind| !kind.is_empty()),
        customer: person.as_ref().map(|person| person.id),
        from: day.map(|day| page.instant(day, Time::MIDNIGHT)),
        until: day.map(|day| page.instant(day + Duration::DAY, Time::MIDNIGHT)),
        before: Uuid::try_parse(&wanted.before).ok().map(MessageId),
        limit: ROWS + 1,
    };
    let mut messages = if is_nobody { Vec::new() } else { tx.kept_messages(&filter).await? };
    tx.commit().await?;
    if let Some(person) = &person {
        looked(&operator, person.id).await?;
    }
    let is_cut = messages.len() > ROWS as usize;
    messages.truncate(ROWS as usize);
    let last = messages.last().filter(|_| is_cut).map(|last| last.id.to_string());
    let base = page.base();
    let choice = |name: &str, key: &str, label: String, is_current| Choice {
        label,
        href: wanted.href(base, name, key),
        is_current,
    };
    let all = |name: &str, is_current| choice(name, "", page.t("filter-all"), is_current);
    let shown = [Channel::Mail, Channel::Sms, Channel::Letter];
    let by_channel = shown.map(|one| choice("channel", one.key(), channel_words(page, one), channel == Some(one)));
    let by_state = MessageState::ALL.map(|one| choice("state", one.key(), state_words(page, one), state == Some(one)));
    let view = List {
        done: if wanted.done == "retried" { page.t("messages-retried") } else { String::new() },
        channels: std::iter::once(all("channel", channel.is_none())).chain(by_channel).collect(),
        states: std::iter::once(all("state", state.is_none())).chain(by_state).collect(),
        every_kind: wanted.href(base, "kind", ""),
        older: last.map(|id| wanted.href(base, "before", &id)).unwrap_or_default(),
        first: if wanted.before.is_empty() { String::new() } else { wanted.href(base, "", "") },
        letters: format!("{base}/operator/messages/letters"),
        can_retry: state == Some(MessageState::GivenUp)
            && !messages.is_empty()
            && operator.role != Role::Representative
            && page.has_any(super::FEATURES, Action::Change),
        has_messages: !messages.is_empty(),
        messages: table(page, &messages),
        is_nobody,
        kind: wanted.kind,
        channel: channel.map(|one| one.key().to_owned()).unwrap_or_default(),
        state: state.map(|one| one.key().to_owned()).unwrap_or_default(),
        customer: wanted.customer,
        day: day.map(|day| day.to_string()).unwrap_or_default(),
    };
    page.show("operator/messages.html", &view)
}

pub(super) fn channel_words(page: &Page, channel: Channel) -> String {
    page.t(&format!("channel-{}", channel.key()))
}

/// A day an operator could mean.
fn day_of(text: &str) -> Option<Date> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    (2000..=2199).contains(&day.year()).then_some(day)
}

fn table(page: &Page, messages: &[KeptMessage]) -> Table {
    let columns = ["messages-subject", "messages-when", "messages-channel", "messages-to", "messages-state"];
    let mut table = Table::new(page, "desk-messages-title", &columns);
    for one in messages {
        let subject = subject(page, one);
        let state = Cell::tag(state_words(page, one.state), one.state.tone());
        table.push([
            Cell::link(subject, format!("{}/operator/messages/{}", page.base(), one.id)),
            Cell::of(page.moment(one.sent_at.unwrap_or(one.created_at))),
            Cell::of(channel_words(page, one.channel)),
            Cell::of(masked(one.channel, &one.recipient)),
            if one.state == MessageState::GivenUp { state.note(why(page, one)) } else { state },
        ]);
    }
    table
}

/// A text has no subject but its words; what waits has neither yet.
pub(super) fn subject(page: &Page, one: &KeptMessage) -> String {
    const SHORT: usize = 60;
    let words = if one.subject.is_empty() { one.body_text.lines().next().unwrap_or_default() } else { &one.subject };
    match words {
        "" => page.t("messages-not-yet"),
        words if words.chars().count() > SHORT => format!("{}…", words.chars().take(SHORT).collect::<String>()),
        words => words.to_owned(),
    }
}
