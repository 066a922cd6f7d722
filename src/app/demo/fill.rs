//! Writes the demo: tenant by tenant, some hundred customers in a transaction, so that memory stays flat however many there are.
use super::customer::{DemoCustomer, customer};
use super::draw::Draw;
use super::{bonus, content, desk, outages};
use crate::backends::totp;
use crate::data::{self, Database, NewAccount, NewStaff, Notice, StoredDocument, TenantTx};
use crate::domain::features::Role;
use crate::domain::ids::{AccountId, DocumentId, StaffId, TenantId};
use crate::domain::invoices::Settlement;
use crate::domain::notices::Event;
use crate::domain::requests::RequestKind;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use time::{Date, Duration, OffsetDateTime};

/// What the demo has to know of a tenant.
#[derive(Clone, Debug)]
pub struct DemoTenant {
    pub id: TenantId,
    pub slug: String,
    pub has_electricity: bool,
    pub has_gas: bool,
    /// A new settlement is announced by mail.
    pub announces_settlements: bool,
    /// Of [`desk::KINDS`], those it offers.
    pub kinds: Vec<RequestKind>,
    pub has_visits: bool,
    pub has_representative: bool,
    pub has_forms: bool,
    pub has_bonus: bool,
    pub has_outages: bool,
}

pub struct Order<'a> {
    pub tenants: &'a [DemoTenant],
    pub customers: usize,
    pub seed: u64,
    pub today: Date,
    /// So many customers of each tenant are listed with their log-ins, and have their settlements stored as PDF.
    pub listed: usize,
}

pub struct DemoStaff {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    pub username: String,
    pub password: String,
    pub totp_secret: String,
}

/// A customer without a log-in, and what stands on their bill.
pub struct Applicant {
    pub number: String,
    pub name: String,
    pub postcode: String,
    pub supply_point: String,
    pub contract_number: String,
    pub invoice_number: String,
    /// In crowns, as a bill prints it.
    pub invoice_amount: String,
}

pub struct FilledTenant {
    pub slug: String,
    /// Username, number, name.
    pub customers: Vec<(String, String, String)>,
    pub applicants: Vec<Applicant>,
    pub password: String,
    pub staff: Vec<DemoStaff>,
}

pub struct Filled {
    pub tenants: Vec<FilledTenant>,
    pub platform: Vec<DemoStaff>,
}

const BATCH: usize = 200;
const STAFF: [(Role, &str, &str); 5] = [
    (Role::Lead, "vedouci", "Vedoucí Ukázková"),
    (Role::Clerk, "referent", "Referent Ukázkový"),
    (Role::Branch, "pobocka", "Pobočka Ukázková"),
    (Role::ReadOnly, "nahled", "Náhled Ukázkový"),
    (Role::Dealer, "obchodnik", "Obchodník Ukázkový"),
];

/// `hash` hashes a password; `paper` draws a settlement's PDF for the tenant at the given place in the list.
pub async fn fill(
    db: &Database,
    order: &Order<'_>,
    hash: impl Fn(&str) -> Result<String>,
    paper: impl Fn(usize, &DemoCustomer, &Settlement) -> Result<Vec<u8>>,
    mut progress: impl FnMut(usize, usize),
) -> Result<Filled> {
    let total = order.tenants.len() * order.customers;
    let mut filled = Filled { tenants: Vec::new(), platform: Vec::new() };
    for (at, tenant) in order.tenants.iter().enumerate() {
        let password = format!("ukazka-{}-2026", tenant.slug);
        let hashed = hash(&password)?;
        let (mut listed, mut applicants) = (Vec::new(), Vec::new());
        let mut start = 0;
        let tx = db.tenant(tenant.id).begin().await.context("a transaction")?;
        tx.add_terms_of_use(&content::terms(order.today)).await.context("terms of use")?;
        tx.commit().await.context("a transaction")?;
        while start < order.customers {
            let end = (start + BATCH).min(order.customers);
            let mut batch: Vec<DemoCustomer> =
                (start..end).map(|one| customer(tenant, tenant.id.0 as usize, one, order.seed, order.today)).collect();
            let tx = db.tenant(tenant.id).begin().await.context("a transaction")?;
            let papers = papers(&mut batch, start, order, |customer, settlement| paper(at, customer, settlement))?;
            keep(&tx, &batch, &papers, &hashed, order.today)
                .await
                .with_context(|| format!("customers of {}", tenant.slug))?;
            if tenant.announces_settlements {
                let shown = order.listed.saturating_sub(start).min(batch.len());
                announce(&tx, &batch[..shown], order.today).await.context("notices")?;
            }
            tx.commit().await.context("a transaction")?;
            for one in batch.iter().take(order.listed.saturating_sub(start)) {
                if !one.has_login {
                    applicants.extend(applicant(one));
                    continue;
                }
                listed.push((one.username.clone(), one.customer.number.clone(), one.customer.name.clone()));
            }
            start = end;
            progress(at * order.customers + end, total);
        }
        let staff = staff(db, tenant.id, &STAFF, &password, &hashed, order.seed).await?;
        let tx = db.tenant(tenant.id).begin().await.context("a transaction")?;
        let mut draw = Draw::of(&[order.seed, tenant.id.0 as u64, 77]);
        tx.insert_links(&content::links(&mut draw, order.today)).await.context("links")?;
        tx.insert_help_articles(&content::articles(&mut draw, order.today)).await.context("help")?;
        keep_desk(&tx, tenant, order, &staff).await.with_context(|| format!("the desk of {}", tenant.slug))?;
        tx.commit().await.context("a transaction")?;
        filled.tenants.push(FilledTenant { slug: tenant.slug.clone(), customers: listed, applicants, password, staff });
    }
    let password = "ukazka-platforma-2026";
    let hashed = hash(password)?;
    let people = [(Role::Platform, "spravce", "Správce Ukázkový")];
    filled.platform = staff(db, TenantId::PLATFORM, &people, password, &hashed, order.seed).await?;
    Ok(filled)
}

