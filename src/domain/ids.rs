//! Identifiers as types, so that one kind can never be passed for another.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A supplier, or the platform itself. There is no "no tenant": code that has none does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TenantId(pub i32);

impl TenantId {
    /// The platform's own rows (its staff, their sessions, their audit trail).
    pub const PLATFORM: TenantId = TenantId(0);
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);
        impl $name {
            /// A fresh, time-ordered identifier (UUIDv7).
            #[expect(clippy::new_without_default, reason = "a default would hide that each call differs")]
            pub fn new() -> Self { Self(Uuid::now_v7()) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

ids! {
    /// A log-in of a customer; one account may look after several customers.
    AccountId,
    /// A letter with a password or a code.
    AccessLetterId,
    /// A link that lets somebody into an account once.
    AccountLinkId,
    /// A step of signing in or of changing an account that the next page completes.
    AccountStepId,
    /// Somebody's application for access (*žádost o přístup*).
    ApplicationId,
    /// A key machines call with (*klíč k rozhraní*).
    ApiKeyId,
    /// A file that came with a request (*příloha*).
    AttachmentId,
    /// A code of a partner's offer (*kód*).
    BonusCodeId,
    /// What a partner offers for points (*nabídka*).
    BonusOfferId,
    /// A visit booked at an office.
    BookingId,
    /// A calendar that follows a customer's outages.
    CalendarFeedId,
    /// A contract being written or made (*smlouva*).
    ContractId,
    /// A customer of a supplier (*zákazník*).
    CustomerId,
    /// A customer on the way to a log-in.
    CustomerLinkId,
    /// A stored document, for instance the PDF of an invoice.
    DocumentId,
    /// A new e-mail address that waits to be confirmed.
    EmailChangeId,
    /// An electronic form that operators define.
    FormId,
    /// An invoice or settlement (*faktura, vyúčtování*).
    InvoiceId,
    /// Letters printed and posted together.
    LetterBatchId,
    /// A page of help.
    HelpArticleId,
    /// An invitation to look after a customer too.
    InvitationId,
    /// A useful link.
    LinkId,
    /// A metering device (*elektroměr, plynoměr*).
    MeterId,
    /// A message in the outbox.
    MessageId,
    /// Something told to somebody in the portal.
    NoticeId,
    /// An office that customers visit (*obchodní kancelář*).
    OfficeId,
    /// A passkey of an account (*přístupový klíč*).
    PasskeyId,
    /// A challenge that waits for a passkey.
    PasskeyChallengeId,
    /// An outage (*odstávka*).
    OutageId,
    /// A file with outages.
    OutageImportId,
    /// A payment received.
    PaymentId,
    /// A code or a link that proves who it is.
    ProofCodeId,
    /// A meter reading (*odečet*).
    ReadingId,
    /// A sales representative (*obchodní zástupce*).
    RepresentativeId,
    /// Something a customer asked for (*požadavek*).
    RequestId,
    /// A schedule of advances (*předpis záloh*).
    ScheduleId,
    /// A contract recorded when it was signed.
    SigningId,
    /// A member of a supplier's or the platform's staff.
    StaffId,
    /// An invitation to a supplier's staff.
    StaffInvitationId,
    /// A member's sign-in that is under way at their provider.
    StaffSignInId,
    /// A supply point (*odběrné místo*).
    SupplyPointId,
    /// An address that facts are posted to.
    WebhookEndpointId,
    /// One try to post one.
    WebhookAttemptId,
}
