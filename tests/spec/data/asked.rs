//! What the one customer asked for: a row in every table of requests and what follows from them.
use super::whole::{LETTERS, Whole};
use busbar::data::{
    Added, AttachmentRow, Booked, EmailChange, Error, FormRow, NewBooking, NewContract, NewEvent, NewRequest,
    NewSignIn, NewStaffInvitation, OfficeRow, Representative, StoredAttachment, TenantTx, TopicRow,
};
use busbar::domain::appointments::Opening;
use busbar::domain::features::Role;
use busbar::domain::ids::*;
use busbar::domain::requests::{Actor, RequestKind, RequestState};
use busbar::domain::supply_points::Address;
use serde_json::json;
use time::macros::{date, datetime, time};
use time::{Duration, OffsetDateTime};

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

pub fn event(what: &str, by: Actor, is_public: bool) -> NewEvent {
    NewEvent {
        at: datetime!(2026-11-23 12:00:00.123456 UTC),
        by,
        actor: LETTERS.into(),
        what: what.into(),
        words: format!("{LETTERS}\n{LETTERS}"),
        state_after: is_public.then_some(RequestState::WaitingForCustomer),
        is_public,
    }
}

pub fn attachment(request: RequestId, name: &str, bytes: Vec<u8>) -> StoredAttachment {
    let row = AttachmentRow {
        id: AttachmentId::new(),
        request,
        name: name.into(),
        media_type: "application/pdf".into(),
        size: bytes.len() as i64,
        sha256: vec![0xff; 32],
        added_at: datetime!(2026-11-23 12:00:00.000001 UTC),
    };
    StoredAttachment { row, bytes }
}

pub fn office(key: &str, capacity: u16) -> OfficeRow {
    let opening = |from, to| Opening { from, to };
    let day = vec![opening(time!(08:00), time!(12:00)), opening(time!(12:30), time!(23:59))];
    let topic = |key: &str, position, is_active| TopicRow {
        key: key.into(),
        name_cs: LETTERS.into(),
        name_en: "An invoice".into(),
        minutes: 20,
        position,
        is_active,
    };
    OfficeRow {
        id: OfficeId::new(),
        key: key.into(),
        name_cs: LETTERS.into(),
        name_en: "Prague".into(),
        address: Address { street: LETTERS.into(), city: "Praha".into(), postcode: "110 00".into() },
        phone: "+420777123456".into(),
        hours: [day.clone(), day.clone(), vec![], day.clone(), day, vec![], vec![]],
        closed: vec![date!(2026 - 12 - 24), date!(2027 - 01 - 02)],
        slot_minutes: 20,
        capacity,
        lead_minutes: 60,
        ahead_days: 30,
        position: 1,
        is_active: true,
        topics: vec![topic("invoice", 1, true), topic("old", 2, false)],
    }
}

pub fn booking(office: &OfficeRow, customer: CustomerId, starts_at: OffsetDateTime) -> NewBooking {
    NewBooking {
        id: BookingId::new(),
        office: office.id,
        topic: "invoice".into(),
        customer,
        request: None,
        starts_at,
        ends_at: starts_at + Duration::minutes(20),
        created_at: datetime!(2026-11-23 12:00:00.000001 UTC),
    }
}

pub fn email_change(customer: CustomerId, token: u8) -> EmailChange {
    EmailChange {
        id: EmailChangeId::new(),
        customer,
        request: None,
        email: format!("žofie{token}@příklad.cz"),
        token_hash: [token; 32],
        expires_at: datetime!(2026-11-24 12:00 UTC),
        used_at: None,
        asked_by: None,
    }
}

pub fn new_contract(customer: Option<CustomerId>, token_hash: Option<[u8; 32]>) -> NewContract {
    NewContract {
        id: ContractId::new(),
        customer,
        email: String::new(),
        token_hash,
        data: json!({ "krok": 1 }),
        created_at: datetime!(2026-11-23 12:00:00.123456 UTC),
        language: "cs".into(),
    }
}

pub fn form(slug: &str, position: i16) -> FormRow {
    FormRow {
        id: FormId::new(),
        slug: slug.into(),
        title_cs: LETTERS.into(),
        title_en: "A form".into(),
        lead_cs: LETTERS.into(),
        lead_en: String::new(),
        fields: json!([{ "key": "ean", "popisek": LETTERS }]),
        position,
        is_active: true,
        version: 0,
    }
}

pub fn representative(region: &str) -> Representative {
    Representative {
        id: RepresentativeId::new(),
        name: LETTERS.into(),
        phone: "+420777123456".into(),
        email: "obchod@příklad.cz".into(),
        region: region.into(),
        staff: None,
        is_active: true,
    }
}

pub struct Asked {
    pub request: NewRequest,
    /// Of the staff of the same tenant.
    pub staff: StaffId,
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
    Asked { request, staff: whole.staff.id }
}

impl Asked {
    /// Of a customer who is there.
    pub async fn write(&self, tx: &TenantTx) -> Result<(), Error> {
        let customer = self.request.customer.expect("it is a customer's");
        let request = added(tx.add_request(&self.request).await?);
        tx.add_event(request.id, &event("received", Actor::Customer, true)).await?;
        tx.add_attachment(&attachment(request.id, "revizní zpráva.pdf", b"%PDF-\0\xff".to_vec())).await?;
        let change = EmailChange { request: Some(request.id), ..email_change(customer, 0xfe) };
        tx.add_email_change(&change, self.request.received_at).await?;
        let office = office("stálá", 1);
        tx.save_office(&office).await?;
        let booking = booking(&office, customer, datetime!(2026-11-30 08:00 UTC));
        let booked = tx.book(&NewBooking { request: Some(request.id), ..booking }, office.capacity).await?;
        assert!(matches!(booked, Booked::Yes(_)), "the first place of the first slot");
        tx.start_contract(&new_contract(Some(customer), Some([0xfe; 32]))).await?;
        tx.save_electronic_form(&form("stálý", 1)).await?;
        let representative = Representative { staff: Some(self.staff), ..representative("Ústecký kraj") };
        tx.save_representative(&representative).await?;
        tx.assign_representative(customer, Some(representative.id)).await.map(|_| ())
    }
}

/// A member whose second factor is renewed, and who is about to sign in through a provider.
pub async fn invited(tx: &TenantTx, staff: StaffId, at: OffsetDateTime) -> Result<(), Error> {
    let invitation = NewStaffInvitation {
        id: StaffInvitationId::new(),
        staff: Some(staff),
        name: LETTERS.into(),
        email: "referent@example.cz".into(),
        username: "Referent".into(),
        role: Role::Clerk,
        invited_by: LETTERS.into(),
        inviter: Some(staff),
        token_hash: [0xfc; 32],
        created_at: at,
        expires_at: at + Duration::days(7),
    };
    tx.add_staff_invitation(&invitation).await?;
    let sign_in = NewSignIn {
        id: StaffSignInId::new(),
        state_hash: [0xfb; 32],
        browser_hash: [0xfa; 32],
        nonce: LETTERS.into(),
        verifier: "v".repeat(128),
        next: String::new(),
        expires_at: at + Duration::minutes(10),
    };
    tx.begin_staff_sign_in(&sign_in, at).await?;
    tx.ask_staff_for_code(sign_in.id, staff, LETTERS, &[0xf9; 32]).await
}
