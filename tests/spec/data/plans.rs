//! No page reads more than its own rows: every statement of the portal is answered from an index that begins with the tenant and the
//! customer, or with whatever else narrows that table. The statements are those the pages really send, heard at the data layer's door.
//! PostgreSQL chooses by the number of rows, so there the demo is grown to two thousand customers; it is free to read a table whole, and does not.
use super::explain::Engine;
use super::ground::left_as;
use super::grow::grow;
use super::narrow::assert_narrow;
use super::outbox::message;
use crate::support::{TestApp, ids_of, template};
use busbar::app::{router, state};
use busbar::data::{
    Choices, ClaimedMessage, Database, InvoiceFilter, Notice, PasskeyPurpose, Rendered, SessionRow, StepKind, TenantTx,
};
use busbar::domain::ids::{AccountId, CustomerId, InvoiceId, TenantId};
use busbar::domain::notices::{CATALOGUE, Channel, Event};
use busbar::domain::supply_points::Commodity;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use time::macros::date;

#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Statement>>>);

impl Heard {
    pub fn on(&self, db: &Database) -> Database {
        let list = self.0.clone();
        db.clone().heard_by(move |statement| list.lock().expect("a list").push(statement.clone()))
    }

    /// One of each wording.
    pub fn all(&self) -> Vec<Statement> {
        let list = self.0.lock().expect("a list");
        let wordings: BTreeMap<&str, &Statement> = list.iter().map(|one| (one.sql.as_str(), one)).collect();
        wordings.into_values().cloned().collect()
    }
}

pub async fn assert_all_narrow(app: &TestApp, heard: &Heard) -> BTreeMap<String, usize> {
    let engine = Engine::of(app).await;
    let mut seen = BTreeMap::new();
    for statement in heard.all() {
        for access in engine.explain(asked(&statement), &statement).await {
            if !access.is_platforms() {
                assert_narrow(&access, &statement.sql);
                *seen.entry(access.table).or_default() += 1;
            }
        }
    }
    seen
}

/// The demo with some sessions and an audit, with what its customers asked for, and two thousand customers.
pub async fn filled() -> TestApp {
    let app = TestApp::start().await;
    for tenant in app.services.registry.all() {
        let tx = app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
        for number in 0..5 {
            let at = time::OffsetDateTime::now_utc();
            let session = SessionRow {
                token_hash: [number; 32],
                subject_kind: "customer".into(),
                subject_id: CustomerId::new().0,
                data: serde_json::json!({}),
                created_at: at,
                expires_at: at,
            };
            tx.insert_session(&session).await.expect("a row");
            let nobody = format!("nikdo{number}@example.cz");
            tx.mark_unreachable(Channel::Mail, &nobody, "bounced", at).await.expect("a row");
            tx.write_audit(&super::ground::entry("look")).await.expect("a line");
        }
        super::desk_plans::fill(&tx).await;
        for number in 1..=10 {
            fill_account(&tx, &format!("zakaznik{number}")).await;
        }
        tx.commit().await.expect("kept");
    }
    for customer in 0..8 {
        let mut browser = app.customer("eon", customer).await;
        assert_eq!(browser.get("/calendar").await.status, 200);
        assert_eq!(browser.post("/calendar", &[]).await.status, 200, "an address of a calendar");
    }
    grow(&app, 25).await;
    app
}

