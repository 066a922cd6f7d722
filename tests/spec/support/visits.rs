//! An office to visit, and what its pages offer.
use super::{Answer, Browser, TestApp};
use busbar::data::{OfficeRow, TopicRow};
use busbar::domain::appointments::Opening;
use busbar::domain::ids::OfficeId;
use busbar::domain::supply_points::Address;
use time::macros::time;

pub const OFFICE: &str = "/visits/new/zkusebni";

/// Open every day, so that the test runs on any.
fn office(capacity: u16) -> OfficeRow {
    let day = vec![Opening { from: time!(08:00), to: time!(12:00) }];
    let topic = |key: &str, name: &str, position| TopicRow {
        key: key.into(),
        name_cs: name.into(),
        name_en: name.into(),
        minutes: 20,
        position,
        is_active: position < 3,
    };
    OfficeRow {
        id: OfficeId::new(),
        key: "zkusebni".into(),
        name_cs: "Zkušební kancelář".into(),
        name_en: "Trial office".into(),
        address: Address { street: "Zkušební 1".into(), city: "Praha".into(), postcode: "110 00".into() },
        phone: "+420777123456".into(),
        hours: std::array::from_fn(|_| day.clone()),
        closed: vec![],
        slot_minutes: 20,
        capacity,
        lead_minutes: 60,
        ahead_days: 14,
        position: 9,
        is_active: true,
        topics: vec![topic("smlouva", "Smlouva", 1), topic("faktura", "Faktura", 2), topic("stare", "Staré", 3)],
    }
}

/// At Pražská plynárenská's, beside the two of the demonstration.
pub async fn open_office(app: &TestApp, capacity: u16) -> OfficeId {
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    let tx = app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
    let office = office(capacity);
    tx.save_office(&office).await.expect("an office");
    tx.commit().await.expect("kept");
    office.id
}

/// Starts offered on a page, as its links carry them.
pub fn starts(page: &Answer) -> Vec<String> {
    let links = page.links();
    links
        .iter()
        .filter_map(|link| link.split("at=").nth(1))
        .map(|at| at.split('&').next().unwrap_or(at).to_owned())
        .collect()
}

pub async fn free(customer: &mut Browser) -> Vec<String> {
    // Tomorrow at the earliest: of today only a rest may be left.
    let tomorrow = time::OffsetDateTime::now_utc().date() + time::Duration::DAY;
    let page = customer.get(&format!("{OFFICE}?topic=smlouva&day={tomorrow}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    starts(&page)
}
