//! A message's words: the tenant's templates in the reader's language, wearing the tenant's colours.
use super::ways::Failure;
use crate::data::{ClaimedMessage, Rendered};
use crate::domain::notices::Channel;
use crate::tenancy::{Lang, Tenant, wording};

/// As it is kept: who reads what was sent need not read a password or a code.
pub fn without(rendered: Rendered, secret: Option<&str>) -> Rendered {
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else { return rendered };
    let blank = |text: String| text.replace(secret, "••••");
    Rendered {
        subject: blank(rendered.subject),
        body_text: blank(rendered.body_text),
        body_html: blank(rendered.body_html),
    }
}

/// `mail/<kind>/subject.txt`, `body.txt` and, for mail, `body.html`; a text message is `sms.txt` alone, a letter
/// `letter.txt`, or the words of the mail where it has none.
pub fn render(
    tenant: &Tenant,
    message: &ClaimedMessage,
    issued: Option<&str>,
    off: Option<&str>,
) -> Result<Rendered, Failure> {
    let lang = Lang::parse(&message.language).unwrap_or(tenant.document.locale.default);
    let mut context = wording::context(tenant, lang, &message.payload).ok_or(Failure::Never("path"))?;
    context.insert("password", &issued);
    context.insert("off", &off);
    let say = |name: &str| {
        let template = format!("mail/{}/{name}", message.kind);
        // A theme can be mended while the message waits.
        tenant.theme.render(lang, &template, &context).map_err(|error| {
            tracing::error!(tenant = tenant.slug, %error, "a notice cannot be worded");
            Failure::Later("template")
        })
    };
    let subject = || Ok::<_, Failure>(wording::one_line(&say("subject.txt")?));
    Ok(match message.channel {
        Channel::Sms => {
            let body_text = tenant.document.outbound.sms_letters.written(say("sms.txt")?.trim());
            Rendered { subject: String::new(), body_text, body_html: String::new() }
        }
        Channel::Letter => {
            let has_own = tenant.theme.has_template(lang, &format!("mail/{}/letter.txt", message.kind));
            let body_text = say(if has_own { "letter.txt" } else { "body.txt" })?;
            Rendered { subject: subject()?, body_text, body_html: String::new() }
        }
        Channel::Mail | Channel::Webhook | Channel::Spread => {
            let has_html = tenant.theme.has_template(lang, &format!("mail/{}/body.html", message.kind));
            let body_html = if has_html { say("body.html")? } else { String::new() };
            let mut body_text = say("body.txt")?;
            if let Some(off) = off {
                body_text = format!("{}\n\n{}\n{off}\n", body_text.trim_end(), tenant.theme.text(lang, "notice-off"));
            }
            Rendered { subject: subject()?, body_text, body_html }
        }
    })
}
