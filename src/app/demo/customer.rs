//! One synthetic customer, whole: who they are, their points, their three years and their money. The first eight each tell a story.
use super::draw::Draw;
use super::fill::DemoTenant;
use super::history::{Plan, Story, YEARS, history, month_end};
use super::money::money;
use super::names;
use crate::domain::advances::{Instalment, Schedule};
use crate::domain::calendar::month_start;
use crate::domain::customers::Customer;
use crate::domain::ids::{CustomerId, PaymentId, SupplyPointId};
use crate::domain::invoices::Settlement;
use crate::domain::money::Money;
use crate::domain::payments::{MatchedTo, Payment, PaymentMethod};
use crate::domain::supply_points::{
    Address, Breaker, Commodity, Meter, Register, SupplyPoint, Terms, ean_check_digit, eic_check_character,
};
use crate::domain::{consumption::MonthlyConsumption, readings::Reading};
use time::{Date, Duration};

/// Everything about one customer, ready to be kept.
pub struct DemoCustomer {
    pub customer: Customer,
    pub username: String,
    /// Who has none can try the ways in.
    pub has_login: bool,
    pub points: Vec<SupplyPoint>,
    pub terms: Vec<Terms>,
    pub meters: Vec<Meter>,
    pub readings: Vec<Reading>,
    pub months: Vec<MonthlyConsumption>,
    pub settlements: Vec<Settlement>,
    pub schedules: Vec<Schedule>,
    pub instalments: Vec<Instalment>,
    pub payments: Vec<Payment>,
}

/// The stories the first customers of every tenant tell.
pub const UNPAID: usize = 1;
pub const OVERPAID: usize = 2;
const EXCHANGE: usize = 3;
const ROLL_OVER: usize = 4;
const UNMATCHED: usize = 5;
const FIRM: usize = 6;
const WITHOUT_LOGIN: usize = 9;

pub fn customer(tenant: &DemoTenant, number: usize, at: usize, seed: u64, today: Date) -> DemoCustomer {
    // The person is the same in every tenant, their energy is not.
    let mut who = Draw::of(&[seed, at as u64]);
    let mut draw = Draw::of(&[seed, number as u64, at as u64]);
    let id = CustomerId(draw.id(today - Duration::days(1200)));
    let mut out = DemoCustomer {
        customer: person(id, number, at, &mut who, today),
        username: format!("zakaznik{}", at + 1),
        has_login: at != WITHOUT_LOGIN,
        points: Vec::new(),
        terms: Vec::new(),
        meters: Vec::new(),
        readings: Vec::new(),
        months: Vec::new(),
        settlements: Vec::new(),
        schedules: Vec::new(),
        instalments: Vec::new(),
        payments: Vec::new(),
    };
    for (place, commodity) in commodities(tenant, at).into_iter().enumerate() {
        point(&mut out, tenant, number, at, place, commodity, &mut draw, today);
    }
    if at % 50 == UNMATCHED {
        out.payments.push(Payment {
            id: PaymentId(draw.id(today - Duration::days(20))),
            customer: id,
            received_on: today - Duration::days(20),
            amount: Money(50_000),
            variable_symbol: "9999999999".into(),
            method: PaymentMethod::Transfer,
            matched: MatchedTo::Nothing,
        });
    }
    let open: Money = out.settlements.iter().map(|one| one.invoice.open()).sum();
    let late: Money = out.instalments.iter().filter(|one| one.is_overdue(today)).map(Instalment::open).sum();
    out.customer.balance = open + late;
    out
}

/// Both where the supplier has both, for every other customer; the first always.
fn commodities(tenant: &DemoTenant, at: usize) -> Vec<Commodity> {
    match (tenant.has_electricity, tenant.has_gas) {
        (true, true) if at.is_multiple_of(2) => vec![Commodity::Electricity, Commodity::Gas],
        (true, true) if at % 4 == 3 => vec![Commodity::Gas],
        (true, _) if at % 7 == 5 => vec![Commodity::Electricity, Commodity::Electricity],
        (true, _) => vec![Commodity::Electricity],
        (false, _) => vec![Commodity::Gas],
    }
}

