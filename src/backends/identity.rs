//! A supplier's own identity provider, spoken to as OpenID Connect says: authorization code with PKCE, state and nonce. It may be slow,
//! silent or wrong, and its documents name addresses: none of them leads into our own network.
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, TokenResponse,
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// Longest the provider may take for all that one step asks of it.
const PATIENCE: Duration = Duration::from_secs(5);
/// No document of a provider is longer.
const MOST_BYTES: usize = 1 << 20;
/// Signatures that only the provider can make.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 6] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// What a provider says of a sign-in that had a second factor (RFC 8176).
const SECOND_FACTORS: [&str; 3] = ["mfa", "otp", "hwk"];

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Does not answer, or not in time.
    #[error("the provider does not answer: {0}")]
    Away(String),
    /// Answers what may not be believed.
    #[error("the provider's answer is refused: {0}")]
    Refused(String),
}

/// Who is asked, and as whom.
pub struct Provider {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// Our own address, to which it sends people back.
    pub redirect: String,
}

/// Where the person goes, and what must be remembered until they come back.
pub struct Asked {
    pub url: String,
    pub nonce: String,
    pub verifier: String,
}

/// What the provider vouches for.
#[derive(Debug)]
pub struct Proved {
    /// Issuer and subject.
    pub subject: String,
    /// Only an address that the provider says it has verified.
    pub email: Option<String>,
    pub has_second_factor: bool,
}

/// One step of a sign-in, as far as the provider has its part in it.
type Step<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

type Known =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Provider {
    pub fn begin(self, state: String) -> Step<Asked> {
        Box::pin(async move { in_time(self.ask(state)).await })
    }

    pub fn finish(self, code: String, nonce: String, verifier: String) -> Step<Proved> {
        Box::pin(async move { in_time(self.prove(code, nonce, verifier)).await })
    }

    async fn ask(&self, state: String) -> Result<Asked, Error> {
        let client = self.discover().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, _, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || CsrfToken::new(state), Nonce::new_random)
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge)
            .url();
        self.check(&url).map_err(Error::Refused)?;
        Ok(Asked { url: url.into(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() })
    }

    async fn prove(&self, code: String, nonce: String, verifier: String) -> Result<Proved, Error> {
        let client = self.discover().await?;
        let is_here = self.is_here();
        let http = move |request| send(is_here, request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Error::Refused(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&http)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => error,
                RequestTokenError::ServerResponse(_) => Error::Refused("the code was refused".into()),
                _ => Error::Refused("no token came".into()),
            })?;
        let token = answer.id_token().ok_or_else(|| Error::Refused("no identity came".into()))?;
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims: &CoreIdTokenClaims =
            token.claims(&verifier, &Nonce::new(nonce)).map_err(|error| Error::Refused(error.to_string()))?;
        let email = claims.email().filter(|_| claims.email_verified() == Some(true));
        let methods = claims.auth_method_refs().into_iter().flatten();
        Ok(Proved {
            subject: format!("{} {}", self.issuer, claims.subject().as_str()),
            email: email.map(|email| email.as_str().to_owned()),
            has_second_factor: methods.into_iter().any(|method| SECOND_FACTORS.contains(&method.as_str())),
        })
    }

    /// The provider's own description of itself, with its keys, as they are now.
    async fn discover(&self) -> Result<Known, Error> {
        let refused = |error: String| Error::Refused(error);
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|error| refused(error.to_string()))?;
        let redirect = RedirectUrl::new(self.redirect.clone()).map_err(|error| refused(error.to_string()))?;
        let is_here = self.is_here();
        let http = move |request| send(is_here, request);
        let found = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            other => Error::Refused(other.to_string()),
        })?;
        let methods = found.token_endpoint_auth_methods_supported();
        let by_form = methods.is_some_and(|all| !all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let secret = ClientSecret::new(self.client_secret.clone());
        let client = CoreClient::from_provider_metadata(found, ClientId::new(self.client_id.clone()), Some(secret))
            .set_redirect_uri(redirect);
        Ok(if by_form { client.set_auth_type(AuthType::RequestBody) } else { client })
    }

    /// A provider on this machine, for trying things out, stays there; every other is spoken to by TLS only.
    fn check(&self, url: &Url) -> Result<(), String> {
        check(self.is_here(), url)
    }

    fn is_here(&self) -> bool {
        Url::parse(&self.issuer).is_ok_and(|url| is_here(&url))
    }
}

