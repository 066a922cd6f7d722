//! What every face leans on: the way in, the guards, pages, forms, errors. No page of its own.
pub mod access;
pub mod chart;
pub mod chrome;
pub mod cookies;
pub mod csrf;
pub mod doors;
pub mod entry;
pub mod error;
pub mod format;
pub mod guard;
pub mod page;
pub mod qr;
pub mod revisions;
pub mod services;
pub mod slices;
pub mod staff;