/// What an account comes to have in its life.
async fn fill_account(tx: &TenantTx, username: &str) {
    let Some(account) = tx.account_by_username(username).await.expect("a lookup") else { return };
    let (id, now) = (account.id, time::OffsetDateTime::now_utc());
    let none =
        CATALOGUE.iter().flat_map(|told| [((told.event, Channel::Mail), false), ((told.event, Channel::Sms), false)]);
    tx.choose_notices(id, &none.collect::<Choices>(), now).await.expect("rows");
    let (customer, _) = tx.owner_of(id).await.expect("a lookup").expect("somebody's");
    for number in 0..10 {
        let notice = Notice {
            event: Event::PaymentReceived,
            kind: "payment_received",
            customer,
            payload: serde_json::json!({}),
            cause: format!("filled:{number}"),
            language: "cs",
            now,
            today: now.date(),
        };
        tx.tell(&notice).await.expect("rows");
    }
    let codes: Vec<[u8; 32]> = (0..10).map(|number| [number; 32]).collect();
    tx.replace_recovery_codes(id, &codes).await.expect("rows");
    for hash in &codes[..5] {
        tx.meet_device(id, hash, "Firefox, Linux", now).await.expect("a row");
        let token = [AccountId::new().0.as_bytes(), hash.get(..16).expect("half")].concat();
        let token: [u8; 32] = token.try_into().expect("two halves");
        tx.add_account_step(StepKind::Email, id, serde_json::json!({}), &token, now, now).await.expect("a row");
        tx.add_passkey(&super::ground::passkey(id, &token, now)).await.expect("a row");
        let purpose = PasskeyPurpose::Register(id);
        tx.add_passkey_challenge(purpose, &token, "", now, now + time::Duration::MINUTE).await.expect("a row");
    }
}

/// The tenant a statement asks for.
pub fn asked(statement: &Statement) -> TenantId {
    let values = statement.values.iter().flat_map(|values| values.0.iter());
    let mut numbers = values.filter_map(|value| match value {
        Value::Int(Some(number)) => Some(TenantId(*number)),
        _ => None,
    });
    numbers.next().unwrap_or(TenantId::PLATFORM)
}

pub fn tenant_of(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.all().iter().find(|tenant| tenant.slug == slug).expect("one of the eight").id
}

pub async fn customer_of(app: &TestApp, slug: &str) -> CustomerId {
    let username =
        &app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").customers[0].username;
    let tx = app.services.db.tenant(tenant_of(app, slug)).read().await.expect("a transaction");
    ids_of(&tx, username).await.1
}

/// Signing in, every page of the portal of every supplier, every detail they link to, signing out.
#[tokio::test]
async fn every_statement_of_every_portal_page_is_answered_from_an_index() {
    let app = filled().await;
    let heard = Heard::default();
    let mut services = state::build(&app.config).await.expect("another instance");
    let own = Arc::get_mut(&mut services).expect("nobody else has it yet");
    own.db = heard.on(&own.db);
    let entry = router::entry(services.clone());
    for tenant in &app.book.tenants {
        let customer = &tenant.customers[0];
        let mut browser = app.browser(&tenant.slug).at(&entry);
        let form = [("username", customer.username.as_str()), ("password", customer.password.as_str())];
        assert_eq!(browser.post("/login", &form).await.status, 303);
        let mut details = Vec::new();
        for route in router::routes().iter().filter(|route| route.guard == "customer" && route.method == "GET") {
            let start = format!("{}{}", browser.mount, route.path.split('{').next().unwrap_or("/"));
            match route.path.contains('{') {
                true => details.push((start, route.path)),
                false => _ = browser.get(route.path).await,
            }
        }
        let lists = ["/dashboard", "/supply-points", "/settlements", "/invoices", "/help"];
        for list in lists {
            for link in browser.get(list).await.links() {
                if details.iter().any(|(start, _)| link.starts_with(start.as_str()) && link.len() > start.len()) {
                    let path = link.strip_prefix(browser.mount.as_str()).unwrap_or(&link).to_owned();
                    browser.get(&path).await;
                }
            }
        }
        let calendar = crate::calendar::address(&mut browser).await;
        assert_eq!(browser.get(&calendar).await.status, 200);
        assert_eq!(browser.post("/logout", &[]).await.status, 303);
    }
    let seen = assert_all_narrow(&app, &heard).await;
    let pages = [
        "customers",
        "accounts",
        "memberships",
        "supply_points",
        "supply_point_terms",
        "meters",
        "registers",
        "readings",
        "monthly_consumption",
        "documents",
        "invoices",
        "invoice_lines",
        "settlements",
        "settled_readings",
        "advance_schedules",
        "instalments",
        "payments",
        "links",
        "help_articles",
    ];
    for table in pages {
        assert!(seen.contains_key(table), "no page asked for {table}: a blind proof: {seen:?}");
    }
}

