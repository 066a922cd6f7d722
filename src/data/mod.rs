//! What is kept: the only room that speaks SQL. [`TenantDb`] is the only door to a tenant's rows.
mod access_letters;
mod account_addresses;
mod account_factors;
mod account_life;
mod account_links;
mod account_passwords;
mod account_steps;
mod accounts;
mod advances;
mod applications;
mod audit;
mod bonus;
mod bulk;
mod consumption;
mod content;
mod contracts;
mod customer_links;
mod customers;
mod dashboard;
mod documents;
mod electronic_forms;
mod email_changes;
mod erasure;
mod error;
pub mod export;
mod identification;
mod invitations;
mod invoices;
mod known_devices;
mod looks;
mod memberships;
mod news;
mod notices;
mod offices;
mod outages;
mod outbox;
mod passkeys;
mod payments;
mod platform;
mod proof_codes;
mod reading_prompts;
mod readings;
mod representatives;
mod requests;
mod retentions;
mod revisions;
mod schema;
mod scope;
mod sequences;
mod sessions;
mod signings;
mod staff;
mod supply_points;
mod terms_of_use;
mod timetable;
mod unreachable;
mod webhooks;

pub use access_letters::{AccessLetter, LetterKind, LetterState};
pub use account_life::AccountReach;
pub use account_steps::{AccountStep, StepKind};
pub use accounts::{Account, AccountRow, HeldAccount, NewAccount};
pub use applications::{Application, ApplicationState, Began};
pub use audit::{AuditEntry, AuditRow};
pub use bonus::{BonusCause, BonusCode, BonusEntry, BonusMember, BonusOffer, Credit, Debit};
pub use contracts::{ContractRow, FinishedContract, NewContract};
pub use customer_links::CustomerLink;
pub use customers::{Billing, Contact, Identity};
pub use dashboard::{DashboardRows, PointRow, ReadingRow, RequestRow};
pub use documents::StoredDocument;
pub use electronic_forms::FormRow;
pub use email_changes::EmailChange;
pub use erasure::Erase;
pub use error::Error;
pub use identification::FailedIdentification;
pub use invitations::Invitation;
pub use invoices::InvoiceFilter;
pub use known_devices::Met;
pub use looks::Look;
pub use memberships::{Ended, LookedAfter, Membership};
pub use news::{Days, Fact, News};
pub use notices::{Choices, Notice, NoticeRow};
pub use offices::{Booked, Booking, DayRow, NewBooking, OfficeRow, TopicRow};
pub use outages::{
    Affected, ApiKey, ApiReply, CalendarFeed, Manner, OutageFilter, OutageImport, OutageRow, OutageSubscription,
    OutageVersion, Recorded, SPREAD_LEASE, Telling, Told, Touched,
};
pub use outbox::{
    ClaimedMessage, Heard, KeptMessage, Left, LetterBatch, Meant, MessageFilter, NewMessage, Rendered, SentMessage,
    secret_of,
};
pub use passkeys::{Passkey, PasskeyPurpose};
pub use platform::{Origin, PlatformDb, RevisionRow, TenantRow};
pub use proof_codes::{CodeKind, Tried};
pub use reading_prompts::Promptable;
pub use representatives::Representative;
pub use requests::{
    Added, Assignee, AttachmentRow, Cursor, Guarded, Move, NewEvent, NewRequest, QueueCounts, QueueFilter, QueueRow,
    Request, RequestEvent, StoredAttachment,
};
pub use retentions::Retention;
pub use revisions::{RevisionContent, RevisionRecord};
pub use scope::{Database, DatabaseConfig, TenantDb, TenantTx};
pub use sessions::SessionRow;
pub use signings::{Signing, Wish};
pub use staff::{NewSignIn, NewStaff, NewStaffInvitation, SignIn, StaffInvitation, StaffInvitationState, StaffRow};
pub use terms_of_use::TermsVersion;
pub use timetable::Turn;
pub use unreachable::Unreachable;
pub use webhooks::{Attempt, Endpoint, LogFilter, NewEndpoint, body as webhook_body};
