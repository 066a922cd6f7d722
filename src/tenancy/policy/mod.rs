//! Who may do what. Casbin decides, once for each revision; requests read the table it left behind.
//!
//! Allowed = the contract buys it ∧ the role may ∧ no operator switched it off ∧ no guardrail forbids it. All four are Casbin rows; deny overrides.
pub mod check;
mod contract;
mod enforce;
mod explain;
#[cfg(test)]
mod proof;
mod rows;
mod rules;
mod table;
mod toggles;

pub use contract::Contract;
pub use explain::{Explanation, Gate};
pub use rules::PolicyFiles;
pub use table::{DecisionTable, Memo};
pub use toggles::Toggle;
