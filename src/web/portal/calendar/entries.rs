//! The entries of a customer's calendar. Outages and visits count their changes; what is due on a day has that day in its name, so that
//! when it moves the old entry leaves and a new one comes, and what is paid or done leaves as well.
use super::kinds::{ADVANCES, BILLS, CONTRACTS, Kind, OUTAGES, READINGS, VISITS};
use super::uid;
use crate::data::{InvoiceFilter, TenantTx};
use crate::domain::calendar::month_start;
use crate::domain::features::{Feature, Role};
use crate::domain::icalendar::{Event, When};
use crate::domain::ids::{CustomerId, SupplyPointId};
use crate::domain::invoices::{Invoice, InvoiceKind};
use crate::domain::reading_prompts::{monthly_window, yearly_window};
use crate::domain::readings::{Reading, ReadingKind};
use crate::domain::supply_points::SupplyPoint;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use crate::web::portal::offered::{Offered, Points};
use crate::web::portal::pay::{self, Owed};
use crate::web::portal::{advances, bills, outages, visits, words};
use std::collections::HashMap;
use time::{Date, Duration, OffsetDateTime};

/// What is so old stays in the calendar.
const KEPT: Duration = Duration::days(60);
/// Readings of a point among which those of its customer are looked for.
const READINGS_A_POINT: u64 = 12;

/// Whose calendar it is, and as whom they see.
pub struct Whose<'a> {
    pub page: &'a Page,
    pub customer: CustomerId,
    pub role: Role,
    /// The stamp of entries that keep no moment of their own.
    pub made_at: OffsetDateTime,
}

/// Of each kind that is open a statement or two, however many entries there are.
pub async fn entries(whose: &Whose<'_>, tx: &TenantTx, points: Vec<SupplyPoint>) -> Result<Vec<Event>, Error> {
    let (page, customer) = (whose.page, whose.customer);
    let (since, from) = (page.now() - KEPT, page.today() - KEPT);
    let points = Offered::of(page).points(points);
    let mut all = Vec::new();
    if whose.sees(&OUTAGES) {
        let own = tx.outages_of(customer, since).await?;
        all.extend(own.iter().map(|(one, own)| outages::event(page, one, &points.shown, own)));
    }
    if whose.sees(&VISITS) {
        all.extend(visits(page, tx, customer, since).await?);
    }
    if whose.sees(&ADVANCES) {
        let own = tx.instalments_of(customer, from).await?;
        for one in own.iter().filter(|one| advances::is_open(one)) {
            let Some(point) = points.get(one.supply_point) else { continue };
            let name = format!("advance-{}", one.schedule);
            all.push(whose.due(&name, "calendar-advance", &[], &advances::owed(page, one), point, "/advances"));
        }
    }
    let (has_bills, has_readings) = (whose.sees(&BILLS), whose.sees(&READINGS));
    if has_bills || has_readings {
        // The days of a reading follow from what was settled, paid or not.
        let filter = InvoiceFilter { unpaid_only: !has_readings, ..Default::default() };
        let invoices = Offered::of(page).invoices(tx.invoices_of(customer, filter).await?);
        if has_bills {
            let owed = invoices.iter().filter(|one| bills::is_owed(one) && one.due_on >= from);
            all.extend(owed.filter_map(|one| Some(whose.bill(one, points.get(one.supply_point)?))));
        }
        if has_readings {
            let limit = READINGS_A_POINT * points.shown.len() as u64;
            let mut read = tx.readings_of(customer, limit).await?;
            read.retain(|one| one.kind == ReadingKind::Customer);
            all.extend(whose.readings(&points, &invoices, &read, from));
        }
    }
    if whose.sees(&CONTRACTS) {
        let ends = points.shown.iter().filter_map(|point| Some((point, point.contract_until?)));
        all.extend(ends.filter(|(_, last)| *last >= from).map(|(point, last)| whose.end(point, last)));
    }
    Ok(all)
}

async fn visits(page: &Page, tx: &TenantTx, customer: CustomerId, since: OffsetDateTime) -> Result<Vec<Event>, Error> {
    let booked = tx.bookings_of(customer, since).await?;
    if booked.is_empty() {
        return Ok(Vec::new());
    }
    let offices: HashMap<_, _> = tx.offices().await?.into_iter().map(|office| (office.id, office)).collect();
    let event = |one| Some(visits::event(page, one, offices.get(&one.office)?));
    Ok(booked.iter().filter_map(event).collect())
}

