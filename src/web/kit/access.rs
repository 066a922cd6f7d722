//! The gate in front of every slice: feature, then guard, then role, then form token. Off is 404 on every verb.
use super::csrf;
use super::error::Error;
use super::guard::Served;
use super::received::{HandedBack, Received, is_form};
use super::slices::{Gate, Guard};
use crate::domain::access::Class;
use crate::domain::features::{Action, Feature, Role};
use crate::domain::percent;
use crate::tenancy::Tenant;
use axum::extract::Request;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Left on the request for a form that could not be sent yet: the page says beforehand what will be needed.
#[derive(Clone, Copy, Debug)]
pub struct Needed(pub Class);

pub async fn pass(gate: Gate, mut request: Request, next: Next) -> Response {
    let Some(served) = request.extensions().get::<Arc<Served>>().cloned() else {
        return Error::Broken("a slice was reached without its entry".into()).into_response();
    };
    // Nothing is called by a NUL, and no row could be compared with it.
    if request.uri().path().contains("%00") {
        return Error::NotFound.into_response();
    }
    match admit(gate, &served, &request) {
        Ok(Admission::Welcome) => {
            request.extensions_mut().insert(gate);
        }
        Ok(Admission::SignInFirst(url)) => {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response();
        }
        Ok(Admission::ProveFirst(class)) => return prove_first(gate, &served, class, request).await,
        Ok(Admission::Foretell(class)) => _ = request.extensions_mut().insert(Needed(class)),
        Err(error) => return refuse(error, request).await,
    }
    let is_formless = is_door(gate.guard) || gate.guard == Guard::Key;
    if csrf::is_safe(request.method()) || served.session.is_none() || is_formless {
        return next.run(request).await;
    }
    let (form, request) = match Received::of(request).await {
        Ok(received) => received,
        Err(error) => return error.into_response(),
    };
    if let Err(error) = csrf::check_token(&form, &served.csrf).await {
        return form.hand_back(error.into_response()).await;
    }
    let form = form.if_small();
    let response = next.run(request).await;
    match form {
        Some(form) if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::PRECONDITION_REQUIRED) => {
            form.hand_back(response).await
        }
        _ => response,
    }
}

pub async fn nothing_here(request: Request) -> Response {
    refuse(Error::NotFound, request).await
}

/// Off or never there, it looks the same; who is signed in gets back what they typed.
async fn refuse(error: Error, request: Request) -> Response {
    let served = request.extensions().get::<Arc<Served>>();
    let is_signed_in = served.is_some_and(|served| served.session.is_some());
    if csrf::is_safe(request.method()) || !is_signed_in || !is_form(request.headers()) {
        return error.into_response();
    }
    match Received::of(request).await {
        Ok((form, _)) => form.hand_back(error.into_response()).await,
        Err(_) => error.into_response(),
    }
}

enum Admission {
    Welcome,
    SignInFirst(String),
    /// The supplier wants to know better who it is.
    ProveFirst(Class),
    /// Welcome to look; for sending it will want to.
    Foretell(Class),
}

