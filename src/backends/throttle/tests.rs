//! Guessing, the same against both: embedded always, Redis when `BUSBAR_TEST_REDIS` holds its URL.
use super::super::redis::tests::{line, nobody};
use super::*;

const TENANT: TenantId = TenantId(7);

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

fn both() -> Vec<Arc<Throttle>> {
    let mut all = vec![Throttle::embedded()];
    all.extend(line().map(Throttle::redis));
    all.into_iter().map(Arc::new).collect()
}

#[tokio::test]
async fn of_a_thousand_guesses_at_once_ten_reach_the_hash() {
    for throttle in both() {
        throttle.reserve(TENANT, "jan", address(2)).await.expect("the owner").succeeded().await;
        let mut guessing = tokio::task::JoinSet::new();
        for _ in 0..1000 {
            let throttle = throttle.clone();
            guessing.spawn(async move { throttle.reserve(TENANT, "jan", address(1)).await.is_ok() });
        }
        let reached = guessing.join_all().await.into_iter().filter(|reached| *reached).count();
        assert_eq!(reached, 10);
        let Err(RetryAfter(wait)) = throttle.reserve(TENANT, "jan", address(1)).await else { panic!("let in") };
        assert!(Duration::from_secs(20) < wait && wait <= Duration::from_secs(30), "{wait:?}");
        // The owner, where they were before, at once.
        let permit = throttle.reserve(TENANT, "jan", address(2)).await.expect("the owner gets in");
        permit.succeeded().await;
        // The same name at another supplier is somebody else.
        assert!(throttle.reserve(TenantId(8), "jan", address(1)).await.is_ok());
    }
}

#[tokio::test]
async fn one_address_cannot_try_ten_times_at_each_of_a_hundred_accounts() {
    for throttle in both() {
        let mut reached = 0;
        for account in 0..100 {
            for _ in 0..10 {
                reached +=
                    usize::from(throttle.reserve(TENANT, &format!("account {account}"), address(1)).await.is_ok());
            }
        }
        assert_eq!(reached, 100);
        assert!(throttle.reserve(TENANT, "account 99", address(2)).await.is_ok());
    }
}

/// The test of the flood once counted twenty: Redis had been silent for a moment, and the instance began to count anew.
#[tokio::test]
async fn a_redis_that_goes_away_grants_no_second_helping() {
    let Some(line) = line() else { return };
    let remote = Remote { line, meanwhile: Embedded::default() };
    let cut_off = Throttle::Redis(Remote { line: nobody(), meanwhile: remote.meanwhile.clone() });
    let throttle = Throttle::Redis(remote);
    throttle.reserve(TENANT, "jan", address(2)).await.expect("the owner").succeeded().await;
    for _ in 0..10 {
        drop(throttle.reserve(TENANT, "jan", address(1)).await.expect("a guess"));
    }
    assert!(cut_off.reserve(TENANT, "jan", address(1)).await.is_err());
    assert!(throttle.reserve(TENANT, "jan", address(1)).await.is_err());
    assert!(cut_off.reserve(TENANT, "jan", address(2)).await.is_ok(), "the owner, where they were before");
}

#[tokio::test]
async fn whoever_is_right_is_not_counted() {
    for throttle in both() {
        for _ in 0..150 {
            throttle.reserve(TENANT, "jan", address(1)).await.expect("let in").succeeded().await;
        }
        for _ in 0..9 {
            drop(throttle.reserve(TENANT, "jan", address(1)).await.expect("a slip"));
        }
        throttle.reserve(TENANT, "jan", address(1)).await.expect("the tenth").succeeded().await;
        for _ in 0..9 {
            drop(throttle.reserve(TENANT, "jan", address(1)).await.expect("the slips are forgotten"));
        }
    }
}

#[tokio::test]
async fn an_untried_password_is_not_an_attempt() {
    for throttle in both() {
        for _ in 0..50 {
            throttle.reserve(TENANT, "jan", address(1)).await.expect("let in").untried().await;
        }
    }
}

#[tokio::test]
async fn guessing_at_one_account_from_everywhere_slows_down_but_does_not_shut_out() {
    for throttle in both() {
        throttle.reserve(TENANT, "jan", address(252)).await.expect("the owner").succeeded().await;
        let mut reached = 0;
        for last in 0..250 {
            reached += usize::from(throttle.reserve(TENANT, "jan", address(last)).await.is_ok());
        }
        assert_eq!(reached, 10);
        let Err(RetryAfter(wait)) = throttle.reserve(TENANT, "jan", address(251)).await else { panic!("let in") };
        assert!(wait <= Duration::from_secs(5), "{wait:?}");
        // Where the owner was right before, they are let in at once; and a slip of theirs holds nobody up elsewhere.
        for _ in 0..3 {
            drop(throttle.reserve(TENANT, "jan", address(252)).await.expect("a slip"));
        }
        throttle.reserve(TENANT, "jan", address(252)).await.expect("the owner, at home").succeeded().await;
        let Err(RetryAfter(still)) = throttle.reserve(TENANT, "jan", address(251)).await else { panic!("let in") };
        assert!(still <= wait, "{still:?} after {wait:?}");
    }
}

