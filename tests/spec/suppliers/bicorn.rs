//! Bicorn: an existing system, and a new one under development in 2011 (its features are marked planned in the contract).
use super::{Portal, contract};
use crate::support::{Answer, Browser, value_of};
use busbar::app::state;
use busbar::jobs;

/// portal_online, portal_free_of_charge
#[tokio::test]
async fn the_new_portal_is_online_and_free() {
    Portal::of("bicorn").await.is_online_free_and_under_its_own_name("Bicorn", true).await;
}

/// info_invoice_overview
#[tokio::test]
async fn a_customer_views_their_invoices() {
    let mut portal = Portal::of("bicorn").await;
    portal.says("/invoices", &["Splatn", "Kč"]).await;
}

/// document_invoice_pdf_download
#[tokio::test]
async fn a_customer_downloads_an_invoice() {
    let mut portal = Portal::of("bicorn").await;
    let links = portal.links("/invoices", "/invoices/").await;
    let link = links.into_iter().find(|link| link.ends_with("/pdf")).expect("a download");
    let answer = portal.page(&link).await;
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.bytes.starts_with(b"%PDF-"));
}

/// portal_staged_new_functions
#[tokio::test]
async fn a_planned_function_can_be_held_back_and_let_go_without_a_restart() {
    Portal::of("bicorn").await.lets_a_function_go_on_its_day("info_invoice_overview", "/invoices").await;
}

