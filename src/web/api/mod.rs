//! The face for machines: JSON by keys that the supplier's lead makes. No cookies, no forms, no pages.
mod outages;

use super::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    outages::slices()
}
