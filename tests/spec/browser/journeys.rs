//! A real browser, as a person would use it: a phone's width, the keyboard, no script of ours.
use super::{chromium, serving};
use crate::support::TestApp;
use fantoccini::{Client, Locator};

async fn text(client: &Client) -> String {
    let body = client.find(Locator::Css("body")).await.expect("a page");
    body.text().await.expect("its words").replace('\u{a0}', " ")
}

/// portal_intuitive_ui
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_on_a_phone_without_script_signs_in_looks_and_leaves() {
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(false).await;
    chromium::set_width(&client, 390).await;
    for slug in ["eon", "cez"] {
        let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").clone();
        let customer = &tenant.customers[0];
        let base = format!("http://{}:{}{}", tenant.host, address.port(), tenant.mount.trim_end_matches('/'));
        client.goto(&format!("{base}/login")).await.expect("the log-in page");
        let field = |name: &'static str| Locator::Css(name);
        client
            .find(field("input[name=username]"))
            .await
            .expect("a field")
            .send_keys(&customer.username)
            .await
            .expect("typed");
        let password = client.find(field("input[name=password]")).await.expect("a field");
        password.send_keys(&format!("{}\u{e007}", customer.password)).await.expect("typed, then Enter");
        client.wait().for_element(Locator::Css("main h1")).await.expect("a page after signing in");
        let url = client.current_url().await.expect("an address").to_string();
        assert!(url.ends_with("/dashboard"), "{url}: {}", text(&client).await);
        assert!(text(&client).await.contains(&customer.name), "{slug}");
        client.goto(&format!("{base}/supply-points")).await.expect("supply points");
        assert!(text(&client).await.contains("8591824"), "{slug}");
        let leave = client.find(Locator::Css("form[action$='/logout'] button")).await.expect("a way out");
        leave.click().await.expect("clicked");
        client
            .wait()
            .for_element(Locator::Css(".site-tools a[href$='/login']"))
            .await
            .expect("a page that offers to sign in");
        client.goto(&format!("{base}/dashboard")).await.expect("an answer");
        let url = client.current_url().await.expect("an address").to_string();
        assert!(url.contains("/login"), "still inside after signing out: {url}");
    }
    client.close().await.expect("closed");
}

/// Which element the keyboard is at, whether it can be seen there, and whether it wears a ring.
const AT: &str = "const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect(); \
    return { is_over: at === document.body, name: at.className?.baseVal ?? at.className, words: at.textContent.trim(), \
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || !!at.querySelector(':scope > path'), \
    seen: box.bottom > 0 && box.top < innerHeight }";

/// portal_intuitive_ui: by keyboard alone, from the door to the values of a chart; wherever one is, one sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_with_a_keyboard_alone_signs_in_and_reads_a_charts_values() {
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(true).await;
    chromium::set_width(&client, 1280).await;
    chromium::set_scheme(&client, "light").await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("one of the eight").clone();
    let base = format!("http://{}:{}", tenant.host, address.port());
    client.goto(&format!("{base}/login")).await.expect("the log-in page");
    let press = async |keys: &str| {
        let at = client.active_element().await.expect("something has the focus");
        at.send_keys(keys).await.expect("pressed");
        client.execute(AT, Vec::new()).await.expect("an answer")
    };
    let tab = "\u{e004}";
    let first = press(tab).await;
    assert_eq!(first["name"], "skip", "the first stop is the way to the content: {first}");
    for _ in 0..20 {
        let name = client.active_element().await.expect("a focus").attr("name").await.expect("an answer");
        if name.as_deref() == Some("username") {
            break;
        }
        press(tab).await;
    }
    press(&tenant.customers[0].username).await;
    press(tab).await;
    press(&format!("{}\u{e007}", tenant.customers[0].password)).await;
    client.wait().for_element(Locator::Css(".site-who")).await.expect("a page after signing in");
    client.goto(&format!("{base}/consumption")).await.expect("consumption");
    let mut values = 0;
    for stop in 0..60 {
        let at = press(tab).await;
        if at["is_over"] == true {
            break;
        }
        assert!(at["ring"] == true && at["seen"] == true, "stop {stop} cannot be seen: {at}");
        let shown = "const said = document.activeElement.querySelector('text'); \
                     return said ? getComputedStyle(said).display !== 'none' && said.textContent : ''";
        let shown = client.execute(shown, Vec::new()).await.expect("an answer");
        values += usize::from(shown.as_str().is_some_and(|said| said.contains("kWh")));
    }
    client.close().await.expect("closed");
    assert!(values >= 12, "the keyboard reached {values} values of the chart");
}
