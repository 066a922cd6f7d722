//! Points in the rows: never below zero, each cause once, the oldest first, the ledger's sum is the balance; the last code is had by one.
use super::ground::Ground;
use super::whole::whole;
use busbar::data::{BonusOffer, Credit, Debit, Error, TenantTx};
use busbar::domain::bonus::{CodeSource, Kind, OfferState, Reason, Short, Standing};
use busbar::domain::ids::{BonusCodeId, BonusOfferId, CustomerId, StaffId};
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
const TODAY: Date = date!(2026 - 11 - 23);

pub fn credit(points: i64, cause: &str, expires_on: Date) -> Credit {
    Credit {
        kind: Kind::Earned,
        reason: Reason::SelfReading,
        points,
        cause: cause.into(),
        words: String::new(),
        offer: None,
        staff: None,
        expires_on,
    }
}

pub fn debit(points: i64, cause: &str) -> Debit {
    Debit {
        kind: Kind::Redeemed,
        reason: Reason::Offer,
        points,
        cause: cause.into(),
        words: String::new(),
        offer: None,
        staff: None,
    }
}

pub fn offer(source: CodeSource, stock: i32, today: Date) -> BonusOffer {
    let both = |text: &str| (text.to_owned(), text.to_owned());
    BonusOffer {
        id: BonusOfferId::new(),
        title: both("Lístek do kina"),
        description: both("Jeden vstup"),
        conditions: both("Platí do konce roku"),
        partner: "Kino Ukázka".into(),
        price: 100,
        valid_from: today - Duration::DAY,
        valid_until: today + Duration::DAY,
        source,
        stock,
        taken: 0,
        state: OfferState::Published,
        version: 1,
    }
}

/// An offer, points earned and spent, a code: for the proofs that want a row everywhere.
pub async fn fill(tx: &TenantTx, customer: CustomerId, staff: StaffId, at: OffsetDateTime) -> Result<(), Error> {
    let one = offer(CodeSource::Made, 3, at.date());
    tx.add_bonus_offer(&one, at).await?;
    let by_staff = Credit { staff: Some(staff), ..credit(500, "reading:1", date!(9999 - 12 - 31)) };
    assert!(tx.credit_bonus(customer, &by_staff, at).await?);
    let spent = Debit { offer: Some(one.id), ..debit(one.price, "code:1") };
    // The demo's own customers have some already.
    assert!(tx.debit_bonus(customer, &spent, at.date(), at).await?.is_ok_and(|left| left >= 400));
    let code = tx.take_bonus_code(&one, customer, "form", customer.to_string(), at.date(), at).await?;
    assert!(code.is_some(), "there are three");
    Ok(())
}

/// Every list and lookup of points, for the proof that each is answered from an index.
pub async fn ask_everything(tx: &TenantTx, customer: CustomerId, at: OffsetDateTime) -> Result<(), Error> {
    let (nobody, today) = (CustomerId(uuid::Uuid::nil()), at.date());
    let from = today - Duration::days(35);
    tx.bonus_earners(nobody, true, 5).await?;
    tx.advances_paid_on_time(from, customer..=customer).await?;
    tx.invoices_sent_electronically(from, customer..=customer).await?;
    tx.has_own_log_in(customer).await?;
    tx.next_bonus_day(today, today + Duration::days(30)).await?;
    tx.bonus_owners(today, nobody, 5).await?;
    tx.bonus_purse(customer).await?;
    tx.bonus_member(customer).await?;
    tx.bonus_entries_of(customer, 3, 5).await?;
    tx.has_bonus_cause(customer, "none").await?;
    tx.bonus_codes_of(customer, 5).await?;
    tx.bonus_code_of_form(customer, "none").await?;
    assert!(matches!(tx.bonus_code_of(customer, BonusCodeId::new()).await, Err(Error::NotFound)));
    tx.bonus_codes_there(BonusOfferId::new(), &["A".to_owned()]).await?;
    let one = offer(CodeSource::List, 0, today);
    tx.add_bonus_offer(&one, at).await?;
    assert!(tx.add_bonus_codes(one.id, 1, &["A".to_owned(), "B".to_owned()], at).await?);
    let taken = tx.take_bonus_code(&one, customer, "list", String::new(), today, at).await?;
    let taken = taken.ok_or(Error::NotFound)?;
    assert!(tx.return_bonus_code(customer, taken.id, at).await?);
    tx.write_off_bonus(customer, today, at).await?;
    tx.bonus_offers().await?;
    Ok(())
}

