//! The checks behind the commands: each reads everything and tells every mistake.
use super::compiler::Compiler;
use super::files::Files;
use super::policy;
use super::problem::Problem;
use super::registry::Registry;
use super::tenant::{Origin, TenantState};
use super::theme;
use crate::domain::ids::TenantId;
use std::sync::Arc;

/// Tenant documents with their contracts, and whether they can stand beside each other.
pub fn tenants(files: &Files) -> Vec<Problem> {
    let compiler = match Compiler::new(files.clone(), Origin { is_secure: true, port: None }) {
        Ok(compiler) => compiler,
        Err(problems) => return problems,
    };
    let registry = Registry::new("", false);
    let mut problems = Vec::new();
    for (number, (_, content)) in (1..).zip(compiler.file_tenants()) {
        let tenant = content.and_then(|content| compiler.compile(TenantId(number), 1, TenantState::Active, &content));
        match tenant {
            Ok(tenant) => problems.extend(registry.publish(Arc::new(tenant)).err()),
            Err(found) => problems.extend(found),
        }
    }
    problems
}

/// One theme, or all.
pub fn themes(files: &Files, id: Option<&str>) -> Vec<Problem> {
    theme::check::check(files, id)
}

pub fn policies(files: &Files) -> Vec<Problem> {
    policy::check::check(files)
}

/// Everything there is.
pub fn all(files: &Files) -> Vec<Problem> {
    let problems: Vec<Problem> = [policies(files), themes(files, None)].concat();
    if problems.iter().any(|problem| !problem.is_remark()) { problems } else { [problems, tenants(files)].concat() }
}
