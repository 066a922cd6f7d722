//! Keys and tokens: one master secret, from it one key for each tenant and purpose, so that nothing signed for one verifies at another.
use crate::domain::ids::TenantId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::RwLock;

/// Shortest master secret, in bytes.
const MIN_BYTES: usize = 32;

/// What a derived key is for. The words are part of the derivation: changing one invalidates everything signed under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Session cookies.
    Session,
    /// Cookies by which an account knows a device again.
    Device,
    /// Tokens in forms.
    Csrf,
    /// Links sent by mail.
    Link,
    /// Codes in text messages and letters.
    Code,
    /// The secrets of one-time codes that are being enrolled.
    Enrolment,
    /// Hiding account names and addresses in counters.
    Counter,
    /// Codes in letters, of which only this is kept.
    LetterCode,
    /// Codes in text messages, likewise.
    TextCode,
    /// Links that stop a kind of notice.
    Unsubscribe,
    /// The address at which a gateway reports what became of texts.
    TextReports,
    /// Secrets of webhooks: what receivers verify with.
    Webhook,
}

impl Purpose {
    fn key(self) -> &'static str {
        match self {
            Purpose::Session => "session",
            Purpose::Device => "device",
            Purpose::Csrf => "csrf",
            Purpose::Link => "link",
            Purpose::Code => "code",
            Purpose::Enrolment => "enrolment",
            Purpose::Counter => "counter",
            Purpose::LetterCode => "letter code",
            Purpose::TextCode => "text code",
            Purpose::Unsubscribe => "unsubscribe",
            Purpose::TextReports => "text reports",
            Purpose::Webhook => "webhook",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not hexadecimal")]
    NotHex,
    #[error("shorter than {MIN_BYTES} bytes ({} hexadecimal digits)", MIN_BYTES * 2)]
    TooShort,
    #[error("{0}: {1}")]
    File(String, std::io::Error),
}

/// The secret everything else is derived from. Never printed.
pub struct MasterKey {
    root: Hkdf<Sha256>,
    derived: RwLock<HashMap<(TenantId, Purpose), Key>>,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

impl MasterKey {
    pub fn new(secret: &[u8]) -> Result<MasterKey, Error> {
        if secret.len() < MIN_BYTES {
            return Err(Error::TooShort);
        }
        Ok(MasterKey { root: Hkdf::new(Some(b"busbar"), secret), derived: RwLock::default() })
    }

    /// 64 or more hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<MasterKey, Error> {
        Self::new(&hex::decode(text.trim()).map_err(|_| Error::NotHex)?)
    }

    /// Reads the key file, or makes one that only its owner can read. For the embedded profile: one process, one folder.
    pub fn load_or_create(path: &Path) -> Result<MasterKey, Error> {
        let broken = |error| Error::File(path.display().to_string(), error);
        match std::fs::read_to_string(path) {
            Ok(text) => return Self::from_hex(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(broken(error)),
        }
        match write_private(path, &hex::encode(random::<MIN_BYTES>())) {
            // Another process starting at the same moment was quicker: its key counts.
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(broken(error)),
            _ => Self::from_hex(&std::fs::read_to_string(path).map_err(broken)?),
        }
    }

    /// HKDF-SHA256 (RFC 5869) over tenant and purpose. Derived once, then remembered; tenants are few.
    pub fn derive(&self, tenant: TenantId, purpose: Purpose) -> Key {
        let wanted = (tenant, purpose);
        let known = self.derived.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&wanted).cloned();
        known.unwrap_or_else(|| {
            let mut bytes = [0; 32];
            let info = format!("tenant {} {}", tenant.0, purpose.key());
            self.root.expand(info.as_bytes(), &mut bytes).expect("32 bytes are within what HKDF can give");
            let key = Key(Hmac::new_from_slice(&bytes).expect("HMAC takes keys of any length"));
            self.derived.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(wanted, key.clone());
            key
        })
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    // Written beside and linked into place, so that a reader never sees half a key and an existing key is never replaced.
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    linked
}

/// A key of one tenant for one purpose: HMAC-SHA256, already primed.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// 43 characters of base64url.
    pub fn sign(&self, message: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.0.clone().chain_update(message).finalize().into_bytes())
    }

