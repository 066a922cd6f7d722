//! A page: the tenant's theme and language, the chrome around, and the one view struct the template may see.
use super::access;
use super::cookies::Door;
use super::error::Error;
use super::guard::Served;
use super::services::{Services, Shared};
use crate::backends::sessions::Session;
use crate::domain::access::{AfterContract, Class};
use crate::domain::features::{Action, Area, Feature, Role};
use crate::tenancy::{Arg, Lang, Tenant, Theme};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;
use time::{Date, OffsetDateTime};

#[derive(Clone)]
pub struct Page {
    services: Shared,
    served: Arc<Served>,
    /// What the form on it will want to have proved.
    needed: Option<Class>,
}

impl Page {
    pub fn new(services: Shared, served: Arc<Served>) -> Page {
        Page { services, served, needed: None }
    }

    /// The page of a form that could not be sent yet.
    pub fn needing(self, needed: Option<Class>) -> Page {
        Page { needed, ..self }
    }

    pub fn lang(&self) -> Lang {
        self.served.lang
    }
    pub fn tenant(&self) -> &Tenant {
        &self.served.tenant
    }
    /// Mount prefix without a slash at its end: `` or `/VOK`.
    pub fn base(&self) -> &str {
        self.served.tenant.base()
    }
    pub fn role(&self) -> Role {
        self.served.role()
    }
    /// Whether the person looking may view it now.
    pub fn has(&self, feature: Feature) -> bool {
        self.served.tenant.allows(self.role(), feature, Action::View)
    }
    /// Whether the person looking may do what the feature is for: look where it informs, send where it is an errand.
    pub fn offers(&self, feature: Feature) -> bool {
        let action = match feature.area() {
            Area::Requests | Area::Readings | Area::Alerts => Action::Submit,
            Area::Portal | Area::Access | Area::Information => Action::View,
        };
        self.served.tenant.allows(self.role(), feature, action)
    }
    /// Whether the person looking may send anything for the customer at all.
    pub fn acts(&self) -> bool {
        self.role() != Role::Reader
    }
    pub fn has_any(&self, features: &[Feature], action: Action) -> bool {
        access::any_allowed(&self.served.tenant, self.role(), features, action)
    }
    pub fn is_signed_in(&self) -> bool {
        self.served.session.is_some()
    }
    pub fn session(&self) -> Option<&Session> {
        self.served.session.as_ref()
    }
    pub fn session_key(&self) -> Option<[u8; 32]> {
        self.served.session_key
    }
    pub fn csrf(&self) -> &str {
        &self.served.csrf
    }
    pub fn peer(&self) -> IpAddr {
        self.served.peer
    }
    pub fn request_id(&self) -> &str {
        &self.served.request_id
    }
    pub fn now(&self) -> OffsetDateTime {
        self.services.clock.now()
    }
    /// Today in the tenant's time zone.
    pub fn today(&self) -> Date {
        self.services.clock.today(&self.served.tenant.document.locale.timezone)
    }
    /// An instant as day and time of day in the tenant's zone.
    pub fn local(&self, at: OffsetDateTime) -> (Date, time::Time) {
        self.services.clock.local(at, &self.served.tenant.document.locale.timezone)
    }
    /// The instant at which clocks in the tenant's zone show that day and time.
    pub fn instant(&self, day: Date, time: time::Time) -> OffsetDateTime {
        self.services.clock.instant(day, time, &self.served.tenant.document.locale.timezone)
    }
    /// For the doors (log-in, log-out) and the pages that change a tenant; not for reading rows.
    pub(in crate::web) fn services(&self) -> &Services {
        &self.services
    }
    pub(in crate::web) fn shared(&self) -> &Shared {
        &self.services
    }
    pub(in crate::web) fn served(&self) -> &Arc<Served> {
        &self.served
    }

    /// For sentences of a contract that is over: when it ended, until when its papers are here, whom to call.
    pub fn after_words(&self, after: &AfterContract) -> [(&'static str, Arg); 3] {
        let phone = self.tenant().document.contact.phone.as_str();
        [
            ("ended", Arg::from(self.date(after.ended_on))),
            ("until", Arg::from(self.date(after.until))),
            ("phone", Arg::from(phone)),
        ]
    }

    pub fn t(&self, key: &str) -> String {
        self.served.tenant.theme.text(self.lang(), key).into_owned()
    }
    pub fn t_args(&self, key: &str, args: &[(&str, Arg)]) -> String {
        self.served.tenant.theme.text_args(self.lang(), key, args)
    }

    pub fn show<V: Serialize>(&self, template: &str, view: &V) -> Result<Response, Error> {
        self.show_as(StatusCode::OK, template, view)
    }

    /// A form shown again with what was typed and what to mend: 422.
    pub fn show_again<V: Serialize>(&self, template: &str, view: &V) -> Result<Response, Error> {
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, template, view)
    }

    pub fn show_as<V: Serialize>(&self, status: StatusCode, template: &str, view: &V) -> Result<Response, Error> {
        let html = self.render(template, view)?;
        Ok((status, [(header::CONTENT_TYPE, HTML), (header::CACHE_CONTROL, NO_STORE)], html).into_response())
    }

    /// A whole document in a theme other than the tenant's own, without the chrome: the console's catalogue.
    pub(in crate::web) fn show_in(
        &self,
        theme: &Theme,
        template: &str,
        mut context: tera::Context,
    ) -> Result<Response, Error> {
        context.insert("base", self.base());
        context.insert("lang", self.lang().key());
        context.insert("theme", &theme.id);
        let html = theme.render(self.lang(), template, &context).map_err(|error| Error::Broken(error.to_string()))?;
        Ok(([(header::CONTENT_TYPE, HTML), (header::CACHE_CONTROL, NO_STORE)], html).into_response())
    }

    pub fn render<V: Serialize>(&self, template: &str, view: &V) -> Result<String, Error> {
        let tenant = &self.served.tenant;
        let lang = self.lang();
        let mut context = tera::Context::new();
        let chrome = self.services.chrome.of(&self.services, &self.served)?;
        context.insert("head", &chrome.head);
        context.insert("top", &chrome.top);
        context.insert("bottom", &chrome.bottom);
        context.insert("base", tenant.base());
        context.insert("lang", lang.key());
        context.insert("portal_name", tenant.document.portal.get(lang));
        context.insert("supplier_name", tenant.document.name.get(lang));
        context.insert("csrf", &self.served.csrf);
        context.insert("who", self.served.session.as_ref().map_or("", |session| session.name.as_str()));
        context.insert("number", self.served.session.as_ref().map_or("", |session| session.number.as_str()));
        context.insert("acts", &self.acts());
        let missing = self.needed.and_then(|class| {
            let proofs = self.served.session.as_ref()?.proofs;
            Some((class, tenant.document.assurance.missing(class, proofs)?))
        });
        if let Some((class, proof)) = missing {
            context.insert("needed", &self.t(&format!("assurance-needed-{}", proof.key())));
            context.insert("needed_href", &access::assurance(tenant.base(), class, &self.served.path));
        }
        context.insert("v", view);
        tenant.theme.render(lang, template, &context).map_err(|error| Error::Broken(error.to_string()))
    }

    /// After a form: 303 to a path of this portal.
    pub fn go(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.base());
        (StatusCode::SEE_OTHER, [(header::LOCATION, url), (header::CACHE_CONTROL, "no-store".to_owned())])
            .into_response()
    }

    pub fn face_home(&self) -> &'static str {
        match self.served.door {
            Door::Customer => "/dashboard",
            Door::Staff => "/operator",
            Door::Platform => "/",
        }
    }
}

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
