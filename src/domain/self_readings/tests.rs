//! What a customer may read off a meter.
use super::super::ids::{CustomerId, MeterId, ReadingId, SupplyPointId};
use super::super::readings::ReadingKind;
use super::*;
use Register::{High, Low, Volume};
use proptest::prelude::*;
use time::macros::date;

const TODAY: Date = date!(2026 - 11 - 23);

fn meter(digits: u8, multiplier: u16, registers: &[Register]) -> Meter {
    Meter {
        id: MeterId::new(),
        supply_point: SupplyPointId::new(),
        serial: "1".into(),
        digits,
        multiplier,
        installed_on: date!(2020 - 01 - 01),
        removed_on: None,
        registers: registers.to_vec(),
    }
}

fn reading(meter: &Meter, register: Register, read_on: Date, state: i64, kind: ReadingKind) -> Reading {
    Reading {
        id: ReadingId::new(),
        customer: CustomerId::new(),
        supply_point: meter.supply_point,
        meter: meter.id,
        meter_serial: meter.serial.clone(),
        register,
        read_on,
        state,
        kind,
        consumption: None,
    }
}

fn known<'a>(meter: &'a Meter, readings: &'a [Reading], yearly: &'a [(Register, i64)]) -> Known<'a> {
    let is_gas = meter.registers.contains(&Volume);
    Known {
        today: TODAY,
        commodity: if is_gas { Commodity::Gas } else { Commodity::Electricity },
        meter,
        readings,
        contract_since: date!(2021 - 01 - 01),
        contract_until: None,
        settled_to: Some(date!(2026 - 10 - 31)),
        window_days: 14,
        yearly,
        gas_factors: is_gas.then_some((Decimal::new(9_812, 4), Decimal::new(106_894, 4))),
    }
}

/// One register, one reading 61 days ago, a state today.
fn one(scale: (u8, u16), previous: i64, typed: &str, yearly: i64) -> Result<Checked, Vec<Problem>> {
    let meter = meter(scale.0, scale.1, &[High]);
    let readings = [reading(&meter, High, date!(2026 - 09 - 23), previous, ReadingKind::Distributor)];
    check(&known(&meter, &readings, &[(High, yearly)]), TODAY, &[(High, typed)])
}

fn used(checked: &Result<Checked, Vec<Problem>>) -> Option<i64> {
    checked.as_ref().ok()?.accepted.first()?.consumption
}

#[test]
fn the_vectors_of_the_specification_come_out() {
    assert_eq!(used(&one((5, 1), 99_950, "120", 1_200)), Some(170));
    assert_eq!(used(&one((5, 1), 12_345, "14 490", 13_000)), Some(2_145));
    assert_eq!(used(&one((4, 40), 9_990, "15", 6_000)), Some(1_000));
    let refused = one((5, 1), 14_490, "12345", 13_000);
    let before = Problem::BeforePrevious { register: High, state: 14_490, read_on: date!(2026 - 09 - 23) };
    assert_eq!(refused, Err(vec![before]));
    assert_eq!(used(&one((5, 1), 99_950, "120", 0)), Some(170), "no usual, a small roll-over");
}

#[test]
fn a_roll_over_is_recognised_and_asked_about() {
    let checked = one((5, 1), 99_998, "00012", 100).unwrap();
    assert!(checked.accepted[0].rolled_over);
    assert_eq!(checked.doubts, [Doubt::RolledOver { register: High, previous: 99_998, used: 14 }]);
}

#[test]
fn decimals_are_cut_off_and_other_things_refused() {
    assert_eq!(one((5, 1), 12_000, "12345,97", 2_000).unwrap().accepted[0].state, 12_345);
    for (typed, reason) in [
        ("12.345", NumberError::Ambiguous),
        ("1e3", NumberError::NotANumber),
        ("-5", NumberError::NotANumber),
        ("１２３", NumberError::NotANumber),
    ] {
        assert_eq!(one((5, 1), 0, typed, 2_000), Err(vec![Problem::NotWhole { register: High, reason }]), "{typed}");
    }
    for typed in ["100000", "123456789012345678901234567890"] {
        assert_eq!(one((5, 1), 0, typed, 0), Err(vec![Problem::Digits { register: High, digits: 5 }]), "{typed}");
    }
}

