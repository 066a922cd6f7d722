//! Joining the programme by one press, and leaving it: what is lost is said first, and it is lost at once.
use super::line;
use crate::web::kit::bonus;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct View {
    name: String,
    points: String,
    has_points: bool,
}

pub async fn join(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let row = tx.bonus_member(customer.id).await?;
    if !bonus::is_member(page, row.as_ref()) && tx.join_bonus(customer.id, page.now()).await? {
        tx.write_audit(&line(&customer, "join_bonus", format!("customer:{}", customer.id), json!({}))).await?;
    }
    tx.commit().await?;
    Ok(page.go("/bonus?done=joined"))
}

pub async fn ask(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let row = tx.bonus_member(customer.id).await?;
    let balance = tx.bonus_purse(customer.id).await?.balance(page.today());
    tx.commit().await?;
    if !bonus::is_member(page, row.as_ref()) {
        return Ok(page.go("/bonus"));
    }
    let view = View { name: bonus::name(page), points: bonus::points(page, balance), has_points: balance > 0 };
    page.show("portal/bonus_leave.html", &view)
}

pub async fn leave(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    if let Some(lost) = tx.leave_bonus(customer.id, page.today(), page.now()).await? {
        let after = json!({ "points_lost": lost });
        tx.write_audit(&line(&customer, "leave_bonus", format!("customer:{}", customer.id), after)).await?;
    }
    tx.commit().await?;
    Ok(page.go("/bonus?done=left"))
}
