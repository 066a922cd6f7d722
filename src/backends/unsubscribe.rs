//! Links that stop a kind of notice without signing in: signed, not stored, good for nothing else, and valid as long as the key is.
use super::keys::{MasterKey, Purpose};
use crate::domain::ids::{AccountId, TenantId};
use crate::domain::notices::{Channel, Event};
use uuid::Uuid;

/// What a link stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub account: AccountId,
    pub event: Event,
    pub channel: Channel,
}

impl Stop {
    /// What a message says of it in its payload: `off: {account, event}`.
    pub fn of(payload: &serde_json::Value, channel: Channel) -> Option<Stop> {
        let off = payload.get("off")?;
        let account = AccountId(Uuid::try_parse(off.get("account")?.as_str()?).ok()?);
        let event = Event::parse(off.get("event")?.as_str()?)?;
        event.told().is_choice.then_some(Stop { account, event, channel })
    }

    pub fn token(self, master: &MasterKey, tenant: TenantId) -> String {
        let words = self.words();
        let signature = master.derive(tenant, Purpose::Unsubscribe).sign(words.as_bytes());
        format!("{words}.{signature}")
    }

    pub fn read(token: &str, master: &MasterKey, tenant: TenantId) -> Option<Stop> {
        let (words, signature) = token.rsplit_once('.')?;
        if !master.derive(tenant, Purpose::Unsubscribe).verify(words.as_bytes(), signature) {
            return None;
        }
        let mut parts = words.split('.');
        let (account, event, channel) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Stop {
            account: AccountId(Uuid::try_parse(account).ok()?),
            event: Event::parse(event)?,
            channel: Channel::parse(channel)?,
        })
    }

    fn words(self) -> String {
        format!("{}.{}.{}", self.account.0.simple(), self.event.key(), self.channel.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stops_what_it_says_at_its_own_supplier_and_cannot_be_altered() {
        let master = MasterKey::from_hex(&"5a".repeat(32)).expect("a key");
        let (a, b) = (TenantId(1), TenantId(2));
        let stop = Stop { account: AccountId::new(), event: Event::InvoiceDue, channel: Channel::Mail };
        let token = stop.token(&master, a);
        assert_eq!(Stop::read(&token, &master, a), Some(stop));
        assert_eq!(Stop::read(&token, &master, b), None);
        for altered in [token.replace("mail", "sms"), token.replace("invoice_due", "outage"), format!("{token}A")] {
            assert_eq!(Stop::read(&altered, &master, a), None, "{altered}");
        }
        assert_eq!(Stop::read("", &master, a), None);
    }

    #[test]
    fn nobody_stops_hearing_of_their_log_in() {
        let payload =
            |event: &str| serde_json::json!({ "off": { "account": AccountId::new().to_string(), "event": event } });
        assert!(Stop::of(&payload("outage"), Channel::Sms).is_some());
        assert_eq!(Stop::of(&payload("security"), Channel::Mail), None);
        assert_eq!(Stop::of(&serde_json::Value::Null, Channel::Mail), None);
    }
}
