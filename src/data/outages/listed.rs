//! Lists of outages: the desk's with how many they touch and how many were told, a customer's with the points of theirs.
use super::{Outage, outage, outage_of};
use crate::data::error::Error;
use crate::data::scope::TenantTx;
use crate::domain::ids::{CustomerId, OutageId, SupplyPointId};
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect, Value};
use std::collections::HashMap;
use time::OffsetDateTime;

/// Which of them; a page at a time.
#[derive(Clone, Copy, Debug)]
pub struct OutageFilter {
    /// Over already, instead of coming and running.
    pub is_over: bool,
    pub now: OffsetDateTime,
    pub offset: u64,
    pub limit: u64,
}

/// An outage in the desk's list.
#[derive(Clone, Debug)]
pub struct OutageRow {
    pub outage: Outage,
    pub changed_at: OffsetDateTime,
    /// Points it touches.
    pub points: i64,
    /// Messages that were put out, of all versions.
    pub notices: i64,
    /// When the first of them was.
    pub told_at: Option<OffsetDateTime>,
}

#[derive(FromQueryResult)]
struct Counted {
    outage_id: Uuid,
    count: i64,
    first: Option<OffsetDateTime>,
}

#[derive(FromQueryResult)]
struct PointOfOutage {
    outage_id: Uuid,
    supply_point_id: Uuid,
}

#[derive(FromQueryResult)]
struct OwnPoint {
    supply_point_id: Uuid,
    is_touched: bool,
}

