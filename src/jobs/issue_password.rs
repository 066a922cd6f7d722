//! A first password that goes by mail is made when the mail leaves: until then there is none, afterwards only its hash.
use super::JobServices;
use crate::backends::keys;
use crate::backends::mail::Error;
use crate::data::{self, AuditEntry, ClaimedMessage};
use crate::domain::access::initial_password;
use crate::domain::ids::AccountId;
use crate::tenancy::Tenant;
use serde_json::json;
use time::Duration;

/// The password for the account that the payload names under `issue_password`; none when it names none. Tried again, the mail brings
/// another password, and that one counts. Never over a password that its owner chose meanwhile.
pub async fn issue(services: &JobServices, tenant: &Tenant, message: &ClaimedMessage) -> Result<Option<String>, Error> {
    let Some(named) = message.payload.get("issue_password").and_then(|id| id.as_str()) else { return Ok(None) };
    let account = uuid::Uuid::try_parse(named).map_err(|_| Error::Never("the account is not an identifier".into()))?;
    let password = initial_password(keys::random());
    let hash = services.hasher.hash(&password).await;
    let hash = hash.map_err(|error| Error::Later(format!("a password cannot be hashed: {error}")))?;
    let days = Duration::days(tenant.document.parameters.initial_password_days);
    let kept = keep(services, message, AccountId(account), &hash, days).await;
    match kept {
        Ok(true) => Ok(Some(password)),
        Ok(false) => Err(Error::Never("the account has a password of its own".into())),
        Err(error) => Err(Error::Later(format!("a password cannot be kept: {error:?}"))),
    }
}

async fn keep(
    services: &JobServices,
    message: &ClaimedMessage,
    account: AccountId,
    hash: &str,
    days: Duration,
) -> Result<bool, data::Error> {
    let tx = services.db.tenant(message.tenant_id).begin().await?;
    if !tx.reissue_password(account, hash, services.clock.now() + days).await? {
        return Ok(false);
    }
    tx.write_audit(&AuditEntry {
        actor_kind: "system".into(),
        actor: String::new(),
        role: String::new(),
        feature: None,
        action: "issue_password".into(),
        object: format!("account:{account}"),
        before: serde_json::Value::Null,
        after: json!({ "message": message.id.to_string() }),
        request_id: String::new(),
    })
    .await?;
    tx.commit().await?;
    Ok(true)
}
