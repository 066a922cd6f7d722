//! The supplier's face: its operators' desk, on the tenant's own host under `/operator`.
pub mod access;
pub mod api_keys;
pub mod bonus;
pub mod branch;
pub mod contracts;
pub mod customers;
mod erasure;
pub mod features;
pub mod forms;
pub mod home;
pub mod invitation;
pub mod login;
mod messages;
pub mod outages;
pub mod provider;
pub mod reading_prompts;
pub mod requests;
pub mod signing;
pub mod staff;
pub mod terms;
pub mod visits;
pub mod webhooks;

use super::kit::chrome::MenuItem;
use super::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    [
        login::slices(),
        home::slices(),
        features::slices(),
        requests::slices(),
        access::slices(),
        branch::slices(),
        signing::slices(),
        contracts::slices(),
        customers::slices(),
        messages::slices(),
        terms::slices(),
        visits::slices(),
        outages::slices(),
        api_keys::slices(),
        forms::slices(),
        bonus::slices(),
        reading_prompts::slices(),
        staff::slices(),
        webhooks::slices(),
        invitation::slices(),
        provider::slices(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub const MENU: &[MenuItem] = &[
    MenuItem { path: "/operator", label: "operator-nav-home", icon: "home", features: &[] },
    MenuItem { path: "/operator/requests", label: "operator-nav-queue", icon: "list", features: requests::FEATURES },
    MenuItem {
        path: "/operator/customers",
        label: "operator-nav-customers",
        icon: "user",
        features: customers::FEATURES,
    },
    MenuItem {
        path: "/operator/messages",
        label: "operator-nav-messages",
        icon: "list",
        features: customers::FEATURES,
    },
    MenuItem { path: "/operator/visits", label: "operator-nav-visits", icon: "calendar", features: &[visits::FEATURE] },
    MenuItem { path: "/operator/outages", label: "operator-nav-outages", icon: "list", features: &[outages::FEATURE] },
    MenuItem { path: "/operator/forms", label: "operator-nav-forms", icon: "invoice", features: &[forms::FEATURE] },
    MenuItem { path: "/operator/bonus", label: "operator-nav-bonus", icon: "gift", features: &[bonus::FEATURE] },
    MenuItem { path: "/operator/access", label: "operator-nav-access", icon: "key", features: access::FEATURES },
    MenuItem {
        path: "/operator/signings",
        label: "operator-nav-signings",
        icon: "invoice",
        features: signing::FEATURES,
    },
    MenuItem { path: "/operator/branch", label: "operator-nav-branch", icon: "user", features: branch::FEATURES },
    MenuItem { path: "/operator/terms", label: "operator-nav-terms", icon: "list", features: terms::FEATURES },
    MenuItem { path: "/operator/features", label: "operator-nav-features", icon: "switch", features: &[] },
    MenuItem {
        path: "/operator/reading-prompts",
        label: "operator-nav-prompts",
        icon: "reading",
        features: reading_prompts::FEATURES,
    },
];

/// What the lead sees besides.
pub const LEAD_MENU: &[MenuItem] = &[
    MenuItem { path: "/operator/staff", label: "operator-nav-staff", icon: "user", features: &[] },
    MenuItem { path: "/operator/api-keys", label: "operator-nav-api-keys", icon: "key", features: api_keys::FEATURES },
    MenuItem { path: "/operator/webhooks", label: "operator-nav-webhooks", icon: "bolt", features: &[] },
];
