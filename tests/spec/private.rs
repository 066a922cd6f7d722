//! The listener that only operations reach: health, readiness, metrics, and whether a proxy may get a certificate for a name.
use crate::support::TestApp;
use busbar::app::private::{self, Private};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_tells_health_readiness_metrics_and_known_hosts() {
    let app = TestApp::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let is_draining = Arc::new(AtomicBool::new(false));
    let metrics = PrometheusBuilder::new().build_recorder();
    let handle = metrics.handle();
    metrics::set_global_recorder(metrics).expect("the only recorder of this process");
    let private = Private { services: app.services.clone(), is_draining: is_draining.clone(), metrics: handle };
    tokio::spawn(private::serve(listener, private, std::future::pending()));
    let ask = async |path: &str| {
        let answer = reqwest::get(format!("{base}{path}")).await.expect("it answers");
        (answer.status().as_u16(), answer.text().await.expect("its words"))
    };
    app.browser("eon").get("/").await;
    assert_eq!(ask("/healthz").await.0, 200);
    assert_eq!(ask("/readyz").await.0, 200);
    let (status, told) = ask("/metrics").await;
    assert!(status == 200 && told.contains("busbar_requests_total{status=\"2xx\"} 1"), "{told}");
    for (domain, expected) in [
        ("eon.localhost", 200),
        ("EON.localhost", 200),
        ("energie24.localhost", 200),
        ("console.localhost", 200),
        ("nobody.localhost", 404),
        ("127.0.0.1", 404),
        ("", 404),
        ("eon.localhost.evil.example", 404),
    ] {
        assert_eq!(ask(&format!("/ask?domain={domain}")).await.0, expected, "{domain}");
    }
    assert_eq!(ask("/ask").await.0, 400);
    assert_eq!(ask("/dashboard").await.0, 404);
    is_draining.store(true, Ordering::Relaxed);
    assert_eq!(ask("/readyz").await.0, 503);
    assert_eq!(ask("/healthz").await.0, 200);
}

/// Health and metrics are nobody's on the public side.
#[tokio::test]
async fn its_pages_do_not_exist_in_public() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz", "/metrics", "/ask?domain=eon.localhost"] {
        assert_eq!(app.browser("eon").get(path).await.status, 404, "{path}");
        assert_eq!(app.console().get(path).await.status, 404, "{path} on the console");
    }
}
