//! Terms of use (*podmínky užívání portálu*) in their versions, and who accepted which. A version that was published stays as it is.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect, Set};
use time::{Date, OffsetDateTime};

mod version {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "terms_of_use")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub valid_from: TimeDate,
        pub text_cs: String,
        pub text_en: String,
        pub staff_id: Option<Uuid>,
        pub published_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for version::Entity {
    const TENANT: version::Column = version::Column::TenantId;
}
mod acceptance {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "terms_acceptances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for acceptance::Entity {
    const TENANT: acceptance::Column = acceptance::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsVersion {
    /// From one on within the supplier.
    pub number: i32,
    pub valid_from: Date,
    pub text_cs: String,
    pub text_en: String,
    /// None where it came with the portal.
    pub published_by: Option<StaffId>,
    pub published_at: OffsetDateTime,
}

fn version_of(row: version::Model) -> TermsVersion {
    TermsVersion {
        number: row.seq,
        valid_from: row.valid_from,
        text_cs: row.text_cs,
        text_en: row.text_en,
        published_by: row.staff_id.map(StaffId),
        published_at: row.published_at,
    }
}

#[derive(FromQueryResult)]
struct InForce {
    seq: i32,
    accepted: i64,
}

impl TenantTx {
    /// False when somebody was faster with that number.
    pub async fn add_terms_of_use(&self, one: &TermsVersion) -> Result<bool, Error> {
        if self.terms_of_use(one.number).await?.is_some() {
            return Ok(false);
        }
        let row = version::ActiveModel {
            seq: Set(one.number),
            valid_from: Set(one.valid_from),
            text_cs: Set(one.text_cs.clone()),
            text_en: Set(one.text_en.clone()),
            staff_id: Set(one.published_by.map(|staff| staff.0)),
            published_at: Set(one.published_at),
            ..Default::default()
        };
        let nothing = sea_orm::sea_query::OnConflict::new().do_nothing().to_owned();
        Ok(self.put(row, nothing).await?.is_some())
    }

    pub async fn terms_of_use(&self, number: i32) -> Result<Option<TermsVersion>, Error> {
        let row = self.find::<version::Entity>().with(|query| query.filter(version::Column::Seq.eq(number)));
        Ok(row.one().await?.map(version_of))
    }

    /// Newest first.
    pub async fn versions_of_terms(&self) -> Result<Vec<TermsVersion>, Error> {
        let rows = self.find::<version::Entity>().with(|query| query.order_by_desc(version::Column::Seq).limit(200));
        Ok(rows.all().await?.into_iter().map(version_of).collect())
    }

    /// The newest that is valid on the day.
    pub async fn terms_in_force(&self, day: Date) -> Result<Option<TermsVersion>, Error> {
        let rows = self
            .find::<version::Entity>()
            .with(|query| query.filter(version::Column::ValidFrom.lte(day)).order_by_desc(version::Column::Seq));
        Ok(rows.one().await?.map(version_of))
    }

    pub async fn acceptance_of_terms(&self, account: AccountId, number: i32) -> Result<Option<OffsetDateTime>, Error> {
        let row = self.find::<acceptance::Entity>().with(|query| {
            query.filter(acceptance::Column::AccountId.eq(account.0)).filter(acceptance::Column::Seq.eq(number))
        });
        Ok(row.one().await?.map(|row| row.at))
    }

    /// The version in force that the account has not accepted.
    pub async fn owed_terms(&self, account: AccountId, day: Date) -> Result<Option<i32>, Error> {
        let sql = "SELECT v.seq, (SELECT COUNT(*) FROM terms_acceptances a WHERE a.tenant_id = v.tenant_id \
                   AND a.account_id = $3 AND a.seq = v.seq) AS accepted \
                   FROM terms_of_use v WHERE v.tenant_id = $1 AND v.valid_from <= $2 ORDER BY v.seq DESC LIMIT 1";
        let newest = self.rows::<InForce>(sql, vec![day.into(), account.0.into()]).await?;
        Ok(newest.first().filter(|one| one.accepted == 0).map(|one| one.seq))
    }

    /// False when it was accepted before.
    pub async fn accept_terms(&self, account: AccountId, number: i32, at: OffsetDateTime) -> Result<bool, Error> {
        let row =
            acceptance::ActiveModel { account_id: Set(account.0), seq: Set(number), at: Set(at), ..Default::default() };
        let nothing = sea_orm::sea_query::OnConflict::new().do_nothing().to_owned();
        Ok(self.put(row, nothing).await?.is_some())
    }

    pub async fn insert_acceptances(
        &self,
        accounts: &[AccountId],
        number: i32,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        let rows = accounts.iter().map(|account| acceptance::ActiveModel {
            account_id: Set(account.0),
            seq: Set(number),
            at: Set(at),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}
