//! From a draft to a contract: every field by its rule, all that is wrong at once.
use super::super::bank::{is_company_id, is_vat_id};
use super::super::payment_methods::{ChoiceError, Chosen};
use super::super::supply_points::{Address, Breaker, Commodity, parse_ean, parse_eic};
use super::super::tariffs::Rate;
use super::super::typed::{self, Problem};
use super::{Contract, Draft, Field, Offer, Party, Step, Technical, TypedAddress};
use rust_decimal::Decimal;
use time::{Date, Duration};

const LINE: usize = 120;
/// Above it gas is no longer measured as a small customer's (630 MWh a year).
const MOST_KWH: i64 = 630_000;
const ADULT_YEARS: i32 = 18;

type Wrong = Vec<(Field, Problem)>;

/// The whole contract, or all that is wrong with it, step by step.
pub fn complete(draft: &Draft, offer: Offer<'_>) -> Result<Contract, Wrong> {
    let mut check = Check { wrong: Vec::new() };
    let contract = check.contract(draft, offer);
    check.wrong.sort_by_key(|(field, _)| (field.step(), *field));
    match contract {
        Some(contract) if check.wrong.is_empty() => Ok(contract),
        _ => Err(check.wrong),
    }
}

/// What is wrong in one step.
pub fn problems(draft: &Draft, offer: Offer<'_>, step: Step) -> Wrong {
    let wrong = complete(draft, offer).err().unwrap_or_default();
    wrong.into_iter().filter(|(field, _)| field.step() == step).collect()
}

/// What has not been given yet in one step.
pub fn missing(draft: &Draft, offer: Offer<'_>, step: Step) -> Vec<Field> {
    let wrong = problems(draft, offer, step).into_iter();
    wrong.filter(|(_, problem)| *problem == Problem::Missing).map(|(field, _)| field).collect()
}

struct Check {
    wrong: Wrong,
}

impl Check {
    /// None when something is wrong. Each part is looked at even when one before it is wrong.
    fn contract(&mut self, draft: &Draft, offer: Offer<'_>) -> Option<Contract> {
        let party = self.party(draft, offer.today);
        let email = self.field(Field::Email, &draft.email, |typed| typed::email(typed).map_err(Problem::Email));
        let phone = self.optional(Field::Phone, &draft.phone, |typed| typed::phone(typed).map_err(Problem::Phone));
        let supply = [Field::SupplyStreet, Field::SupplyCity, Field::SupplyPostcode];
        let supply = self.address(supply, &draft.supply);
        let mailing = [Field::MailingStreet, Field::MailingCity, Field::MailingPostcode];
        let mailing = if draft.mailing.is_blank() { supply.clone() } else { self.address(mailing, &draft.mailing) };
        let code = self.code(draft);
        let technical = self.technical(draft);
        let product = self.product(draft, offer);
        let starts_on = self.starts_on(draft, offer);
        let payment = self.payment(draft, offer);
        if !draft.has_consented {
            self.wrong.push((Field::Consent, Problem::Missing));
        }
        Some(Contract {
            party: party?,
            email: email?,
            phone: phone?,
            mailing: mailing?,
            supply: supply?,
            code: code?,
            technical: technical?,
            product: product?,
            starts_on: starts_on?,
            payment: payment?,
        })
    }

    fn field<T>(&mut self, field: Field, typed: &str, read: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        let found = if typed.trim().is_empty() { Err(Problem::Missing) } else { read(typed) };
        found.map_err(|problem| self.wrong.push((field, problem))).ok()
    }

    /// The outer option is none when it is wrong, the inner when it was not given.
    fn optional<T>(
        &mut self,
        field: Field,
        typed: &str,
        read: impl Fn(&str) -> Result<T, Problem>,
    ) -> Option<Option<T>> {
        if typed.trim().is_empty() { Some(None) } else { self.field(field, typed, read).map(Some) }
    }

    fn line(&mut self, field: Field, typed: &str) -> Option<String> {
        self.field(field, typed, |typed| typed::text(typed, LINE).map_err(Problem::Text))
    }

    fn party(&mut self, draft: &Draft, today: Date) -> Option<Party> {
        let name = self.line(Field::Name, &draft.name);
        if draft.is_company {
            let is_right =
                |is_right: bool, typed: &str, problem| if is_right { Ok(typed.to_owned()) } else { Err(problem) };
            let company_id = self.field(Field::CompanyId, &draft.company_id, |typed| {
                is_right(is_company_id(typed), typed.trim(), Problem::CompanyId)
            });
            let vat_id = self.optional(Field::VatId, &draft.vat_id, |typed| {
                let typed = typed.trim().to_uppercase();
                is_right(is_vat_id(&typed), &typed, Problem::VatId)
            });
            return Some(Party::Company { name: name?, company_id: company_id?, vat_id: vat_id? });
        }
        let birth_date = self.field(Field::BirthDate, &draft.birth_date, |typed| {
            let latest = years_before(today, ADULT_YEARS);
            let day = typed::date(typed).map_err(Problem::Date)?;
            if day <= latest { Ok(day) } else { Err(Problem::Days { earliest: None, latest: Some(latest) }) }
        });
        Some(Party::Person { name: name?, birth_date: birth_date? })
    }

