//! What is true of energy supply, whoever asks: pure values and rules. No async, clock, SQL or HTTP here.
pub mod advances;
pub mod bank;
pub mod calendar;
pub mod consumption;
pub mod content;
pub mod customers;
pub mod features;
pub mod ids;
pub mod invoices;
pub mod money;
pub mod payments;
pub mod readings;
pub mod requests;
pub mod spayd;
pub mod staff;
pub mod supply_points;
pub mod typed;
