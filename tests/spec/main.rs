//! The specification: module path + test name say what must hold. One binary, run on both profiles.
mod support;
