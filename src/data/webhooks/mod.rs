//! A supplier's webhooks: where facts are posted to, and how they get into the outbox in the transaction of their cause.
mod attempts;
mod replay;

pub use attempts::{Attempt, LogFilter};

use super::error::Error;
use super::outbox::NewMessage;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, MessageId, SupplyPointId, WebhookEndpointId};
use crate::domain::notices::Channel;
use crate::domain::webhooks::{Fact, Wanted};
use sea_orm::ExprTrait;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};
use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

mod endpoint {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_endpoints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub url: String,
        pub description: String,
        pub facts: String,
        pub secret_version: i32,
        pub rotated_at: Option<TimeDateTimeWithTimeZone>,
        pub is_on: bool,
        pub disabled_reason: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub version: i32,
        pub last_success_at: Option<TimeDateTimeWithTimeZone>,
        pub failures: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for endpoint::Entity {
    const TENANT: endpoint::Column = endpoint::Column::TenantId;
}

type Update = UpdateMany<endpoint::Entity>;

#[derive(Clone, Debug)]
pub struct Endpoint {
    pub id: WebhookEndpointId,
    pub url: String,
    pub description: String,
    pub wanted: Wanted,
    pub secret_version: i32,
    pub rotated_at: Option<OffsetDateTime>,
    pub is_on: bool,
    /// Why it was switched off by itself; empty when somebody did it.
    pub disabled_reason: String,
    pub created_at: OffsetDateTime,
    pub version: i32,
    pub last_success_at: Option<OffsetDateTime>,
    /// In a row, up to now.
    pub failures: i32,
}

#[derive(Clone, Debug)]
pub struct NewEndpoint {
    pub id: WebhookEndpointId,
    pub url: String,
    pub description: String,
    pub wanted: Wanted,
    pub created_at: OffsetDateTime,
}

fn endpoint_of(row: endpoint::Model) -> Endpoint {
    Endpoint {
        id: WebhookEndpointId(row.id),
        url: row.url,
        description: row.description,
        wanted: Wanted::parse(&row.facts),
        secret_version: row.secret_version,
        rotated_at: row.rotated_at,
        is_on: row.is_on,
        disabled_reason: row.disabled_reason,
        created_at: row.created_at,
        version: row.version,
        last_success_at: row.last_success_at,
        failures: row.failures,
    }
}

impl TenantTx {
    /// False when the same form added it before.
    pub async fn add_webhook(&self, new: &NewEndpoint) -> Result<bool, Error> {
        let row = endpoint::ActiveModel {
            id: Set(new.id.0),
            url: Set(new.url.clone()),
            description: Set(new.description.clone()),
            facts: Set(new.wanted.to_text()),
            secret_version: Set(1),
            rotated_at: Set(None),
            is_on: Set(true),
            disabled_reason: Set(String::new()),
            created_at: Set(new.created_at),
            version: Set(1),
            last_success_at: Set(None),
            failures: Set(0),
            ..Default::default()
        };
        let once = OnConflict::columns([endpoint::Column::TenantId, endpoint::Column::Id]).do_nothing().to_owned();
        Ok(self.put(row, once).await?.is_some())
    }

    /// Oldest first.
    pub async fn webhooks(&self) -> Result<Vec<Endpoint>, Error> {
        let rows = self.find::<endpoint::Entity>().with(|query| query.order_by_asc(endpoint::Column::Id));
        Ok(rows.all().await?.into_iter().map(endpoint_of).collect())
    }

    pub async fn webhook(&self, id: WebhookEndpointId) -> Result<Endpoint, Error> {
        let row = self.find::<endpoint::Entity>().with(|query| query.filter(endpoint::Column::Id.eq(id.0)));
        row.one().await?.map(endpoint_of).ok_or(Error::NotFound)
    }

    /// The next secret; the one before signs a while too. False when somebody changed it meanwhile, here as below.
    pub async fn rotate_webhook(&self, id: WebhookEndpointId, seen: i32, at: OffsetDateTime) -> Result<bool, Error> {
        self.change_webhook(id, seen, |update| {
            update
                .col_expr(endpoint::Column::SecretVersion, Expr::col(endpoint::Column::SecretVersion).add(1))
                .col_expr(endpoint::Column::RotatedAt, Expr::value(at))
        })
        .await
    }

    pub async fn turn_webhook(&self, id: WebhookEndpointId, seen: i32, is_on: bool) -> Result<bool, Error> {
        self.change_webhook(id, seen, |update| {
            update
                .col_expr(endpoint::Column::IsOn, Expr::value(is_on))
                .col_expr(endpoint::Column::DisabledReason, Expr::value(""))
                .col_expr(endpoint::Column::Failures, Expr::value(0))
        })
        .await
    }