    /// What is kept of a secret too short to be hashed without a key.
    pub fn digest(&self, message: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(message).finalize().into_bytes().into()
    }

    /// In constant time.
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        self.0.clone().chain_update(message).verify_slice(&bytes).is_ok()
    }
}

/// A session's token: 256 random bits. Only its hash is ever kept.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    pub fn random() -> Token {
        Token(random())
    }

    /// SHA-256, under which the session is kept.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The same token as one owner knows it; another knows it by another hash.
    pub fn hash_for(&self, owner: uuid::Uuid) -> [u8; 32] {
        Sha256::new().chain_update(owner.as_bytes()).chain_update(self.0).finalize().into()
    }

    /// base64url, for a link that is its own proof.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn from_text(text: &str) -> Option<Token> {
        Some(Token(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// `token.signature`, both base64url.
    pub fn to_cookie(&self, key: &Key) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(self.0), key.sign(&self.0))
    }

    /// None unless the signature is this key's: a foreign or made-up cookie never reaches a store.
    pub fn from_cookie(value: &str, key: &Key) -> Option<Token> {
        let (token, signature) = value.split_once('.')?;
        let token: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        key.verify(&token, signature).then_some(Token(token))
    }
}

/// Bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master() -> MasterKey {
        MasterKey::from_hex(&"0b".repeat(32)).expect("64 digits")
    }

    #[test]
    fn a_cookie_verifies_only_at_its_own_tenant_and_purpose() {
        let master = master();
        let token = Token::random();
        let own = master.derive(TenantId(1), Purpose::Session);
        let cookie = token.to_cookie(&own);
        assert_eq!(Token::from_cookie(&cookie, &own).map(|token| token.hash()), Some(token.hash()));
        for (tenant, purpose) in [(2, Purpose::Session), (1, Purpose::Csrf), (11, Purpose::Session)] {
            assert!(Token::from_cookie(&cookie, &master.derive(TenantId(tenant), purpose)).is_none());
        }
    }

    #[test]
    fn a_cookie_that_was_touched_is_nobodys() {
        let own = master().derive(TenantId(1), Purpose::Session);
        let cookie = Token::random().to_cookie(&own);
        let (token, signature) = cookie.split_once('.').expect("two parts");
        let long = "A".repeat(1 << 20);
        for bad in
            ["", ".", "a.b", token, &format!("{token}."), &format!("{token}.{token}"), &format!(".{signature}"), &long]
        {
            assert!(Token::from_cookie(bad, &own).is_none());
        }
        for at in 0..cookie.len() {
            let mut bytes = cookie.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert!(Token::from_cookie(&changed, &own).is_none(), "{at}");
        }
    }

    #[test]
    fn keys_do_not_change_between_starts() {
        let first = master().derive(TenantId(3), Purpose::Csrf).sign(b"x");
        assert_eq!(first, master().derive(TenantId(3), Purpose::Csrf).sign(b"x"));
        let second = master();
        second.derive(TenantId(3), Purpose::Csrf);
        assert_eq!(first, second.derive(TenantId(3), Purpose::Csrf).sign(b"x"), "remembered = derived");
    }

    #[test]
    fn a_short_or_broken_secret_is_refused() {
        assert!(matches!(MasterKey::from_hex(&"0b".repeat(31)), Err(Error::TooShort)));
        assert!(matches!(MasterKey::from_hex("not hexadecimal"), Err(Error::NotHex)));
        assert!(!format!("{:?}", master()).contains("0b"));
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let dir = std::env::temp_dir().join(format!("busbar-keys-{}", hex::encode(random::<8>())));
        std::fs::create_dir_all(&dir).expect("temporary folder");
        let path = dir.join("master.key");
        let sign = |key: MasterKey| key.derive(TenantId(1), Purpose::Link).sign(b"x");
        let first = sign(MasterKey::load_or_create(&path).expect("made"));
        assert_eq!(first, sign(MasterKey::load_or_create(&path).expect("read")));
        assert_eq!(std::fs::read_dir(&dir).expect("listed").count(), 1, "nothing is left beside");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
