//! One customer with a row in every table, at the bounds of what rows hold.
use super::ground::entry;
use super::papers::{article, document, link, settlements};
use busbar::data::{
    Application, ApplicationState, Attempt, Began, Choices, LetterBatch, LetterKind, Look, NewAccount, NewEndpoint,
    NewMessage, NewStaff, Notice, PasskeyPurpose, Retention, SessionRow, Signing, StepKind, StoredDocument, TenantTx,
    TermsVersion, Wish,
};
use busbar::domain::advances::{Instalment, Schedule};
use busbar::domain::consumption::MonthlyConsumption;
use busbar::domain::content::{HelpArticle, Link};
use busbar::domain::customers::Customer;
use busbar::domain::features::Role;
use busbar::domain::ids::*;
use busbar::domain::invoices::Settlement;
use busbar::domain::money::Money;
use busbar::domain::notices::{Channel, Event};
use busbar::domain::payments::{MatchedTo, Payment, PaymentMethod};
use busbar::domain::readings::{Reading, ReadingKind};
use busbar::domain::supply_points::{Address, Breaker, Commodity, Meter, Register, SupplyPoint, Terms};
use busbar::domain::webhooks::{Fact, Wanted};
use serde_json::json;
use time::macros::{date, datetime};

pub const LETTERS: &str = "Příliš žluťoučký kůň úpěl ďábelské ódy – „ŘŠŽ“ '\"\\%_ 🔌";

pub struct Whole {
    pub customer: Customer,
    pub account: NewAccount,
    pub points: Vec<SupplyPoint>,
    pub terms: Vec<Terms>,
    pub meters: Vec<Meter>,
    pub readings: Vec<Reading>,
    pub months: Vec<MonthlyConsumption>,
    pub documents: Vec<StoredDocument>,
    pub settlements: Vec<Settlement>,
    pub schedules: Vec<Schedule>,
    pub instalments: Vec<Instalment>,
    pub payments: Vec<Payment>,
    pub links: Vec<Link>,
    pub articles: Vec<HelpArticle>,
    pub staff: NewStaff,
    pub session: SessionRow,
    pub message: NewMessage,
}

fn address() -> Address {
    Address { street: LETTERS.into(), city: "Ústí nad Labem".into(), postcode: "400 01".into() }
}

