//! The demo: synthetic suppliers' customers with three years of energy life, the same for the same seed. No real person, point or account.
mod bonus;
mod content;
mod customer;
mod desk;
mod draw;
mod fill;
mod history;
mod money;
mod names;
mod outages;
pub mod paper;

pub use customer::DemoCustomer;
pub use desk::KINDS;
pub use fill::{DemoStaff, DemoTenant, Filled, Order, fill};
