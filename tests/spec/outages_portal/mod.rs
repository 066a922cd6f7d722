//! Outages as customers meet them: their page, who is told and how that stops, a calendar that follows them, and the public list.
mod around;
mod calendar;
mod ground;
mod off;
mod pages;

pub use ground::{Ground, coming};
