//! Mail that came back: what a delivery status notification (RFC 3464) says of which message. Only a failure for good counts; a delay does not.

/// One message that was not delivered and will not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The Message-ID without its brackets: the outbox row's id at the supplier's host.
    pub message_id: String,
    /// To whom it was, as the one who gave up says.
    pub recipients: Vec<String>,
    /// `5.1.1`.
    pub status: String,
}

/// None of what is no notification, or says of no one that it failed.
pub fn read(mail: &str) -> Option<Bounce> {
    let lines = unfolded(mail);
    let is_report = lines.iter().take_while(|line| !line.is_empty()).any(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with("content-type:") && line.contains("multipart/report") && line.contains("delivery-status")
    });
    if !is_report {
        return None;
    }
    let start = lines.iter().position(|line| has(line, "content-type", "message/delivery-status"))?;
    let (mut recipients, mut status, mut group) = (Vec::new(), String::new(), Group::default());
    let mut end = lines.len();
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        if line.starts_with("--") || has(line, "content-type", "") {
            end = at;
            break;
        }
        if line.is_empty() {
            group.close(&mut recipients, &mut status);
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "final-recipient" | "original-recipient" => group.recipients.push(address(value)),
            "action" => group.has_failed = value.eq_ignore_ascii_case("failed"),
            "status" => group.status = value.split_whitespace().next().unwrap_or_default().to_owned(),
            _ => {}
        }
    }
    group.close(&mut recipients, &mut status);
    // What came back stands after the status: its headers at least.
    let message_id = lines[end..].iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let id = value.trim().strip_prefix('<')?.strip_suffix('>')?;
        name.eq_ignore_ascii_case("message-id").then(|| id.to_owned())
    })?;
    (!recipients.is_empty()).then_some(Bounce { message_id, recipients, status })
}

/// What is said of one recipient.
#[derive(Default)]
struct Group {
    recipients: Vec<String>,
    has_failed: bool,
    status: String,
}

impl Group {
    fn close(&mut self, recipients: &mut Vec<String>, status: &mut String) {
        let ended = std::mem::take(self);
        if ended.has_failed && ended.status.starts_with('5') {
            recipients.extend(ended.recipients);
            *status = ended.status;
        }
    }
}

/// `rfc822; jan@example.cz` → `jan@example.cz`.
fn address(value: &str) -> String {
    let bare = value.split_once(';').map_or(value, |(_, address)| address).trim();
    bare.trim_start_matches('<').trim_end_matches('>').to_lowercase()
}

fn has(line: &str, name: &str, start: &str) -> bool {
    let Some((field, value)) = line.split_once(':') else { return false };
    field.eq_ignore_ascii_case(name) && value.trim().to_ascii_lowercase().starts_with(start)
}

/// Headers go on in lines that begin with a space.
fn unfolded(mail: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in mail.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !last.is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const MAIL: &str = "From: MAILER-DAEMON@mail.example\r\nTo: bounces@energie.example\r\n\
        Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B\"\r\n\
        Message-ID: <other@mail.example>\r\n\r\n\
        --B\r\nContent-Type: text/plain\r\n\r\nMessage-ID: <forged@x> was not delivered\r\n\
        --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
        Original-Recipient: rfc822;Jan@Example.cz\r\nFinal-Recipient: rfc822; jan@example.cz\r\nAction: failed\r\n\
        Status: 5.1.1 (no such user)\r\nDiagnostic-Code: smtp; 550\r\n 5.1.1 nobody\r\n\r\n\
        --B\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n\
        Message-ID:\r\n <01935c00-0000-7000-8000-000000000001@portal.example>\r\n\r\n--B--\r\n";

    #[test]
    fn a_notification_says_which_message_and_whom() {
        let bounce = read(MAIL).expect("a bounce");
        assert_eq!(bounce.message_id, "01935c00-0000-7000-8000-000000000001@portal.example");
        assert_eq!(bounce.recipients, ["jan@example.cz", "jan@example.cz"]);
        assert_eq!(bounce.status, "5.1.1");
    }

    #[test]
    fn a_delay_a_holiday_reply_and_half_a_mail_are_none() {
        assert_eq!(read(&MAIL.replace("failed", "delayed")), None);
        assert_eq!(read(&MAIL.replace("5.1.1 (", "4.4.1 (")), None);
        assert_eq!(read(&MAIL.replace("multipart/report", "multipart/mixed")), None);
        assert_eq!(read("Subject: I am away\n\nUntil Monday."), None);
        assert_eq!(read(""), None);
        for end in 0..MAIL.len() {
            _ = read(&MAIL[..end]);
        }
    }
}
