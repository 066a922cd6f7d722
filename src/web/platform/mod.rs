//! The platform's own face: our staff, on the console host. It sees suppliers, not their customers.
pub mod catalogue;
pub mod leads;
pub mod login;
pub mod messages;
pub mod onboard;
pub mod tenants;

use super::kit::chrome::MenuItem;
use super::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    [login::slices(), tenants::slices(), onboard::slices(), messages::slices(), catalogue::slices(), leads::slices()]
        .into_iter()
        .flatten()
        .collect()
}

pub const MENU: &[MenuItem] = &[
    MenuItem { path: "/", label: "platform-nav-tenants", icon: "list", features: &[] },
    MenuItem { path: "/onboard", label: "platform-nav-onboard", icon: "plus", features: &[] },
    MenuItem { path: "/catalogue", label: "platform-nav-catalogue", icon: "palette", features: &[] },
    MenuItem { path: "/messages", label: "platform-nav-messages", icon: "mail", features: &[] },
];
