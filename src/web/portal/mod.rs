//! The customer's face: one slice for each thing a customer comes for.
pub mod accessibility;
pub mod account;
pub mod advances;
mod arrival;
mod assurance;
mod bills;
mod bonus;
mod calendar;
pub mod change_address;
pub mod change_advance;
pub mod change_bank;
pub mod change_contact;
pub mod change_details;
pub mod change_payment;
pub mod change_terms;
mod choose_point;
pub mod confirm_email;
pub mod confirmation;
pub mod consumption;
mod contract;
mod customers;
pub mod dashboard;
mod documents;
mod errand;
pub mod flexible;
pub mod forecast;
pub mod forgotten;
pub mod forms;
pub mod help;
pub mod home;
mod id;
pub mod invitation;
pub mod invoices;
pub mod isdoc;
pub mod links;
pub mod login;
mod login_code;
mod notices;
mod offered;
mod opened;
mod outages;
mod overpayments;
mod passkeys;
mod pay;
pub mod payments;
mod people;
mod privacy;
mod proof;
pub mod question;
pub mod readings;
mod registration;
mod representative;
pub mod requests;
mod security;
mod self_reading;
pub mod settlements;
pub mod supply_points;
mod terms;
pub mod text_reports;
mod usage;
pub mod visits;
mod why;
pub mod words;

use super::kit::chrome::MenuItem;
use super::kit::slices::Slice;
use crate::domain::features::Feature;

/// Every route of the customer's face.
pub fn slices() -> Vec<Slice> {
    [
        home::slices(),
        login::slices(),
        login_code::slices(),
        passkeys::slices(),
        dashboard::slices(),
        supply_points::slices(),
        readings::slices(),
        consumption::slices(),
        forecast::slices(),
        invoices::slices(),
        settlements::slices(),
        overpayments::slices(),
        isdoc::slices(),
        confirmation::slices(),
        advances::slices(),
        payments::slices(),
        account::slices(),
        security::slices(),
        privacy::slices(),
        terms::slices(),
        notices::slices(),
        forgotten::slices(),
        registration::slices(),
        people::slices(),
        invitation::slices(),
        customers::slices(),
        assurance::slices(),
        links::slices(),
        help::slices(),
        accessibility::slices(),
        requests::slices(),
        self_reading::slices(),
        change_contact::slices(),
        confirm_email::slices(),
        change_address::slices(),
        change_advance::slices(),
        change_bank::slices(),
        change_payment::slices(),
        change_details::slices(),
        change_terms::slices(),
        question::slices(),
        contract::slices(),
        flexible::slices(),
        visits::slices(),
        outages::slices(),
        calendar::slices(),
        representative::slices(),
        forms::slices(),
        bonus::slices(),
        text_reports::slices(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const fn item(path: &'static str, label: &'static str, icon: &'static str, features: &'static [Feature]) -> MenuItem {
    MenuItem { path, label, icon, features }
}

pub const MENU: &[MenuItem] = &[
    item("/dashboard", "nav-dashboard", "home", &[]),
    item("/supply-points", "nav-supply-points", "meter", &[Feature::InfoSupplyPoints]),
    item("/readings", "nav-readings", "reading", &[Feature::InfoMeterReadings]),
    item("/consumption", "nav-consumption", "chart", &[Feature::InfoConsumptionHistory]),
    item("/invoices", "nav-invoices", "invoice", &[Feature::InfoInvoiceOverview]),
    item("/settlements", "nav-settlements", "invoice", &[Feature::InfoSettlements]),
    item("/advances", "nav-advances", "calendar", &[Feature::InfoAdvanceSchedule]),
    item("/requests", "nav-requests", "list", requests::FEATURES),
    item("/outages", "nav-outages", "outage", &[Feature::OutageAlertPlanned]),
    item("/payments", "nav-payments", "wallet", &[Feature::InfoPaymentOverview]),
    item("/bonus", "nav-bonus", "gift", &[Feature::BonusProgramme]),
    item("/account", "nav-account", "user", &[Feature::InfoCustomerAccount]),
    item("/links", "nav-links", "link", &[Feature::InfoUsefulLinks]),
];
