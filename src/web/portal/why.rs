//! Why a settlement came out higher or lower than the one before: use, prices, length of the period, taxes; the parts add up to the heller.
use crate::domain::forecast::{YearFigures, why_more};
use crate::domain::invoices::{LineKind, Settlement, Unit};
use crate::domain::money::Money;
use crate::tenancy::Arg;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use serde::Serialize;

#[derive(Serialize)]
pub struct Why {
    sentence: String,
    parts: Table,
}

impl Why {
    pub fn of(page: &Page, last: &Settlement, this: &Settlement) -> Why {
        let split = why_more(figures(last), figures(this));
        let difference = this.total - last.total;
        let key = match difference.0.signum() {
            1 => "why-more",
            -1 => "why-less",
            _ => "why-same",
        };
        let args = [
            ("amount", Arg::from(page.money(Money(difference.0.abs())))),
            ("period", Arg::from(page.period(last.invoice.period_from, last.invoice.period_to))),
        ];
        let mut parts = Table::new(page, "why-caption", &["why-cause", "#why-amount"]);
        for (key, amount) in [
            ("why-volume", split.volume),
            ("why-price", split.price),
            ("why-days", split.days),
            ("why-tax", split.tax_and_vat),
        ] {
            parts.push([Cell::of(page.t(key)), Cell::of(page.money(amount))]);
        }
        parts.total(page.t("why-total"), page.money(difference), true);
        Why { sentence: page.t_args(key, &args), parts }
    }
}

fn figures(settlement: &Settlement) -> YearFigures {
    let invoice = &settlement.invoice;
    let sum = |unit: Unit| -> Money {
        let own = settlement.lines.iter().filter(|line| line.unit == unit && line.kind != LineKind::EnergyTax);
        own.map(|line| line.amount).sum()
    };
    let (variable, fixed) = (sum(Unit::MegawattHour), sum(Unit::Month));
    YearFigures {
        days: (invoice.period_to - invoice.period_from).whole_days() + 1,
        kwh: settlement.readings.iter().map(|one| one.energy_kwh).sum(),
        variable,
        fixed,
        // Whatever else the total holds: the energy tax and VAT.
        tax_and_vat: settlement.total - variable - fixed,
    }
}
