//! The decision table: Casbin's answer for every role, feature and action, as bits. A check is a shift and a mask.
use super::contract::Contract;
use super::enforce;
use super::rows::{Effect, Object, Subject};
use super::rules::PolicyFiles;
use super::toggles::{self, Toggle};
use crate::domain::features::{Action, Feature, Role};
use crate::tenancy::problem::Problem;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const WORDS: usize = Feature::COUNT.div_ceil(64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionTable {
    /// For each role and action, one bit a feature.
    bits: [[u64; WORDS]; Role::COUNT * Action::COUNT],
}

impl DecisionTable {
    pub fn empty() -> DecisionTable {
        DecisionTable { bits: [[0; WORDS]; Role::COUNT * Action::COUNT] }
    }

    #[inline]
    pub fn allows(&self, role: Role, feature: Feature, action: Action) -> bool {
        let set = &self.bits[role as usize * Action::COUNT + action as usize];
        set[feature as usize / 64] >> (feature as usize % 64) & 1 == 1
    }

    fn set(&mut self, role: Role, feature: Feature, action: Action) {
        let set = &mut self.bits[role as usize * Action::COUNT + action as usize];
        set[feature as usize / 64] |= 1 << (feature as usize % 64);
    }

    /// Asks Casbin about every role, bought feature and action. A feature that was not bought is denied without asking: every rule needs its contract row.
    pub fn compile(
        policies: &PolicyFiles,
        memo: &Memo,
        slug: &str,
        contract: &Contract,
        toggles: &[Toggle],
    ) -> Result<DecisionTable, Problem> {
        let mut table = DecisionTable::empty();
        for feature in contract.features.iter().copied() {
            let is_off = toggles.iter().any(|toggle| toggle.feature == feature);
            for action in Action::all() {
                let allowed = memo.decide(policies, slug, feature, action, is_off)?;
                for role in Role::all().filter(|role| allowed >> *role as usize & 1 == 1) {
                    table.set(role, feature, action);
                }
            }
        }
        Ok(table)
    }
}

/// How a rule reaches the feature in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reach {
    Name,
    Area,
    All,
}

/// The rows that can match one feature and action, without the names of feature, area and tenant: where these are the same, so is the answer.
type Shape = Vec<(Subject, Effect, Reach)>;

/// Casbin's answers so far, shared by all tenants and revisions of one set of policy files. One bit a role.
#[derive(Debug, Default)]
pub struct Memo(Mutex<HashMap<Shape, u16>>);

impl Memo {
    fn decide(
        &self,
        policies: &PolicyFiles,
        slug: &str,
        feature: Feature,
        action: Action,
        is_off: bool,
    ) -> Result<u16, Problem> {
        let shape = shape(policies, feature, action, is_off);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&shape).copied();
        if let Some(answer) = known {
            return Ok(answer);
        }
        let answer = enforce::ask(policies, slug, feature, action, &shape)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(shape, answer);
        Ok(answer)
    }
}

fn shape(policies: &PolicyFiles, feature: Feature, action: Action, is_off: bool) -> Shape {
    let rules = policies.guardrails.iter().chain(&policies.roles);
    let mut shape: Shape = rules
        .filter(|rule| rule.action == action && rule.object.covers(feature))
        .map(|rule| (rule.subject, rule.effect, reach(rule.object)))
        .collect();
    if is_off && toggles::FORBIDDEN.contains(&action) {
        shape.insert(0, (Subject::Anyone, Effect::Deny, Reach::Name));
    }
    shape
}

fn reach(object: Object) -> Reach {
    match object {
        Object::Feature(_) => Reach::Name,
        Object::Area(_) => Reach::Area,
        Object::Everything => Reach::All,
    }
}
