//! What is done to an index, and how it is written to the journal.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Map, Value};

use crate::{
    corpus::{Document, ReadError, document_of_json},
    language::Label,
    text::char_count,
};

/// The longest id of a document, in characters: it is one term of the index.
const MAX_ID_CHARS: usize = 512;

/// One thing to do to an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Add a document, in the place of one of the same id.
    Add {
        /// The document.
        #[serde(with = "whole")]
        document: Box<Document>,
        /// The id of the file that it was read from, if it was read from one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
    /// Delete the document of an id.
    Delete {
        /// The id.
        id: String,
    },
    /// Delete the documents that were read from a file.
    DeleteFile {
        /// The id of the file.
        file: String,
    },
    /// Take away the documents that were read from a file, because those that it holds now follow.
    ReplaceFile {
        /// The id of the file.
        file: String,
    },
    /// Delete all documents that meet a condition.
    DeleteMeeting {
        /// The condition, as it was written.
        filter: String,
    },
}

impl Operation {
    /// Adds the document that a JSON object is.
    ///
    /// # Errors
    /// Where it is no document, has no id, or one that is too long: with what is wrong.
    pub fn add(value: Value) -> Result<Self, ReadError> {
        let document = Box::new(document_of_json(value)?);
        let length = char_count(&document.id);
        if length > MAX_ID_CHARS {
            let message = format!("an \"id\" of {length} characters; give one of {MAX_ID_CHARS} at most");
            return Err(ReadError::NotADocument(message));
        }
        Ok(Self::Add { document, file: None })
    }
}

/// A document with all its members by their names, whatever these are called.
mod whole {
    use super::{Cow, Deserialize, Deserializer, Document, Error, Label, Map, Serialize, Serializer, Value};

    #[derive(Serialize, Deserialize)]
    struct Whole<'d> {
        id: Cow<'d, str>,
        #[serde(default, skip_serializing_if = "str::is_empty")]
        title: Cow<'d, str>,
        text: Cow<'d, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Cow<'d, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<Cow<'d, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declared: Option<Cow<'d, str>>,
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        members: Cow<'d, Map<String, Value>>,
    }

    // As serde calls it.
    #[allow(clippy::borrowed_box)]
    pub(super) fn serialize<S: Serializer>(document: &Box<Document>, serializer: S) -> Result<S::Ok, S::Error> {
        let Document { id, title, text, date, source, path, declared, members } = &**document;
        let whole = Whole {
            id: id.into(),
            title: title.into(),
            text: text.into(),
            date: date.map(|date| date.to_string()),
            source: source.as_deref().map(Cow::from),
            path: path.as_deref().map(Cow::from),
            declared: declared.map(|label| label.code().into()),
            members: Cow::Borrowed(members),
        };
        whole.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<Document>, D::Error> {
        let whole = Whole::deserialize(deserializer)?;
        let label = |code: Cow<'_, str>| code.parse::<Label>().map_err(D::Error::custom);
        Ok(Box::new(Document {
            id: whole.id.into_owned(),
            title: whole.title.into_owned(),
            text: whole.text.into_owned(),
            date: whole.date.map(|date| date.parse()).transpose().map_err(D::Error::custom)?,
            source: whole.source.map(Cow::into_owned),
            path: whole.path.map(Cow::into_owned),
            declared: whole.declared.map(label).transpose()?,
            members: whole.members.into_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_comes_back_from_the_journal_as_it_was() {
        let value = json!({"id": "визит", "title": "Visit — Визит", "text": "Министр прибыл.", "date": "2021-11",
            "source": "Газета", "lang": "ru", "path": 5, "file": "x", "теги": ["а", null]});
        let add = Operation::add(value).expect("a document");
        let Operation::Add { document, .. } = &add else { panic!("an addition") };
        assert_eq!(document.members.keys().collect::<Vec<_>>(), ["file", "path", "теги"]);
        let of_file = Operation::Add {
            document: Box::new(Document { path: Some("a/б.md".into()), ..(**document).clone() }),
            file: Some("a.zip".into()),
        };
        for operation in [
            add,
            of_file,
            Operation::Delete { id: "visit".into() },
            Operation::DeleteFile { file: "a.zip".into() },
            Operation::ReplaceFile { file: "а.zip".into() },
            Operation::DeleteMeeting { filter: "source = \"Газета\"".into() },
        ] {
            let written = serde_json::to_string(&operation).expect("JSON");
            assert_eq!(serde_json::from_str::<Operation>(&written).expect("an operation"), operation, "{written}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused_with_what_to_do() {
        let refused = |value| Operation::add(value).expect_err("refused").to_string();
        assert!(refused(json!({"text": "визит"})).contains("give each document one"));
        assert!(refused(json!({"id": "ж".repeat(513), "text": "визит"})).contains("512"));
        assert!(refused(json!({"id": "a", "text": " "})).starts_with("empty"));
        assert!(refused(json!([])).starts_with("not a JSON object"));
    }
}
