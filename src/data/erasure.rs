//! Somebody is erased (GDPR, article 17): what nobody needs goes, what has to stay loses what it need not say. Doing it twice does no more.
//! What is needed, and until when, is the domain's to say; whether it shall be done is the desk's.
use super::accounts::account;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId, RequestId, SupplyPointId};
use crate::domain::retention::Needed;
use sea_orm::QueryResult;
use sea_orm::UpdateMany;
use sea_orm::Value;
use sea_orm::entity::prelude::*;
use std::collections::BTreeSet;
use time::OffsetDateTime;

#[derive(Clone, Debug)]
pub struct Erase {
    pub customer: CustomerId,
    /// The wish itself, which stays.
    pub request: RequestId,
    /// Some contract runs: how the customer pays is needed.
    pub is_running: bool,
    /// Nothing refers to who they are any more.
    pub is_nameless: bool,
    pub readings: Vec<(SupplyPointId, Needed)>,
    /// Begins the key of the message that tells them, which still has to leave.
    pub farewell: String,
    pub now: OffsetDateTime,
}

/// Requests that are closed and prove nothing that is kept: all but contracts, complaints, refunds and the wish itself.
const SPENT: &str =
    "customer_id = $2 AND id <> $3 AND closed_at IS NOT NULL AND kind NOT IN ('contract', 'complaint', 'refund')";

/// What a log-in leaves behind and nobody needs without it.
const OF_ACCOUNTS: [&str; 12] = [
    "account_links",
    "terms_acceptances",
    "recovery_codes",
    "known_devices",
    "account_steps",
    "proof_codes",
    "notice_choices",
    "passkeys",
    "passkey_challenges",
    "outage_notices",
    "outage_subscriptions",
    "calendar_feeds",
];
/// Likewise of the customer: how they came by access, whom they invited, what waits to be confirmed, points and what they bought.
const OF_CUSTOMERS: [&str; 14] = [
    "notices",
    "email_changes",
    "applications",
    "customer_links",
    "access_letters",
    "failed_identifications",
    "invitations",
    "proof_codes",
    "bonus_entries",
    "bonus_codes",
    "bonus_members",
    "outage_notices",
    "outage_subscriptions",
    "calendar_feeds",
];

impl TenantTx {
    /// Answers the sessions it ended, so that the fast copies can be ended too.
    pub async fn erase(&self, what: &Erase) -> Result<Vec<[u8; 32]>, Error> {
        self.erase_applications(what).await?;
        // Where they were ever reached, collected before it is gone.
        let addresses = self.addresses_of(what.customer).await?;
        let ended = self.erase_log_ins(what.customer).await?;
        self.erase_messages(what, addresses).await?;
        self.erase_contacts(what).await?;
        self.erase_requests(what).await?;
        self.erase_readings(what).await?;
        Ok(ended)
    }

    /// A log-in that looks after somebody else too only loses this customer. One that looks after nobody is left as an empty row, for what
    /// points at it.
    async fn erase_log_ins(&self, customer: CustomerId) -> Result<Vec<[u8; 32]>, Error> {
        let mut ended = Vec::new();
        for one in self.accounts_of(customer).await? {
            ended.extend(self.delete_sessions_of(one.id.0).await?);
            let others =
                "SELECT account_id FROM memberships WHERE tenant_id = $1 AND account_id = $2 AND customer_id <> $3";
            if self.rows_of(others.to_owned(), vec![one.id.0.into(), customer.0.into()]).await?.is_empty() {
                for table in OF_ACCOUNTS {
                    let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND account_id = $2");
                    self.run(&sql, vec![one.id.0.into()]).await?;
                }
                self.empty_account(one.id).await?;
            }
        }
        self.run("DELETE FROM memberships WHERE tenant_id = $1 AND customer_id = $2", vec![customer.0.into()]).await?;
        Ok(ended)
    }

