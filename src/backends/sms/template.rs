//! What a gateway is told of one text: the supplier of texts says how, with `{to}`, `{text}`, `{sender}` and `{id}` where the values go.
use super::Text;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

#[derive(Clone, Debug)]
pub enum Template {
    Json(Value),
    Form(String),
}

impl Template {
    pub fn parse(content_type: &str, body: &str) -> Result<Template, String> {
        for needed in ["{to}", "{text}"] {
            if !body.contains(needed) {
                return Err(format!("sms.body has no {needed}"));
            }
        }
        match content_type.split(';').next().unwrap_or_default().trim() {
            "application/json" => {
                serde_json::from_str(body).map(Template::Json).map_err(|error| format!("sms.body is not JSON: {error}"))
            }
            "application/x-www-form-urlencoded" => Ok(Template::Form(body.to_owned())),
            other => Err(format!(
                "sms.content_type is \"{other}\", must be application/json or application/x-www-form-urlencoded"
            )),
        }
    }

    /// One text is one object; more are an array, where the gateway takes several.
    pub fn filled(&self, texts: &[Text], is_array: bool) -> String {
        match (self, texts) {
            (Template::Json(value), [text]) if !is_array => json(value, text).to_string(),
            (Template::Json(value), _) => {
                Value::Array(texts.iter().map(|text| json(value, text)).collect()).to_string()
            }
            (Template::Form(form), _) => {
                let encoded = |value: &str| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
                texts.iter().map(|text| put(form, text, encoded)).collect::<Vec<_>>().join("&")
            }
        }
    }
}

fn json(value: &Value, text: &Text) -> Value {
    match value {
        Value::String(words) => Value::String(put(words, text, str::to_owned)),
        Value::Array(items) => Value::Array(items.iter().map(|item| json(item, text)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, field)| (key.clone(), json(field, text))).collect())
        }
        other => other.clone(),
    }
}

/// In one pass: what stands in a value is never taken for a place itself.
fn put(template: &str, text: &Text, encoded: impl Fn(&str) -> String) -> String {
    let id = text.id.to_string();
    let places = [("{to}", text.to.as_str()), ("{text}", &text.body), ("{sender}", &text.sender), ("{id}", &id)];
    let (mut filled, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match places.iter().find(|(place, _)| rest.starts_with(place)) {
            Some((place, value)) => {
                filled.push_str(&encoded(value));
                rest = &rest[place.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text {
        Text {
            id: uuid::uuid!("01935c00-0000-7000-8000-000000000001"),
            to: "+420777123456".into(),
            body: "\"{to}\", \\ {id}\n& kůň=1".into(),
            sender: "Energie".into(),
        }
    }

    #[test]
    fn a_value_is_a_value_whatever_stands_in_it() {
        let body = r#"{"msg":{"number":"{to}","text":"{text}"},"from":"{sender}","ref":"x-{id}","n":1,"{to}":"{odd"}"#;
        let template = Template::parse("application/json; charset=utf-8", body).expect("a template");
        let filled: Value = serde_json::from_str(&template.filled(&[text()], false)).expect("JSON");
        assert_eq!(filled["msg"]["text"], text().body.as_str());
        assert_eq!(filled["msg"]["number"], "+420777123456");
        assert_eq!(filled["ref"], "x-01935c00-0000-7000-8000-000000000001");
        assert_eq!((&filled["n"], &filled["from"]), (&Value::from(1), &Value::from("Energie")));
        let many: Value = serde_json::from_str(&template.filled(&[text(), text()], true)).expect("JSON");
        assert_eq!(many.as_array().map(Vec::len), Some(2));
        let form = Template::parse("application/x-www-form-urlencoded", "to={to}&text={text}&id={id}").expect("a form");
        let filled = form.filled(&[text()], false);
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(filled.as_bytes()).into_owned().collect();
        assert_eq!(pairs[1], ("text".to_owned(), text().body));
        assert_eq!(pairs.len(), 3);
    }

    #[test]
    fn a_template_that_cannot_work_is_refused() {
        for (kind, body) in [
            ("application/json", "{\"to\":\"{to}\"}"),
            ("application/json", "{to} {text}"),
            ("text/plain", "{to} {text}"),
            ("application/json", ""),
        ] {
            assert!(Template::parse(kind, body).is_err(), "{kind} {body}");
        }
    }
}
