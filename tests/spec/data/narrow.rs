//! What narrows each table: a statement enters it by the tenant and by one of these, or reads more than its own rows.
use super::explain::Access;

/// What must stand in the index's condition, after the tenant, for each table: one of these.
const NARROWED_BY: &[(&str, &[&str])] = &[
    ("webhook_attempts", &["endpoint_id", "at", "id"]),
    ("notice_choices", &["account_id"]),
    ("unreachable_addresses", &["channel", "digest"]),
    ("letter_batches", &["id", "number"]),
    ("notices", &["account_id", "customer_id"]),
    ("customers", &["id"]),
    ("accounts", &["username_key", "id"]),
    ("memberships", &["account_id", "customer_id"]),
    ("invitations", &["customer_id", "token_hash", "id"]),
    ("customer_links", &["account_id", "token_hash"]),
    ("proof_codes", &["account_id"]),
    ("supply_points", &["customer_id", "id"]),
    ("supply_point_terms", &["supply_point_id"]),
    ("meters", &["supply_point_id"]),
    ("registers", &["meter_id"]),
    ("readings", &["customer_id"]),
    ("monthly_consumption", &["customer_id"]),
    ("documents", &["id", "customer_id"]),
    ("invoices", &["customer_id", "id"]),
    ("invoice_lines", &["invoice_id"]),
    ("settlements", &["invoice_id"]),
    ("settled_readings", &["invoice_id"]),
    ("advance_schedules", &["customer_id"]),
    ("instalments", &["customer_id"]),
    ("payments", &["customer_id"]),
    ("links", &["language"]),
    ("help_articles", &["language"]),
    ("staff", &["username_key", "id", "email", "provider_subject"]),
    ("sessions", &["token_hash", "subject_id"]),
    // The newest lines: the index's own order ends the reading at the limit. A head is alone in its tenant.
    ("audit", &[]),
    ("sequences", &["name"]),
    ("requests", &["id", "customer_id", "state", "assignee_id", "reference", "idempotency"]),
    ("request_events", &["request_id"]),
    ("attachments", &["id", "request_id"]),
    ("email_changes", &["customer_id", "token_hash"]),
    ("account_links", &["account_id", "token_hash"]),
    ("applications", &["token_hash", "request_id", "staff_id", "customer_id"]),
    ("access_letters", &["id", "state", "account_id"]),
    ("failed_identifications", &["customer_id", "last_at"]),
    ("signings", &["id", "staff_id", "customer_id", "contract_number", "form_key"]),
    ("gifts", &["customer_id", "given_at"]),
    ("staff_invitations", &["id", "token_hash", "state"]),
    ("staff_sign_ins", &["state_hash", "code_hash", "expires_at"]),
    ("recovery_codes", &["account_id"]),
    ("known_devices", &["account_id"]),
    ("account_steps", &["token_hash", "account_id"]),
    ("passkeys", &["handle", "account_id", "id"]),
    ("passkey_challenges", &["token_hash", "expires_at", "account_id"]),
    ("looks", &["customer_id"]),
    ("retentions", &["customer_id"]),
    ("terms_acceptances", &["account_id"]),
    ("bookings", &["id", "customer_id", "office_id"]),
    ("represented_customers", &["customer_id"]),
    ("contracts", &["id", "customer_id", "token_hash", "request_id"]),
    ("bonus_members", &["customer_id"]),
    ("bonus_entries", &["customer_id", "expires_on"]),
    ("bonus_codes", &["id", "customer_id", "offer_id"]),
    ("outages", &["id", "source", "ends_at"]),
    ("outage_versions", &["outage_id"]),
    ("outage_areas", &["outage_id"]),
    ("outage_points", &["outage_id", "customer_id"]),
    ("outage_subscriptions", &["account_id", "supply_point_id", "token", "customer_id"]),
    ("outage_notices", &["outage_id", "customer_id"]),
    ("calendar_feeds", &["account_id", "token_hash"]),
    ("outage_imports", &["id", "file_hash", "staff_id"]),
    ("api_replies", &["key_id"]),
    // A handful to each supplier, listed whole.
    ("api_keys", &[]),
    ("offices", &[]),
    ("bonus_offers", &[]),
    ("webhook_endpoints", &[]),
    ("terms_of_use", &[]),
    ("office_topics", &[]),
    ("electronic_forms", &[]),
    ("representatives", &[]),
];
const ALONE: &str = "audit_heads";

/// Tables of one supplier alone in the demo, with so few rows that a planner reads them whole, rightly: their plans are not judged here.
/// What half a million of their rows cost is measured by `ONLY=storm make bench`.
const HANDFUL: &[&str] = &[
    "outages",
    "outage_versions",
    "outage_areas",
    "outage_points",
    "outage_subscriptions",
    "outage_notices",
    "calendar_feeds",
    "bonus_offers",
    "webhook_endpoints",
];

/// Nothing is read whole, and every index is entered by the tenant and what narrows the table.
pub fn assert_narrow(access: &Access, sql: &str) {
    let what = format!("{access:?} of {sql}");
    if HANDFUL.contains(&access.table.as_str()) {
        return;
    }
    assert!(!access.is_whole, "read whole: {what}");
    if access.table == ALONE {
        // SQLite's own number of the row is the tenant there.
        return assert!(["tenant_id", "rowid"].contains(&access.columns[0].as_str()), "{what}");
    }
    let (_, narrow) = NARROWED_BY.iter().find(|(table, _)| *table == access.table).unwrap_or_else(|| panic!("{what}"));
    assert!(access.columns.iter().any(|column| column == "tenant_id"), "without the tenant: {what}");
    let is_narrow = narrow.is_empty() || narrow.iter().any(|column| access.columns.iter().any(|other| other == column));
    assert!(is_narrow, "wider than its rows: {what}");
}
