//! The faces put together: one table of routes for each host kind, printed by `busbar routes` and driven by the wall tests.
use crate::web::kit::chrome::Menus;
use crate::web::kit::entry::{Entry, Faces};
use crate::web::kit::services::Shared;
use crate::web::kit::slices::{self, Slice};
use crate::web::{api, operator, platform, portal};
use serde::Serialize;

/// One line of `busbar routes --json`.
#[derive(Serialize)]
pub struct Route {
    pub face: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub guard: &'static str,
    /// Any of these must be on; empty: every tenant has it.
    pub feature: Vec<&'static str>,
}

fn tenant_slices() -> Vec<Slice> {
    [portal::slices(), operator::slices(), api::slices()].into_iter().flatten().collect()
}

pub fn routes() -> Vec<Route> {
    let all = tenant_slices().into_iter().chain(platform::slices());
    all.flat_map(|slice| {
        let gate = slice.gate;
        slice.verbs.into_iter().map(move |method| Route {
            face: gate.guard.face(),
            method,
            path: gate.path,
            guard: gate.guard.name(),
            feature: gate.features.iter().map(|feature| feature.key()).collect(),
        })
    })
    .collect()
}

pub fn menus() -> Menus {
    Menus { portal: portal::MENU, operator: operator::MENU, lead: operator::LEAD_MENU, platform: platform::MENU }
}

pub fn entry(services: Shared) -> Entry {
    let faces = Faces {
        tenant: slices::router(tenant_slices()).with_state(services.clone()),
        console: slices::router(platform::slices()).with_state(services.clone()),
    };
    Entry::new(services, faces)
}
