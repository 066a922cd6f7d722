//! The dashboard: what needs me now, money, consumption, errands, the newest documents. Each part stands or falls with its feature.
use super::account::{self, Balance};
use super::advances;
use super::bills::{self, Bill, Bills};
use super::offered::Offered;
use super::pay;
use super::requests;
use super::usage::TwoYears;
use super::words;
use crate::data::{DashboardRows, PointRow, ReadingRow, RequestRow};
use crate::domain::advances::Instalment;
use crate::domain::calendar::month_start;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::SupplyPointId;
use crate::domain::invoices::{Invoice, Standing};
use crate::domain::money::Money;
use crate::domain::supply_points::Commodity;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;
use std::collections::HashSet;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[], "/dashboard").get(show)]
}

/// Cards of what needs me now.
const MOST_NEEDS: usize = 3;
/// Documents and readings shown; their pages have the rest.
const MOST_BILLS: usize = 4;
const MOST_READINGS: usize = 6;
/// Days ahead in which a due item is worth a card.
const SOON: i64 = 14;
/// Days a refund on its way is worth one.
const REFUND: i64 = 60;

#[derive(Serialize)]
struct Dashboard {
    name: String,
    /// That the contract is over, and until when all can be read; empty while it runs.
    after: String,
    /// Terms of use wait to be accepted.
    owes_terms: bool,
    needs: Vec<Need>,
    has_money: bool,
    has_advances: bool,
    balance: Option<Balance>,
    account_href: String,
    next: Option<NextDue>,
    unpaid: Option<Unpaid>,
    has_usage: bool,
    charts: Vec<Chart>,
    has_bills: bool,
    bills: Vec<Bill>,
    bills_href: String,
    has_points: bool,
    points: Vec<Point>,
    has_readings: bool,
    readings: Vec<Reading>,
    requests: Vec<OpenRequest>,
    errands: Vec<Errand>,
}

/// One thing to do or to know, most urgent first.
#[derive(Serialize)]
struct Need {
    tone: &'static str,
    sentence: String,
    action: String,
    href: String,
}

/// What is due next: more than one item where several points fall due on the same day.
#[derive(Serialize)]
struct NextDue {
    total: String,
    due: String,
    distance: String,
    is_overdue: bool,
    items: Vec<Next>,
}

#[derive(Serialize)]
struct Next {
    id: String,
    /// Empty when it is the only one.
    amount: String,
    commodity: String,
    code: &'static str,
    symbol: String,
    account: String,
    /// Why nothing need be paid by hand; else empty.
    by_itself: String,
    qr: String,
}

#[derive(Serialize)]
struct Unpaid {
    amount: String,
    is_zero: bool,
    href: String,
}

#[derive(Serialize)]
struct Chart {
    commodity: String,
    code: &'static str,
    svg: String,
    sentence: String,
    href: String,
}

#[derive(Serialize)]
struct Point {
    commodity: String,
    code: &'static str,
    identifier: String,
    address: String,
    href: String,
    /// Where its meter is read; empty where that is off or there is no other point to tell it from.
    reading_href: String,
}

#[derive(Serialize)]
struct Reading {
    day: String,
    commodity: String,
    code: &'static str,
    register: String,
    state: String,
    kind: String,
}

#[derive(Serialize)]
struct OpenRequest {
    reference: String,
    kind: String,
    state: String,
    tone: &'static str,
    deadline: String,
}

#[derive(Serialize)]
struct Errand {
    label: String,
    href: String,
    icon: &'static str,
}

