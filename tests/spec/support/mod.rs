//! What the specification stands on: a whole Busbar on its own database, and browsers that talk to it.
pub mod app;
pub mod applicant;
pub mod authenticator;
pub mod browser;
pub mod flaky;
pub mod outage_messages;
pub mod people;
pub mod smtp;
pub mod template;
pub mod visits;

pub use app::TestApp;
pub use browser::{Answer, Browser, value_in, value_of};
pub use outage_messages::{OutageMessage, outage_messages};
pub use people::ids_of;