fn applicant(one: &DemoCustomer) -> Option<Applicant> {
    let point = one.points.first()?;
    let newest = one.settlements.iter().max_by_key(|settlement| settlement.invoice.issued_on)?;
    let cents = newest.invoice.payable.0.abs();
    Some(Applicant {
        number: one.customer.number.clone(),
        name: one.customer.name.clone(),
        postcode: one.customer.mailing.postcode.clone(),
        supply_point: point.code.clone(),
        contract_number: point.contract_number.clone(),
        invoice_number: newest.invoice.number.clone(),
        invoice_amount: format!("{},{:02}", cents / 100, cents % 100),
    })
}

/// What there is to do and to come for; the clerk is whose desk it lands on.
async fn keep_desk(tx: &TenantTx, tenant: &DemoTenant, order: &Order<'_>, staff: &[DemoStaff]) -> Result<()> {
    let clerk = staff.iter().find(|one| one.role == Role::Clerk).context("the demo has a clerk")?;
    let mut draw = Draw::of(&[order.seed, tenant.id.0 as u64, 78]);
    let day = order.today - Duration::days(400);
    let number = tenant.id.0 as usize;
    let people: Vec<DemoCustomer> =
        (0..order.customers.min(2)).map(|one| customer(tenant, number, one, order.seed, order.today)).collect();
    desk::requests(tx, &tenant.kinds, &people, (clerk.id, &clerk.name), &mut draw, order.today).await?;
    if tenant.has_visits {
        for office in desk::offices(&mut draw, day) {
            tx.save_office(&office).await?;
        }
    }
    if tenant.has_representative {
        tx.save_representative(&desk::representative(&mut draw, day, clerk.id)).await?;
    }
    if tenant.has_bonus {
        bonus::keep(tx, &people, &mut draw, order.today).await?;
    }
    if tenant.has_outages {
        let mut draw = Draw::of(&[order.seed, tenant.id.0 as u64, 79]);
        outages::keep(tx, &people, &mut draw, order.today).await?;
    }
    if tenant.has_forms {
        for form in desk::forms(&mut draw, day) {
            tx.save_electronic_form(&form).await?;
        }
    }
    Ok(())
}

/// Stored copies of the listed customers' settlements; each settlement is pointed at its own.
fn papers(
    batch: &mut [DemoCustomer],
    start: usize,
    order: &Order<'_>,
    paper: impl Fn(&DemoCustomer, &Settlement) -> Result<Vec<u8>>,
) -> Result<Vec<StoredDocument>> {
    let mut all = Vec::new();
    for made in batch.iter_mut().take(order.listed.saturating_sub(start)) {
        let drawn: Vec<Vec<u8>> = made.settlements.iter().map(|one| paper(made, one)).collect::<Result<_>>()?;
        for (settlement, bytes) in made.settlements.iter_mut().zip(drawn) {
            let mut draw = Draw::of(&[order.seed, settlement.invoice.id.0.as_u64_pair().1]);
            let id = DocumentId(draw.id(settlement.invoice.issued_on));
            settlement.invoice.document = Some(id);
            all.push(StoredDocument {
                id,
                customer: made.customer.id,
                kind: "settlement".into(),
                name: format!("vyuctovani-{}.pdf", settlement.invoice.number),
                media_type: "application/pdf".into(),
                sha256: Sha256::digest(&bytes).to_vec(),
                bytes,
                created_at: settlement.invoice.issued_on.midnight().assume_utc() + Duration::hours(8),
            });
        }
    }
    Ok(all)
}