fn places(count: usize) -> String {
    (2..count + 2).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

impl TenantTx {
    /// What comes first first; what is over, newest first.
    pub async fn outages(&self, filter: &OutageFilter) -> Result<Vec<OutageRow>, Error> {
        let rows = self.find::<outage::Entity>().with(|query| {
            let query = query.offset(filter.offset).limit(filter.limit);
            match filter.is_over {
                true => query
                    .filter(outage::Column::EndsAt.lte(filter.now))
                    .order_by_desc(outage::Column::EndsAt)
                    .order_by_desc(outage::Column::Id),
                false => query
                    .filter(outage::Column::EndsAt.gt(filter.now))
                    .order_by_asc(outage::Column::EndsAt)
                    .order_by_asc(outage::Column::Id),
            }
        });
        let rows = rows.all().await?;
        let ids: Vec<Value> = rows.iter().map(|row| row.id.into()).collect();
        let points = self.counted("outage_points", "NULL", "AND is_touched", &ids).await?;
        let notices = self.counted("outage_notices", "MIN(at)", "", &ids).await?;
        let row = |row: outage::Model| {
            let told = notices.get(&row.id);
            Ok(OutageRow {
                points: points.get(&row.id).map_or(0, |one| one.0),
                notices: told.map_or(0, |one| one.0),
                told_at: told.and_then(|one| one.1),
                changed_at: row.changed_at,
                outage: outage_of(row)?,
            })
        };
        rows.into_iter().map(row).collect()
    }

    async fn counted(
        &self,
        table: &str,
        first: &str,
        only: &str,
        ids: &[Value],
    ) -> Result<HashMap<Uuid, (i64, Option<OffsetDateTime>)>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let first = if first == "NULL" { String::new() } else { format!(", {first} AS first") };
        let sql = format!(
            "SELECT outage_id, COUNT(*) AS count{first} FROM {table} \
             WHERE tenant_id = $1 AND outage_id IN ({}) {only} GROUP BY outage_id",
            places(ids.len())
        );
        let rows = self.rows_of(sql, ids.to_vec()).await?;
        let row = |row: &sea_orm::QueryResult| {
            let at = if first.is_empty() { None } else { row.try_get("", "first")? };
            let one = Counted { outage_id: row.try_get("", "outage_id")?, count: row.try_get("", "count")?, first: at };
            Ok((one.outage_id, (one.count, one.first)))
        };
        rows.iter().map(row).collect()
    }

    /// One of the desk's list.
    pub async fn outage_row(&self, id: OutageId) -> Result<OutageRow, Error> {
        let found = self.find::<outage::Entity>().with(|query| query.filter(outage::Column::Id.eq(id.0)));
        let row = found.one().await?.ok_or(Error::NotFound)?;
        let ids = [Value::from(id.0)];
        let points = self.counted("outage_points", "NULL", "AND is_touched", &ids).await?;
        let notices = self.counted("outage_notices", "MIN(at)", "", &ids).await?;
        let told = notices.get(&id.0);
        Ok(OutageRow {
            points: points.get(&id.0).map_or(0, |one| one.0),
            notices: told.map_or(0, |one| one.0),
            told_at: told.and_then(|one| one.1),
            changed_at: row.changed_at,
            outage: outage_of(row)?,
        })
    }

    /// One that touches the customer, or touched them before it changed, with those of their points that it touches still.
    pub async fn outage_of(&self, customer: CustomerId, id: OutageId) -> Result<(Outage, Vec<SupplyPointId>), Error> {
        let sql = "SELECT supply_point_id, is_touched FROM outage_points \
                   WHERE tenant_id = $1 AND outage_id = $2 AND customer_id = $3";
        let rows = self.rows::<OwnPoint>(sql, vec![id.0.into(), customer.0.into()]).await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let points = rows.into_iter().filter(|row| row.is_touched).map(|row| SupplyPointId(row.supply_point_id));
        Ok((self.outage(id).await?, points.collect()))
    }

    /// What anybody may see: those that are not over and touch somebody, soonest first. Of where, only what the distributor made known.
    pub async fn outages_around(&self, now: OffsetDateTime, limit: u64) -> Result<Vec<Outage>, Error> {
        let sql = "SELECT o.* FROM outages o WHERE o.tenant_id = $1 AND o.ends_at > $2 AND EXISTS \
                   (SELECT 1 FROM outage_points p WHERE p.tenant_id = o.tenant_id AND p.outage_id = o.id AND p.is_touched) \
                   ORDER BY o.ends_at LIMIT $3";
        let rows: Vec<outage::Model> = self.rows(sql, vec![now.into(), (limit as i64).into()]).await?;
        let all: Result<Vec<Outage>, Error> = rows.into_iter().map(outage_of).collect();
        let mut all = all?;
        all.sort_by_key(|one| (one.starts_at, one.id));
        Ok(all)
    }

    /// Outages that touch the customer and end after `since`, soonest first, with their points of theirs. Cancelled ones too.
    pub async fn outages_of(
        &self,
        customer: CustomerId,
        since: OffsetDateTime,
    ) -> Result<Vec<(Outage, Vec<SupplyPointId>)>, Error> {
        let sql = "SELECT p.outage_id, p.supply_point_id FROM outage_points p \
                   JOIN outages o ON o.tenant_id = p.tenant_id AND o.id = p.outage_id \
                   WHERE p.tenant_id = $1 AND p.customer_id = $2 AND p.is_touched AND o.ends_at > $3 LIMIT 2000";
        let touched = self.rows::<PointOfOutage>(sql, vec![customer.0.into(), since.into()]).await?;
        let mut points: HashMap<Uuid, Vec<SupplyPointId>> = HashMap::new();
        for row in touched {
            points.entry(row.outage_id).or_default().push(SupplyPointId(row.supply_point_id));
        }
        // From the customer's points to the outages, never the other way round.
        let sql = "SELECT o.* FROM outage_points p CROSS JOIN outages o \
                   WHERE p.tenant_id = $1 AND p.customer_id = $2 AND p.is_touched \
                   AND o.tenant_id = p.tenant_id AND o.id = p.outage_id AND o.ends_at > $3";
        let rows: Vec<outage::Model> = self.rows(sql, vec![customer.0.into(), since.into()]).await?;
        let mut all = Vec::new();
        for row in rows {
            let Some(own) = points.remove(&row.id) else { continue };
            all.push((outage_of(row)?, own));
        }
        all.sort_by_key(|(one, _)| (one.starts_at, one.id));
        Ok(all)
    }
}
