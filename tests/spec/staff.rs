//! Staff of a supplier: who looks after them, how one becomes one of them, and how one stops being.
use crate::support::browser::value_in;
use crate::support::{Answer, Browser, TestApp, template, value_of};
use busbar::app::demo_command::BookStaff;
use busbar::backends::totp;
use busbar::data::{AuditRow, SentMessage};
use busbar::domain::ids::TenantId;
use std::time::{Duration, Instant};

pub const NEW: &str = "sedm modrých slonů na ledě";

fn tenant(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.by_slug(slug).expect("one of the eight").id
}

fn member(app: &TestApp, slug: &str, role: &str) -> BookStaff {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    tenant.staff.iter().find(|member| member.role == role).expect("the demo has this role").clone()
}

/// The newest audit lines of a tenant, as `action by actor kind`.
async fn audit(app: &TestApp, slug: &str) -> Vec<AuditRow> {
    let tx = app.services.db.tenant(tenant(app, slug)).read().await.expect("a transaction");
    tx.audit_trail(30, None).await.expect("a list")
}

async fn has_audit(app: &TestApp, slug: &str, action: &str) -> bool {
    audit(app, slug).await.iter().any(|line| line.action == action)
}

/// Where the member's page is.
async fn page_of(app: &TestApp, slug: &str, who: &BookStaff) -> String {
    let tx = app.services.db.tenant(tenant(app, slug)).read().await.expect("a transaction");
    let row = tx.staff_by_username(&who.username).await.expect("a lookup").expect("a member");
    format!("/operator/staff/{}", row.member.id)
}

/// Presses one of the buttons of a member's page.
async fn press(lead: &mut Browser, page: &str, what: &str, form: &[(&str, &str)]) -> Answer {
    let shown = lead.get(page).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let version = value_of(&shown, "version");
    let all: Vec<(&str, &str)> = form.iter().copied().chain([("version", version.as_str())]).collect();
    lead.post(&format!("{page}/{what}"), &all).await
}

async fn sent(app: &TestApp, kind: &str) -> Vec<SentMessage> {
    let mut sent: Vec<_> = app.messages().await.into_iter().filter(|one| one.kind == kind).collect();
    sent.sort_by_key(|one| one.id);
    sent
}

/// What of the newest link comes after the portal's own address.
pub async fn newest_link(app: &TestApp, kind: &str, mount: &str) -> String {
    let sent = sent(app, kind).await;
    let body = &sent.last().expect("a mail went out").body_text;
    let link = body[body.find("http").expect("a link")..].split_whitespace().next().expect("a link");
    let rest = link.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    rest.strip_prefix(mount.trim_end_matches('/')).unwrap_or(&rest).to_owned()
}

const INVITED: [(&str, &str); 4] =
    [("name", "Karel Čáp"), ("email", "Karel.Cap@example.cz"), ("username", "karel.cap"), ("role", "clerk")];

pub async fn invite(lead: &mut Browser) {
    lead.get("/operator/staff/new").await;
    let done = lead.post("/operator/staff/new", &INVITED).await;
    assert_eq!((done.status, done.location().ends_with("?done=invited")), (303, true), "{}", done.text());
}

/// The secret as the page shows it, four letters at a time.
fn secret_on(page: &Answer) -> String {
    let start = page.body.split("<strong><code>").nth(1).expect("a secret");
    start.split('<').next().expect("its end").replace(' ', "")
}

fn code(app: &TestApp, secret: &str) -> String {
    totp::code_at(secret, app.services.clock.now()).expect("a secret")
}

/// All that is asked on an invitation's page, filled in: whose it is, the secret it shows, a code of that.
async fn filled(app: &TestApp, visitor: &mut Browser, link: &str) -> (String, String, String) {
    let page = visitor.get(link).await;
    assert_eq!(page.status, 200, "{}", page.text());
    (value_of(&page, "token"), value_of(&page, "enrolment"), code(app, &secret_on(&page)))
}

#[tokio::test]
async fn only_the_lead_sees_the_staff_and_nobody_else_is_led_there() {
    let app = TestApp::start().await;
    let id = page_of(&app, "cez", &member(&app, "cez", "clerk")).await;
    for role in ["clerk", "branch"] {
        let mut other = app.operator("cez", role).await;
        assert!(!other.get("/operator").await.body.contains("/operator/staff"), "{role}");
        for path in ["/operator/staff", "/operator/staff/new"] {
            assert_eq!(other.get(path).await.status, 404, "{role} {path}");
        }
        assert_eq!(other.get(&id).await.status, 404, "{role}");
        assert_eq!(other.post("/operator/staff/new", &INVITED).await.status, 404, "{role}");
        assert_eq!(other.post(&format!("{id}/state"), &[("turn", "off"), ("version", "1")]).await.status, 404);
    }
    assert!(app.messages().await.iter().all(|one| one.kind != "staff_invitation"));
}