/// What can be done first, what can be seen after it.
const ERRANDS: [(Feature, &str, &str, &str); 26] = [
    (Feature::ReadingSelfReport, "errand-reading", "/readings/new", "reading"),
    (Feature::ChangeAdvanceAmount, "errand-advance", "/advances/change", "calendar"),
    (Feature::ChangeContactDetails, "errand-contact", "/account/contact", "user"),
    (Feature::ChangeContactAddress, "errand-address", "/account/address", "mail"),
    (Feature::ChangePaymentMethod, "errand-payment-method", "/account/payment-method", "wallet"),
    (Feature::ChangeBankDetails, "errand-bank", "/account/bank", "wallet"),
    (Feature::ChangeMasterDataNontechnical, "errand-details", "/account/details", "user"),
    (Feature::ChangeTariffRate, "errand-rate", "/rate/change", "meter"),
    (Feature::ChangeBreakerSize, "errand-breaker", "/breaker/change", "meter"),
    (Feature::AdvancesFlexibleByActualConsumption, "errand-flexible", "/advances/flexible", "wallet"),
    (Feature::ContractDataEntry, "errand-contract", "/contracts", "list"),
    (Feature::RequestExtraordinarySettlement, "errand-extraordinary", "/extraordinary-settlement", "invoice"),
    (Feature::AskQuestion, "errand-question", "/questions/new", "help"),
    (Feature::BookOfficeVisit, "errand-visit", "/visits/new", "calendar"),
    (Feature::ContactSalesRepresentative, "errand-representative", "/representative", "user"),
    (Feature::FormsElectronic, "errand-forms", "/forms", "invoice"),
    (Feature::InfoMeterReadings, "errand-readings", "/readings", "meter"),
    (Feature::InfoConsumptionHistory, "errand-consumption", "/consumption", "chart"),
    (Feature::InfoConsumptionHistory, "errand-forecast", "/forecast", "chart"),
    (Feature::InfoInvoiceOverview, "errand-invoices", "/invoices", "invoice"),
    (Feature::InfoSettlements, "errand-settlements", "/settlements", "invoice"),
    (Feature::InfoAdvanceSchedule, "errand-advances", "/advances", "calendar"),
    (Feature::InfoPaymentOverview, "errand-payments", "/payments", "wallet"),
    (Feature::InfoSupplyPoints, "errand-supply-points", "/supply-points", "meter"),
    (Feature::InfoCustomerAccount, "errand-account", "/account", "user"),
    (Feature::InfoUsefulLinks, "errand-links", "/links", "link"),
];

async fn show(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.dashboard(customer.id, page.today()).await?;
    tx.commit().await?;
    page.show("portal/dashboard.html", &view(page, customer.name, rows))
}

fn view(page: &Page, name: String, rows: DashboardRows) -> Dashboard {
    let offered = Offered::of(page);
    let mut points = rows.supply_points;
    points.retain(|point| offered.has(point.commodity));
    let invoices = offered.invoices(rows.invoices);
    let mut instalments = rows.instalments;
    instalments
        .retain(|instalment| advances::is_open(instalment) && point_of(&points, instalment.supply_point).is_some());
    let has_bills = page.has(Feature::InfoInvoiceOverview) || page.has(Feature::InfoSettlements);
    let has_advances = page.has(Feature::InfoAdvanceSchedule);
    let has_usage = page.has(Feature::InfoConsumptionHistory);
    let has_readings = page.has(Feature::InfoMeterReadings);
    let has_points = page.has(Feature::InfoSupplyPoints);
    let balance = page
        .has(Feature::InfoCustomerAccount)
        .then(|| account::balance(page, rows.balance, rows.balance_as_of.unwrap_or(page.today())));
    let bills_href = bills_href(page);
    let after = page.session().and_then(|session| session.after);
    Dashboard {
        name,
        after: after.map(|after| page.t_args("after-notice", &page.after_words(&after))).unwrap_or_default(),
        owes_terms: page.session().is_some_and(|session| session.owes_terms),
        needs: needs(page, if has_bills { &invoices } else { &[] }, if has_advances { &instalments } else { &[] }),
        has_advances,
        has_money: balance.is_some() || has_advances || has_bills,
        balance,
        account_href: format!("{}/account", page.base()),
        next: if has_advances { next_due(page, &points, &instalments) } else { None },
        unpaid: has_bills.then(|| unpaid(page, &invoices, &bills_href)),
        has_usage,
        charts: if has_usage { charts(page, &points, &rows.consumption) } else { Vec::new() },
        has_bills,
        bills: if has_bills { Bills::of(page).all(&invoices[..invoices.len().min(MOST_BILLS)]) } else { Vec::new() },
        bills_href,
        has_points,
        has_readings,
        readings: if has_readings { readings(page, &points, &rows.readings) } else { Vec::new() },
        points: if has_points { self::points(page, points) } else { Vec::new() },
        requests: if page.has_any(requests::FEATURES, Action::View) {
            open_requests(page, &rows.requests)
        } else {
            Vec::new()
        },
        errands: errands(page),
    }
}

