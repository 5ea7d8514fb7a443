//! JSON Lines (`{"id", "doc", "answers"}`) → the answers to questions, and the documents that give them.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Map, Value};

use super::{
    EvaluateError,
    lines::{Lines, NumberedLine},
};

/// The answers to one question, word for word, by the id of the document that gives them. Of several answers each is right.
pub type ByDocument = BTreeMap<String, Vec<String>>;

/// The answers to questions, as their documents give them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    questions: BTreeMap<String, ByDocument>,
}

impl Answers {
    /// Reads a file of answers. A question that several documents answer has a line for each.
    ///
    /// # Errors
    /// Where it cannot be read; where a line holds no answer, or a question has two lines for one document, with the line.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        Self::parse(&Lines::read(path)?)
    }

    pub(super) fn parse(lines: &Lines) -> Result<Self, EvaluateError> {
        let mut answers = Self::default();
        for line in lines.iter() {
            let (question, document, found) = answer(line)?;
            let by_document = answers.questions.entry(question.clone()).or_default();
            if by_document.insert(document.clone(), found).is_some() {
                return Err(
                    line.wrong(format!("there are answers of document {document} to question {question} already"))
                );
            }
        }
        Ok(answers)
    }

    /// The answers to a question; `None` where none is known.
    #[must_use]
    pub fn of_question(&self, id: &str) -> Option<&ByDocument> {
        self.questions.get(id)
    }

    /// The ids of the questions whose answers are known, in order.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.questions.keys().map(String::as_str)
    }
}

fn answer(line: NumberedLine) -> Result<(String, String, Vec<String>), EvaluateError> {
    let shape = "an answer is {\"id\": …, \"doc\": …, \"answers\": [\"…\"]}";
    let members: Map<String, Value> =
        serde_json::from_str(line.text).map_err(|error| line.wrong(format!("not a JSON object ({error}); {shape}")))?;
    let name = |member| match members.get(member) {
        Some(Value::String(id)) => Ok(id.clone()),
        Some(Value::Number(id)) => Ok(id.to_string()),
        _ => Err(line.wrong(format!("no \"{member}\"; {shape}"))),
    };
    let strings = members.get("answers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let answers: Vec<String> = strings.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if answers.is_empty() || answers.len() < strings.len() {
        return Err(line.wrong(format!("no \"answers\", or not all of them strings; {shape}")));
    }
    Ok((name("id")?, name("doc")?, answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_by_question_and_document() {
        let text = concat!(
            r#"{"id": "q1", "doc": "ru1", "answers": ["в Кремле", "Кремль"], "more": 1}"#,
            "\n\n",
            r#"{"id": "q1", "doc": 7, "answers": ["in the Kremlin"]}"#,
        );
        let answers = Answers::parse(&Lines::of(text)).expect("valid");
        assert_eq!(answers.questions().collect::<Vec<_>>(), ["q1"]);
        let by_document = answers.of_question("q1").expect("known");
        assert_eq!(by_document["ru1"], ["в Кремле", "Кремль"]);
        assert_eq!(by_document["7"], ["in the Kremlin"]);
        assert_eq!(answers.of_question("q2"), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let refused = |text| Answers::parse(&Lines::of(text)).expect_err("refused").to_string();
        let line = r#"{"id": "q", "doc": "d", "answers": ["a"]}"#;
        assert!(refused("\n[]").starts_with("test:2: not a JSON object"));
        assert!(refused(r#"{"doc": "d", "answers": ["a"]}"#).starts_with("test:1: no \"id\"; an answer is"));
        assert!(refused(r#"{"id": "q", "doc": "d", "answers": []}"#).starts_with("test:1: no \"answers\""));
        assert!(refused(r#"{"id": "q", "doc": "d", "answers": ["a", 1]}"#).starts_with("test:1: no \"answers\""));
        let twice = refused(&format!("{line}\n{line}"));
        assert_eq!(twice, "test:2: there are answers of document d to question q already");
    }
}