/// The same for every way of the data layer to narrow a list, whether or not a page uses it today.
#[tokio::test]
async fn every_list_and_lookup_of_the_data_layer_is_answered_from_an_index() {
    let app = filled().await;
    let (tenant, customer) = (tenant_of(&app, "eon"), customer_of(&app, "eon").await);
    let heard = Heard::default();
    let db = heard.on(&app.services.db);
    let tx = db.tenant(tenant).begin().await.expect("a transaction");
    let day = date!(2026 - 01 - 01);
    for commodity in [None, Some(Commodity::Gas)] {
        for year in [None, Some(2026)] {
            for unpaid_only in [false, true] {
                let filter = InvoiceFilter { commodity, year, unpaid_only };
                tx.invoices_of(customer, filter).await.expect("a list");
            }
        }
    }
    tx.latest_invoices(customer, 12).await.expect("a list");
    tx.settlement(customer, InvoiceId::new()).await.expect_err("nobody's");
    tx.readings_of(customer, 12).await.expect("a list");
    for point in tx.supply_points_of(customer).await.expect("a list") {
        tx.readings_of_point(customer, point.id).await.expect("a list");
        tx.terms_of(customer, point.id).await.expect("a list");
        tx.meters_of(customer, point.id).await.expect("a list");
    }
    tx.payments_of(customer, 12).await.expect("a list");
    tx.monthly_consumption(customer, day).await.expect("a list");
    tx.schedules_of(customer).await.expect("a list");
    tx.instalments_of(customer, day).await.expect("a list");
    tx.help_article("cs", "none").await.expect_err("no such page");
    tx.search_help("cs", "faktura odečet").await.expect("a list");
    tx.session(&[0; 32]).await.expect("a lookup");
    tx.delete_session(&[0; 32]).await.expect("a removal");
    tx.delete_sessions_of(customer.0).await.expect("a removal");
    tx.staff_by_username("vedouci").await.expect("a lookup");
    let account = tx.account_by_username("zakaznik1").await.expect("a lookup").expect("the demo has it");
    let (id, now) = (account.id, time::OffsetDateTime::now_utc());
    tx.use_recovery_code(id, &[0; 32], now).await.expect("a change");
    tx.recovery_codes_left(id).await.expect("a count");
    tx.meet_device(id, &[0; 32], "", now).await.expect("a change");
    tx.account_step(StepKind::Code, &[0; 32], now).await.expect("a lookup");
    tx.use_account_step(StepKind::Code, &[0; 32], now).await.expect("a change");
    tx.turn_off_factor(id).await.expect("a removal");
    tx.end_account_steps(id, None).await.expect("a removal");
    tx.forget_devices(id).await.expect("a removal");
    tx.use_passkey_challenge(PasskeyPurpose::Register(id), &[0; 32], now).await.expect("a change");
    tx.use_passkey_challenge(PasskeyPurpose::SignIn, &[0; 32], now).await.expect("a change");
    let passkey = tx.passkeys_of(id).await.expect("a list").remove(0);
    tx.hold_passkeys_of(id).await.expect("held");
    tx.passkey_by_handle(id, &passkey.handle).await.expect("a lookup");
    tx.touch_passkey(&passkey, "", 1, now).await.expect("a change");
    tx.remove_passkey(id, passkey.id).await.expect("a removal");
    tx.forget_passkeys(id).await.expect("a removal");
    tx.touch_login(account.id, Some(""), now).await.expect("a change");
    tx.enter("zakaznik1", &account.password_hash, now).await.expect("a change").expect("the demo has it");
    super::bonus::ask_everything(&tx, customer, now).await.expect("lists and lookups");
    tx.told_causes("bonus_expiring", &[customer], &["none".to_owned()]).await.expect("a list");
    tx.write_audit(&super::ground::entry("look")).await.expect("a line");
    tx.audit_trail(50, None).await.expect("a list");
    drop(tx);
    let seen = assert_all_narrow(&app, &heard).await;
    assert!(seen.len() >= 16, "{seen:?}");
    for table in ["bonus_members", "bonus_entries", "bonus_codes", "recovery_codes", "passkeys"] {
        assert!(seen.contains_key(table), "nothing asked for {table}: a blind proof: {seen:?}");
    }
}

