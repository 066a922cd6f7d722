//! Whom the data of a bill lead to, and how often somebody tried with wrong ones.
use super::error::Error;
use super::invoices::InvoiceFilter;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::{Identifier, KnownOf, Typed};
use crate::domain::ids::CustomerId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, ExprTrait, QueryOrder, QuerySelect, Set, UpdateMany};
use time::OffsetDateTime;

mod failed {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "failed_identifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub tries: i32,
        pub first_at: TimeDateTimeWithTimeZone,
        pub last_at: TimeDateTimeWithTimeZone,
        pub locked_until: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for failed::Entity {
    const TENANT: failed::Column = failed::Column::TenantId;
}

/// Wrong attempts at one customer's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedIdentification {
    pub customer: CustomerId,
    pub number: String,
    pub name: String,
    pub tries: i32,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    pub locked_until: Option<OffsetDateTime>,
}

/// As the number may stand in a row: as it was typed, and without what people put between.
fn written(text: &str) -> Vec<String> {
    let trimmed = text.trim().replace('\0', "\u{fffd}");
    let bare: String = trimmed.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    vec![trimmed, bare]
}

impl TenantTx {
    /// The customer that the leading ones among the data name; none where they name nobody, or two.
    pub async fn identify(&self, typed: &Typed) -> Result<Option<CustomerId>, Error> {
        let mut named = None;
        for (what, text) in typed.iter().filter(|(what, text)| what.leads() && !text.trim().is_empty()) {
            let written = written(text);
            let found = match what {
                Identifier::SupplyPoint => self.customer_of_point(&written).await?,
                Identifier::InvoiceNumber => self.customer_of_invoice(&written).await?,
                _ => self.customer_of_number(&written).await?.map(|one| one.id),
            };
            match (named, found) {
                (None, Some(_)) => named = found,
                (Some(one), Some(other)) if one == other => {}
                // What leads nowhere beside what leads to somebody does not fit, and that is told of that one.
                (Some(_), None) => {}
                (Some(_), Some(_)) => return Ok(None),
                (None, None) => {}
            }
        }
        Ok(named)
    }

    /// What of a customer an applicant may be asked for.
    pub async fn known_of(&self, id: CustomerId) -> Result<KnownOf, Error> {
        let customer = self.customer(id).await?;
        let points = self.supply_points_of(id).await?;
        let invoices = self.invoices_of(id, InvoiceFilter::default()).await?;
        Ok(KnownOf {
            number: customer.number,
            name: customer.name,
            postcode: customer.mailing.postcode,
            company_id: customer.company_id,
            contracts: points.iter().map(|one| one.contract_number.clone()).collect(),
            points: points.into_iter().map(|one| one.code).collect(),
            invoices: invoices.into_iter().map(|one| (one.number, one.payable)).collect(),
        })
    }

    /// Counts an attempt before it is looked at, and holds the count until the transaction ends: of many at once each is counted. A lock that
    /// is over counts from one. None while it is locked.
    pub async fn try_identification(&self, customer: CustomerId, now: OffsetDateTime) -> Result<Option<i32>, Error> {
        let row = failed::ActiveModel {
            customer_id: Set(customer.0),
            tries: Set(1),
            first_at: Set(now),
            last_at: Set(now),
            locked_until: Set(None),
            ..Default::default()
        };
        let key = [failed::Column::TenantId, failed::Column::CustomerId];
        if let Some(row) = self.put(row, OnConflict::columns(key).do_nothing().to_owned()).await? {
            return Ok(Some(row.tries));
        }
        let more = Expr::col(failed::Column::Tries).add(1);
        let count = |update: UpdateMany<failed::Entity>| {
            update
                .col_expr(
                    failed::Column::Tries,
                    Expr::case(Expr::col(failed::Column::LockedUntil).is_not_null(), 1).finally(more).into(),
                )
                .col_expr(failed::Column::LastAt, Expr::value(now))
                .col_expr(failed::Column::LockedUntil, Expr::value(None::<OffsetDateTime>))
                .filter(failed::Column::CustomerId.eq(customer.0))
                .filter(
                    Condition::any()
                        .add(failed::Column::LockedUntil.is_null())
                        .add(failed::Column::LockedUntil.lte(now)),
                )
        };
        Ok(self.changed(count).await?.pop().map(|row| row.tries))
    }

    pub async fn lock_identification(&self, customer: CustomerId, until: OffsetDateTime) -> Result<(), Error> {
        let lock = |update: UpdateMany<failed::Entity>| {
            update
                .col_expr(failed::Column::LockedUntil, Expr::value(Some(until)))
                .filter(failed::Column::CustomerId.eq(customer.0))
        };
        self.change(lock).await.map(|_| ())
    }

    /// Right at last: what went before is forgotten. Also at the desk, for who was locked out.
    pub async fn forget_failed_identifications(&self, customer: CustomerId) -> Result<bool, Error> {
        let gone = self.remove(|delete: sea_orm::DeleteMany<failed::Entity>| {
            delete.filter(failed::Column::CustomerId.eq(customer.0))
        });
        Ok(gone.await? == 1)
    }

    /// The latest first.
    pub async fn failed_identifications(&self, limit: u64) -> Result<Vec<FailedIdentification>, Error> {
        let rows = self
            .find::<failed::Entity>()
            .with(|query| query.order_by_desc(failed::Column::LastAt).limit(limit))
            .all()
            .await?;
        let names = self.customer_names(rows.iter().map(|row| CustomerId(row.customer_id))).await?;
        let all = rows.into_iter().map(|row| {
            let id = CustomerId(row.customer_id);
            let (number, name) = names.get(&id).cloned().unwrap_or_default();
            FailedIdentification {
                customer: id,
                number,
                name,
                tries: row.tries,
                first_at: row.first_at,
                last_at: row.last_at,
                locked_until: row.locked_until,
            }
        });
        Ok(all.collect())
    }
}
