//! Feature × supplier × role: what the contracts buy is committed here and changes only under review.
use crate::support::TestApp;
use busbar::domain::features::{Action, Feature, Role};

const EIGHT: [&str; 8] = ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"];

/// One line a feature, one column a supplier: the roles (by first letters) that may view it.
#[tokio::test]
async fn the_matrix_of_features_suppliers_and_roles_is_as_reviewed() {
    let app = TestApp::start().await;
    let mut text = String::new();
    for feature in Feature::all().filter(|feature| feature.is_switch()) {
        text.push_str(&format!("{}\n", feature.key()));
        for slug in EIGHT {
            let tenant = app.services.registry.by_slug(slug).expect("one of the eight");
            let roles: Vec<String> = Role::all()
                .filter_map(|role| {
                    let actions: Vec<&str> =
                        Action::all().filter(|action| tenant.allows(role, feature, *action)).map(Action::key).collect();
                    (!actions.is_empty()).then(|| format!("{}({})", role.key(), actions.join(" ")))
                })
                .collect();
            if !roles.is_empty() {
                text.push_str(&format!("  {slug:6} {}\n", roles.join(" ")));
            }
        }
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("matrix", text);
    });
}