    pub async fn change_webhook_facts(
        &self,
        id: WebhookEndpointId,
        seen: i32,
        url: &str,
        description: &str,
        wanted: &Wanted,
    ) -> Result<bool, Error> {
        self.change_webhook(id, seen, |update| {
            update
                .col_expr(endpoint::Column::Url, Expr::value(url))
                .col_expr(endpoint::Column::Description, Expr::value(description))
                .col_expr(endpoint::Column::Facts, Expr::value(wanted.to_text()))
        })
        .await
    }

    /// With its log; only one that is off.
    pub async fn delete_webhook(&self, id: WebhookEndpointId, seen: i32) -> Result<bool, Error> {
        let one = |delete: sea_orm::DeleteMany<endpoint::Entity>| {
            delete
                .filter(endpoint::Column::Id.eq(id.0))
                .filter(endpoint::Column::Version.eq(seen))
                .filter(endpoint::Column::IsOn.eq(false))
        };
        Ok(self.remove(one).await? == 1)
    }

    async fn change_webhook(
        &self,
        id: WebhookEndpointId,
        seen: i32,
        build: impl FnOnce(Update) -> Update,
    ) -> Result<bool, Error> {
        let guarded = |update: Update| {
            build(update)
                .col_expr(endpoint::Column::Version, Expr::col(endpoint::Column::Version).add(1))
                .filter(endpoint::Column::Id.eq(id.0))
                .filter(endpoint::Column::Version.eq(seen))
        };
        Ok(self.change(guarded).await? == 1)
    }

    /// Who wants to be told: nobody, almost always.
    pub(super) async fn listeners(&self, fact: Fact) -> Result<Vec<WebhookEndpointId>, Error> {
        let rows = self.find::<endpoint::Entity>().with(|query| query.filter(endpoint::Column::IsOn.eq(true))).all();
        let wants = |row: endpoint::Model| {
            let one = endpoint_of(row);
            one.wanted.has(fact).then_some(one.id)
        };
        Ok(rows.await?.into_iter().filter_map(wants).collect())
    }

    /// Puts the fact out to whoever wants it, in this transaction. Of `data` what the catalogue names leaves; the customer's number comes
    /// of itself.
    pub async fn announce(&self, fact: Fact, customer: Option<CustomerId>, data: Json) -> Result<(), Error> {
        let listeners = self.listeners(fact).await?;
        self.announce_to(&listeners, fact, customer, data).await
    }

    /// The same of one of the customer's supply points, by its code.
    pub async fn announce_of_point(
        &self,
        fact: Fact,
        customer: CustomerId,
        point: SupplyPointId,
        mut data: Json,
    ) -> Result<(), Error> {
        let listeners = self.listeners(fact).await?;
        if listeners.is_empty() {
            return Ok(());
        }
        data["supply_point"] = self.supply_point(customer, point).await?.code.into();
        self.announce_to(&listeners, fact, Some(customer), data).await
    }

    pub(super) async fn announce_to(
        &self,
        listeners: &[WebhookEndpointId],
        fact: Fact,
        customer: Option<CustomerId>,
        mut data: Json,
    ) -> Result<(), Error> {
        if listeners.is_empty() {
            return Ok(());
        }
        if let Some(customer) = customer {
            data["customer"] = self.customer(customer).await?.number.into();
        }
        let (body, cause) = (body(fact, &data, OffsetDateTime::now_utc()), MessageId::new());
        let message = |endpoint: &WebhookEndpointId| NewMessage {
            id: MessageId::new(),
            channel: Channel::Webhook,
            // It tells the supplier something, not the customer.
            customer: None,
            kind: fact.key().to_owned(),
            recipient: endpoint.to_string(),
            language: String::new(),
            payload: body.clone(),
            dedupe_key: format!("webhook:{cause}:{endpoint}"),
        };
        let messages: Vec<NewMessage> = listeners.iter().map(message).collect();
        self.enqueue(&messages).await
    }
}

/// The body as it is posted.
pub fn body(fact: Fact, data: &Json, at: OffsetDateTime) -> Json {
    let fields = fact.fields().iter().map(|field| ((*field).to_owned(), data[*field].clone()));
    let at = at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default();
    json!({ "type": fact.key(), "timestamp": at, "data": fields.collect::<serde_json::Map<String, Json>>() })
}
