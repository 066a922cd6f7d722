//! Whom an outage touches: found by index and set by set; where house numbers decide, the domain is asked in batches.
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, OutageId, SupplyPointId};
use crate::domain::outages::{AreaKey, Areas, Matcher, Outage, street_key, town_key};
use crate::domain::supply_points::Address;
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, FromQueryResult, Set, Value};
use time::Date;

mod area {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outage_areas")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub outage_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub first: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub second: String,
        pub is_exact: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for area::Entity {
    const TENANT: area::Column = area::Column::TenantId;
}

/// A supply point that an outage touches, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    pub supply_point: SupplyPointId,
    pub customer: CustomerId,
    pub customer_name: String,
    pub code: String,
    pub address: Address,
    /// ean, address or parcel.
    pub how: String,
}

/// How many, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub count: i64,
    pub first: Vec<Affected>,
}

#[derive(FromQueryResult)]
struct AffectedRow {
    supply_point_id: Uuid,
    customer_id: Uuid,
    name: String,
    code: String,
    street: String,
    city: String,
    postcode: String,
    how: String,
}

#[derive(FromQueryResult)]
struct Candidate {
    id: Uuid,
    street: String,
    city: String,
    postcode: String,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// Supply points a statement names one by one.
const BATCH: usize = 1_000;

/// What an outage of electricity can touch: electricity that is supplied on the day.
const SUPPLIED: &str = "p.tenant_id = $1 AND p.commodity = 'electricity' AND p.contract_since <= $3 \
    AND (p.contract_until IS NULL OR p.contract_until >= $3)";
/// What was found before by something more exact stays so.
const KEPT: &str = "ON CONFLICT (tenant_id, outage_id, supply_point_id) DO UPDATE \
    SET is_touched = excluded.is_touched, how = excluded.how, customer_id = excluded.customer_id \
    WHERE NOT outage_points.is_touched";

impl TenantTx {
    /// Finds anew whom the outage touches. `day`: the one it starts on, in the supplier's zone. What it touched before and does not any more
    /// is kept as such, for it may have been told.
    pub async fn match_outage(&self, one: &Outage, day: Date) -> Result<u64, Error> {
        self.be_patient().await?;
        self.replace_areas(one.id, &one.areas.keys()).await?;
        let id = || Value::from(one.id.0);
        let gone = "UPDATE outage_points SET is_touched = FALSE WHERE tenant_id = $1 AND outage_id = $2";
        self.run(gone, vec![id()]).await?;
        let by = |how: &str, kind: &str, on: &str| {
            format!(
                "INSERT INTO outage_points (tenant_id, outage_id, supply_point_id, customer_id, how, is_touched) \
                 SELECT p.tenant_id, a.outage_id, p.id, p.customer_id, '{how}', TRUE \
                 FROM outage_areas a JOIN supply_points p ON p.tenant_id = a.tenant_id AND {on} \
                 WHERE a.tenant_id = $1 AND a.outage_id = $2 AND a.kind = '{kind}' AND a.is_exact AND {SUPPLIED} {KEPT}"
            )
        };
        let values = || vec![id(), day.into()];
        self.run(&by("ean", "ean", "p.code = a.first"), values()).await?;
        self.run(&by("address", "town", "p.town_key = a.first"), values()).await?;
        self.run(&by("address", "street", "p.town_key = a.first AND p.street_key = a.second"), values()).await?;
        self.match_by_number(one.id, &one.areas, day).await?;
        self.run(&by("parcel", "parcel", "p.cadastral_code = a.first AND p.plot = a.second"), values()).await?;
        let sql = "SELECT COUNT(*) AS count FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND is_touched";
        let count = self.rows::<Count>(sql, vec![id()]).await?;
        Ok(count.first().map_or(0, |row| row.count.unsigned_abs()))
    }

