//! What the one customer asked for: a row in every table of requests and what follows from them.
use super::whole::{LETTERS, Whole};
use busbar::data::{Added, Error, NewRequest, TenantTx};
use busbar::domain::ids::*;
use busbar::domain::requests::{RequestKind, RequestState};
use serde_json::json;
use time::macros::{date, datetime};

pub fn new_request(customer: Option<CustomerId>, kind: RequestKind) -> NewRequest {
    let id = RequestId::new();
    NewRequest {
        id,
        customer,
        account: None,
        supply_point: None,
        kind,
        year: 2026,
        state: RequestState::New,
        was_immediate: false,
        received_at: datetime!(2026-11-23 12:00:00.123456 UTC),
        deadline: date!(2026 - 12 - 08),
        money_deadline: None,
        payload: json!({ "old": LETTERS, "new": i64::MAX }),
        outcome: String::new(),
        idempotency: id.to_string(),
        closed_at: None,
        language: "cs".into(),
    }
}

/// The request as it was added, which it must be.
pub fn added(added: Added) -> busbar::data::Request {
    match added {
        Added::New(request) => request,
        Added::Already(request) => panic!("{} was there already", request.reference),
    }
}

pub struct Asked {
    pub request: NewRequest,
}

pub fn asked(whole: &Whole) -> Asked {
    let request = NewRequest {
        account: Some(whole.account.id),
        supply_point: Some(whole.points[0].id),
        money_deadline: Some(date!(9999 - 12 - 31)),
        outcome: LETTERS.into(),
        was_immediate: true,
        state: RequestState::Done,
        closed_at: Some(datetime!(2026-11-23 12:00:00.000001 UTC)),
        ..new_request(Some(whole.customer.id), RequestKind::BankAccount)
    };
    Asked { request }
}

impl Asked {
    pub async fn write(&self, tx: &TenantTx) -> Result<(), Error> {
        added(tx.add_request(&self.request).await?);
        Ok(())
    }
}