fn point_of(points: &[PointRow], id: SupplyPointId) -> Option<&PointRow> {
    points.iter().find(|point| point.id == id)
}

fn points(page: &Page, rows: Vec<PointRow>) -> Vec<Point> {
    let reads = rows.len() > 1 && page.offers(Feature::ReadingSelfReport);
    rows.into_iter().map(|row| point(page, row, reads)).collect()
}

fn point(page: &Page, row: PointRow, reads: bool) -> Point {
    let href = format!("{}/supply-points/{}", page.base(), row.id);
    Point {
        commodity: page.t(words::commodity(row.commodity)),
        code: row.commodity.key(),
        identifier: row.code,
        address: format!("{}, {}", row.street, row.city),
        reading_href: if reads { format!("{href}/reading") } else { String::new() },
        href,
    }
}

/// What each register stood at when it was read last.
fn readings(page: &Page, points: &[PointRow], rows: &[ReadingRow]) -> Vec<Reading> {
    let mut seen = HashSet::new();
    rows.iter()
        .filter(|row| seen.insert((row.supply_point, row.register)))
        .take(MOST_READINGS)
        .filter_map(|row| {
            let commodity = point_of(points, row.supply_point)?.commodity;
            Some(Reading {
                day: page.date(row.read_on),
                commodity: page.t(words::commodity(commodity)),
                code: commodity.key(),
                register: page.t(words::register(row.register)),
                state: page.quantity(row.state, words::unit(row.register)),
                kind: page.t(words::reading_kind(row.kind)),
            })
        })
        .collect()
}

fn bills_href(page: &Page) -> String {
    let path = if page.has(Feature::InfoInvoiceOverview) { "/invoices" } else { "/settlements" };
    format!("{}{path}", page.base())
}

fn needs(page: &Page, invoices: &[Invoice], instalments: &[Instalment]) -> Vec<Need> {
    let today = page.today();
    let mut all: Vec<(u8, time::Date, Need)> = Vec::new();
    for invoice in invoices {
        let days = (invoice.due_on - today).whole_days();
        let (rank, key, tone, amount) = match invoice.standing(today) {
            Standing::Overdue { open } => (0, "need-bill-overdue", "bad", open),
            Standing::Due { open } if days <= SOON => (1, "need-bill-due", "warn", open),
            Standing::ToBeReturned { open } if days.abs() <= REFUND => (2, "need-refund", "info", open),
            _ => continue,
        };
        let args = [
            ("number", Arg::from(invoice.number.as_str())),
            ("amount", Arg::from(page.money(amount))),
            ("day", Arg::from(page.on_day(invoice.due_on))),
            ("date", Arg::from(page.date(invoice.due_on))),
            ("distance", Arg::from(page.due_distance(invoice.due_on))),
        ];
        let href = match page.has(Feature::InfoSettlements) {
            true => format!("{}/settlements/{}", page.base(), invoice.id),
            false => bills_href(page),
        };
        let action = page.t(if rank < 2 { "need-pay" } else { "need-show-settlement" });
        all.push((rank, invoice.due_on, Need { tone, sentence: page.t_args(key, &args), action, href }));
    }
    for instalment in instalments {
        let days = (instalment.due_on - today).whole_days();
        let (rank, key, tone) = match days {
            ..0 => (0, "need-advance-overdue", "bad"),
            0..=SOON => (1, "need-advance-due", "warn"),
            _ => continue,
        };
        let args = [
            ("amount", Arg::from(page.money(instalment.open()))),
            ("day", Arg::from(page.on_day(instalment.due_on))),
            ("distance", Arg::from(page.due_distance(instalment.due_on))),
        ];
        let need = Need {
            tone,
            sentence: page.t_args(key, &args),
            action: page.t("need-show-advance"),
            href: format!("{}/advances", page.base()),
        };
        all.push((rank, instalment.due_on, need));
    }
    all.sort_by_key(|(rank, day, _)| (*rank, *day));
    all.into_iter().take(MOST_NEEDS).map(|(_, _, need)| need).collect()
}