async fn keep(tx: &TenantTx, batch: &[DemoCustomer], papers: &[StoredDocument], hash: &str, today: Date) -> Result<()> {
    fn all<T: Clone>(batch: &[DemoCustomer], part: impl Fn(&DemoCustomer) -> &Vec<T>) -> Vec<T> {
        batch.iter().flat_map(|one| part(one).iter().cloned()).collect()
    }
    let customers: Vec<_> = batch.iter().map(|one| one.customer.clone()).collect();
    tx.insert_customers(&customers).await?;
    let created_at = (today - Duration::days(400)).midnight().assume_utc();
    let accounts: Vec<NewAccount> = batch
        .iter()
        .filter(|one| one.has_login)
        .map(|one| NewAccount::of(AccountId(one.customer.id.0), &one.username, hash, one.customer.id, created_at))
        .collect();
    tx.insert_accounts(&accounts).await?;
    let ids: Vec<AccountId> = accounts.iter().map(|one| one.id).collect();
    tx.insert_acceptances(&ids, content::terms(today).number, created_at).await?;
    tx.insert_supply_points(&all(batch, |one| &one.points)).await?;
    tx.insert_terms(&all(batch, |one| &one.terms)).await?;
    tx.insert_meters(&all(batch, |one| &one.meters)).await?;
    tx.insert_readings(&all(batch, |one| &one.readings)).await?;
    tx.insert_consumption(&all(batch, |one| &one.months)).await?;
    tx.insert_documents(papers).await?;
    tx.insert_settlements(&all(batch, |one| &one.settlements)).await?;
    tx.insert_schedules(&all(batch, |one| &one.schedules)).await?;
    tx.insert_instalments(&all(batch, |one| &one.instalments)).await?;
    tx.insert_payments(&all(batch, |one| &one.payments)).await?;
    Ok(())
}

/// The newest settlement of each customer, announced to them.
async fn announce(tx: &TenantTx, batch: &[DemoCustomer], today: Date) -> Result<(), data::Error> {
    for one in batch {
        let Some(newest) = one.settlements.iter().max_by_key(|settlement| settlement.invoice.issued_on) else {
            continue;
        };
        let id = newest.invoice.id;
        let notice = Notice {
            event: Event::InvoiceIssued,
            kind: "settlement_issued",
            customer: one.customer.id,
            payload: serde_json::json!({ "number": newest.invoice.number, "path": format!("/settlements/{id}") }),
            cause: format!("settlement_issued:{id}"),
            language: "cs",
            now: newest.invoice.issued_on.midnight().assume_utc() + time::Duration::hours(7),
            today,
        };
        tx.tell(&notice).await?;
    }
    Ok(())
}

async fn staff(
    db: &Database,
    tenant: TenantId,
    people: &[(Role, &str, &str)],
    password: &str,
    hashed: &str,
    seed: u64,
) -> Result<Vec<DemoStaff>> {
    let mut draw = Draw::of(&[seed, tenant.0 as u64, 99]);
    let mut rows = Vec::new();
    let mut listed = Vec::new();
    for (role, username, name) in people {
        let totp_secret = totp::secret_of(&draw.bytes::<20>());
        let id = StaffId(draw.id(OffsetDateTime::UNIX_EPOCH.date()));
        rows.push(NewStaff {
            id,
            username: (*username).to_owned(),
            name: (*name).to_owned(),
            role: *role,
            password_hash: hashed.to_owned(),
            totp_secret: Some(totp_secret.clone()),
            email: None,
        });
        listed.push(DemoStaff {
            id,
            name: (*name).to_owned(),
            role: *role,
            username: (*username).to_owned(),
            password: password.to_owned(),
            totp_secret,
        });
    }
    let tx = db.tenant(tenant).begin().await.context("a transaction")?;
    tx.insert_staff(&rows).await.context("staff")?;
    tx.commit().await.context("a transaction")?;
    Ok(listed)
}
