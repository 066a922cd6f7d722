//! Staff log-in: username, password and a one-time code, all on one form; one neutral sentence for anything wrong.
use crate::web::kit::access::safe_next;
use crate::web::kit::cookies::Door;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::staff::{self, Credentials};
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
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
    /// The supplier's own provider signs its people in, too.
    has_provider: bool,
}

fn view(page: &Page, username: String, error: String, next: String) -> Login {
    Login { username, error, next, has_provider: page.tenant().document.staff_login.is_some() }
}

/// The page again, with a sentence why nobody came in.
pub fn again(page: &Page, status: StatusCode, error: String) -> Result<Response, Error> {
    page.show_as(status, "operator/login.html", &view(page, String::new(), error, String::new()))
}

async fn form(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    if visitor.page.is_signed_in() {
        return Ok(visitor.page.go("/operator"));
    }
    let next = safe_next(wanted.next.as_deref()).unwrap_or("").to_owned();
    let view = view(&visitor.page, String::new(), String::new(), next);
    visitor.page.show("operator/login.html", &view)
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
            doors::refuse(page, refusal, "operator/login.html", view(page, typed.username, error, next))
        }
    }
}

async fn leave(visitor: Visitor) -> Result<Response, Error> {
    doors::let_out(&visitor.page, &visitor.db, Door::Staff, "/operator/login").await
}