/// A customer in a transaction of their own tenant.
async fn somebody() -> (Ground, TenantTx, CustomerId) {
    let (ground, tenant, _) = Ground::with_two().await;
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let all = whole();
    tx.insert_customers(std::slice::from_ref(&all.customer)).await.expect("a customer");
    (ground, tx, all.customer.id)
}

async fn sum(tx: &TenantTx, customer: CustomerId) -> i64 {
    let all = tx.bonus_entries_of(customer, i32::MAX, 1000).await.expect("a list");
    all.iter().map(|one| one.points).sum()
}

#[tokio::test]
async fn a_cause_earns_once_and_the_ledger_adds_up_to_the_balance() {
    let (_ground, tx, customer) = somebody().await;
    let last = date!(2027 - 01 - 31);
    for (cause, is_new) in [("reading:1", true), ("reading:1", false), ("reading:2", true)] {
        assert_eq!(
            tx.credit_bonus(customer, &credit(50, cause, last), NOW).await.expect("a change"),
            is_new,
            "{cause}"
        );
    }
    for odd in [0, -5] {
        assert!(!tx.credit_bonus(customer, &credit(odd, "odd", last), NOW).await.expect("nothing"), "{odd}");
    }
    assert_eq!(
        tx.debit_bonus(customer, &debit(101, "code:1"), TODAY, NOW).await.expect("an answer"),
        Err(Short { balance: 100 })
    );
    assert_eq!(
        tx.debit_bonus(customer, &debit(-1, "code:1"), TODAY, NOW).await.expect("an answer"),
        Err(Short { balance: 100 })
    );
    assert_eq!(tx.debit_bonus(customer, &debit(70, "code:1"), TODAY, NOW).await.expect("an answer"), Ok(30));
    let member = tx.bonus_member(customer).await.expect("a lookup").expect("a row");
    assert_eq!((member.balance, member.entries, sum(&tx, customer).await), (30, 3, 30));
    // The oldest is used up, of the second the rest is there.
    let purse = tx.bonus_purse(customer).await.expect("what is left");
    assert_eq!(purse.next_expiry(TODAY), Some((last, 30)));
    let page = tx.bonus_entries_of(customer, 3, 10).await.expect("the next page");
    assert_eq!(page.iter().map(|one| one.seq).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn what_passed_its_day_is_written_off_once_and_never_spent() {
    let (_ground, tx, customer) = somebody().await;
    tx.credit_bonus(customer, &credit(80, "a", date!(2026 - 11 - 22)), NOW).await.expect("points");
    tx.credit_bonus(customer, &credit(20, "b", TODAY), NOW).await.expect("points");
    let (yesterday, nobody) = (TODAY - Duration::DAY, CustomerId(uuid::Uuid::nil()));
    assert_eq!(tx.next_bonus_day(yesterday - Duration::DAY, yesterday).await.expect("a day"), Some(yesterday));
    assert_eq!(tx.bonus_owners(yesterday, nobody, 5).await.expect("owners"), [(customer, 80)]);
    assert!(tx.bonus_owners(yesterday, customer, 5).await.expect("owners").is_empty(), "the next page");
    assert_eq!(
        tx.debit_bonus(customer, &debit(21, "c"), TODAY, NOW).await.expect("an answer"),
        Err(Short { balance: 20 })
    );
    assert_eq!(tx.write_off_bonus(customer, TODAY, NOW).await.expect("nothing more"), 0);
    assert!(tx.bonus_owners(yesterday, nobody, 5).await.expect("owners").is_empty());
    assert_eq!(tx.next_bonus_day(yesterday - Duration::DAY, yesterday).await.expect("none"), None);
    let all = tx.bonus_entries_of(customer, i32::MAX, 10).await.expect("a list");
    assert_eq!((all[0].kind, all[0].reason, all[0].points), (Kind::Expired, Reason::DayPassed, -80));
    assert_eq!(sum(&tx, customer).await, 20);
}

#[tokio::test]
async fn who_leaves_loses_what_is_left_earns_no_more_and_may_come_back_to_nothing() {
    let (_ground, tx, customer) = somebody().await;
    let last = date!(2027 - 01 - 31);
    tx.credit_bonus(customer, &credit(80, "a", last), NOW).await.expect("points");
    assert_eq!(tx.leave_bonus(customer, TODAY, NOW).await.expect("left"), Some(80));
    assert_eq!(tx.leave_bonus(customer, TODAY, NOW).await.expect("before"), None);
    assert!(!tx.credit_bonus(customer, &credit(10, "b", last), NOW).await.expect("nothing"));
    assert!(
        tx.join_bonus(customer, NOW).await.expect("joined") && !tx.join_bonus(customer, NOW).await.expect("before")
    );
    let member = tx.bonus_member(customer).await.expect("a lookup").expect("a row");
    assert_eq!((member.standing, member.balance), (Standing::Joined, 0));
    assert!(tx.credit_bonus(customer, &credit(10, "b", last), NOW).await.expect("points"));
    assert_eq!(tx.leave_bonus(customer, TODAY, NOW).await.expect("left again"), Some(10));
    assert_eq!(sum(&tx, customer).await, 0);
}

#[tokio::test]
async fn codes_of_a_list_go_one_by_one_and_not_beyond_the_day_the_price_or_the_last() {
    let (_ground, tx, customer) = somebody().await;
    let one = offer(CodeSource::List, 0, TODAY);
    tx.add_bonus_offer(&one, NOW).await.expect("an offer");
    let codes = ["A-1".to_owned(), "A-2".to_owned()];
    assert!(!tx.add_bonus_codes(one.id, 7, &codes, NOW).await.expect("an answer"), "not as it was seen");
    assert!(tx.add_bonus_codes(one.id, 1, &codes, NOW).await.expect("codes"));
    assert_eq!(tx.bonus_codes_there(one.id, &["A-2".into(), "A-3".into()]).await.expect("a look").len(), 1);
    let kept = tx.bonus_offer(one.id).await.expect("as it is");
    assert_eq!((kept.stock, kept.taken, kept.version), (2, 0, 2));
    let take = async |offer: &BonusOffer, key: &str, day| {
        let taken = tx.take_bonus_code(offer, customer, key, String::new(), day, NOW).await.expect("an answer");
        taken.map(|one| one.code)
    };
    for (offer, day) in [
        (&kept, TODAY + Duration::days(2)),
        (&kept, TODAY - Duration::days(2)),
        (&BonusOffer { price: 1, ..kept.clone() }, TODAY),
    ] {
        assert_eq!(take(offer, "early", day).await, None);
    }
    assert_eq!(take(&kept, "1", TODAY).await.as_deref(), Some("A-1"));
    let first = tx.bonus_code_of_form(customer, "1").await.expect("a lookup").expect("a code");
    assert_eq!((first.code.as_str(), first.price), ("A-1", 100));
    assert_eq!(take(&kept, "2", TODAY).await.as_deref(), Some("A-2"));
    assert_eq!(take(&kept, "3", TODAY).await, None, "none is left");
    assert_eq!(tx.bonus_codes_of(customer, 10).await.expect("a list").len(), 2);
    assert!(matches!(tx.bonus_code_of(CustomerId::new(), first.id).await, Err(Error::NotFound)), "another's");
    assert!(tx.return_bonus_code(customer, first.id, NOW).await.expect("back"));
    assert!(!tx.return_bonus_code(customer, first.id, NOW).await.expect("before"));
    assert!(tx.turn_bonus_offer(one.id, 2, OfferState::Withdrawn, NOW).await.expect("withdrawn"));
    assert!(!tx.turn_bonus_offer(one.id, 2, OfferState::Published, NOW).await.expect("not as seen"));
}
