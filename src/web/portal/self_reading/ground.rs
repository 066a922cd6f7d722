//! What is known of a point before its meter is read again.
use crate::data::TenantTx;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::ids::SupplyPointId;
use crate::domain::invoices::Invoice;
use crate::domain::readings::Reading;
use crate::domain::self_readings::Known;
use crate::domain::supply_points::{Meter, Register, SupplyPoint};
use crate::web::kit::error::Error;
use crate::web::kit::format::{cubic_metres_of, kwh_of};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::portal::offered::{Offered, Points};
use std::collections::HashMap;
use time::{Date, Duration};

/// Readings looked at for each point of a customer who has many: more than any meter gets between two settlements.
const READINGS_A_POINT: u64 = 100;

/// Everything the check wants to know.
pub struct Ground {
    pub point: SupplyPoint,
    pub meter: Meter,
    readings: Vec<Reading>,
    yearly: Vec<(Register, i64)>,
    settled_to: Option<Date>,
}

impl Ground {
    pub async fn of(tx: &TenantTx, customer: &Customer, id: SupplyPointId) -> Result<Ground, Error> {
        let point = tx.supply_point(customer.id, id).await?;
        Offered::of(&customer.page).admit(point.commodity)?;
        let meters = tx.meters_of(customer.id, id).await?;
        let readings = tx.readings_of_point(customer.id, id).await?;
        let past = Past::of(tx, customer).await?;
        past.ground(point, meters, readings).ok_or(Error::NotFound)
    }

    /// Of every point that is offered and supplied today and has a meter: a few statements, however many points there are.
    pub async fn all(tx: &TenantTx, customer: &Customer) -> Result<Vec<Ground>, Error> {
        let page = &customer.page;
        let points = Points::of(tx, page, customer.id).await?;
        let points: Vec<SupplyPoint> =
            points.shown.into_iter().filter(|point| point.is_supplied_on(page.today())).collect();
        let ids: Vec<SupplyPointId> = points.iter().map(|point| point.id).collect();
        let mut meters = by_point(tx.meters_of_points(&ids).await?, |meter| meter.supply_point);
        let readings = tx.readings_of(customer.id, READINGS_A_POINT * ids.len() as u64).await?;
        let mut readings = by_point(readings, |reading| reading.supply_point);
        let past = Past::of(tx, customer).await?;
        let own = |point: SupplyPoint| {
            let (meters, readings) = (meters.remove(&point.id), readings.remove(&point.id));
            past.ground(point, meters.unwrap_or_default(), readings.unwrap_or_default())
        };
        Ok(points.into_iter().filter_map(own).collect())
    }

    pub fn known(&self, page: &Page) -> Known<'_> {
        Known {
            today: page.today(),
            commodity: self.point.commodity,
            meter: &self.meter,
            readings: &self.readings,
            contract_since: self.point.contract_since,
            contract_until: self.point.contract_until,
            settled_to: self.settled_to,
            window_days: page.tenant().document.parameters.reading_window_days,
            yearly: &self.yearly,
            gas_factors: None,
        }
    }

    pub fn last(&self, register: Register) -> Option<&Reading> {
        let own = self.readings.iter().filter(|one| one.meter == self.meter.id && one.register == register);
        own.max_by_key(|one| one.read_on)
    }
}

fn by_point<T>(all: Vec<T>, of: impl Fn(&T) -> SupplyPointId) -> HashMap<SupplyPointId, Vec<T>> {
    let mut found: HashMap<SupplyPointId, Vec<T>> = HashMap::new();
    for one in all {
        found.entry(of(&one)).or_default().push(one);
    }
    found
}

/// What is known of all the customer's points at once.
struct Past {
    months: Vec<MonthlyConsumption>,
    invoices: Vec<Invoice>,
}

impl Past {
    async fn of(tx: &TenantTx, customer: &Customer) -> Result<Past, Error> {
        let since = customer.page.today() - Duration::days(400);
        let months = tx.monthly_consumption(customer.id, since).await?;
        Ok(Past { months, invoices: tx.invoices_of(customer.id, Default::default()).await? })
    }

    /// None where no meter hangs.
    fn ground(&self, point: SupplyPoint, meters: Vec<Meter>, readings: Vec<Reading>) -> Option<Ground> {
        let meter = meters.into_iter().find(|meter| meter.removed_on.is_none())?;
        let own = self.invoices.iter().filter(|invoice| invoice.supply_point == point.id);
        Some(Ground {
            settled_to: own.map(|invoice| invoice.period_to).max(),
            yearly: yearly(&meter, point.id, &self.months),
            point,
            meter,
            readings,
        })
    }
}

/// What each register used in the newest twelve months known, in its own unit.
fn yearly(meter: &Meter, point: SupplyPointId, months: &[MonthlyConsumption]) -> Vec<(Register, i64)> {
    let of = |register: &Register| {
        let mut own: Vec<_> =
            months.iter().filter(|one| one.supply_point == point && one.register == *register).collect();
        own.sort_by_key(|one| std::cmp::Reverse(one.month));
        let used = own.iter().take(12).map(|one| match register {
            Register::Volume => cubic_metres_of(one.volume_ml.unwrap_or(0)),
            Register::High | Register::Low => kwh_of(one.energy_wh),
        });
        (own.len() >= 6).then(|| (*register, used.sum::<i64>() * 12 / own.len().min(12) as i64))
    };
    meter.registers.iter().filter_map(of).collect()
}
