//! Which addresses an area touches, in the ways clerks write them.
use super::super::numbers::Numbers;
use super::*;
use proptest::prelude::*;

fn at(street: &str, city: &str) -> Address {
    Address { street: street.into(), city: city.into(), postcode: "100 00".into() }
}

fn place(municipality: &str, part: &str, street: &str, house: &str) -> Place {
    Place {
        municipality: municipality.into(),
        part: part.into(),
        street: street.into(),
        house_numbers: Numbers::parse(house).unwrap(),
        ..Place::default()
    }
}

fn has(place: &Place, street: &str, city: &str) -> bool {
    Folded::of(place).has_door(&Door::of(&at(street, city)))
}

#[test]
fn one_street_is_written_in_many_ways() {
    let one = place("Ústí nad Labem", "", "Náměstí Míru", "12");
    for (street, city) in [
        ("nám. Míru 12", "Ústí n. L."),
        ("NÁMĚSTÍ MÍRU 12/4", "Usti nad Labem"),
        ("Namesti Miru č.p. 12", "Ústí nad Labem"),
    ] {
        assert!(has(&one, street, city), "{street}, {city}");
    }
    assert!(has(&place("Praha", "", "28. října", ""), "ul. 28. října 7", "Praha 1"));
}

#[test]
fn numbers_on_the_door_are_told_apart() {
    let mut one = place("Lhota", "", "Lipová", "106, 107, 126-131");
    for street in ["Lipová 106", "Lipová č.p. 126", "Lipová 128/3", "Lipová čp. 131", "Lipová č. 107"] {
        assert!(has(&one, street, "Lhota"), "{street}");
    }
    for street in ["Lipová 105", "Lipová 3/128", "Lipová", "Lipová 132", "Jiná 106", "Lipová ev. č. 106", "Lipová 106a"]
    {
        assert!(!has(&one, street, "Lhota"), "{street}");
    }
    one.house_numbers = Numbers::default();
    one.evidence_numbers = Numbers::parse("7").unwrap();
    for street in ["Lipová č.ev. 7", "Lipová ev.č. 7", "Lipová č. ev. 7"] {
        assert!(has(&one, street, "Lhota"), "{street}");
    }
    one.evidence_numbers = Numbers::default();
    one.orientation_numbers = Numbers::parse("12a, 12/3").unwrap();
    assert!(
        has(&one, "Lipová 55/12a", "Lhota") && has(&one, "Lipová 12 A", "Lhota") && has(&one, "Lipová 12/3", "Lhota")
    );
    assert!(!has(&one, "Lipová 12/4", "Lhota"));
    one.house_numbers = Numbers::parse("12/3").unwrap();
    assert!(has(&one, "Lipová č.p. 12", "Lhota") && !has(&one, "Lipová č.p. 3", "Lhota"));
}

#[test]
fn a_town_alone_is_touched_whole_and_a_part_only_where_it_is_known() {
    assert!(has(&place("Brno", "", "", ""), "Lipová 1", "Brno-Líšeň"));
    assert!(has(&place("Praha", "", "", ""), "Lipová 1", "Praha 9"));
    assert!(!has(&place("Praha 3", "", "", ""), "Lipová 1", "Praha 9"));
    let part = place("Brno", "Líšeň", "", "");
    assert!(has(&part, "Lipová 1", "Brno-Líšeň") && has(&part, "Lipová 1", "Líšeň"));
    assert!(!has(&part, "Lipová 1", "Brno") && !has(&part, "Lipová 1", "Brno-Židenice"));
    assert!(has(&place("Brno", "Líšeň", "Lipová", ""), "Lipová 1", "Brno"));
    assert!(has(&place("Frýdek-Místek", "", "Lipová", ""), "Lipová 1", "Frýdek-Místek"));
    assert!(has(&place("Lhota", "Lhota", "", ""), "č.p. 5", "Lhota"));
}

