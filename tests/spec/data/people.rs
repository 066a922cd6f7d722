//! Rows of people: an invitation, a customer on the way to a log-in, a code. `mark` tells those of one tenant apart.
use busbar::data::{CodeKind, CustomerLink, Error, Invitation, TenantTx};
use busbar::domain::access::MemberRole;
use busbar::domain::ids::{AccountId, CustomerId, CustomerLinkId, InvitationId};
use time::macros::date;
use time::{Duration, OffsetDateTime};

pub async fn fill(
    tx: &TenantTx,
    account: AccountId,
    customer: CustomerId,
    at: OffsetDateTime,
    mark: u8,
) -> Result<(), Error> {
    let invitation = Invitation {
        id: InvitationId::new(),
        customer,
        invited_by: account,
        email: "žofie@příklad.cz".into(),
        role: MemberRole::Reader,
        until: Some(date!(9999 - 12 - 31)),
        created_at: at,
        expires_at: at + Duration::days(7),
    };
    tx.add_invitation(&invitation, &[mark; 32]).await?;
    let link = CustomerLink {
        id: CustomerLinkId::new(),
        account,
        customer,
        token_hash: Some([mark; 32]),
        letter: None,
        created_at: at,
        expires_at: at + Duration::days(2),
    };
    tx.add_customer_link(&link).await?;
    tx.add_proof_code(account, customer, CodeKind::Sms, &[mark; 32], at, at + Duration::minutes(10)).await?;
    Ok(())
}
