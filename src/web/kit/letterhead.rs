//! What every paper of a supplier wears: names, colour, address.
use super::page::Page;
use crate::backends::documents::DocumentStyle;

impl Page {
    pub fn letterhead(&self) -> DocumentStyle {
        let (tenant, lang) = (self.tenant(), self.lang());
        let contact = &tenant.document.contact;
        let primary = tenant.theme.tokens.light.get("primary");
        DocumentStyle {
            supplier: tenant.document.name.get(lang).to_owned(),
            portal: tenant.document.portal.get(lang).to_owned(),
            colour: primary.map_or([0, 0, 0], |colour| [colour.0, colour.1, colour.2]),
            mark: None,
            language: lang.key().to_owned(),
            address: vec![contact.address.clone()],
            contact: vec![contact.phone.clone(), contact.email.clone()],
            page_words: self.t("paper-page"),
        }
    }
}