#[test]
fn a_village_without_streets_has_numbers_alone() {
    let one = place("Lhota", "", "", "5-9");
    for street in ["č.p. 5", "7", "Lhota 9", "č. p. 6"] {
        assert!(has(&one, street, "Lhota"), "{street}");
    }
    assert!(!has(&one, "Lipová 7", "Lhota") && !has(&one, "Lhota 10", "Lhota"));
}

/// As a distributor's largest outages: asked for one address, only the place it may be in is looked at.
#[test]
fn of_two_thousand_places_each_address_meets_its_own() {
    let places = (0..2_000).map(|number| place("Lhota", "", &format!("Ulice {number}"), "1-9")).collect();
    let areas = Areas { addresses: places, ..Areas::default() };
    let matcher = Matcher::of(&areas);
    let mut looks = 0;
    for number in 0..2_000 {
        let address = at(&format!("Ulice {number} 5"), "Lhota");
        assert!(matcher.has_address(&address), "{address:?}");
        looks += matcher.candidates(&Door::of(&address)).count();
    }
    assert_eq!(looks, 2_000);
}

#[test]
fn of_many_places_the_first_three_are_named() {
    let areas = |streets: &[&str]| Areas {
        addresses: streets.iter().map(|street| place("Lhota", "", street, "1")).collect(),
        ..Areas::default()
    };
    assert_eq!(place_of(&areas(&["A", "B", "A", "C", "B"])), "Lhota, A; Lhota, B; Lhota, C");
    assert_eq!(place_of(&areas(&["A", "B", "C", "A", "D", "E"])), "Lhota, A; Lhota, B; Lhota, C …");
}

proptest! {
    #[test]
    fn what_is_touched_is_found_by_a_key(
        town in "Lhota|Brno|Praha 9|Brno-Líšeň|Líšeň", street in "Lipová|nám. Míru|Lhota|", number in 1_u32..30,
        area_town in "Lhota|Brno|Praha|Praha 9|Brno-Líšeň", part in "|Líšeň|Lhota", area_street in "|Lipová|Náměstí Míru",
        from in 1_u32..30, has_numbers: bool,
    ) {
        let address = at(&format!("{street} {number}"), &town);
        let numbers = if has_numbers { format!("{from}-{}", from + 5) } else { String::new() };
        let areas = Areas { addresses: vec![place(&area_town, &part, &area_street, &numbers)], ..Areas::default() };
        let keys = areas.keys();
        let found = keys.iter().find(|key| key.first == town_key(&address)
            && (key.kind == AreaKind::Town || key.second == street_key(&address)));
        let matcher = Matcher::of(&areas);
        if matcher.has_address(&address) {
            prop_assert!(found.is_some());
        }
        if found.is_some_and(|key| key.is_exact) {
            prop_assert!(matcher.has_address(&address));
        }
    }

    #[test]
    fn looking_a_place_up_answers_as_asking_each(
        town in "Lhota|Brno|Praha 9|Brno-Líšeň|Líšeň", street in "Lipová|nám. Míru|Lhota|Líšeň|", number in 1_u32..12,
        all in prop::collection::vec(
            ("Lhota|Brno|Praha|Praha 9|Brno-Líšeň", "|Líšeň|Lhota", "|Lipová|Náměstí Míru", "|1-5|7"), 0..6),
    ) {
        let address = at(&format!("{street} {number}"), &town);
        let addresses = all.iter().map(|(town, part, street, numbers)| place(town, part, street, numbers)).collect();
        let areas = Areas { addresses, ..Areas::default() };
        let door = Door::of(&address);
        let each = areas.addresses.iter().any(|place| Folded::of(place).has_door(&door));
        prop_assert_eq!(Matcher::of(&areas).has_address(&address), each);
    }

    #[test]
    fn no_address_makes_it_panic(street in "[č.pevE 0-9a/-]{0,20}|.{0,20}", city in ".{0,20}") {
        let _ = (Door::of(&at(&street, &city)), folded(&street));
    }
}
