//! Visits booked. A slot has as many places as the office serves at once, and a place is won by its unique key: never looked for first.
use super::super::error::{Error, odd};
use super::super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{BookingId, CustomerId, OfficeId, RequestId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, FromQueryResult, QueryOrder, QuerySelect, Set, UpdateMany};
use time::{OffsetDateTime, UtcOffset};

mod booking {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bookings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub office_id: Uuid,
        pub topic: String,
        pub customer_id: Uuid,
        pub request_id: Option<Uuid>,
        pub starts_at: TimeDateTimeWithTimeZone,
        pub ends_at: TimeDateTimeWithTimeZone,
        /// None once cancelled: then the place is anybody's.
        pub place: Option<i16>,
        pub state: String,
        pub ics_sequence: i32,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for booking::Entity {
    const TENANT: booking::Column = booking::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBooking {
    pub id: BookingId,
    pub office: OfficeId,
    /// One of the office's.
    pub topic: String,
    pub customer: CustomerId,
    pub request: Option<RequestId>,
    pub starts_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    pub id: BookingId,
    pub office: OfficeId,
    pub topic: String,
    pub customer: CustomerId,
    pub request: Option<RequestId>,
    pub starts_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub is_cancelled: bool,
    /// SEQUENCE of its calendar entry: grows with every change, and guards it.
    pub ics_sequence: i32,
    pub created_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booked {
    Yes(Booking),
    /// Every place of that slot is somebody's.
    Full,
}

/// A line of an office's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    pub booking: Booking,
    pub customer_number: String,
    pub customer_name: String,
}

#[derive(FromQueryResult)]
struct SlotSql {
    starts_at: OffsetDateTime,
    taken: i64,
}

const BOOKED: &str = "booked";
const CANCELLED: &str = "cancelled";

fn booking_of(row: booking::Model) -> Result<Booking, Error> {
    Ok(Booking {
        id: BookingId(row.id),
        office: OfficeId(row.office_id),
        topic: row.topic,
        customer: CustomerId(row.customer_id),
        request: row.request_id.map(RequestId),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        is_cancelled: match row.state.as_str() {
            BOOKED => false,
            CANCELLED => true,
            other => return Err(odd("state", other)),
        },
        ics_sequence: row.ics_sequence,
        created_at: row.created_at,
    })
}

/// Rows compare moments letter by letter on SQLite: all are kept in one zone.
fn utc(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(UtcOffset::UTC)
}

/// As it was seen, and still to be changed.
fn seen(update: UpdateMany<booking::Entity>, booking: &Booking) -> UpdateMany<booking::Entity> {
    update
        .col_expr(booking::Column::IcsSequence, Expr::col(booking::Column::IcsSequence).add(1))
        .filter(booking::Column::Id.eq(booking.id.0))
        .filter(booking::Column::State.eq(BOOKED))
        .filter(booking::Column::IcsSequence.eq(booking.ics_sequence))
}

impl TenantTx {
    /// Takes the first of `capacity` places that nobody else takes.
    pub async fn book(&self, new: &NewBooking, capacity: u16) -> Result<Booked, Error> {
        let slot =
            [booking::Column::TenantId, booking::Column::OfficeId, booking::Column::StartsAt, booking::Column::Place];
        for place in 0..capacity {
            let once = OnConflict::columns(slot).do_nothing().to_owned();
            if let Some(row) = self.put(new_row(new, place as i16), once).await? {
                return Ok(Booked::Yes(booking_of(row)?));
            }
        }
        Ok(Booked::Full)
    }

    /// To another slot of the same office; the old place is free from the same moment on. `Conflict` when it is not as it was seen.
    pub async fn move_booking(
        &self,
        booking: &Booking,
        starts_at: OffsetDateTime,
        ends_at: OffsetDateTime,
        capacity: u16,
    ) -> Result<Booked, Error> {
        for place in 0..capacity {
            let to = |update: UpdateMany<booking::Entity>| {
                seen(update, booking)
                    .col_expr(booking::Column::StartsAt, Expr::value(utc(starts_at)))
                    .col_expr(booking::Column::EndsAt, Expr::value(utc(ends_at)))
                    .col_expr(booking::Column::Place, Expr::value(place as i16))
            };
            match self.try_change(to).await? {
                Some(rows) => {
                    let row = rows.into_iter().next().ok_or_else(|| Error::Conflict("bookings".to_owned()))?;
                    return Ok(Booked::Yes(booking_of(row)?));
                }
                None => continue,
            }
        }
        Ok(Booked::Full)
    }

    /// `Conflict` when it is not as it was seen.
    pub async fn cancel_booking(&self, booking: &Booking) -> Result<Booking, Error> {
        let cancel = |update: UpdateMany<booking::Entity>| {
            seen(update, booking)
                .col_expr(booking::Column::State, Expr::value(CANCELLED))
                .col_expr(booking::Column::Place, Expr::value(None::<i16>))
        };
        let row = self.changed(cancel).await?.pop();
        booking_of(row.ok_or_else(|| Error::Conflict("bookings".to_owned()))?)
    }

    pub async fn booking_of(&self, customer: CustomerId, id: BookingId) -> Result<Booking, Error> {
        let row = self.find::<booking::Entity>().with(|query| {
            query.filter(booking::Column::Id.eq(id.0)).filter(booking::Column::CustomerId.eq(customer.0))
        });
        booking_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// For staff.
    pub async fn booking(&self, id: BookingId) -> Result<Booking, Error> {
        let row = self.find::<booking::Entity>().with(|query| query.filter(booking::Column::Id.eq(id.0)));
        booking_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// From a moment on, in the order of time; cancelled ones too.
    pub async fn bookings_of(&self, customer: CustomerId, from: OffsetDateTime) -> Result<Vec<Booking>, Error> {
        let rows = self.find::<booking::Entity>().with(|query| {
            query
                .filter(booking::Column::CustomerId.eq(customer.0))
                .filter(booking::Column::StartsAt.gte(utc(from)))
                .order_by_asc(booking::Column::StartsAt)
                .order_by_asc(booking::Column::Id)
        });
        rows.all().await?.into_iter().map(booking_of).collect()
    }

    /// How many places of each slot that starts from `from` on and before `to` are taken.
    pub async fn bookings_on(
        &self,
        office: OfficeId,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<(OffsetDateTime, u16)>, Error> {
        let rows = self.find::<booking::Entity>().with(|query| {
            query
                .filter(booking::Column::OfficeId.eq(office.0))
                .filter(booking::Column::StartsAt.gte(utc(from)))
                .filter(booking::Column::StartsAt.lt(utc(to)))
                .filter(booking::Column::Place.is_not_null())
                .select_only()
                .column(booking::Column::StartsAt)
                .column_as(booking::Column::Place.count(), "taken")
                .group_by(booking::Column::StartsAt)
                .order_by_asc(booking::Column::StartsAt)
        });
        let rows = rows.of::<SlotSql>().await?.into_iter();
        Ok(rows.map(|row| (row.starts_at, u16::try_from(row.taken).unwrap_or(u16::MAX))).collect())
    }

    /// Who comes, in the order of time; who cancelled does not.
    pub async fn day_list(
        &self,
        office: OfficeId,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<DayRow>, Error> {
        let rows = self.find::<booking::Entity>().with(|query| {
            query
                .filter(booking::Column::OfficeId.eq(office.0))
                .filter(booking::Column::StartsAt.gte(utc(from)))
                .filter(booking::Column::StartsAt.lt(utc(to)))
                .filter(booking::Column::Place.is_not_null())
                .order_by_asc(booking::Column::StartsAt)
                .order_by_asc(booking::Column::Place)
        });
        let bookings = rows.all().await?.into_iter().map(booking_of).collect::<Result<Vec<_>, _>>()?;
        let names = self.customer_names(bookings.iter().map(|one| one.customer)).await?;
        let rows = bookings.into_iter().map(|booking| {
            let (customer_number, customer_name) = names.get(&booking.customer).cloned().unwrap_or_default();
            DayRow { booking, customer_number, customer_name }
        });
        Ok(rows.collect())
    }
}

fn new_row(new: &NewBooking, place: i16) -> booking::ActiveModel {
    booking::ActiveModel {
        id: Set(new.id.0),
        office_id: Set(new.office.0),
        topic: Set(new.topic.clone()),
        customer_id: Set(new.customer.0),
        request_id: Set(new.request.map(|request| request.0)),
        starts_at: Set(utc(new.starts_at)),
        ends_at: Set(utc(new.ends_at)),
        place: Set(Some(place)),
        state: Set(BOOKED.to_owned()),
        ics_sequence: Set(0),
        created_at: Set(new.created_at),
        ..Default::default()
    }
}