/// Whoever is at home at an address gets no more guesses there than anybody.
#[tokio::test]
async fn a_known_address_is_counted_like_any_other() {
    for throttle in both() {
        throttle.reserve(TENANT, "jan", address(1)).await.expect("the owner").succeeded().await;
        let mut reached = 0;
        for _ in 0..50 {
            reached += usize::from(throttle.reserve(TENANT, "jan", address(1)).await.is_ok());
        }
        assert_eq!(reached, 10);
        assert!(throttle.reserve(TENANT, "eva", address(1)).await.is_ok());
    }
}

/// Known on one instance, known on the other, also while that one counts guesses by itself.
#[tokio::test]
async fn where_the_owner_is_known_every_instance_knows() {
    let Some(line) = line() else { return };
    let instance = || Throttle::Redis(Remote { line: line.clone(), meanwhile: Embedded::default() });
    let (first, second) = (instance(), instance());
    first.reserve(TENANT, "jan", address(252)).await.expect("the owner").succeeded().await;
    for last in 0..50 {
        _ = second.reserve(TENANT, "jan", address(last)).await;
    }
    assert!(second.reserve(TENANT, "jan", address(251)).await.is_err());
    second.reserve(TENANT, "jan", address(252)).await.expect("the owner, at home").succeeded().await;
}

#[test]
fn the_wait_grows_and_is_bounded_and_forgotten() {
    let counters = Embedded::default();
    let keys = Keys::of(TENANT, "jan", address(1));
    let mut now = Instant::now();
    let mut waits = Vec::new();
    for _ in 0..9 {
        counters.reserve(&keys, now).expect("the first nine");
    }
    for _ in 0..8 {
        counters.reserve(&keys, now).expect("after the wait");
        let Err(RetryAfter(wait)) = counters.reserve(&keys, now) else { panic!("no wait") };
        waits.push(wait.as_secs());
        now += wait;
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900]);
    now += WINDOW + WINDOW;
    for _ in 0..10 {
        counters.reserve(&keys, now).expect("forgotten");
    }
}

#[test]
fn dead_counters_are_thrown_away() {
    let counters = Embedded::default();
    let now = Instant::now();
    for account in 0..5000 {
        let keys =
            Keys::of(TENANT, &account.to_string(), IpAddr::from([10, 0, (account / 256) as u8, (account % 256) as u8]));
        counters.reserve(&keys, now).expect("let in");
    }
    assert_eq!(counters.lock().counters.len(), 15_000);
    let later = now + WINDOW + Duration::from_secs(1);
    counters.lock().prune_at = 0;
    counters.reserve(&Keys::of(TENANT, "jan", address(1)), later).expect("let in");
    assert_eq!(counters.lock().counters.len(), 3);
}

#[test]
fn a_whole_ipv6_network_is_one_address() {
    let digest = |text: &str| Keys::of(TENANT, "", text.parse().expect("an address")).digests[1];
    assert_eq!(digest("2001:db8:1:2::1"), digest("2001:db8:1:2:ffff::9"));
    assert_ne!(digest("2001:db8:1:2::1"), digest("2001:db8:1:3::1"));
    assert_eq!(digest("::ffff:192.0.2.1"), digest("192.0.2.1"));
    assert_ne!(Keys::of(TENANT, "a", address(1)).digests[0], Keys::of(TENANT, "b", address(1)).digests[0]);
}

#[tokio::test]
async fn without_redis_each_instance_counts_for_itself() {
    let throttle = Throttle::redis(nobody());
    throttle.reserve(TENANT, "jan", address(2)).await.expect("the owner").succeeded().await;
    let mut reached = 0;
    for _ in 0..100 {
        reached += usize::from(throttle.reserve(TENANT, "jan", address(1)).await.is_ok());
    }
    assert_eq!(reached, 10);
    throttle.reserve(TENANT, "jan", address(2)).await.expect("the owner").succeeded().await;
}

#[tokio::test]
async fn a_key_calls_so_often_a_minute_and_another_is_not_counted_with_it() {
    for throttle in both() {
        for _ in 0..3 {
            throttle.call(TENANT, "one", 3).await.expect("within the limit");
        }
        let Err(RetryAfter(wait)) = throttle.call(TENANT, "one", 3).await else { panic!("a fourth") };
        assert!(!wait.is_zero() && wait <= Duration::from_secs(60), "{wait:?}");
        assert!(throttle.call(TENANT, "other", 3).await.is_ok() && throttle.call(TenantId(8), "one", 3).await.is_ok());
    }
}

#[test]
fn the_next_minute_is_counted_anew() {
    let (counters, now) = (Embedded::default(), Instant::now());
    let call = |seconds| counters.call([1; 16], 2, now + Duration::from_secs(seconds));
    assert!(call(0).is_ok() && call(59).is_ok());
    assert_eq!(call(59), Err(RetryAfter(Duration::from_secs(1))), "until a minute after the first");
    assert!(call(60).is_ok());
}
