//! The public home page: what can be settled here, that it costs nothing, and the way in.
use crate::domain::features::Feature;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(&[], "/").get(show)]
}

#[derive(Serialize)]
struct Errand {
    label: String,
    icon: &'static str,
}

#[derive(Serialize)]
struct Home {
    errands: Vec<Errand>,
    has_login: bool,
    has_registration: bool,
    has_help: bool,
    has_electricity: bool,
    has_gas: bool,
    has_bonus: bool,
    has_contract: bool,
    has_outages: bool,
    is_signed_in: bool,
    username: String,
    next: String,
}

/// What a visitor is told they can do here; each shown only where the contract has it.
const ERRANDS: [(Feature, &str, &str); 10] = [
    (Feature::InfoSupplyPoints, "errand-supply-points", "meter"),
    (Feature::InfoMeterReadings, "errand-readings", "meter"),
    (Feature::InfoConsumptionHistory, "errand-consumption", "chart"),
    (Feature::InfoInvoiceOverview, "errand-invoices", "invoice"),
    (Feature::InfoSettlements, "errand-settlements", "invoice"),
    (Feature::InfoAdvanceSchedule, "errand-advances", "calendar"),
    (Feature::InfoPaymentOverview, "errand-payments", "wallet"),
    (Feature::DocumentInvoicePdfDownload, "errand-pdf", "download"),
    (Feature::InfoUsefulLinks, "errand-links", "link"),
    (Feature::InfoCustomerAccount, "errand-account", "user"),
];

async fn show(visitor: Visitor) -> Result<Response, Error> {
    visitor.page.show("portal/home.html", &home(&visitor.page))
}

fn home(page: &Page) -> Home {
    let tenant = page.tenant();
    let errands = ERRANDS
        .iter()
        .filter(|(feature, _, _)| tenant.has(*feature))
        .map(|(_, label, icon)| Errand { label: page.t(label), icon })
        .collect();
    Home {
        errands,
        has_login: tenant.has(Feature::LoginWithCredentials),
        has_registration: super::login::has_registration(page),
        has_help: tenant.has(Feature::PortalHelp),
        has_electricity: tenant.has(Feature::CommodityElectricity),
        has_gas: tenant.has(Feature::CommodityGas),
        has_bonus: tenant.has(Feature::BonusProgramme),
        has_contract: tenant.has(Feature::ContractCreateOnline),
        has_outages: tenant.has(Feature::OutageAlertPlanned),
        is_signed_in: page.is_signed_in(),
        username: String::new(),
        next: String::new(),
    }
}