fn check(provider_is_here: bool, url: &Url) -> Result<(), String> {
    let is_good = match (provider_is_here, address_of(url)) {
        (true, _) => is_here(url),
        (false, Some(address)) => url.scheme() == "https" && is_public(address),
        (false, None) => url.scheme() == "https",
    };
    if is_good { Ok(()) } else { Err(format!("an address at {}", url.host_str().unwrap_or("nowhere"))) }
}

async fn send(provider_is_here: bool, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (parts, body) = request.into_parts();
    let url = Url::parse(&parts.uri.to_string()).map_err(|error| Error::Refused(error.to_string()))?;
    check(provider_is_here, &url).map_err(Error::Refused)?;
    let client = if provider_is_here { &HERE } else { &ABROAD };
    let client = client.as_ref().map_err(|error| Error::Away(error.clone()))?;
    let away = |error: reqwest::Error| Error::Away(error.without_url().to_string());
    let sent = client.request(parts.method, url).headers(parts.headers).body(body);
    let mut answer = sent.send().await.map_err(away)?;
    if answer.status().is_server_error() {
        return Err(Error::Away(answer.status().to_string()));
    }
    let mut told = HttpResponse::new(Vec::new());
    *told.status_mut() = answer.status();
    *told.headers_mut() = answer.headers().clone();
    while let Some(chunk) = answer.chunk().await.map_err(away)? {
        if told.body().len() + chunk.len() > MOST_BYTES {
            return Err(Error::Refused("a document too long".into()));
        }
        told.body_mut().extend_from_slice(&chunk);
    }
    Ok(told)
}

async fn in_time<T>(step: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(PATIENCE, step).await.unwrap_or_else(|_| Err(Error::Away("it took too long".into())))
}

pub(super) fn address_of(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

pub(super) fn is_here(url: &Url) -> bool {
    url.host_str() == Some("localhost") || address_of(url).is_some_and(|address| address.is_loopback())
}

/// Whether the address may be anybody's on the internet; those of machines and networks of our own may not.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast()
                || address.is_documentation()
                || first == 0
                || first >= 240
                || matches!(address.octets(), [192, 0, 0, _] | [192, 88, 99, _])
                || (first == 100 && (64..128).contains(&second))
                || (first == 198 && (18..20).contains(&second)))
        }
        IpAddr::V6(address) => {
            // Global unicast only, without the addresses that carry another within (RFC 3056 and 4380; RFC 6052 lies outside anyway).
            let [first, second, ..] = address.segments();
            (first & 0xe000) == 0x2000
                && first != 0x2002
                && (first, second) != (0x2001, 0)
                && (first, second) != (0x2001, 0xdb8)
        }
    }
}

type Made = LazyLock<Result<Client, String>>;
static HERE: Made = LazyLock::new(|| client(reqwest::Client::builder()));
static ABROAD: Made = LazyLock::new(|| client(reqwest::Client::builder().dns_resolver(Arc::new(Public))));

fn client(builder: reqwest::ClientBuilder) -> Result<Client, String> {
    let builder = builder.timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.build().map_err(|error| error.to_string())
}

/// Names that lead into our own network lead nowhere.
struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|one| is_public(one.ip())).collect();
            if public.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(issuer: &str) -> Provider {
        let text = String::new;
        Provider { issuer: issuer.into(), client_id: text(), client_secret: text(), redirect: text() }
    }

    #[test]
    fn a_provider_leads_nowhere_into_our_network_and_never_in_the_clear() {
        let abroad = provider("https://login.example.com");
        let here = provider("http://127.0.0.1:9000");
        for (url, is_good_abroad, is_good_here) in [
            ("https://login.example.com/token", true, false),
            ("https://93.184.216.34/token", true, false),
            ("http://login.example.com/token", false, false),
            ("https://127.0.0.1/token", false, true),
            ("http://127.0.0.1:9000/token", false, true),
            ("https://10.0.0.1/", false, false),
            ("https://192.168.1.1/", false, false),
            ("https://169.254.169.254/latest/meta-data", false, false),
            ("https://100.64.0.1/", false, false),
            ("https://0.0.0.0/", false, false),
            ("https://[::1]/", false, true),
            ("https://[fd00::1]/", false, false),
            ("https://[fe80::1]/", false, false),
            ("https://[::ffff:10.0.0.1]/", false, false),
            ("https://[2606:4700::1111]/", true, false),
            ("file:///etc/passwd", false, false),
        ] {
            let url = Url::parse(url).expect("an address");
            assert_eq!(abroad.check(&url).is_ok(), is_good_abroad, "{url}");
            assert_eq!(here.check(&url).is_ok(), is_good_here, "{url}");
        }
    }
}
