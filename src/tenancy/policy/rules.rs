//! The platform's own policy: the model, the guardrails (platform law) and the roles, loaded once and strictly.
use super::rows::{self, Effect, Object, Row, Rule, Subject};
use crate::domain::features::{Action, Role};
use crate::tenancy::files::Files;
use crate::tenancy::problem::Problem;
use std::collections::BTreeSet;

pub const MODEL: &str = "policies/model.conf";
pub const GUARDRAILS: &str = "policies/guardrails.csv";
pub const ROLES: &str = "policies/roles.csv";

/// In files the domain of a rule is this literal; the loader puts each tenant's own in its place. Casbin never sees it.
const EVERY_TENANT: &str = "*";

#[derive(Clone, Debug)]
pub struct PolicyFiles {
    pub(super) model: String,
    pub(super) guardrails: Vec<Rule>,
    pub(super) roles: Vec<Rule>,
    /// Which role or group belongs to which group.
    pub(super) groups: Vec<(Subject, Subject)>,
}

impl PolicyFiles {
    pub fn load(files: &Files) -> Result<PolicyFiles, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut text = |path: &str| {
            read(files, path).unwrap_or_else(|problem| {
                problems.push(problem);
                String::new()
            })
        };
        let (model, guardrails, roles) = (text(MODEL), text(GUARDRAILS), text(ROLES));
        if !problems.is_empty() {
            return Err(problems);
        }
        PolicyFiles::parse(model, &guardrails, &roles)
    }

    pub fn parse(model: String, guardrails: &str, roles: &str) -> Result<PolicyFiles, Vec<Problem>> {
        let mut problems = check_model(&model);
        let guardrails = read_rules(GUARDRAILS, guardrails, Effect::Deny, &mut problems);
        let roles = read_rules(ROLES, roles, Effect::Allow, &mut problems);
        if !guardrails.1.is_empty() {
            problems.push(Problem::of_file(GUARDRAILS, "E0401", "guardrails have no g rows; groups are in roles.csv"));
        }
        problems.extend(check_groups(&roles.1));
        if problems.is_empty() {
            Ok(PolicyFiles { model, guardrails: guardrails.0, roles: roles.0, groups: roles.1 })
        } else {
            Err(problems)
        }
    }

    /// Whether a rule's subject speaks of this role, by itself or through its groups.
    pub(super) fn speaks_of(&self, subject: Subject, role: Role) -> bool {
        let own = Subject::Role(role);
        let is_in = |member: Subject, group: Subject| self.groups.contains(&(member, group));
        subject == own
            || is_in(own, subject)
            || self.groups.iter().any(|(member, group)| *member == own && is_in(*group, subject))
    }
}

fn read(files: &Files, path: &str) -> Result<String, Problem> {
    let bytes = files.read(path).ok_or_else(|| Problem::of_file(path, "E0105", "the file is missing"))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Problem::of_file(path, "E0106", "the file is not UTF-8"))
}

/// What of the model may not vary: Casbin panics on an effect it does not know, and the rows' arity follows from it.
const EXPECTED: [(&str, &str); 6] = [
    ("r", "sub, dom, obj, act"),
    ("p", "sub, dom, obj, act, eft"),
    ("g", "_, _"),
    ("g2", "_, _"),
    ("g3", "_, _"),
    ("e", "some(where (p.eft == allow)) && !some(where (p.eft == deny))"),
];

fn check_model(model: &str) -> Vec<Problem> {
    let lines: Vec<(usize, &str, &str)> = model
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with('#'))
        .filter_map(|(index, line)| line.split_once('=').map(|(key, value)| (index + 1, key.trim(), value.trim())))
        .collect();
    let mut problems = Vec::new();
    for (key, expected) in EXPECTED {
        match lines.iter().find(|(_, found, _)| *found == key) {
            None => problems.push(Problem::of_file(MODEL, "E0402", format!("the model has no \"{key}\""))),
            Some((line, _, value)) if *value != expected => {
                let problem = Problem::new(MODEL, (*line, 0), "E0402", format!("\"{key}\" must be \"{expected}\""));
                problems.push(problem);
            }
            Some(_) => {}
        }
    }
    let known = |key: &str| key == "m" || EXPECTED.iter().any(|(expected, _)| *expected == key);
    for (line, key, _) in lines.iter().filter(|(_, key, _)| !known(key)) {
        problems.push(Problem::new(MODEL, (*line, 0), "E0403", format!("unknown definition \"{key}\"")));
    }
    if problems.is_empty()
        && let Err(why) = super::enforce::try_model(model)
    {
        problems.push(Problem::of_file(MODEL, "E0402", why));
    }
    problems
}

