//! Sessions, the same on both: embedded always, Redis when `BUSBAR_TEST_REDIS` holds its URL.
use super::super::redis::tests::{line, nobody};
use super::*;
use crate::domain::access::Proofs;
use time::macros::{date, datetime};

const TENANT: TenantId = TenantId(7);

fn session(name: &str) -> Session {
    Session {
        tenant: TENANT,
        kind: SubjectKind::Customer,
        subject: Uuid::from_u128(1),
        customer: Some(CustomerId(Uuid::from_u128(2))),
        role: Role::Customer,
        proofs: Proofs::WHOLE,
        name: name.into(),
        device: "Firefox, Linux".into(),
        after: Some(AfterContract { ended_on: date!(2026 - 06 - 30), until: date!(2026 - 12 - 30) }),
        number: String::new(),
        created_at: datetime!(2026-11-23 10:00 UTC),
        expires_at: datetime!(2026-11-23 22:00 UTC),
        owes_terms: false,
    }
}

/// Both kinds; `true` for the one that knows revisions.
fn both() -> Vec<Sessions> {
    let mut all = vec![Sessions::embedded()];
    all.extend(line().map(Sessions::redis));
    all
}

#[test]
fn the_json_is_what_the_durable_row_holds() {
    let json = serde_json::to_value(session("Jan")).expect("serialised");
    assert_eq!(json["role"], "customer");
    assert_eq!(json["kind"], "customer");
    assert_eq!(serde_json::from_value::<Session>(json.clone()).expect("read"), session("Jan"));
    let mut unknown = json;
    unknown["role"] = "emperor".into();
    assert!(serde_json::from_value::<Session>(unknown).is_err());
}

#[tokio::test]
async fn what_was_put_is_found_by_its_own_tenant_only() {
    for sessions in both() {
        let hash = super::super::keys::random();
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Miss);
        sessions.put(TENANT, &hash, &session("Jan")).await;
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Hit(session("Jan")));
        assert_eq!(sessions.load(TenantId(8), &hash).await.session, Fast::Miss);
        assert_eq!(sessions.load(TENANT, &[0; 32]).await.session, Fast::Miss);
    }
}

#[tokio::test]
async fn an_ended_session_is_not_brought_back_by_its_row() {
    for sessions in both() {
        let hash = super::super::keys::random();
        sessions.put(TENANT, &hash, &session("Jan")).await;
        sessions.end(TENANT, &hash).await;
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Ended);
        assert!(!sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Ended);
    }
}

#[tokio::test]
async fn a_row_read_before_the_end_and_put_after_it_does_not_count() {
    for sessions in both() {
        // The fast copy was lost, the row is still there: an instance reads it …
        let hash = super::super::keys::random();
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Miss);
        // … meanwhile the person signs out elsewhere …
        sessions.end(TENANT, &hash).await;
        // … and only now it is put back.
        assert!(!sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Ended);
    }
}

#[tokio::test]
async fn a_lost_copy_is_put_back_once_and_by_anybody() {
    for sessions in both() {
        let hash = super::super::keys::random();
        assert!(sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
        assert!(sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
        assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Hit(session("Jan")));
    }
}

#[tokio::test]
async fn all_sessions_of_somebody_end_together() {
    for sessions in both() {
        let hashes: Vec<TokenHash> = (0..5).map(|_| super::super::keys::random()).collect();
        for hash in &hashes {
            sessions.put(TENANT, hash, &session("Jan")).await;
        }
        sessions.end_many(TENANT, &hashes[..4]).await;
        for hash in &hashes[..4] {
            assert_eq!(sessions.load(TENANT, hash).await.session, Fast::Ended);
        }
        assert!(matches!(sessions.load(TENANT, &hashes[4]).await.session, Fast::Hit(_)));
        sessions.end_many(TENANT, &[]).await;
    }
}

#[tokio::test]
async fn an_idle_session_has_ended_for_good() {
    // Embedded: as if it had last been used half an hour ago.
    let map = Embedded::default();
    let hash = [9; 32];
    map.put(TENANT, &hash, &session("Jan"));
    let ago = Instant::now().checked_sub(IDLE).expect("the machine has run that long");
    map.lock().entries.get_mut(&(TENANT, hash)).expect("put").used = ago;
    assert_eq!(map.load(TENANT, &hash), Fast::Ended);
    assert!(!map.put_if_absent(TENANT, &hash, &session("Jan")));
    // Redis: as if the session's own key had run out.
    let Some(line) = line() else { return };
    let remote = Remote { line: line.clone(), owed: Arc::default() };
    remote.put(TENANT, &hash, &session("Jan")).await;
    let (key, _) = remote.keys(TENANT, &hash);
    let key = &key;
    let life: i64 =
        line.ask(async |mut line| redis::cmd("TTL").arg(key).query_async(&mut line).await).await.expect("well");
    assert!((IDLE.as_secs() as i64 - 5..=IDLE.as_secs() as i64).contains(&life), "{life}");
    let _: i64 =
        line.ask(async |mut line| redis::cmd("DEL").arg(key).query_async(&mut line).await).await.expect("well");
    assert_eq!(remote.load(TENANT, &hash).await.session, Fast::Ended);
    assert!(!remote.put_if_absent(TENANT, &hash, &session("Jan")).await);
}

#[tokio::test]
async fn the_revision_comes_with_the_session() {
    let Some(line) = line() else { return };
    let sessions = Sessions::redis(line.clone());
    let bus = super::super::bus::Bus::redis(line);
    assert_eq!(sessions.load(TENANT, &[1; 32]).await.revision, None);
    bus.announce(TENANT, 41).await;
    sessions.put(TENANT, &[1; 32], &session("Jan")).await;
    let found = sessions.load(TENANT, &[1; 32]).await;
    assert_eq!(found, Lookup { session: Fast::Hit(session("Jan")), revision: Some(41) });
}

#[tokio::test]
async fn without_redis_the_row_decides_but_an_end_is_remembered() {
    let sessions = Sessions::redis(nobody());
    let hash = [3; 32];
    sessions.put(TENANT, &hash, &session("Jan")).await;
    assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Unreachable);
    assert!(sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
    sessions.end(TENANT, &hash).await;
    assert_eq!(sessions.load(TENANT, &hash).await.session, Fast::Ended);
    assert!(!sessions.put_if_absent(TENANT, &hash, &session("Jan")).await);
}

#[tokio::test]
async fn what_ended_while_redis_was_away_ends_when_it_is_back() {
    let Some(line) = line() else { return };
    let Sessions::Redis(remote) = Sessions::redis(line) else { return };
    let (ended, other) = (super::super::keys::random(), super::super::keys::random());
    remote.put(TENANT, &ended, &session("Jan")).await;
    remote.owed().push((TENANT, ended));
    assert_eq!(remote.load(TENANT, &ended).await.session, Fast::Ended);
    remote.load(TENANT, &other).await;
    let started = Instant::now();
    while !remote.owed().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(3), "still owed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(remote.load(TENANT, &ended).await.session, Fast::Ended);
}

/// The futures are held across the awaits of handlers that any thread may take up.
#[test]
fn asking_is_send() {
    fn is_send<T: Send>(_: T) {}
    let sessions = Sessions::redis(nobody());
    is_send(sessions.load(TENANT, &[0; 32]));
    is_send(sessions.put_if_absent(TENANT, &[0; 32], &session("Jan")));
    is_send(sessions.end(TENANT, &[0; 32]));
}
