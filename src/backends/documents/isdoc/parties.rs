//! Who supplies and who is supplied.
use super::super::Error;
use super::xml::Xml;
use super::{Isdoc, Party};
use crate::domain::supply_points::Address;

pub(super) fn parties(xml: &mut Xml, input: &Isdoc<'_>) -> Result<(), Error> {
    xml.within("AccountingSupplierParty", |xml| party(xml, &input.supplier))?;
    xml.within("AccountingCustomerParty", |xml| party(xml, &input.customer))
}

fn party(xml: &mut Xml, party: &Party) -> Result<(), Error> {
    xml.within("Party", |xml| {
        xml.within("PartyIdentification", |xml| {
            if let Some(number) = &party.number {
                xml.leaf("UserID", number)?;
            }
            xml.leaf("ID", party.company_id.as_deref().unwrap_or(""))
        })?;
        xml.within("PartyName", |xml| xml.leaf("Name", &party.name))?;
        xml.within("PostalAddress", |xml| address(xml, party))?;
        if let Some(vat_id) = &party.vat_id {
            xml.within("PartyTaxScheme", |xml| {
                xml.leaf("CompanyID", vat_id)?;
                xml.leaf("TaxScheme", "VAT")
            })?;
        }
        if let Some(register) = &party.register {
            xml.within("RegisterIdentification", |xml| xml.leaf("Preformatted", register))?;
        }
        contact(xml, party)
    })
}

fn address(xml: &mut Xml, party: &Party) -> Result<(), Error> {
    let (street, building) = street_and_building(&party.address.street);
    xml.leaf("StreetName", street)?;
    xml.leaf("BuildingNumber", building)?;
    xml.leaf("CityName", &party.address.city)?;
    xml.leaf("PostalZone", &party.address.postcode.split_whitespace().collect::<String>())?;
    xml.within("Country", |xml| {
        xml.leaf("IdentificationCode", "CZ")?;
        xml.leaf("Name", "Česká republika")
    })
}

fn contact(xml: &mut Xml, party: &Party) -> Result<(), Error> {
    if party.phone.is_none() && party.email.is_none() {
        return Ok(());
    }
    xml.within("Contact", |xml| {
        xml.leaf("Name", &party.name)?;
        if let Some(phone) = &party.phone {
            xml.leaf("Telephone", phone)?;
        }
        party.email.as_ref().map_or(Ok(()), |email| xml.leaf("ElectronicMail", email))
    })
}

/// `Dlouhá 12/3a` is `Dlouhá` and `12/3a`; a street without a number keeps the number empty.
fn street_and_building(line: &str) -> (&str, &str) {
    match line.trim().rsplit_once(char::is_whitespace) {
        Some((street, number)) if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
            (street.trim_end(), number)
        }
        _ => (line.trim(), ""),
    }
}

/// An address written in one line, `Dlouhá 12, 110 00 Praha 1`, for parties that are known by no other.
pub fn address_of(line: &str) -> Address {
    let (street, rest) = line.rsplit_once(',').unwrap_or(("", line));
    let rest = rest.trim();
    let digits = rest.chars().take_while(|letter| letter.is_ascii_digit() || letter.is_whitespace()).count();
    let (postcode, city) = rest.split_at(rest.char_indices().nth(digits).map_or(rest.len(), |(at, _)| at));
    Address { street: street.trim().into(), city: city.into(), postcode: postcode.trim().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_one_line_is_taken_apart() {
        let parts = |line| {
            let address = address_of(line);
            (address.street, address.postcode, address.city)
        };
        let whole = ("Dlouhá 12, vchod B".into(), "110 00".into(), "Praha 1".into());
        assert_eq!(parts("Dlouhá 12, vchod B, 110 00 Praha 1"), whole);
        assert_eq!(parts("Příbram"), (String::new(), String::new(), "Příbram".into()));
        assert_eq!(parts(""), <(String, String, String)>::default());
    }

    #[test]
    fn the_building_is_told_from_the_street() {
        for (line, street, building) in [
            ("Příkladná 12", "Příkladná", "12"),
            ("Náměstí 28. října  1234/56a ", "Náměstí 28. října", "1234/56a"),
            ("Lhota č.p. 7", "Lhota č.p.", "7"),
            ("U Lesa", "U Lesa", ""),
            ("", "", ""),
        ] {
            assert_eq!(street_and_building(line), (street, building), "{line}");
        }
    }
}
