//! The bus, the same on both: embedded always, Redis when `BUSBAR_TEST_REDIS` holds its URL.
use super::super::redis::tests::{line, nobody};
use super::*;

const TENANT: TenantId = TenantId(7);

fn both() -> Vec<Bus> {
    let mut all = vec![Bus::embedded()];
    all.extend(line().map(Bus::redis));
    all
}

#[tokio::test]
async fn a_revision_never_goes_back() {
    for bus in both() {
        assert_eq!(bus.revision(TENANT).await, None);
        for announced in [1, 3, 2] {
            bus.announce(TENANT, announced).await;
        }
        assert_eq!(bus.revision(TENANT).await, Some(3));
        assert_eq!(bus.revision(TenantId(8)).await, None);
    }
}

#[tokio::test]
async fn the_doorbell_is_heard() {
    for bus in both() {
        let mut bell = bus.subscribe();
        bus.announce(TENANT, 1).await;
        let heard = tokio::time::timeout(Duration::from_secs(2), bell.recv()).await;
        assert_eq!(heard.expect("in time").expect("open"), TENANT);
    }
}

#[tokio::test]
async fn another_instance_sees_the_number_at_once_and_hears_the_bell() {
    let Some(line) = line() else { return };
    let (here, there) = (Bus::redis(line.clone()), Bus::redis(line));
    let mut bell = there.subscribe();
    // The listener needs a moment to dial; the number does not.
    for revision in 1..=100 {
        here.announce(TENANT, revision).await;
        assert_eq!(there.revision(TENANT).await, Some(revision), "no moment in between");
        if tokio::time::timeout(Duration::from_millis(30), bell.recv()).await.is_ok() {
            return;
        }
    }
    panic!("never rang");
}

#[tokio::test]
async fn many_announcing_at_once_end_at_the_highest() {
    let Some(line) = line() else { return };
    let bus = Arc::new(Bus::redis(line));
    let mut announcing = tokio::task::JoinSet::new();
    for revision in 1..=50 {
        let bus = bus.clone();
        announcing.spawn(async move { bus.announce(TENANT, revision).await });
    }
    announcing.join_all().await;
    assert_eq!(bus.revision(TENANT).await, Some(50));
}

#[tokio::test]
async fn how_far_a_revision_has_come_can_be_asked() {
    let embedded = Bus::embedded();
    assert_eq!(embedded.reach(TENANT, 5).await, Some(Reach { loaded: 1, instances: 1 }));
    let Some(line) = line() else { return };
    let instances: Vec<Bus> = (0..3).map(|_| Bus::redis(line.clone())).collect();
    let started = std::time::Instant::now();
    while instances[0].reach(TENANT, 1).await.map(|reach| reach.instances) != Some(3) {
        assert!(started.elapsed() < Duration::from_secs(3), "not all are heard");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    instances[0].loaded(TENANT, 2).await;
    instances[1].loaded(TENANT, 3).await;
    instances[2].loaded(TENANT, 1).await;
    assert_eq!(instances[1].reach(TENANT, 2).await, Some(Reach { loaded: 2, instances: 3 }));
}

#[tokio::test]
async fn without_redis_nothing_is_known_and_nothing_breaks() {
    let bus = Bus::redis(nobody());
    let mut bell = bus.subscribe();
    bus.announce(TENANT, 4).await;
    assert_eq!(bell.recv().await.expect("this instance hears itself"), TENANT);
    assert_eq!(bus.revision(TENANT).await, None);
    assert_eq!(bus.reach(TENANT, 4).await, None);
}

#[tokio::test]
async fn what_was_announced_while_redis_was_away_is_told_when_it_is_back() {
    let Some(line) = line() else { return };
    let Bus::Redis(bus) = Bus::redis(line) else { return };
    bus.owed().insert(TENANT, 9);
    let started = std::time::Instant::now();
    while bus.revision(TENANT).await != Some(9) {
        assert!(started.elapsed() < Duration::from_secs(3), "still owed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
