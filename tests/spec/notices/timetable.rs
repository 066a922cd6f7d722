//! One instance does a job, once for each stretch of time, whatever the clock does.
use super::jobs;
use crate::support::TestApp;
use busbar::app::state;
use busbar::backends::clock::Clock;
use busbar::jobs::{Job, JobServices, turn};
use std::sync::atomic::{AtomicUsize, Ordering};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

static DONE: AtomicUsize = AtomicUsize::new(0);

static COUNTED: Job = Job {
    name: "counted",
    every: Duration::minutes(10),
    run: |_| {
        Box::pin(async {
            tokio::task::yield_now().await;
            Ok(DONE.fetch_add(1, Ordering::SeqCst))
        })
    },
};

static FAILING: Job = Job {
    name: "failing",
    every: Duration::minutes(10),
    run: |_| Box::pin(async { Err(busbar::data::Error::NotFound) }),
};

async fn fifty(both: &[JobServices; 2]) -> usize {
    let before = DONE.load(Ordering::SeqCst);
    let mut racers = JoinSet::new();
    for number in 0..50_usize {
        let services = both[number % 2].clone();
        racers.spawn(async move { turn(&services, &COUNTED, &number.to_string()).await.expect("the timetable") });
    }
    let won = racers.join_all().await.into_iter().filter(|won| *won).count();
    let done = DONE.load(Ordering::SeqCst) - before;
    assert_eq!(won, done, "who had the turn did the job");
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_is_done_once_for_each_stretch_by_one_of_two_instances_also_when_the_clock_is_set() {
    let app = TestApp::start().await;
    let (second, _) = app.another_instance().await;
    let clock = Clock::fixed(datetime!(2026-10-25 00:05 UTC));
    let at = |at: OffsetDateTime| clock.set(at);
    let of = |services| JobServices { clock: clock.clone(), ..services };
    let both = [of(jobs(&app)), of(state::job_services(&app.config, &second).expect("the ways out"))];
    assert_eq!(fifty(&both).await, 1);
    assert_eq!(fifty(&both).await, 0, "the stretch is done");
    at(datetime!(2026-10-25 00:10 UTC));
    assert_eq!(fifty(&both).await, 1);
    // The hour that is shown twice is two hours.
    at(datetime!(2026-10-25 01:10 UTC));
    assert_eq!(fifty(&both).await, 1);
    at(datetime!(2026-10-25 00:15 UTC));
    assert_eq!(fifty(&both).await, 0, "an hour back: done already");
    at(datetime!(2026-10-25 05:00 UTC));
    assert_eq!(fifty(&both).await, 1, "hours ahead: once, not once for each stretch between");
    at(datetime!(2027-10-25 05:00 UTC));
    assert_eq!(fifty(&both).await, 1, "a clock a year ahead");
    at(datetime!(2026-10-25 05:10 UTC));
    assert_eq!(fifty(&both).await, 1, "and set right again it does not wait for a year");
}

#[tokio::test]
async fn a_job_that_failed_is_tried_again_once_its_lease_ended_and_one_that_died_gives_way() {
    let app = TestApp::start().await;
    let clock = Clock::fixed(datetime!(2026-11-24 08:01 UTC));
    let services = JobServices { clock: clock.clone(), ..jobs(&app) };
    assert!(turn(&services, &FAILING, "one").await.is_err());
    assert!(!turn(&services, &FAILING, "two").await.expect("not yet"), "it is still held");
    clock.set(datetime!(2026-11-24 08:05 UTC));
    assert!(turn(&services, &FAILING, "two").await.is_err(), "tried again");
}