fn person(id: CustomerId, number: usize, at: usize, who: &mut Draw, today: Date) -> Customer {
    let family = who.of_list(&names::FAMILIES);
    let name = match at {
        FIRM => (*who.of_list(&names::FIRMS)).to_owned(),
        _ if who.between(0, 1) == 0 => format!("{} {}", who.of_list(&names::WOMEN), family.1),
        _ => format!("{} {}", who.of_list(&names::MEN), family.0),
    };
    let methods = PaymentMethod::ALL;
    Customer {
        id,
        number: format!("{:03}{:07}", 100 + number, 1_000 + at),
        name,
        company_id: (at == FIRM).then(|| "12345679".to_owned()),
        email: Some(format!("zakaznik{}.{}@example.com", at + 1, number)),
        phone: Some(format!("+420 600 {:03} {:03}", number % 1000, at % 1000)),
        mailing: address(who),
        method: if at < 3 { PaymentMethod::Transfer } else { methods[at % methods.len()] },
        bank_account: (at % 2 == 1).then(|| "19-2000145399/0800".to_owned()),
        balance: Money::ZERO,
        balance_as_of: today - Duration::DAY,
    }
}

fn address(draw: &mut Draw) -> Address {
    let (city, postcode) = *draw.of_list(&names::TOWNS);
    let street = format!("{} {}/{}", draw.of_list(&names::STREETS), draw.between(100, 1_999), draw.between(1, 60));
    Address { street, city: city.to_owned(), postcode: postcode.to_owned() }
}

#[expect(clippy::too_many_arguments, reason = "one call; the parts have nothing else in common")]
fn point(
    out: &mut DemoCustomer,
    tenant: &DemoTenant,
    number: usize,
    at: usize,
    place: usize,
    commodity: Commodity,
    draw: &mut Draw,
    today: Date,
) {
    let customer = out.customer.id;
    let is_two_rate = commodity == Commodity::Electricity && (at.is_multiple_of(3) || at == ROLL_OVER);
    let registers = match commodity {
        Commodity::Gas => vec![Register::Volume],
        Commodity::Electricity if is_two_rate => vec![Register::High, Register::Low],
        Commodity::Electricity => vec![Register::High],
    };
    let year = match commodity {
        Commodity::Gas => vec![draw.between(700, 2_200)],
        Commodity::Electricity if is_two_rate => vec![draw.between(1_500, 3_000), draw.between(2_500, 6_000)],
        Commodity::Electricity => vec![draw.between(1_200, 4_000)],
    };
    let id = SupplyPointId(draw.id(today - Duration::days(1200)));
    let plan = Plan {
        customer,
        point: id,
        commodity,
        story: match at {
            EXCHANGE => Story::Exchange,
            ROLL_OVER => Story::RollOver,
            _ => Story::Plain,
        },
        serial: format!("{}{:03}{:06}", if commodity == Commodity::Gas { "G" } else { "E" }, number, at * 2 + place),
        registers,
        year,
        settled_until: settled_until(at, today),
        today,
    };
    let told = history(&plan, draw);
    let since = month_start(plan.settled_until, 1 - 12 * YEARS);
    out.points.push(SupplyPoint {
        id,
        customer,
        commodity,
        code: code(commodity, number, at * 2 + place),
        address: if place == 0 && at % 5 != 4 { out.customer.mailing.clone() } else { address(draw) },
        distributor: if commodity == Commodity::Gas {
            "Plynová síť CZ (ukázka)"
        } else {
            "Distribuční síť CZ (ukázka)"
        }
        .to_owned(),
        contract_number: format!("S{:03}{:06}", number, at * 2 + place),
        contract_since: since,
        contract_until: None,
    });
    terms(out, &plan, since, is_two_rate, draw);
    money(out, tenant, number, at, place, &plan, &told, draw);
    out.meters.extend(told.meters);
    out.readings.extend(told.readings);
    out.months.extend(told.months);
}

/// The newest settled period ended with a month that leaves time for the bill to be issued; most ended earlier in the year.
fn settled_until(at: usize, today: Date) -> Date {
    let newest = if today.day() >= 15 { -1 } else { -2 };
    match at {
        0 | OVERPAID => month_end(today, newest),
        UNPAID => month_end(today, -3),
        _ => month_end(today, newest - (at % 11) as i32),
    }
}

