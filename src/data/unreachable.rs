//! Addresses at which nobody can be reached: what came back, since when, why. Kept by their digest, beside nobody's name; whose an address is
//! says the customer or the log-in that has it, so one that is changed is left behind by itself.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::notices::Channel;
use sea_orm::Set;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use time::OffsetDateTime;

mod unreachable_address {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "unreachable_addresses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: Vec<u8>,
        pub reason: String,
        pub since: TimeDateTimeWithTimeZone,
        pub cleared_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for unreachable_address::Entity {
    const TENANT: unreachable_address::Column = unreachable_address::Column::TenantId;
}

use unreachable_address::Column;

/// Since when an address is so, and why: nobody, bounced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    pub since: OffsetDateTime,
    pub reason: String,
}

impl TenantTx {
    /// Written differently it is the same address.
    fn digest_of(&self, channel: Channel, address: &str) -> Vec<u8> {
        let bare: String = address.chars().filter(|letter| !letter.is_whitespace()).collect();
        let words = format!("{} {} {}", self.tenant_id().0, channel.key(), bare.to_lowercase());
        Sha256::digest(words).to_vec()
    }

    /// Since now, unless it is so already.
    pub async fn mark_unreachable(
        &self,
        channel: Channel,
        address: &str,
        reason: &str,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        if !self.unreachable_among(channel, [address]).await?.is_empty() {
            return Ok(());
        }
        let row = unreachable_address::ActiveModel {
            channel: Set(channel.key().to_owned()),
            digest: Set(self.digest_of(channel, address)),
            reason: Set(reason.to_owned()),
            since: Set(now),
            cleared_at: Set(None),
            ..Default::default()
        };
        let again = OnConflict::columns([Column::TenantId, Column::Channel, Column::Digest])
            .update_columns([Column::Reason, Column::Since, Column::ClearedAt])
            .to_owned();
        self.put(row, again).await.map(|_| ())
    }

    /// Those of the addresses that are so, by the address.
    pub async fn unreachable_among(
        &self,
        channel: Channel,
        addresses: impl IntoIterator<Item = &str>,
    ) -> Result<BTreeMap<String, Unreachable>, Error> {
        let asked: Vec<(Vec<u8>, &str)> =
            addresses.into_iter().map(|address| (self.digest_of(channel, address), address)).collect();
        if asked.is_empty() {
            return Ok(BTreeMap::new());
        }
        let digests: Vec<Vec<u8>> = asked.iter().map(|(digest, _)| digest.clone()).collect();
        let rows = self.find::<unreachable_address::Entity>().with(|query| {
            query
                .filter(Column::Channel.eq(channel.key()))
                .filter(Column::Digest.is_in(digests))
                .filter(Column::ClearedAt.is_null())
        });
        let rows: BTreeMap<Vec<u8>, Unreachable> = rows
            .all()
            .await?
            .into_iter()
            .map(|row| (row.digest, Unreachable { since: row.since, reason: row.reason }))
            .collect();
        let found = asked
            .into_iter()
            .filter_map(|(digest, address)| rows.get(&digest).map(|one| (address.to_owned(), one.clone())));
        Ok(found.collect())
    }

    /// Its owner proved it, or the desk knows better; false when it was not so.
    pub async fn reach_again(&self, channel: Channel, address: &str, now: OffsetDateTime) -> Result<bool, Error> {
        let digest = self.digest_of(channel, address);
        let clear = |update: UpdateMany<unreachable_address::Entity>| {
            update
                .col_expr(Column::ClearedAt, Expr::value(now))
                .filter(Column::Channel.eq(channel.key()))
                .filter(Column::Digest.eq(digest))
                .filter(Column::ClearedAt.is_null())
        };
        Ok(self.change(clear).await? == 1)
    }

    /// Nothing is known of it any more.
    pub(super) async fn forget_unreachable(&self, address: &str) -> Result<(), Error> {
        let digests: Vec<Vec<u8>> = Channel::ALL.iter().map(|channel| self.digest_of(*channel, address)).collect();
        self.remove::<unreachable_address::Entity>(|delete| delete.filter(Column::Digest.is_in(digests))).await?;
        Ok(())
    }
}
