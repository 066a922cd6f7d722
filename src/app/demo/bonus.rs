//! Bonus points: what partners offer, and how the first customers came by their points and spent some.
use super::customer::DemoCustomer;
use super::draw::Draw;
use crate::data::{BonusOffer, Credit, Debit, TenantTx};
use crate::domain::bonus::{CodeSource, Kind, OfferState, Reason, Terms, made_code};
use crate::domain::ids::BonusOfferId;
use anyhow::{Context, Result};
use time::{Date, Duration};

/// Reason, days ago, points.
const HISTORY: [(Reason, i64, i64); 9] = [
    (Reason::SelfReading, 330, 50),
    (Reason::EInvoice, 310, 30),
    (Reason::PaymentOnTime, 250, 20),
    (Reason::PaymentOnTime, 190, 20),
    (Reason::SelfReading, 150, 50),
    (Reason::PaymentOnTime, 130, 20),
    (Reason::Desk, 100, 150),
    (Reason::SelfReading, 60, 50),
    (Reason::PaymentOnTime, 45, 20),
];

pub async fn keep(tx: &TenantTx, people: &[DemoCustomer], draw: &mut Draw, today: Date) -> Result<()> {
    let offers = offers(draw, today);
    for one in &offers {
        tx.add_bonus_offer(&BonusOffer { stock: stock(one), ..one.clone() }, today.midnight().assume_utc()).await?;
        if one.source == CodeSource::List {
            let codes: Vec<String> = (0..one.stock).map(|_| made_code(draw.bytes())).collect();
            tx.add_bonus_codes(one.id, one.version, &codes, today.midnight().assume_utc()).await?;
        }
    }
    let terms = Terms { expires_after_months: 24, ..Terms::default() };
    for person in people {
        let customer = person.customer.id;
        for (reason, ago, points) in HISTORY {
            let day = today - Duration::days(ago);
            let is_desk = reason == Reason::Desk;
            let credit = Credit {
                kind: if is_desk { Kind::Corrected } else { Kind::Earned },
                reason,
                points,
                cause: format!("demo:{ago}"),
                words: if is_desk { "Poděkování za deset let s námi".into() } else { String::new() },
                offer: None,
                staff: None,
                // The oldest go soon, so that the page has something to say.
                expires_on: if ago == 330 { today + Duration::days(20) } else { terms.holds_until(day) },
            };
            let at = day.midnight().assume_utc() + Duration::minutes(draw.between(6 * 60, 20 * 60));
            tx.credit_bonus(customer, &credit, at).await?;
        }
        let (day, bought) = (today - Duration::days(30), &offers[0]);
        let at = day.midnight().assume_utc() + Duration::hours(17);
        let debit = Debit {
            kind: Kind::Redeemed,
            reason: Reason::Offer,
            points: bought.price,
            cause: "demo:code".into(),
            words: String::new(),
            offer: Some(bought.id),
            staff: None,
        };
        tx.debit_bonus(customer, &debit, day, at).await?.ok().context("points for the first offer")?;
        let made = made_code(draw.bytes());
        tx.take_bonus_code(bought, customer, "demo", made, today, at).await?.context("a code of the first offer")?;
    }
    Ok(())
}

/// Of a list the codes themselves count.
fn stock(one: &BonusOffer) -> i32 {
    if one.source == CodeSource::Made { one.stock } else { 0 }
}

fn offers(draw: &mut Draw, today: Date) -> Vec<BonusOffer> {
    let mut offer = |source, stock, price, days, partner: &str, words: [[&str; 2]; 3]| {
        let both = |[cs, en]: [&str; 2]| (cs.to_owned(), en.to_owned());
        let [title, description, conditions] = words.map(both);
        BonusOffer {
            id: BonusOfferId(draw.id(today - Duration::days(60))),
            title,
            description,
            conditions,
            partner: partner.into(),
            price,
            valid_from: today - Duration::days(60),
            valid_until: today + Duration::days(days),
            source,
            stock,
            taken: 0,
            state: OfferState::Published,
            version: 1,
        }
    };
    vec![
        offer(
            CodeSource::Made,
            500,
            80,
            120,
            "Kavárna Ukázka",
            [
                ["Káva a zákusek", "Coffee and cake"],
                ["Espresso a zákusek podle denní nabídky.", "An espresso and the cake of the day."],
                [
                    "Jeden kód na jednu návštěvu.\nKód ukažte před zaplacením.",
                    "One code for one visit.\nShow it before you pay.",
                ],
            ],
        ),
        offer(
            CodeSource::List,
            25,
            150,
            60,
            "Kino Ukázka",
            [
                ["Lístek do kina", "A cinema ticket"],
                ["Vstupenka na libovolné dvourozměrné představení.", "A ticket to any two-dimensional film."],
                ["Neplatí na premiéry.\nRezervujte si místo předem.", "Not for premieres.\nBook a seat beforehand."],
            ],
        ),
        offer(
            CodeSource::Made,
            40,
            300,
            90,
            "Elektro Ukázka",
            [
                ["Sada tří LED žárovek", "Three LED bulbs"],
                ["Úsporné žárovky E27, teplé světlo.", "Economical E27 bulbs, warm light."],
                ["Vyzvednete v kterékoli prodejně.", "Pick them up at any shop."],
            ],
        ),
        offer(
            CodeSource::List,
            3,
            900,
            30,
            "Kotle Ukázka",
            [
                ["Servis plynového kotle", "A service of your gas boiler"],
                [
                    "Roční prohlídka a vyčištění kotle u vás doma.",
                    "A yearly check and cleaning of your boiler at home.",
                ],
                [
                    "Termín domluvíte s technikem.\nNáhradní díly se platí zvlášť.",
                    "Arrange the day with the technician.\nSpare parts are paid extra.",
                ],
            ],
        ),
    ]
}
