//! The customer's face: one slice for each thing a customer comes for.
pub mod home;
pub mod login;

use super::kit::chrome::MenuItem;
use super::kit::slices::Slice;

/// Every route of the customer's face.
pub fn slices() -> Vec<Slice> {
    [home::slices(), login::slices()].into_iter().flatten().collect()
}

pub const MENU: &[MenuItem] = &[];
