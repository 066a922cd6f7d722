//! Sent again, sent by post, tried again: each once for one press, and each in the audit.
use super::{concerned, line, show};
use crate::domain::features::Role;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

pub(super) async fn act(operator: Operator, Path(id): Path<Uuid>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let id = MessageId(id);
    let tx = operator.db.begin().await?;
    let message = tx.kept_message(id).await?;
    let person = concerned(&operator, &tx, &message).await?;
    let back = |id: MessageId, done: &str| page.go(&format!("/operator/messages/{id}?done={done}"));
    let wanted = typed.get("act");
    let Some(doing) = show::offered(&operator, &message, person.as_ref()).into_iter().find(|one| *one == wanted) else {
        // Pressed twice, or somebody was faster: the page shows how it stands.
        return if ["again", "post", "retry"].contains(&wanted) { Ok(back(id, "")) } else { Err(Error::NotFound) };
    };
    if doing == "retry" {
        if tx.try_again(Some(id)).await? == 0 {
            return Ok(back(id, ""));
        }
        tx.write_audit(&line(&operator, format!("message:{id}"), "retry_message", json!({}))).await?;
        tx.commit().await?;
        return Ok(back(id, "retry"));
    }
    let key = Uuid::try_parse(typed.get("key")).map_err(|_| Error::BadRequest("a button without its key"))?;
    let by_post = person.as_ref().filter(|_| doing == "post").map(|person| {
        let place = &person.mailing;
        (Channel::Letter, format!("{}\n{}\n{} {}", person.name, place.street, place.postcode, place.city))
    });
    let Some(new) = tx.send_again(id, &key.to_string(), by_post).await? else {
        return Ok(back(id, doing));
    };
    let after = json!({ "message": new.to_string(), "way": doing });
    tx.write_audit(&line(&operator, format!("message:{id}"), "send_message_again", after)).await?;
    tx.commit().await?;
    Ok(back(new, doing))
}

/// Everything that was given up.
pub(super) async fn try_all(operator: Operator) -> Result<Response, Error> {
    if operator.role == Role::Representative {
        return Err(Error::NotFound);
    }
    // In pieces, each with its line: however many there are, nobody else waits long.
    loop {
        let tx = operator.db.begin().await?;
        let count = tx.try_again(None).await?;
        if count == 0 {
            break;
        }
        let entry = line(&operator, "messages".into(), "retry_messages", json!({ "count": count }));
        tx.write_audit(&entry).await?;
        tx.commit().await?;
    }
    Ok(operator.page.go("/operator/messages?state=waiting&done=retried"))
}
