//! What is kept: the only room that speaks SQL. [`TenantDb`] is the only door to a tenant's rows.
mod account_links;
mod accounts;
mod advances;
mod audit;
mod consumption;
mod content;
mod contracts;
mod customers;
mod dashboard;
mod documents;
mod electronic_forms;
mod email_changes;
mod error;
mod invoices;
mod offices;
mod outbox;
mod payments;
mod platform;
mod reading_prompts;
mod readings;
mod representatives;
mod requests;
mod revisions;
mod schema;
mod scope;
mod sequences;
mod sessions;
mod staff;
mod supply_points;

pub use accounts::{Account, NewAccount};
pub use audit::{AuditEntry, AuditRow};
pub use contracts::{ContractRow, FinishedContract, NewContract};
pub use customers::{Billing, Contact, Identity};
pub use dashboard::{DashboardRows, PointRow, ReadingRow, RequestRow};
pub use documents::StoredDocument;
pub use electronic_forms::FormRow;
pub use email_changes::EmailChange;
pub use error::Error;
pub use invoices::InvoiceFilter;
pub use offices::{Booked, Booking, DayRow, NewBooking, OfficeRow, TopicRow};
pub use outbox::{ClaimedMessage, NewMessage, Rendered, SentMessage};
pub use platform::{Origin, PlatformDb, RevisionRow, TenantRow};
pub use reading_prompts::Promptable;
pub use representatives::Representative;
pub use requests::{
    Added, Assignee, AttachmentRow, Cursor, Guarded, Move, NewEvent, NewRequest, QueueCounts, QueueFilter, QueueRow,
    Request, RequestEvent, StoredAttachment,
};
pub use revisions::{RevisionContent, RevisionRecord};
pub use scope::{Database, DatabaseConfig, TenantDb, TenantTx};
pub use sessions::SessionRow;
pub use staff::{NewStaff, StaffRow};
