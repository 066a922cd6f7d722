//! The accessibility statement (Act 424/2023 Coll.), open to anybody: what is kept, what is not, whom to tell.
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(&[], "/accessibility").get(show)]
}

#[derive(Serialize)]
struct Statement<'a> {
    phone: &'a str,
    email: &'a str,
}

async fn show(visitor: Visitor) -> Result<Response, Error> {
    let page = &visitor.page;
    let contact = &page.tenant().document.contact;
    page.show("portal/accessibility.html", &Statement { phone: &contact.phone, email: &contact.email })
}
