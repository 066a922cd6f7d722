//! What is heard of a message after it left: by a gateway's report, or by a mail that came back.
use super::super::error::{Error, odd};
use super::super::scope::TenantTx;
use super::message;
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, Fate};
use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// Which message is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    Id(MessageId),
    /// The gateway's own name for it.
    Receipt(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// No message is called so.
    Unknown,
    /// It was said before, or something that counts more was.
    Unchanged,
    /// With whom it was for.
    Changed(String),
}

impl TenantTx {
    pub async fn hear_fate(
        &self,
        channel: Channel,
        meant: &Meant,
        fate: Option<Fate>,
        now: OffsetDateTime,
    ) -> Result<Heard, Error> {
        let by = match meant {
            Meant::Id(id) => message::Column::Id.eq(id.0),
            Meant::Receipt(name) => message::Column::Receipt.eq(name.as_str()),
        };
        let found = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Channel.eq(channel.key()))
            .filter(by)
            .one(self.platform_tables())
            .await?;
        let Some(found) = found else { return Ok(Heard::Unknown) };
        let before =
            found.fate.as_deref().map(|word| Fate::parse(word).ok_or_else(|| odd("fate", word))).transpose()?;
        let Some(fate) = fate.filter(|fate| fate.follows(before)) else { return Ok(Heard::Unchanged) };
        let same = match before {
            Some(before) => message::Column::Fate.eq(before.key()),
            None => message::Column::Fate.is_null(),
        };
        let update = message::Entity::update_many()
            .col_expr(message::Column::Fate, Expr::value(fate.key()))
            .col_expr(message::Column::FateAt, Expr::value(now))
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Id.eq(found.id))
            .filter(same);
        match update.exec(self.platform_tables()).await?.rows_affected {
            0 => Ok(Heard::Unchanged),
            _ => Ok(Heard::Changed(found.recipient)),
        }
    }
}
