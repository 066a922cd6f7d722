//! What single values of a document must look like. Each check gives the complaint, or nothing.

/// Words a slug may not be: they mean something else in files, hosts, paths or policies.
const RESERVED: [&str; 22] = [
    "admin",
    "api",
    "app",
    "assets",
    "base",
    "busbar",
    "console",
    "demo",
    "guardrails",
    "localhost",
    "mail",
    "model",
    "operator",
    "platform",
    "policies",
    "public",
    "roles",
    "static",
    "status",
    "tenants",
    "themes",
    "www",
];

pub fn slug(slug: &str) -> Result<(), (&'static str, String)> {
    let is_shaped = slug.len() <= 31
        && slug.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_shaped {
        return Err(("E0204", format!("slug \"{slug}\" must be 1 to 31 of a-z, 0-9 and -, not beginning with -")));
    }
    if RESERVED.contains(&slug) {
        return Err(("E0205", format!("slug \"{slug}\" is a reserved word")));
    }
    Ok(())
}

/// `/` or `/VOK` or `/a/b`.
pub fn mount(mount: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    mount == "/" || mount.len() <= 64 && mount.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_part))
}

/// `+420 800 000 012`: digits and single spaces after a plus, or a short national number.
pub fn phone(phone: &str) -> bool {
    let rest = phone.strip_prefix('+').unwrap_or(phone);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && rest.split(' ').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One plain address; display names, lists and control characters are refused.
pub fn email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    email.len() <= 254
        && !local.is_empty()
        && local.bytes().all(is_local)
        && domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

pub fn web_address(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    !host.is_empty()
        && !url.contains(['"', '<', '>', ' ', '\\', '@'])
        && !url.bytes().any(|byte| byte.is_ascii_control())
}

/// An identity provider: reached by TLS, unless it runs on this machine, where things are tried out.
pub fn issuer(url: &str) -> bool {
    let is_here = |rest: &str| {
        let host = rest.split('/').next().unwrap_or("");
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host == *name || host.strip_prefix(name).is_some_and(|port| port.starts_with(':')))
    };
    let is_safe = url.starts_with("https://") || url.strip_prefix("http://").is_some_and(is_here);
    is_safe && web_address(url) && !url.contains(['?', '#']) && url.len() <= 500
}

/// Text shown on pages: not empty, no control characters, at most so many characters.
pub fn shown(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// `[prefix-]number/bank` with the check digits of decree 169/2011.
pub fn account(account: &str) -> bool {
    let Some((number, bank)) = account.split_once('/') else { return false };
    let (prefix, number) = number.split_once('-').unwrap_or(("0", number));
    let is_number = |text: &str, longest: usize| {
        (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    bank.len() == 4
        && is_number(bank, 4)
        && is_number(prefix, 6)
        && is_number(number, 10)
        && number.bytes().filter(|digit| *digit != b'0').count() >= 2
        && is_weighted(prefix)
        && is_weighted(number)
}

/// Weights from the last digit: 1, 2, 4, 8, 5, 10, 9, 7, 3, 6; the sum divides by 11.
fn is_weighted(digits: &str) -> bool {
    const WEIGHTS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    let sum: u32 = digits.bytes().rev().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["eon", "3e", "a-b", "x"] {
            assert_eq!(slug(good), Ok(()), "{good}");
        }
        for bad in ["", "E", "-a", "a_b", "a.b", "0123456789012345678901234567890123", "ž"] {
            assert_eq!(slug(bad).map_err(|error| error.0), Err("E0204"), "{bad}");
        }
        assert_eq!(slug("operator").map_err(|error| error.0), Err("E0205"));
    }

    #[test]
    fn accounts_follow_their_check_digits() {
        for good in ["19-2000145399/0800", "178124-4159/0710", "7894/0800", "2900300008/0800", "2900600000/0800"] {
            assert!(account(good), "{good}");
        }
        for bad in ["4278-727558021/0100", "2000145398/0800", "19/08", "/0800", "1234567890123/0800", "x/0800", ""] {
            assert!(!account(bad), "{bad}");
        }
    }

    #[test]
    fn issuers_are_reached_by_tls() {
        for good in
            ["https://login.example.com", "https://a.example/realms/x", "http://127.0.0.1:9000", "http://[::1]/"]
        {
            assert!(issuer(good), "{good}");
        }
        for bad in [
            "http://login.example.com",
            "https://a.example?x",
            "https://a@b",
            "http://127.0.0.1.evil.example/",
            "x",
            "",
        ] {
            assert!(!issuer(bad), "{bad}");
        }
    }

    #[test]
    fn mounts_mails_phones_addresses() {
        assert!(mount("/") && mount("/VOK") && mount("/a/b"));
        assert!(!mount("") && !mount("VOK") && !mount("/VOK/") && !mount("//") && !mount("/a b") && !mount("/../x"));
        assert!(email("noreply@energie24.example"));
        assert!(
            !email("a@b@c.cz")
                && !email("A <a@b.cz>")
                && !email("a@localhost")
                && !email("a@b.cz,c@d.cz")
                && !email("a\r\n@b.cz")
        );
        assert!(phone("+420 800 000 012") && phone("1236") && !phone("+420  1") && !phone("12") && !phone("call"));
        assert!(
            web_address("https://www.eon.example/")
                && !web_address("javascript:alert(1)")
                && !web_address("https://")
                && !web_address("https://a@b")
        );
    }
}
