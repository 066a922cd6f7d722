//! What was typed, kept as typed by the names of the fields; the domain's draft is read from it.
use super::Typed;
use crate::data::ContractRow;
use crate::domain::contracts::{Contract, Draft, Offer, Party, Step, Technical, TypedAddress};
use crate::domain::payment_methods::Chosen;
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::Commodity;
use crate::domain::typed;
use crate::web::kit::page::Page;
use crate::web::portal::offered::Offered;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Letters of one answer that are kept.
const LONGEST: usize = 300;
/// Days before a supply can start: the time to step back from a contract made at a distance.
const LEAD_DAYS: i64 = 14;
/// Products; what they are called and cost is in the texts.
pub const PRODUCTS: [&str; 2] = ["fix", "flex"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, String>);

pub fn names(step: Step) -> &'static [&'static str] {
    match step {
        Step::Person => &[
            "party",
            "name",
            "birth_date",
            "company_id",
            "vat_id",
            "email",
            "phone",
            "mailing_street",
            "mailing_city",
            "mailing_postcode",
        ],
        Step::Point => {
            &["supply_street", "supply_city", "supply_postcode", "commodity", "code", "rate", "breaker", "expected_kwh"]
        }
        Step::Product => &["product", "start_on"],
        Step::Payment => &["method", "account", "sipo"],
        Step::Review => &["consent"],
    }
}

pub fn commodities(page: &Page) -> Vec<Commodity> {
    let offered = Offered::of(page);
    Commodity::ALL.into_iter().filter(|commodity| offered.has(*commodity)).collect()
}

pub fn with_offer<T>(page: &Page, of: impl FnOnce(Offer<'_>) -> T) -> T {
    let each = |commodity: Commodity| PRODUCTS.map(|product| (product.to_owned(), commodity));
    let products: Vec<_> = commodities(page).into_iter().flat_map(each).collect();
    of(Offer { today: page.today(), lead_days: LEAD_DAYS, products: &products, methods: &PaymentMethod::ALL })
}

impl Answers {
    pub fn of(row: &ContractRow) -> Answers {
        Answers(serde_json::from_value(row.data.clone()).unwrap_or_default())
    }
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }
    /// No row can hold a NUL; another control character, refused like it, is kept in its place.
    pub fn take(&mut self, step: Step, typed: &Typed) {
        let fit = |letter| if letter == '\0' { '\u{1}' } else { letter };
        for name in names(step) {
            self.put(name, typed.get(name).chars().take(LONGEST).map(fit).collect::<String>());
        }
    }
    pub fn json(&self) -> Json {
        json!(self.0)
    }
    /// Only an address that is one: the column is for sending.
    pub fn email(&self) -> String {
        typed::email(self.get("email")).unwrap_or_default()
    }

    pub fn commodity(&self, page: &Page) -> Option<Commodity> {
        match commodities(page)[..] {
            [only] => Some(only),
            _ => Commodity::parse(self.get("commodity")),
        }
    }

    pub fn draft(&self, page: &Page) -> Draft {
        let text = |name: &str| self.get(name).to_owned();
        let address = |place: &str| TypedAddress {
            street: text(&format!("{place}_street")),
            city: text(&format!("{place}_city")),
            postcode: text(&format!("{place}_postcode")),
        };
        Draft {
            is_company: self.get("party") == "company",
            name: text("name"),
            birth_date: text("birth_date"),
            company_id: text("company_id"),
            vat_id: text("vat_id"),
            email: text("email"),
            phone: text("phone"),
            mailing: address("mailing"),
            supply: address("supply"),
            commodity: self.commodity(page),
            code: text("code"),
            rate: text("rate"),
            breaker: text("breaker"),
            expected_kwh: text("expected_kwh"),
            product: text("product"),
            start_on: text("start_on"),
            method: PaymentMethod::parse(self.get("method")),
            account: text("account"),
            sipo: text("sipo"),
            has_consented: self.get("consent") == "yes",
        }
    }

    /// As the contract says it, without what was typed beside the point.
    pub fn settled(page: &Page, contract: &Contract) -> Answers {
        let mut all = Answers::default();
        let (party, name) = match &contract.party {
            Party::Person { name, birth_date } => {
                all.put("birth_date", page.date(*birth_date));
                ("person", name)
            }
            Party::Company { name, company_id, vat_id } => {
                all.put("company_id", company_id);
                all.put("vat_id", vat_id.clone().unwrap_or_default());
                ("company", name)
            }
        };
        all.put("party", party);
        all.put("name", name);
        all.put("email", &contract.email);
        all.put("phone", contract.phone.clone().unwrap_or_default());
        for (place, address) in [("mailing", &contract.mailing), ("supply", &contract.supply)] {
            all.put(&format!("{place}_street"), &address.street);
            all.put(&format!("{place}_city"), &address.city);
            all.put(&format!("{place}_postcode"), &address.postcode);
        }
        all.put("code", &contract.code);
        match &contract.technical {
            Technical::Electricity { rate, breaker } => {
                all.put("commodity", Commodity::Electricity.key());
                all.put("rate", rate);
                all.put("breaker", format!("{}x{}", breaker.phases, breaker.amps));
            }
            Technical::Gas { expected_kwh } => {
                all.put("commodity", Commodity::Gas.key());
                all.put("expected_kwh", expected_kwh.to_string());
            }
        }
        all.put("product", &contract.product);
        all.put("start_on", page.date(contract.starts_on));
        all.put("method", contract.payment.method().key());
        match &contract.payment {
            Chosen::DirectDebit(account) => all.put("account", format!("{}/{}", account.number(), account.bank_code())),
            Chosen::Sipo(number) => all.put("sipo", number),
            Chosen::Transfer | Chosen::PostalOrder => {}
        }
        all.put("consent", "yes");
        all
    }
}
