//! The link of an invitation: a password and a second factor are chosen, once. Looking uses nothing up, and neither does a mistake.
//! The same page renews a member's second factor; there the present password is asked for instead.
use crate::backends::keys::{Purpose, Token};
use crate::backends::sessions::SubjectKind;
use crate::backends::totp;
use crate::data::{self, NewStaff, StaffInvitation, StaffInvitationState};
use crate::domain::ids::StaffId;
use crate::domain::passwords;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::invitations::{self, Inviter};
use crate::web::kit::page::Page;
use crate::web::kit::passwords::known_words;
use crate::web::kit::qr;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

pub fn slices() -> Vec<Slice> {
    vec![Slice::staff_door("/operator/invitation").get(look).post(accept)]
}

#[derive(Default, Serialize)]
struct View {
    /// Why the link opens nothing; empty when it does.
    gone: String,
    token: String,
    /// The secret, signed.
    enrolment: String,
    name: String,
    /// For password managers, which keep a new password beside its name.
    username: String,
    role: String,
    /// A member renews their second factor.
    is_renewal: bool,
    password: Vec<Field>,
    code: Vec<Field>,
    mistakes: Vec<Field>,
    qr: String,
    /// The secret as it is typed, four letters at a time.
    secret: String,
}

fn gone(page: &Page, word: &str) -> Result<Response, Error> {
    let view = View { gone: page.t(&format!("staff-invitation-{word}")), ..View::default() };
    page.show_again("operator/invitation.html", &view)
}

/// The invitation while it is open, or the word for why it is not.
async fn find(visitor: &Visitor, token: &Token) -> Result<Result<StaffInvitation, &'static str>, Error> {
    let tx = visitor.db.read().await?;
    let found = tx.staff_invitation_by_token(&token.hash()).await?;
    tx.commit().await?;
    Ok(match found {
        None => Err("unknown"),
        Some(one) if one.is_open(visitor.page.now()) => Ok(one),
        Some(one) if one.state == StaffInvitationState::Open => Err("expired"),
        Some(one) => Err(one.state.key()),
    })
}

/// What is being enrolled. The secret is drawn anew for whoever looks and kept in their page alone, signed: of the link nothing follows
/// about the secret that somebody enrols, and nobody enrols one of their own making.
struct Enrolling<'a> {
    token: &'a Token,
    invitation: &'a StaffInvitation,
    secret: String,
}

impl Enrolling<'_> {
    fn signed(&self) -> Vec<u8> {
        [&self.token.hash()[..], self.secret.as_bytes()].concat()
    }

    /// As the page keeps it.
    fn kept(&self, page: &Page) -> String {
        let key = page.services().master.derive(page.tenant().id, Purpose::Enrolment);
        format!("{}.{}", self.secret, key.sign(&self.signed()))
    }

    /// Whether the page was ours, and this link's.
    fn is_ours(&self, page: &Page, signature: &str) -> bool {
        let key = page.services().master.derive(page.tenant().id, Purpose::Enrolment);
        key.verify(&self.signed(), signature)
    }
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page, "unknown") };
    match find(&visitor, &token).await? {
        Ok(invitation) => {
            let enrolling = Enrolling { token: &token, invitation: &invitation, secret: totp::new_secret() };
            page.show("operator/invitation.html", &view(page, &enrolling, Wrong::default()))
        }
        Err(word) => gone(page, word),
    }
}

/// A sentence for each field; empty where nothing is wrong.
#[derive(Default)]
struct Wrong {
    password: String,
    code: String,
}

fn view(page: &Page, enrolling: &Enrolling<'_>, wrong: Wrong) -> View {
    let (invitation, secret) = (enrolling.invitation, &enrolling.secret);
    let is_renewal = invitation.staff.is_some();
    let password = if is_renewal {
        Field::password("password", page.t("invitation-present")).required().wrong(wrong.password)
    } else {
        page.new_password(wrong.password)
    };
    let code = Field::digits("totp", page.t("staff-login-code"))
        .autocomplete("one-time-code")
        .hint(page.t("invitation-code-hint"))
        .max(7)
        .required()
        .wrong(wrong.code);
    let mistakes: Vec<Field> =
        [&password, &code].into_iter().filter(|field| !field.error.is_empty()).cloned().collect();
    let url = totp::url(secret, page.tenant().document.portal.get(page.lang()), &invitation.username);
    let letters: Vec<char> = secret.chars().collect();
    View {
        gone: String::new(),
        token: enrolling.token.to_text(),
        enrolment: enrolling.kept(page),
        name: invitation.name.clone(),
        username: invitation.username.clone(),
        role: page.t(&format!("role-{}", invitation.role.key().replace('_', "-"))),
        is_renewal,
        password: vec![password],
        code: vec![code],
        mistakes,
        qr: qr::svg(&url, &page.t("invitation-qr")).unwrap_or_default(),
        secret: letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" "),
    }
}

async fn accept(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page, "unknown") };
    let invitation = match find(&visitor, &token).await? {
        Ok(invitation) => invitation,
        Err(word) => return gone(page, word),
    };
    let (secret, signature) = typed.get("enrolment").split_once('.').unwrap_or_default();
    let sent = Enrolling { token: &token, invitation: &invitation, secret: secret.to_owned() };
    // From a page that is not ours nothing is taken over: another secret is shown.
    let (enrolling, step) = match sent.is_ours(page, signature) {
        true => {
            let step = totp::matching_step(&sent.secret, typed.get("totp"), page.now());
            (sent, step)
        }
        false => (Enrolling { secret: totp::new_secret(), ..sent }, None),
    };
    let code = if step.is_some() { String::new() } else { page.t("invitation-code-wrong") };
    match invitation.staff {
        None => join(&visitor, &typed, &enrolling, step, code).await,
        Some(member) => renew(&visitor, &typed, &enrolling, member, step, code).await,
    }
}