/// Newest first wherever the data layer answers so.
pub fn whole() -> Whole {
    let id = CustomerId::new();
    let (power, gas) = (SupplyPointId::new(), SupplyPointId::new());
    let point = |point: SupplyPointId, commodity, code: &str, until| SupplyPoint {
        id: point,
        customer: id,
        commodity,
        code: code.into(),
        address: address(),
        distributor: LETTERS.into(),
        contract_number: "S1".into(),
        contract_since: date!(0001 - 01 - 01),
        contract_until: until,
    };
    let points = vec![
        point(power, Commodity::Electricity, "859182400100000004", None),
        point(gas, Commodity::Gas, "27ZG100Z0000001R", Some(date!(9999 - 12 - 31))),
    ];
    let meter = |point, registers| Meter {
        id: MeterId::new(),
        supply_point: point,
        serial: MeterId::new().to_string(),
        digits: u8::MAX,
        multiplier: u16::MAX,
        installed_on: date!(2024 - 02 - 29),
        removed_on: None,
        registers,
    };
    let mut meters = vec![meter(power, vec![Register::High, Register::Low]), meter(gas, vec![Register::Volume])];
    meters[1].removed_on = Some(date!(2026 - 12 - 31));
    let reading = |meter: &Meter, register, state, kind, consumption| Reading {
        id: ReadingId::new(),
        customer: id,
        supply_point: meter.supply_point,
        meter: meter.id,
        meter_serial: meter.serial.clone(),
        register,
        read_on: date!(2026 - 01 - 31),
        state,
        kind,
        consumption,
    };
    let mut readings: Vec<Reading> = ReadingKind::ALL
        .iter()
        .map(|kind| reading(&meters[0], Register::Low, i64::MAX, *kind, Some(i64::MIN)))
        .chain([reading(&meters[1], Register::Volume, 0, ReadingKind::Customer, None)])
        .collect();
    readings.sort_by_key(|one| std::cmp::Reverse(one.id));
    let documents = vec![document(id, b"%PDF-\0\xff".to_vec()), document(id, Vec::new())];
    let settlements = settlements(id, &points, documents[0].id);
    let schedule = |point, valid_from| Schedule {
        id: ScheduleId::new(),
        customer: id,
        supply_point: point,
        valid_from,
        amount: Money(i64::MAX),
        interval_months: u8::MAX,
        method: PaymentMethod::Sipo,
        variable_symbol: "0000000001".into(),
    };
    let schedules = vec![schedule(power, date!(2026 - 02 - 01)), schedule(gas, date!(2025 - 02 - 01))];
    let instalment = |paid, paid_on, due_on| Instalment {
        schedule: schedules[0].id,
        customer: id,
        supply_point: power,
        due_on,
        amount: Money(i64::MAX),
        method: PaymentMethod::DirectDebit,
        variable_symbol: String::new(),
        paid,
        paid_on,
    };
    let instalments = vec![
        instalment(Money(i64::MAX), Some(date!(2026 - 02 - 28)), date!(2026 - 02 - 15)),
        instalment(Money::ZERO, None, date!(2026 - 03 - 15)),
    ];
    let payment = |received_on, amount, method, matched| Payment {
        id: PaymentId::new(),
        customer: id,
        received_on,
        amount: Money(amount),
        variable_symbol: "1".into(),
        method,
        matched,
    };
    let payments = vec![
        payment(date!(2026 - 03 - 03), 1, PaymentMethod::PostalOrder, MatchedTo::Nothing),
        payment(
            date!(2026 - 03 - 02),
            i64::MAX,
            PaymentMethod::Sipo,
            MatchedTo::Advance { due_on: date!(2026 - 02 - 15) },
        ),
        payment(
            date!(2026 - 03 - 01),
            i64::MIN,
            PaymentMethod::Transfer,
            MatchedTo::Invoice { number: LETTERS.into() },
        ),
    ];
    let month = |point, register, month, volume_ml| MonthlyConsumption {
        customer: id,
        supply_point: point,
        register,
        month,
        energy_wh: i64::MAX,
        volume_ml,
    };
    Whole {
        customer: Customer {
            id,
            number: "1000000001".into(),
            name: LETTERS.into(),
            company_id: None,
            email: Some("žofie@příklad.cz".into()),
            phone: None,
            mailing: address(),
            method: PaymentMethod::Transfer,
            bank_account: Some(String::new()),
            balance: Money(i64::MIN),
            balance_as_of: date!(2026 - 11 - 23),
        },
        account: NewAccount::of(
            AccountId::new(),
            "Žofie.Čápová",
            "$argon2id$",
            id,
            datetime!(2026-11-23 12:00:00.123456 UTC),
        ),
        terms: vec![
            Terms {
                supply_point: power,
                valid_from: date!(2026 - 01 - 01),
                product: LETTERS.into(),
                tariff_rate: Some("D25d".into()),
                breaker: Some(Breaker { phases: 3, amps: u16::MAX }),
                expected_kwh: i64::MAX,
            },
            Terms {
                supply_point: power,
                valid_from: date!(2025 - 01 - 01),
                product: String::new(),
                tariff_rate: None,
                breaker: None,
                expected_kwh: 0,
            },
        ],
        months: vec![
            month(power, Register::Low, date!(2025 - 12 - 01), None),
            month(gas, Register::Volume, date!(2026 - 01 - 01), Some(i64::MIN)),
        ],
        links: vec![link(1), link(i16::MAX)],
        articles: vec![article("first", 1), article("second", 2)],
        staff: NewStaff {
            id: StaffId::new(),
            username: "Referent".into(),
            name: LETTERS.into(),
            role: Role::Clerk,
            password_hash: "$argon2id$".into(),
            totp_secret: None,
            email: None,
        },
        session: SessionRow {
            token_hash: [0xfe; 32],
            subject_kind: "customer".into(),
            subject_id: id.0,
            data: json!({ "jméno": LETTERS }),
            created_at: datetime!(2026-11-23 12:00 UTC),
            expires_at: datetime!(2026-11-23 12:30:00.5 UTC),
        },
        message: NewMessage {
            id: MessageId::new(),
            channel: Channel::Mail,
            customer: None,
            kind: "settlement_issued".into(),
            recipient: "žofie@příklad.cz".into(),
            language: "cs".into(),
            payload: json!({ "text": LETTERS }),
            dedupe_key: id.to_string(),
        },
        points,
        meters,
        readings,
        documents,
        settlements,
        schedules,
        instalments,
        payments,
    }
}

