//! What operators keep for their customers: forms, and who looks after whom.
use super::asked::{form, representative};
use super::requests::{change, kept};
use busbar::data::{Error, FormRow, Guarded, Representative};
use busbar::domain::ids::*;

#[tokio::test]
async fn forms_come_back_as_saved_and_of_two_operators_the_later_is_told() {
    let (ground, a, b, _) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let new = FormRow { is_active: false, ..form("prevod", 2) };
    assert_eq!(tx.save_electronic_form(&new).await.expect("a form"), Guarded::Done(1));
    let kept = FormRow { version: 1, ..new.clone() };
    assert_eq!(tx.electronic_form("prevod").await.expect("by its word"), kept);
    let slugs = async |only_active| {
        let all = tx.electronic_forms(only_active).await.expect("a list");
        all.into_iter().map(|one| one.slug).collect::<Vec<_>>()
    };
    assert_eq!(slugs(false).await, ["stálý", "prevod"]);
    assert_eq!(slugs(true).await, ["stálý"]);
    let edited = FormRow { slug: "převod".into(), is_active: true, lead_en: "Lead".into(), ..kept.clone() };
    assert_eq!(tx.save_electronic_form(&edited).await.expect("saved"), Guarded::Done(2));
    let there = FormRow { version: 2, ..edited };
    let stale = tx.save_electronic_form(&kept).await.expect("an answer");
    assert_eq!(stale, Guarded::Stale(Box::new(there.clone())));
    let twin = FormRow { id: FormId::new(), version: 0, ..there };
    assert!(matches!(tx.save_electronic_form(&twin).await, Err(Error::Conflict(_))), "one word, one form");
    drop(tx);
    let tx = change(&ground.db.tenant(b)).await;
    assert!(tx.electronic_forms(false).await.expect("a list").is_empty());
    assert!(matches!(tx.electronic_form("stálý").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_customer_has_their_own_representative_or_the_regions_or_anybodys() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let customer = whole.customer.id;
    let own = tx.representative_of(customer, "").await.expect("a lookup").expect("assigned at first");
    assert_eq!((own.region.as_str(), own.staff), ("Ústecký kraj", Some(whole.staff.id)));
    assert_eq!(tx.assign_representative(customer, None).await.expect("taken off"), Some(own.id));
    assert_eq!(tx.assign_representative(customer, None).await.expect("taken off"), None);
    let whose = async |region| tx.representative_of(customer, region).await.expect("a lookup").map(|one| one.id);
    assert_eq!(whose("Praha").await, None);
    let (prague, all) = (representative("Praha"), representative(""));
    for one in [&prague, &all] {
        tx.save_representative(one).await.expect("kept");
    }
    assert_eq!((whose("Praha").await, whose("Brno").await), (Some(prague.id), Some(all.id)));
    assert_eq!(tx.assign_representative(customer, Some(all.id)).await.expect("assigned"), None);
    assert_eq!(tx.assign_representative(customer, Some(own.id)).await.expect("again"), Some(all.id));
    assert_eq!(whose("Praha").await, Some(own.id));
    let gone = Representative { is_active: false, name: "Jan".into(), ..own };
    tx.save_representative(&gone).await.expect("over it");
    assert_eq!(whose("Praha").await, Some(prague.id), "who left is nobody's");
    assert_eq!(tx.representatives().await.expect("a list").iter().find(|one| one.id == gone.id), Some(&gone));
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert_eq!(tx.representative_of(customer, "Praha").await.expect("a lookup"), None);
    let theirs = representative("Praha");
    tx.save_representative(&theirs).await.expect("kept");
    let refused = tx.assign_representative(customer, Some(theirs.id)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's customer: {refused:?}");
}
