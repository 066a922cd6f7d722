//! Staff who sign in through their company's identity provider. A small provider runs within the test; it can be told to lie.
use crate::support::{Answer, Browser, TestApp, value_of};
use axum::extract::{Form, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use busbar::backends::totp;
use busbar::data::NewStaff;
use busbar::domain::features::Role;
use busbar::domain::ids::{StaffId, TenantId};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the provider does, and what it was asked.
#[derive(Default)]
struct Habits {
    /// Claims that take the place of the right ones.
    claims: Value,
    /// The nonce of the last way in, and the challenge of its PKCE.
    nonce: String,
    challenge: String,
    /// Silent from now on.
    is_asleep: bool,
    /// Signs with a key that it does not show.
    is_forging: bool,
}

#[derive(Clone)]
struct Idp {
    issuer: String,
    habits: Arc<Mutex<Habits>>,
}

fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 of an Ed25519 key: a fixed head and the seed.
    let mut der = hex::decode("302e020100300506032b657004220420").expect("hexadecimal");
    der.extend([seed; 32]);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("one".into()))).expect("a key")
}

async fn description(State(idp): State<Idp>) -> Json<Value> {
    let sleeps = idp.habits.lock().expect("a lock").is_asleep;
    if sleeps {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let issuer = &idp.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
    }))
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [key(7).as_verification_key()] }))
}

async fn token(State(idp): State<Idp>, Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    let habits = idp.habits.lock().expect("a lock");
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(challenge, habits.challenge, "PKCE holds the code to who asked for it");
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let mut claims = json!({
        "iss": idp.issuer, "aud": "portal", "sub": "u-1", "exp": now + 300, "iat": now, "nonce": habits.nonce,
        "email": "Jana.Nova@example.cz", "email_verified": true, "amr": ["pwd", "mfa"],
    });
    for (name, value) in habits.claims.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "alg": "EdDSA", "kid": "one" })), part(&claims));
    let signing = key(if habits.is_forging { 8 } else { 7 });
    let signed = signing.sign(&CoreJwsSigningAlgorithm::EdDsa, text.as_bytes()).expect("signed");
    let id_token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signed));
    Json(json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token }))
}

impl Idp {
    async fn start() -> Idp {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("bound"));
        let idp = Idp { issuer, habits: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(description))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(idp.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        idp
    }

    fn say(&self, claims: Value) {
        self.habits.lock().expect("a lock").claims = claims;
    }
}

/// A supplier whose staff sign in at the provider, made by the console as any other.
struct Stage {
    app: TestApp,
    idp: Idp,
    id: TenantId,
    _secret: tempfile::NamedTempFile,
}

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

impl Stage {
    async fn set() -> Stage {
        let (app, idp) = (TestApp::start().await, Idp::start().await);
        let secret = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(secret.path(), "s3cret\n").expect("written");
        let login = format!(
            "\n[staff_login]\nissuer = \"{}\"\nclient_id = \"portal\"\nclient_secret = \"file:{}\"\n",
            idp.issuer,
            secret.path().display()
        );
        let document = format!("{}{login}", crate::platform::NINTH);
        let bought = ["login_with_credentials", "commodity_electricity"].map(|feature| ("feature", feature));
        let fields: Vec<_> = std::iter::once(("document", document.as_str())).chain(bought).collect();
        let made = crate::platform::onboard(&app, &fields).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let id = app.services.registry.by_slug("devata").expect("live").id;
        let stage = Stage { app, idp, id, _secret: secret };
        stage.add("jana", "jana.nova@example.cz", Some(SECRET)).await;
        stage
    }

    async fn add(&self, username: &str, email: &str, secret: Option<&str>) -> StaffId {
        let member = NewStaff {
            id: StaffId::new(),
            username: username.into(),
            name: "Jana Nová".into(),
            role: Role::Clerk,
            password_hash: "$argon2id$".into(),
            totp_secret: secret.map(str::to_owned),
            email: Some(email.into()),
        };
        let tx = self.app.services.db.tenant(self.id).begin().await.expect("a transaction");
        tx.insert_staff(std::slice::from_ref(&member)).await.expect("a member");
        tx.commit().await.expect("kept");
        member.id
    }

    fn browser(&self) -> Browser {
        Browser::new(self.app.entry.clone(), "devata.localhost", "")
    }

