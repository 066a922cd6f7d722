//! What partners offer for points: written as a draft, published, withdrawn. How many were taken is counted by whoever takes one.
use crate::data::error::{Error, odd};
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::bonus::{CodeSource, OfferState, Sale};
use crate::domain::ids::BonusOfferId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, QueryOrder, Set, UpdateMany};
use time::{Date, OffsetDateTime};

pub(super) mod offer {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bonus_offers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub title_cs: String,
        pub title_en: String,
        pub description_cs: String,
        pub description_en: String,
        pub conditions_cs: String,
        pub conditions_en: String,
        pub partner: String,
        pub price: i64,
        pub valid_from: TimeDate,
        pub valid_until: TimeDate,
        pub source: String,
        pub stock: i32,
        pub taken: i32,
        pub state: String,
        pub version: i32,
        pub changed_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for offer::Entity {
    const TENANT: offer::Column = offer::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusOffer {
    pub id: BonusOfferId,
    /// In Czech and English, as the two below.
    pub title: (String, String),
    pub description: (String, String),
    pub conditions: (String, String),
    pub partner: String,
    /// In points.
    pub price: i64,
    /// Both days belong to it.
    pub valid_from: Date,
    pub valid_until: Date,
    pub source: CodeSource,
    /// How many there are in all: of a list, its codes.
    pub stock: i32,
    pub taken: i32,
    pub state: OfferState,
    pub version: i32,
}

impl BonusOffer {
    pub fn left(&self) -> i32 {
        self.stock - self.taken
    }
    pub fn sale(&self) -> Sale {
        Sale {
            state: self.state,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            price: self.price,
            left: self.left().into(),
        }
    }
}

fn offer_of(row: offer::Model) -> Result<BonusOffer, Error> {
    Ok(BonusOffer {
        id: BonusOfferId(row.id),
        title: (row.title_cs, row.title_en),
        description: (row.description_cs, row.description_en),
        conditions: (row.conditions_cs, row.conditions_en),
        partner: row.partner,
        price: row.price,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        source: CodeSource::parse(&row.source).ok_or_else(|| odd("source", &row.source))?,
        stock: row.stock,
        taken: row.taken,
        state: OfferState::parse(&row.state).ok_or_else(|| odd("state", &row.state))?,
        version: row.version,
    })
}

type Update = UpdateMany<offer::Entity>;

impl TenantTx {
    /// All of them, the cheapest first.
    pub async fn bonus_offers(&self) -> Result<Vec<BonusOffer>, Error> {
        let rows = self
            .find::<offer::Entity>()
            .with(|query| query.order_by_asc(offer::Column::Price).order_by_asc(offer::Column::Id));
        rows.all().await?.into_iter().map(offer_of).collect()
    }

    pub async fn bonus_offer(&self, id: BonusOfferId) -> Result<BonusOffer, Error> {
        let row = self.find::<offer::Entity>().with(|query| query.filter(offer::Column::Id.eq(id.0)));
        row.one().await?.map(offer_of).transpose()?.ok_or(Error::NotFound)
    }

    /// False where there is one with its number already.
    pub async fn add_bonus_offer(&self, one: &BonusOffer, now: OffsetDateTime) -> Result<bool, Error> {
        let row = offer::ActiveModel {
            id: Set(one.id.0),
            title_cs: Set(one.title.0.clone()),
            title_en: Set(one.title.1.clone()),
            description_cs: Set(one.description.0.clone()),
            description_en: Set(one.description.1.clone()),
            conditions_cs: Set(one.conditions.0.clone()),
            conditions_en: Set(one.conditions.1.clone()),
            partner: Set(one.partner.clone()),
            price: Set(one.price),
            valid_from: Set(one.valid_from),
            valid_until: Set(one.valid_until),
            source: Set(one.source.key().to_owned()),
            stock: Set(one.stock),
            taken: Set(one.taken),
            state: Set(one.state.key().to_owned()),
            version: Set(one.version),
            changed_at: Set(now),
            ..Default::default()
        };
        let key = [offer::Column::TenantId, offer::Column::Id];
        Ok(self.put(row, OnConflict::columns(key).do_nothing().to_owned()).await?.is_some())
    }

    /// What the draft says, as it was seen; false when somebody changed or published it meanwhile.
    pub async fn rewrite_bonus_offer(&self, one: &BonusOffer, now: OffsetDateTime) -> Result<bool, Error> {
        let write = |update: Update| {
            update
                .col_expr(offer::Column::TitleCs, Expr::value(one.title.0.as_str()))
                .col_expr(offer::Column::TitleEn, Expr::value(one.title.1.as_str()))
                .col_expr(offer::Column::DescriptionCs, Expr::value(one.description.0.as_str()))
                .col_expr(offer::Column::DescriptionEn, Expr::value(one.description.1.as_str()))
                .col_expr(offer::Column::ConditionsCs, Expr::value(one.conditions.0.as_str()))
                .col_expr(offer::Column::ConditionsEn, Expr::value(one.conditions.1.as_str()))
                .col_expr(offer::Column::Partner, Expr::value(one.partner.as_str()))
                .col_expr(offer::Column::Price, Expr::value(one.price))
                .col_expr(offer::Column::ValidFrom, Expr::value(one.valid_from))
                .col_expr(offer::Column::ValidUntil, Expr::value(one.valid_until))
                .col_expr(offer::Column::Stock, Expr::value(one.stock))
                .filter(offer::Column::State.eq(OfferState::Draft.key()))
        };
        self.change_bonus_offer(one.id, one.version, now, write).await
    }

    /// False when it is not as it was seen.
    pub async fn turn_bonus_offer(
        &self,
        id: BonusOfferId,
        version: i32,
        to: OfferState,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let turn = |update: Update| update.col_expr(offer::Column::State, Expr::value(to.key()));
        self.change_bonus_offer(id, version, now, turn).await
    }

    /// So many codes more, which the caller adds in the same transaction.
    pub(super) async fn stock_bonus_offer(
        &self,
        id: BonusOfferId,
        version: i32,
        more: i32,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let stock = |update: Update| update.col_expr(offer::Column::Stock, Expr::col(offer::Column::Stock).add(more));
        self.change_bonus_offer(id, version, now, stock).await
    }

    async fn change_bonus_offer(
        &self,
        id: BonusOfferId,
        version: i32,
        now: OffsetDateTime,
        build: impl FnOnce(Update) -> Update,
    ) -> Result<bool, Error> {
        let change = |update: Update| {
            build(update)
                .col_expr(offer::Column::Version, Expr::col(offer::Column::Version).add(1))
                .col_expr(offer::Column::ChangedAt, Expr::value(now))
                .filter(offer::Column::Id.eq(id.0))
                .filter(offer::Column::Version.eq(version))
        };
        Ok(self.change(change).await? == 1)
    }

    /// One of what is left, while it can be had for that price; false when it cannot. Holds the offer until this transaction ends.
    pub(super) async fn take_of_offer(&self, id: BonusOfferId, price: i64, today: Date) -> Result<bool, Error> {
        let take = |update: Update| {
            update
                .col_expr(offer::Column::Taken, Expr::col(offer::Column::Taken).add(1))
                .filter(offer::Column::Id.eq(id.0))
                .filter(offer::Column::State.eq(OfferState::Published.key()))
                .filter(offer::Column::Price.eq(price))
                .filter(offer::Column::ValidFrom.lte(today))
                .filter(offer::Column::ValidUntil.gte(today))
                .filter(Expr::col(offer::Column::Taken).lt(Expr::col(offer::Column::Stock)))
        };
        Ok(self.change(take).await? == 1)
    }
}
