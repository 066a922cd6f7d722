//! The demo's command: fills an empty database, and keeps one that is filled.
use crate::support::{TestApp, template};
use busbar::app::demo_command::{self, Book};

async fn customers(app: &TestApp) -> i64 {
    let mut count = 0;
    for tenant in app.services.registry.all() {
        let tx = app.services.db.tenant(tenant.id).read().await.expect("the database answers");
        count += tx.count_customers().await.expect("the database answers");
    }
    count
}

/// `make run` a second time serves what the first one filled, under the addresses of today's configuration.
#[tokio::test]
async fn a_second_run_keeps_what_is_there() {
    let app = TestApp::start().await;
    let path = app.config.data.dir.join("demo.json");
    let before = customers(&app).await;
    let moved = Book { base: "http://localhost:1".into(), ..app.book.clone() };
    std::fs::write(&path, serde_json::to_string(&moved).expect("a book is JSON")).expect("the folder is ours");
    demo_command::run(&app.config, 3, 7, None).await.expect("a filled demo is not a mistake");
    assert_eq!((customers(&app).await, before), (before, 8 * template::CUSTOMERS as i64));
    let kept = std::fs::read_to_string(&path).expect("the book is still there");
    let kept: Book = serde_json::from_str(&kept).expect("the book is JSON");
    assert_eq!((kept.base, kept.tenants.len()), (app.book.base.clone(), 8));
    app.customer("eon", 0).await;
}

/// Customers without the demo's book are somebody's own, or of a fill that was stopped: nothing is added to them, and the remedy is named.
#[tokio::test]
async fn customers_of_another_origin_are_not_added_to() {
    let app = TestApp::start().await;
    let before = customers(&app).await;
    let refused = demo_command::run(&app.config, 3, 7, None).await.expect_err("the database is not empty");
    assert!(refused.to_string().contains("make clean-demo"), "{refused}");
    assert_eq!(customers(&app).await, before);
}
