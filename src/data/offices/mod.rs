//! Offices that customers can visit, and what a visit may be about.
mod bookings;

pub use bookings::{Booked, Booking, DayRow, NewBooking};

use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::appointments::{Office, Opening, Topic};
use crate::domain::ids::OfficeId;
use crate::domain::supply_points::Address;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Iterable, QueryOrder, Set};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Time};

mod office {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "offices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: String,
        pub name_cs: String,
        pub name_en: String,
        pub street: String,
        pub city: String,
        pub postcode: String,
        pub phone: String,
        pub hours: String,
        pub closed: String,
        pub slot_minutes: i16,
        pub capacity: i16,
        pub lead_minutes: i32,
        pub ahead_days: i32,
        pub position: i16,
        pub is_active: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for office::Entity {
    const TENANT: office::Column = office::Column::TenantId;
}
mod topic {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "office_topics")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub office_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub name_cs: String,
        pub name_en: String,
        pub minutes: i16,
        pub position: i16,
        pub is_active: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for topic::Entity {
    const TENANT: topic::Column = topic::Column::TenantId;
}

/// An office as it is kept: in every language, with what it does not offer now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeRow {
    pub id: OfficeId,
    /// The word in routes.
    pub key: String,
    pub name_cs: String,
    pub name_en: String,
    pub address: Address,
    pub phone: String,
    /// From Monday to Sunday; an empty day is closed.
    pub hours: [Vec<Opening>; 7],
    /// Closed besides public holidays.
    pub closed: Vec<Date>,
    pub slot_minutes: u16,
    /// Visits at once.
    pub capacity: u16,
    pub lead_minutes: i32,
    pub ahead_days: i32,
    pub position: i16,
    pub is_active: bool,
    /// In the operator's order.
    pub topics: Vec<TopicRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRow {
    /// The word in routes and bookings.
    pub key: String,
    pub name_cs: String,
    pub name_en: String,
    /// How long it usually takes.
    pub minutes: u16,
    pub position: i16,
    pub is_active: bool,
}

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

impl OfficeRow {
    /// As customers see it: in one language, with the topics that are offered.
    pub fn shown(&self, is_english: bool) -> Office {
        let named = |cs: &str, en: &str| if is_english { en.to_owned() } else { cs.to_owned() };
        let offered = self.topics.iter().filter(|topic| topic.is_active);
        let topic = |one: &TopicRow| Topic { key: one.key.clone(), name: named(&one.name_cs, &one.name_en) };
        Office {
            key: self.key.clone(),
            name: named(&self.name_cs, &self.name_en),
            address: self.address.clone(),
            hours: self.hours.clone(),
            slot_minutes: self.slot_minutes,
            capacity: self.capacity,
            lead_minutes: self.lead_minutes.into(),
            ahead_days: self.ahead_days.into(),
            topics: offered.map(topic).collect(),
            closed: self.closed.clone(),
        }
    }
}

/// `[["08:00","12:00"], …]` for each day of the week.
fn hours_text(hours: &[Vec<Opening>; 7]) -> String {
    let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let day = |all: &Vec<Opening>| all.iter().map(|one| [clock(one.from), clock(one.to)]).collect::<Vec<_>>();
    serde_json::Value::from_iter(hours.iter().map(|all| serde_json::json!(day(all)))).to_string()
}

fn hours_of(text: &str) -> Result<[Vec<Opening>; 7], Error> {
    let days: Vec<Vec<[String; 2]>> = serde_json::from_str(text).map_err(|_| odd("hours", text))?;
    let clock = |text: &str| Time::parse(text, CLOCK).map_err(|_| odd("hours", text));
    let opening = |[from, to]: [String; 2]| Ok(Opening { from: clock(&from)?, to: clock(&to)? });
    let days = days.into_iter().map(|day| day.into_iter().map(opening).collect::<Result<Vec<_>, Error>>());
    days.collect::<Result<Vec<_>, Error>>()?.try_into().map_err(|_| odd("hours", text))
}

fn closed_text(days: &[Date]) -> String {
    serde_json::Value::from_iter(days.iter().map(|day| day.to_string())).to_string()
}

fn closed_of(text: &str) -> Result<Vec<Date>, Error> {
    let days: Vec<String> = serde_json::from_str(text).map_err(|_| odd("closed", text))?;
    days.iter().map(|day| Date::parse(day, DAY).map_err(|_| odd("closed", day))).collect()
}

fn topic_of(row: topic::Model) -> TopicRow {
    TopicRow {
        key: row.key,
        name_cs: row.name_cs,
        name_en: row.name_en,
        minutes: row.minutes as u16,
        position: row.position,
        is_active: row.is_active,
    }
}

fn office_of(row: office::Model, topics: &[topic::Model]) -> Result<OfficeRow, Error> {
    Ok(OfficeRow {
        topics: topics.iter().filter(|topic| topic.office_id == row.id).cloned().map(topic_of).collect(),
        id: OfficeId(row.id),
        key: row.key,
        name_cs: row.name_cs,
        name_en: row.name_en,
        address: Address { street: row.street, city: row.city, postcode: row.postcode },
        phone: row.phone,
        hours: hours_of(&row.hours)?,
        closed: closed_of(&row.closed)?,
        slot_minutes: row.slot_minutes as u16,
        capacity: row.capacity as u16,
        lead_minutes: row.lead_minutes,
        ahead_days: row.ahead_days,
        position: row.position,
        is_active: row.is_active,
    })
}

impl TenantTx {
    /// All of them, in the operator's order.
    pub async fn offices(&self) -> Result<Vec<OfficeRow>, Error> {
        let rows = self
            .find::<office::Entity>()
            .with(|query| query.order_by_asc(office::Column::Position).order_by_asc(office::Column::Key));
        let topics = self
            .find::<topic::Entity>()
            .with(|query| query.order_by_asc(topic::Column::Position).order_by_asc(topic::Column::Key));
        let topics = topics.all().await?;
        rows.all().await?.into_iter().map(|row| office_of(row, &topics)).collect()
    }

