//! What customers asked for and what they can come for: requests in their states with their stories, offices, a representative, forms.
use super::customer::DemoCustomer;
use super::draw::Draw;
use crate::data::{Added, FormRow, NewEvent, NewRequest, OfficeRow, Representative, TenantTx, TopicRow};
use crate::domain::appointments::Opening;
use crate::domain::ids::{FormId, OfficeId, RepresentativeId, RequestId, StaffId};
use crate::domain::requests::{Actor, RequestKind, RequestState, deadline, term_of};
use crate::domain::supply_points::Address;
use crate::web::kit::format::czech_date;
use anyhow::{Result, bail};
use serde_json::{Value as Json, json};
use time::macros::time;
use time::{Date, Duration, OffsetDateTime};

/// The first of these that a supplier offers tell three stories: still new, in work, done.
pub const KINDS: [RequestKind; 5] = [
    RequestKind::Question,
    RequestKind::MasterData,
    RequestKind::MailingAddress,
    RequestKind::Contact,
    RequestKind::ExtraordinarySettlement,
];
const STATES: [RequestState; 3] = [RequestState::New, RequestState::InProgress, RequestState::Done];
/// Days since each came in: the new one has its day before it, the one in work is late by it, the done one is past.
const AGES: [i64; 3] = [1, 25, 40];

/// Three requests of the first customers. `kinds`: what the supplier offers, in the order of [`KINDS`].
pub async fn requests(
    tx: &TenantTx,
    kinds: &[RequestKind],
    people: &[DemoCustomer],
    staff: (StaffId, &str),
    draw: &mut Draw,
    today: Date,
) -> Result<()> {
    if kinds.is_empty() || people.is_empty() {
        return Ok(());
    }
    for (at, state) in STATES.into_iter().enumerate() {
        // The first two are the first customer's, so that one log-in shows both an open and a late one.
        let person = &people[at.saturating_sub(1).min(people.len() - 1)];
        let kind = kinds[at % kinds.len()];
        let came_on = today - Duration::days(AGES[at]);
        let received_at = came_on.midnight().assume_utc() + Duration::minutes(draw.between(7 * 60, 14 * 60));
        let (payload, words) = said(kind, person, came_on);
        let id = RequestId(draw.id(came_on));
        let closed_at = (!state.is_open()).then_some(received_at + Duration::hours(30));
        let new = NewRequest {
            id,
            customer: Some(person.customer.id),
            account: Some(crate::domain::ids::AccountId(person.customer.id.0)),
            supply_point: (kind == RequestKind::ExtraordinarySettlement).then(|| person.points[0].id),
            kind,
            year: came_on.year(),
            state,
            was_immediate: false,
            received_at,
            deadline: deadline(came_on, term_of(kind).decide_days),
            money_deadline: None,
            payload,
            outcome: if state == RequestState::Done { "Vyřízeno, děkujeme.".into() } else { String::new() },
            idempotency: id.to_string(),
            closed_at,
            language: "cs".into(),
        };
        let Added::New(request) = tx.add_request(&new).await? else { bail!("{id} is there already") };
        let mut story = vec![event(received_at, Actor::Customer, &person.customer.name, "received", words)];
        if state != RequestState::New {
            tx.assign_request(request.id, request.version, Some(staff.0)).await?;
            let answer = "Dobrý den, požadavek prověřujeme a ozveme se.".to_owned();
            let moved = NewEvent {
                state_after: Some(RequestState::InProgress),
                ..event(received_at + Duration::hours(3), Actor::Staff, staff.1, "answer", answer)
            };
            story.push(moved);
        }
        if let Some(at) = closed_at {
            let words = "Vyřízeno, děkujeme.".to_owned();
            story.push(NewEvent { state_after: Some(state), ..event(at, Actor::Staff, staff.1, "approve", words) });
        }
        for one in &story {
            tx.add_event(request.id, one).await?;
        }
    }
    Ok(())
}

fn event(at: OffsetDateTime, by: Actor, actor: &str, what: &str, words: String) -> NewEvent {
    NewEvent { at, by, actor: actor.to_owned(), what: what.to_owned(), words, state_after: None, is_public: true }
}

/// What the kind's page shows, as the form would have written it, and what was said besides.
fn said(kind: RequestKind, person: &DemoCustomer, day: Date) -> (Json, String) {
    let customer = &person.customer;
    let phone = customer.phone.clone().unwrap_or_default();
    match kind {
        RequestKind::Contact => {
            let new = "+420600700800";
            let payload = json!({
                "shown": [["Telefon", phone, new]],
                "old": { "phone": customer.phone, "email": customer.email },
                "new": { "phone": new, "email": customer.email },
            });
            (payload, String::new())
        }
        RequestKind::MailingAddress => {
            let old = &customer.mailing;
            let json_of = |street: &str| json!({ "street": street, "city": old.city, "postcode": old.postcode });
            let payload = json!({
                "shown": [["Ulice a číslo", old.street, "Lipová 12/3"]],
                "old": json_of(&old.street),
                "new": json_of("Lipová 12/3"),
            });
            (payload, String::new())
        }
        RequestKind::MasterData => {
            let new = format!("{} ml.", customer.name);
            let payload = json!({
                "shown": [["Jméno", customer.name, new]],
                "old": { "name": customer.name, "company_id": customer.company_id },
                "new": { "name": new, "company_id": customer.company_id },
            });
            (payload, String::new())
        }
        RequestKind::ExtraordinarySettlement => {
            let point = &person.points[0];
            let read = person.readings.iter().filter(|one| one.supply_point == point.id).max_by_key(|one| one.read_on);
            let state = read.map(|one| one.state.to_string()).unwrap_or_default();
            let payload = json!({
                "shown": [["Odběrné místo", "", point.code], ["Ke dni", "", czech_date(day)], ["Stav měřidla", "", state]],
            });
            (payload, String::new())
        }
        _ => {
            let payload = json!({
                "shown": [["Předmět", "", "Kdy přijde další vyúčtování?"]],
                "subject": "Kdy přijde další vyúčtování?",
                "about": null,
            });
            (payload, "Dobrý den, rád bych věděl, kdy dostanu další vyúčtování. Děkuji.".to_owned())
        }
    }
}

