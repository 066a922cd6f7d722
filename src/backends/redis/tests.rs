//! What a Redis that is well, silent, gone or slow does to those who ask. Those that need one run when `BUSBAR_TEST_REDIS` holds its URL.
use super::*;
use deadpool_redis::redis::cmd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A line with key names of its own; none without a Redis to test on.
pub(in crate::backends) fn line() -> Option<RedisLine> {
    let url = std::env::var("BUSBAR_TEST_REDIS").ok()?;
    Some(redis_line(&url, &format!("test-{}", uuid::Uuid::new_v4().simple())).expect("a URL"))
}

/// A server that accepts and never says a word.
async fn silent() -> (RedisLine, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("redis://{}", listener.local_addr().expect("bound"));
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    (redis_line(&url, "test").expect("a URL"), holding)
}

/// A line to nobody.
pub(in crate::backends) fn nobody() -> RedisLine {
    redis_line("redis://127.0.0.1:1", "test").expect("a URL")
}

async fn get(line: &RedisLine, key: &str) -> Result<Option<String>, Unreachable> {
    line.ask(async |mut line| cmd("GET").arg(key).query_async(&mut line).await).await
}

async fn set(line: &RedisLine, key: &str, value: &str) {
    let set: Result<(), _> =
        line.ask(async |mut line| cmd("SET").arg(key).arg(value).query_async(&mut line).await).await;
    set.expect("Redis answers");
}

#[tokio::test]
async fn a_silent_redis_costs_a_moment_and_then_nothing() {
    let (line, _holding) = silent().await;
    for _ in 0..SILENCES {
        let started = Instant::now();
        assert_eq!(get(&line, "x").await, Err(Unreachable));
        assert!(started.elapsed() < Duration::from_millis(450), "{:?}", started.elapsed());
    }
    let started = Instant::now();
    for _ in 0..1000 {
        assert_eq!(get(&line, "x").await, Err(Unreachable));
    }
    assert!(
        started.elapsed() < Duration::from_millis(100),
        "while the circuit is open nobody waits: {:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn after_the_rest_only_one_tries() {
    let (line, _holding) = silent().await;
    for _ in 0..SILENCES {
        assert_eq!(get(&line, "x").await, Err(Unreachable));
    }
    tokio::time::sleep(REST).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let line = line.clone();
        asking.spawn(async move {
            let started = Instant::now();
            assert_eq!(get(&line, "x").await, Err(Unreachable));
            started.elapsed() > Duration::from_millis(100)
        });
    }
    let waited = asking.join_all().await.into_iter().filter(|waited| *waited).count();
    assert_eq!(waited, 1);
}

#[tokio::test]
async fn a_refused_connection_opens_the_circuit_at_once() {
    let line = nobody();
    assert_eq!(get(&line, "x").await, Err(Unreachable));
    assert!(line.enter().is_err());
}

/// Passes bytes on, answers later than they came, and can be cut.
async fn slow_proxy(target: String, delay: Duration) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("redis://{}", listener.local_addr().expect("bound"));
    let task = tokio::spawn(async move {
        let mut passing = tokio::task::JoinSet::new();
        while let Ok((from, _)) = listener.accept().await {
            let to = TcpStream::connect(&target).await.expect("Redis is there");
            let ((mut from_read, mut from_write), (mut to_read, mut to_write)) = (from.into_split(), to.into_split());
            passing.spawn(async move { drop(tokio::io::copy(&mut from_read, &mut to_write).await) });
            passing.spawn(async move {
                let mut bytes = [0; 4096];
                while let Ok(read @ 1..) = to_read.read(&mut bytes).await {
                    tokio::time::sleep(delay).await;
                    if from_write.write_all(&bytes[..read]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, task)
}

fn target() -> Option<String> {
    let url = std::env::var("BUSBAR_TEST_REDIS").ok()?;
    Some(url.trim_start_matches("redis://").split('/').next().unwrap_or("").to_owned())
}

/// redis-py#2665, redis-rs#325: a request given up in the middle left its reply for the next to ask.
#[tokio::test]
async fn a_cancelled_question_never_leaves_its_answer_for_another() {
    let (Some(direct), Some(target)) = (line(), target()) else { return };
    for number in 0..100 {
        set(&direct, &direct.key("value", number), &format!("of {number}")).await;
    }
    let (address, _proxy) = slow_proxy(target, Duration::from_millis(5)).await;
    let line = redis_line(&address, &direct.0.prefix).expect("a URL");
    let mut asking = tokio::task::JoinSet::new();
    for worker in 0_u64..8 {
        let line = line.clone();
        asking.spawn(async move {
            let (mut right, mut given_up) = (0, 0);
            for round in 0..150_u64 {
                let number = (worker * 31 + round * 7) % 100;
                let patience = Duration::from_micros((worker * 1_009 + round * 2_741) % 14_000);
                let key = line.key("value", number);
                match tokio::time::timeout(patience, get(&line, &key)).await {
                    Ok(Ok(value)) => {
                        assert_eq!(value, Some(format!("of {number}")), "another's answer");
                        right += 1;
                    }
                    Ok(Err(_)) | Err(_) => given_up += 1,
                }
            }
            (right, given_up)
        });
    }
    let counts = asking.join_all().await;
    let (right, given_up) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(right > 100 && given_up > 100, "the test tried both: {right} right, {given_up} given up");
}

#[tokio::test]
async fn a_connection_cut_behind_our_back_is_replaced_unseen() {
    let Some(target) = target() else { return };
    let (address, proxy) = slow_proxy(target.clone(), Duration::ZERO).await;
    let line = redis_line(&address, "test").expect("a URL");
    for _ in 0..2 * LINES {
        get(&line, "x").await.expect("well");
    }
    let port = address.rsplit(':').next().expect("a port").to_owned();
    proxy.abort();
    drop(proxy.await);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the same port");
    let _again = tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let mut to = TcpStream::connect(&target).await.expect("Redis is there");
            tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut from, &mut to).await) });
        }
    });
    for _ in 0..2 * LINES {
        get(&line, "x").await.expect("replaced without anybody noticing");
    }
}

#[tokio::test]
async fn it_is_asked_again_once_it_is_back() {
    let Some(target) = target() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    drop(listener);
    let line = redis_line(&format!("redis://127.0.0.1:{port}"), "test").expect("a URL");
    assert_eq!(get(&line, "x").await, Err(Unreachable));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the same port");
    let _back = tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let mut to = TcpStream::connect(&target).await.expect("Redis is there");
            tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut from, &mut to).await) });
        }
    });
    let started = Instant::now();
    while get(&line, "x").await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(3), "still not asked");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..100 {
        get(&line, "x").await.expect("the circuit is closed again");
    }
}
