//! Codes of offers: each is had by one customer, once. Of a list the next free one; others are made as they are taken.
use super::offers::BonusOffer;
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::bonus::CodeSource;
use crate::domain::ids::{BonusCodeId, BonusOfferId, CustomerId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set, UpdateMany};
use std::collections::BTreeSet;
use time::{Date, OffsetDateTime};

mod code {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bonus_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub offer_id: Uuid,
        pub code: String,
        pub customer_id: Option<Uuid>,
        pub taken_at: Option<TimeDateTimeWithTimeZone>,
        pub returned_at: Option<TimeDateTimeWithTimeZone>,
        pub form_key: Option<String>,
        pub price: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for code::Entity {
    const TENANT: code::Column = code::Column::TenantId;
}

/// A code that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusCode {
    pub id: BonusCodeId,
    pub offer: BonusOfferId,
    pub code: String,
    /// The points it was had for.
    pub price: i64,
    pub taken_at: OffsetDateTime,
    pub returned_at: Option<OffsetDateTime>,
}

fn code_of(row: code::Model) -> Result<BonusCode, Error> {
    Ok(BonusCode {
        id: BonusCodeId(row.id),
        offer: BonusOfferId(row.offer_id),
        code: row.code,
        price: row.price,
        taken_at: row.taken_at.ok_or(Error::NotFound)?,
        returned_at: row.returned_at,
    })
}

type Update = UpdateMany<code::Entity>;

impl TenantTx {
    /// Those of the codes that the offer has already.
    pub async fn bonus_codes_there(&self, offer: BonusOfferId, codes: &[String]) -> Result<BTreeSet<String>, Error> {
        let mut there = BTreeSet::new();
        for chunk in codes.chunks(500) {
            let rows = self.find::<code::Entity>().with(|query| {
                query.filter(code::Column::OfferId.eq(offer.0)).filter(code::Column::Code.is_in(chunk.iter().cloned()))
            });
            there.extend(rows.all().await?.into_iter().map(|row| row.code));
        }
        Ok(there)
    }

    /// False when the offer is not as it was seen.
    pub async fn add_bonus_codes(
        &self,
        offer: BonusOfferId,
        version: i32,
        codes: &[String],
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let count = i32::try_from(codes.len()).map_err(|_| Error::Unfit)?;
        if !self.stock_bonus_offer(offer, version, count, now).await? {
            return Ok(false);
        }
        let rows = codes.iter().map(|one| code::ActiveModel {
            id: Set(BonusCodeId::new().0),
            offer_id: Set(offer.0),
            code: Set(one.clone()),
            customer_id: Set(None),
            taken_at: Set(None),
            returned_at: Set(None),
            form_key: Set(None),
            price: Set(0),
            ..Default::default()
        });
        self.add(rows.collect()).await?;
        Ok(true)
    }

    /// One code of the offer for the customer, while there is one for the price seen. `made` is used where codes are made.
    pub async fn take_bonus_code(
        &self,
        offer: &BonusOffer,
        customer: CustomerId,
        form_key: &str,
        made: String,
        today: Date,
        now: OffsetDateTime,
    ) -> Result<Option<BonusCode>, Error> {
        if !self.take_of_offer(offer.id, offer.price, today).await? {
            return Ok(None);
        }
        if offer.source == CodeSource::Made {
            let row = code::Model {
                tenant_id: self.tenant_id().0,
                id: BonusCodeId::new().0,
                offer_id: offer.id.0,
                code: made,
                customer_id: Some(customer.0),
                taken_at: Some(now),
                returned_at: None,
                form_key: Some(form_key.to_owned()),
                price: offer.price,
            };
            self.add(vec![code::ActiveModel::from(row.clone()).reset_all()]).await?;
            return code_of(row).map(Some);
        }
        let free = self.find::<code::Entity>().with(|query| {
            query
                .filter(code::Column::OfferId.eq(offer.id.0))
                .filter(code::Column::CustomerId.is_null())
                .order_by_asc(code::Column::Id)
                .limit(1)
        });
        let Some(free) = free.one().await? else { return Ok(None) };
        let take = |update: Update| {
            update
                .col_expr(code::Column::CustomerId, Expr::value(Some(customer.0)))
                .col_expr(code::Column::TakenAt, Expr::value(Some(now)))
                .col_expr(code::Column::FormKey, Expr::value(Some(form_key)))
                .col_expr(code::Column::Price, Expr::value(offer.price))
                .filter(code::Column::Id.eq(free.id))
                .filter(code::Column::CustomerId.is_null())
        };
        self.changed(take).await?.pop().map(code_of).transpose()
    }

    /// Newest first.
    pub async fn bonus_codes_of(&self, customer: CustomerId, limit: u64) -> Result<Vec<BonusCode>, Error> {
        let rows = self.find::<code::Entity>().with(|query| {
            query
                .filter(code::Column::CustomerId.eq(customer.0))
                .order_by_desc(code::Column::TakenAt)
                .order_by_desc(code::Column::Id)
                .limit(limit)
        });
        rows.all().await?.into_iter().map(code_of).collect()
    }

    pub async fn bonus_code_of(&self, customer: CustomerId, id: BonusCodeId) -> Result<BonusCode, Error> {
        let row = self
            .find::<code::Entity>()
            .with(|query| query.filter(code::Column::CustomerId.eq(customer.0)).filter(code::Column::Id.eq(id.0)));
        row.one().await?.map(code_of).transpose()?.ok_or(Error::NotFound)
    }

    /// What came of a form that was sent before.
    pub async fn bonus_code_of_form(&self, customer: CustomerId, key: &str) -> Result<Option<BonusCode>, Error> {
        let row = self
            .find::<code::Entity>()
            .with(|query| query.filter(code::Column::CustomerId.eq(customer.0)).filter(code::Column::FormKey.eq(key)));
        row.one().await?.map(code_of).transpose()
    }

    /// False when it was taken back before. The code is nobody else's afterwards: it may have been read.
    pub async fn return_bonus_code(
        &self,
        customer: CustomerId,
        id: BonusCodeId,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let back = |update: Update| {
            update
                .col_expr(code::Column::ReturnedAt, Expr::value(Some(now)))
                .filter(code::Column::CustomerId.eq(customer.0))
                .filter(code::Column::Id.eq(id.0))
                .filter(code::Column::ReturnedAt.is_null())
        };
        Ok(self.change(back).await? == 1)
    }
}