fn again(page: &Page, enrolling: &Enrolling<'_>, wrong: Wrong) -> Result<Response, Error> {
    page.show_again("operator/invitation.html", &view(page, enrolling, wrong))
}

fn line(page: &Page, member: StaffId, action: &str, invitation: &StaffInvitation) -> data::AuditEntry {
    let by = Inviter { kind: "staff", actor: member.to_string(), name: &invitation.name };
    let after = json!({ "username": invitation.username, "role": invitation.role.key() });
    let mut entry = invitations::line(page, &by, action, format!("invitation:{}", invitation.id), after);
    entry.role = invitation.role.key().into();
    entry
}

async fn join(
    visitor: &Visitor,
    typed: &Typed,
    enrolling: &Enrolling<'_>,
    step: Option<i64>,
    code: String,
) -> Result<Response, Error> {
    let (page, token, invitation) = (&visitor.page, enrolling.token, enrolling.invitation);
    let known = known_words(page, &[&invitation.username, &invitation.name, &invitation.email]);
    let wrong = passwords::check(typed.get("new"), &known).err();
    let password = wrong.map(|error| page.new_password_mistake(&error)).unwrap_or_default();
    let Some(step) = step.filter(|_| password.is_empty()) else {
        return again(page, enrolling, Wrong { password, code });
    };
    let hasher = &page.services().hasher;
    let hash = hasher.hash(typed.get("new")).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let id = StaffId::new();
    let member = NewStaff {
        id,
        username: invitation.username.clone(),
        name: invitation.name.clone(),
        role: invitation.role,
        password_hash: hash,
        totp_secret: Some(enrolling.secret.clone()),
        email: Some(invitation.email.clone()),
    };
    let tx = visitor.db.begin().await?;
    if tx.use_staff_invitation(&token.hash(), page.now()).await?.is_none() {
        drop(tx);
        return late(visitor, token).await;
    }
    match tx.insert_staff(std::slice::from_ref(&member)).await {
        // Somebody got the name or the address by another way; the link stays as it is.
        Err(data::Error::Conflict(_)) => {
            drop(tx);
            return gone(page, "taken");
        }
        done => done?,
    }
    tx.use_totp_step(id, step).await?;
    tx.write_audit(&line(page, id, "accept_invitation", invitation)).await?;
    tx.commit().await?;
    come_in(visitor, id, invitation).await
}

async fn renew(
    visitor: &Visitor,
    typed: &Typed,
    enrolling: &Enrolling<'_>,
    member: StaffId,
    step: Option<i64>,
    code: String,
) -> Result<Response, Error> {
    let (page, token, invitation) = (&visitor.page, enrolling.token, enrolling.invitation);
    let missing = if typed.get("password").is_empty() { page.t("mistake-missing") } else { String::new() };
    let Some(step) = step.filter(|_| missing.is_empty()) else {
        return again(page, enrolling, Wrong { password: missing, code });
    };
    let tx = visitor.db.read().await?;
    let row = tx.staff_row(member).await?;
    tx.commit().await?;
    let proved = match Entrance::open(page, &row.member.username).await {
        Ok(entrance) => entrance.verify(typed.get("password"), Some(row.password_hash)).await,
        Err(refusal) => Err(refusal),
    };
    let entrance = match proved {
        Ok(entrance) => entrance,
        Err(refusal) => return unproved(page, enrolling, refusal),
    };
    entrance.succeeded().await;
    let tx = visitor.db.begin().await?;
    if tx.use_staff_invitation(&token.hash(), page.now()).await?.is_none() {
        drop(tx);
        return late(visitor, token).await;
    }
    if !tx.enrol_staff_factor(member, &enrolling.secret, step).await? {
        return gone(page, "revoked");
    }
    tx.write_audit(&line(page, member, "enrol_staff_factor", invitation)).await?;
    tx.commit().await?;
    come_in(visitor, member, invitation).await
}

fn unproved(page: &Page, enrolling: &Enrolling<'_>, refusal: Refusal) -> Result<Response, Error> {
    let password = match refusal {
        Refusal::Wrong => page.t("invitation-present-wrong"),
        refusal => doors::sentence(page, refusal),
    };
    let mut response = again(page, enrolling, Wrong { password, code: String::new() })?;
    if let Refusal::TooMany(wait) = refusal {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    Ok(response)
}

/// Somebody else was first.
async fn late(visitor: &Visitor, token: &Token) -> Result<Response, Error> {
    let word = find(visitor, token).await?.err().unwrap_or("used");
    gone(&visitor.page, word)
}

/// Both factors have just been shown.
async fn come_in(visitor: &Visitor, id: StaffId, invitation: &StaffInvitation) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.read().await?;
    let member = tx.staff_member(id).await?;
    tx.commit().await?;
    let session = doors::session(page, SubjectKind::Staff, id.0, None, member.role, invitation.name.clone());
    doors::let_in(page, &visitor.db, session, "/operator").await
}