    /// Presses the button: where the provider would be opened, and with which state.
    async fn leave(&self, browser: &mut Browser) -> String {
        let page = browser.post("/operator/login/oidc", &[("next", "/operator/requests")]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let refresh = page.header("refresh").strip_prefix("0;url=").expect("a way on").to_owned();
        let url = url::Url::parse(&refresh).expect("an address");
        assert!(refresh.starts_with(&format!("{}/authorize?", self.idp.issuer)), "{refresh}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["redirect_uri"].ends_with("/operator/login/oidc"), "{asked:?}");
        let mut habits = self.idp.habits.lock().expect("a lock");
        (habits.nonce, habits.challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        asked["state"].clone()
    }

    async fn come_back(&self, browser: &mut Browser, state: &str) -> Answer {
        browser.get(&format!("/operator/login/oidc?code=c&state={state}")).await
    }

    /// The whole way with what the provider says.
    async fn sign_in(&self, claims: Value) -> (Browser, Answer) {
        self.idp.say(claims);
        let mut browser = self.browser();
        let state = self.leave(&mut browser).await;
        let answer = self.come_back(&mut browser, &state).await;
        (browser, answer)
    }
}

#[tokio::test]
async fn a_member_signs_in_with_the_companys_account_and_is_known_by_it_from_then_on() {
    let stage = Stage::set().await;
    assert!(stage.browser().get("/operator/login").await.text().contains("Přihlásit se firemním účtem"));
    assert!(!stage.app.browser("eon").get("/operator/login").await.text().contains("firemním účtem"));
    assert_eq!(stage.app.browser("eon").post("/operator/login/oidc", &[]).await.status, 404, "not configured");
    let (mut browser, answer) = stage.sign_in(json!({})).await;
    assert_eq!((answer.status, answer.location()), (303, "/operator/requests"), "{}", answer.text());
    assert_eq!(browser.get("/operator").await.status, 200);
    // From now on the address may change, and somebody else's same address is not them.
    let (_, renamed) = stage.sign_in(json!({ "email": "jiná@example.cz" })).await;
    assert_eq!(renamed.status, 303, "{}", renamed.text());
    let (_, other) = stage.sign_in(json!({ "sub": "u-2" })).await;
    assert!(other.status == 422 && other.text().contains("tu nemáte přístup"), "{}", other.text());
    let tx = stage.app.services.db.tenant(stage.id).read().await.expect("a transaction");
    let lines = tx.audit_trail(30, None).await.expect("a list");
    assert_eq!(lines.iter().filter(|line| line.action == "bind_provider").count(), 1);
    assert_eq!(lines.iter().filter(|line| line.action == "sign_in").count(), 2);
}

#[tokio::test]
async fn an_answer_that_is_not_the_providers_to_this_question_lets_nobody_in() {
    let stage = Stage::set().await;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    for claims in [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "aud": "another" }),
        json!({ "aud": ["portal", "another"] }),
        json!({ "iss": "https://evil.example" }),
        json!({ "exp": now - 60 }),
    ] {
        let (mut browser, answer) = stage.sign_in(claims.clone()).await;
        assert!(answer.status == 422 && answer.text().contains("nepodařilo ověřit"), "{claims}: {}", answer.text());
        assert_eq!(browser.get("/operator").await.status, 303, "{claims}");
    }
    stage.idp.habits.lock().expect("a lock").is_forging = true;
    let (_, forged) = stage.sign_in(json!({})).await;
    assert!(forged.status == 422 && forged.text().contains("nepodařilo ověřit"), "{}", forged.text());
    stage.idp.habits.lock().expect("a lock").is_forging = false;
    let mut browser = stage.browser();
    let state = stage.leave(&mut browser).await;
    let denied = browser.get(&format!("/operator/login/oidc?error=access_denied&state={state}")).await;
    assert!(denied.status == 422 && denied.text().contains("nepodařilo ověřit"), "{}", denied.text());
}

#[tokio::test]
async fn an_attempt_counts_once_for_the_browser_and_the_supplier_that_began_it() {
    let stage = Stage::set().await;
    stage.idp.say(json!({}));
    let mut browser = stage.browser();
    let state = stage.leave(&mut browser).await;
    let wrong = "A".repeat(43);
    let lost = |answer: &Answer| answer.status == 422 && answer.text().contains("už neplatí");
    for bad in ["", "x", wrong.as_str()] {
        let answer = stage.come_back(&mut browser, bad).await;
        assert!(lost(&answer), "{bad}: {}", answer.text());
    }
    let answer = stage.come_back(&mut stage.browser(), &state).await;
    assert!(lost(&answer), "another browser: {}", answer.text());
    let mut elsewhere = stage.app.browser("eon");
    elsewhere.cookies = browser.cookies.clone();
    assert_eq!(stage.come_back(&mut elsewhere, &state).await.status, 404, "another supplier has no such page");
    // Any instance may hear the answer.
    let (_services, second) = stage.app.another_instance().await;
    let done = stage.come_back(&mut browser.at(&second), &state).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let again = stage.come_back(&mut browser, &state).await;
    assert!(lost(&again) && again.status == 422, "replayed: {}", again.text());
    let mut late = stage.browser();
    let state = stage.leave(&mut late).await;
    let tx = stage.app.services.db.tenant(stage.id).begin().await.expect("a transaction");
    let hash = busbar::backends::keys::Token::from_text(&state).expect("a token").hash();
    let after = stage.app.services.clock.now() + time::Duration::minutes(11);
    assert!(tx.use_staff_sign_in(&hash, &[0; 32], after).await.expect("a lookup").is_none());
    let attempt = busbar::data::NewSignIn {
        id: busbar::domain::ids::StaffSignInId::new(),
        state_hash: [1; 32],
        browser_hash: [1; 32],
        nonce: String::new(),
        verifier: String::new(),
        next: String::new(),
        expires_at: after + time::Duration::minutes(10),
    };
    // The next attempt sweeps out those that grew old.
    tx.begin_staff_sign_in(&attempt, after).await.expect("kept");
    tx.commit().await.expect("kept");
    let answer = stage.come_back(&mut late, &state).await;
    assert!(lost(&answer), "expired: {}", answer.text());
}

#[tokio::test]
async fn only_a_member_with_a_verified_address_who_is_not_disabled_comes_in() {
    let stage = Stage::set().await;
    let unknown = |answer: &Answer| answer.status == 422 && answer.text().contains("tu nemáte přístup");
    for claims in [
        json!({ "email": "nikdo@example.cz" }),
        json!({ "email_verified": false }),
        json!({ "email_verified": null }),
        json!({ "email": null }),
    ] {
        let (_, answer) = stage.sign_in(claims.clone()).await;
        assert!(unknown(&answer), "{claims}: {}", answer.text());
    }
    let tx = stage.app.services.db.tenant(stage.id).begin().await.expect("a transaction");
    let row = tx.staff_by_email("JANA.NOVA@example.cz").await.expect("a lookup").expect("a member");
    assert!(tx.disable_staff(row.member.id, row.version, true).await.expect("a change"));
    tx.commit().await.expect("kept");
    let (mut browser, answer) = stage.sign_in(json!({})).await;
    assert!(unknown(&answer), "disabled: {}", answer.text());
    assert_eq!(browser.get("/operator").await.status, 303);
}

#[tokio::test]
async fn without_a_second_factor_of_the_providers_our_own_code_is_asked_for() {
    let stage = Stage::set().await;
    for claims in [json!({ "amr": null }), json!({ "amr": ["pwd"] })] {
        let (mut browser, page) = stage.sign_in(claims).await;
        assert!(page.status == 200 && page.text().contains("Zbývá jednorázový kód"), "{}", page.text());
        assert_eq!(browser.get("/operator").await.status, 303, "not in yet");
        let token = value_of(&page, "token");
        let wrong = browser.post("/operator/login/code", &[("token", &token), ("totp", "000000")]).await;
        assert!(wrong.status == 422 && wrong.text().contains("Kód nesouhlasí"), "{}", wrong.text());
    }
    let (mut browser, page) = stage.sign_in(json!({ "amr": ["pwd"] })).await;
    let token = value_of(&page, "token");
    let code = totp::code_at(SECRET, stage.app.services.clock.now()).expect("a code");
    let form = [("token", token.as_str()), ("totp", code.as_str())];
    let done = browser.post("/operator/login/code", &form).await;
    assert_eq!((done.status, done.location()), (303, "/operator/requests"), "{}", done.text());
    assert_eq!(browser.get("/operator").await.status, 200);
    let again = stage.browser().post("/operator/login/code", &form).await;
    assert!(again.status == 422 && again.text().contains("už neplatí"), "{}", again.text());
    stage.add("petr", "petr@example.cz", None).await;
    let (_, none) = stage.sign_in(json!({ "sub": "u-3", "email": "petr@example.cz", "amr": ["pwd"] })).await;
    assert!(none.status == 422 && none.text().contains("žádný nastavený nemáte"), "{}", none.text());
}

#[tokio::test]
async fn a_provider_that_is_away_or_silent_is_a_sentence_within_the_time() {
    let stage = Stage::set().await;
    let mut browser = stage.browser();
    let state = stage.leave(&mut browser).await;
    stage.idp.habits.lock().expect("a lock").is_asleep = true;
    for answer in [
        {
            let begun = Instant::now();
            let answer = stage.browser().post("/operator/login/oidc", &[]).await;
            assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
            answer
        },
        stage.come_back(&mut browser, &state).await,
    ] {
        assert_eq!(answer.status, 503);
        assert!(answer.text().contains("teď neodpovídá"), "{}", answer.text());
        assert!(answer.body.contains("name=\"password\""), "the other way in stands beside");
    }
}

/// Fifty at the same instant, on two instances, with the same answer of the provider: one is signed in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_bring_one_answer_at_once_one_comes_in() {
    let stage = Stage::set().await;
    let (_services, second) = stage.app.another_instance().await;
    stage.idp.say(json!({}));
    let mut browser = stage.browser();
    let state = stage.leave(&mut browser).await;
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut racer = browser.at(if index % 2 == 0 { &stage.app.entry } else { &second });
        let path = format!("/operator/login/oidc?code=c&state={state}");
        racers.spawn(async move { racer.get(&path).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 422 | 503)), "{all:?}");
}