#[tokio::test]
async fn a_lead_invites_a_colleague_who_chooses_a_password_and_a_second_factor() {
    let app = TestApp::start().await;
    let mut lead = app.operator("cez", "lead").await;
    assert!(lead.get("/operator").await.body.contains("/VOK/operator/staff\""), "the menu leads there");
    let empty = lead.post("/operator/staff/new", &[("username", "karel cap"), ("email", "nic")]).await;
    assert_eq!(empty.status, 422);
    for said in ["Vyplňte toto pole", "nesmí mít mezery", "Vyberte roli", "vypínače funkcí"] {
        assert!(empty.text().contains(said), "{said}: {}", empty.text());
    }
    assert!(empty.body.contains("karel cap"), "what was typed is kept");
    invite(&mut lead).await;
    assert!(lead.post("/operator/staff/new", &INVITED).await.text().contains("už má odeslaná pozvánka"));
    let list = lead.get("/operator/staff").await.text();
    assert!(list.contains("Karel Čáp") && list.contains("karel.cap@example.cz"), "{list}");
    let mail = sent(&app, "staff_invitation").await.remove(0);
    assert!(mail.body_text.contains("/VOK/operator/invitation?token="), "{}", mail.body_text);
    assert_eq!(mail.recipient, "Karel.Cap@example.cz");
    let link = newest_link(&app, "staff_invitation", "/VOK").await;
    let mut visitor = app.browser("cez");
    let page = visitor.get(&link).await;
    assert!(page.body.contains("<svg") && page.text().contains("Karel Čáp") && page.text().contains("Referent"));
    let (token, enrolment, code) = filled(&app, &mut visitor, &link).await;
    let form = [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", NEW), ("totp", code.as_str())];
    let done = visitor.post("/operator/invitation", &form).await;
    assert_eq!((done.status, done.location()), (303, "/VOK/operator"), "{}", done.text());
    assert!(visitor.get("/operator").await.text().contains("Karel Čáp"));
    let again = app.browser("cez").post("/operator/invitation", &form).await;
    assert!(again.status == 422 && again.text().contains("už byl použit"), "{}", again.text());
    let credentials = [("username", "karel.cap"), ("password", NEW), ("totp", code.as_str())];
    assert_eq!(app.browser("cez").post("/operator/login", &credentials).await.status, 422, "the code is used up");
    for action in ["invite_staff", "accept_invitation", "sign_in"] {
        assert!(has_audit(&app, "cez", action).await, "{action}");
    }
    let list = lead.get("/operator/staff").await.text();
    assert!(list.contains("Žádná pozvánka nečeká") && list.contains("Karel Čáp"), "{list}");
    assert!(lead.post("/operator/staff/new", &INVITED).await.text().contains("Toto jméno už někdo má"));
}

#[tokio::test]
async fn a_weak_password_or_a_wrong_code_leaves_the_link_as_it_is() {
    let app = TestApp::start().await;
    invite(&mut app.operator("eon", "lead").await).await;
    let link = newest_link(&app, "staff_invitation", "/").await;
    let mut visitor = app.browser("eon");
    for _ in 0..3 {
        assert_eq!(visitor.get(&link).await.status, 200, "a mail scanner may look");
    }
    let (token, enrolment, code) = filled(&app, &mut visitor, &link).await;
    for (new, typed, said) in [
        ("krátké", code.as_str(), "aspoň 15 znaků"),
        ("Energie24 Energie24", &code, "stojí na slově"),
        ("karel.cap karel.cap 1", &code, "stojí na slově"),
        (NEW, "000000", "Kód nesouhlasí"),
        (NEW, "", "Kód nesouhlasí"),
    ] {
        let form = [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", new), ("totp", typed)];
        let answer = visitor.post("/operator/invitation", &form).await;
        assert!(answer.status == 422 && answer.text().contains(said), "{new}: {}", answer.text());
        assert!(!answer.body.contains(&format!("value=\"{new}")), "a password is never shown again");
    }
    assert_eq!(app.browser("rwe").get(&link).await.status, 422, "another supplier's portal");
    let form = [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", NEW), ("totp", code.as_str())];
    let foreign = app.browser("rwe").post("/operator/invitation", &form).await;
    assert!(foreign.text().contains("Tento odkaz neznáme"));
    let form = [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", NEW), ("totp", code.as_str())];
    assert_eq!(visitor.post("/operator/invitation", &form).await.status, 303, "still good");
}

#[tokio::test]
async fn a_link_that_was_sent_anew_or_revoked_or_grew_old_says_so() {
    let app = TestApp::start().await;
    let mut lead = app.operator("eon", "lead").await;
    invite(&mut lead).await;
    let first = newest_link(&app, "staff_invitation", "/").await;
    let list = lead.get("/operator/staff").await;
    let send = list.links().into_iter().find(|link| link.ends_with("/send")).expect("a button");
    assert_eq!(lead.post(&send, &[]).await.status, 303);
    let second = newest_link(&app, "staff_invitation", "/").await;
    let mut visitor = app.browser("eon");
    assert!(visitor.get(&first).await.text().contains("novější odkaz"));
    assert_eq!(visitor.get(&second).await.status, 200);
    let late = lead.post(&send, &[]).await;
    assert_eq!(late.status, 409, "somebody sent it already: {}", late.text());
    let list = lead.get("/operator/staff").await;
    let revoke = list.links().into_iter().find(|link| link.ends_with("/revoke")).expect("a button");
    assert_eq!(lead.post(&revoke, &[]).await.status, 303);
    assert!(visitor.get(&second).await.text().contains("byla odvolána"));
    assert_eq!(lead.post(&revoke, &[]).await.status, 409);
    for action in ["resend_invitation", "revoke_invitation"] {
        assert!(has_audit(&app, "eon", action).await, "{action}");
    }
    let (token, now) = (busbar::backends::keys::Token::random(), app.services.clock.now());
    let old = busbar::data::NewStaffInvitation {
        id: busbar::domain::ids::StaffInvitationId::new(),
        staff: None,
        name: "Karel Čáp".into(),
        email: "karel.cap@example.cz".into(),
        username: "karel.cap".into(),
        role: busbar::domain::features::Role::Clerk,
        invited_by: "Jana".into(),
        inviter: None,
        token_hash: token.hash(),
        created_at: now - time::Duration::days(8),
        expires_at: now - time::Duration::days(1),
    };
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    tx.add_staff_invitation(&old).await.expect("kept");
    tx.commit().await.expect("kept");
    let answer = visitor.get(&format!("/operator/invitation?token={}", token.to_text())).await;
    assert!(answer.text().contains("vypršela"), "{}", answer.text());
    let taken = visitor.post("/operator/invitation", &[("token", &token.to_text()), ("new", NEW)]).await;
    assert!(taken.text().contains("vypršela"), "{}", taken.text());
    for nonsense in ["", "abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = visitor.get(&format!("/operator/invitation?token={nonsense}")).await;
        assert!(answer.status == 422 && answer.text().contains("neznáme"), "{}", answer.text());
    }
}

/// Fifty at the same instant, on two instances: one becomes the member, the others hear that the link was used.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_use_one_invitation_at_once_one_wins() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    invite(&mut app.operator("rwe", "lead").await).await;
    let link = newest_link(&app, "staff_invitation", "/").await;
    let mut visitor = app.browser("rwe");
    let (token, enrolment, code) = filled(&app, &mut visitor, &link).await;
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = visitor.at(if index % 2 == 0 { &app.entry } else { &second });
        let (token, enrolment, code) = (token.clone(), enrolment.clone(), code.clone());
        racers.spawn(async move {
            let new = format!("{NEW} {index}");
            let form = [
                ("token", token.as_str()),
                ("enrolment", enrolment.as_str()),
                ("new", new.as_str()),
                ("totp", code.as_str()),
            ];
            browser.post("/operator/invitation", &form).await.status
        });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 422 | 503)), "{all:?}");
    let tx = app.services.db.tenant(tenant(&app, "rwe")).read().await.expect("a transaction");
    let members = tx.staff_list().await.expect("a list");
    assert_eq!(members.iter().filter(|one| one.username == "karel.cap").count(), 1);
}

