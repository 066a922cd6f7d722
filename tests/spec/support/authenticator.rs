//! A device with a passkey, in software: ES256, no attestation, its owner always recognised. It does what it is told, also what a browser
//! would not: answer for another host, sign with a counter of yesterday.
use super::{Browser, TestApp, value_of};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

#[derive(Clone)]
pub struct Authenticator {
    key: SigningKey,
    handle: Vec<u8>,
    owner: String,
    pub origin: String,
    pub counter: u32,
    pub is_verified: bool,
}

impl Authenticator {
    /// In a browser that stands at the supplier's portal.
    pub fn at(app: &TestApp, slug: &str) -> Authenticator {
        let home = app.services.registry.by_slug(slug).expect("one of the eight").url("/");
        let origin = url::Url::parse(&home).expect("an address").origin().ascii_serialization();
        let secret = Sha256::digest(uuid::Uuid::now_v7().as_bytes());
        let key = SigningKey::from_slice(&secret).expect("a number below the order of the curve");
        let handle = Sha256::digest(secret).to_vec();
        Authenticator { key, handle, owner: String::new(), origin, counter: 1, is_verified: true }
    }

    /// A new passkey, as `options` ask for it.
    pub fn makes(&mut self, options: &Value) -> String {
        self.owner = options["user"]["id"].as_str().expect("a user").to_owned();
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        let host = options["rp"]["id"].as_str().expect("a relying party");
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut data = self.data(host, WITH_KEY);
        data.extend([0; 16]);
        data.extend((self.handle.len() as u16).to_be_bytes());
        data.extend(&self.handle);
        // COSE: an elliptic key for ES256 on P-256, its two coordinates.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().expect("a point"));
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().expect("a point, uncompressed"));
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": …}.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(data.len().try_into().expect("short"));
        object.extend(&data);
        let said = self.said("webauthn.create", options);
        self.answer(json!({ "clientDataJSON": written(&said), "attestationObject": written(&object) }))
    }

    /// The next signature, as `options` ask for it.
    pub fn signs(&mut self, options: &Value) -> String {
        self.counter += 1;
        let data = self.data(options["rpId"].as_str().expect("a relying party"), 0);
        let said = self.said("webauthn.get", options);
        let signed = [data.as_slice(), &Sha256::digest(&said)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "clientDataJSON": written(&said),
            "authenticatorData": written(&data),
            "signature": written(signature.to_der().as_bytes()),
            "userHandle": self.owner,
        }))
    }

    fn data(&self, host: &str, flags: u8) -> Vec<u8> {
        let verified = if self.is_verified { VERIFIED } else { 0 };
        let mut data = Sha256::digest(host).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn said(&self, what: &str, options: &Value) -> Vec<u8> {
        let said =
            json!({ "type": what, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn answer(&self, response: Value) -> String {
        let id = written(&self.handle);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}

fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the page of a new passkey asks, and the token of its form.
pub async fn asked_for_new(browser: &mut Browser, name: &str, password: &str) -> (Value, String) {
    browser.get("/account/security/passkeys").await;
    let form = [("act", "begin"), ("name", name), ("password", password)];
    let page = browser.post("/account/security/passkeys", &form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let options = page.body.split("data-options=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("options");
    let options = options.replace("&quot;", "\"").replace("&#x2F;", "/").replace("&#x27;", "'").replace("&amp;", "&");
    (serde_json::from_str(&options).expect("what a script reads"), value_of(&page, "token"))
}

/// Somebody who is signed in adds a passkey of the device.
pub async fn adds(browser: &mut Browser, device: &mut Authenticator, name: &str, password: &str) {
    let (options, token) = asked_for_new(browser, name, password).await;
    let form = [("act", "add"), ("token", token.as_str()), ("answer", &device.makes(&options))];
    let added = browser.post("/account/security/passkeys", &form).await;
    assert_eq!(added.status, 303, "{}", added.text());
}

/// What a stranger's browser is asked.
pub async fn asked_who(browser: &mut Browser) -> Value {
    let answer = browser.post("/login/passkey/challenge", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("what a script reads")
}
