//! Who looks after which customer: as what, until when, invited by whom. A customer is never left without an owner.
use super::accounts::membership;
use super::error::{Error, odd};
use super::scope::TenantTx;
use crate::domain::access::{MemberRole, Proof, Proofs};
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DeleteMany, FromQueryResult, QueryOrder, Set, UpdateMany};
use time::{Date, OffsetDateTime};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub account: AccountId,
    pub customer: CustomerId,
    pub role: MemberRole,
    /// The last day.
    pub until: Option<Date>,
    pub invited_by: Option<AccountId>,
    /// What was proved at this customer; none where the account's own proofs count.
    pub proofs: Option<Proofs>,
    pub last_used_at: Option<OffsetDateTime>,
}

/// A right with as much of its customer as a session has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAfter {
    pub right: Membership,
    pub name: String,
    pub number: String,
    /// The last days of all contracts, none of one without an end.
    pub ends: Vec<Option<Date>>,
    /// The terms of use in force wait for the account to accept them.
    pub owes_terms: bool,
}

#[derive(FromQueryResult)]
struct LookedAfterRow {
    #[sea_orm(nested)]
    right: membership::Model,
    name: String,
    number: String,
    point: Option<Uuid>,
    contract_until: Option<Date>,
    owes_terms: bool,
}

/// What came of ending one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    /// Nobody else could say who may.
    LastOwner,
    NotThere,
}

fn membership_of(row: membership::Model) -> Result<Membership, Error> {
    Ok(Membership {
        account: AccountId(row.account_id),
        customer: CustomerId(row.customer_id),
        role: MemberRole::parse(&row.role).ok_or_else(|| odd("role", &row.role))?,
        until: row.until,
        invited_by: row.invited_by.map(AccountId),
        proofs: row.proofs.map(Proofs),
        last_used_at: row.last_used_at,
    })
}

/// The customers `$2` looks after, a row for each supply point; the terms are judged as [`TenantTx::owed_terms`] does.
const LOOKED_AFTER: &str = "SELECT m.*, c.name, c.number, p.id AS point, p.contract_until, \
    EXISTS (SELECT 1 FROM terms_of_use v WHERE v.tenant_id = m.tenant_id \
    AND v.seq = (SELECT MAX(f.seq) FROM terms_of_use f WHERE f.tenant_id = m.tenant_id AND f.valid_from <= $3) \
    AND NOT EXISTS (SELECT 1 FROM terms_acceptances a WHERE a.tenant_id = v.tenant_id AND a.account_id = m.account_id \
    AND a.seq = v.seq)) AS owes_terms \
    FROM memberships m JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id \
    LEFT JOIN supply_points p ON p.tenant_id = m.tenant_id AND p.customer_id = m.customer_id \
    WHERE m.tenant_id = $1 AND m.account_id = $2 ORDER BY m.customer_id";

impl TenantTx {
    /// Of one log-in, as of the day: the last used first, then in the order of the customers.
    pub async fn looked_after_by(&self, account: AccountId, day: Date) -> Result<Vec<LookedAfter>, Error> {
        let rows = self.rows::<LookedAfterRow>(LOOKED_AFTER, vec![account.0.into(), day.into()]).await?;
        let mut all: Vec<LookedAfter> = Vec::new();
        for row in rows {
            if all.last().is_none_or(|last| last.right.customer.0 != row.right.customer_id) {
                let (right, owes_terms) = (membership_of(row.right)?, row.owes_terms);
                all.push(LookedAfter { right, name: row.name, number: row.number, ends: Vec::new(), owes_terms });
            }
            if let (Some(last), Some(_)) = (all.last_mut(), row.point) {
                last.ends.push(row.contract_until);
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.right.last_used_at));
        Ok(all)
    }

    pub async fn membership(&self, account: AccountId, customer: CustomerId) -> Result<Option<Membership>, Error> {
        let row = self.find::<membership::Entity>().with(|query| {
            query
                .filter(membership::Column::AccountId.eq(account.0))
                .filter(membership::Column::CustomerId.eq(customer.0))
        });
        row.one().await?.map(membership_of).transpose()
    }

