//! A first password that goes by mail is made when the mail leaves: until then there is none, afterwards only its hash.
use super::JobServices;
use super::deliver::Failure;
use crate::backends::keys;
use crate::data::{self, AuditEntry, ClaimedMessage};
use crate::domain::access::initial_password;
use crate::domain::ids::AccountId;
use crate::tenancy::Tenant;
use serde_json::json;
use time::Duration;

/// The password for the account that the payload names under `issue_password`; none when it names none. Tried again, the mail brings
/// another password, and that one counts. Never over a password that its owner chose meanwhile.
pub async fn issue(
    services: &JobServices,
    tenant: &Tenant,
    message: &ClaimedMessage,
) -> Result<Option<String>, Failure> {
    let Some(named) = message.payload.get("issue_password").and_then(|id| id.as_str()) else { return Ok(None) };
    let account = uuid::Uuid::try_parse(named).map_err(|_| Failure::Never("account"))?;
    let password = initial_password(keys::random());
    let hash = services.hasher.hash(&password).await;
    let hash = hash.map_err(|_| Failure::Later("password"))?;
    let days = Duration::days(tenant.document.parameters.initial_password_days);
    let kept = keep(services, message, AccountId(account), &hash, days).await;
    match kept {
        Ok(true) => Ok(Some(password)),
        Ok(false) => Err(Failure::Never("own_password")),
        Err(error) => {
            tracing::warn!(?error, "a password cannot be kept");
            Err(Failure::Later("password"))
        }
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
