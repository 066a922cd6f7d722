//! `busbar policy check`: everything of policies that can be wrong, at once.
use super::{Contract, PolicyFiles};
use crate::tenancy::files::Files;
use crate::tenancy::problem::Problem;
use crate::tenancy::tenant::document_file;

pub fn check(files: &Files) -> Vec<Problem> {
    let mut problems = PolicyFiles::load(files).err().unwrap_or_default();
    for path in files.list("policies") {
        match path.trim_start_matches("policies/").strip_suffix(".csv") {
            Some("guardrails" | "roles") => {}
            Some(slug) => problems.extend(contract(files, &path, slug)),
            None if path == "policies/model.conf" => {}
            None => problems.push(Problem::of_file(&path, "E0417", "nobody reads this file")),
        }
    }
    problems
}

fn contract(files: &Files, path: &str, slug: &str) -> Vec<Problem> {
    let Some(bytes) = files.read(path) else { return vec![Problem::of_file(path, "E0105", "the file cannot be read")] };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return vec![Problem::of_file(path, "E0106", "the file is not UTF-8")];
    };
    let mut problems = Contract::parse(path, slug, text).err().unwrap_or_default();
    if files.read(&document_file(slug)).is_none() {
        problems.push(Problem::of_file(
            path,
            "E0418",
            format!("there is no {} for this contract", document_file(slug)),
        ));
    }
    problems
}
