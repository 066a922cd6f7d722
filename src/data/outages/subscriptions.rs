//! Who wants to be told of outages: an account, for a supply point, by mail or SMS.
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, SupplyPointId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod subscription {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outage_subscriptions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub supply_point_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        pub customer_id: Uuid,
        pub is_on: bool,
        pub token: String,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for subscription::Entity {
    const TENANT: subscription::Column = subscription::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageSubscription {
    pub account: AccountId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    /// mail or sms.
    pub channel: String,
    pub is_on: bool,
    /// Of the link in each message that turns it off; it opens nothing else.
    pub token: String,
    pub created_at: OffsetDateTime,
}

fn subscription_of(row: subscription::Model) -> OutageSubscription {
    OutageSubscription {
        account: AccountId(row.account_id),
        customer: CustomerId(row.customer_id),
        supply_point: SupplyPointId(row.supply_point_id),
        channel: row.channel,
        is_on: row.is_on,
        token: row.token,
        created_at: row.created_at,
    }
}

impl TenantTx {
    pub async fn outage_subscriptions_of(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<OutageSubscription>, Error> {
        let rows = self.find::<subscription::Entity>().with(|query| {
            query
                .filter(subscription::Column::AccountId.eq(account.0))
                .filter(subscription::Column::CustomerId.eq(customer.0))
                .order_by_asc(subscription::Column::SupplyPointId)
                .order_by_asc(subscription::Column::Channel)
        });
        Ok(rows.all().await?.into_iter().map(subscription_of).collect())
    }

    /// On or off. The token of one that is there stays, for messages that left carry it.
    pub async fn set_outage_subscription(&self, one: &OutageSubscription) -> Result<(), Error> {
        let row = subscription::ActiveModel {
            account_id: Set(one.account.0),
            supply_point_id: Set(one.supply_point.0),
            channel: Set(one.channel.clone()),
            customer_id: Set(one.customer.0),
            is_on: Set(one.is_on),
            token: Set(one.token.clone()),
            created_at: Set(one.created_at),
            ..Default::default()
        };
        let key = [
            subscription::Column::TenantId,
            subscription::Column::AccountId,
            subscription::Column::SupplyPointId,
            subscription::Column::Channel,
        ];
        let over = [subscription::Column::IsOn, subscription::Column::CustomerId];
        self.put(row, OnConflict::columns(key).update_columns(over).to_owned()).await.map(|_| ())
    }

    /// Whose link it is.
    pub async fn outage_subscription_by_token(&self, token: &str) -> Result<Option<OutageSubscription>, Error> {
        let row = self.find::<subscription::Entity>().with(|query| query.filter(subscription::Column::Token.eq(token)));
        Ok(row.one().await?.map(subscription_of))
    }

    /// By the link of a message; false when it was off or nobody's.
    pub async fn turn_outage_subscription_off(&self, token: &str) -> Result<bool, Error> {
        let off = |update: UpdateMany<subscription::Entity>| {
            update
                .col_expr(subscription::Column::IsOn, Expr::value(false))
                .filter(subscription::Column::Token.eq(token))
                .filter(subscription::Column::IsOn.eq(true))
        };
        Ok(self.change(off).await? == 1)
    }
}
