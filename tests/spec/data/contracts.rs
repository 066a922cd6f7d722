//! Contracts are saved as one goes, finished once, and found by whoever may.
use super::asked::{added, new_contract, new_request};
use super::requests::{change, kept};
use busbar::data::{ContractRow, Error, FinishedContract, Guarded};
use busbar::domain::contracts::ContractState;
use busbar::domain::requests::RequestKind;
use serde_json::json;
use time::macros::datetime;

#[tokio::test]
async fn a_draft_is_saved_finished_and_moved_from_the_version_that_was_seen() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let (token, at) = ([7; 32], datetime!(2026-11-23 13:00:00.5 UTC));
    let new = new_contract(None, Some(token));
    tx.start_contract(&new).await.expect("a draft");
    let draft = ContractRow {
        id: new.id,
        number: None,
        customer: None,
        email: String::new(),
        state: ContractState::Draft,
        data: new.data.clone(),
        version: 1,
        created_at: new.created_at,
        updated_at: new.created_at,
        request: None,
        document: None,
        language: "cs".into(),
    };
    assert_eq!(tx.contract_by_token(&token).await.expect("by the link"), draft);
    let data = json!({ "krok": 2, "jméno": "Žofie" });
    let saved = tx.save_contract(new.id, 1, &data, "žofie@příklad.cz", at).await.expect("saved");
    assert_eq!(saved, Guarded::Done(2));
    let stale = tx.save_contract(new.id, 1, &new.data, "", at).await.expect("an answer");
    let there = tx.contract(new.id).await.expect("for staff");
    assert_eq!(stale, Guarded::Stale(Box::new(there.clone())), "the other tab is told");
    assert_eq!((there.data, there.updated_at), (data.clone(), at));

    let request = added(tx.add_request(&new_request(None, RequestKind::Contract)).await.expect("a request"));
    let document = Some(whole.documents[0].id);
    let finished =
        FinishedContract { number: "S-26-1", data: &data, email: "z@example.cz", request: request.id, document, at };
    assert_eq!(tx.finish_contract(new.id, 2, &finished).await.expect("finished"), Guarded::Done(3));
    for again in [
        tx.finish_contract(new.id, 3, &finished).await.expect("an answer"),
        tx.save_contract(new.id, 3, &data, "", at).await.expect("an answer"),
    ] {
        assert!(matches!(again, Guarded::Stale(_)), "only a draft is written on: {again:?}");
    }
    assert_eq!(tx.move_contract(new.id, 3, ContractState::PrintAsked, at).await.expect("moved"), Guarded::Done(4));
    let there = tx.contract_of_request(request.id).await.expect("what the request is about");
    assert_eq!((there.number.as_deref(), there.state, there.version), (Some("S-26-1"), ContractState::PrintAsked, 4));
    assert_eq!((there.request, there.document, there.email.as_str()), (Some(request.id), document, "z@example.cz"));
    tx.commit().await.expect("kept");

    let tx = change(&ground.db.tenant(b)).await;
    assert!(matches!(tx.contract_by_token(&token).await, Err(Error::NotFound)));
    assert!(matches!(tx.contract(new.id).await, Err(Error::NotFound)));
    assert!(matches!(tx.move_contract(new.id, 4, ContractState::Signed, at).await, Err(Error::NotFound)));
    let refused = tx.start_contract(&new_contract(Some(whole.customer.id), None)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's customer: {refused:?}");
}

#[tokio::test]
async fn a_number_is_one_contracts_and_a_customers_contracts_are_theirs() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let at = datetime!(2026-11-23 13:00 UTC);
    let request = added(tx.add_request(&new_request(None, RequestKind::Contract)).await.expect("a request"));
    let (first, second) = (new_contract(Some(whole.customer.id), None), new_contract(None, None));
    let data = json!({});
    let finished = FinishedContract { number: "1", data: &data, email: "", request: request.id, document: None, at };
    for new in [&first, &second] {
        tx.start_contract(new).await.expect("a draft");
    }
    let own: Vec<_> = tx.contracts_of(whole.customer.id).await.expect("a list").iter().map(|one| one.id).collect();
    assert_eq!((own.len(), own[0]), (2, first.id), "the newest first");
    assert_eq!(tx.contract_of(whole.customer.id, first.id).await.expect("their own").id, first.id);
    assert!(matches!(tx.contract_of(whole.customer.id, second.id).await, Err(Error::NotFound)));
    assert_eq!(tx.finish_contract(first.id, 1, &finished).await.expect("finished"), Guarded::Done(2));
    let refused = tx.finish_contract(second.id, 1, &finished).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}