fn next_due(page: &Page, points: &[PointRow], instalments: &[Instalment]) -> Option<NextDue> {
    let due_on = instalments.first()?.due_on;
    let items: Vec<&Instalment> = instalments.iter().filter(|one| one.due_on == due_on).collect();
    let is_one = items.len() == 1;
    Some(NextDue {
        total: page.money(items.iter().map(|one| one.open()).sum()),
        due: page.on_day(due_on),
        distance: page.due_distance(due_on),
        is_overdue: due_on < page.today(),
        items: items.iter().enumerate().map(|(index, one)| next(page, points, one, index, is_one)).collect(),
    })
}

fn next(page: &Page, points: &[PointRow], instalment: &Instalment, index: usize, is_one: bool) -> Next {
    let commodity = point_of(points, instalment.supply_point).map(|point| point.commodity);
    Next {
        id: format!("pay-{index}"),
        amount: if is_one { String::new() } else { page.money(instalment.open()) },
        commodity: commodity.map(|commodity| page.t(words::commodity(commodity))).unwrap_or_default(),
        code: commodity.map_or("", Commodity::key),
        symbol: instalment.variable_symbol.clone(),
        account: page.tenant().document.payment.account.clone(),
        by_itself: pay::by_itself(page, &advances::owed(page, instalment)),
        qr: advances::code_href(page, instalment),
    }
}

fn unpaid(page: &Page, invoices: &[Invoice], href: &str) -> Unpaid {
    let sum: Money = invoices.iter().filter(|invoice| bills::is_owed(invoice)).map(Invoice::open).sum();
    Unpaid { amount: page.money(sum), is_zero: sum == Money::ZERO, href: href.to_owned() }
}

/// One chart for each commodity the customer takes: the last twelve whole months against the twelve before.
fn charts(page: &Page, points: &[PointRow], rows: &[MonthlyConsumption]) -> Vec<Chart> {
    let start = month_start(page.today(), -24);
    Commodity::ALL
        .into_iter()
        .filter(|commodity| points.iter().any(|point| point.commodity == *commodity))
        .filter_map(|commodity| {
            let own = |row: &&MonthlyConsumption| {
                point_of(points, row.supply_point).is_some_and(|point| point.commodity == commodity)
            };
            let two = TwoYears::gather(rows.iter().filter(own), start);
            (!two.is_empty()).then(|| chart(page, commodity, &two))
        })
        .collect()
}

fn chart(page: &Page, commodity: Commodity, two: &TwoYears) -> Chart {
    let code = commodity.key();
    let said = page.t(words::commodity(commodity));
    let about = page.t_args("usage-chart-title-12", &[("commodity", Arg::from(said.as_str()))]);
    Chart {
        svg: two.picture(page, code, &about),
        sentence: two.sentence(page),
        href: words::href(page, "/consumption", &[&format!("commodity={code}")]),
        commodity: said,
        code,
    }
}

fn open_requests(page: &Page, rows: &[RequestRow]) -> Vec<OpenRequest> {
    let open = rows.iter().map(|row| OpenRequest {
        reference: row.reference.clone(),
        kind: requests::kind_words(page, row.kind),
        state: requests::state_words(page, row.state),
        tone: requests::tone(row.state),
        deadline: page.date(row.deadline),
    });
    open.collect()
}

fn errands(page: &Page) -> Vec<Errand> {
    ERRANDS
        .iter()
        .filter(|(feature, ..)| page.offers(*feature))
        .map(|(_, label, path, icon)| Errand { label: page.t(label), href: format!("{}{path}", page.base()), icon })
        .collect()
}
