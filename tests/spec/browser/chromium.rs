//! One Chromium: started by the driver, told what a WebDriver cannot say by itself through the DevTools protocol.
use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use url::Url;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A browser whose person reads Czech. Without `script`, JavaScript is switched off for pages.
pub async fn start(script: bool) -> Client {
    let driver = std::env::var("BUSBAR_TEST_CHROMEDRIVER").expect("make test starts chromedriver and says where");
    let unique = format!("busbar-chromium-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let profile = std::env::temp_dir().join(unique);
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--hide-scrollbars",
        &format!("--user-data-dir={}", profile.display()),
    ];
    let javascript = if script { 1 } else { 2 };
    let preferences =
        json!({ "profile.managed_default_content_settings.javascript": javascript, "intl.accept_languages": "cs" });
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".into(), json!({ "args": arguments, "prefs": preferences }));
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await;
    client.expect("Chromium starts")
}

/// The window's width in CSS pixels, as on a device.
pub async fn set_width(client: &Client, width: u32) {
    let metrics = json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false });
    devtools(client, "Emulation.setDeviceMetricsOverride", metrics).await;
}

/// Nothing moves by itself either: what is looked at stands still.
pub async fn set_scheme(client: &Client, scheme: &str) {
    let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }, still]);
    devtools(client, "Emulation.setEmulatedMedia", json!({ "features": features })).await;
}

/// The whole page as PNG, in base64.
pub async fn picture(client: &Client) -> String {
    let shot = devtools(client, "Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await;
    shot["data"].as_str().expect("a picture").to_owned()
}

/// What pages have written to the console since it was asked last.
pub async fn console(client: &Client) -> Vec<String> {
    let told = Order { path: "se/log", body: json!({ "type": "browser" }) };
    let told = client.issue_cmd(told).await.expect("the driver keeps the log");
    told.as_array().into_iter().flatten().map(|entry| entry["message"].to_string()).collect()
}

/// A device of the browser's own that keeps passkeys, and whose owner is always there and recognised.
pub async fn add_authenticator(client: &Client) {
    let body = json!({
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserConsenting": true,
        "isUserVerified": true,
    });
    client.issue_cmd(Order { path: "webauthn/authenticator", body }).await.expect("the driver plays a device");
}

async fn devtools(client: &Client, command: &str, parameters: Value) -> Value {
    let order = Order { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) };
    client.issue_cmd(order).await.expect("Chromium obeys")
}

/// A command of Chromium's driver beyond WebDriver's own.
#[derive(Debug)]
struct Order {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Order {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