/// Taking a role or the access away ends every session of the member at once, on every instance.
#[tokio::test]
async fn what_a_lead_takes_away_ends_all_sessions_everywhere_within_a_second() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut lead = app.operator("eon", "lead").await;
    for (role, what, form, action) in [
        ("clerk", "state", ("turn", "off"), "disable_staff"),
        ("branch", "role", ("role", "dealer"), "change_staff_role"),
        ("read_only", "sessions", ("", ""), "end_staff_sessions"),
    ] {
        let who = member(&app, "eon", role);
        let mut here = app.operator("eon", role).await;
        let mut there = here.at(&second);
        if template::is_production() {
            // Instances share what they know of sessions only through Redis.
            assert_eq!(there.get("/operator").await.status, 200, "{role}: known there, too");
        }
        let page = page_of(&app, "eon", &who).await;
        let begun = Instant::now();
        let done = press(&mut lead, &page, what, &[form]).await;
        assert_eq!(done.status, 303, "{role}: {}", done.text());
        assert_eq!(here.get("/operator").await.status, 303, "{role} is out here");
        assert_eq!(there.get("/operator").await.status, 303, "{role} is out there");
        assert!(begun.elapsed() < Duration::from_secs(1), "{role}: {:?}", begun.elapsed());
        assert!(has_audit(&app, "eon", action).await, "{action}");
    }
    let clerk = member(&app, "eon", "clerk");
    let later = app.services.clock.now() + time::Duration::seconds(30);
    let next = totp::code_at(&clerk.totp_secret, later).expect("a code");
    let form = [("username", clerk.username.as_str()), ("password", &clerk.password), ("totp", next.as_str())];
    assert_eq!(app.browser("eon").post("/operator/login", &form).await.status, 422, "disabled");
    let page = page_of(&app, "eon", &clerk).await;
    assert_eq!(press(&mut lead, &page, "state", &[("turn", "on")]).await.status, 303);
    assert_eq!(app.browser("eon").post("/operator/login", &form).await.status, 303, "allowed again");
    let list = lead.get("/operator/staff").await.text();
    assert!(list.contains("Pobočka Ukázková pobocka Obchodník"), "the branch is a dealer now: {list}");
}

