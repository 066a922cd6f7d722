//! A way to a service that breaks again and again: for a while it works, then every connection is cut and new ones too.
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How long it works, and how long it does not.
const WHOLE: Duration = Duration::from_millis(300);
const BROKEN: Duration = Duration::from_millis(150);

/// The address that leads to `to`; `breaks` is told each time it broke.
pub async fn start(to: String, breaks: impl Fn() + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let (switch, is_broken) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(WHOLE).await;
            switch.send_replace(true);
            breaks();
            tokio::time::sleep(BROKEN).await;
            switch.send_replace(false);
        }
    });
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (mut is_broken, to) = (is_broken.clone(), to.clone());
            if *is_broken.borrow_and_update() {
                continue;
            }
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(to).await else { return };
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => {}
                    _ = is_broken.wait_for(|broken| *broken) => {}
                }
            });
        }
    });
    address
}
