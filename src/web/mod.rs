//! What is clicked: one face for each kind of person, and the kit they share. Faces do not import each other.
pub mod api;
pub mod kit;
pub mod operator;
pub mod platform;
pub mod portal;
