//! The ledger of points: one entry for each cause. What came keeps its rest, which spending takes from the oldest on.
use super::member;
use crate::data::error::{Error, odd};
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::bonus::{Kind, Lot, Purse, Reason, Short, Standing, Taken};
use crate::domain::ids::{BonusOfferId, CustomerId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, Set, UpdateMany};
use time::{Date, OffsetDateTime};

pub(super) mod entry {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bonus_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub kind: String,
        pub reason: String,
        pub points: i64,
        pub rest: i64,
        pub cause: String,
        pub words: String,
        pub offer_id: Option<Uuid>,
        pub staff_id: Option<Uuid>,
        pub granted_at: TimeDateTimeWithTimeZone,
        pub expires_on: Option<TimeDate>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for entry::Entity {
    const TENANT: entry::Column = entry::Column::TenantId;
}

/// A change as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusEntry {
    pub seq: i32,
    pub kind: Kind,
    pub reason: Reason,
    /// Negative where points went.
    pub points: i64,
    pub words: String,
    pub offer: Option<BonusOfferId>,
    pub at: OffsetDateTime,
    pub expires_on: Option<Date>,
}

/// Points that come.
#[derive(Clone, Debug)]
pub struct Credit {
    pub kind: Kind,
    pub reason: Reason,
    pub points: i64,
    /// One entry for one cause: a second with the same is not added.
    pub cause: String,
    pub words: String,
    pub offer: Option<BonusOfferId>,
    pub staff: Option<StaffId>,
    pub expires_on: Date,
}

/// Points that go.
#[derive(Clone, Debug)]
pub struct Debit {
    pub kind: Kind,
    pub reason: Reason,
    pub points: i64,
    pub cause: String,
    pub words: String,
    pub offer: Option<BonusOfferId>,
    pub staff: Option<StaffId>,
}

fn entry_of(row: entry::Model) -> Result<BonusEntry, Error> {
    Ok(BonusEntry {
        seq: row.seq,
        kind: Kind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        reason: Reason::parse(&row.reason).ok_or_else(|| odd("reason", &row.reason))?,
        points: row.points,
        words: row.words,
        offer: row.offer_id.map(BonusOfferId),
        at: row.granted_at,
        expires_on: row.expires_on,
    })
}

impl TenantTx {
    /// What is left of what came.
    pub async fn bonus_purse(&self, customer: CustomerId) -> Result<Purse, Error> {
        let rows = self
            .find::<entry::Entity>()
            .with(|query| query.filter(entry::Column::CustomerId.eq(customer.0)).filter(entry::Column::Rest.gt(0)));
        let lot = |row: entry::Model| Some(Lot { seq: row.seq, rest: row.rest, expires_on: row.expires_on? });
        Ok(Purse::of(rows.all().await?.into_iter().filter_map(lot)))
    }

    /// Newest first, those before the one with the number.
    pub async fn bonus_entries_of(
        &self,
        customer: CustomerId,
        before: i32,
        limit: u64,
    ) -> Result<Vec<BonusEntry>, Error> {
        let rows = self.find::<entry::Entity>().with(|query| {
            query
                .filter(entry::Column::CustomerId.eq(customer.0))
                .filter(entry::Column::Seq.lt(before))
                .order_by_desc(entry::Column::Seq)
                .limit(limit)
        });
        rows.all().await?.into_iter().map(entry_of).collect()
    }

    /// Something has come or gone for that already.
    pub async fn has_bonus_cause(&self, customer: CustomerId, cause: &str) -> Result<bool, Error> {
        let row = self.find::<entry::Entity>().with(|query| {
            query.filter(entry::Column::CustomerId.eq(customer.0)).filter(entry::Column::Cause.eq(cause))
        });
        Ok(row.one().await?.is_some())
    }

    /// False where the cause has its entry already, or the customer left the programme.
    pub async fn credit_bonus(&self, customer: CustomerId, new: &Credit, now: OffsetDateTime) -> Result<bool, Error> {
        if new.points <= 0 || self.hold_bonus(customer, now).await?.standing == Standing::Left {
            return Ok(false);
        }
        if self.has_bonus_cause(customer, &new.cause).await? {
            return Ok(false);
        }
        let row = entry::ActiveModel {
            kind: Set(new.kind.key().to_owned()),
            reason: Set(new.reason.key().to_owned()),
            points: Set(new.points),
            rest: Set(new.points),
            cause: Set(new.cause.clone()),
            words: Set(new.words.clone()),
            offer_id: Set(new.offer.map(|offer| offer.0)),
            staff_id: Set(new.staff.map(|staff| staff.0)),
            expires_on: Set(Some(new.expires_on)),
            ..Default::default()
        };
        self.enter_bonus(customer, row, new.points, now).await
    }

