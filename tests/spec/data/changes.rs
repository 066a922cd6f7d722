//! Changes of a customer's own data: each tells what it replaced, and of two at once each tells the truth.
use super::requests::{change, kept};
use super::whole::{LETTERS, Whole};
use busbar::data::{Billing, Contact, Error, Identity, TenantTx};
use busbar::domain::advance_changes::{self, Changed, Limits, Wish};
use busbar::domain::advances::{Instalment, Schedule};
use busbar::domain::ids::*;
use busbar::domain::money::Money;
use busbar::domain::payments::PaymentMethod;
use busbar::domain::readings::ReadingKind;
use busbar::domain::supply_points::{Address, Register, Terms};
use time::macros::date;

#[tokio::test]
async fn every_change_answers_what_was_there_before() {
    let (ground, a, b, whole) = kept().await;
    let (tx, id) = (change(&ground.db.tenant(a)).await, whole.customer.id);
    let contact = Contact { email: whole.customer.email.clone(), phone: whole.customer.phone.clone() };
    let other = Contact { email: None, phone: Some("+420777123456".into()) };
    assert_eq!(tx.change_contact(id, &other).await.expect("a change"), contact);
    assert_eq!(tx.change_contact(id, &contact).await.expect("back"), other);
    assert_eq!(tx.change_email(id, Some("nový@příklad.cz")).await.expect("a change"), contact.email);
    assert_eq!(tx.change_email(id, None).await.expect("a change").as_deref(), Some("nový@příklad.cz"));
    assert_eq!(tx.change_phone(id, other.phone.as_deref()).await.expect("a change"), None);
    let address = Address { street: LETTERS.into(), city: "Brno".into(), postcode: "602 00".into() };
    assert_eq!(tx.change_mailing(id, &address).await.expect("a change"), whole.customer.mailing);
    let identity = Identity { name: "Nováková".into(), company_id: Some("00000019".into()) };
    let old = Identity { name: whole.customer.name.clone(), company_id: None };
    assert_eq!(tx.change_identity(id, &identity).await.expect("a change"), old);
    let old = Billing { method: PaymentMethod::Transfer, bank_account: Some(String::new()), sipo_number: None };
    assert_eq!(tx.billing_of(id).await.expect("billing"), old);
    let sipo = Some("0123456789".to_owned());
    let billing = Billing { method: PaymentMethod::Sipo, bank_account: None, sipo_number: sipo };
    assert_eq!(tx.change_billing(id, &billing).await.expect("a change"), old);
    assert_eq!(tx.change_bank_account(id, Some("19-2000145399/0800")).await.expect("a change"), None);
    let there = tx.customer(id).await.expect("the customer");
    assert_eq!((there.email, there.phone, there.mailing), (None, other.phone, address));
    assert_eq!((there.name, there.company_id), (identity.name, identity.company_id));
    assert_eq!((there.method, there.bank_account.as_deref()), (PaymentMethod::Sipo, Some("19-2000145399/0800")));
    assert_eq!(tx.billing_of(id).await.expect("billing").sipo_number, billing.sipo_number);
    assert_eq!((there.number, there.balance), (whole.customer.number, whole.customer.balance), "the rest stays");
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert!(matches!(tx.change_email(id, None).await, Err(Error::NotFound)));
    assert!(matches!(tx.billing_of(id).await, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_at_the_same_moment_each_answer_what_they_replaced() {
    let (ground, a, _, whole) = kept().await;
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..10 {
        let (db, id) = (ground.db.tenant(a), whole.customer.id);
        writers.spawn(async move {
            let tx = change(&db).await;
            let old = tx.change_email(id, Some(&number.to_string())).await.expect("a change");
            tx.commit().await.expect("kept");
            (number.to_string(), old.expect("there was one"))
        });
    }
    let steps = writers.join_all().await;
    let mut at = whole.customer.email.clone().expect("an address");
    for _ in 0..10 {
        at = steps.iter().find(|(_, old)| *old == at).expect("the chain of old and new has no gap").0.clone();
    }
    let tx = change(&ground.db.tenant(a)).await;
    assert_eq!(tx.customer(whole.customer.id).await.expect("the customer").email, Some(at));
}

#[tokio::test]
async fn a_second_reading_of_a_day_takes_the_place_of_the_customers_own_only() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let template = &whole.readings[0];
    let mut first = template.clone();
    (first.id, first.register, first.kind) = (ReadingId::new(), Register::High, ReadingKind::Customer);
    (first.state, first.consumption) = (100, Some(10));
    assert_eq!(tx.add_reading(&first).await.expect("a reading"), None);
    let mut second = first.clone();
    (second.id, second.state, second.consumption) = (ReadingId::new(), 101, None);
    assert_eq!(tx.add_reading(&second).await.expect("again"), Some(first.clone()));
    let high = async || {
        let all = tx.readings_of(whole.customer.id, 100).await.expect("readings");
        all.into_iter().filter(|one| one.register == Register::High).collect::<Vec<_>>()
    };
    assert_eq!(high().await, [second.clone()]);
    let mut distributors = second.clone();
    (distributors.id, distributors.kind) = (ReadingId::new(), ReadingKind::Distributor);
    assert_eq!(tx.add_reading(&distributors).await.expect("another kind"), None);
    distributors.id = ReadingId::new();
    assert!(matches!(tx.add_reading(&distributors).await, Err(Error::Conflict(_))), "not the customer's to replace");
    assert!(matches!(tx.remove_reading(CustomerId::new(), second.id).await, Err(Error::NotFound)));
    assert!(matches!(tx.remove_reading(whole.customer.id, distributors.id).await, Err(Error::NotFound)));
    tx.remove_reading(whole.customer.id, second.id).await.expect("taken back");
    assert_eq!(high().await.len(), 1, "the distributor's stays");
    drop(tx);
    let tx = change(&ground.db.tenant(b)).await;
    let refused = tx.add_reading(&first).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's meter: {refused:?}");
}

#[tokio::test]
async fn terms_of_the_same_day_give_way_and_are_told() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let changed = Terms { tariff_rate: Some("D57d".into()), breaker: None, ..whole.terms[0].clone() };
    assert_eq!(tx.add_terms(&changed).await.expect("terms"), Some(whole.terms[0].clone()));
    let later = Terms { valid_from: date!(2026 - 06 - 01), ..changed.clone() };
    assert_eq!(tx.add_terms(&later).await.expect("terms"), None);
    let all = tx.terms_of(whole.customer.id, changed.supply_point).await.expect("terms");
    assert_eq!(all, [later, changed, whole.terms[1].clone()]);
}

const LIMITS: Limits = Limits { minimum: Money(1), maximum: Money(1_000_000) };

/// Of the gas point: a schedule with one instalment paid and two open.
async fn scheduled(tx: &TenantTx, whole: &Whole) -> (Schedule, Vec<Instalment>) {
    let schedule = Schedule {
        id: ScheduleId::new(),
        valid_from: date!(2026 - 01 - 01),
        amount: Money(100_000),
        interval_months: 1,
        ..whole.schedules[1].clone()
    };
    let one = |due_on, paid| Instalment {
        schedule: schedule.id,
        supply_point: schedule.supply_point,
        due_on,
        amount: schedule.amount,
        paid,
        paid_on: None,
        ..whole.instalments[0].clone()
    };
    let days = [(date!(2026 - 02 - 15), 100_000), (date!(2026 - 03 - 15), 0), (date!(2026 - 04 - 15), 0)];
    let instalments = days.map(|(due_on, paid)| one(due_on, Money(paid))).to_vec();
    tx.insert_schedules(std::slice::from_ref(&schedule)).await.expect("a schedule");
    tx.insert_instalments(&instalments).await.expect("instalments");
    (schedule, instalments)
}

async fn of_point(tx: &TenantTx, schedule: &Schedule) -> Vec<Instalment> {
    let all = tx.instalments_of(schedule.customer, date!(2000 - 01 - 01)).await.expect("instalments");
    all.into_iter().filter(|one| one.supply_point == schedule.supply_point).collect()
}

fn changed(amount: i64, old: &Schedule, instalments: &[Instalment]) -> Changed {
    let from = date!(2026 - 03 - 15);
    let wish = Wish { amount: Money(amount), from, today: date!(2026 - 02 - 20), lead_days: 10 };
    advance_changes::change(ScheduleId::new(), old, instalments, wish, LIMITS).expect("a change")
}

#[tokio::test]
async fn a_new_schedule_takes_what_is_not_paid_and_an_old_tab_is_told() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let (old, seen) = scheduled(&tx, &whole).await;
    let first = changed(20_000, &old, &seen);
    let id = tx.replace_schedule(old.id, &first.schedule, &first.instalments).await.expect("a change");
    assert_eq!(id, first.schedule.id);
    let now = of_point(&tx, &old).await;
    assert_eq!(now, first.instalments, "the paid one as it was, the open ones renewed");
    assert_eq!((&now[0], now[1].amount), (&seen[0], Money(20_000)));
    let schedules = tx.schedules_of(old.customer).await.expect("schedules");
    assert!(schedules.contains(&first.schedule) && schedules.contains(&old), "the history stays");
    tx.commit().await.expect("kept");

    // The other tab still saw the old schedule: nothing of what it wanted is kept.
    let tx = change(&ground.db.tenant(a)).await;
    let late = changed(30_000, &old, &seen);
    let refused = tx.replace_schedule(old.id, &late.schedule, &late.instalments).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(tx);

    let tx = change(&ground.db.tenant(a)).await;
    let again = changed(30_000, &first.schedule, &now);
    let id = tx.replace_schedule(first.schedule.id, &again.schedule, &again.instalments).await.expect("a change");
    assert_eq!(id, first.schedule.id, "one schedule for one day");
    let now = of_point(&tx, &old).await;
    assert_eq!((now[0].schedule, now[1].amount, now[1].schedule), (old.id, Money(30_000), id));
    let there = tx.schedules_of(old.customer).await.expect("schedules");
    assert_eq!(there.len(), schedules.len());
    assert_eq!(there.iter().find(|one| one.id == id).map(|one| one.amount), Some(Money(30_000)));
    for (whose, other) in [("nobody's", ScheduleId::new()), ("another point's", whole.schedules[0].id)] {
        let refused = tx.replace_schedule(other, &again.schedule, &again.instalments).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{whose}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_tabs_changing_the_advance_at_once_one_wins() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let (old, seen) = scheduled(&tx, &whole).await;
    tx.commit().await.expect("kept");
    let mut tabs = tokio::task::JoinSet::new();
    for tab in 1..=10 {
        let (db, old) = (ground.db.tenant(a), old.clone());
        let changed = changed(tab * 100, &old, &seen);
        tabs.spawn(async move {
            let tx = change(&db).await;
            match tx.replace_schedule(old.id, &changed.schedule, &changed.instalments).await {
                Ok(_) => tx.commit().await.expect("kept"),
                Err(Error::Conflict(_)) => return None,
                Err(other) => panic!("{other}"),
            }
            Some(changed.instalments)
        });
    }
    let won: Vec<_> = tabs.join_all().await.into_iter().flatten().collect();
    assert_eq!(won.len(), 1);
    assert_eq!(of_point(&change(&ground.db.tenant(a)).await, &old).await, won[0]);
}