#[test]
fn little_much_and_nothing_are_asked_about_and_absurd_is_refused() {
    // 61 days of 6 000 kWh a year: 1 003 kWh.
    let doubts = |typed| one((6, 1), 0, typed, 6_000).map(|checked| checked.doubts);
    assert_eq!(doubts("1000"), Ok(vec![]));
    assert_eq!(doubts("300"), Ok(vec![Doubt::TooLow { register: High, used: 300, usual: 1_003 }]));
    assert_eq!(doubts("3010"), Ok(vec![Doubt::TooHigh { register: High, used: 3_010, usual: 1_003 }]));
    assert_eq!(doubts("0"), Ok(vec![Doubt::Zero { register: High, days: 61 }]));
    let absurd = Problem::TooHigh { register: High, used: 10_031, usual: 1_003 };
    assert_eq!(doubts("10031"), Err(vec![absurd]));
    assert!(absurd.staff_may_confirm());
}

#[test]
fn a_two_rate_meter_needs_both_and_a_single_one_has_no_low() {
    let two = meter(5, 1, &[High, Low]);
    assert_eq!(
        check(&known(&two, &[], &[]), TODAY, &[(High, "100"), (Low, " ")]),
        Err(vec![Problem::MissingRegister(Low)])
    );
    assert!(check(&known(&two, &[], &[]), TODAY, &[(Low, "5"), (High, "100")]).is_ok());
    let single = meter(5, 1, &[High]);
    assert!(check(&known(&single, &[], &[]), TODAY, &[(High, "100"), (Low, "")]).is_ok());
    assert_eq!(
        check(&known(&single, &[], &[]), TODAY, &[(High, "100"), (Low, "5")]),
        Err(vec![Problem::UnknownRegister(Low)])
    );
}

#[test]
fn the_day_lies_in_the_window_after_the_last_settlement_and_reading() {
    let meter = meter(5, 1, &[High]);
    let readings = [
        reading(&meter, High, date!(2026 - 10 - 31), 100, ReadingKind::Distributor),
        reading(&meter, High, date!(2026 - 11 - 16), 120, ReadingKind::Customer),
    ];
    let on = |day| check(&known(&meter, &readings, &[]), day, &[(High, "130")]);
    assert_eq!(on(date!(2026 - 11 - 24)), Err(vec![Problem::DateFuture { latest: TODAY }]));
    assert_eq!(on(date!(2026 - 11 - 08)), Err(vec![Problem::DateTooOld { earliest: date!(2026 - 11 - 09) }]));
    assert_eq!(on(date!(2026 - 11 - 12)), Err(vec![Problem::DateBeforeLast { last: date!(2026 - 11 - 16) }]));
    let again = on(date!(2026 - 11 - 16)).unwrap().accepted;
    assert_eq!((again[0].replaces, again[0].consumption), (true, Some(30)));
    assert!(!on(TODAY).unwrap().accepted[0].replaces);
    let mut wide = known(&meter, &readings, &[]);
    wide.window_days = 60;
    assert_eq!(allowed_days(&wide), (date!(2026 - 11 - 01), TODAY));
    wide.contract_until = Some(date!(2026 - 11 - 20));
    assert_eq!(allowed_days(&wide).1, date!(2026 - 11 - 20));
}

#[test]
fn gas_shows_an_estimate_in_kwh() {
    let meter = meter(5, 1, &[Volume]);
    let readings = [reading(&meter, Volume, date!(2026 - 09 - 23), 0, ReadingKind::Distributor)];
    let accepted = check(&known(&meter, &readings, &[]), TODAY, &[(Volume, "1234,9")]).unwrap().accepted;
    assert_eq!((accepted[0].consumption, accepted[0].energy_kwh), (Some(1_234), Some(12_943)));
}

proptest! {
    #[test]
    fn nothing_typed_makes_it_panic(typed in "[0-9 ,.-]{0,25}|.{0,20}", digits in 0_u8..30, previous in 0_i64..1_000_000, yearly in 0_i64..i64::from(u32::MAX)) {
        let _ = one((digits, u16::MAX), previous, &typed, yearly);
    }

    #[test]
    fn what_is_taken_is_never_negative_and_adds_up(previous in 0_i64..100_000, state in 0_i64..100_000, yearly in 0_i64..50_000) {
        if let Some(used) = used(&one((5, 1), previous, &state.to_string(), yearly)) {
            prop_assert!(used >= 0);
            prop_assert_eq!((previous + used) % 100_000, state);
        }
    }
}