/// `p` and `g` rows. Roles only allow, guardrails only deny: neither file can contradict itself.
fn read_rules(
    file: &str,
    text: &str,
    effect: Effect,
    problems: &mut Vec<Problem>,
) -> (Vec<Rule>, Vec<(Subject, Subject)>) {
    let rows = match rows::parse(file, text) {
        Ok(rows) => rows,
        Err(problem) => {
            problems.push(problem);
            return Default::default();
        }
    };
    if rows.is_empty() {
        problems.push(Problem::of_file(file, "E0404", "the file has no rows"));
    }
    let (mut rules, mut groups, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in &rows {
        if !seen.insert(row.fields.clone()) {
            problems.push(Problem::new(file, (row.line, 0), "E0405", "the row stands twice"));
            continue;
        }
        match row.fields[0] {
            "p" => rules.extend(rule(file, row, effect, problems)),
            "g" => groups.extend(group(file, row, problems)),
            section => problems.push(unknown(file, row, "E0403", "section", section, ["p", "g"])),
        }
    }
    (rules, groups)
}

fn rule(file: &str, row: &Row<'_>, wanted: Effect, problems: &mut Vec<Problem>) -> Option<Rule> {
    let [_, subject, domain, object, action, effect] = row.fields[..] else {
        problems.push(arity(file, row, 6));
        return None;
    };
    let before = problems.len();
    let parsed = Subject::parse(subject);
    if parsed.is_none() {
        let keys = Subject::keys();
        problems.push(unknown(file, row, "E0406", "role", subject, keys.iter().map(String::as_str)));
    }
    if domain != EVERY_TENANT {
        let message = format!("domain \"{domain}\" must be \"*\": these rules are the same for every tenant");
        problems.push(Problem::new(file, (row.line, 0), "E0407", message));
    }
    let known = Object::parse(object);
    if known.is_none() {
        let code = if object.contains('*') { "E0409" } else { "E0408" };
        problems.push(unknown(file, row, code, "feature or area", object, Object::keys()));
    }
    if known == Some(Object::Everything) && wanted == Effect::Allow {
        let message = format!("\"{object}\" may only be forbidden, never allowed");
        problems.push(Problem::new(file, (row.line, 0), "E0409", message));
    }
    let done = Action::parse(action);
    if done.is_none() {
        problems.push(unknown(file, row, "E0410", "action", action, Action::all().map(Action::key)));
    }
    if effect != wanted.key() {
        let message = format!("effect \"{effect}\" must be \"{}\" in this file", wanted.key());
        problems.push(Problem::new(file, (row.line, 0), "E0411", message));
    }
    if problems.len() > before {
        return None;
    }
    Some(Rule { subject: parsed?, object: known?, action: done?, effect: wanted, line: row.line })
}

fn group(file: &str, row: &Row<'_>, problems: &mut Vec<Problem>) -> Option<(Subject, Subject)> {
    let [_, member, group] = row.fields[..] else {
        problems.push(arity(file, row, 3));
        return None;
    };
    let keys = Subject::keys();
    let mut parse = |text: &str| {
        let subject = Subject::parse(text);
        if subject.is_none() {
            problems.push(unknown(file, row, "E0406", "role", text, keys.iter().map(String::as_str)));
        }
        subject
    };
    let (member, group) = (parse(member), parse(group));
    let (member, group) = (member?, group?);
    if matches!(group, Subject::Role(_)) || member == Subject::Anyone || member == group {
        let message = "a role may only belong to role:staff or role:anyone, so that a guardrail on one role never reaches another";
        problems.push(Problem::new(file, (row.line, 0), "E0412", message));
        return None;
    }
    Some((member, group))
}

/// Toggles deny role:anyone, so nobody may stand outside it.
fn check_groups(groups: &[(Subject, Subject)]) -> Vec<Problem> {
    let outside = Role::all().map(Subject::Role).filter(|role| !groups.contains(&(*role, Subject::Anyone)));
    let missing = |role: Subject| {
        let message =
            format!("{} does not belong to role:anyone; switched-off features would stay open to it", role.key());
        Problem::of_file(ROLES, "E0413", message).with_help(format!("add \"g, {}, role:anyone\"", role.key()))
    };
    outside.map(missing).collect()
}

fn arity(file: &str, row: &Row<'_>, wanted: usize) -> Problem {
    let message = format!("a \"{}\" row has {wanted} fields, this one has {}", row.fields[0], row.fields.len());
    Problem::new(file, (row.line, 0), "E0414", message)
}

pub(super) fn unknown<'a>(
    file: &str,
    row: &Row<'_>,
    code: &'static str,
    what: &str,
    wrong: &str,
    right: impl IntoIterator<Item = &'a str>,
) -> Problem {
    Problem::new(file, (row.line, 0), code, format!("unknown {what} \"{wrong}\"")).nearest(wrong, right)
}
