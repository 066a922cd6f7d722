//! Letters on paper: those that wait are printed together, once, and posted together under one number.
use super::super::error::Error;
use super::super::scope::{TenantEntity, TenantTx};
use super::desk::{KeptMessage, kept};
use super::message;
use crate::domain::ids::{LetterBatchId, MessageId, StaffId};
use crate::domain::notices::{Channel, Fate};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set, UpdateMany};
use time::{Date, OffsetDateTime};

mod letter_batch {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "letter_batches")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: i64,
        pub letters: i32,
        pub printed_by: Uuid,
        pub printed_at: TimeDateTimeWithTimeZone,
        pub posted_on: Option<TimeDate>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for letter_batch::Entity {
    const TENANT: letter_batch::Column = letter_batch::Column::TenantId;
}

/// Letters printed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterBatch {
    pub id: LetterBatchId,
    /// From one on, within the supplier.
    pub number: i64,
    pub letters: i32,
    pub printed_by: StaffId,
    pub printed_at: OffsetDateTime,
    pub posted_on: Option<Date>,
}

fn batch_of(row: letter_batch::Model) -> LetterBatch {
    LetterBatch {
        id: LetterBatchId(row.id),
        number: row.number,
        letters: row.letters,
        printed_by: StaffId(row.printed_by),
        printed_at: row.printed_at,
        posted_on: row.posted_on,
    }
}

impl TenantTx {
    /// Longest waiting first.
    pub async fn waiting_letters(&self, limit: u64) -> Result<Vec<KeptMessage>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Channel.eq(Channel::Letter.key()))
            .filter(message::Column::State.eq("sent"))
            .filter(message::Column::Batch.is_null())
            .order_by_asc(message::Column::Id)
            .limit(limit);
        rows.all(self.platform_tables()).await?.into_iter().map(kept).collect()
    }

    /// All of them, to whoever is first; none when another printed any of them meanwhile. Then nothing of this transaction may stay.
    pub async fn print_letters(
        &self,
        letters: &[MessageId],
        by: StaffId,
        now: OffsetDateTime,
    ) -> Result<Option<LetterBatch>, Error> {
        // Whoever prints waits here for whoever prints already.
        let number = self.next_number("letter_batch").await?;
        let id = LetterBatchId::new();
        let update = message::Entity::update_many()
            .col_expr(message::Column::Batch, Expr::value(id.0))
            .col_expr(message::Column::Fate, Expr::value(Fate::Printed.key()))
            .col_expr(message::Column::FateAt, Expr::value(now))
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Channel.eq(Channel::Letter.key()))
            .filter(message::Column::State.eq("sent"))
            .filter(message::Column::Batch.is_null())
            .filter(message::Column::Id.is_in(letters.iter().map(|id| id.0)));
        let printed = update.exec(self.platform_tables()).await?.rows_affected;
        if printed == 0 || printed != letters.len() as u64 {
            return Ok(None);
        }
        let batch = LetterBatch {
            id,
            number,
            letters: i32::try_from(printed).unwrap_or(i32::MAX),
            printed_by: by,
            printed_at: now,
            posted_on: None,
        };
        self.add_letter_batch(&batch).await?;
        Ok(Some(batch))
    }

    pub async fn add_letter_batch(&self, batch: &LetterBatch) -> Result<(), Error> {
        let row = letter_batch::ActiveModel {
            id: Set(batch.id.0),
            number: Set(batch.number),
            letters: Set(batch.letters),
            printed_by: Set(batch.printed_by.0),
            printed_at: Set(batch.printed_at),
            posted_on: Set(batch.posted_on),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Newest first.
    pub async fn letter_batches(&self, limit: u64) -> Result<Vec<LetterBatch>, Error> {
        let rows = self
            .find::<letter_batch::Entity>()
            .with(|query| query.order_by_desc(letter_batch::Column::Number).limit(limit));
        Ok(rows.all().await?.into_iter().map(batch_of).collect())
    }

    pub async fn letter_batch(&self, number: i64) -> Result<LetterBatch, Error> {
        let row =
            self.find::<letter_batch::Entity>().with(|query| query.filter(letter_batch::Column::Number.eq(number)));
        row.one().await?.map(batch_of).ok_or(Error::NotFound)
    }

    /// In the order of their sheets.
    pub async fn letters_of(&self, batch: LetterBatchId) -> Result<Vec<KeptMessage>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Batch.eq(batch.0))
            .order_by_asc(message::Column::Id);
        rows.all(self.platform_tables()).await?.into_iter().map(kept).collect()
    }

    /// Handed in at the post office, each under its number where they have one; false when somebody was faster.
    pub async fn post_letters(
        &self,
        batch: LetterBatchId,
        on: Date,
        numbers: &[(MessageId, String)],
    ) -> Result<bool, Error> {
        let post = |update: UpdateMany<letter_batch::Entity>| {
            update
                .col_expr(letter_batch::Column::PostedOn, Expr::value(on))
                .filter(letter_batch::Column::Id.eq(batch.0))
                .filter(letter_batch::Column::PostedOn.is_null())
        };
        if self.change(post).await? != 1 {
            return Ok(false);
        }
        for (letter, number) in numbers {
            let update = message::Entity::update_many()
                .col_expr(message::Column::ItemNumber, Expr::value(number.as_str()))
                .filter(message::Column::TenantId.eq(self.tenant_id().0))
                .filter(message::Column::Batch.eq(batch.0))
                .filter(message::Column::Id.eq(letter.0));
            update.exec(self.platform_tables()).await?;
        }
        Ok(true)
    }
}
