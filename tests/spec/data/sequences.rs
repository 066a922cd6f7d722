//! Running numbers have no gaps and no twins.
use super::ground::Ground;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_run_without_gaps_or_twins_whoever_asks_and_gives_up() {
    let (ground, a, b) = Ground::with_two().await;
    let mut takers = tokio::task::JoinSet::new();
    for taker in 0..20 {
        let db = ground.db.tenant(a);
        takers.spawn(async move {
            let tx = db.begin().await.expect("a transaction");
            let number = tx.next_number("requests-2026").await.expect("a number");
            if taker % 4 == 0 {
                return None;
            }
            tx.commit().await.expect("kept");
            Some(number)
        });
    }
    let mut taken: Vec<i64> = takers.join_all().await.into_iter().flatten().collect();
    taken.sort_unstable();
    assert_eq!(taken, (1..=15).collect::<Vec<_>>());
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    assert_eq!(tx.next_number("requests-2026").await.expect("a number"), 16);
    assert_eq!(tx.next_number("requests-2026").await.expect("a number"), 17);
    assert_eq!(tx.next_number("contracts").await.expect("a number"), 1, "each name runs by itself");
    drop(tx);
    let tx = ground.db.tenant(b).begin().await.expect("a transaction");
    assert_eq!(tx.next_number("requests-2026").await.expect("a number"), 1, "each tenant has its own");
}
