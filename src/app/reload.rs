//! Keeps what is served equal to what is kept: files become revisions, revisions become published tenants. A bad file leaves the last good one.
use super::{staged, state};
use crate::data::{self, AuditEntry, Origin, RevisionContent};
use crate::tenancy::{Content, Toggle};
use crate::web::kit::revisions;
use crate::web::kit::services::{Services, Shared};
use anyhow::{Result, anyhow};
use notify::{RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::watch;

/// What `busbar tenant plan` would say of one file tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Create,
    Publish,
    Nothing,
}

/// Makes new revisions of file tenants whose document or contract changed. Toggles are the operators' own and stay.
pub async fn adopt_files(services: &Services) -> Result<Vec<(String, Step)>> {
    let kept = services.db.platform().current_revisions().await.map_err(broken)?;
    let mut steps = Vec::new();
    for (slug, content) in services.compiler.file_tenants() {
        let row = kept.iter().find(|row| row.slug == slug);
        let content = match &content {
            Ok(content) => content,
            Err(problems) => {
                tracing::error!(
                    tenant = slug,
                    problems = state::list(problems),
                    "tenant files refused; the last good revision serves on"
                );
                continue;
            }
        };
        let step = step(row.map(|row| (row.document.as_str(), row.policy.as_str())), content);
        if step != Step::Nothing
            && let Err(error) = adopt(services, &slug, row, content).await
        {
            tracing::error!(tenant = slug, %error, "tenant files refused; the last good revision serves on");
            continue;
        }
        steps.push((slug, step));
    }
    Ok(steps)
}

pub fn step(kept: Option<(&str, &str)>, content: &Content) -> Step {
    match kept {
        None => Step::Create,
        Some((document, policy)) if document == content.document && policy == content.policy => Step::Nothing,
        Some(_) => Step::Publish,
    }
}

async fn adopt(services: &Services, slug: &str, row: Option<&data::RevisionRow>, content: &Content) -> Result<()> {
    let toggles = row.map_or("[]".to_owned(), |row| row.toggles.clone());
    let kept = RevisionContent { document: content.document.clone(), policy: content.policy.clone(), toggles };
    let platform = services.db.platform();
    match row {
        None => {
            match platform.create_tenant(slug, Origin::File, &kept, &entry("create_tenant", slug), "first start").await
            {
                Ok(id) => services.bus.announce(id, 1).await,
                // Another instance starting at the same moment was quicker with the same files.
                Err(data::Error::Conflict(_)) => {}
                Err(error) => return Err(broken(error)),
            }
        }
        Some(row) => {
            let parsed: Vec<Toggle> = serde_json::from_str(&row.toggles)?;
            let tried = Content { toggles: parsed, ..content.clone() };
            services
                .compiler
                .compile(
                    row.tenant_id,
                    row.revision + 1,
                    revisions::state_of(&row.state).map_err(|error| anyhow!("{error}"))?,
                    &tried,
                )
                .map_err(|problems| anyhow!(state::list(&problems)))?;
            match platform
                .publish_revision(row.tenant_id, row.revision, &kept, &entry("publish_revision", slug), "files changed")
                .await
            {
                Ok(revision) => services.bus.announce(row.tenant_id, revision).await,
                Err(data::Error::Conflict(_)) => {}
                Err(error) => return Err(broken(error)),
            }
        }
    }
    Ok(())
}

/// Tenants beyond those of the files, for measuring how the platform carries many: the first file tenant's document and
/// contract under names of their own.
pub async fn make_up_tenants(services: &Services, wanted: usize) -> Result<()> {
    let present = services.registry.all().len();
    let Some((slug, Ok(pattern))) = services.compiler.file_tenants().into_iter().find(|(_, content)| content.is_ok())
    else {
        return Ok(());
    };
    let pattern_tenant = services.registry.by_slug(&slug).ok_or_else(|| anyhow!("{slug} is not published"))?;
    for number in present..wanted {
        let name = format!("made-up-{number}");
        let mut document = pattern_tenant.document.clone();
        document.slug = name.clone();
        document.hosts.canonical = format!("{name}.localhost");
        document.hosts.aliases.clear();
        let policy = pattern.policy.replace(&format!(", {slug}"), &format!(", {name}"));
        let kept = RevisionContent { document: document.to_toml(), policy, toggles: "[]".into() };
        match services
            .db
            .platform()
            .create_tenant(&name, Origin::Console, &kept, &entry("create_tenant", &name), "made up for measuring")
            .await
        {
            Ok(_) | Err(data::Error::Conflict(_)) => {}
            Err(error) => return Err(broken(error)),
        }
    }
    publish_all(services).await?;
    Ok(())
}

