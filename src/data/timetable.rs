//! Whose turn a job is: one instance holds it for a while, and for which stretch of time it is done.
use super::error::Error;
use super::platform::PlatformDb;
use sea_orm::{ConnectionTrait, Statement, Value};
use time::OffsetDateTime;

/// One job's turn at one stretch of time.
#[derive(Clone, Debug)]
pub struct Turn<'a> {
    pub job: &'a str,
    /// Which instance asks.
    pub holder: &'a str,
    /// Begin of the stretch it would be done for.
    pub slot: OffsetDateTime,
    /// Done for something later than this: a clock was wrong, and what it said does not count.
    pub absurd: OffsetDateTime,
}

const KNOWN: &str = "INSERT INTO timetable (job, holder, held_until, done_for) VALUES ($1, '', $2, $2) \
    ON CONFLICT (job) DO NOTHING";
const TAKE: &str = "UPDATE timetable SET holder = $2, held_until = $3 WHERE job = $1 \
    AND (held_until <= $4 OR held_until > $6) AND (done_for < $5 OR done_for > $6)";
const KEEP: &str = "UPDATE timetable SET held_until = $3 WHERE job = $1 AND holder = $2";
const DONE: &str = "UPDATE timetable SET done_for = $3, held_until = $4 WHERE job = $1 AND holder = $2";

impl PlatformDb {
    /// Whether it is this instance's turn: nobody holds the job, and it is not done for that stretch.
    pub async fn take_turn(&self, turn: &Turn<'_>, now: OffsetDateTime, until: OffsetDateTime) -> Result<bool, Error> {
        self.timetable(KNOWN, vec![turn.job.into(), OffsetDateTime::UNIX_EPOCH.into()]).await?;
        let values =
            vec![turn.job.into(), turn.holder.into(), until.into(), now.into(), turn.slot.into(), turn.absurd.into()];
        Ok(self.timetable(TAKE, values).await? == 1)
    }

    /// The stretch it was last done for; none when never.
    pub async fn done_for(&self, job: &str) -> Result<Option<OffsetDateTime>, Error> {
        let sql = "SELECT done_for FROM timetable WHERE job = $1";
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, [job.into()]);
        let row = self.db.query_one_raw(statement).await?;
        let at: Option<OffsetDateTime> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(at.filter(|at| *at > OffsetDateTime::UNIX_EPOCH))
    }

    /// False when somebody else holds it by now.
    pub async fn keep_turn(&self, turn: &Turn<'_>, until: OffsetDateTime) -> Result<bool, Error> {
        Ok(self.timetable(KEEP, vec![turn.job.into(), turn.holder.into(), until.into()]).await? == 1)
    }

    pub async fn end_turn(&self, turn: &Turn<'_>, now: OffsetDateTime) -> Result<(), Error> {
        self.timetable(DONE, vec![turn.job.into(), turn.holder.into(), turn.slot.into(), now.into()]).await.map(|_| ())
    }

    async fn timetable(&self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        Ok(self.db.execute_raw(statement).await?.rows_affected())
    }
}
