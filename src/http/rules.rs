//! What a body says of the rules that an index is to be built under.

use serde_json::Value;

use super::{Code, Refusal, given};
use crate::{analysis::Rules, index::Options, text::char_count};

/// The members of the body.
pub(super) const NAMES: [&str; 2] = ["filterable", "lemmas"];

/// How many members may be declared, and how long the name of one may be, in characters.
pub(super) const MAX_FILTERABLE: usize = 100;
pub(super) const MAX_NAME_CHARS: usize = 64;

/// The members of every document, which need not be declared.
const ALWAYS: [&str; 5] = ["id", "language", "date", "year", "source"];

/// The rules that a body asks for; an empty one asks for none.
///
/// # Errors
/// Where it is no JSON object, and where a member of it is not known or cannot have its value.
pub(super) fn from_json(body: &[u8]) -> Result<Options, Refusal> {
    let mut options = Options::default();
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(options);
    }
    for (name, value) in object(body, "{\"filterable\": [\"price\"], \"lemmas\": true}")? {
        given::slot(&name, &NAMES)?;
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("lemmas", Value::Bool(lemmas)) => options.rules = Some(Rules { lemmas }),
            ("filterable", Value::Array(names)) => options.filterable = Some(filterable(names)?),
            (name, other) => {
                let takes = if name == "lemmas" { "true or false" } else { "a list of names" };
                return Err(given::invalid(format!("{name} cannot be {other}; it takes {takes}.")));
            }
        }
    }
    Ok(options)
}

/// The members of the JSON object that a body is.
pub(super) fn object(body: &[u8], example: &str) -> Result<serde_json::Map<String, Value>, Refusal> {
    let refuse = |why: String| Refusal::new(Code::InvalidJson, why);
    match serde_json::from_slice(body).map_err(|error| refuse(format!("The body is not JSON: {error}.")))? {
        Value::Object(members) => Ok(members),
        _ => Err(refuse(format!("The body is not a JSON object such as {example}."))),
    }
}

fn filterable(names: Vec<Value>) -> Result<Vec<String>, Refusal> {
    if names.len() > MAX_FILTERABLE {
        return Err(given::invalid(format!("filterable has {} names; it has {MAX_FILTERABLE} at most.", names.len())));
    }
    let name = |name: Value| match name {
        Value::String(name) if ALWAYS.contains(&name.as_str()) => {
            Err(given::invalid(format!("filterable: {name} is filterable in any index; leave it out.")))
        }
        Value::String(name) if !name.trim().is_empty() && char_count(&name) <= MAX_NAME_CHARS => Ok(name),
        other => Err(given::invalid(format!(
            "filterable holds {other}; a name is a text of at most {MAX_NAME_CHARS} characters, and not blank."
        ))),
    };
    names.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_what_is_asked_for_and_nothing_else() {
        assert_eq!(from_json(b" \n").expect("nothing"), Options::default());
        assert_eq!(from_json(b"{}").expect("nothing"), Options::default());
        let options =
            from_json("{\"lemmas\": false, \"filterable\": [\"раздел\", \"price\"]}".as_bytes()).expect("rules");
        assert_eq!(options.rules, Some(Rules { lemmas: false }));
        assert_eq!(options.filterable.as_deref(), Some(&["раздел".to_owned(), "price".to_owned()][..]));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let code = |body: &str| from_json(body.as_bytes()).expect_err(body).code;
        assert_eq!(code("[]"), Code::InvalidJson);
        assert_eq!(code("{"), Code::InvalidJson);
        assert_eq!(code("{\"lemma\": true}"), Code::UnknownParameter);
        let many = serde_json::json!({ "filterable": vec!["цена"; 101] }).to_string();
        for wrong in [
            "{\"lemmas\": \"да\"}",
            "{\"filterable\": \"price\"}",
            "{\"filterable\": [5]}",
            "{\"filterable\": [\" \"]}",
            "{\"filterable\": [\"date\"]}",
            many.as_str(),
        ] {
            assert_eq!(code(wrong), Code::InvalidParameter, "{wrong}");
        }
    }
}