    async fn replace_areas(&self, id: OutageId, keys: &[AreaKey]) -> Result<(), Error> {
        let own = |delete: DeleteMany<area::Entity>| delete.filter(area::Column::OutageId.eq(id.0));
        self.remove(own).await?;
        let rows = keys.iter().map(|key| area::ActiveModel {
            outage_id: Set(id.0),
            kind: Set(key.kind.key().to_owned()),
            first: Set(key.first.clone()),
            second: Set(key.second.clone()),
            is_exact: Set(key.is_exact),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }

    /// Streets of which only some numbers are touched, and towns of which only a part.
    async fn match_by_number(&self, id: OutageId, areas: &Areas, day: Date) -> Result<(), Error> {
        let candidates = |kind: &str, on: &str| {
            format!(
                "SELECT DISTINCT p.id, p.street, p.city, p.postcode FROM outage_areas a \
                 JOIN supply_points p ON p.tenant_id = a.tenant_id AND {on} \
                 WHERE a.tenant_id = $1 AND a.outage_id = $2 AND a.kind = '{kind}' AND NOT a.is_exact AND {SUPPLIED} \
                 AND p.id > $4 ORDER BY p.id LIMIT {BATCH}"
            )
        };
        let matcher = Matcher::of(areas);
        let by_street = candidates("street", "p.town_key = a.first AND p.street_key = a.second");
        for sql in [by_street, candidates("town", "p.town_key = a.first")] {
            let mut after = Uuid::nil();
            loop {
                let rows = self.rows_of(sql.clone(), vec![id.0.into(), day.into(), after.into()]).await?;
                let rows =
                    rows.iter().map(|row| Candidate::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                let is_short = rows.len() < BATCH;
                let touched = rows.into_iter().filter(|row| {
                    let (street, city) = (row.street.clone(), row.city.clone());
                    matcher.has_address(&Address { street, city, postcode: row.postcode.clone() })
                });
                self.touch_points(id, touched.map(|row| row.id).collect()).await?;
                if is_short {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn touch_points(&self, id: OutageId, points: Vec<Uuid>) -> Result<(), Error> {
        if points.is_empty() {
            return Ok(());
        }
        let places: Vec<String> = (3..points.len() + 3).map(|place| format!("${place}")).collect();
        let sql = format!(
            "INSERT INTO outage_points (tenant_id, outage_id, supply_point_id, customer_id, how, is_touched) \
             SELECT p.tenant_id, $2, p.id, p.customer_id, 'address', TRUE FROM supply_points p \
             WHERE p.tenant_id = $1 AND p.id IN ({}) {KEPT}",
            places.join(", ")
        );
        let values = std::iter::once(Value::from(id.0)).chain(points.into_iter().map(Value::from));
        self.run(&sql, values.collect()).await.map(|_| ())
    }

    /// Gives a page of points that came before there were keys theirs; answers how many.
    pub async fn key_supply_points(&self) -> Result<u64, Error> {
        let sql =
            "SELECT id, street, city, postcode FROM supply_points WHERE tenant_id = $1 AND town_key IS NULL LIMIT $2";
        let rows = self.rows::<Candidate>(sql, vec![(BATCH as i64).into()]).await?;
        let count = rows.len() as u64;
        for row in rows {
            let address = Address { street: row.street, city: row.city, postcode: row.postcode };
            let key = "UPDATE supply_points SET town_key = $3, street_key = $4 WHERE tenant_id = $1 AND id = $2";
            let values = vec![row.id.into(), town_key(&address).into(), street_key(&address).into()];
            self.run(key, values).await?;
        }
        Ok(count)
    }

    /// How many the outage touches, and the first of them in the order of their addresses.
    pub async fn affected_points(&self, id: OutageId, limit: u64) -> Result<Touched, Error> {
        let sql = "SELECT COUNT(*) AS count FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND is_touched";
        let count = self.rows::<Count>(sql, vec![id.0.into()]).await?.first().map_or(0, |row| row.count);
        let sql = "SELECT o.supply_point_id, o.customer_id, c.name, p.code, p.street, p.city, p.postcode, o.how \
                   FROM outage_points o \
                   JOIN supply_points p ON p.tenant_id = o.tenant_id AND p.id = o.supply_point_id \
                   JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id \
                   WHERE o.tenant_id = $1 AND o.outage_id = $2 AND o.is_touched ORDER BY o.supply_point_id LIMIT $3";
        let rows = self.rows::<AffectedRow>(sql, vec![id.0.into(), (limit as i64).into()]).await?;
        let first = rows.into_iter().map(|row| Affected {
            supply_point: SupplyPointId(row.supply_point_id),
            customer: CustomerId(row.customer_id),
            customer_name: row.name,
            code: row.code,
            address: Address { street: row.street, city: row.city, postcode: row.postcode },
            how: row.how,
        });
        Ok(Touched { count, first: first.collect() })
    }
}
