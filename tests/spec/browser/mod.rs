//! Debian's Chromium on real sockets. `make test` starts the driver; without one these tests are left out, and it says so.
mod chromium;
mod contracts;
mod errands;
mod journeys;
mod pages;
mod passkeys;
mod people;
mod staff;
mod ways_in;

use crate::support::TestApp;
use busbar::app::{router, serve};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves the application on a free port until the test ends.
async fn serving(app: &TestApp) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    serving_at(app, listener);
    address
}

fn serving_at(app: &TestApp, listener: TcpListener) {
    let entry = router::entry(app.services.clone());
    let server = app.config.server.clone();
    tokio::spawn(async move { serve::public(listener, entry, &server, std::future::pending()).await });
}
