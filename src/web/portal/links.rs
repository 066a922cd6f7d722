//! Useful links, as the supplier's operators keep them.
use crate::domain::content::Link;
use crate::domain::features::Feature;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoUsefulLinks], "/links").get(list)]
}

#[derive(Serialize)]
struct List {
    links: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    url: String,
    note: String,
    /// The site it leads to, so that nobody is surprised.
    site: String,
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let mut links = tx.links(page.lang().key()).await?;
    tx.commit().await?;
    links.retain(|link| link.is_active && is_web(&link.url));
    links.sort_by_key(|link| link.position);
    page.show("portal/links.html", &List { links: links.into_iter().map(row).collect() })
}

/// An operator's link leads to the web and nowhere else.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn row(link: Link) -> Row {
    let site =
        link.url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("").to_owned();
    Row { title: link.title, url: link.url, note: link.note, site }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_shown() {
        assert!(is_web("https://www.eru.gov.cz/"));
        assert!(!is_web("javascript:alert(1)") && !is_web("//evil.example") && !is_web("data:text/html,x"));
    }
}