/// The page every visit opens: three statements, the lists' newest rows from the index alone and in its order.
#[tokio::test]
async fn the_dashboard_is_three_statements_answered_from_indexes_alone() {
    let app = filled().await;
    let (tenant, customer) = (tenant_of(&app, "eon"), customer_of(&app, "eon").await);
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).read().await.expect("a transaction");
    tx.dashboard(customer, date!(2026 - 11 - 23)).await.expect("the dashboard");
    drop(tx);
    let statements: Vec<Statement> = heard.all().into_iter().filter(|one| !one.sql.contains("set_config")).collect();
    assert_eq!(statements.len(), 3);
    let engine = Engine::of(&app).await;
    let mut covered = Vec::new();
    for statement in &statements {
        for access in engine.explain(asked(statement), statement).await {
            assert_narrow(&access, &statement.sql);
            if access.is_covered && !access.is_sorted_after {
                covered.push(access.table);
            }
        }
    }
    covered.sort();
    assert_eq!(covered, ["invoices", "readings"]);
}

/// However much was sent, only what waits is looked at.
#[tokio::test]
async fn the_outbox_is_claimed_and_recorded_by_its_indexes() {
    let app = filled().await;
    let heard = Heard::default();
    let platform = heard.on(&app.services.db).platform();
    let held: ClaimedMessage = {
        let lane = platform.due_lanes().await.expect("the lanes")[0];
        platform.claim_messages(lane, 2, time::Duration::MINUTE).await.expect("a claim").remove(0)
    };
    let words = Rendered { subject: String::new(), body_text: String::new(), body_html: String::new() };
    left_as(&platform, &held, &words).await.expect("recorded");
    platform.message_failed(&held, "away", None).await.expect("recorded");
    platform.message_failed(&held, "away", Some(time::OffsetDateTime::now_utc())).await.expect("recorded");
    let engine = Engine::of(&app).await;
    let mut entered = Vec::new();
    for statement in heard.all() {
        for access in engine.explain(asked(&statement), &statement).await {
            assert!(!access.is_whole, "read whole: {access:?} of {}", statement.sql);
            assert_eq!(access.table, "outbox");
            entered.push(access.columns);
        }
    }
    assert!(entered.iter().any(|columns| columns[0] == "lane"), "what waits is found by its lane: {entered:?}");
    assert!(
        entered.iter().any(|columns| *columns == ["tenant_id", "id"]),
        "one message is found by its key: {entered:?}"
    );
}

/// A customer's page asks what became of a mail: of half a million messages it reads the few of its cause, in whatever language the
/// database sorts.
#[tokio::test]
async fn messages_of_one_cause_are_found_by_how_their_keys_begin() {
    let app = filled().await;
    let tenant = app.services.registry.by_slug("eon").expect("it serves").id;
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).begin().await.expect("a transaction");
    let keys = [
        "cause:1:",
        "cause:1:a",
        "cause:1:Ž",
        "cause:1",
        "cause:10:a",
        "cause:2:a",
        "Cause:1:a",
        "cause-1:a",
        "cause;1:a",
    ];
    tx.enqueue(&keys.map(message)).await.expect("queued");
    assert_eq!(tx.states_of_messages("cause:1:").await.expect("their states").len(), 3);
    tx.commit().await.expect("kept");
    let asked = heard.all().into_iter().find(|one| one.sql.starts_with("SELECT \"outbox\"")).expect("heard");
    let looks = Engine::of(&app).await.explain(tenant, &asked).await;
    assert!(looks.iter().any(|look| look.columns.iter().any(|column| column == "dedupe_key")), "{looks:?}");
    if template::is_production() {
        let sql = "SELECT collation_name::text AS name FROM information_schema.columns \
                   WHERE table_name = 'outbox' AND column_name = 'dedupe_key'";
        let raw = sea_orm::Database::connect(app.config.database_url()).await.expect("the database opens");
        let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.expect("asked");
        assert_eq!(row.expect("there").try_get::<String>("", "name").expect("named"), "C");
    }
}
