//! Slices: the table of routes each face offers. The gate (guard, feature, form token) is mounted here, so no handler can forget it.
use super::access;
use super::services::Shared;
use crate::domain::features::{Action, Feature};
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};

/// Whose page it is, and who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody on a tenant's host.
    Visitor,
    /// A signed-in customer.
    Customer,
    /// The log-in page of staff: anybody on `/operator/login`.
    StaffDoor,
    /// A signed-in member of the supplier's staff.
    Operator,
    /// The log-in page of the console.
    PlatformDoor,
    /// A signed-in member of the platform's staff, on the console host.
    PlatformOperator,
    /// A machine with a key of the supplier's: no cookies, no forms.
    Key,
}

impl Guard {
    pub fn face(self) -> &'static str {
        match self {
            Guard::Visitor | Guard::Customer => "portal",
            Guard::StaffDoor | Guard::Operator => "operator",
            Guard::PlatformDoor | Guard::PlatformOperator => "platform",
            Guard::Key => "api",
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Guard::Visitor => "visitor",
            Guard::Customer => "customer",
            Guard::StaffDoor => "staff_door",
            Guard::Operator => "operator",
            Guard::PlatformDoor => "platform_door",
            Guard::PlatformOperator => "platform_operator",
            Guard::Key => "key",
        }
    }
}

/// What the gate of one path checks before any handler runs.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    pub path: &'static str,
    pub guard: Guard,
    /// Any one of these must be on; empty for pages every tenant has.
    pub features: &'static [Feature],
    /// What a safe method does, and what an unsafe one does.
    pub reads: Action,
    pub writes: Action,
    /// It concerns the log-in alone, not the customer: open to whoever is signed in, however they are known.
    pub is_own: bool,
    /// What its GET shows is there to be sent.
    pub is_form: bool,
}

/// One path of a face: its gate, its verbs, its handlers.
pub struct Slice {
    pub gate: Gate,
    pub verbs: Vec<&'static str>,
    routes: MethodRouter<Shared>,
}

impl Slice {
    fn new(guard: Guard, features: &'static [Feature], path: &'static str) -> Self {
        let (reads, writes) = (Action::View, Action::Submit);
        let gate = Gate { path, guard, features, reads, writes, is_own: false, is_form: false };
        Slice { gate, verbs: Vec::new(), routes: MethodRouter::new() }
    }
    pub fn visitor(features: &'static [Feature], path: &'static str) -> Self {
        Self::new(Guard::Visitor, features, path)
    }
    pub fn customer(features: &'static [Feature], path: &'static str) -> Self {
        Self::new(Guard::Customer, features, path)
    }
    pub fn staff_door(path: &'static str) -> Self {
        Self::new(Guard::StaffDoor, &[], path)
    }
    pub fn operator(features: &'static [Feature], path: &'static str) -> Self {
        Self::new(Guard::Operator, features, path)
    }
    pub fn platform_door(path: &'static str) -> Self {
        Self::new(Guard::PlatformDoor, &[], path)
    }
    pub fn platform(path: &'static str) -> Self {
        Self::new(Guard::PlatformOperator, &[], path)
    }
    pub fn key(features: &'static [Feature], path: &'static str) -> Self {
        Self::new(Guard::Key, features, path)
    }
    /// Reading here is not `view` but for instance `export`.
    pub fn reads(mut self, action: Action) -> Self {
        self.gate.reads = action;
        self
    }
    /// Writing here is not `submit` but for instance `approve`.
    pub fn writes(mut self, action: Action) -> Self {
        self.gate.writes = action;
        self
    }
    /// A person's own log-in: its password, its sessions, whom it looks after.
    pub fn own(mut self) -> Self {
        self.gate.is_own = true;
        self
    }
    pub fn get<H: Handler<T, Shared>, T: 'static>(self, handler: H) -> Self {
        self.on("GET", MethodFilter::GET, handler)
    }
    pub fn post<H: Handler<T, Shared>, T: 'static>(self, handler: H) -> Self {
        self.on("POST", MethodFilter::POST, handler)
    }
    fn on<H: Handler<T, Shared>, T: 'static>(mut self, verb: &'static str, filter: MethodFilter, handler: H) -> Self {
        self.verbs.push(verb);
        self.gate.is_form = self.verbs.len() > 1;
        self.routes = self.routes.on(filter, handler);
        self
    }
}

/// The router of a face: every slice behind its gate, everything else 404.
pub fn router(slices: Vec<Slice>) -> Router<Shared> {
    slices
        .into_iter()
        .fold(Router::new(), |router, slice| {
            let gate = slice.gate;
            let routes =
                slice.routes.layer(axum::middleware::from_fn(move |request, next| access::pass(gate, request, next)));
            router.route(gate.path, routes)
        })
        .fallback(access::nothing_here)
}
