//! Which supply point an errand is about; one point needs no choosing.
use super::offered::Points;
use super::words;
use crate::domain::supply_points::SupplyPoint;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use axum::response::Response;
use serde::Serialize;

#[derive(Serialize)]
struct View {
    title: String,
    points: Vec<Point>,
    /// Another way, for all of them at once: its words and address.
    many: Option<[String; 2]>,
}

#[derive(Serialize)]
struct Point {
    commodity: String,
    code: &'static str,
    address: String,
    identifier: String,
    href: String,
}

/// Leads to `/supply-points/<id>/<path>` of a point that the errand is open to.
pub async fn choose(
    customer: &Customer,
    title: &str,
    path: &str,
    many: Option<(&str, &str)>,
    is_open: impl Fn(&SupplyPoint) -> bool,
) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    tx.commit().await?;
    let open: Vec<&SupplyPoint> = points.shown.iter().filter(|point| is_open(point)).collect();
    if let [only] = open[..] {
        return Ok(page.go(&format!("/supply-points/{}/{path}", only.id)));
    }
    let shown = open.into_iter().map(|point| Point {
        commodity: page.t(words::commodity(point.commodity)),
        code: point.commodity.key(),
        address: words::address(&point.address),
        identifier: point.code.clone(),
        href: format!("{}/supply-points/{}/{path}", page.base(), point.id),
    });
    let many = many.map(|(words, path)| [page.t(words), format!("{}{path}", page.base())]);
    page.show("portal/choose_point.html", &View { title: page.t(title), points: shown.collect(), many })
}
