//! Contracts recorded when they were signed: by whom, for whom, and what was said of access. A dealer sees their own. And gifts: one a customer.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, SigningId, StaffId, SupplyPointId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set, UpdateMany};
use std::collections::BTreeMap;
use time::{Date, OffsetDateTime};

mod signing {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "signings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub supply_point_id: Uuid,
        pub staff_id: Uuid,
        pub contract_number: String,
        pub signed_on: TimeDate,
        pub wish: String,
        pub email: Option<String>,
        pub account_id: Option<Uuid>,
        pub created_at: TimeDateTimeWithTimeZone,
        pub form_key: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for signing::Entity {
    const TENANT: signing::Column = signing::Column::TenantId;
}

mod gift {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "gifts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub staff_id: Uuid,
        pub branch: String,
        pub given_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for gift::Entity {
    const TENANT: gift::Column = gift::Column::TenantId;
}

/// What was said of access when the contract was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Yes,
    No,
    /// Nobody was asked: with the contract comes access.
    Given,
    /// The dealer registers the customer afterwards.
    Later,
}

impl Wish {
    pub const ALL: [Wish; 4] = [Wish::Yes, Wish::No, Wish::Given, Wish::Later];

    pub fn key(self) -> &'static str {
        match self {
            Wish::Yes => "yes",
            Wish::No => "no",
            Wish::Given => "given",
            Wish::Later => "later",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    pub id: SigningId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub staff: StaffId,
    pub contract_number: String,
    pub signed_on: Date,
    pub wish: Wish,
    pub email: Option<String>,
    pub account: Option<AccountId>,
    pub created_at: OffsetDateTime,
    /// The form's own key: the same form sent twice is one record.
    pub form_key: String,
}

fn signing_of(row: signing::Model) -> Result<Signing, Error> {
    let wish = Wish::ALL.into_iter().find(|one| one.key() == row.wish);
    Ok(Signing {
        id: SigningId(row.id),
        customer: CustomerId(row.customer_id),
        supply_point: SupplyPointId(row.supply_point_id),
        staff: StaffId(row.staff_id),
        contract_number: row.contract_number,
        signed_on: row.signed_on,
        wish: wish.ok_or_else(|| super::error::odd("wish", &row.wish))?,
        email: row.email,
        account: row.account_id.map(AccountId),
        created_at: row.created_at,
        form_key: row.form_key,
    })
}

impl TenantTx {
    pub async fn add_signing(&self, new: &Signing) -> Result<(), Error> {
        let row = signing::ActiveModel {
            id: Set(new.id.0),
            customer_id: Set(new.customer.0),
            supply_point_id: Set(new.supply_point.0),
            staff_id: Set(new.staff.0),
            contract_number: Set(new.contract_number.clone()),
            signed_on: Set(new.signed_on),
            wish: Set(new.wish.key().to_owned()),
            email: Set(new.email.clone()),
            account_id: Set(new.account.map(|id| id.0)),
            created_at: Set(new.created_at),
            form_key: Set(new.form_key.clone()),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    pub async fn signing(&self, id: SigningId) -> Result<Signing, Error> {
        let row = self.find::<signing::Entity>().with(|query| query.filter(signing::Column::Id.eq(id.0)));
        signing_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// What came of a form that was sent before.
    pub async fn signing_of_form(&self, form_key: &str) -> Result<Option<Signing>, Error> {
        let row = self.find::<signing::Entity>().with(|query| query.filter(signing::Column::FormKey.eq(form_key)));
        row.one().await?.map(signing_of).transpose()
    }

    pub async fn has_signing(&self, contract_number: &str) -> Result<bool, Error> {
        let row = self
            .find::<signing::Entity>()
            .with(|query| query.filter(signing::Column::ContractNumber.eq(contract_number)));
        Ok(row.count().await? > 0)
    }

    /// Newest first; only one member's where one is named.
    pub async fn signings(&self, staff: Option<StaffId>, limit: u64) -> Result<Vec<Signing>, Error> {
        let rows = self.find::<signing::Entity>().with(|query| {
            let query = query.order_by_desc(signing::Column::Id).limit(limit);
            match staff {
                Some(staff) => query.filter(signing::Column::StaffId.eq(staff.0)),
                None => query,
            }
        });
        rows.all().await?.into_iter().map(signing_of).collect()
    }

    /// The log-in that came of it, once; false when there is one already.
    pub async fn set_signing_account(&self, id: SigningId, account: AccountId) -> Result<bool, Error> {
        let set = |update: UpdateMany<signing::Entity>| {
            update
                .col_expr(signing::Column::AccountId, Expr::value(Some(account.0)))
                .filter(signing::Column::Id.eq(id.0))
                .filter(signing::Column::AccountId.is_null())
        };
        Ok(self.change(set).await? == 1)
    }

    /// False when the customer has had one.
    pub async fn give_gift(
        &self,
        customer: CustomerId,
        by: StaffId,
        branch: &str,
        at: OffsetDateTime,
    ) -> Result<bool, Error> {
        let row = gift::ActiveModel {
            customer_id: Set(customer.0),
            staff_id: Set(by.0),
            branch: Set(branch.to_owned()),
            given_at: Set(at),
            ..Default::default()
        };
        let once = OnConflict::columns([gift::Column::TenantId, gift::Column::CustomerId]).do_nothing().to_owned();
        Ok(self.put(row, once).await?.is_some())
    }

    pub async fn has_gift(&self, customer: CustomerId) -> Result<bool, Error> {
        let row = self.find::<gift::Entity>().with(|query| query.filter(gift::Column::CustomerId.eq(customer.0)));
        Ok(row.count().await? > 0)
    }

    /// How many at which branch since then.
    pub async fn gifts_by_branch(&self, since: OffsetDateTime) -> Result<Vec<(String, i64)>, Error> {
        let rows = self.find::<gift::Entity>().with(|query| query.filter(gift::Column::GivenAt.gte(since)));
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for row in rows.all().await? {
            *counts.entry(row.branch).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }
}
