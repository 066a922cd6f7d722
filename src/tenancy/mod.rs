//! Who is served: tenants, hosts, policies and themes. Files become immutable snapshots; nothing here knows rows, requests or the clock.
pub mod check;
mod compiler;
mod document;
mod files;
#[cfg(test)]
mod fixtures;
pub mod format;
mod hosts;
#[cfg(test)]
mod hosts_table;
mod lang;
mod policy;
mod problem;
mod reader;
mod registry;
mod tenant;
mod theme;
pub mod wording;

pub use compiler::Compiler;
pub use document::{
    Alias, AliasMode, Commodities, Company, Contact, Document, HostRules, Locale, Outbound, Parameters, Payment,
    Processing, Request, SecretRef, StaffLogin,
};
pub use files::Files;
pub use hosts::{RequestTarget, Resolution};
pub use lang::{Lang, Localized};
pub use policy::{Contract, DecisionTable, Explanation, Gate, PolicyFiles, Toggle};
pub use problem::{Problem, nearest};
pub use registry::Registry;
pub use tenant::{Content, Origin, Tenant, TenantState};
pub use theme::{Arg, Asset, COLOURS, Colour, Density, FontFace, Mark, Palette, Theme, ThemeError, Themes, Tokens};