impl Whose<'_> {
    fn sees(&self, kind: &Kind) -> bool {
        kind.is_open(self.page.tenant(), self.role)
    }

    /// The days alone; the first of them is a part of its name.
    fn days(&self, name: &str, (first, last): (Date, Date), summary: String, location: String) -> Event {
        Event {
            uid: uid(self.page, &format!("{name}-{first}")),
            sequence: 0,
            is_cancelled: false,
            stamp: self.made_at,
            when: When::Days(first, last),
            summary,
            location,
            description: String::new(),
        }
    }

    fn due(
        &self,
        name: &str,
        key: &str,
        args: &[(&str, Arg)],
        owed: &Owed<'_>,
        point: &SupplyPoint,
        path: &str,
    ) -> Event {
        let page = self.page;
        let amount = ("amount", Arg::from(page.money(owed.amount)));
        let summary = page.t_args(key, &[args, &[amount]].concat());
        let account = page.tenant().document.payment.account.as_str();
        let to = page.t_args("calendar-pay", &[("account", Arg::from(account)), ("symbol", Arg::from(owed.symbol))]);
        let said = [to, pay::by_itself(page, owed), page.tenant().url(path)];
        Event {
            description: said.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
            ..self.days(name, (owed.due_on, owed.due_on), summary, words::address(&point.address))
        }
    }

    fn bill(&self, one: &Invoice, point: &SupplyPoint) -> Event {
        let number = [("number", Arg::from(one.number.as_str()))];
        let path = match self.page.tenant().has(Feature::InfoSettlements) {
            true => format!("/settlements/{}", one.id),
            false => "/invoices".to_owned(),
        };
        self.due(&format!("bill-{}", one.id), "calendar-bill", &number, &bills::owed(self.page, one), point, &path)
    }

    /// Where the supplier asks every month, this month's and the next one's; else before each point's year is over. `read`: what the
    /// customer read themselves.
    fn readings(&self, points: &Points, invoices: &[Invoice], read: &[Reading], from: Date) -> Vec<Event> {
        let (page, parameters) = (self.page, &self.page.tenant().document.parameters);
        if page.tenant().has(Feature::ReadingMonthlyEmailPrompt) {
            let months = [0, 1].map(|months| month_start(page.today(), months));
            let months = months.into_iter().filter(|month| !read.iter().any(|one| one.read_on >= *month));
            let window = |month| {
                let days = monthly_window(month, parameters.reading_prompt_day);
                let supplied = points.shown.iter().filter(|point| point.is_supplied_on(days.0));
                let own: Vec<SupplyPointId> = supplied.map(|point| point.id).collect();
                let name = format!("reading-{}", self.customer);
                (!own.is_empty()).then(|| self.reading(&name, days, outages::places(page, &points.shown, &own)))
            };
            return months.filter_map(window).collect();
        }
        let running = points.shown.iter().filter(|point| point.contract_until.is_none());
        let window = |point: &SupplyPoint| {
            let own = invoices.iter().filter(|one| one.supply_point == point.id);
            let last = own.max_by_key(|one| one.period_to).filter(|one| one.kind == InvoiceKind::Settlement)?;
            let days = yearly_window(last.period_to, parameters.reading_window_days);
            let is_done = read.iter().any(|one| one.supply_point == point.id && one.read_on >= days.0);
            let place = words::address(&point.address);
            (days.1 >= from && !is_done).then(|| self.reading(&format!("reading-{}", point.id), days, place))
        };
        running.filter_map(window).collect()
    }

    fn reading(&self, name: &str, days: (Date, Date), place: String) -> Event {
        let summary = self.page.t_args("calendar-reading", &[("place", Arg::from(place.as_str()))]);
        let link = self.page.tenant().url("/readings/new");
        Event { description: link, ..self.days(name, days, summary, place) }
    }

    fn end(&self, point: &SupplyPoint, last: Date) -> Event {
        let commodity = self.page.t(words::commodity(point.commodity));
        let summary = self.page.t_args("calendar-contract", &[("commodity", Arg::from(commodity))]);
        let link = self.page.tenant().url(&format!("/supply-points/{}", point.id));
        let name = format!("contract-{}", point.id);
        Event { description: link, ..self.days(&name, (last, last), summary, words::address(&point.address)) }
    }
}