fn admit(gate: Gate, served: &Served, request: &Request) -> Result<Admission, Error> {
    if !gate.features.is_empty() && !gate.features.iter().any(|feature| served.tenant.has(*feature)) {
        return Err(Error::NotFound);
    }
    let needed = match gate.guard {
        // Of a machine its own guard asks for the key.
        Guard::Visitor | Guard::StaffDoor | Guard::PlatformDoor | Guard::Key => None,
        Guard::Customer => Some("/login"),
        Guard::Operator => Some("/operator/login"),
        Guard::PlatformOperator => Some("/login"),
    };
    let Some(door) = needed else { return Ok(Admission::Welcome) };
    let Some(session) = &served.session else {
        let has_door = gate.guard != Guard::Customer || served.tenant.has(Feature::LoginWithCredentials);
        let home = || format!("{}/", served.tenant.base());
        return Ok(Admission::SignInFirst(if has_door { sign_in(served, door, request) } else { home() }));
    };
    let action = if csrf::is_safe(request.method()) { gate.reads } else { gate.writes };
    let is_asking = gate.guard == Guard::Customer && !csrf::is_safe(request.method()) && action != Action::View;
    if is_asking && session.after.is_some() {
        return Err(Error::ContractOver);
    }
    // Nothing is sent for the customer by who only reads, whatever a page's features say: nor is the form shown.
    let acts = gate.is_form || !csrf::is_safe(request.method());
    if session.role == Role::Reader && acts && !gate.is_own {
        return Err(Error::NotFound);
    }
    if !gate.features.is_empty() && !any_allowed(&served.tenant, session.role, gate.features, action) {
        return Err(Error::NotFound);
    }
    if gate.guard != Guard::Customer || gate.is_own {
        return Ok(Admission::Welcome);
    }
    let class = class_of(gate, &served.tenant);
    let is_missing = |class| served.tenant.document.assurance.missing(class, session.proofs).is_some();
    Ok(match csrf::is_safe(request.method()) {
        true if is_missing(Class::Read) => Admission::ProveFirst(Class::Read),
        true if (acts || gate.reads == Action::Submit) && is_missing(class) => Admission::Foretell(class),
        false if is_missing(class) => Admission::ProveFirst(class),
        _ => Admission::Welcome,
    })
}

/// Of what a page sends: the strictest of its features that are on. What is sent for a customer is never mere reading, also where the
/// feature is one that informs: a complaint about a bill.
fn class_of(gate: Gate, tenant: &Tenant) -> Class {
    let on = gate.features.iter().filter(|feature| tenant.has(**feature));
    on.map(|feature| Class::of(*feature)).fold(Class::Contact, Class::max)
}

/// Where a proof is given, and back again.
pub fn assurance(base: &str, class: Class, next: &str) -> String {
    format!("{base}/account/assurance?for={}&next={}", class.key(), encode(next))
}

/// On to where it is proved; who had typed something gets it back first, with the way there.
async fn prove_first(gate: Gate, served: &Served, class: Class, request: Request) -> Response {
    let is_safe = csrf::is_safe(request.method());
    let base = served.tenant.base();
    let from = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    let from = safe_next(from.as_ref().and_then(|from| from.path().strip_prefix(base)));
    let next = if is_safe || gate.is_form { request.uri().path() } else { from.unwrap_or("/dashboard") };
    let url = assurance(base, class, next);
    let go = (StatusCode::SEE_OTHER, [(header::LOCATION, url.clone())]).into_response();
    if is_safe || !is_form(request.headers()) {
        return go;
    }
    let Ok((form, _)) = Received::of(request).await else { return go };
    let mut refused = form.hand_back(StatusCode::FORBIDDEN.into_response()).await;
    match refused.extensions_mut().get_mut::<HandedBack>().filter(|handed| !handed.words.is_empty()) {
        Some(handed) => handed.prove = url,
        None => return go,
    }
    refused
}

pub fn any_allowed(tenant: &Tenant, role: Role, features: &[Feature], action: Action) -> bool {
    features.iter().any(|feature| tenant.allows(role, *feature, action))
}

fn is_door(guard: Guard) -> bool {
    matches!(guard, Guard::StaffDoor | Guard::PlatformDoor)
}

fn sign_in(served: &Served, door: &str, request: &Request) -> String {
    let base = served.tenant.base();
    if !csrf::is_safe(request.method()) {
        return format!("{base}{door}");
    }
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    format!("{base}{door}?next={}", encode(wanted))
}

/// An address of ours within another's query.
pub fn encode(path: &str) -> String {
    percent::encoded_path(path).to_string()
}

/// Where to go after signing in: only a path of this portal, never another site.
pub fn safe_next(next: Option<&str>) -> Option<&str> {
    next.filter(|path| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && !path.bytes().any(|byte| byte.is_ascii_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_within_the_portal() {
        assert_eq!(safe_next(Some("/invoices?year=2026")), Some("/invoices?year=2026"));
        for evil in ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example", "/a\r\nb", ""]
        {
            assert_eq!(safe_next(Some(evil)), None, "{evil}");
        }
    }
}
