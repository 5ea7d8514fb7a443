//! What the index keeps of a document beside its text.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{corpus::Document, language::Detection};

/// All that is known of an indexed document but its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// What names it.
    pub id: String,
    /// Its title; may be empty.
    pub title: String,
    /// The code of its language label.
    pub language: String,
    /// How sure detection was, from 0 to 1; `None` where the document declared its language.
    pub confidence: Option<f32>,
    /// The share of Latin letters among its letters.
    pub latin: f32,
    /// The share of Cyrillic letters among its letters.
    pub cyrillic: f32,
    /// When it was published, in ISO 8601.
    pub date: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// The file that it was read from.
    pub path: Option<String>,
    /// Its other members, as they came.
    pub members: Map<String, Value>,
}

/// A record without its id as bytes: its other members as JSON, for they may be anything, and the rest packed tightly.
#[derive(Debug, Serialize, Deserialize)]
struct Packed<'r> {
    title: &'r str,
    language: &'r str,
    confidence: Option<f32>,
    latin: f32,
    cyrillic: f32,
    date: Option<&'r str>,
    source: Option<&'r str>,
    path: Option<&'r str>,
    /// Empty where there are none.
    members: &'r str,
}

impl Record {
    /// The record as bytes, without its id.
    ///
    /// # Errors
    /// None that is known: every record has its bytes.
    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let members = match &self.members {
            members if members.is_empty() => String::new(),
            members => serde_json::to_string(members)?,
        };
        let packed = Packed {
            title: &self.title,
            language: &self.language,
            confidence: self.confidence,
            latin: self.latin,
            cyrillic: self.cyrillic,
            date: self.date.as_deref(),
            source: self.source.as_deref(),
            path: self.path.as_deref(),
            members: &members,
        };
        postcard::to_stdvec(&packed).map_err(io::Error::other)
    }

    /// The record of an id that bytes are.
    ///
    /// # Errors
    /// Where they are those of no record.
    pub(super) fn from_bytes(id: String, bytes: &[u8]) -> io::Result<Self> {
        let packed: Packed<'_> = postcard::from_bytes(bytes).map_err(io::Error::other)?;
        Ok(Self {
            id,
            title: packed.title.to_owned(),
            language: packed.language.to_owned(),
            confidence: packed.confidence,
            latin: packed.latin,
            cyrillic: packed.cyrillic,
            date: packed.date.map(str::to_owned),
            source: packed.source.map(str::to_owned),
            path: packed.path.map(str::to_owned),
            members: if packed.members.is_empty() { Map::new() } else { serde_json::from_str(packed.members)? },
        })
    }

    pub(super) fn of(document: &Document, detection: &Detection) -> Self {
        Self {
            id: document.id.clone(),
            title: document.title.clone(),
            language: document.declared.unwrap_or(detection.label).code().to_owned(),
            confidence: document.declared.is_none().then_some(detection.confidence),
            latin: detection.latin,
            cyrillic: detection.cyrillic,
            date: document.date.map(|date| date.to_string()),
            source: document.source.clone(),
            path: document.path.clone(),
            members: document.members.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_from_its_bytes() {
        let members = serde_json::json!({ "раздел": ["политика", null], "Price": 3.5, "from": { "nested": true } });
        let full = Record {
            id: "визит-1".into(),
            title: "Visit — Визит".into(),
            language: "ru".into(),
            confidence: Some(0.75),
            latin: 0.25,
            cyrillic: 0.75,
            date: Some("2021-11-19".into()),
            source: Some("Газета".into()),
            path: Some("новости/visit.md".into()),
            members: members.as_object().cloned().unwrap_or_default(),
        };
        for record in [full, Record::default()] {
            let bytes = record.to_bytes().expect("bytes");
            assert_eq!(Record::from_bytes(record.id.clone(), &bytes).expect("a record"), record);
            assert!(Record::from_bytes(record.id, &bytes[..bytes.len() - 1]).is_err());
        }
    }
}