    pub async fn office(&self, key: &str) -> Result<OfficeRow, Error> {
        let row = self.find::<office::Entity>().with(|query| query.filter(office::Column::Key.eq(key)));
        self.with_topics(row.one().await?).await
    }

    pub async fn office_by_id(&self, id: OfficeId) -> Result<OfficeRow, Error> {
        let row = self.find::<office::Entity>().with(|query| query.filter(office::Column::Id.eq(id.0)));
        self.with_topics(row.one().await?).await
    }

    async fn with_topics(&self, row: Option<office::Model>) -> Result<OfficeRow, Error> {
        let row = row.ok_or(Error::NotFound)?;
        let topics = self.find::<topic::Entity>().with(|query| {
            query
                .filter(topic::Column::OfficeId.eq(row.id))
                .order_by_asc(topic::Column::Position)
                .order_by_asc(topic::Column::Key)
        });
        office_of(row, &topics.all().await?)
    }

    /// Anew or over the one with its id, with its topics; a topic that is not given stays as it was, since bookings name it.
    pub async fn save_office(&self, one: &OfficeRow) -> Result<(), Error> {
        let key = [office::Column::TenantId, office::Column::Id];
        let changed = office::Column::iter().skip(key.len());
        let over = OnConflict::columns(key).update_columns(changed).to_owned();
        self.put(office_row(one), over).await?;
        for topic in &one.topics {
            let row = topic::ActiveModel {
                office_id: Set(one.id.0),
                key: Set(topic.key.clone()),
                name_cs: Set(topic.name_cs.clone()),
                name_en: Set(topic.name_en.clone()),
                minutes: Set(topic.minutes as i16),
                position: Set(topic.position),
                is_active: Set(topic.is_active),
                ..Default::default()
            };
            let key = [topic::Column::TenantId, topic::Column::OfficeId, topic::Column::Key];
            let changed = topic::Column::iter().skip(key.len());
            self.put(row, OnConflict::columns(key).update_columns(changed).to_owned()).await?;
        }
        Ok(())
    }
}

fn office_row(one: &OfficeRow) -> office::ActiveModel {
    office::ActiveModel {
        id: Set(one.id.0),
        key: Set(one.key.clone()),
        name_cs: Set(one.name_cs.clone()),
        name_en: Set(one.name_en.clone()),
        street: Set(one.address.street.clone()),
        city: Set(one.address.city.clone()),
        postcode: Set(one.address.postcode.clone()),
        phone: Set(one.phone.clone()),
        hours: Set(hours_text(&one.hours)),
        closed: Set(closed_text(&one.closed)),
        slot_minutes: Set(one.slot_minutes as i16),
        capacity: Set(one.capacity as i16),
        lead_minutes: Set(one.lead_minutes),
        ahead_days: Set(one.ahead_days),
        position: Set(one.position),
        is_active: Set(one.is_active),
        ..Default::default()
    }
}
