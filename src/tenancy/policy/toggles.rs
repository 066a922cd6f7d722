//! What operators switched off at run time. A toggle narrows what the contract and the roles give, never widens it.
use crate::domain::features::{Action, Feature};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Date, OffsetDateTime};

/// One feature switched off; no toggle means on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toggle {
    #[serde(serialize_with = "to_key", deserialize_with = "from_key")]
    pub feature: Feature,
    pub reason: String,
    /// Name of the operator.
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The day in the tenant's time zone on which it is switched on by itself; none: when somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What a toggle forbids to everyone. Configuring stays, or nobody could switch it on again.
pub(super) const FORBIDDEN: [Action; 5] =
    [Action::View, Action::Submit, Action::Change, Action::Approve, Action::Export];

fn to_key<S: Serializer>(feature: &Feature, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(feature.key())
}

fn from_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Feature, D::Error> {
    let key = String::deserialize(deserializer)?;
    Feature::parse(&key).ok_or_else(|| de::Error::custom(format!("unknown feature \"{key}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toggle_survives_its_row() {
        let toggle = Toggle {
            feature: Feature::InfoInvoiceOverview,
            reason: "import is late".into(),
            by: "Jana".into(),
            at: time::macros::datetime!(2026-11-23 08:00 UTC),
            until: Some(time::macros::date!(2027 - 01 - 01)),
        };
        let text = serde_json::to_string(&toggle).expect("a toggle is plain data");
        assert!(text.contains("\"info_invoice_overview\"") && text.contains("2026-11-23T08:00:00Z"), "{text}");
        assert_eq!(serde_json::from_str::<Toggle>(&text).ok().as_ref(), Some(&toggle));
        let plain = serde_json::to_string(&Toggle { until: None, ..toggle }).expect("a toggle is plain data");
        assert!(!plain.contains("until") && serde_json::from_str::<Toggle>(&plain).is_ok(), "{plain}");
        assert!(serde_json::from_str::<Toggle>(&text.replace("info_invoice", "info_voice")).is_err());
    }
}
