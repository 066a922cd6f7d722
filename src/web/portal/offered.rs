//! Which of a customer's things may be shown: those of a commodity that is offered and switched on. The only filter by commodity.
use crate::data::TenantTx;
use crate::domain::features::Feature;
use crate::domain::ids::{CustomerId, SupplyPointId};
use crate::domain::invoices::Invoice;
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;

#[derive(Clone, Copy, Debug)]
pub struct Offered {
    electricity: bool,
    gas: bool,
}

impl Offered {
    pub fn of(page: &Page) -> Offered {
        let tenant = page.tenant();
        Offered { electricity: tenant.has(Feature::CommodityElectricity), gas: tenant.has(Feature::CommodityGas) }
    }

    pub fn has(self, commodity: Commodity) -> bool {
        match commodity {
            Commodity::Electricity => self.electricity,
            Commodity::Gas => self.gas,
        }
    }

    pub fn is_both(self) -> bool {
        self.electricity && self.gas
    }

    /// What is of a commodity not offered does not exist.
    pub fn admit(self, commodity: Commodity) -> Result<(), Error> {
        if self.has(commodity) { Ok(()) } else { Err(Error::NotFound) }
    }

    pub fn invoices(self, mut all: Vec<Invoice>) -> Vec<Invoice> {
        all.retain(|invoice| self.has(invoice.commodity));
        all
    }

    /// Electricity first, then by code.
    pub fn points(self, all: Vec<SupplyPoint>) -> Points {
        let (mut shown, hidden): (Vec<_>, Vec<_>) = all.into_iter().partition(|point| self.has(point.commodity));
        shown.sort_by(|a, b| (a.commodity, &a.code).cmp(&(b.commodity, &b.code)));
        Points { shown, has_hidden: !hidden.is_empty() }
    }
}

/// A customer's supply points as far as they may be shown.
pub struct Points {
    pub shown: Vec<SupplyPoint>,
    pub has_hidden: bool,
}

impl Points {
    pub async fn of(tx: &TenantTx, page: &Page, customer: CustomerId) -> Result<Points, Error> {
        Ok(Offered::of(page).points(tx.supply_points_of(customer).await?))
    }

    pub fn get(&self, id: SupplyPointId) -> Option<&SupplyPoint> {
        self.shown.iter().find(|point| point.id == id)
    }

    pub fn has(&self, id: SupplyPointId) -> bool {
        self.get(id).is_some()
    }
}