#[tokio::test]
async fn a_reset_second_factor_is_enrolled_anew_with_the_present_password() {
    let app = TestApp::start().await;
    let mut lead = app.operator("pre", "lead").await;
    let who = member(&app, "pre", "clerk");
    let page = page_of(&app, "pre", &who).await;
    let missing = press(&mut lead, &page, "factor", &[("email", "nic")]).await;
    assert!(missing.status == 422 && missing.body.contains("email-error"), "{}", missing.text());
    let (_services, second) = app.another_instance().await;
    let mut signed_in = app.operator("pre", "clerk").await;
    let mut there = signed_in.at(&second);
    if template::is_production() {
        assert_eq!(there.get("/operator").await.status, 200);
    }
    let done = press(&mut lead, &page, "factor", &[("email", "referent@example.cz")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!((signed_in.get("/operator").await.status, there.get("/operator").await.status), (303, 303));
    assert!(has_audit(&app, "pre", "reset_staff_factor").await);
    assert!(lead.get("/operator/staff").await.text().contains("chybí"));
    let later = app.services.clock.now() + time::Duration::seconds(30);
    let old = totp::code_at(&who.totp_secret, later).expect("a code");
    let form = [("username", who.username.as_str()), ("password", &who.password), ("totp", old.as_str())];
    assert_eq!(app.browser("pre").post("/operator/login", &form).await.status, 422, "the old codes open nothing");
    let link = newest_link(&app, "staff_factor", "/mujucet").await;
    let mut visitor = app.browser("pre");
    let shown = visitor.get(&link).await;
    assert!(shown.text().contains("Nový druhý faktor"), "{}", shown.text());
    let (token, enrolment, new) = filled(&app, &mut visitor, &link).await;
    for (password, said) in [("", "Vyplňte toto pole"), ("špatné heslo", "Heslo nesouhlasí")] {
        let form = [
            ("token", token.as_str()),
            ("enrolment", enrolment.as_str()),
            ("password", password),
            ("totp", new.as_str()),
        ];
        let answer = visitor.post("/operator/invitation", &form).await;
        assert!(answer.status == 422 && answer.text().contains(said), "{}", answer.text());
    }
    let form = [
        ("token", token.as_str()),
        ("enrolment", enrolment.as_str()),
        ("password", who.password.as_str()),
        ("totp", new.as_str()),
    ];
    let done = visitor.post("/operator/invitation", &form).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(visitor.get("/operator").await.status, 200);
    assert!(has_audit(&app, "pre", "enrol_staff_factor").await);
    assert!(visitor.get(&link).await.text().contains("už byl použit"));
}

#[tokio::test]
async fn nobody_takes_away_their_own_role_nor_the_last_leads() {
    let app = TestApp::start().await;
    let mut lead = app.operator("eon", "lead").await;
    let own = member(&app, "eon", "lead");
    let page = page_of(&app, "eon", &own).await;
    assert!(lead.get(&page).await.text().contains("Svou roli a přístup si nezměníte"));
    for (what, form) in [("role", ("role", "clerk")), ("state", ("turn", "off"))] {
        let answer = press(&mut lead, &page, what, &[form]).await;
        assert!(answer.status == 409 && answer.text().contains("si nevezmete"), "{}", answer.text());
    }
    let factor = press(&mut lead, &page, "factor", &[("email", "zlodej@example.cz")]).await;
    assert_eq!(factor.status, 409, "no address of one's own choosing: {}", factor.text());
    assert_eq!(lead.get("/operator/staff").await.status, 200, "still the lead");
}

/// Two leads who take each other's role away at the same instant: one of them remains.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_leads_at_once_leave_one_lead_and_the_slower_one_sees_the_new_state() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut first = app.operator("eon", "lead").await;
    let clerk = member(&app, "eon", "clerk");
    let page = page_of(&app, "eon", &clerk).await;
    // Two pages of the same member; the second one is old when its button is pressed.
    let old = value_of(&first.get(&page).await, "version");
    assert_eq!(press(&mut first, &page, "role", &[("role", "lead")]).await.status, 303);
    let late = first.post(&format!("{page}/role"), &[("role", "branch"), ("version", &old)]).await;
    assert!(late.status == 409 && late.text().contains("mezitím změnil někdo jiný"), "{}", late.text());
    assert_ne!(value_in(&late.body, "version"), old, "the new state is shown");
    let mut other = app.operator("eon", "clerk").await.at(&second);
    let own = member(&app, "eon", "lead");
    let theirs = page_of(&app, "eon", &own).await;
    let (a, b) = (value_of(&first.get(&page).await, "version"), value_of(&other.get(&theirs).await, "version"));
    let (mine, yours) = (format!("{page}/role"), format!("{theirs}/role"));
    let (one, two) = ([("role", "clerk"), ("version", a.as_str())], [("role", "clerk"), ("version", b.as_str())]);
    let (one, two) = tokio::join!(first.post(&mine, &one), other.post(&yours, &two));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(matches!(statuses[1], 303 | 404), "{statuses:?}");
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("a transaction");
    let leads = tx.staff_list().await.expect("a list").into_iter().filter(|one| one.is_acting_lead()).count();
    assert_eq!(leads, 1, "somebody answers for the desk");
}

/// The console's tenants have nobody at first; from the second lead on, the supplier invites its own.
#[tokio::test]
async fn the_console_invites_a_suppliers_first_lead_and_only_the_first() {
    let app = TestApp::start().await;
    let mut console = app.platform_operator().await;
    let path = "/tenants/eon/lead";
    let shown = console.get(path).await;
    assert!(shown.status == 200 && shown.text().contains("Dodavatel vedoucího má"), "{}", shown.text());
    let form = [("name", "Karel Čáp"), ("email", "karel.cap@example.cz"), ("username", "karel.cap")];
    assert_eq!(console.post(path, &form).await.status, 409);
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    for one in tx.staff_rows().await.expect("a list").iter().filter(|one| one.member.is_acting_lead()) {
        assert!(tx.disable_staff(one.member.id, one.version, true).await.expect("a change"));
    }
    tx.commit().await.expect("kept");
    let wrong = console.post(path, &[("name", "Karel Čáp")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("Karel Čáp"), "{}", wrong.text());
    let done = console.post(path, &form).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let shown = console.get(path).await;
    assert!(shown.text().contains("Čeká pozvánka: Karel Čáp"), "{}", shown.text());
    let line = audit(&app, "eon").await.into_iter().find(|line| line.action == "invite_staff").expect("a line");
    assert_eq!((line.actor_kind.as_str(), line.role.as_str()), ("platform", "platform"));
    let link = newest_link(&app, "staff_invitation", "/").await;
    let mut visitor = app.browser("eon");
    let (token, enrolment, code) = filled(&app, &mut visitor, &link).await;
    let form = [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", NEW), ("totp", code.as_str())];
    assert_eq!(visitor.post("/operator/invitation", &form).await.status, 303);
    assert_eq!(visitor.get("/operator/staff").await.status, 200, "a lead");
}

/// Whoever looks at the link gets a secret of their own: of who enrols, only what their page showed counts.
#[tokio::test]
async fn a_secret_is_drawn_anew_for_every_look_and_counts_only_on_its_own_page() {
    let app = TestApp::start().await;
    invite(&mut app.operator("eon", "lead").await).await;
    let link = newest_link(&app, "staff_invitation", "/").await;
    let (mut invited, mut other) = (app.browser("eon"), app.browser("eon"));
    let (page, theirs) = (invited.get(&link).await, other.get(&link).await);
    let (own, seen) = (secret_on(&page), secret_on(&theirs));
    assert_ne!(own, seen);
    let token = value_of(&page, "token");
    let (enrolment, elsewhere) = (value_of(&page, "enrolment"), value_of(&theirs, "enrolment"));
    let signature = enrolment.split_once('.').expect("two parts").1;
    let forged = format!("{seen}.{signature}");
    let chosen = format!("{seen}.");
    let (code_own, code_seen) = (code(&app, &own), code(&app, &seen));
    for (kept, typed) in
        [(&enrolment, &code_seen), (&elsewhere, &code_own), (&forged, &code_seen), (&chosen, &code_seen)]
    {
        let form = [("token", token.as_str()), ("enrolment", kept.as_str()), ("new", NEW), ("totp", typed.as_str())];
        let answer = invited.post("/operator/invitation", &form).await;
        assert!(answer.status == 422 && answer.text().contains("Kód nesouhlasí"), "{}", answer.text());
        let shown = secret_on(&answer);
        match kept {
            kept if *kept == enrolment => assert_eq!(shown, own, "what was scanned stays"),
            kept if *kept == elsewhere => assert_eq!(shown, seen),
            _ => assert!(shown != own && shown != seen, "another is shown"),
        }
    }
    let form = [("token", token.as_str()), ("enrolment", &enrolment), ("new", NEW), ("totp", code_own.as_str())];
    assert_eq!(invited.post("/operator/invitation", &form).await.status, 303);
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("a transaction");
    let row = tx.staff_by_username("karel.cap").await.expect("a lookup").expect("a member");
    assert_eq!(row.totp_secret, Some(own));
}

/// Whoever may no longer invite has invited nobody: at once, for good, and until somebody who may sends it anew.
#[tokio::test]
async fn an_invitation_ends_with_its_inviters_right() {
    for (what, form, back) in
        [("role", ("role", "clerk"), ("role", "lead")), ("state", ("turn", "off"), ("turn", "on"))]
    {
        let app = TestApp::start().await;
        let mut inviter = app.operator("eon", "lead").await;
        invite(&mut inviter).await;
        let link = newest_link(&app, "staff_invitation", "/").await;
        let clerk = page_of(&app, "eon", &member(&app, "eon", "clerk")).await;
        assert_eq!(press(&mut inviter, &clerk, "role", &[("role", "lead")]).await.status, 303);
        let mut lead = app.operator("eon", "clerk").await;
        let mut visitor = app.browser("eon");
        let (token, enrolment, code) = filled(&app, &mut visitor, &link).await;
        let theirs = page_of(&app, "eon", &member(&app, "eon", "lead")).await;
        assert_eq!(press(&mut lead, &theirs, what, &[form]).await.status, 303, "{what}");
        let filled_in =
            [("token", token.as_str()), ("enrolment", enrolment.as_str()), ("new", NEW), ("totp", code.as_str())];
        let late = visitor.post("/operator/invitation", &filled_in).await;
        assert!(late.status == 422 && late.text().contains("Pozvánka už neplatí"), "{what}: {}", late.text());
        assert!(lead.get("/operator/staff").await.text().contains("už zvát nesmí"), "{what}");
        assert_eq!(press(&mut lead, &theirs, what, &[back]).await.status, 303, "{what}");
        assert!(visitor.get(&link).await.text().contains("Pozvánka už neplatí"), "{what}: nothing comes back");
        let list = lead.get("/operator/staff").await;
        let send = list.links().into_iter().find(|link| link.ends_with("/send")).expect("a button");
        assert_eq!(lead.post(&send, &[]).await.status, 303);
        let anew = newest_link(&app, "staff_invitation", "/").await;
        assert!(anew != link && visitor.get(&anew).await.status == 200, "{what}: sent anew by who may");
        assert!(!lead.get("/operator/staff").await.text().contains("už zvát nesmí"), "{what}");
    }
}
