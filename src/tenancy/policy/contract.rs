//! What a supplier bought: rows `g2, <feature>, <slug>` of `policies/<slug>.csv`.
use super::rows;
use super::rules::unknown;
use crate::domain::features::Feature;
use crate::tenancy::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    pub features: BTreeSet<Feature>,
    /// Where each stands in the file.
    pub lines: BTreeMap<Feature, usize>,
}

impl Contract {
    /// `slug` is the only domain its rows may name.
    pub fn parse(file: &str, slug: &str, text: &str) -> Result<Contract, Vec<Problem>> {
        let rows = rows::parse(file, text).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let mut contract = Contract::default();
        if rows.is_empty() {
            problems.push(Problem::of_file(
                file,
                "E0404",
                "the file has no rows: a contract buys at least one feature",
            ));
        }
        for row in &rows {
            let mut refuse = |code, message: String| problems.push(Problem::new(file, (row.line, 0), code, message));
            if row.fields[0] != "g2" {
                refuse("E0403", format!("unknown section \"{}\": a contract has only g2 rows", row.fields[0]));
                continue;
            }
            let [_, key, domain] = row.fields[..] else {
                refuse("E0414", format!("a \"g2\" row has 3 fields, this one has {}", row.fields.len()));
                continue;
            };
            if domain != slug {
                refuse("E0407", format!("domain \"{domain}\" is not this tenant's (\"{slug}\")"));
            }
            match Feature::parse(key) {
                None => {
                    let code = if key.contains('*') { "E0409" } else { "E0408" };
                    let keys = Feature::all().filter(|feature| feature.is_switch()).map(Feature::key);
                    problems.push(unknown(file, row, code, "feature", key, keys));
                }
                Some(feature) if !feature.is_switch() => {
                    refuse("E0415", format!("\"{key}\" is no switch; it is said in the tenant's document"));
                }
                Some(feature) if !contract.features.insert(feature) => {
                    refuse("E0405", format!("\"{key}\" stands twice"));
                }
                Some(feature) => _ = contract.lines.insert(feature, row.line),
            }
        }
        if problems.is_empty() { Ok(contract) } else { Err(problems) }
    }
}