    async fn empty_account(&self, id: AccountId) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::Username, Expr::value(id.to_string()))
                .col_expr(account::Column::UsernameKey, Expr::value(id.to_string()))
                .col_expr(account::Column::PasswordHash, Expr::value(""))
                .col_expr(account::Column::IsDisabled, Expr::value(true))
                .col_expr(account::Column::LastLoginAt, Expr::value(None::<OffsetDateTime>))
                .col_expr(account::Column::Email, Expr::value(None::<String>))
                .col_expr(account::Column::Phone, Expr::value(None::<String>))
                .col_expr(account::Column::TotpSecret, Expr::value(None::<String>))
                .filter(account::Column::Id.eq(id.0))
        };
        self.change(build).await.map(|_| ())
    }

    /// What was sent to them or waits to be; an address that somebody else has too is theirs.
    async fn erase_messages(&self, what: &Erase, addresses: BTreeSet<String>) -> Result<(), Error> {
        for address in addresses {
            let shared = "SELECT id FROM customers WHERE tenant_id = $1 AND id <> $2 AND (email = $3 OR phone = $3) \
                          UNION ALL SELECT id FROM accounts WHERE tenant_id = $1 AND (email = $3 OR phone = $3)";
            let values: Vec<Value> = vec![what.customer.0.into(), address.as_str().into()];
            if self.rows_of(shared.to_owned(), values).await?.is_empty() {
                let sql = "DELETE FROM outbox WHERE tenant_id = $1 AND recipient = $2 AND dedupe_key <> $3";
                self.forget_unreachable(&address).await?;
                self.run(sql, vec![address.into(), what.farewell.as_str().into()]).await?;
            }
        }
        // Of letters on paper the register keeps that there was one.
        let waiting =
            "DELETE FROM outbox WHERE tenant_id = $1 AND customer = $2 AND channel = 'letter' AND batch IS NULL";
        self.run(waiting, vec![what.customer.0.into()]).await?;
        let printed = "UPDATE outbox SET recipient = '', subject = '', body_text = '', body_html = '', payload = '{}' \
                       WHERE tenant_id = $1 AND customer = $2 AND channel = 'letter'";
        self.run(printed, vec![what.customer.0.into()]).await?;
        Ok(())
    }

    async fn addresses_of(&self, customer: CustomerId) -> Result<BTreeSet<String>, Error> {
        let all = "SELECT email AS address FROM customers WHERE tenant_id = $1 AND id = $2 \
                   UNION SELECT phone FROM customers WHERE tenant_id = $1 AND id = $2 \
                   UNION SELECT email FROM applications WHERE tenant_id = $1 AND customer_id = $2 \
                   UNION SELECT email FROM invitations WHERE tenant_id = $1 AND customer_id = $2 \
                   UNION SELECT email FROM signings WHERE tenant_id = $1 AND customer_id = $2 \
                   UNION SELECT email FROM email_changes WHERE tenant_id = $1 AND customer_id = $2 \
                   UNION SELECT a.email FROM accounts a JOIN memberships m ON m.tenant_id = a.tenant_id AND m.account_id = a.id \
                   WHERE a.tenant_id = $1 AND m.tenant_id = $1 AND m.customer_id = $2 \
                   UNION SELECT a.phone FROM accounts a JOIN memberships m ON m.tenant_id = a.tenant_id AND m.account_id = a.id \
                   WHERE a.tenant_id = $1 AND m.tenant_id = $1 AND m.customer_id = $2";
        let rows = self.rows_of(all.to_owned(), vec![customer.0.into()]).await?;
        let address = |row: &QueryResult| row.try_get::<Option<String>>("", "address");
        let found = rows.iter().map(address).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// What somebody typed when they applied for access; the request itself is nobody's row.
    async fn erase_applications(&self, what: &Erase) -> Result<(), Error> {
        let id = || -> Vec<Value> { vec![what.customer.0.into()] };
        let theirs =
            "SELECT request_id FROM applications WHERE tenant_id = $1 AND customer_id = $2 AND request_id IS NOT NULL";
        let silent = format!(
            "UPDATE request_events SET words = '', actor = '' WHERE tenant_id = $1 AND request_id IN ({theirs})"
        );
        self.run(&silent, id()).await?;
        let empty =
            format!("UPDATE requests SET payload = '{{}}', outcome = '' WHERE tenant_id = $1 AND id IN ({theirs})");
        self.run(&empty, id()).await.map(|_| ())
    }

    async fn erase_contacts(&self, what: &Erase) -> Result<(), Error> {
        let id = || -> Vec<Value> { vec![what.customer.0.into()] };
        self.run("UPDATE customers SET email = NULL, phone = NULL WHERE tenant_id = $1 AND id = $2", id()).await?;
        if !what.is_running {
            let paying =
                "UPDATE customers SET bank_account = NULL, sipo_number = NULL WHERE tenant_id = $1 AND id = $2";
            self.run(paying, id()).await?;
        }
        if what.is_nameless {
            let name = "UPDATE customers SET name = '', company_id = NULL, street = '', city = '', postcode = '' \
                        WHERE tenant_id = $1 AND id = $2";
            self.run(name, id()).await?;
        }
        for table in OF_CUSTOMERS {
            self.run(&format!("DELETE FROM {table} WHERE tenant_id = $1 AND customer_id = $2"), id()).await?;
        }
        self.run("UPDATE signings SET email = NULL WHERE tenant_id = $1 AND customer_id = $2", id()).await?;
        self.run("DELETE FROM represented_customers WHERE tenant_id = $1 AND customer_id = $2", id()).await?;
        self.run("DELETE FROM contracts WHERE tenant_id = $1 AND customer_id = $2 AND state = 'draft'", id()).await?;
        let past = "DELETE FROM bookings WHERE tenant_id = $1 AND customer_id = $2 AND ends_at < $3";
        self.run(past, vec![what.customer.0.into(), what.now.into()]).await.map(|_| ())
    }

    async fn erase_requests(&self, what: &Erase) -> Result<(), Error> {
        let values = || -> Vec<Value> { vec![what.customer.0.into(), what.request.0.into()] };
        let theirs = format!("request_id IN (SELECT id FROM requests WHERE tenant_id = $1 AND {SPENT})");
        self.run(&format!("DELETE FROM attachments WHERE tenant_id = $1 AND {theirs}"), values()).await?;
        let silent = format!("UPDATE request_events SET words = '', actor = '' WHERE tenant_id = $1 AND {theirs}");
        self.run(&silent, values()).await?;
        let empty = format!("UPDATE requests SET payload = '{{}}', outcome = '' WHERE tenant_id = $1 AND {SPENT}");
        self.run(&empty, values()).await.map(|_| ())
    }

    async fn erase_readings(&self, what: &Erase) -> Result<(), Error> {
        for (point, needed) in &what.readings {
            for (table, day) in [("readings", "read_on"), ("monthly_consumption", "month")] {
                let all =
                    format!("DELETE FROM {table} WHERE tenant_id = $1 AND customer_id = $2 AND supply_point_id = $3");
                let mut values: Vec<Value> = vec![what.customer.0.into(), point.0.into()];
                match needed {
                    Needed::Everything => {}
                    Needed::Nothing => _ = self.run(&all, values).await?,
                    Needed::From(first) => {
                        let first = if day == "month" { first.replace_day(1).unwrap_or(*first) } else { *first };
                        values.push(first.into());
                        self.run(&format!("{all} AND {day} < $4"), values).await?;
                    }
                }
            }
        }
        Ok(())
    }
}
