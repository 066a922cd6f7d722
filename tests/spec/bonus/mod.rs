//! The bonus programme: points earned once, spent once, never fewer than none; codes had by one; offers at the desk.
mod desk;
mod expiry;
mod ledger;
mod redeem;

use crate::support::{Answer, Browser, TestApp, ids_of, value_of};
use busbar::data::{BonusEntry, BonusOffer, Credit, TenantDb};
use busbar::domain::bonus::{CodeSource, Kind, OfferState, Reason};
use busbar::domain::ids::{BonusOfferId, CustomerId};
use time::{Date, Duration, OffsetDateTime};

pub const SLUG: &str = "eon";
/// The demo writes no points for them.
pub const NOBODY: usize = 3;

pub fn db(app: &TestApp) -> TenantDb {
    app.services.db.tenant(app.services.registry.by_slug(SLUG).expect("eon").id)
}

/// As the supplier's own calendar has it, by which points come and go.
pub fn today(app: &TestApp) -> Date {
    let tenant = app.services.registry.by_slug(SLUG).expect("eon");
    app.services.clock.today(&tenant.document.locale.timezone)
}

pub async fn id_of(app: &TestApp, index: usize) -> CustomerId {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == SLUG).expect("eon");
    let tx = db(app).read().await.expect("a transaction");
    ids_of(&tx, &tenant.customers[index].username).await.1
}

pub async fn give(app: &TestApp, customer: CustomerId, points: i64, expires_on: Date) {
    let tx = db(app).begin().await.expect("a transaction");
    let credit = Credit {
        kind: Kind::Earned,
        reason: Reason::SelfReading,
        points,
        cause: format!("test:{}", BonusOfferId::new()),
        words: String::new(),
        offer: None,
        staff: None,
        expires_on,
    };
    assert!(tx.credit_bonus(customer, &credit, OffsetDateTime::now_utc()).await.expect("points"));
    tx.commit().await.expect("kept");
}

pub async fn entries(app: &TestApp, customer: CustomerId) -> Vec<BonusEntry> {
    let tx = db(app).read().await.expect("a transaction");
    tx.bonus_entries_of(customer, i32::MAX, 1000).await.expect("a list")
}

pub async fn balance(app: &TestApp, customer: CustomerId) -> i64 {
    let tx = db(app).read().await.expect("a transaction");
    let balance = tx.bonus_purse(customer).await.expect("what is left").balance(today(app));
    let sum: i64 =
        tx.bonus_entries_of(customer, i32::MAX, 1000).await.expect("a list").iter().map(|one| one.points).sum();
    let row = tx.bonus_member(customer).await.expect("a lookup").map_or(0, |row| row.balance);
    assert_eq!(row, sum, "the ledger adds up");
    balance
}

/// Published and valid now; of a list with so many codes.
pub async fn offer(app: &TestApp, source: CodeSource, stock: i32, price: i64) -> BonusOffer {
    let both = |text: &str| (text.to_owned(), text.to_owned());
    let one = BonusOffer {
        id: BonusOfferId::new(),
        title: both("Zkušební nabídka"),
        description: both("Popis"),
        conditions: both("Jen jednou"),
        partner: "Partner".into(),
        price,
        valid_from: today(app) - Duration::days(2),
        valid_until: today(app) + Duration::days(2),
        source,
        stock: if source == CodeSource::List { 0 } else { stock },
        taken: 0,
        state: OfferState::Published,
        version: 1,
    };
    let (tx, now) = (db(app).begin().await.expect("a transaction"), OffsetDateTime::now_utc());
    tx.add_bonus_offer(&one, now).await.expect("an offer");
    if source == CodeSource::List {
        let codes: Vec<String> = (1..=stock).map(|number| format!("KOD-{number}")).collect();
        assert!(tx.add_bonus_codes(one.id, 1, &codes, now).await.expect("codes"));
    }
    tx.commit().await.expect("kept");
    one
}

pub async fn redeem(browser: &mut Browser, offer: &BonusOffer, key: &str) -> Answer {
    let price = offer.price.to_string();
    browser.post(&format!("/bonus/offers/{}", offer.id), &[("key", key), ("price", &price)]).await
}

pub fn new_key() -> String {
    BonusOfferId::new().to_string()
}

pub async fn flip(app: &TestApp, feature: &str, turn: &str) {
    let mut lead = app.operator(SLUG, "lead").await;
    let path = format!("/operator/features/{feature}");
    let revision = value_of(&lead.get(&path).await, "revision");
    let form = [("reason", "zkouška"), ("revision", revision.as_str()), ("turn", turn)];
    assert_eq!(lead.post(&path, &form).await.status, 303);
}
