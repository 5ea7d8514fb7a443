//! JSON Lines (`{"id", "text", "lang"}`) → the queries of a judged collection.

use std::{collections::HashSet, path::Path};

use serde_json::{Map, Value};

use super::{
    EvaluateError,
    lines::{Lines, NumberedLine},
};

/// A query of a judged collection; TREC calls it a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// What names it, in the judgements too.
    pub id: String,
    /// What is typed.
    pub text: String,
    /// The language that it is asked in, as the collection calls it.
    pub language: Option<String>,
    /// What sort of query it is, where the collection has sorts.
    pub kind: Option<String>,
}

impl Topic {
    /// The groups whose figures it counts in: its language and, where it is of a kind, its kind in that language.
    pub(super) fn groups(&self) -> Vec<String> {
        let of_kind = self.kind.as_deref().map(|kind| match &self.language {
            Some(language) => format!("{language} {kind}"),
            None => kind.to_owned(),
        });
        self.language.iter().cloned().chain(of_kind).collect()
    }
}

/// Reads a file of queries.
///
/// # Errors
/// Where it cannot be read; where a line is no query, or has the id of an earlier one, with the line.
pub fn read_topics(path: &Path) -> Result<Vec<Topic>, EvaluateError> {
    parse(&Lines::read(path)?)
}

fn parse(lines: &Lines) -> Result<Vec<Topic>, EvaluateError> {
    let mut seen = HashSet::new();
    let mut topics = Vec::new();
    for line in lines.iter() {
        let topic = topic(line)?;
        if !seen.insert(topic.id.clone()) {
            return Err(line.wrong(format!("there is a query {} already", topic.id)));
        }
        topics.push(topic);
    }
    Ok(topics)
}

fn topic(line: NumberedLine) -> Result<Topic, EvaluateError> {
    let members: Map<String, Value> = serde_json::from_str(line.text)
        .map_err(|error| line.wrong(format!("not a JSON object ({error}); a query is {{\"id\": …, \"text\": …}}")))?;
    let id = match members.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err(line.wrong("no \"id\"; give each query one, as a string or a number")),
    };
    let string = |name| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let text = string("text").ok_or_else(|| line.wrong("no \"text\", or one that is not a string"))?;
    Ok(Topic { id, text, language: string("lang"), kind: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(&Lines::of(text)).expect_err("refused").to_string()
    }

    #[test]
    fn queries_are_read_with_what_else_they_hold_passed_over() {
        let lines = Lines::of(concat!(
            r#"{"id": "q1", "text": "визит", "lang": "ru", "kind": "word"}"#,
            "\n\n",
            r#"{"id": 7, "text": "visit"}"#
        ));
        let topic = |id: &str, text: &str, language: Option<&str>| Topic {
            id: id.to_owned(),
            text: text.to_owned(),
            language: language.map(str::to_owned),
            kind: None,
        };
        assert_eq!(parse(&lines).expect("valid"), [topic("q1", "визит", Some("ru")), topic("7", "visit", None)]);
    }

    #[test]
    fn a_query_counts_in_its_language_and_its_kind() {
        let topic = |language: Option<&str>, kind: Option<&str>| Topic {
            id: "q".to_owned(),
            text: "визит".to_owned(),
            language: language.map(str::to_owned),
            kind: kind.map(str::to_owned),
        };
        assert_eq!(topic(Some("ru"), None).groups(), ["ru"]);
        assert_eq!(topic(Some("ru"), Some("phrase")).groups(), ["ru", "ru phrase"]);
        assert_eq!(topic(None, None).groups(), [""; 0]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(refused("\n{\"id\": \"q1\",").starts_with("test:2: not a JSON object (EOF"));
        assert!(refused("[]").starts_with("test:1: not a JSON object"));
        assert!(refused(r#"{"text": "визит"}"#).starts_with("test:1: no \"id\""));
        assert!(refused(r#"{"id": "q1"}"#).starts_with("test:1: no \"text\""));
        let twice = "{\"id\": 1, \"text\": \"a\"}\n{\"id\": \"1\", \"text\": \"b\"}";
        assert_eq!(refused(twice), "test:2: there is a query 1 already");
    }
}
