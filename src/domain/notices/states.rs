//! What became of a message, as the desk reads it, and what was heard of it after it left.
use super::Channel;

/// What somebody said of it after it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Delivered,
    /// The network gave up.
    Undelivered,
    /// It came back.
    Bounced,
    /// Of a letter: it is on paper.
    Printed,
}

impl Fate {
    pub const ALL: [Fate; 4] = [Fate::Delivered, Fate::Undelivered, Fate::Bounced, Fate::Printed];

    pub fn key(self) -> &'static str {
        match self {
            Fate::Delivered => "delivered",
            Fate::Undelivered => "undelivered",
            Fate::Bounced => "bounced",
            Fate::Printed => "printed",
        }
    }

    pub fn parse(text: &str) -> Option<Fate> {
        Self::ALL.into_iter().find(|one| one.key() == text)
    }

    /// Whether this may be said after that: who has it, has it, whatever is said late.
    pub fn follows(self, before: Option<Fate>) -> bool {
        match (self, before) {
            (_, None) => true,
            (Fate::Delivered, Some(Fate::Undelivered)) => true,
            (_, Some(_)) => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    Waiting,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Bounced,
    /// A letter ready for paper, and one on it.
    ToPrint,
    Printed,
    GivenUp,
}

impl MessageState {
    pub const ALL: [MessageState; 9] = [
        MessageState::Waiting,
        MessageState::Sending,
        MessageState::Sent,
        MessageState::Delivered,
        MessageState::Undelivered,
        MessageState::Bounced,
        MessageState::ToPrint,
        MessageState::Printed,
        MessageState::GivenUp,
    ];

    pub fn key(self) -> &'static str {
        match self {
            MessageState::Waiting => "waiting",
            MessageState::Sending => "sending",
            MessageState::Sent => "sent",
            MessageState::Delivered => "delivered",
            MessageState::Undelivered => "undelivered",
            MessageState::Bounced => "bounced",
            MessageState::ToPrint => "to_print",
            MessageState::Printed => "printed",
            MessageState::GivenUp => "given_up",
        }
    }

    pub fn parse(text: &str) -> Option<MessageState> {
        Self::ALL.into_iter().find(|one| one.key() == text)
    }

    /// From what the outbox keeps: its own word, whether a worker holds it, what was heard of it.
    pub fn of(channel: Channel, kept: &str, is_held: bool, fate: Option<Fate>) -> MessageState {
        match (kept, fate) {
            (_, Some(Fate::Delivered)) => MessageState::Delivered,
            (_, Some(Fate::Undelivered)) => MessageState::Undelivered,
            (_, Some(Fate::Bounced)) => MessageState::Bounced,
            (_, Some(Fate::Printed)) => MessageState::Printed,
            ("failed", None) => MessageState::GivenUp,
            ("ready", None) if is_held => MessageState::Sending,
            ("ready", None) => MessageState::Waiting,
            _ if channel == Channel::Letter => MessageState::ToPrint,
            _ => MessageState::Sent,
        }
    }

    /// As it stands out in a list.
    pub fn tone(self) -> &'static str {
        match self {
            MessageState::Delivered | MessageState::Printed => "ok",
            MessageState::Undelivered | MessageState::Bounced | MessageState::GivenUp => "bad",
            MessageState::ToPrint => "warn",
            MessageState::Waiting | MessageState::Sending | MessageState::Sent => "info",
        }
    }
}

/// An address of which a list shows enough to know it again: `j•••@example.cz`, `+420 ••• ••• 456`; of a letter its first line.
pub fn masked(channel: Channel, recipient: &str) -> String {
    match channel {
        Channel::Mail => match recipient.split_once('@') {
            Some((name, host)) => format!("{}•••@{host}", name.chars().next().unwrap_or('•')),
            None => String::new(),
        },
        Channel::Sms => {
            let digits: Vec<char> = recipient.chars().filter(|letter| !letter.is_whitespace()).collect();
            let (start, end) = (digits.iter().take(4), digits.iter().skip(digits.len().saturating_sub(3).max(4)));
            format!("{} ••• ••• {}", start.collect::<String>(), end.collect::<String>())
        }
        Channel::Letter => recipient.lines().next().unwrap_or_default().to_owned(),
        Channel::Webhook | Channel::Spread => recipient.split('?').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_it_has_it_and_nothing_said_late_takes_it_away() {
        assert!(Fate::Delivered.follows(None) && Fate::Delivered.follows(Some(Fate::Undelivered)));
        for late in Fate::ALL {
            assert!(!late.follows(Some(Fate::Delivered)), "{late:?}");
            assert!(!late.follows(Some(late)), "{late:?} twice");
            assert_eq!(Fate::parse(late.key()), Some(late));
        }
    }

    #[test]
    fn states_are_told_from_what_is_kept() {
        let of = MessageState::of;
        assert_eq!(of(Channel::Mail, "ready", false, None), MessageState::Waiting);
        assert_eq!(of(Channel::Mail, "ready", true, None), MessageState::Sending);
        assert_eq!(of(Channel::Mail, "sent", true, None), MessageState::Sent);
        assert_eq!(of(Channel::Letter, "sent", false, None), MessageState::ToPrint);
        assert_eq!(of(Channel::Sms, "failed", false, None), MessageState::GivenUp);
        assert_eq!(of(Channel::Sms, "sent", false, Some(Fate::Undelivered)), MessageState::Undelivered);
        for state in MessageState::ALL {
            assert_eq!(MessageState::parse(state.key()), Some(state));
        }
    }

    #[test]
    fn a_list_shows_no_whole_address() {
        assert_eq!(masked(Channel::Mail, "jan.novak@example.cz"), "j•••@example.cz");
        assert_eq!(masked(Channel::Sms, "+420 777 123 456"), "+420 ••• ••• 456");
        assert_eq!(masked(Channel::Letter, "Jan Novák\nDlouhá 1"), "Jan Novák");
        assert_eq!(masked(Channel::Mail, ""), "");
        assert_eq!(masked(Channel::Sms, "12"), "12 ••• ••• ");
    }
}