/// Publishes the current revision of every tenant on this instance; returns how many serve.
pub async fn publish_all(services: &Services) -> Result<usize> {
    let rows = services.db.platform().current_revisions().await.map_err(broken)?;
    let mut count = 0;
    for row in rows {
        let published = match revisions::compile(services, &row) {
            Ok(tenant) => revisions::publish(services, tenant).await,
            Err(error) => Err(error),
        };
        match published {
            Ok(_) => count += 1,
            Err(error) => tracing::error!(tenant = row.slug, %error, "not published"),
        }
    }
    Ok(count)
}

/// Reads the files again: themes first, then tenants and contracts; then publishes. Errors are logged and change nothing.
pub async fn from_files(services: &Services) {
    if let Err(problems) = services.compiler.reload() {
        tracing::error!(problems = state::list(&problems), "themes or policies refused; the last good ones serve on");
        return;
    }
    match adopt_files(services).await {
        Ok(steps) => tracing::info!(
            changed = steps.iter().filter(|(_, step)| *step != Step::Nothing).count(),
            "files read again"
        ),
        Err(error) => tracing::error!(%error, "files could not be adopted"),
    }
    if let Err(error) = publish_all(services).await {
        tracing::error!(%error, "tenants could not be published");
    }
}

/// Runs until stopped: the file watcher and SIGHUP, the doorbell of other instances, and every second a look at the database and the day.
pub async fn keep_current(services: Shared, root: PathBuf, mut stop: watch::Receiver<bool>) {
    let (changed, mut changes) = mpsc::channel(1);
    let _watcher = watch_files(&root, changed);
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
        .expect("a process may always listen to its own signals");
    let mut doorbell = services.bus.subscribe();
    let mut poll = tokio::time::interval(Duration::from_secs(1));
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            Some(()) = changes.recv() => {
                // Editors write in several steps; wait until they are done.
                tokio::time::sleep(Duration::from_millis(200)).await;
                while changes.try_recv().is_ok() {}
                from_files(&services).await;
            }
            _ = hangup.recv() => from_files(&services).await,
            Ok(id) = doorbell.recv() => {
                let behind = services.registry.by_id(id).map_or(0, |tenant| tenant.revision);
                if services.bus.revision(id).await.is_none_or(|newest| newest > behind)
                    && let Err(error) = revisions::load(&services, id).await
                {
                    tracing::error!(tenant = id.0, %error, "a new revision could not be loaded");
                }
            }
            _ = poll.tick() => {
                catch_up(&services).await;
                staged::let_go(&services, services.clock.now()).await;
            }
        }
    }
}

/// Loads whatever is newer in the database: the bound on staleness when Redis is down, and how a command's `apply` arrives.
async fn catch_up(services: &Services) {
    let Ok(numbers) = services.db.platform().revision_numbers().await else { return };
    for (id, revision) in numbers {
        let is_behind = services.registry.by_id(id).is_none_or(|tenant| tenant.revision < revision);
        if is_behind && let Err(error) = revisions::load(services, id).await {
            tracing::debug!(tenant = id.0, %error, "still not published");
        }
    }
}

fn watch_files(root: &Path, changed: mpsc::Sender<()>) -> Option<notify::RecommendedWatcher> {
    if root.as_os_str().is_empty() {
        return None;
    }
    let ring = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // A full channel already says "look again".
            _ = changed.try_send(());
        }
    };
    let mut watcher =
        notify::recommended_watcher(ring).inspect_err(|error| tracing::warn!(%error, "files are not watched")).ok()?;
    for folder in ["tenants", "policies", "themes"] {
        if let Err(error) = watcher.watch(&root.join(folder), RecursiveMode::Recursive) {
            tracing::warn!(folder, %error, "not watched");
        }
    }
    Some(watcher)
}

/// The audit's line for what files, not a person, changed.
fn entry(action: &str, slug: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: "files".into(),
        actor: "files".into(),
        role: String::new(),
        feature: None,
        action: action.into(),
        object: slug.into(),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        request_id: String::new(),
    }
}

fn broken(error: data::Error) -> anyhow::Error {
    anyhow!("{error}")
}
