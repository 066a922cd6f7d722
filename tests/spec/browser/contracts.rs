//! The way of a contract as a browser sees it: the door, each step empty and with mistakes, the look-over, the receipt, the desk.
use super::pages::{look, sign_in};
use super::{chromium, serving};
use crate::suppliers::contract;
use crate::support::{TestApp, template};
use fantoccini::Locator;

/// contract_create_online, contract_print_and_post_on_demand
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_contract_on_line_is_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let base = format!("http://bicorn.localhost:{}", serving(&app).await.port());
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    client.goto(&format!("{base}/contract")).await.expect("the door");
    look(&client, "bicorn", "/contract", &mut wrong).await;
    let mut visitor = app.browser("bicorn");
    let empty = contract::begin(&mut visitor, "/contract").await;
    for step in ["person", "point", "product", "payment"] {
        client.goto(&format!("{base}{empty}/{step}")).await.expect("a step");
        client.find(Locator::Css("main form .btn--primary")).await.expect("on").click().await.expect("pressed");
        client.wait().for_element(Locator::Css(".mistakes")).await.expect("what is wrong");
        // The 422 stands in the console, rightly.
        _ = chromium::console(&client).await;
        look(&client, "bicorn", &format!("/contract/{step}"), &mut wrong).await;
    }
    client.goto(&format!("{base}{empty}/review")).await.expect("the look-over");
    look(&client, "bicorn", "/contract/unready", &mut wrong).await;
    let full = contract::begin(&mut visitor, "/contract").await;
    contract::fill(&app, &mut visitor, &full).await;
    client.goto(&format!("{base}{full}/review")).await.expect("the look-over");
    look(&client, "bicorn", "/contract/review", &mut wrong).await;
    client.find(Locator::Css("#consent")).await.expect("consent").click().await.expect("ticked");
    client.find(Locator::Css("main form .btn--primary")).await.expect("on").click().await.expect("sent");
    client.wait().for_element(Locator::Css(".receipt")).await.expect("the receipt");
    look(&client, "bicorn", "/contract/receipt", &mut wrong).await;
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// contract_data_entry, advances_flexible_by_actual_consumption
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_ones_own_contracts_and_the_flexible_advance_is_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let base = format!("http://3e.localhost:{}", serving(&app).await.port());
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    let customer = &app.book.tenants.iter().find(|tenant| tenant.slug == "3e").expect("one of the eight").customers[0];
    sign_in(&client, &base, &customer.username, &customer.password).await;
    let mut own = app.customer("3e", 0).await;
    contract::begin(&mut own, "/contracts/new").await;
    for page in ["/contracts", "/contracts/new", "/advances/flexible"] {
        client.goto(&format!("{base}{page}")).await.expect("an answer");
        look(&client, "3e", page, &mut wrong).await;
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
