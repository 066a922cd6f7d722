//! What is written is what is read: bounds of money, dates, Czech letters, nothing at all.
use super::ground::{Ground, claim_any};
use super::whole::{Whole, whole};
use busbar::data::{Error, InvoiceFilter, TenantTx};
use busbar::domain::consumption::MonthlyConsumption;
use busbar::domain::ids::{CustomerId, TenantId};
use busbar::domain::supply_points::Commodity;
use rust_decimal::Decimal;
use time::macros::date;

async fn kept() -> (Ground, TenantId, Whole) {
    let (ground, a, _) = Ground::with_two().await;
    let whole = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    whole.write(&tx).await.expect("a row in every table");
    tx.commit().await.expect("kept");
    (ground, a, whole)
}

async fn look(ground: &Ground, tenant: TenantId) -> TenantTx {
    ground.db.tenant(tenant).read().await.expect("a transaction")
}

#[tokio::test]
async fn a_customer_with_points_terms_and_meters_comes_back_as_written() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    let id = whole.customer.id;
    assert_eq!(tx.customer(id).await.expect("the customer"), whole.customer);
    assert_eq!(
        tx.find_customers(&whole.customer.name, 10).await.expect("a search"),
        std::slice::from_ref(&whole.customer)
    );
    assert_eq!(tx.supply_points_of(id).await.expect("points"), whole.points);
    for point in &whole.points {
        assert_eq!(tx.supply_point(id, point.id).await.expect("a point"), *point);
        let own: Vec<_> = whole.terms.iter().filter(|one| one.supply_point == point.id).cloned().collect();
        assert_eq!(tx.terms_of(id, point.id).await.expect("terms"), own);
        let own: Vec<_> = whole.meters.iter().filter(|one| one.supply_point == point.id).cloned().collect();
        assert_eq!(tx.meters_of(id, point.id).await.expect("meters"), own);
    }
}

#[tokio::test]
async fn readings_and_consumption_come_back_as_written() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    let id = whole.customer.id;
    assert_eq!(tx.readings_of(id, 100).await.expect("readings"), whole.readings);
    assert_eq!(tx.readings_of(id, 2).await.expect("readings"), whole.readings[..2]);
    let own: Vec<_> = whole.readings.iter().filter(|one| one.supply_point == whole.points[1].id).cloned().collect();
    assert_eq!(tx.readings_of_point(id, whole.points[1].id).await.expect("readings"), own);
    assert_eq!(tx.monthly_consumption(id, date!(2025 - 12 - 01)).await.expect("months"), whole.months);
    assert_eq!(tx.monthly_consumption(id, date!(2026 - 01 - 01)).await.expect("months"), whole.months[1..]);
}

#[tokio::test]
async fn invoices_settlements_and_documents_come_back_as_written() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    let id = whole.customer.id;
    let invoices: Vec<_> = whole.settlements.iter().map(|one| one.invoice.clone()).collect();
    assert_eq!(tx.invoices_of(id, InvoiceFilter::default()).await.expect("invoices"), invoices);
    assert_eq!(tx.latest_invoices(id, 1).await.expect("invoices"), invoices[..1]);
    let gas = InvoiceFilter { commodity: Some(Commodity::Gas), year: Some(2026), unpaid_only: false };
    assert_eq!(tx.invoices_of(id, gas).await.expect("invoices"), invoices[..1]);
    let unpaid = InvoiceFilter { unpaid_only: true, ..InvoiceFilter::default() };
    assert_eq!(tx.invoices_of(id, unpaid).await.expect("invoices"), []);
    for one in &whole.settlements {
        assert_eq!(tx.invoice(id, one.invoice.id).await.expect("an invoice"), one.invoice);
        assert_eq!(tx.settlement(id, one.invoice.id).await.expect("a settlement"), *one);
    }
    for one in &whole.documents {
        let found = tx.document(id, one.id).await.expect("a document");
        assert_eq!(format!("{found:?}"), format!("{one:?}"));
    }
}

#[tokio::test]
async fn advances_and_payments_come_back_as_written() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    let id = whole.customer.id;
    assert_eq!(tx.schedules_of(id).await.expect("schedules"), whole.schedules);
    assert_eq!(tx.instalments_of(id, date!(2026 - 02 - 15)).await.expect("instalments"), whole.instalments);
    assert_eq!(tx.instalments_of(id, date!(2026 - 02 - 16)).await.expect("instalments"), whole.instalments[1..]);
    assert_eq!(tx.payments_of(id, 10).await.expect("payments"), whole.payments);
}

#[tokio::test]
async fn what_staff_wrote_and_sessions_come_back_as_written() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    assert_eq!(tx.links("cs").await.expect("links"), whole.links);
    assert_eq!(tx.links("en").await.expect("links"), []);
    assert_eq!(tx.help_articles("cs").await.expect("articles"), whole.articles);
    assert_eq!(tx.help_article("cs", "first").await.expect("an article"), whole.articles[0]);
    assert_eq!(tx.search_help("cs", "zlutoucky KŮŇ").await.expect("a search"), whole.articles);
    assert_eq!(tx.search_help("cs", "ž%ý").await.expect("a search"), [], "a wildcard means itself");
    let member = tx.staff_by_username("referent").await.expect("the lookup").expect("the member");
    assert_eq!((member.member.name, member.totp_secret), (whole.staff.name.clone(), None));
    let session = tx.session(&whole.session.token_hash).await.expect("the lookup").expect("the session");
    assert_eq!(format!("{session:?}"), format!("{:?}", whole.session));
    assert_eq!(tx.audit_trail(10, None).await.expect("the trail")[0].after, r#"{"řádek":1}"#);
    let left = claim_any(&ground.db, 10, time::Duration::MINUTE).await;
    let left = left.iter().find(|one| one.id == whole.message.id).expect("the message");
    assert_eq!((left.recipient.clone(), left.payload.clone()), (whole.message.recipient, whole.message.payload));
}