async fn sent(portal: &mut Portal) -> (String, Answer) {
    let root = contract::begin(&mut portal.visitor, "/contract").await;
    contract::fill(&portal.app, &mut portal.visitor, &root).await;
    let answer = contract::step(&mut portal.visitor, &root, "review", &[("consent", "yes".into())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let receipt = portal.visitor.get(answer.location()).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    (root, receipt)
}

/// Links of the queue to requests for contracts.
async fn in_the_queue(operator: &mut Browser) -> Vec<String> {
    let queue = operator.get("/operator/requests?kind=contract").await;
    assert!(queue.text().contains("Smlouva"), "{}", queue.text());
    queue.links().into_iter().filter(|link| link.starts_with("/operator/requests/")).collect()
}

/// contract_create_online
#[tokio::test]
async fn a_visitor_makes_a_contract_on_line_and_the_desk_has_it_with_all_data() {
    let mut portal = Portal::of("bicorn").await;
    assert!(portal.home().await.links().contains(&"/contract".to_owned()), "the one big door");
    let (root, receipt) = sent(&mut portal).await;
    let number = contract::number(&receipt);
    assert!(number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
    // The button pressed again, from a page kept open.
    let again = portal.visitor.post(&format!("{root}/review"), &[("consent", "yes"), ("version", "5")]).await;
    assert_eq!(again.status, 303);
    assert_eq!(contract::number(&portal.visitor.get(again.location()).await), number);
    let mut operator = portal.app.operator("bicorn", "clerk").await;
    let requests = in_the_queue(&mut operator).await;
    assert_eq!(requests.len(), 1, "{requests:?}");
    let text = operator.get(&requests[0]).await.text();
    for word in [
        number.as_str(),
        "Žofie Nováková",
        "1. 2. 1980",
        "zofie@example.cz",
        "859182400900000013",
        "110 00",
        "3 × 25 A",
    ] {
        assert!(text.contains(word), "no {word}: {text}");
    }
    let paper = operator.get(&format!("{}/contract", requests[0])).await;
    assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF-"));
}

/// contract_create_online
#[tokio::test]
async fn each_step_is_kept_and_mistakes_are_told_at_their_fields() {
    let mut portal = Portal::of("bicorn").await;
    let root = contract::begin(&mut portal.visitor, "/contract").await;
    let wrong =
        [("name", "Žofie <b>Nováková</b>".into()), ("birth_date", "30. 2. 1980".into()), ("email", "zofie@".into())];
    let answer = contract::step(&mut portal.visitor, &root, "person", &wrong).await;
    assert_eq!(answer.status, 422);
    for word in ["Takové datum není", "Zadejte jednu e-mailovou adresu"] {
        assert!(answer.text().contains(word), "no {word}: {}", answer.text());
    }
    assert!(
        answer.body.contains("value=\"30. 2. 1980\"")
            && answer.body.contains("aria-describedby=\"email-hint email-error\"")
    );
    assert!(!answer.body.contains("<b>Nováková"), "typed text is never markup");
    // It was kept all the same, and the next step can be filled in first.
    assert!(portal.visitor.get(&format!("{root}/person")).await.body.contains("value=\"30. 2. 1980\""));
    let code = [("code", "8591 8240 0900 0000 31".into())];
    let answer = contract::step(&mut portal.visitor, &root, "point", &code).await;
    assert!(answer.status == 422 && answer.text().contains("kontrolní číslicí"), "{}", answer.text());
    let review = portal.visitor.get(&format!("{root}/review")).await;
    assert!(review.text().contains("Datum narození: Takové datum není"), "{}", review.text());
    let version = contract_version(&mut portal.visitor, &root).await;
    let answer = portal.visitor.post(&format!("{root}/review"), &[("consent", "yes"), ("version", &version)]).await;
    assert_eq!(answer.status, 422, "nothing is made of it");
    let mut operator = portal.app.operator("bicorn", "lead").await;
    assert!(in_the_queue(&mut operator).await.is_empty());
}

async fn contract_version(browser: &mut Browser, root: &str) -> String {
    value_of(&browser.get(&format!("{root}/person")).await, "version")
}

/// contract_create_online
#[tokio::test]
async fn without_consent_or_with_another_window_s_changes_nothing_is_sent() {
    let mut portal = Portal::of("bicorn").await;
    let root = contract::begin(&mut portal.visitor, "/contract").await;
    let old = contract_version(&mut portal.visitor, &root).await;
    contract::fill(&portal.app, &mut portal.visitor, &root).await;
    let answer = contract::step(&mut portal.visitor, &root, "review", &[]).await;
    assert!(answer.status == 422 && answer.text().contains("Bez souhlasu"), "{}", answer.text());
    let late = portal.visitor.post(&format!("{root}/person"), &[("name", "Jiný"), ("version", &old)]).await;
    assert!(late.status == 409 && late.body.contains("value=\"Jiný\""), "{}", late.text());
    let late = portal.visitor.post(&format!("{root}/review"), &[("consent", "yes"), ("version", &old)]).await;
    assert_eq!(late.status, 409);
}

/// contract_create_online
#[tokio::test]
async fn the_way_back_is_a_secret_of_this_supplier_alone() {
    let mut portal = Portal::of("bicorn").await;
    let (root, _) = sent(&mut portal).await;
    let (start, last) = root.split_at(root.len() - 1);
    let other = if last == "A" { "E" } else { "A" };
    let mut stranger = portal.app.browser("bicorn");
    for path in [
        format!("{start}{other}"),
        "/contract/x".into(),
        format!("{start}{other}/pdf"),
        format!("{start}{other}/person"),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(stranger.get(&root).await.status, 200, "whoever knows it is the applicant");
    for slug in ["3e", "eon", "rwe"] {
        assert_eq!(portal.app.browser(slug).get(&root).await.status, 404, "{slug}");
    }
}

/// contract_create_online
#[tokio::test]
async fn one_address_cannot_begin_contracts_without_end() {
    let mut portal = Portal::of("bicorn").await;
    for _ in 0..10 {
        contract::begin(&mut portal.visitor, "/contract").await;
    }
    let answer = portal.visitor.post("/contract", &[]).await;
    assert!(answer.status == 429 && answer.text().contains("Příliš mnoho pokusů"), "{}", answer.text());
}

/// contract_emailed_for_print
#[tokio::test]
async fn the_contract_comes_by_mail_at_once_once_and_can_be_sent_again() {
    let mut portal = Portal::of("bicorn").await;
    let (root, receipt) = sent(&mut portal).await;
    let number = contract::number(&receipt);
    portal.visitor.post(&format!("{root}/review"), &[("consent", "yes"), ("version", "5")]).await;
    assert!(receipt.text().contains("Smlouvu posíláme na zofie@example.cz"), "{}", receipt.text());
    let mails = delivered(&portal).await;
    assert_eq!(mails.len(), 1);
    let plain = mails[0].replace("=\r\n", "");
    for part in ["Content-Type: application/pdf", &format!("smlouva-{number}.pdf"), "JVBERi0", &root] {
        assert!(plain.contains(part), "no {part}: {plain:.2000}");
    }
    assert!(portal.visitor.get(&root).await.text().contains("Smlouvu jsme poslali na zofie@example.cz"));
    let paper = portal.visitor.get(&format!("{root}/pdf")).await;
    assert_eq!(paper.header("content-type"), "application/pdf");
    assert!(paper.bytes.starts_with(b"%PDF-"));
    let mut operator = portal.app.operator("bicorn", "clerk").await;
    let request = in_the_queue(&mut operator).await.remove(0);
    assert!(operator.get(&request).await.text().contains("e-mail odešel"));
    press(&mut operator, &request, "mail_again").await;
    assert_eq!(delivered(&portal).await.len(), 2);
}

/// Presses a button of the contract on the desk's page.
async fn press(operator: &mut Browser, request: &str, act: &str) {
    let page = operator.get(request).await;
    let form = page.body.split(&format!("action=\"{request}/contract\"")).nth(1).expect("the contract's form");
    let version = form.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let version = version.expect("a version").to_owned();
    assert!(form.contains(&format!("value=\"{act}\"")), "no {act}: {}", page.text());
    for _ in 0..2 {
        let answer = operator.post(&format!("{request}/contract"), &[("act", act), ("version", &version)]).await;
        assert_eq!(answer.status, 303, "{act}: {}", answer.text());
    }
}

/// Mails to the applicant, as they lie in the folder.
async fn delivered(portal: &Portal) -> Vec<String> {
    let services = state::job_services(&portal.app.config, &portal.app.services).expect("the ways out");
    jobs::deliver_now(&services).await.expect("delivered");
    let Ok(found) = std::fs::read_dir(portal.app.config.data.dir.join("mail")) else { return Vec::new() };
    let text = |path: std::path::PathBuf| std::fs::read_to_string(path).expect("a mail is ASCII");
    found.flatten().map(|entry| text(entry.path())).filter(|mail| mail.contains("To: zofie@example.cz")).collect()
}

/// contract_print_and_post_on_demand
#[tokio::test]
async fn who_has_no_printer_gets_the_contract_by_post_and_sees_how_far_it_is() {
    let mut portal = Portal::of("bicorn").await;
    let (root, receipt) = sent(&mut portal).await;
    assert!(receipt.text().contains("Pošlete mi smlouvu poštou"));
    for _ in 0..2 {
        assert_eq!(portal.visitor.post(&format!("{root}/print"), &[]).await.status, 303);
    }
    let mut operator = portal.app.operator("bicorn", "clerk").await;
    let request = in_the_queue(&mut operator).await.remove(0);
    let text = operator.get(&request).await.text();
    assert!(text.contains("čeká na vytištění"), "{text}");
    assert_eq!(text.matches("Vyžádána poštou").count(), 1, "asked for once: {text}");
    for (act, state) in [("printed", "vytištěná"), ("posted", "odeslaná poštou"), ("signed", "podepsaná")] {
        press(&mut operator, &request, act).await;
        let text = portal.visitor.get(&root).await.text();
        assert!(text.contains(&format!("Stav: {state}")), "{act}: {text}");
    }
    assert!(in_the_queue(&mut operator).await.is_empty(), "it is done");
}

/// change_master_data_nontechnical
#[tokio::test]
async fn a_customer_changes_basic_data_that_are_not_technical() {
    Portal::of("bicorn").await.changes_record_data().await;
}
