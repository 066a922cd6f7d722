//! The chrome around every page (head, header with menu, footer), rendered once for each tenant revision × role × language × place.
use super::access::any_allowed;
use super::cookies::Door;
use super::error::Error;
use super::guard::Served;
use super::services::Services;
use crate::domain::features::{Action, Feature, Role};
use crate::domain::ids::TenantId;
use crate::tenancy::{Lang, Tenant};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// An entry of a face's menu: shown when any of its features may be viewed.
pub struct MenuItem {
    pub path: &'static str,
    /// Text key of its label.
    pub label: &'static str,
    pub icon: &'static str,
    pub features: &'static [Feature],
}

/// The menus of the faces, given by the app, since the kit does not know the faces.
pub struct Menus {
    pub portal: &'static [MenuItem],
    pub operator: &'static [MenuItem],
    /// What the operators' lead sees besides.
    pub lead: &'static [MenuItem],
    pub platform: &'static [MenuItem],
}

#[derive(Serialize)]
pub struct Chrome {
    pub head: String,
    pub top: String,
    pub bottom: String,
}

#[derive(PartialEq, Eq, Hash, Clone, Copy)]
struct Key {
    tenant: TenantId,
    lang: Lang,
    role: Role,
    door: u8,
    active: usize,
}

pub struct ChromeCache {
    menus: Menus,
    /// With the tenant it was rendered for: a newer revision's chrome is made anew.
    kept: RwLock<HashMap<Key, Kept>>,
}

type Kept = (Arc<Tenant>, Arc<Chrome>);

const NO_PLACE: usize = usize::MAX;
/// Places of a menu that stand under the thumb on a phone; the rest opens behind one word.
const IN_BAR: usize = 4;

impl ChromeCache {
    pub fn new(menus: Menus) -> Self {
        ChromeCache { menus, kept: RwLock::new(HashMap::new()) }
    }

    pub fn of(&self, services: &Services, served: &Served) -> Result<Arc<Chrome>, Error> {
        let menu = || self.menu(served.door, served.role());
        let within = menu().enumerate().filter(|(_, item)| is_within(&served.path, item.path));
        let active = within.max_by_key(|(_, item)| item.path.len()).map_or(NO_PLACE, |(index, _)| index);
        let key =
            Key { tenant: served.tenant.id, lang: served.lang, role: served.role(), door: served.door as u8, active };
        if let Some((tenant, chrome)) = self.kept.read().expect("no holder panics").get(&key)
            && Arc::ptr_eq(tenant, &served.tenant)
        {
            return Ok(chrome.clone());
        }
        let chrome = Arc::new(render(services, served, menu(), active)?);
        self.kept.write().expect("no holder panics").insert(key, (served.tenant.clone(), chrome.clone()));
        Ok(chrome)
    }

    fn menu(&self, door: Door, role: Role) -> impl Iterator<Item = &'static MenuItem> + use<> {
        let (own, more): (&[MenuItem], &[MenuItem]) = match door {
            Door::Customer => (self.menus.portal, &[]),
            Door::Staff if role == Role::Lead => (self.menus.operator, self.menus.lead),
            Door::Staff => (self.menus.operator, &[]),
            Door::Platform => (self.menus.platform, &[]),
        };
        own.iter().chain(more)
    }
}

fn is_within(path: &str, place: &str) -> bool {
    path == place || path.strip_prefix(place).is_some_and(|rest| place != "/" && rest.starts_with('/'))
}

#[derive(Serialize)]
struct NavItem {
    href: String,
    label: String,
    icon: &'static str,
    is_active: bool,
}

#[derive(Serialize)]
struct OtherLang {
    code: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct Contact<'a> {
    phone: &'a str,
    fault_line: &'a str,
    email: &'a str,
    hours: &'a str,
    address: &'a str,
    site_url: &'a str,
}

fn render(
    services: &Services,
    served: &Served,
    menu: impl Iterator<Item = &'static MenuItem>,
    active: usize,
) -> Result<Chrome, Error> {
    let tenant = &served.tenant;
    let lang = served.lang;
    let role = served.role();
    let base = tenant.base();
    let is_signed_in = role != Role::Visitor;
    let is_shown = |item: &MenuItem| {
        is_signed_in
            && (item.features.is_empty() || any_allowed(tenant, role, item.features, Action::View))
            && (services.settings.is_demo || item.path != "/messages")
    };
    let nav: Vec<NavItem> = menu
        .enumerate()
        .filter(|(_, item)| is_shown(item))
        .map(|(index, item)| NavItem {
            href: format!("{base}{}", item.path),
            label: tenant.theme.text(lang, item.label).into_owned(),
            icon: item.icon,
            is_active: index == active,
        })
        .collect();
    let other_langs: Vec<OtherLang> = tenant
        .document
        .locale
        .enabled
        .iter()
        .filter(|other| **other != lang)
        .map(|other| OtherLang { code: other.key(), name: other.own_name() })
        .collect();
    let contact = &tenant.document.contact;
    let asset = |name: &str| tenant.theme.asset_path(name).map(|path| format!("{base}{path}"));
    let mut context = tera::Context::new();
    context.insert("base", base);
    context.insert("lang", lang.key());
    context.insert("other_langs", &other_langs);
    context.insert("portal_name", tenant.document.portal.get(lang));
    context.insert("supplier_name", tenant.document.name.get(lang));
    context.insert("mark", &asset("mark.svg").unwrap_or_default());
    context.insert("is_active_in_more", &nav.iter().skip(IN_BAR).any(|item| item.is_active));
    context.insert("nav", &nav);
    context.insert("css", &asset("style.css").unwrap_or_default());
    let fonts = tenant.theme.tokens.fonts.iter().filter_map(|font| asset(&font.file));
    context.insert("fonts", &fonts.collect::<Vec<_>>());
    context.insert("is_signed_in", &is_signed_in);
    context.insert("has_notices", &(is_signed_in && tenant.has(Feature::LoginWithCredentials)));
    context.insert("has_help", &tenant.has(Feature::PortalHelp));
    context.insert(
        "contact",
        &Contact {
            phone: &contact.phone,
            fault_line: &contact.fault_line,
            email: &contact.email,
            hours: contact.hours.get(lang),
            address: &contact.address,
            site_url: &contact.site_url,
        },
    );
    let folder = match served.door {
        Door::Customer => "portal",
        Door::Staff => "operator",
        Door::Platform => "platform",
    };
    let part = |name: &str| {
        tenant
            .theme
            .render(lang, &format!("{folder}/{name}"), &context)
            .map_err(|error| Error::Broken(error.to_string()))
    };
    Ok(Chrome { head: part("_head.html")?, top: part("_top.html")?, bottom: part("_bottom.html")? })
}
