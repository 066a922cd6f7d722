//! What a customer's calendar may hold: each kind as long as its page is open to whoever made the address.
use crate::domain::features::{Action, Feature, Role};
use crate::tenancy::Tenant;
use crate::web::kit::access;

pub struct Kind {
    /// The word in texts.
    pub key: &'static str,
    /// Of its page: any one of them.
    features: &'static [Feature],
    /// Whoever only looks has nothing to do with it.
    is_errand: bool,
}

const fn kind(key: &'static str, features: &'static [Feature]) -> Kind {
    Kind { key, features, is_errand: false }
}

pub const OUTAGES: Kind = kind("outages", &[Feature::OutageAlertPlanned]);
pub const VISITS: Kind = kind("visits", &[Feature::BookOfficeVisit]);
pub const BILLS: Kind = kind("bills", &[Feature::InfoInvoiceOverview, Feature::InfoSettlements]);
pub const ADVANCES: Kind = kind("advances", &[Feature::InfoAdvanceSchedule]);
pub const READINGS: Kind = Kind { is_errand: true, ..kind("readings", &[Feature::ReadingSelfReport]) };
pub const CONTRACTS: Kind = kind("contracts", &[Feature::InfoSupplyPoints]);
pub const KINDS: [Kind; 6] = [OUTAGES, VISITS, BILLS, ADVANCES, READINGS, CONTRACTS];

/// Any one of these opens the calendar.
pub const FEATURES: &[Feature] = &[
    Feature::OutageAlertPlanned,
    Feature::BookOfficeVisit,
    Feature::InfoInvoiceOverview,
    Feature::InfoSettlements,
    Feature::InfoAdvanceSchedule,
    Feature::ReadingSelfReport,
    Feature::InfoSupplyPoints,
];

impl Kind {
    pub fn is_open(&self, tenant: &Tenant, role: Role) -> bool {
        let action = if self.is_errand { Action::Submit } else { Action::View };
        !(self.is_errand && role == Role::Reader) && access::any_allowed(tenant, role, self.features, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_opens_the_calendar_and_nothing_else_does() {
        let all: Vec<Feature> = KINDS.iter().flat_map(|kind| kind.features).copied().collect();
        assert_eq!(all, FEATURES);
    }
}