/// Two offices with what people come for.
pub fn offices(draw: &mut Draw, day: Date) -> Vec<OfficeRow> {
    let long = vec![Opening { from: time!(08:00), to: time!(12:00) }, Opening { from: time!(13:00), to: time!(17:00) }];
    let short = vec![Opening { from: time!(08:00), to: time!(12:00) }];
    let topic = |key: &str, name_cs: &str, name_en: &str, minutes, position| TopicRow {
        key: key.into(),
        name_cs: name_cs.into(),
        name_en: name_en.into(),
        minutes,
        position,
        is_active: true,
    };
    let mut office =
        |position: i16, key: &str, [name_cs, name_en]: [&str; 2], street: &str, city: &str, capacity| OfficeRow {
            id: OfficeId(draw.id(day)),
            key: key.into(),
            name_cs: name_cs.into(),
            name_en: name_en.into(),
            address: Address { street: street.into(), city: city.into(), postcode: "110 00".into() },
            phone: "+420 800 000 051".into(),
            hours: [long.clone(), short.clone(), long.clone(), short.clone(), short.clone(), vec![], vec![]],
            closed: Vec::new(),
            slot_minutes: 20,
            capacity,
            lead_minutes: 60,
            ahead_days: 30,
            position,
            is_active: true,
            topics: vec![
                topic("smlouva", "Nová smlouva nebo přepis", "A new contract or its transfer", 20, 1),
                topic("vyuctovani", "Vyúčtování a platby", "Settlements and payments", 20, 2),
                topic("jine", "Něco jiného", "Something else", 20, 3),
            ],
        };
    vec![
        office(1, "stred", ["Kancelář Střed", "Centre office"], "Ukázková 1", "Praha 1", 3),
        office(2, "sever", ["Kancelář Sever", "North office"], "Ukázková 8", "Praha 8", 1),
    ]
}

/// One who looks after the capital, and everybody who has nobody else is sent to the common line.
pub fn representative(draw: &mut Draw, day: Date, staff: StaffId) -> Representative {
    Representative {
        id: RepresentativeId(draw.id(day)),
        name: "Zástupce Ukázkový".into(),
        phone: "+420 600 000 051".into(),
        email: "zastupce@example.com".into(),
        region: "Praha".into(),
        staff: Some(staff),
        is_active: true,
    }
}

pub fn forms(draw: &mut Draw, day: Date) -> Vec<FormRow> {
    let move_out = json!([
        { "key": "why", "kind": "choice", "required": true, "cs": "Důvod", "en": "Reason", "options": [
            { "key": "move", "cs": "Stěhuji se", "en": "I am moving" },
            { "key": "sale", "cs": "Prodej nemovitosti", "en": "The property is sold" },
            { "key": "other", "cs": "Jiný důvod", "en": "Another reason" },
        ] },
        { "key": "day", "kind": "date", "required": true, "cs": "Ke dni", "en": "As of", "earliest": "2026-01-01" },
        { "key": "state", "kind": "number", "cs": "Konečný stav plynoměru", "en": "Final state of the gas meter",
          "hint_cs": "Jen číslice před čárkou.", "hint_en": "Only the digits before the comma.", "least": "0", "most": "9999999" },
        { "key": "phone", "kind": "phone", "cs": "Telefon pro domluvu", "en": "Telephone to arrange it" },
        { "key": "note", "kind": "long_text", "cs": "Poznámka", "en": "Note", "max": 1000 },
        { "key": "agree", "kind": "yes_no", "required": true, "cs": "Potvrzuji, že údaje jsou správné.",
          "en": "I confirm that this is right." },
    ]);
    let power = json!([
        { "key": "who", "kind": "text", "required": true, "cs": "Koho zmocňujete", "en": "Whom you empower", "max": 100 },
        { "key": "until", "kind": "date", "cs": "Do kdy (nevyplníte-li, do odvolání)", "en": "Until (empty: until withdrawn)" },
        { "key": "email", "kind": "email", "cs": "E-mail zmocněnce", "en": "Their e-mail" },
        { "key": "what", "kind": "long_text", "required": true, "cs": "K čemu", "en": "For what", "max": 1000 },
    ]);
    let mut form =
        |position, slug: &str, [title_cs, title_en]: [&str; 2], [lead_cs, lead_en]: [&str; 2], fields| FormRow {
            id: FormId(draw.id(day)),
            slug: slug.into(),
            title_cs: title_cs.into(),
            title_en: title_en.into(),
            lead_cs: lead_cs.into(),
            lead_en: lead_en.into(),
            fields,
            position,
            is_active: true,
            version: 0,
        };
    vec![
        form(
            1,
            "ukonceni-odberu",
            ["Ukončení odběru", "End of supply"],
            ["Stěhujete se? Vyplňte, ke kterému dni odběr končí.", "Moving out? Tell us when the supply ends."],
            move_out,
        ),
        form(
            2,
            "plna-moc",
            ["Plná moc", "Power of attorney"],
            ["Zmocněte někoho, aby s námi jednal za vás.", "Empower somebody to deal with us for you."],
            power,
        ),
    ]
}
