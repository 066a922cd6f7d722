//! Outages as customers meet them: their page, who is told and how that stops, and the public list.
mod around;
mod ground;
mod off;
mod pages;

pub use ground::{Ground, coming};
