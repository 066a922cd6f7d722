//! Sales representatives (*obchodní zástupce*) and whose they are: a customer's own, else their region's, else anybody's.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, RepresentativeId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DeleteMany, Iterable, QueryOrder, Set};

mod representative {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "representatives")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub phone: String,
        pub email: String,
        pub region: String,
        pub staff_id: Option<Uuid>,
        pub is_active: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for representative::Entity {
    const TENANT: representative::Column = representative::Column::TenantId;
}
mod assignment {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "represented_customers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub representative_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for assignment::Entity {
    const TENANT: assignment::Column = assignment::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representative {
    pub id: RepresentativeId,
    pub name: String,
    pub phone: String,
    pub email: String,
    /// Whose customers are theirs unless assigned; empty: of every region that has nobody.
    pub region: String,
    /// Their desk, where messages of customers land.
    pub staff: Option<StaffId>,
    pub is_active: bool,
}

fn representative_of(row: representative::Model) -> Representative {
    Representative {
        id: RepresentativeId(row.id),
        name: row.name,
        phone: row.phone,
        email: row.email,
        region: row.region,
        staff: row.staff_id.map(StaffId),
        is_active: row.is_active,
    }
}

impl TenantTx {
    /// All of them, by name.
    pub async fn representatives(&self) -> Result<Vec<Representative>, Error> {
        let rows = self
            .find::<representative::Entity>()
            .with(|query| query.order_by_asc(representative::Column::Name).order_by_asc(representative::Column::Id));
        Ok(rows.all().await?.into_iter().map(representative_of).collect())
    }

    /// The customer's own, else that of the region, else that of all; an inactive one is nobody's.
    pub async fn representative_of(&self, customer: CustomerId, region: &str) -> Result<Option<Representative>, Error> {
        let own =
            self.find::<assignment::Entity>().with(|query| query.filter(assignment::Column::CustomerId.eq(customer.0)));
        if let Some(own) = own.one().await? {
            let row = self.find::<representative::Entity>().with(|query| {
                query
                    .filter(representative::Column::Id.eq(own.representative_id))
                    .filter(representative::Column::IsActive.eq(true))
            });
            if let Some(row) = row.one().await? {
                return Ok(Some(representative_of(row)));
            }
        }
        let row = self.find::<representative::Entity>().with(|query| {
            query
                .filter(representative::Column::Region.is_in([region, ""]))
                .filter(representative::Column::IsActive.eq(true))
                // A named region stands after the empty one.
                .order_by_desc(representative::Column::Region)
                .order_by_asc(representative::Column::Id)
        });
        Ok(row.one().await?.map(representative_of))
    }

    /// Anew or over the one with its id.
    pub async fn save_representative(&self, one: &Representative) -> Result<(), Error> {
        let row = representative::ActiveModel {
            id: Set(one.id.0),
            name: Set(one.name.clone()),
            phone: Set(one.phone.clone()),
            email: Set(one.email.clone()),
            region: Set(one.region.clone()),
            staff_id: Set(one.staff.map(|staff| staff.0)),
            is_active: Set(one.is_active),
            ..Default::default()
        };
        let key = [representative::Column::TenantId, representative::Column::Id];
        let rest = representative::Column::iter().skip(key.len());
        self.put(row, OnConflict::columns(key).update_columns(rest).to_owned()).await.map(|_| ())
    }

    /// None: back to the region's. Answers who it was before.
    pub async fn assign_representative(
        &self,
        customer: CustomerId,
        to: Option<RepresentativeId>,
    ) -> Result<Option<RepresentativeId>, Error> {
        let own =
            self.find::<assignment::Entity>().with(|query| query.filter(assignment::Column::CustomerId.eq(customer.0)));
        let before = own.one().await?.map(|row| RepresentativeId(row.representative_id));
        match to {
            Some(id) => {
                let row = assignment::ActiveModel {
                    customer_id: Set(customer.0),
                    representative_id: Set(id.0),
                    ..Default::default()
                };
                let key = [assignment::Column::TenantId, assignment::Column::CustomerId];
                let over = OnConflict::columns(key).update_column(assignment::Column::RepresentativeId).to_owned();
                self.put(row, over).await?;
            }
            None => {
                let own = |delete: DeleteMany<assignment::Entity>| {
                    delete.filter(assignment::Column::CustomerId.eq(customer.0))
                };
                self.remove(own).await?;
            }
        }
        Ok(before)
    }
}
