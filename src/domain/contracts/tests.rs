//! How a draft becomes a contract.
use super::super::supply_points::CodeError;
use super::super::typed::{DateError, Problem};
use super::*;
use proptest::prelude::*;
use time::macros::date;

fn address() -> TypedAddress {
    TypedAddress { street: "Vzorová 1".into(), city: "Praha".into(), postcode: "11000".into() }
}

fn draft() -> Draft {
    Draft {
        name: "Žofie Nováková".into(),
        birth_date: "1. 2. 1980".into(),
        email: "zofie@Example.cz".into(),
        supply: address(),
        commodity: Some(Commodity::Electricity),
        code: "8591 8240 0900 0000 13".into(),
        rate: "d25d".into(),
        breaker: "3 × 25 A".into(),
        product: "Jistota".into(),
        start_on: "1. 1. 2027".into(),
        method: Some(PaymentMethod::Transfer),
        has_consented: true,
        ..Draft::default()
    }
}

fn with_offer<T>(of: impl Fn(Offer<'_>) -> T) -> T {
    let products = [("Jistota".to_owned(), Commodity::Electricity), ("Plamen".to_owned(), Commodity::Gas)];
    let methods = [PaymentMethod::Transfer, PaymentMethod::DirectDebit, PaymentMethod::Sipo];
    of(Offer { today: date!(2026 - 11 - 23), lead_days: 14, products: &products, methods: &methods })
}

fn wrong(draft: &Draft) -> Vec<(Field, Problem)> {
    with_offer(|offer| complete(draft, offer)).err().unwrap_or_default()
}

#[test]
fn a_person_with_electricity_gets_a_contract() {
    let contract = with_offer(|offer| complete(&draft(), offer)).unwrap();
    let supply = Address { street: "Vzorová 1".into(), city: "Praha".into(), postcode: "110 00".into() };
    assert_eq!(
        contract,
        Contract {
            party: Party::Person { name: "Žofie Nováková".into(), birth_date: date!(1980 - 02 - 01) },
            email: "zofie@example.cz".into(),
            phone: None,
            mailing: supply.clone(),
            supply,
            code: "859182400900000013".into(),
            technical: Technical::Electricity { rate: "D25d".into(), breaker: Breaker { phases: 3, amps: 25 } },
            product: "Jistota".into(),
            starts_on: date!(2027 - 01 - 01),
            payment: Chosen::Transfer,
        }
    );
}

#[test]
fn a_company_with_gas_gets_one_too() {
    let draft = Draft {
        is_company: true,
        birth_date: "nonsense".into(),
        company_id: "60194383".into(),
        vat_id: "cz60194383".into(),
        phone: "777 123 456".into(),
        mailing: TypedAddress { city: "Brno".into(), ..address() },
        commodity: Some(Commodity::Gas),
        code: "27zg900z0000001z".into(),
        rate: "nonsense".into(),
        expected_kwh: "12 000".into(),
        product: "Plamen".into(),
        method: Some(PaymentMethod::DirectDebit),
        account: "19-2000145399/0800".into(),
        ..draft()
    };
    let contract = with_offer(|offer| complete(&draft, offer)).unwrap();
    assert_eq!(contract.technical, Technical::Gas { expected_kwh: 12_000 });
    assert_eq!(contract.phone.as_deref(), Some("+420777123456"));
    assert_eq!((contract.mailing.city.as_str(), contract.supply.city.as_str()), ("Brno", "Praha"));
    assert!(matches!(contract.party, Party::Company { vat_id: Some(vat_id), .. } if vat_id == "CZ60194383"));
}

#[test]
fn each_step_says_what_it_still_misses() {
    let missing = |step| with_offer(|offer| super::missing(&Draft::default(), offer, step));
    assert_eq!(missing(Step::Person), [Field::Name, Field::BirthDate, Field::Email]);
    let point = [Field::SupplyStreet, Field::SupplyCity, Field::SupplyPostcode, Field::Commodity, Field::Code];
    assert_eq!(missing(Step::Point), point);
    assert_eq!(missing(Step::Product), [Field::Product, Field::StartOn]);
    assert_eq!(missing(Step::Payment), [Field::Method]);
    assert_eq!(missing(Step::Review), [Field::Consent]);
    assert!(Step::ALL.into_iter().all(|step| Step::parse(step.key()) == Some(step)));
}

#[test]
fn what_is_wrong_is_said_by_field() {
    let with = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        wrong(&draft)
    };
    let young = Problem::Days { earliest: None, latest: Some(date!(2008 - 11 - 23)) };
    assert_eq!(with(|draft| draft.birth_date = "24. 11. 2008".into()), [(Field::BirthDate, young)]);
    assert_eq!(with(|draft| draft.birth_date = "23. 11. 2008".into()), []);
    assert_eq!(
        with(|draft| draft.birth_date = "30. 2. 1980".into()),
        [(Field::BirthDate, Problem::Date(DateError::NotADate))]
    );
    let early = Problem::Days { earliest: Some(date!(2026 - 12 - 07)), latest: Some(date!(2027 - 11 - 23)) };
    assert_eq!(with(|draft| draft.start_on = "6. 12. 2026".into()), [(Field::StartOn, early)]);
    assert_eq!(
        with(|draft| draft.code = "859182400900000031".into()),
        [(Field::Code, Problem::Code(CodeError::CheckDigit))]
    );
    assert_eq!(with(|draft| draft.product = "Plamen".into()), [(Field::Product, Problem::NotAnOption)]);
    assert_eq!(with(|draft| draft.method = Some(PaymentMethod::PostalOrder)), [(Field::Method, Problem::NotAnOption)]);
    assert_eq!(with(|draft| draft.method = Some(PaymentMethod::Sipo)), [(Field::Sipo, Problem::Missing)]);
    assert_eq!(with(|draft| draft.mailing.city = "Brno".into()).len(), 2);
    assert_eq!(with(|draft| draft.is_company = true), [(Field::CompanyId, Problem::Missing)]);
}

proptest! {
    #[test]
    fn nothing_typed_makes_it_panic(typed in "(?s).{0,40}", is_company: bool, is_gas: bool) {
        let commodity = if is_gas { Commodity::Gas } else { Commodity::Electricity };
        let draft = Draft {
            is_company,
            name: typed.clone(),
            birth_date: typed.clone(),
            company_id: typed.clone(),
            vat_id: typed.clone(),
            code: typed.clone(),
            breaker: typed.clone(),
            expected_kwh: typed.clone(),
            account: typed.clone(),
            commodity: Some(commodity),
            method: Some(PaymentMethod::DirectDebit),
            ..draft()
        };
        let _ = wrong(&draft);
    }
}
