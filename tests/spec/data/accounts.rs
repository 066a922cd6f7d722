//! Usernames belong to their tenant.
use super::ground::Ground;
use super::whole::whole;
use busbar::data::Error;

#[tokio::test]
async fn the_same_username_in_two_tenants_is_two_people() {
    let (ground, a, b) = Ground::with_two().await;
    let mut people = Vec::new();
    for tenant in [a, b] {
        let person = whole();
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        person.write(&tx).await.expect("the same username again");
        tx.commit().await.expect("kept");
        people.push((tenant, person));
    }
    for (tenant, person) in &people {
        let tx = ground.db.tenant(*tenant).read().await.expect("a transaction");
        let found = tx.account_by_username("žofie.čápová").await.expect("the lookup").expect("whatever the case");
        assert_eq!(found.id, person.account.id);
        let opened = tx.owner_of(found.id).await.expect("the lookup").expect("a customer");
        assert_eq!(opened, (person.customer.id, person.account.username.clone()));
        let member = tx.staff_by_username(" REFERENT ").await.expect("the lookup").expect("whatever the case");
        assert_eq!(member.member.id, person.staff.id);
    }
}

#[tokio::test]
async fn a_username_is_found_only_in_its_own_tenant() {
    let (ground, a, b) = Ground::with_two().await;
    let person = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    person.write(&tx).await.expect("rows");
    tx.commit().await.expect("kept");
    let tx = ground.db.tenant(b).read().await.expect("a transaction");
    assert!(tx.account_by_username(&person.account.username).await.expect("the lookup").is_none());
    assert!(tx.staff_by_username(&person.staff.username).await.expect("the lookup").is_none());
    assert!(tx.session(&person.session.token_hash).await.expect("the lookup").is_none());
    assert!(matches!(tx.customer(person.customer.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_username_in_another_case_is_taken() {
    let (ground, a, _) = Ground::with_two().await;
    let person = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    person.write(&tx).await.expect("rows");
    let mut second = person.account.clone();
    second.id = busbar::domain::ids::AccountId::new();
    second.username = "ŽOFIE.ČÁPOVÁ".into();
    let refused = tx.insert_accounts(&[second]).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}
