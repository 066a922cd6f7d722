//! Revisions are published one after another: nobody's is lost, nobody's without its line in the audit.
use super::ground::{Ground, Role, content, entry};
use crate::support::template::is_production;
use busbar::data::{Error, Origin};
use busbar::domain::ids::TenantId;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

#[derive(Clone, Copy, Debug)]
enum Door {
    Tenant,
    Platform,
}

const DOORS: [Door; 2] = [Door::Tenant, Door::Platform];

async fn publish(
    ground: &busbar::data::Database,
    door: Door,
    id: TenantId,
    expected: i64,
    mark: &str,
) -> Result<i64, Error> {
    let (content, entry) = (content(mark), entry(mark));
    match door {
        Door::Tenant => {
            let tx = ground.tenant(id).begin().await?;
            let number = tx.publish_revision(expected, &content, &entry, mark).await?;
            tx.commit().await?;
            Ok(number)
        }
        Door::Platform => ground.platform().publish_revision(id, expected, &content, &entry, mark).await,
    }
}

/// How many lines of the audit say `mark`, wherever the door writes them.
async fn audited(ground: &Ground, door: Door, id: TenantId, mark: &str) -> usize {
    let whose = if matches!(door, Door::Tenant) { id } else { TenantId::PLATFORM };
    let tx = ground.db.tenant(whose).read().await.expect("a transaction");
    let trail = tx.audit_trail(1000, None).await.expect("the trail");
    trail.iter().filter(|line| line.action == mark).count()
}

async fn numbers(ground: &Ground, id: TenantId) -> Vec<i64> {
    let all = ground.db.platform().revisions(id, 1000).await.expect("the history");
    all.iter().map(|one| one.revision).collect()
}

