//! The specification: module path + test name say what must hold. One binary, run on both profiles.
mod browser;
mod crash;
mod data;
mod demo;
mod errands;
mod front;
mod isolation;
mod platform;
mod policies;
mod private;
mod reload;
mod sessions;
mod suppliers;
mod support;
mod switches;
mod texts;
mod walls;
