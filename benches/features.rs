//! What one look into the decision table costs.
use super::load::Random;
use anyhow::{Context, Result, anyhow};
use busbar::domain::features::{Action, Feature, Role};
use busbar::domain::ids::TenantId;
use busbar::tenancy::{Compiler, Files, Origin, TenantState};
use std::hint::black_box;
use std::time::Instant;

const QUESTIONS: usize = 4096;
const REPEATS: usize = 20_000;

/// Nanoseconds for `may this role do this with this feature`, asked in random order.
pub fn nanoseconds() -> Result<f64> {
    let list = |problems: Vec<busbar::tenancy::Problem>| anyhow!("{problems:?}");
    let compiler = Compiler::new(Files::new(None), Origin { is_secure: false, port: None }).map_err(list)?;
    let (_, content) = compiler.file_tenants().into_iter().next().context("the binary carries a tenant")?;
    let content = content.map_err(list)?;
    let tenant = compiler.compile(TenantId(1), 1, TenantState::Active, &content).map_err(list)?;
    let (roles, features, actions): (Vec<Role>, Vec<Feature>, Vec<Action>) =
        (Role::all().collect(), Feature::all().collect(), Action::all().collect());
    let mut random = Random(1);
    let mut pick = |count: usize| (random.next() % count as u64) as usize;
    let questions: Vec<(Role, Feature, Action)> = (0..QUESTIONS)
        .map(|_| (roles[pick(roles.len())], features[pick(features.len())], actions[pick(actions.len())]))
        .collect();
    let begin = Instant::now();
    let mut allowed = 0usize;
    for _ in 0..REPEATS {
        for (role, feature, action) in black_box(&questions) {
            allowed += usize::from(tenant.allows(*role, *feature, *action));
        }
    }
    black_box(allowed);
    Ok(begin.elapsed().as_nanos() as f64 / (QUESTIONS * REPEATS) as f64)
}
