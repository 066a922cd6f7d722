//! Functions held back until a day: switched on when it comes, as a revision like any other, in the audit and undoable.
use crate::tenancy::Toggle;
use crate::web::kit::revisions::{self, By};
use crate::web::kit::services::Services;
use time::OffsetDateTime;

/// Switches on whatever is due at `now`, in each tenant's own time zone. Of several instances the first one does it.
pub async fn let_go(services: &Services, now: OffsetDateTime) {
    for tenant in services.registry.all() {
        let (today, _) = services.clock.local(now, &tenant.document.locale.timezone);
        let is_due = |toggle: &Toggle| toggle.until.is_some_and(|day| day <= today);
        let (due, kept): (Vec<Toggle>, Vec<Toggle>) = tenant.toggles.iter().cloned().partition(is_due);
        if due.is_empty() {
            continue;
        }
        let keys: Vec<&str> = due.iter().map(|toggle| toggle.feature.key()).collect();
        let reason = format!("{} on: the day has come", keys.join(", "));
        let by = By { kind: "timetable", name: "timetable", role: "", request_id: "" };
        let db = services.db.tenant(tenant.id);
        match revisions::switch(services, &db, &tenant, tenant.revision, kept, by, &reason).await {
            Ok(Some(next)) => tracing::info!(tenant = tenant.slug, revision = next.revision, reason, "let go"),
            Ok(None) => {}
            Err(error) => tracing::error!(tenant = tenant.slug, %error, "what is due could not be let go"),
        }
    }
}
