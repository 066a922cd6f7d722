//! Who is told of outages, and how: for each supply point by mail, by text message, or not at all.
use super::{FEATURE, point_name};
use crate::backends::keys::Token;
use crate::data::{AuditEntry, OutageSubscription, TenantTx};
use crate::domain::features::Feature;
use crate::domain::notices::Channel;
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use crate::web::portal::security::line_of;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

const WAYS: [(Channel, Feature); 2] =
    [(Channel::Mail, Feature::OutageAlertEmail), (Channel::Sms, Feature::OutageAlertSms)];

#[derive(Serialize)]
pub struct Wishes {
    /// Empty where the supplier tells by no way, or the customer has no electricity.
    points: Vec<Point>,
    /// Where messages go, and where that is entered when nothing is known; one for each way the supplier has.
    ways: Vec<Way>,
    /// There is something to choose.
    can_save: bool,
}

#[derive(Serialize)]
struct Point {
    address: String,
    code: String,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Way {
    sentence: String,
    /// Empty when there is nothing to mend.
    href: String,
}

/// Where the account is reached, as the fan-out finds it.
struct Reach {
    mail: String,
    sms: String,
}

impl Reach {
    async fn of(customer: &Customer, tx: &TenantTx) -> Result<Reach, Error> {
        let reach = tx.reach_of(customer.account).await?;
        let phone = reach.phone.or(reach.customers_phone);
        Ok(Reach { mail: reach.email.or(reach.customers).unwrap_or_default(), sms: phone.unwrap_or_default() })
    }

    fn by(&self, channel: Channel) -> &str {
        match channel {
            Channel::Mail => &self.mail,
            _ => &self.sms,
        }
    }
}

fn offered(page: &Page) -> impl Iterator<Item = Channel> {
    WAYS.into_iter().filter(|(_, feature)| page.tenant().has(*feature)).map(|(channel, _)| channel)
}

/// Electricity alone goes out, and only where it is supplied.
fn supplied<'a>(page: &Page, points: &'a [SupplyPoint]) -> impl Iterator<Item = &'a SupplyPoint> {
    let today = page.today();
    points.iter().filter(move |point| {
        point.commodity == Commodity::Electricity && point.contract_until.is_none_or(|until| until >= today)
    })
}

fn name(channel: Channel, point: &SupplyPoint) -> String {
    format!("{}-{}", channel.key(), point.id)
}

fn is_on(subscriptions: &[OutageSubscription], channel: Channel, point: &SupplyPoint) -> bool {
    subscriptions.iter().any(|one| one.is_on && one.supply_point == point.id && one.channel == channel.key())
}

pub async fn wishes(customer: &Customer, tx: &TenantTx, points: &[SupplyPoint]) -> Result<Wishes, Error> {
    let page = &customer.page;
    let reach = Reach::of(customer, tx).await?;
    let subscriptions = tx.outage_subscriptions_of(customer.account, customer.id).await?;
    let reachable: Vec<Channel> = offered(page).filter(|channel| !reach.by(*channel).is_empty()).collect();
    let point = |point: &SupplyPoint| Point {
        address: point_name(point),
        code: point.code.clone(),
        fields: reachable
            .iter()
            .map(|channel| {
                let label = page.t(&format!("outages-by-{}", channel.key()));
                Field::check(name(*channel, point), label, is_on(&subscriptions, *channel, point))
            })
            .collect(),
    };
    let points: Vec<Point> = match offered(page).next() {
        Some(_) => supplied(page, points).map(point).collect(),
        None => Vec::new(),
    };
    Ok(Wishes {
        can_save: !points.is_empty() && !reachable.is_empty(),
        points,
        ways: offered(page).map(|channel| way(page, channel, reach.by(channel))).collect(),
    })
}

fn way(page: &Page, channel: Channel, to: &str) -> Way {
    if !to.is_empty() {
        let sentence = page.t_args(&format!("outages-to-{}", channel.key()), &[("to", Arg::from(to))]);
        return Way { sentence, href: String::new() };
    }
    let href = match page.has(Feature::LoginWithCredentials) {
        true => format!("{}/account/security/reach", page.base()),
        false => String::new(),
    };
    Way { sentence: page.t(&format!("outages-no-{}", channel.key())), href }
}

/// What was wished, as the history keeps it.
fn said(all: &[OutageSubscription]) -> Json {
    let on = all.iter().filter(|one| one.is_on).map(|one| format!("{}:{}", one.channel, one.supply_point));
    json!(on.collect::<Vec<_>>())
}

pub async fn save(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let points = tx.supply_points_of(customer.id).await?;
    let reach = Reach::of(&customer, &tx).await?;
    let before = tx.outage_subscriptions_of(customer.account, customer.id).await?;
    let reachable: Vec<Channel> = offered(page).filter(|channel| !reach.by(*channel).is_empty()).collect();
    for point in supplied(page, &points) {
        for channel in reachable.iter().copied() {
            let wished = typed.get(&name(channel, point)) == "yes";
            if wished == is_on(&before, channel, point) {
                continue;
            }
            let one = OutageSubscription {
                account: customer.account,
                customer: customer.id,
                supply_point: point.id,
                channel: channel.key().to_owned(),
                is_on: wished,
                token: Token::random().to_text(),
                created_at: page.now(),
            };
            tx.set_outage_subscription(&one).await?;
        }
    }
    let after = tx.outage_subscriptions_of(customer.account, customer.id).await?;
    let line = line_of(page, customer.account, "choose_outage_notices");
    let line = AuditEntry { feature: Some(FEATURE), before: said(&before), after: said(&after), ..line };
    tx.write_audit(&line).await?;
    tx.commit().await?;
    Ok(page.go("/outages?done=yes"))
}
