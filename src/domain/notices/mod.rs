//! Notices: what people may be told, by which way it goes, how urgent it is, and what is said unless somebody chose otherwise.
pub mod bounces;
mod catalogue;
mod lanes;
mod recipients;
pub mod sms;
mod states;

pub use catalogue::{CATALOGUE, Event, Told};
pub use lanes::{Channel, Lane, Urgency, urgency};
pub use recipients::ways;
pub use states::{Fate, MessageState, masked};
