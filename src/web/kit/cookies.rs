//! Cookies: one for each face, tied to the tenant by its own key, `__Host-` where the mount allows it.
use super::services::Shared;
use super::slices::Guard;
use crate::backends::keys::{self, Purpose};
use crate::backends::sessions::SubjectKind;
use crate::tenancy::Tenant;
use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of a face on a tenant: of its session, or of a device.
pub struct Cookie {
    name: String,
    path: String,
    is_secure: bool,
    purpose: Purpose,
    /// Seconds the browser keeps it; else until it is closed.
    max_age: Option<u32>,
}

/// Thirteen months: browsers keep no cookie longer.
const DEVICE_AGE: u32 = 395 * 24 * 3600;

/// As long as a challenge lasts.
const PASSKEY_AGE: u32 = 5 * 60;

/// Which door a cookie opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Customer,
    Staff,
    Platform,
}

impl Door {
    pub fn of(guard: Guard) -> Door {
        match guard {
            Guard::Visitor | Guard::Customer | Guard::Key => Door::Customer,
            Guard::StaffDoor | Guard::Operator => Door::Staff,
            Guard::PlatformDoor | Guard::PlatformOperator => Door::Platform,
        }
    }

    pub fn of_kind(kind: SubjectKind) -> Door {
        match kind {
            SubjectKind::Customer => Door::Customer,
            SubjectKind::Staff => Door::Staff,
            SubjectKind::Platform => Door::Platform,
        }
    }
}

impl Cookie {
    pub fn session(services: &Shared, tenant: &Tenant, door: Door) -> Cookie {
        let (name, path) = match door {
            Door::Customer => ("customer", home(tenant)),
            Door::Staff => ("staff", format!("{}/operator", tenant.base())),
            Door::Platform => ("platform", "/".to_owned()),
        };
        Self::named(services, name, path, Purpose::Session, None)
    }

    /// By which the accounts of this tenant know a customer's device again.
    pub fn device(services: &Shared, tenant: &Tenant) -> Cookie {
        Self::named(services, "device", home(tenant), Purpose::Device, Some(DEVICE_AGE))
    }

    fn named(services: &Shared, name: &str, path: String, purpose: Purpose, max_age: Option<u32>) -> Cookie {
        let is_secure = services.settings.is_secure;
        let prefix = match (is_secure, path.as_str()) {
            (false, _) => "",
            (true, "/") => "__Host-",
            (true, _) => "__Secure-",
        };
        Cookie { name: format!("{prefix}{name}"), path, is_secure, purpose, max_age }
    }

    /// Ties a challenge for a passkey to the browser that asked for it.
    pub fn passkey(services: &Shared, tenant: &Tenant) -> Cookie {
        Self::named(services, "passkey", home(tenant), Purpose::Session, Some(PASSKEY_AGE))
    }

    /// Ties a sign-in at staff's own provider to the browser that began it.
    pub fn provider(services: &Shared, tenant: &Tenant) -> Cookie {
        let is_secure = services.settings.is_secure;
        let prefix = if is_secure { "__Secure-" } else { "" };
        let path = format!("{}/operator/login/oidc", tenant.base());
        Cookie { name: format!("{prefix}provider"), path, is_secure, purpose: Purpose::Session, max_age: None }
    }

    /// The token in the request, when its signature is this tenant's.
    pub fn token(&self, services: &Shared, tenant: &Tenant, headers: &HeaderMap) -> Option<keys::Token> {
        let key = services.master.derive(tenant.id, self.purpose);
        values(headers, &self.name).take(4).find_map(|value| keys::Token::from_cookie(value, &key))
    }

    pub fn set(&self, services: &Shared, tenant: &Tenant, token: &keys::Token) -> HeaderValue {
        let key = services.master.derive(tenant.id, self.purpose);
        self.header(&token.to_cookie(&key), self.max_age)
    }

    pub fn clear(&self) -> HeaderValue {
        self.header("", Some(0))
    }

    fn header(&self, value: &str, max_age: Option<u32>) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let text = format!("{}={value}; Path={}; HttpOnly; SameSite=Lax{secure}{age}", self.name, self.path);
        HeaderValue::from_str(&text).expect("names, paths and base64 are printable ASCII")
    }
}

/// The tenant's mount, where its customers are at home.
fn home(tenant: &Tenant) -> String {
    if tenant.base().is_empty() { "/".to_owned() } else { tenant.base().to_owned() }
}

/// Values of the named cookie, in the order sent.
pub fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(key, _)| *key == name)
        .map(|(_, value)| value)
}
