//! Host names: from the raw bytes of a request to one canonical name, and from a name and a path to one answer. Pure; the only reader of raw authorities.
//!
//! The rules are numbered as in the table of the specification; `hosts_table` tests them row by row.
use super::tenant::{Tenant, TenantState};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::borrow::Cow;
use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// What of a request decides who answers it.
#[derive(Clone, Copy, Debug)]
pub struct RequestTarget<'a> {
    /// Of the request line: HTTP/2 `:authority`, or an absolute-form target.
    pub authority: Option<&'a str>,
    /// Values of all Host headers.
    pub hosts: &'a [&'a [u8]],
    /// Values of the configured forwarded-host header; empty unless the peer is a trusted proxy.
    pub forwarded: &'a [&'a [u8]],
    pub method: &'a str,
    pub path_and_query: &'a str,
}

/// Exactly one of these for every request.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// `path` has the mount stripped, begins with `/` and keeps its query.
    Tenant {
        tenant: Arc<Tenant>,
        path: String,
    },
    /// 308 to an absolute URL built from a tenant's own document.
    Redirect(String),
    Console,
    /// A constant page that names nobody: 400, 404 or 421.
    Neutral(u16),
}

const BAD_REQUEST: Resolution = Resolution::Neutral(400);
const NOT_FOUND: Resolution = Resolution::Neutral(404);
const MISDIRECTED: Resolution = Resolution::Neutral(421);

/// Who has a name.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    Console,
    /// One tenant for each mount.
    Tenants(Vec<Arc<Tenant>>),
    Alias(Arc<Tenant>),
}

pub(super) type Names = HashMap<Arc<str>, Owner>;

pub(super) fn resolve(names: &Names, takes_addresses: bool, target: &RequestTarget<'_>) -> Resolution {
    let Some(raw) = raw_authority(target) else { return BAD_REQUEST };
    let Ok(name) = requested_name(raw, takes_addresses) else { return BAD_REQUEST };
    if !target.path_and_query.starts_with('/') {
        return BAD_REQUEST;
    }
    let is_safe = matches!(target.method, "GET" | "HEAD");
    match names.get(name.as_ref()) {
        None => MISDIRECTED,
        Some(Owner::Console) => Resolution::Console,
        Some(Owner::Alias(tenant)) if !resolves(tenant) => MISDIRECTED,
        // Rule 8.
        Some(Owner::Alias(tenant)) if is_safe => Resolution::Redirect(
            tenant.url(within(tenant.base(), target.path_and_query).unwrap_or(target.path_and_query)),
        ),
        Some(Owner::Alias(_)) => MISDIRECTED,
        Some(Owner::Tenants(tenants)) => by_mount(tenants, target.path_and_query, is_safe),
    }
}

/// Rules 1 and 2: which of the names a request carries counts. Never a mix of two.
fn raw_authority<'a>(target: &RequestTarget<'a>) -> Option<&'a [u8]> {
    let own = match (target.authority, target.hosts) {
        (_, [_, _, ..]) => return None,
        (Some(authority), _) => authority.as_bytes(),
        (None, [host]) => host,
        (None, []) => return None,
    };
    match target.forwarded {
        [] => Some(own),
        [one] => Some(one),
        _ => None,
    }
}

/// Rule 9: the tenant whose mount the path lies in.
fn by_mount(tenants: &[Arc<Tenant>], path_and_query: &str, is_safe: bool) -> Resolution {
    let mut serving = tenants.iter().filter(|tenant| resolves(tenant));
    let Some(first) = serving.next() else { return MISDIRECTED };
    for tenant in std::iter::once(first).chain(serving.clone()) {
        if let Some(rest) = within(tenant.base(), path_and_query) {
            return Resolution::Tenant { tenant: tenant.clone(), path: rooted(rest) };
        }
    }
    let is_root = path_and_query.split('?').next() == Some("/");
    match serving.next() {
        None if is_root && is_safe => Resolution::Redirect(first.url("/")),
        _ => NOT_FOUND,
    }
}

fn resolves(tenant: &Tenant) -> bool {
    matches!(tenant.state, TenantState::Active | TenantState::Suspended)
}

/// What follows the mount, when the path lies in it: empty, or beginning with `/` or `?`.
fn within<'a>(mount: &str, path_and_query: &'a str) -> Option<&'a str> {
    path_and_query.strip_prefix(mount).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

fn rooted(rest: &str) -> String {
    if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") }
}

/// Rules 3 to 5, for what a client sent: port and one dot at the end are stripped.
pub(super) fn requested_name(raw: &[u8], takes_addresses: bool) -> Result<Cow<'_, str>, &'static str> {
    let text = std::str::from_utf8(raw).map_err(|_| "is not UTF-8")?;
    if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']').ok_or("has no closing bracket")?;
        check_port(port)?;
        let address: Ipv6Addr = address.parse().map_err(|_| "is no address")?;
        return if takes_addresses { Ok(Cow::Owned(format!("[{address}]"))) } else { Err("is an address") };
    }
    let (name, port) = match text.find(':') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    check_port(port)?;
    canonical(name.strip_suffix('.').unwrap_or(name), takes_addresses)
}

/// The same for a name in a document, where a port, a dot at the end or an address has no place.
pub(super) fn configured_name(name: &str) -> Result<String, &'static str> {
    if name.contains(':') {
        return Err("a port has no place here; ports come from the configuration");
    }
    if name.contains('*') {
        return Err("wildcards are not known; name each host");
    }
    if name.contains('/') {
        return Err("a path has no place here; use \"mount\"");
    }
    if name.ends_with('.') {
        return Err("must not end with a dot");
    }
    canonical(name, false).map(Cow::into_owned)
}

fn check_port(port: &str) -> Result<(), &'static str> {
    let Some(digits) = port.strip_prefix(':') else {
        return if port.is_empty() { Ok(()) } else { Err("has something after it") };
    };
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(port) if is_number && port > 0 => Ok(()),
        _ => Err("has a bad port"),
    }
}

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Lower-case A-labels.
fn canonical(name: &str, takes_addresses: bool) -> Result<Cow<'_, str>, &'static str> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err("must have 1 to 253 bytes");
    }
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let name = if name.bytes().all(is_plain) && !name.contains("xn--") {
        Cow::Borrowed(name)
    } else {
        let ascii =
            Uts46::new().to_ascii(name.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
        Cow::Owned(ascii.map_err(|_| "is no host name")?.into_owned())
    };
    if name.len() > LONGEST_NAME {
        return Err("must have 1 to 253 bytes");
    }
    let is_label =
        |label: &str| (1..=LONGEST_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    if !name.split('.').all(is_label) {
        return Err("has an empty or too long part, or one that begins or ends with -");
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if is_number && !(takes_addresses && name.parse::<Ipv4Addr>().is_ok()) {
        return Err("is an address, not a name");
    }
    Ok(name)
}