#[tokio::test]
async fn the_dashboard_shows_the_same_as_the_lists() {
    let (ground, tenant, whole) = kept().await;
    let tx = look(&ground, tenant).await;
    let rows = tx.dashboard(whole.customer.id, date!(2026 - 03 - 01)).await.expect("the dashboard");
    assert_eq!((rows.balance, rows.balance_as_of), (whole.customer.balance, Some(whole.customer.balance_as_of)));
    let points: Vec<_> = rows.supply_points.iter().map(|one| one.id).collect();
    assert_eq!(points, whole.points.iter().map(|one| one.id).collect::<Vec<_>>());
    let totals: Vec<_> = rows.invoices.iter().map(|one| (one.id, one.total, one.payable, one.document)).collect();
    let kept = whole.settlements.iter().map(|one| &one.invoice);
    assert_eq!(totals, kept.map(|one| (one.id, one.total, one.payable, one.document)).collect::<Vec<_>>());
    let readings: Vec<_> = rows.readings.iter().map(|one| (one.id, one.kind, one.state, one.consumption)).collect();
    let kept = whole.readings.iter();
    assert_eq!(readings, kept.map(|one| (one.id, one.kind, one.state, one.consumption)).collect::<Vec<_>>());
    assert_eq!(rows.instalments, whole.instalments[1..], "the paid one is not shown");
    let energy = |months: &[MonthlyConsumption]| {
        let mut all: Vec<_> =
            months.iter().map(|one| (one.month, one.supply_point, one.register, one.energy_wh)).collect();
        all.sort();
        all
    };
    assert_eq!(energy(&rows.consumption), energy(&whole.months));
    assert!(rows.consumption.is_sorted_by_key(|one| one.month), "oldest first");
}

#[tokio::test]
async fn more_decimals_or_digits_than_a_row_holds_are_refused_not_cut() {
    let (ground, tenant, whole) = kept().await;
    let spoilt = |spoil: &dyn Fn(&mut busbar::domain::invoices::Settlement)| {
        let mut one = whole.settlements[0].clone();
        one.invoice.id = busbar::domain::ids::InvoiceId::new();
        one.invoice.number = "another".into();
        spoil(&mut one);
        one
    };
    let all = [
        ("four decimals of a quantity", spoilt(&|one| one.lines[0].quantity = Decimal::new(1, 4))),
        ("six decimals of a price", spoilt(&|one| one.lines[0].unit_price = Decimal::new(1, 6))),
        ("a quantity past the bounds", spoilt(&|one| one.lines[0].quantity = Decimal::from(i64::MAX))),
        ("the largest decimal there is", spoilt(&|one| one.lines[0].quantity = Decimal::MAX)),
        (
            "a factor past 32 bits",
            spoilt(&|one| one.readings[0].gas_factors = Some((Decimal::from(300_000), Decimal::ONE))),
        ),
        ("a rate past 32 bits", spoilt(&|one| one.vat_rate = Decimal::from(3_000_000))),
    ];
    for (what, settlement) in all {
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        let refused = tx.insert_settlements(&[settlement]).await;
        assert!(matches!(&refused, Err(Error::Broken(why)) if why.contains("too large")), "{what}: {refused:?}");
    }
}

#[tokio::test]
async fn a_settlement_that_does_not_add_up_is_refused() {
    let (ground, tenant, whole) = kept().await;
    let mut one = whole.settlements[0].clone();
    one.invoice.id = busbar::domain::ids::InvoiceId::new();
    one.invoice.number = "another".into();
    one.lines[1].amount += busbar::domain::money::Money(1);
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let refused = tx.insert_settlements(&[one]).await;
    assert!(matches!(&refused, Err(Error::Broken(why)) if why.contains("does not add up")), "{refused:?}");
}

#[tokio::test]
async fn what_is_not_committed_is_not_kept() {
    let (ground, a, _) = Ground::with_two().await;
    let whole = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    whole.write(&tx).await.expect("rows");
    drop(tx);
    let tx = look(&ground, a).await;
    assert!(matches!(tx.customer(whole.customer.id).await, Err(Error::NotFound)));
    assert_eq!(tx.audit_trail(10, None).await.expect("the trail").len(), 0);
    assert!(claim_any(&ground.db, 10, time::Duration::MINUTE).await.is_empty());
}

#[tokio::test]
async fn a_customer_nobody_knows_has_empty_lists() {
    let (ground, tenant, _) = kept().await;
    let tx = look(&ground, tenant).await;
    let nobody = CustomerId::new();
    assert!(tx.readings_of(nobody, 10).await.expect("readings").is_empty());
    assert!(tx.invoices_of(nobody, InvoiceFilter::default()).await.expect("invoices").is_empty());
    assert!(tx.payments_of(nobody, 10).await.expect("payments").is_empty());
    let rows = tx.dashboard(nobody, date!(2026 - 03 - 01)).await.expect("the dashboard");
    assert!(rows.supply_points.is_empty() && rows.balance_as_of.is_none());
}