impl Whole {
    /// A row in every table of a tenant.
    pub async fn write(&self, tx: &TenantTx) -> Result<(), busbar::data::Error> {
        tx.insert_customers(std::slice::from_ref(&self.customer)).await?;
        tx.insert_accounts(std::slice::from_ref(&self.account)).await?;
        let since = self.account.created_at;
        tx.add_account_link(self.account.id, &[0xfd; 32], since, since + time::Duration::hours(1)).await?;
        let (account, customer) = (self.account.id, self.customer.id);
        tx.replace_recovery_codes(account, &[[0xfa; 32]]).await?;
        tx.meet_device(account, &[0xf9; 32], LETTERS, since).await?;
        let until = since + time::Duration::hours(1);
        tx.add_account_step(StepKind::Email, account, json!({ "email": LETTERS }), &[0xf8; 32], since, until).await?;
        tx.add_passkey(&super::ground::passkey(account, &[0xf7; 32], since)).await?;
        let purpose = PasskeyPurpose::Register(account);
        tx.add_passkey_challenge(purpose, &[0xf6; 32], LETTERS, since, until).await?;
        tx.write_access_letter(account, customer, LetterKind::Code, "cs", since).await?;
        tx.try_identification(customer, since).await?;
        tx.add_application(&application(customer, since)).await?;
        super::people::fill(tx, account, customer, since, 0xfa).await?;
        tx.choose_notices(account, &Choices::from([((Event::InvoiceIssued, Channel::Sms), true)]), since).await?;
        tx.mark_unreachable(Channel::Mail, LETTERS, "bounced", since).await?;
        let notice = Notice {
            event: Event::PaymentReceived,
            kind: "payment_received",
            customer,
            payload: json!({ "text": LETTERS }),
            cause: LETTERS.into(),
            language: "cs",
            now: since,
            today: since.date(),
        };
        tx.tell(&notice).await?;
        tx.insert_supply_points(&self.points).await?;
        tx.insert_terms(&self.terms).await?;
        tx.insert_meters(&self.meters).await?;
        tx.insert_readings(&self.readings).await?;
        tx.insert_consumption(&self.months).await?;
        tx.insert_documents(&self.documents).await?;
        tx.insert_settlements(&self.settlements).await?;
        tx.insert_schedules(&self.schedules).await?;
        tx.insert_instalments(&self.instalments).await?;
        tx.insert_payments(&self.payments).await?;
        tx.insert_links(&self.links).await?;
        tx.insert_help_articles(&self.articles).await?;
        tx.insert_staff(std::slice::from_ref(&self.staff)).await?;
        let batch = LetterBatch {
            id: LetterBatchId::new(),
            number: i64::MAX,
            letters: i32::MAX,
            printed_by: self.staff.id,
            printed_at: since,
            posted_on: Some(date!(9999 - 12 - 31)),
        };
        tx.add_letter_batch(&batch).await?;
        super::asked::invited(tx, self.staff.id, since).await?;
        super::bonus::fill(tx, customer, self.staff.id, since).await?;
        super::outages::fill(tx, account, customer, &self.points, self.staff.id, since).await?;
        tx.insert_session(&self.session).await?;
        tx.add_look(self.customer.id, &Look { staff: self.staff.id, role: Role::Clerk, at: since }).await?;
        tx.enqueue(std::slice::from_ref(&self.message)).await?;
        tx.write_audit(&entry("write")).await?;
        tx.add_signing(&signing(self)).await?;
        tx.give_gift(self.customer.id, self.staff.id, LETTERS, since).await?;
        let asked = super::asked::asked(self);
        asked.write(tx).await?;
        let retention = Retention {
            invoice: self.settlements[0].invoice.id,
            customer: self.customer.id,
            request: asked.request.id,
            until: date!(2036 - 11 - 30),
            at: since,
        };
        tx.add_retentions(&[retention]).await?;
        let terms = TermsVersion {
            number: i32::MAX,
            valid_from: date!(9999 - 12 - 31),
            text_cs: LETTERS.into(),
            text_en: String::new(),
            published_by: Some(self.staff.id),
            published_at: since,
        };
        assert!(tx.add_terms_of_use(&terms).await?, "nobody was faster");
        tx.insert_acceptances(&[self.account.id], terms.number, since).await?;
        webhook(tx, since).await
    }
}

/// Last of all: what was written before is told to nobody.
pub async fn webhook(tx: &TenantTx, at: time::OffsetDateTime) -> Result<(), busbar::data::Error> {
    let id = WebhookEndpointId::new();
    let (url, description) = (format!("https://example.com/{LETTERS}"), LETTERS.to_owned());
    let wanted = Wanted::Some([Fact::TestPing].into());
    tx.add_webhook(&NewEndpoint { id, url, description, wanted, created_at: at }).await?;
    let attempt = Attempt {
        id: WebhookAttemptId::new(),
        endpoint: id,
        message: MessageId::new(),
        fact: "test.ping".into(),
        at,
        status: Some(i16::MAX),
        failure: Some("status".into()),
        took_ms: i32::MAX,
        answer: LETTERS.into(),
    };
    tx.add_webhook_attempts(id, &[attempt], true).await
}

fn signing(whole: &Whole) -> Signing {
    Signing {
        id: SigningId::new(),
        customer: whole.customer.id,
        supply_point: whole.points[0].id,
        staff: whole.staff.id,
        contract_number: LETTERS.into(),
        signed_on: date!(2026 - 11 - 23),
        wish: Wish::Given,
        email: None,
        account: Some(whole.account.id),
        created_at: whole.account.created_at,
        form_key: LETTERS.into(),
    }
}

fn application(customer: CustomerId, at: time::OffsetDateTime) -> Application {
    Application {
        id: ApplicationId::new(),
        began: Began::Online,
        state: ApplicationState::Mailed,
        extra: None,
        customer: Some(customer),
        request: None,
        account: None,
        staff: None,
        email: "žofie@příklad.cz".into(),
        token_hash: Some([0xfb; 32]),
        code_hash: None,
        tries: 0,
        version: 1,
        created_at: at,
        expires_at: at + time::Duration::days(2),
        language: "cs".into(),
    }
}
