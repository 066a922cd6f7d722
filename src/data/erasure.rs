//! Somebody is erased (GDPR, article 17): what nobody needs goes, what has to stay loses what it need not say. Doing it twice does no more.
//! What is needed, and until when, is the domain's to say; whether it shall be done is the desk's.
use super::accounts::account;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId, RequestId, SupplyPointId};
use crate::domain::retention::Needed;
use sea_orm::UpdateMany;
use sea_orm::Value;
use sea_orm::entity::prelude::*;
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

impl TenantTx {
    /// Answers the sessions it ended, so that the fast copies can be ended too.
    pub async fn erase(&self, what: &Erase) -> Result<Vec<[u8; 32]>, Error> {
        let ended = self.erase_log_ins(what.customer).await?;
        self.erase_messages(what).await?;
        self.erase_contacts(what).await?;
        self.erase_requests(what).await?;
        self.erase_readings(what).await?;
        Ok(ended)
    }

    /// A log-in that looks after somebody else too only loses this customer. One that looks after nobody is left as an empty row, for what
    /// points at it.
    async fn erase_log_ins(&self, customer: CustomerId) -> Result<Vec<[u8; 32]>, Error> {
        let mut ended = Vec::new();
        for one in self.log_ins_of(customer).await? {
            ended.extend(self.delete_sessions_of(one.id.0).await?);
            let others =
                "SELECT account_id FROM memberships WHERE tenant_id = $1 AND account_id = $2 AND customer_id <> $3";
            if self.rows_of(others.to_owned(), vec![one.id.0.into(), customer.0.into()]).await?.is_empty() {
                self.run("DELETE FROM account_links WHERE tenant_id = $1 AND account_id = $2", vec![one.id.0.into()])
                    .await?;
                self.run(
                    "DELETE FROM terms_acceptances WHERE tenant_id = $1 AND account_id = $2",
                    vec![one.id.0.into()],
                )
                .await?;
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
                .filter(account::Column::Id.eq(id.0))
        };
        self.change(build).await.map(|_| ())
    }

    /// What was sent to them or waits to be; an address that somebody else has too is theirs.
    async fn erase_messages(&self, what: &Erase) -> Result<(), Error> {
        let person = self.customer(what.customer).await?;
        for address in [person.email, person.phone].into_iter().flatten() {
            let shared = "SELECT id FROM customers WHERE tenant_id = $1 AND id <> $2 AND (email = $3 OR phone = $3)";
            let values: Vec<Value> = vec![what.customer.0.into(), address.as_str().into()];
            if self.rows_of(shared.to_owned(), values).await?.is_empty() {
                let sql = "DELETE FROM outbox WHERE tenant_id = $1 AND recipient = $2 AND dedupe_key <> $3";
                self.run(sql, vec![address.into(), what.farewell.as_str().into()]).await?;
            }
        }
        Ok(())
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
        self.run("DELETE FROM email_changes WHERE tenant_id = $1 AND customer_id = $2", id()).await?;
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