fn code(commodity: Commodity, number: usize, serial: usize) -> String {
    let serial = (number % 100) * 100_000 + serial % 100_000;
    match commodity {
        Commodity::Electricity => {
            let body = format!("8591824009{serial:07}");
            format!("{body}{}", ean_check_digit(&body))
        }
        Commodity::Gas => ["27ZG900Z", "27ZG900Y"]
            .into_iter()
            .find_map(|start| {
                let body = format!("{start}{serial:07}");
                eic_check_character(&body).filter(|check| *check != '-').map(|check| format!("{body}{check}"))
            })
            .expect("two codes that differ in one place cannot both have the same check character"),
    }
}

fn terms(out: &mut DemoCustomer, plan: &Plan, since: Date, is_two_rate: bool, draw: &mut Draw) {
    let is_gas = plan.commodity == Commodity::Gas;
    let amps = *draw.of_list(&[16, 20, 25, 25, 32]);
    let expected: i64 = plan.year.iter().sum::<i64>() * if is_gas { 105 } else { 10 } / 10;
    let later = month_start(plan.settled_until, -11);
    for (valid_from, product) in [(since, "Standard"), (later, "Jistota 24")] {
        out.terms.push(Terms {
            supply_point: plan.point,
            valid_from,
            product: format!("{product} {}", if is_gas { "plyn" } else { "elektřina" }),
            tariff_rate: (!is_gas).then(|| if is_two_rate { "D25d" } else { "D02d" }.to_owned()),
            breaker: (!is_gas)
                .then_some(Breaker { phases: 3, amps: if valid_from == since { amps.max(20) } else { amps } }),
            expected_kwh: expected,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn tenant() -> DemoTenant {
        DemoTenant {
            id: crate::domain::ids::TenantId(1),
            slug: "demo".into(),
            has_electricity: true,
            has_gas: true,
            announces_settlements: true,
            kinds: Vec::new(),
            has_visits: false,
            has_representative: false,
            has_forms: false,
            has_bonus: false,
            has_outages: false,
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_customer() {
        let day = date!(2026 - 11 - 23);
        let (one, two) = (customer(&tenant(), 1, 0, 7, day), customer(&tenant(), 1, 0, 7, day));
        assert_eq!(one.settlements, two.settlements);
        assert_ne!(one.settlements, customer(&tenant(), 1, 0, 8, day).settlements);
    }

    /// Readings, months and settlements of every customer agree, whatever the day.
    #[test]
    fn consumption_readings_and_settlements_agree() {
        for day in [date!(2026 - 11 - 23), date!(2027 - 01 - 03), date!(2028 - 02 - 29)] {
            for at in 0..60 {
                let made = customer(&tenant(), 3, at, 1, day);
                for settlement in &made.settlements {
                    assert!(settlement.reconciles(), "{at}");
                    let (from, until) = (settlement.invoice.period_from, settlement.invoice.period_to);
                    let used: i64 = made
                        .months
                        .iter()
                        .filter(|one| {
                            one.supply_point == settlement.invoice.supply_point
                                && one.month >= from
                                && one.month <= until
                        })
                        .map(|one| one.energy_wh)
                        .sum();
                    let read: i64 = settlement.readings.iter().map(|one| one.energy_kwh).sum();
                    assert_eq!(used, read * 1000, "{at} {}", settlement.invoice.number);
                    assert!(settlement.invoice.issued_on <= day, "{at}: a bill from the future");
                }
            }
        }
    }

    #[test]
    fn the_first_customers_tell_their_stories() {
        let day = date!(2026 - 11 - 23);
        let of = |at| customer(&tenant(), 1, at, 1, day);
        assert!(of(0).points.len() == 2 && of(0).terms.iter().any(|one| one.tariff_rate.as_deref() == Some("D25d")));
        assert!(of(UNPAID).settlements.iter().any(|one| one.invoice.open().is_positive() && one.invoice.due_on < day));
        assert!(of(OVERPAID).settlements.iter().any(|one| one.invoice.open() < Money::ZERO));
        assert!(of(EXCHANGE).meters.iter().any(|one| one.removed_on.is_some()));
        let turned = of(ROLL_OVER);
        assert!(turned.settlements.iter().flat_map(|one| &one.readings).any(|one| one.to_state < one.from_state));
        assert!(of(UNMATCHED).payments.iter().any(|one| one.matched == MatchedTo::Nothing));
    }
}
