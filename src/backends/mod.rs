//! What we lean on: everything that may be slow, silent or away, each an enum with an embedded and a production form.
//! Knows the domain's names only: no rows, no tenants' files, no pages.
pub mod bus;
pub mod clock;
pub mod documents;
mod folder;
pub mod hasher;
pub mod identity;
pub mod keys;
pub mod mail;
pub mod passkeys;
mod redis;
pub mod sessions;
pub mod sms;
pub mod throttle;
pub mod totp;
pub mod unsubscribe;
pub mod webhooks;

pub use redis::{RedisLine, redis_line};
