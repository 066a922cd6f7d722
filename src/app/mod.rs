//! How it stands up: configuration, state, the routers, the accept loop and the commands. Only starts things.
pub mod bounce_command;
pub mod commands;
pub mod config;
mod demo;
pub mod demo_command;
pub mod private;
pub mod reload;
pub mod router;
pub mod serve;
pub mod staff_command;
pub mod staged;
pub mod state;
