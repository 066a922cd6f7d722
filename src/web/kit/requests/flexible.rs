//! The flexible advance: last month's real use × the prices of the newest bill, put into the next instalment when the meter was read.
use super::super::error::Error;
use crate::data::TenantTx;
use crate::domain::advances::Instalment;
use crate::domain::forecast::{self, Calculation, Measured, Prices, Usage};
use crate::domain::ids::{CustomerId, SupplyPointId};
use crate::domain::money::Money;
use crate::domain::payment_methods::payable_by;
use time::Date;

/// What next month costs, and what it was counted from; no reading of this month or the last leaves an estimate.
pub struct Flexible {
    pub measured: Option<Measured>,
    pub sum: Calculation,
}

/// None before the first settlement: no prices are known.
pub async fn of_point(
    tx: &TenantTx,
    customer: CustomerId,
    point: SupplyPointId,
    today: Date,
) -> Result<Option<Flexible>, Error> {
    let invoices = tx.invoices_of(customer, Default::default()).await?;
    let own = invoices.iter().filter(|invoice| invoice.supply_point == point);
    let Some(newest) = own.max_by_key(|invoice| invoice.period_to) else { return Ok(None) };
    let settlement = tx.settlement(customer, newest.id).await?;
    let readings = tx.readings_of_point(customer, point).await?;
    let measured = forecast::measured(&readings, point, today);
    let days = (newest.period_to - newest.period_from).whole_days() + 1;
    let settled = forecast::settled_usage(&settlement).into_iter();
    let estimate: Vec<Usage> = settled.map(|usage| forecast::a_month(usage, days)).collect();
    let usage = measured.as_ref().map(|measured| measured.usage.as_slice());
    let sum = forecast::flexible(usage, &estimate, &Prices::of(&settlement));
    Ok(Some(Flexible { measured, sum }))
}

/// The next instalment nobody has paid anything of.
pub async fn next_instalment(
    tx: &TenantTx,
    customer: CustomerId,
    point: SupplyPointId,
    today: Date,
) -> Result<Option<Instalment>, Error> {
    let coming = tx.instalments_of(customer, today).await?;
    Ok(coming.into_iter().find(|one| one.supply_point == point && one.due_on > today && one.paid == Money::ZERO))
}

/// After a reading: the next instalment is what was really used. Answers it as it is now, where there is one and its amount changed.
pub async fn prescribe(
    tx: &TenantTx,
    customer: CustomerId,
    point: SupplyPointId,
    today: Date,
) -> Result<Option<Instalment>, Error> {
    let Some(found) = of_point(tx, customer, point, today).await? else { return Ok(None) };
    let Some(next) = next_instalment(tx, customer, point, today).await? else { return Ok(None) };
    let amount = payable_by(next.method, found.sum.total);
    if found.measured.is_none() || amount == next.amount || !amount.is_positive() {
        return Ok(None);
    }
    tx.change_instalment(&next, amount).await?;
    Ok(Some(Instalment { amount, ..next }))
}