    /// Of one customer, oldest log-in first.
    pub async fn memberships_at(&self, customer: CustomerId) -> Result<Vec<Membership>, Error> {
        let rows = self.find::<membership::Entity>().with(|query| {
            query.filter(membership::Column::CustomerId.eq(customer.0)).order_by_asc(membership::Column::AccountId)
        });
        rows.all().await?.into_iter().map(membership_of).collect()
    }

    /// False where the account looks after that customer already.
    pub async fn add_membership(&self, new: &Membership) -> Result<bool, Error> {
        // Where it is reached stays where it was, whomever it looks after from now on.
        self.pin_own_address(new.account).await?;
        let row = membership::ActiveModel {
            account_id: Set(new.account.0),
            customer_id: Set(new.customer.0),
            role: Set(new.role.key().to_owned()),
            until: Set(new.until),
            invited_by: Set(new.invited_by.map(|one| one.0)),
            proofs: Set(new.proofs.map(|one| one.0)),
            last_used_at: Set(new.last_used_at),
            ..Default::default()
        };
        let key = [membership::Column::TenantId, membership::Column::AccountId, membership::Column::CustomerId];
        Ok(self.put(row, OnConflict::columns(key).do_nothing().to_owned()).await?.is_some())
    }

    /// Whose day has passed makes room for another right.
    pub async fn forget_membership(&self, account: AccountId, customer: CustomerId) -> Result<bool, Error> {
        let gone = self.remove(|delete: DeleteMany<membership::Entity>| {
            delete
                .filter(membership::Column::AccountId.eq(account.0))
                .filter(membership::Column::CustomerId.eq(customer.0))
        });
        Ok(gone.await? == 1)
    }

    /// Takes the right away. The owners are written over as they are first, so that of two who end each other one waits and sees.
    pub async fn end_membership(&self, account: AccountId, customer: CustomerId) -> Result<Ended, Error> {
        let hold = |update: UpdateMany<membership::Entity>| {
            update
                .col_expr(membership::Column::Role, Expr::value(MemberRole::Owner.key()))
                .filter(membership::Column::CustomerId.eq(customer.0))
                .filter(membership::Column::Role.eq(MemberRole::Owner.key()))
        };
        let owners = self.changed(hold).await?;
        // Whose right ends by itself will not be there to say who may.
        let mut lasting = owners.iter().filter(|row| row.until.is_none());
        let is_owner = owners.iter().any(|row| row.account_id == account.0);
        if is_owner && !lasting.any(|row| row.account_id != account.0) {
            return Ok(Ended::LastOwner);
        }
        Ok(if self.forget_membership(account, customer).await? { Ended::Done } else { Ended::NotThere })
    }

    pub async fn touch_membership(
        &self,
        account: AccountId,
        customer: CustomerId,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        let touch = |update: UpdateMany<membership::Entity>| {
            update
                .col_expr(membership::Column::LastUsedAt, Expr::value(Some(at)))
                .filter(membership::Column::AccountId.eq(account.0))
                .filter(membership::Column::CustomerId.eq(customer.0))
        };
        self.change(touch).await.map(|_| ())
    }

    /// What somebody proved at this customer counts here, and nowhere else unless it is the account's first.
    pub async fn prove(&self, account: AccountId, customer: CustomerId, proof: Proof) -> Result<Proofs, Error> {
        let own = self.membership(account, customer).await?.ok_or(Error::NotFound)?;
        let Some(proofs) = own.proofs else { return self.add_proof(account, proof).await };
        let proofs = proofs.with(proof);
        let keep = |update: UpdateMany<membership::Entity>| {
            update
                .col_expr(membership::Column::Proofs, Expr::value(Some(proofs.0)))
                .filter(membership::Column::AccountId.eq(account.0))
                .filter(membership::Column::CustomerId.eq(customer.0))
        };
        self.change(keep).await?;
        Ok(proofs)
    }
}