    fn address(&mut self, fields: [Field; 3], typed: &TypedAddress) -> Option<Address> {
        let street = self.line(fields[0], &typed.street);
        let city = self.line(fields[1], &typed.city);
        let postcode =
            self.field(fields[2], &typed.postcode, |typed| typed::postcode(typed).map_err(Problem::Postcode));
        Some(Address { street: street?, city: city?, postcode: postcode? })
    }

    fn code(&mut self, draft: &Draft) -> Option<String> {
        match draft.commodity {
            Some(Commodity::Gas) => {
                self.field(Field::Code, &draft.code, |typed| parse_eic(typed).map_err(Problem::Code))
            }
            _ => self.field(Field::Code, &draft.code, |typed| parse_ean(typed).map_err(Problem::Code)),
        }
    }

    fn technical(&mut self, draft: &Draft) -> Option<Technical> {
        let Some(commodity) = draft.commodity else {
            self.wrong.push((Field::Commodity, Problem::Missing));
            return None;
        };
        if commodity == Commodity::Gas {
            let expected_kwh = self.field(Field::ExpectedKwh, &draft.expected_kwh, |typed| {
                let kwh = typed::whole_number(typed).map_err(Problem::Number)?;
                let range = Problem::Range { least: Some(Decimal::ONE), most: Some(MOST_KWH.into()) };
                if (1..=MOST_KWH).contains(&kwh) { Ok(kwh) } else { Err(range) }
            });
            return Some(Technical::Gas { expected_kwh: expected_kwh? });
        }
        // A point keeps a rate that is granted no longer, so any known one will do.
        let rate = self.field(Field::Rate, &draft.rate, |typed| Rate::find(typed).ok_or(Problem::NotAnOption));
        let breaker =
            self.field(Field::Breaker, &draft.breaker, |typed| Breaker::parse(typed).ok_or(Problem::NotAnOption));
        Some(Technical::Electricity { rate: rate?.code.to_owned(), breaker: breaker? })
    }

    fn product(&mut self, draft: &Draft, offer: Offer<'_>) -> Option<String> {
        self.field(Field::Product, &draft.product, |typed| {
            let fits = |product: &&(String, Commodity)| product.0 == typed && Some(product.1) == draft.commodity;
            offer.products.iter().find(fits).map(|product| product.0.clone()).ok_or(Problem::NotAnOption)
        })
    }

    fn starts_on(&mut self, draft: &Draft, offer: Offer<'_>) -> Option<Date> {
        let earliest = offer.today + Duration::days(offer.lead_days.max(0));
        let latest = offer.today + Duration::days(365);
        self.field(Field::StartOn, &draft.start_on, |typed| {
            let day = typed::date(typed).map_err(Problem::Date)?;
            let range = Problem::Days { earliest: Some(earliest), latest: Some(latest) };
            if (earliest..=latest).contains(&day) { Ok(day) } else { Err(range) }
        })
    }

    fn payment(&mut self, draft: &Draft, offer: Offer<'_>) -> Option<Chosen> {
        let Some(method) = draft.method else {
            self.wrong.push((Field::Method, Problem::Missing));
            return None;
        };
        if !offer.methods.contains(&method) {
            self.wrong.push((Field::Method, Problem::NotAnOption));
            return None;
        }
        let wrong = match Chosen::new(method, &draft.account, &draft.sipo) {
            Ok(chosen) => return Some(chosen),
            Err(ChoiceError::AccountMissing) => (Field::Account, Problem::Missing),
            Err(ChoiceError::SipoMissing) => (Field::Sipo, Problem::Missing),
            Err(ChoiceError::Account(error)) => (Field::Account, Problem::Account(error)),
            Err(error) => (Field::Sipo, Problem::Payment(error)),
        };
        self.wrong.push(wrong);
        None
    }
}

impl TypedAddress {
    fn is_blank(&self) -> bool {
        [&self.street, &self.city, &self.postcode].iter().all(|part| part.trim().is_empty())
    }
}

/// Of 29 February: the 28th, where there is none.
fn years_before(day: Date, years: i32) -> Date {
    let year = day.year() - years;
    day.replace_year(year).or_else(|_| (day - Duration::days(1)).replace_year(year)).unwrap_or(day)
}
