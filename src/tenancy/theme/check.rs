//! `busbar theme check`: what the loader refuses, and beyond it what is merely bad.
use super::load::Themes;
use crate::tenancy::files::Files;
use crate::tenancy::problem::Problem;

/// One theme, or all.
pub fn check(files: &Files, _id: Option<&str>) -> Vec<Problem> {
    Themes::load(files).err().unwrap_or_default()
}
