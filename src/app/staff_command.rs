//! `busbar staff add`: the first people of a new supplier, who cannot be invited by anybody yet.
use super::config::Config;
use super::state;
use crate::backends::totp;
use crate::data::{self, AuditEntry, NewStaff};
use crate::domain::features::Role;
use crate::domain::ids::{StaffId, TenantId};
use anyhow::{Context, Result, anyhow, bail};

/// Letters of base32 in a first password: 80 random bits.
const PASSWORD: usize = 16;

/// What the new member needs for signing in; kept nowhere in this form.
pub struct Handed {
    pub password: String,
    pub totp_secret: String,
}

pub async fn add(config: &Config, supplier: &str, username: &str, name: &str, role: &str) -> Result<Handed> {
    let services = state::build(config).await?;
    let (tenant, role) = match supplier {
        "console" => (TenantId::PLATFORM, Role::Platform),
        slug => {
            let tenant = services.registry.by_slug(slug).with_context(|| format!("no supplier \"{slug}\""))?;
            let role = Role::parse(role).filter(|role| role.is_staff());
            (tenant.id, role.context("--role is one of lead, clerk, branch, dealer, representative, read_only")?)
        }
    };
    if username.trim() != username || username.is_empty() || username.contains(char::is_whitespace) {
        bail!("a user name has no spaces");
    }
    let totp_secret = totp::new_secret();
    let password: String = totp::new_secret().to_lowercase().chars().take(PASSWORD).collect();
    let password_hash = services.hasher.hash(&password).await.map_err(|error| anyhow!("{error:?}"))?;
    let row = NewStaff {
        id: StaffId::new(),
        username: username.to_owned(),
        name: name.to_owned(),
        role,
        password_hash,
        totp_secret: Some(totp_secret.clone()),
        email: None,
    };
    let entry = AuditEntry {
        actor_kind: "command".into(),
        actor: "busbar staff add".into(),
        role: String::new(),
        feature: None,
        action: "add_staff".into(),
        object: username.into(),
        before: serde_json::Value::Null,
        after: serde_json::json!({ "name": name, "role": role.key() }),
        request_id: String::new(),
    };
    let tx = services.db.tenant(tenant).begin().await.map_err(|error| anyhow!("{error}"))?;
    match tx.insert_staff(std::slice::from_ref(&row)).await {
        Err(data::Error::Conflict(_)) => bail!("{supplier} has somebody called \"{username}\" already"),
        done => done.map_err(|error| anyhow!("{error}"))?,
    }
    tx.write_audit(&entry).await.map_err(|error| anyhow!("{error}"))?;
    tx.commit().await.map_err(|error| anyhow!("{error}"))?;
    Ok(Handed { password, totp_secret })
}
