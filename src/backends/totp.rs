//! One-time codes (RFC 6238: SHA-1, six digits, 30 seconds, the form every authenticator understands). That a code counts only
//! once is the database's to hold: it remembers the last step used.
use super::keys;
use crate::domain::percent;
use time::OffsetDateTime;
use totp_rs::{Builder, Secret, Totp};

/// Seconds a code lasts.
const STEP: u64 = 30;
/// Steps before and after the present one that are accepted, for clocks that differ.
const SKEW: u16 = 1;

/// 160 random bits in base32.
pub fn new_secret() -> String {
    Secret::from(keys::random::<20>().to_vec()).to_base32()
}

/// Given bytes in base32.
pub fn secret_of(bytes: &[u8]) -> String {
    Secret::from(bytes.to_vec()).to_base32()
}

/// The number of the step whose code this is; none when it is none's.
pub fn matching_step(secret: &str, code: &str, now: OffsetDateTime) -> Option<i64> {
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret)?.check(&code, seconds(now)?)?;
    i64::try_from(step).ok()
}

/// The code an authenticator would show. For the demo's book and for tests.
pub fn code_at(secret: &str, now: OffsetDateTime) -> Option<String> {
    Some(totp(secret)?.generate(seconds(now)?).to_string())
}

/// What a QR code for an authenticator says (Key URI format). `issuer` is the portal's name.
pub fn url(secret: &str, issuer: &str, account: &str) -> String {
    let (issuer, account) = (percent::encoded(issuer), percent::encoded(account));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}")
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret.trim().trim_end_matches('=').to_ascii_uppercase()).ok()?;
    Builder::new().with_secret(secret).with_skew(SKEW).with_step_duration(STEP).build().ok()
}

fn seconds(now: OffsetDateTime) -> Option<u64> {
    u64::try_from(now.unix_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    /// "12345678901234567890", RFC 6238 appendix B.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).expect("in range")
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(code_at(RFC, at(seconds)).as_deref(), Some(code));
            assert_eq!(matching_step(RFC, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_clock_may_differ_by_one_step_and_the_step_is_told() {
        let now = at(1_800_000_000);
        let step = 1_800_000_000 / 30;
        for (steps, expected) in [(-2, None), (-1, Some(step - 1)), (0, Some(step)), (1, Some(step + 1)), (2, None)] {
            let code = code_at(RFC, now + Duration::seconds(30 * steps)).expect("a code");
            assert_eq!(matching_step(RFC, &code, now), expected, "{steps}");
        }
    }

    #[test]
    fn a_code_may_be_typed_with_a_space_but_is_nothing_else() {
        assert_eq!(matching_step(RFC, "287 082", at(59)), Some(1));
        for bad in ["", "28708", "2870820", "28708a", "２８７０８２", "-87082"] {
            assert_eq!(matching_step(RFC, bad, at(59)), None, "{bad}");
        }
        assert_eq!(matching_step("not base32!", "287082", at(59)), None);
    }

    #[test]
    fn new_secrets_differ_and_work() {
        let secret = new_secret();
        assert_eq!(secret.len(), 32);
        assert_ne!(secret, new_secret());
        let code = code_at(&secret, at(59)).expect("a code");
        assert!(matching_step(&secret, &code, at(59)).is_some());
    }

    #[test]
    fn the_url_is_escaped() {
        let url = url("ABC", "Můj účet: A&B", "jan@example.cz");
        assert!(
            url.starts_with("otpauth://totp/M%C5%AFj%20%C3%BA%C4%8Det%3A%20A%26B:jan%40example.cz?secret=ABC&issuer=M")
        );
    }
}
