//! Why: which gate let somebody through or stopped them, and where that is written.
use super::contract::Contract;
use super::enforce;
use super::rows::{Rule, Subject};
use super::rules::{GUARDRAILS, PolicyFiles, ROLES};
use super::toggles::{self, Toggle};
use crate::domain::features::{Action, Feature, Role};
use crate::tenancy::tenant::{Tenant, contract_file};
use std::fmt;

/// The four conditions, in the order they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Contract,
    Role,
    Toggle,
    Guardrail,
}

impl Gate {
    pub fn key(self) -> &'static str {
        match self {
            Gate::Contract => "contract",
            Gate::Role => "role",
            Gate::Toggle => "toggle",
            Gate::Guardrail => "guardrail",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What Casbin says; the table says the same.
    pub allowed: bool,
    /// The first gate that stopped it, or the role's own rule.
    pub gate: Gate,
    pub file: String,
    /// 0 when it is the absence of a line, or a toggle.
    pub line: usize,
    pub sentence: String,
    /// Who switched it off, when and why, when that decided.
    pub toggle: Option<Toggle>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}", if self.allowed { "allowed" } else { "denied" }, self.sentence, self.gate.key())?;
        match self.line {
            0 if self.file.is_empty() => f.write_str(")"),
            0 => write!(f, ", {})", self.file),
            line => write!(f, ", {}:{line})", self.file),
        }
    }
}

impl PolicyFiles {
    pub fn explain(&self, tenant: &Tenant, role: Role, feature: Feature, action: Action) -> Explanation {
        let mut explanation = self.reason(&tenant.slug, &tenant.contract, &tenant.toggles, role, feature, action);
        // Nobody waits for this page, so Casbin itself answers, with every row of the tenant.
        explanation.allowed = enforce::whole(self, &tenant.slug, &tenant.contract, &tenant.toggles)
            .and_then(|enforcer| enforce::enforce(&enforcer, role, &tenant.slug, feature, action))
            .unwrap_or(false);
        explanation
    }

    fn reason(
        &self,
        slug: &str,
        contract: &Contract,
        toggles: &[Toggle],
        role: Role,
        feature: Feature,
        action: Action,
    ) -> Explanation {
        let who = role.key();
        let what = format!("{} \"{}\"", action.key(), feature.key());
        let told = |gate, file: &str, line, sentence: String| Explanation {
            allowed: false,
            gate,
            file: file.to_owned(),
            line,
            sentence,
            toggle: None,
        };
        if !contract.features.contains(&feature) {
            let sentence = format!("{slug} did not buy \"{}\"", feature.key());
            return told(Gate::Contract, &contract_file(slug), 0, sentence);
        }
        let Some(grant) = self.matching(&self.roles, role, feature, action) else {
            return told(Gate::Role, ROLES, 0, format!("no rule lets {who} {what}"));
        };
        if let Some(toggle) = toggles.iter().find(|toggle| toggle.feature == feature)
            && toggles::FORBIDDEN.contains(&action)
        {
            let sentence =
                format!("{} switched \"{}\" off on {}: {}", toggle.by, feature.key(), toggle.at, toggle.reason);
            return Explanation { toggle: Some(toggle.clone()), ..told(Gate::Toggle, "", 0, sentence) };
        }
        if let Some(guardrail) = self.matching(&self.guardrails, role, feature, action) {
            return told(
                Gate::Guardrail,
                GUARDRAILS,
                guardrail.line,
                format!("{} may never {what}", named(guardrail.subject)),
            );
        }
        told(Gate::Role, ROLES, grant.line, format!("{} may {what}, and {slug} bought it", named(grant.subject)))
    }

    fn matching<'a>(&self, rules: &'a [Rule], role: Role, feature: Feature, action: Action) -> Option<&'a Rule> {
        rules
            .iter()
            .find(|rule| rule.action == action && rule.object.covers(feature) && self.speaks_of(rule.subject, role))
    }
}

fn named(subject: Subject) -> String {
    subject.key().trim_start_matches("role:").to_owned()
}
