//! Settlements to the heller. What the domain reckons in decimals is reckoned here once more in whole numbers, by other code.
use super::super::advances::recommend;
use super::super::ids::{CustomerId, SupplyPointId};
use super::super::money::{vat_from_base, vat_from_gross, vat_rate_on};
use super::*;
use time::macros::date;

fn line(position: i16, kind: LineKind, quantity: (i64, u32), unit: Unit, price: (i64, u32)) -> Line {
    Line::priced(position, kind, None, Decimal::new(quantity.0, quantity.1), unit, Decimal::new(price.0, price.1))
}

#[test]
fn a_year_of_two_rate_electricity_comes_out_to_the_heller() {
    use LineKind::*;
    let month = Unit::Month;
    let mwh = Unit::MegawattHour;
    let lines = [
        line(1, Energy, (2_145, 3), mwh, (2_890, 0)),
        line(2, Energy, (4_800, 3), mwh, (2_390, 0)),
        line(3, StandingCharge, (12, 0), month, (129, 0)),
        line(4, Distribution, (2_145, 3), mwh, (207_858, 2)),
        line(5, Distribution, (4_800, 3), mwh, (35_012, 2)),
        line(6, BreakerOrCapacity, (12, 0), month, (256, 0)),
        line(7, SystemServices, (6_945, 3), mwh, (16_424, 2)),
        line(8, Infrastructure, (12, 0), month, (1_287, 2)),
        line(9, EnergyTax, (6_945, 3), mwh, (2_830, 2)),
    ];
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount.0).collect();
    assert_eq!(amounts, [619_905, 1_147_200, 154_800, 445_855, 168_058, 307_200, 114_065, 15_444, 19_654]);
    let sums = sums(&lines, Decimal::from(21), Money(3_600_000));
    assert_eq!(
        sums,
        Sums { base: Money(2_992_181), vat: Money(628_358), total: Money(3_620_539), payable: Money(20_539) }
    );
}

#[test]
fn the_tax_on_thirty_megawatt_hours_of_electricity_is_849_crowns() {
    assert_eq!(line(1, LineKind::EnergyTax, (30, 0), Unit::MegawattHour, (2_830, 2)).amount, Money(84_900));
}

/// SplitMix64: the same settlements in every run.
struct Draw(u64);

impl Draw {
    fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        low + ((mixed ^ (mixed >> 31)) % (high - low + 1) as u64) as i64
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.between(0, list.len() as i64 - 1) as usize]
    }

    /// Thousandths of a unit, and 1/100 000 CZK: from nothing to a factory's, now and then a credit, now and then exactly half a heller.
    fn row(&mut self) -> (i64, i64) {
        let largest = self.of(&[1, 999, 12_000, 6_945, 80_000_000]);
        let dearest = self.of(&[0, 1, 99_999, 2_890_000, 400_000_000]);
        let quantity = self.between(-largest / 4, largest);
        let price = self.between(-dearest / 8, dearest);
        match self.between(0, 9) {
            0 => (500 * quantity.signum(), price / 1_000 * 1_000),
            1 => (quantity / 1_000 * 1_000, price),
            _ => (quantity, price),
        }
    }
}

/// The nearest whole number, a half away from nought.
fn nearest(dividend: i128, divisor: i128) -> i128 {
    let twice = 2 * dividend.abs() + divisor;
    dividend.signum() * (twice / (2 * divisor))
}

fn whole(money: Money) -> i128 {
    money.0.into()
}

fn invoice() -> Invoice {
    Invoice {
        id: InvoiceId::new(),
        customer: CustomerId::new(),
        supply_point: SupplyPointId::new(),
        commodity: Commodity::Electricity,
        number: "2026000123".into(),
        kind: InvoiceKind::Settlement,
        period_from: date!(2025 - 11 - 01),
        period_to: date!(2026 - 10 - 31),
        issued_on: date!(2026 - 11 - 10),
        tax_point_on: date!(2026 - 10 - 31),
        due_on: date!(2026 - 11 - 27),
        total: Money(1),
        payable: Money(2),
        paid: Money::ZERO,
        variable_symbol: "1234567890".into(),
        document: None,
    }
}

