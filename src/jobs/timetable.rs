//! The timetable: each job has its rhythm, and of any number of instances one does it. Time is cut into stretches as long as the rhythm;
//! a job is done once for each, whatever the clock does: set back, the stretch is done already; jumped ahead, the stretches between count
//! as one. Jobs do what is due by the supplier's own calendar, and each thing under its own name, so that once more does no harm.
use super::JobServices;
use crate::data::{self, Turn};
use futures_util::future::BoxFuture;
use std::time::Duration as Wait;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

/// How often to look whether something is due.
const LOOK: Wait = Wait::from_secs(20);
/// An instance that died holds its job no longer than this; one that works says so more often.
const LEASE: Duration = Duration::minutes(3);
const SAY: Wait = Wait::from_secs(60);

pub struct Job {
    pub name: &'static str,
    pub every: Duration,
    /// Answers how much it did.
    pub run: for<'a> fn(&'a JobServices) -> BoxFuture<'a, Result<usize, data::Error>>,
}

pub async fn run(services: JobServices, jobs: &'static [Job], mut stopped: watch::Receiver<bool>) {
    let holder = uuid::Uuid::new_v4().simple().to_string();
    while !*stopped.borrow() {
        for job in jobs {
            if *stopped.borrow() {
                return;
            }
            if let Err(error) = turn(&services, job, &holder).await {
                tracing::warn!(job = job.name, ?error, "a job could not be done");
            }
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Does the job if it is due and nobody else's; whether it was.
pub async fn turn(services: &JobServices, job: &Job, holder: &str) -> Result<bool, data::Error> {
    let now = services.clock.now();
    let turn = Turn { job: job.name, holder, slot: slot(now, job.every), absurd: now + Duration::DAY + job.every * 2 };
    let platform = services.db.platform();
    if !platform.take_turn(&turn, now, now + LEASE).await? {
        return Ok(false);
    }
    let done = tokio::select! {
        done = (job.run)(services) => done,
        error = keep(services, &turn) => Err(error),
    };
    // Not done: somebody tries again once the lease has ended.
    let count = done?;
    if count > 0 {
        tracing::info!(job = job.name, count, "done");
    }
    platform.end_turn(&turn, services.clock.now()).await?;
    Ok(true)
}

/// Says again and again that the job is in hand; ends when somebody else has it.
async fn keep(services: &JobServices, turn: &Turn<'_>) -> data::Error {
    loop {
        tokio::time::sleep(SAY).await;
        match services.db.platform().keep_turn(turn, services.clock.now() + LEASE).await {
            Ok(true) => {}
            Ok(false) => return data::Error::Broken("another instance took the job over".into()),
            Err(error) => tracing::warn!(job = turn.job, ?error, "a job's lease could not be renewed"),
        }
    }
}

/// Begin of the stretch that `now` is in.
fn slot(now: OffsetDateTime, every: Duration) -> OffsetDateTime {
    let seconds = every.whole_seconds().max(1);
    let begun = now.unix_timestamp().div_euclid(seconds) * seconds;
    OffsetDateTime::from_unix_timestamp(begun).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_stretch_begins_where_it_does_whoever_looks_and_when() {
        let every = Duration::minutes(10);
        assert_eq!(slot(datetime!(2026-10-25 00:59:59 UTC), every), datetime!(2026-10-25 00:50 UTC));
        assert_eq!(slot(datetime!(2026-10-25 01:00 UTC), every), datetime!(2026-10-25 01:00 UTC));
        assert_eq!(slot(datetime!(2026-10-25 03:00 +2), every), datetime!(2026-10-25 01:00 UTC));
    }
}
