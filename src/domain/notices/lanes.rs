//! The lanes of the outbox: one for each tenant, channel and urgency. Who is served next is decided between lanes, so one supplier's
//! half a million notices stand in their own lane and not before another's new password.
use crate::domain::ids::TenantId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Mail,
    Sms,
    Letter,
    Webhook,
    /// What concerns many at once, before it becomes their messages.
    Spread,
}

impl Channel {
    pub const ALL: [Channel; 5] = [Channel::Mail, Channel::Sms, Channel::Letter, Channel::Webhook, Channel::Spread];

    pub fn key(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
            Channel::Letter => "letter",
            Channel::Webhook => "webhook",
            Channel::Spread => "spread",
        }
    }

    pub fn parse(text: &str) -> Option<Channel> {
        Self::ALL.into_iter().find(|one| one.key() == text)
    }
}

/// What goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody waits for it at the screen, or should know at once that their log-in changed.
    Security,
    /// The answer to something a person did.
    Errand,
    /// What many are told at once.
    Notice,
    /// What nobody misses for an hour.
    Offer,
}

impl Urgency {
    pub const ALL: [Urgency; 4] = [Urgency::Security, Urgency::Errand, Urgency::Notice, Urgency::Offer];

    /// Sent in small numbers and at once; the others in batches.
    pub fn is_urgent(self) -> bool {
        self <= Urgency::Errand
    }
}

/// By its name; whatever is not listed answers an errand.
pub fn urgency(kind: &str) -> Urgency {
    const SECURITY: [&str; 20] = [
        "access_code",
        "access_activation",
        "account_closed",
        "bank_changed",
        "customer_link",
        "email_changed",
        "email_confirm",
        "factor_on",
        "factor_off",
        "login_email_changed",
        "login_email_confirm",
        "login_phone_changed",
        "new_sign_in",
        "password_changed",
        "password_forgotten",
        "proof_code",
        "proof_link",
        "recovery_code_used",
        "registration_link",
        "staff_factor",
    ];
    const NOTICE: [&str; 8] = [
        "settlement_issued",
        "invoice_",
        "payment_",
        "reading_prompt",
        "reading_reminder",
        "reading_window",
        "outage_",
        "contract_expiring",
    ];
    match kind {
        kind if SECURITY.contains(&kind) || kind.starts_with("passkey_") => Urgency::Security,
        kind if NOTICE.iter().any(|one| kind.starts_with(one)) => Urgency::Notice,
        kind if kind.starts_with("bonus_") => Urgency::Offer,
        _ => Urgency::Errand,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane {
    pub tenant: TenantId,
    pub channel: Channel,
    pub urgency: Urgency,
}

impl Lane {
    pub fn of(tenant: TenantId, channel: Channel, kind: &str) -> Lane {
        Lane { tenant, channel, urgency: urgency(kind) }
    }

    /// As the database orders them.
    pub fn number(self) -> i64 {
        i64::from(self.tenant.0) * 64 + self.channel as i64 * 8 + self.urgency as i64
    }

    pub fn parse(number: i64) -> Option<Lane> {
        let tenant = TenantId(i32::try_from(number.div_euclid(64)).ok()?);
        let rest = usize::try_from(number.rem_euclid(64)).ok()?;
        Some(Lane { tenant, channel: *Channel::ALL.get(rest / 8)?, urgency: *Urgency::ALL.get(rest % 8)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_its_number() {
        for tenant in [0, 1, 8, 1_000_000] {
            for channel in Channel::ALL {
                for urgency in Urgency::ALL {
                    let lane = Lane { tenant: TenantId(tenant), channel, urgency };
                    assert_eq!(Lane::parse(lane.number()), Some(lane));
                    assert_eq!(Channel::parse(channel.key()), Some(channel));
                }
            }
        }
        assert_eq!(Lane::parse(64 + 7), None);
        assert_eq!(Lane::parse(64 + 5 * 8), None);
    }

    #[test]
    fn a_new_password_goes_before_an_outage_and_that_before_an_offer() {
        let order = ["password_forgotten", "request_received", "outage_planned", "bonus_expiring"].map(urgency);
        assert_eq!(order, Urgency::ALL);
    }
}
