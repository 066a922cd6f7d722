//! Busbar: one binary that serves many energy suppliers' customer portals.
//!
//! ```text
//! domain/    what is true       pure: no async, clock, SQL, HTTP
//! tenancy/   who is served      tenants, hosts, policies, themes: files become immutable snapshots
//! data/      what is kept       the only SQL; TenantDb is the only door to a tenant's rows
//! backends/  what we lean on    sessions, bus, throttle, mail, documents, clock: embedded | production
//! web/       what is clicked    kit · portal (customers) · operator (supplier staff) · platform (our staff)
//! jobs/      what happens unasked
//! app/       how it stands up   config, state, router, commands, demo
//! ```
//!
//! One arrow: `domain` ← `tenancy` `data` `backends` ← `web` `jobs` ← `app`. `tests/spec/walls.rs` holds it.
pub mod app;
pub mod backends;
pub mod data;
pub mod domain;
pub mod jobs;
pub mod tenancy;
pub mod web;
