//! Contracts as they are written, by a customer or by a visitor who comes back by a secret link. A draft is saved as one goes; of two tabs
//! the later is told. What its data must be is the domain's matter.
use super::error::Error;
use super::requests::Guarded;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::contracts::ContractState;
use crate::domain::ids::{ContractId, CustomerId, DocumentId, RequestId};
use crate::domain::webhooks::Fact;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, Set, UpdateMany};
use serde_json::Value as Json;
use time::OffsetDateTime;

mod contract {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "contracts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: Option<String>,
        pub customer_id: Option<Uuid>,
        pub email: String,
        pub token_hash: Option<Vec<u8>>,
        pub state: String,
        pub data: String,
        pub version: i32,
        pub created_at: TimeDateTimeWithTimeZone,
        pub updated_at: TimeDateTimeWithTimeZone,
        pub request_id: Option<Uuid>,
        pub document_id: Option<Uuid>,
        pub language: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for contract::Entity {
    const TENANT: contract::Column = contract::Column::TenantId;
}

#[derive(Clone, Debug)]
pub struct NewContract {
    pub id: ContractId,
    /// None for a visitor.
    pub customer: Option<CustomerId>,
    /// Empty until it is known.
    pub email: String,
    /// SHA-256 of the visitor's way back; the token itself is never kept.
    pub token_hash: Option<[u8; 32]>,
    pub data: Json,
    pub created_at: OffsetDateTime,
    pub language: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ContractRow {
    pub id: ContractId,
    /// None until it is complete.
    pub number: Option<String>,
    pub customer: Option<CustomerId>,
    pub email: String,
    pub state: ContractState,
    pub data: Json,
    pub version: i32,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub request: Option<RequestId>,
    pub document: Option<DocumentId>,
    pub language: String,
}

/// What a draft becomes when it is complete.
#[derive(Clone, Debug)]
pub struct FinishedContract<'a> {
    pub number: &'a str,
    pub data: &'a Json,
    pub email: &'a str,
    pub request: RequestId,
    pub document: Option<DocumentId>,
    pub at: OffsetDateTime,
}

type Update = UpdateMany<contract::Entity>;

fn contract_of(row: contract::Model) -> Result<ContractRow, Error> {
    Ok(ContractRow {
        id: ContractId(row.id),
        number: row.number,
        customer: row.customer_id.map(CustomerId),
        email: row.email,
        state: ContractState::parse(&row.state)
            .ok_or_else(|| Error::Broken(format!("contract state {}", row.state)))?,
        data: serde_json::from_str(&row.data).map_err(|error| Error::Broken(format!("contract: {error}")))?,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        request: row.request_id.map(RequestId),
        document: row.document_id.map(DocumentId),
        language: row.language,
    })
}

impl TenantTx {
    /// An empty draft, at version 1.
    pub async fn start_contract(&self, new: &NewContract) -> Result<(), Error> {
        let row = contract::ActiveModel {
            id: Set(new.id.0),
            number: Set(None),
            customer_id: Set(new.customer.map(|customer| customer.0)),
            email: Set(new.email.clone()),
            token_hash: Set(new.token_hash.map(|hash| hash.to_vec())),
            state: Set(ContractState::Draft.key().to_owned()),
            data: Set(new.data.to_string()),
            version: Set(1),
            created_at: Set(new.created_at),
            updated_at: Set(new.created_at),
            request_id: Set(None),
            document_id: Set(None),
            language: Set(new.language.clone()),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Only a draft; one that was finished meanwhile is stale, whatever its version.
    pub async fn save_contract(
        &self,
        id: ContractId,
        seen: i32,
        data: &Json,
        email: &str,
        at: OffsetDateTime,
    ) -> Result<Guarded<ContractRow>, Error> {
        self.change_contract(id, seen, at, |update| {
            update
                .col_expr(contract::Column::Data, Expr::value(data.to_string()))
                .col_expr(contract::Column::Email, Expr::value(email))
                .filter(contract::Column::State.eq(ContractState::Draft.key()))
        })
        .await
    }

    /// The draft becomes a contract with its number, once.
    pub async fn finish_contract(
        &self,
        id: ContractId,
        seen: i32,
        finished: &FinishedContract<'_>,
    ) -> Result<Guarded<ContractRow>, Error> {
        self.change_contract(id, seen, finished.at, |update| {
            update
                .col_expr(contract::Column::State, Expr::value(ContractState::Submitted.key()))
                .col_expr(contract::Column::Number, Expr::value(finished.number))
                .col_expr(contract::Column::Data, Expr::value(finished.data.to_string()))
                .col_expr(contract::Column::Email, Expr::value(finished.email))
                .col_expr(contract::Column::RequestId, Expr::value(finished.request.0))
                .col_expr(contract::Column::DocumentId, Expr::value(finished.document.map(|document| document.0)))
                .filter(contract::Column::State.eq(ContractState::Draft.key()))
        })
        .await
    }

    /// Whether it may move so is the domain's to say, of the version that was seen.
    pub async fn move_contract(
        &self,
        id: ContractId,
        seen: i32,
        state: ContractState,
        at: OffsetDateTime,
    ) -> Result<Guarded<ContractRow>, Error> {
        let build = |update: Update| update.col_expr(contract::Column::State, Expr::value(state.key()));
        let guarded = self.change_contract(id, seen, at, build).await?;
        if state == ContractState::Signed && matches!(guarded, Guarded::Done(_)) {
            self.announce_contract(id).await?;
        }
        Ok(guarded)
    }

    /// Tells the supplier's own systems that it holds.
    pub async fn announce_contract(&self, id: ContractId) -> Result<(), Error> {
        let listeners = self.listeners(Fact::ContractConcluded).await?;
        if listeners.is_empty() {
            return Ok(());
        }
        let one = self.contract(id).await?;
        let request = match one.request {
            Some(request) => Some(self.request_by_id(request).await?.reference.to_string()),
            None => None,
        };
        let data = serde_json::json!({ "contract": one.number, "request": request });
        self.announce_to(&listeners, Fact::ContractConcluded, one.customer, data).await
    }

    async fn change_contract(
        &self,
        id: ContractId,
        seen: i32,
        at: OffsetDateTime,
        build: impl FnOnce(Update) -> Update,
    ) -> Result<Guarded<ContractRow>, Error> {
        let guarded = |update: Update| {
            build(update)
                .col_expr(contract::Column::UpdatedAt, Expr::value(at))
                .col_expr(contract::Column::Version, Expr::col(contract::Column::Version).add(1))
                .filter(contract::Column::Id.eq(id.0))
                .filter(contract::Column::Version.eq(seen))
        };
        match self.change(guarded).await? {
            0 => Ok(Guarded::Stale(Box::new(self.contract(id).await?))),
            _ => Ok(Guarded::Done(seen + 1)),
        }
    }

    /// A visitor's, by the secret link.
    pub async fn contract_by_token(&self, token_hash: &[u8; 32]) -> Result<ContractRow, Error> {
        let key = token_hash.to_vec();
        let row = self.find::<contract::Entity>().with(|query| query.filter(contract::Column::TokenHash.eq(key)));
        contract_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    pub async fn contract_of(&self, customer: CustomerId, id: ContractId) -> Result<ContractRow, Error> {
        let row = self.find::<contract::Entity>().with(|query| {
            query.filter(contract::Column::Id.eq(id.0)).filter(contract::Column::CustomerId.eq(customer.0))
        });
        contract_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// For staff.
    pub async fn contract(&self, id: ContractId) -> Result<ContractRow, Error> {
        let row = self.find::<contract::Entity>().with(|query| query.filter(contract::Column::Id.eq(id.0)));
        contract_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// For staff: what a request in the queue is about.
    pub async fn contract_of_request(&self, request: RequestId) -> Result<ContractRow, Error> {
        let row = self.find::<contract::Entity>().with(|query| query.filter(contract::Column::RequestId.eq(request.0)));
        contract_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Newest first.
    pub async fn contracts_of(&self, customer: CustomerId) -> Result<Vec<ContractRow>, Error> {
        let rows = self.find::<contract::Entity>().with(|query| {
            query
                .filter(contract::Column::CustomerId.eq(customer.0))
                .order_by_desc(contract::Column::CreatedAt)
                .order_by_desc(contract::Column::Id)
        });
        rows.all().await?.into_iter().map(contract_of).collect()
    }
}
