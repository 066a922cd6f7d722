//! The customer's own outages: what runs and comes, what was; and who is told of it.
use super::wishes::{Wishes, wishes};
use super::{has_times, places, reason, state, when};
use crate::domain::ids::SupplyPointId;
use crate::domain::outages::{Outage, Phase};
use crate::domain::supply_points::SupplyPoint;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration;

/// Outages so old are still listed.
const KEPT: Duration = Duration::days(180);
const PAST: usize = 30;

#[derive(Serialize)]
struct View {
    /// One sentence for each that runs.
    running: Vec<String>,
    has_coming: bool,
    coming: Table,
    has_past: bool,
    past: Table,
    wishes: Wishes,
    is_done: bool,
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

type Own = (Outage, Vec<SupplyPointId>);

pub async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = tx.supply_points_of(customer.id).await?;
    let all = tx.outages_of(customer.id, page.now() - KEPT).await?;
    let wishes = wishes(&customer, &tx, &points).await?;
    tx.commit().await?;
    let (mut past, coming): (Vec<Own>, Vec<Own>) = all.into_iter().partition(|(one, _)| one.ends_at <= page.now());
    past.reverse();
    past.truncate(PAST);
    let is_running = |(one, _): &&Own| one.phase(page.now()) == Phase::Running;
    let running = coming.iter().filter(is_running).map(|(one, own)| sentence(page, one, &points, own));
    let view = View {
        running: running.collect(),
        has_coming: !coming.is_empty(),
        coming: table(page, "outages-coming", &coming, &points),
        has_past: !past.is_empty(),
        past: table(page, "outages-past", &past, &points),
        wishes,
        is_done: arrived.done.is_some(),
    };
    page.show("portal/outages.html", &view)
}

fn sentence(page: &Page, one: &Outage, points: &[SupplyPoint], own: &[SupplyPointId]) -> String {
    let place = places(page, points, own);
    match has_times(page) {
        true => {
            let until = page.moment(one.ends_at);
            page.t_args("outages-now-until", &[("place", Arg::from(place)), ("until", Arg::from(until))])
        }
        false => page.t_args("outages-now", &[("place", Arg::from(place))]),
    }
}

fn table(page: &Page, caption: &str, rows: &[Own], points: &[SupplyPoint]) -> Table {
    let columns: &[&str] = match has_times(page) {
        true => &["outage-when", "outage-lasts", "outage-where", "outage-why", "outage-state"],
        false => &["outage-when", "outage-where", "outage-why", "outage-state"],
    };
    let mut table = Table::new(page, caption, columns);
    for (one, own) in rows {
        let (state, tone) = state(page, one);
        let is_changed = one.version > 1 && !one.is_cancelled;
        let first = Cell::link(when(page, one), format!("{}/outages/{}", page.base(), one.id));
        let mut cells = vec![if is_changed { first.note(page.t("outage-changed")) } else { first }];
        if has_times(page) {
            cells.push(Cell::of(crate::tenancy::format::lasting(one.lasts())));
        }
        cells.push(Cell::of(places(page, points, own)));
        cells.push(Cell::of(reason(page, one)));
        cells.push(Cell::tag(state, tone));
        table.push_row(cells, one.phase(page.now()) == Phase::Running);
    }
    table
}