    /// What has passed its day goes first. Answers the balance afterwards; of what is not there nothing is taken.
    pub async fn debit_bonus(
        &self,
        customer: CustomerId,
        new: &Debit,
        today: Date,
        now: OffsetDateTime,
    ) -> Result<Result<i64, Short>, Error> {
        self.write_off_bonus(customer, today, now).await?;
        let purse = self.bonus_purse(customer).await?;
        let taken = match purse.spend(new.points, today) {
            Ok(taken) => taken,
            Err(short) => return Ok(Err(short)),
        };
        self.take_bonus(customer, &taken, new, now).await?;
        Ok(Ok(purse.without(&taken).balance(today)))
    }

    /// Each lot whose day has passed, once. Answers how many points went.
    pub async fn write_off_bonus(&self, customer: CustomerId, today: Date, now: OffsetDateTime) -> Result<i64, Error> {
        self.hold_bonus(customer, now).await?;
        let lapsed = self.bonus_purse(customer).await?.lapsed(today);
        for one in &lapsed {
            let off = Debit {
                kind: Kind::Expired,
                reason: Reason::DayPassed,
                points: one.points,
                cause: format!("expired:{}", one.seq),
                words: String::new(),
                offer: None,
                staff: None,
            };
            self.take_bonus(customer, std::slice::from_ref(one), &off, now).await?;
        }
        Ok(lapsed.iter().map(|one| one.points).sum())
    }

    /// All that is left goes, and nothing comes any more. None for who had left already; else how many points went.
    pub async fn leave_bonus(
        &self,
        customer: CustomerId,
        today: Date,
        now: OffsetDateTime,
    ) -> Result<Option<i64>, Error> {
        self.write_off_bonus(customer, today, now).await?;
        let lost = self.bonus_purse(customer).await?.balance(today);
        if lost > 0 {
            let entries = self.hold_bonus(customer, now).await?.entries;
            let off = Debit {
                kind: Kind::Expired,
                reason: Reason::Left,
                points: lost,
                cause: format!("left:{}", entries + 1),
                words: String::new(),
                offer: None,
                staff: None,
            };
            if self.debit_bonus(customer, &off, today, now).await?.is_err() {
                return Err(Error::Conflict("bonus_members".to_owned()));
            }
        }
        Ok(self.stand_bonus(customer, Standing::Left, now).await?.then_some(lost))
    }

    async fn take_bonus(
        &self,
        customer: CustomerId,
        taken: &[Taken],
        new: &Debit,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        for one in taken {
            let take = |update: UpdateMany<entry::Entity>| {
                update
                    .col_expr(entry::Column::Rest, Expr::col(entry::Column::Rest).sub(one.points))
                    .filter(entry::Column::CustomerId.eq(customer.0))
                    .filter(entry::Column::Seq.eq(one.seq))
                    .filter(entry::Column::Rest.gte(one.points))
            };
            if self.change(take).await? != 1 {
                return Err(Error::Conflict("bonus_entries".to_owned()));
            }
        }
        let row = entry::ActiveModel {
            kind: Set(new.kind.key().to_owned()),
            reason: Set(new.reason.key().to_owned()),
            points: Set(-new.points),
            rest: Set(0),
            cause: Set(new.cause.clone()),
            words: Set(new.words.clone()),
            offer_id: Set(new.offer.map(|offer| offer.0)),
            staff_id: Set(new.staff.map(|staff| staff.0)),
            expires_on: Set(None),
            ..Default::default()
        };
        match self.enter_bonus(customer, row, -new.points, now).await? {
            true => Ok(()),
            false => Err(Error::Conflict("bonus_members".to_owned())),
        }
    }

    /// The balance moves by the points, unless that would be below zero; then the entry with the next number.
    async fn enter_bonus(
        &self,
        customer: CustomerId,
        mut row: entry::ActiveModel,
        points: i64,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let moved = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::Balance, Expr::col(member::Column::Balance).add(points))
                .col_expr(member::Column::Entries, Expr::col(member::Column::Entries).add(1))
                .filter(member::Column::CustomerId.eq(customer.0))
                .filter(Expr::col(member::Column::Balance).add(points).gte(0))
        };
        let Some(member) = self.changed(moved).await?.pop() else { return Ok(false) };
        row.customer_id = Set(customer.0);
        row.seq = Set(member.entries);
        row.granted_at = Set(now);
        self.add(vec![row]).await?;
        Ok(true)
    }
}
