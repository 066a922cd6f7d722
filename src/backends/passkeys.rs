//! Passkeys (WebAuthn): what is asked of an authenticator, and whether its answer is right. Each tenant is a relying party of its own: its
//! canonical host, its origin to the port, and nothing below or beside them. What it keeps between question and answer is text for a row.
use serde_json::Value as Json;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// An answer of an authenticator is a few kilobytes at most.
const LONGEST: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No host of ours that an authenticator would know, or a row that does not say what it should.
    #[error("passkeys cannot be used here")]
    Broken,
    /// It is not the answer to what was asked, or not by whom it should be.
    #[error("the authenticator's answer is not right")]
    Wrong,
    /// It has signed less often than before: there are two of it.
    #[error("the authenticator's counter went back")]
    Cloned,
}

impl From<WebauthnError> for Error {
    fn from(error: WebauthnError) -> Error {
        match error {
            WebauthnError::CredentialPossibleCompromise => Error::Cloned,
            _ => Error::Wrong,
        }
    }
}

/// What a browser is given to ask its authenticator, and what is kept until the answer comes.
pub struct Asked {
    pub options: Json,
    pub state: String,
}

/// A credential as it is after it was made, or signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub handle: Vec<u8>,
    pub kept: String,
    pub counter: i64,
}

/// Who says they are signing, before anything is proved.
pub struct Claim {
    answer: PublicKeyCredential,
    pub owner: Uuid,
    pub handle: Vec<u8>,
}

impl Claim {
    pub fn of(text: &str) -> Result<Claim, Error> {
        let answer: PublicKeyCredential = read(text)?;
        let owner = answer.get_user_unique_id().and_then(|bytes| Uuid::from_slice(bytes).ok()).ok_or(Error::Wrong)?;
        let handle = answer.get_credential_id().to_vec();
        Ok(Claim { answer, owner, handle })
    }
}

pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// `home` is the tenant's own address.
    pub fn of(home: &str, name: &str) -> Result<RelyingParty, Error> {
        // Its origin: the mount is nothing that an authenticator knows.
        let home = Url::parse(home).and_then(|home| home.join("/")).map_err(|_| Error::Broken)?;
        let host = home.domain().ok_or(Error::Broken)?;
        let party = WebauthnBuilder::new(host, &home).and_then(|party| party.rp_name(name).build());
        party.map(RelyingParty).map_err(|_| Error::Broken)
    }

    /// A new one, kept where it can be found without a name; on none that has one of `known` already.
    pub fn ask_for_new(&self, owner: Uuid, username: &str, known: &[Vec<u8>]) -> Result<Asked, Error> {
        let known = known.iter().map(|handle| CredentialID::from(handle.clone())).collect();
        let (asked, state) = self.0.start_passkey_registration(owner, username, username, Some(known))?;
        let mut options = json(&asked.public_key)?;
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        Ok(Asked { options, state: json(&state)?.to_string() })
    }

    pub fn take_new(&self, state: &str, answer: &str) -> Result<Credential, Error> {
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(|_| Error::Broken)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        credential(&self.0.finish_passkey_registration(&answer, &state)?)
    }

    /// Any of this tenant's, with its owner's presence proved.
    pub fn ask_who(&self) -> Result<Asked, Error> {
        let (asked, state) = self.0.start_discoverable_authentication()?;
        Ok(Asked { options: json(&asked.public_key)?, state: json(&state)?.to_string() })
    }

    /// The credential as it is after it signed.
    pub fn check(&self, state: &str, claim: &Claim, kept: &str) -> Result<Credential, Error> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(|_| Error::Broken)?;
        let mut passkey: Passkey = serde_json::from_str(kept).map_err(|_| Error::Broken)?;
        let key = DiscoverableKey::from(&passkey);
        let signed = self.0.finish_discoverable_authentication_v2(&claim.answer, state, &key)?;
        if !signed.user_verified() {
            return Err(Error::Wrong);
        }
        passkey.update_credential(&signed);
        credential(&passkey)
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    if text.len() > LONGEST {
        return Err(Error::Wrong);
    }
    serde_json::from_str(text).map_err(|_| Error::Wrong)
}

fn json(what: &impl serde::Serialize) -> Result<Json, Error> {
    serde_json::to_value(what).map_err(|_| Error::Broken)
}

fn credential(passkey: &Passkey) -> Result<Credential, Error> {
    let kept = json(passkey)?;
    let counter = kept["cred"]["counter"].as_i64().ok_or(Error::Broken)?;
    Ok(Credential { handle: passkey.cred_id().to_vec(), kept: kept.to_string(), counter })
}