#[tokio::test]
async fn a_revision_is_kept_with_its_content_and_its_line_in_the_audit() {
    for door in DOORS {
        let (ground, a, b) = Ground::with_two().await;
        assert_eq!(publish(&ground.db, door, a, 1, "second").await.expect("published"), 2);
        let current = ground.db.platform().current_revision(a).await.expect("the current one");
        assert_eq!((current.revision, current.document), (2, content("second").document));
        assert_eq!(numbers(&ground, a).await, [2, 1]);
        assert_eq!(numbers(&ground, b).await, [1], "another tenant's is not moved");
        assert_eq!(audited(&ground, door, a, "second").await, 1);
        let tx = ground.db.tenant(a).read().await.expect("a transaction");
        assert_eq!(tx.revision(1).await.expect("the older one").document, content("alfa").document);
        assert!(matches!(tx.revision(3).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn a_stale_expectation_is_refused_and_leaves_nothing() {
    for door in DOORS {
        let (ground, a, _) = Ground::with_two().await;
        publish(&ground.db, door, a, 1, "second").await.expect("published");
        for expected in [0, 1, 3, -1] {
            let refused = publish(&ground.db, door, a, expected, "stale").await;
            assert!(matches!(refused, Err(Error::Conflict(_))), "{door:?} from {expected}: {refused:?}");
        }
        let unknown = publish(&ground.db, Door::Platform, TenantId(4_000), 1, "stale").await;
        assert!(matches!(unknown, Err(Error::Conflict(_))), "{unknown:?}");
        assert_eq!(numbers(&ground, a).await, [2, 1]);
        assert_eq!(audited(&ground, door, a, "stale").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_publishers_at_the_same_moment_one_wins() {
    for door in DOORS {
        let (ground, a, _) = Ground::with_two().await;
        for round in 1..=10 {
            let mut publishers = JoinSet::new();
            for publisher in 0..4 {
                let db = ground.db.clone();
                publishers.spawn(async move { publish(&db, door, a, round, &format!("{round}:{publisher}")).await });
            }
            let results = publishers.join_all().await;
            let won = results.iter().filter(|result| result.is_ok()).count();
            let lost = results.iter().filter(|result| matches!(result, Err(Error::Conflict(_)))).count();
            assert_eq!((won, lost), (1, 3), "{door:?}: {results:?}");
        }
        assert_eq!(numbers(&ground, a).await, (1..=11).rev().collect::<Vec<i64>>());
    }
}

/// Everybody tries again from what they then see: all arrive, each once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_publisher_who_tries_again_is_lost() {
    const PUBLISHERS: i64 = 6;
    let (ground, a, _) = Ground::with_two().await;
    let mut publishers = JoinSet::new();
    for publisher in 0..PUBLISHERS {
        let (db, door) = (ground.db.clone(), DOORS[publisher as usize % 2]);
        publishers.spawn(async move {
            loop {
                let seen = db.platform().current_revision(a).await.expect("the current one").revision;
                match publish(&db, door, a, seen, &format!("by {publisher}")).await {
                    Ok(_) => return,
                    Err(Error::Conflict(_)) => {}
                    Err(error) => panic!("{door:?}: {error}"),
                }
            }
        });
    }
    publishers.join_all().await;
    let history = ground.db.platform().revisions(a, 100).await.expect("the history");
    let documents: BTreeSet<&str> = history.iter().map(|one| one.document.as_str()).collect();
    assert_eq!((history.len() as i64, documents.len() as i64), (PUBLISHERS + 1, PUBLISHERS + 1));
    for publisher in 0..PUBLISHERS {
        assert_eq!(audited(&ground, DOORS[publisher as usize % 2], a, &format!("by {publisher}")).await, 1);
    }
}

/// The audit is made to fail: then nothing was published, created or moved either.
#[tokio::test]
async fn a_change_that_cannot_be_audited_does_not_happen() {
    let (ground, a, _) = Ground::with_two().await;
    let broken = match is_production() {
        true => {
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$; \
             CREATE TRIGGER full_disk BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION full_disk();"
        }
        false => "CREATE TRIGGER full_disk BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END;",
    };
    let raw = ground.raw(Role::Owner).await;
    sea_orm::ConnectionTrait::execute_unprepared(&raw, broken).await.expect("a trigger");
    for door in DOORS {
        let refused = publish(&ground.db, door, a, 1, "unaudited").await;
        assert!(matches!(refused, Err(Error::Broken(_))), "{door:?}: {refused:?}");
        assert_eq!(numbers(&ground, a).await, [1], "{door:?}");
    }
    let (platform, content, entry) = (ground.db.platform(), content("third"), entry("create"));
    platform.create_tenant("third", Origin::Console, &content, &entry, "").await.expect_err("no audit, no tenant");
    platform.set_state(a, "suspended", &entry).await.expect_err("no audit, no other state");
    let tenants = platform.tenants().await.expect("the list");
    let states: Vec<(&str, &str)> = tenants.iter().map(|one| (one.slug.as_str(), one.state.as_str())).collect();
    assert_eq!(states, [("alfa", "active"), ("beta", "active")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tenants_made_at_the_same_moment_are_all_made() {
    let ground = Ground::migrated().await;
    let mut makers = JoinSet::new();
    for maker in 0..8 {
        let db = ground.db.clone();
        makers.spawn(async move {
            let (slug, entry) = (format!("tenant-{maker}"), entry("create"));
            db.platform().create_tenant(&slug, Origin::Console, &content(&slug), &entry, "").await
        });
    }
    let made: BTreeSet<TenantId> = makers.join_all().await.into_iter().map(|one| one.expect("a tenant")).collect();
    assert_eq!(made.len(), 8);
    let (platform, content, entry) = (ground.db.platform(), content("tenant-1"), entry("create"));
    let taken = platform.create_tenant("tenant-1", Origin::Console, &content, &entry, "").await;
    assert!(matches!(taken, Err(Error::Conflict(_))), "{taken:?}");
}

#[tokio::test]
async fn an_unknown_tenants_state_is_not_changed() {
    let ground = Ground::migrated().await;
    let (platform, entry) = (ground.db.platform(), entry("suspend"));
    assert!(matches!(platform.set_state(TenantId(4_000), "suspended", &entry).await, Err(Error::NotFound)));
    assert_eq!(audited(&ground, Door::Platform, TenantId(4_000), "suspend").await, 0);
}
