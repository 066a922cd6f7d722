//! Staff log-in: username, password and a one-time code, all on one form; one neutral sentence for anything wrong.
use crate::web::kit::access::safe_next;
use crate::web::kit::cookies::Door;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::slices::Slice;
use crate::web::kit::staff::{self, Credentials};
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::staff_door("/operator/login").get(form).post(submit),
        Slice::operator(&[], "/operator/logout").post(leave),
    ]
}

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

#[derive(Serialize)]
struct Login {
    username: String,
    error: String,
    next: String,
}

async fn form(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    if visitor.page.is_signed_in() {
        return Ok(visitor.page.go("/operator"));
    }
    let next = safe_next(wanted.next.as_deref()).unwrap_or("").to_owned();
    visitor.page.show("operator/login.html", &Login { username: String::new(), error: String::new(), next })
}

async fn submit(visitor: Visitor, Form(typed): Form<Credentials>) -> Result<Response, Error> {
    let page = &visitor.page;
    let next = safe_next(typed.next.as_deref()).unwrap_or("").to_owned();
    match staff::check(&visitor, &typed).await? {
        Ok(session) => {
            doors::let_in(page, &visitor.db, session, if next.is_empty() { "/operator" } else { &next }).await
        }
        Err(refusal) => {
            let error = doors::sentence(page, refusal);
            doors::refuse(page, refusal, "operator/login.html", Login { username: typed.username, error, next })
        }
    }
}

async fn leave(visitor: Visitor) -> Result<Response, Error> {
    doors::let_out(&visitor.page, &visitor.db, Door::Staff, "/operator/login").await
}
