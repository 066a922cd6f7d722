//! The bonus programme as every face shows it: its name, who is a member, points in words; and points for a reading that was made so.
use super::error::Error;
use super::page::Page;
use crate::data::{BonusEntry, BonusMember, BonusOffer, Credit, TenantTx};
use crate::domain::bonus::{Kind, Reason, Standing};
use crate::domain::features::Feature;
use crate::domain::ids::{CustomerId, SupplyPointId};
use crate::tenancy::{Arg, Lang};
use crate::web::kit::table::{Cell, Table};

/// What the supplier calls it.
pub fn name(page: &Page) -> String {
    match page.tenant().document.bonus.name.get(page.lang()) {
        "" => page.t("bonus-title"),
        name => name.to_owned(),
    }
}

pub fn is_member(page: &Page, row: Option<&BonusMember>) -> bool {
    Standing::is_member(row.map(|row| row.standing), page.tenant().has(Feature::BonusAutoEnrolment))
}

/// `1 250 bodů`.
pub fn points(page: &Page, count: i64) -> String {
    page.t_args("bonus-points", &[("count", Arg::from(count.abs())), ("number", Arg::from(page.whole(count)))])
}

/// Of a text in Czech and English, the reader's.
pub fn words<'a>(page: &Page, both: &'a (String, String)) -> &'a str {
    if page.lang() == Lang::En { &both.1 } else { &both.0 }
}

/// Points for reading the meter, once a month and supply point. False where there are none.
pub async fn earn_for_reading(
    tx: &TenantTx,
    page: &Page,
    customer: CustomerId,
    point: SupplyPointId,
) -> Result<bool, Error> {
    let terms = page.tenant().document.bonus.terms;
    let given = terms.points_for(Reason::SelfReading);
    if !page.tenant().has(Feature::BonusProgramme) || given == 0 {
        return Ok(false);
    }
    let row = tx.bonus_member(customer).await?;
    if !is_member(page, row.as_ref()) || !tx.has_own_log_in(customer).await? {
        return Ok(false);
    }
    let today = page.today();
    let credit = Credit {
        kind: Kind::Earned,
        reason: Reason::SelfReading,
        points: given,
        cause: format!("reading:{point}:{}-{:02}", today.year(), u8::from(today.month())),
        words: String::new(),
        offer: None,
        staff: None,
        expires_on: terms.holds_until(today),
    };
    Ok(tx.credit_bonus(customer, &credit, page.now()).await?)
}

/// Changes as a table, newest first.
pub fn ledger(page: &Page, entries: &[BonusEntry], offers: &[BonusOffer]) -> Table {
    let columns = ["bonus-column-day", "bonus-column-what", "#bonus-column-points", "bonus-column-until"];
    let mut table = Table::new(page, "bonus-ledger", &columns);
    for one in entries {
        let offer = one.offer.and_then(|id| offers.iter().find(|offer| offer.id == id));
        let note = match offer {
            Some(offer) => words(page, &offer.title).to_owned(),
            None => one.words.clone(),
        };
        let sign = if one.points > 0 { "+" } else { "" };
        table.push([
            Cell::of(page.moment(one.at)),
            Cell::of(page.t(&format!("bonus-reason-{}", one.reason.key().replace('_', "-")))).note(note),
            Cell::of(format!("{sign}{}", page.whole(one.points))),
            Cell::of(one.expires_on.map(|day| page.date(day)).unwrap_or_else(|| "–".to_owned())),
        ]);
    }
    table
}
