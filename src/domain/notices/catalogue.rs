//! The catalogue: every event somebody may be told of, the feature it belongs to, and by which way it is told unless they chose otherwise.
use super::Channel;
use crate::domain::features::Feature;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    Security,
    RequestState,
    InvoiceIssued,
    InvoiceDue,
    InvoiceOverdue,
    PaymentReceived,
    PaymentFailed,
    ReadingWindow,
    Outage,
    ContractExpiring,
    Bonus,
}

/// What the catalogue says of one event. In the portal it can always be read again.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub event: Event,
    pub key: &'static str,
    /// Any one of these must be on; empty: every supplier tells it.
    pub features: &'static [Feature],
    pub mail: bool,
    pub sms: bool,
    /// Somebody may say no. Of what happens to a log-in everybody is told.
    pub is_choice: bool,
}

const fn told(event: Event, key: &'static str, features: &'static [Feature]) -> Told {
    Told { event, key, features, mail: true, sms: false, is_choice: true }
}

pub const CATALOGUE: [Told; 11] = [
    Told { is_choice: false, ..told(Event::Security, "security", &[]) },
    told(Event::RequestState, "request_state", &[]),
    told(
        Event::InvoiceIssued,
        "invoice_issued",
        &[Feature::InfoInvoiceOverview, Feature::InfoSettlements, Feature::DocumentElectronicSettlement],
    ),
    told(Event::InvoiceDue, "invoice_due", &[Feature::InfoInvoiceOverview, Feature::InfoSettlements]),
    told(Event::InvoiceOverdue, "invoice_overdue", &[Feature::InfoInvoiceOverview, Feature::InfoSettlements]),
    Told { mail: false, ..told(Event::PaymentReceived, "payment_received", &[Feature::InfoPaymentOverview]) },
    told(Event::PaymentFailed, "payment_failed", &[Feature::InfoPaymentOverview]),
    told(Event::ReadingWindow, "reading_window", &[Feature::ReadingSelfReport]),
    told(Event::Outage, "outage", &[Feature::OutageAlertPlanned]),
    told(Event::ContractExpiring, "contract_expiring", &[]),
    told(Event::Bonus, "bonus", &[Feature::BonusProgramme]),
];

impl Event {
    pub fn told(self) -> &'static Told {
        &CATALOGUE[self as usize]
    }

    pub fn key(self) -> &'static str {
        self.told().key
    }

    pub fn parse(text: &str) -> Option<Event> {
        CATALOGUE.iter().find(|one| one.key == text).map(|one| one.event)
    }
}

impl Told {
    /// What holds for somebody who chose nothing.
    pub fn is_on(&self, channel: Channel) -> bool {
        match channel {
            Channel::Mail => self.mail,
            Channel::Sms => self.sms,
            Channel::Letter | Channel::Webhook | Channel::Spread => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_stands_at_its_place_under_its_own_key() {
        for (at, one) in CATALOGUE.iter().enumerate() {
            assert_eq!(one.event as usize, at);
            assert_eq!(Event::parse(one.key), Some(one.event));
        }
    }

    #[test]
    fn of_a_log_in_everybody_is_told() {
        assert!(!Event::Security.told().is_choice && Event::Security.told().mail);
    }
}