#[test]
fn a_hundred_thousand_settlements_add_up_to_the_heller_whichever_way_their_vat_is_taken() {
    let mut draw = Draw(2026);
    let blank = invoice();
    let (mut credits, mut overpaid, mut one_off) = (0, 0, 0);
    for round in 0..100_000 {
        let rows: Vec<(i64, i64)> = (0..draw.between(1, 9)).map(|_| draw.row()).collect();
        let percent = draw.of(&[21, 21, 21, 20, 19, 15, 12, 10, 0]);
        let advances = draw.between(0, 12) * draw.between(0, 20_000_000);
        let of_row = |(at, (quantity, price)): (usize, &(i64, i64))| {
            line(at as i16 + 1, LineKind::Energy, (*quantity, 3), Unit::MegawattHour, (*price, 5))
        };
        let lines: Vec<Line> = rows.iter().enumerate().map(of_row).collect();
        let rate = Decimal::from(percent);
        let settled = Settlement::new(blank.clone(), Vec::new(), lines, rate, Money(advances));

        // 1/1000 of a unit × 1/100 000 CZK is a millionth of a heller.
        let amounts: Vec<i128> = rows
            .iter()
            .map(|(quantity, price)| nearest(i128::from(*quantity) * i128::from(*price), 1_000_000))
            .collect();
        let base: i128 = amounts.iter().sum();
        let percent = i128::from(percent);
        let vat = nearest(base * percent, 100);
        let (total, left) = (base + vat, base + vat - i128::from(advances));
        let found: Vec<i128> = settled.lines.iter().map(|line| whole(line.amount)).collect();
        assert_eq!(found, amounts, "{round}: {rows:?}");
        assert_eq!(
            [settled.base, settled.vat, settled.total, settled.payable].map(whole),
            [base, vat, total, left],
            "{round}: {rows:?} at {percent} %"
        );
        assert_eq!([settled.invoice.total, settled.invoice.payable].map(whole), [total, left], "{round}");
        assert!(settled.reconciles(), "{round}: {rows:?}");

        // Out of the total the law takes total − total ÷ (1 + rate): the same heller.
        let from_total = nearest(total * percent, 100 + percent);
        assert_eq!(whole(vat_from_gross(settled.total, rate)), from_total, "{round}: {total} at {percent} %");
        assert_eq!(from_total, vat, "{round}: {base} at {percent} %");
        // A gross amount that nobody made from a base: its own base leads back to within a heller.
        let gross = Money(draw.between(-10_000_000_000, 10_000_000_000));
        let within = vat_from_gross(gross, rate);
        assert_eq!(whole(within), nearest(whole(gross) * percent, 100 + percent), "{gross:?} at {percent} %");
        let back = vat_from_base(gross - within, rate);
        assert!((back - within).0.abs() <= 1, "{gross:?} at {percent} %: {within:?}, {back:?}");
        one_off += i64::from(back != within);
        // VAT line by line strays by at most half a heller a line: why it is taken from the sum.
        let by_line: i128 = amounts.iter().map(|amount| nearest(amount * percent, 100)).sum();
        assert!(2 * (by_line - vat).abs() <= amounts.len() as i128 + 1, "{round}: {by_line} for {vat}");

        // A heller more or less anywhere, and it is not a settlement any more.
        let mut spoilt = settled.clone();
        let figure = match draw.between(0, 7) {
            0 => &mut spoilt.base,
            1 => &mut spoilt.vat,
            2 => &mut spoilt.total,
            3 => &mut spoilt.payable,
            4 => &mut spoilt.advances_paid,
            5 => &mut spoilt.invoice.total,
            6 => &mut spoilt.invoice.payable,
            _ => &mut spoilt.lines[0].amount,
        };
        *figure += Money(draw.of(&[-1, 1]));
        assert!(!spoilt.reconciles(), "{round}: {rows:?}");
        credits += i64::from(base < 0);
        overpaid += i64::from(left < 0);
    }
    assert!(credits > 1_000 && overpaid > 10_000 && one_off > 1_000, "{credits}, {overpaid}, {one_off}");
}

#[test]
fn advances_are_recommended_in_whole_tens_and_never_below_the_whole_crowns_of_what_is_fixed() {
    let up = |dividend: i128, divisor: i128| -(-dividend).div_euclid(divisor);
    let mut draw = Draw(12);
    for _ in 0..10_000 {
        let (year, fixed) = (draw.between(0, 100_000_000), draw.between(0, 1_000_000));
        let percent = draw.of(&[21, 20, 12, 0]);
        let found = recommend(Money(year), Money(fixed), Decimal::from(percent));
        assert_eq!(whole(found.recommended), up(year.into(), 12 * 1_000) * 1_000, "{year}");
        let with_vat = i128::from(fixed) * (100 + i128::from(percent));
        assert_eq!(whole(found.minimum), up(with_vat, 100 * 100) * 100, "{fixed} at {percent} %");
    }
}

/// Its tax is that of the day of supply, also where it was waived.
#[test]
fn a_settlement_of_the_waived_months_has_no_vat() {
    for (day, vat) in [
        (date!(2012 - 12 - 31), 2_000),
        (date!(2013 - 01 - 01), 2_100),
        (date!(2021 - 10 - 31), 2_100),
        (date!(2021 - 11 - 01), 0),
        (date!(2021 - 12 - 31), 0),
        (date!(2022 - 01 - 01), 2_100),
    ] {
        let lines = vec![line(1, LineKind::StandingCharge, (1, 0), Unit::Month, (100, 0))];
        let settled = Settlement::new(invoice(), Vec::new(), lines, vat_rate_on(day), Money(10_000));
        assert_eq!((settled.vat, settled.payable), (Money(vat), Money(vat)), "{day}");
    }
}

#[test]
fn a_line_no_amount_can_hold_stops_at_the_largest() {
    let most = (i64::MAX, 0);
    let dear = line(1, LineKind::Energy, most, Unit::MegawattHour, most);
    let credit = line(2, LineKind::Energy, (i64::MIN, 0), Unit::MegawattHour, most);
    assert_eq!((dear.amount, credit.amount), (Money(i64::MAX), Money(i64::MIN)));
}
