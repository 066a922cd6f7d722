//! Casbin itself. A new enforcer for every question, its rows complete before it is built; nothing is added to a living one.
//!
//! All three `g` sections of a Casbin model share one graph. That is harmless here only because roles (`role:…`), areas (`area:…`), features (with `_`)
//! and slugs (without) never share a name.
use super::contract::Contract;
use super::rows::{AREAS, EVERYTHING, Effect, Subject, area_key};
use super::rules::{MODEL, PolicyFiles};
use super::table::Reach;
use super::toggles::{self, Toggle};
use crate::domain::features::{Action, Feature, Role};
use crate::tenancy::problem::Problem;
use casbin::{Adapter, CoreApi, DefaultModel, Enforcer, MemoryAdapter};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Answers for all roles, one bit each, from only the rows that can match.
pub(super) fn ask(
    policies: &PolicyFiles,
    slug: &str,
    feature: Feature,
    action: Action,
    shape: &[(Subject, Effect, Reach)],
) -> Result<u16, Problem> {
    let area = area_key(feature.area());
    let object = |reach: Reach| match reach {
        Reach::Name => feature.key(),
        Reach::Area => area,
        Reach::All => EVERYTHING,
    };
    let mut rows = Rows::default();
    for (subject, effect, reach) in shape {
        rows.rule(&subject.key(), slug, object(*reach), action, *effect);
    }
    rows.groups(policies);
    rows.bought(feature, slug);
    rows.belongs(feature.key(), area);
    rows.belongs(area, EVERYTHING);
    let enforcer = rows.enforcer(&policies.model)?;
    let mut answer = 0;
    for role in Role::all() {
        let is_allowed = enforce(&enforcer, role, slug, feature, action)?;
        answer |= u16::from(is_allowed) << role as usize;
    }
    Ok(answer)
}

/// The whole truth about one tenant in one enforcer: what the table must equal, cell by cell.
pub fn whole(policies: &PolicyFiles, slug: &str, contract: &Contract, toggles: &[Toggle]) -> Result<Enforcer, Problem> {
    let mut rows = Rows::default();
    for rule in policies.guardrails.iter().chain(&policies.roles) {
        rows.rule(&rule.subject.key(), slug, rule.object.key(), rule.action, rule.effect);
    }
    for toggle in toggles {
        for action in toggles::FORBIDDEN {
            rows.rule(&Subject::Anyone.key(), slug, toggle.feature.key(), action, Effect::Deny);
        }
    }
    rows.groups(policies);
    contract.features.iter().for_each(|feature| rows.bought(*feature, slug));
    Feature::all()
        .filter(|feature| feature.is_switch())
        .for_each(|feature| rows.belongs(feature.key(), area_key(feature.area())));
    AREAS.iter().for_each(|area| rows.belongs(area_key(*area), EVERYTHING));
    rows.enforcer(&policies.model)
}

/// An error is a refusal and a mistake to be told.
pub fn enforce(enforcer: &Enforcer, role: Role, slug: &str, feature: Feature, action: Action) -> Result<bool, Problem> {
    let subject = Subject::Role(role).key();
    enforcer.enforce((subject.as_str(), slug, feature.key(), action.key())).map_err(|error| {
        Problem::of_file(MODEL, "E0416", format!("{subject} {} {}: {error}", action.key(), feature.key()))
    })
}

/// Whether Casbin can read and compile the model.
pub(super) fn try_model(model: &str) -> Result<(), String> {
    let build = async {
        let model = DefaultModel::from_str(model).await?;
        Enforcer::new(model, MemoryAdapter::default()).await
    };
    at_once(build).map(drop).map_err(|error| error.to_string())
}

/// Rows on their way into an enforcer, by section.
#[derive(Default)]
struct Rows {
    p: Vec<Vec<String>>,
    g: Vec<Vec<String>>,
    g2: Vec<Vec<String>>,
    g3: Vec<Vec<String>>,
}

impl Rows {
    fn rule(&mut self, subject: &str, slug: &str, object: &str, action: Action, effect: Effect) {
        self.p.push([subject, slug, object, action.key(), effect.key()].map(str::to_owned).to_vec());
    }
    fn groups(&mut self, policies: &PolicyFiles) {
        self.g.extend(policies.groups.iter().map(|(member, group)| vec![member.key(), group.key()]));
    }
    fn bought(&mut self, feature: Feature, slug: &str) {
        self.g2.push(vec![feature.key().to_owned(), slug.to_owned()]);
    }
    fn belongs(&mut self, inner: &str, outer: &str) {
        self.g3.push(vec![inner.to_owned(), outer.to_owned()]);
    }

    fn enforcer(self, model: &str) -> Result<Enforcer, Problem> {
        let build = async {
            let mut adapter = MemoryAdapter::default();
            for (section, kind, rows) in
                [("p", "p", self.p), ("g", "g", self.g), ("g", "g2", self.g2), ("g", "g3", self.g3)]
            {
                if !rows.is_empty() {
                    adapter.add_policies(section, kind, rows).await?;
                }
            }
            Enforcer::new(DefaultModel::from_str(model).await?, adapter).await
        };
        at_once(build).map_err(|error| Problem::of_file(MODEL, "E0416", error.to_string()))
    }
}

/// Casbin's functions are async for adapters that wait; the one in memory never does.
fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::yield_now();
    }
}
