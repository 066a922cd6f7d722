//! Running numbers of a supplier: of requests, of contracts. Without gaps: what is not committed was not taken.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, Set, UpdateMany};

mod sequence {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sequences")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for sequence::Entity {
    const TENANT: sequence::Column = sequence::Column::TenantId;
}

impl TenantTx {
    /// From one on. Whoever asks for the same name waits for the end of this transaction.
    pub async fn next_number(&self, name: &str) -> Result<i64, Error> {
        let one = sequence::ActiveModel { name: Set(name.to_owned()), value: Set(1), ..Default::default() };
        let next = Expr::col((sequence::Entity, sequence::Column::Value)).add(1);
        let key = [sequence::Column::TenantId, sequence::Column::Name];
        let taken = OnConflict::columns(key).value(sequence::Column::Value, next).to_owned();
        self.put(one, taken).await?.map(|row| row.value).ok_or(Error::NotFound)
    }

    /// Gives back the number this transaction took last, when nothing came of it.
    pub(super) async fn give_number_back(&self, name: &str) -> Result<(), Error> {
        let build = |update: UpdateMany<sequence::Entity>| {
            update
                .col_expr(sequence::Column::Value, Expr::col(sequence::Column::Value).sub(1))
                .filter(sequence::Column::Name.eq(name))
        };
        self.change(build).await.map(|_| ())
    }
}
