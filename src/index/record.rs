//! What the index keeps of a document beside its text.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{corpus::Document, language::Detection};

/// All that is known of an indexed document but its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What names it.
    pub id: String,
    /// Its title; may be empty.
    pub title: String,
    /// The code of its language label.
    pub language: String,
    /// How sure detection was, from 0 to 1; `None` where the document declared its language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// The share of Latin letters among its letters.
    #[serde(default)]
    pub latin: f32,
    /// The share of Cyrillic letters among its letters.
    #[serde(default)]
    pub cyrillic: f32,
    /// When it was published, in ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The file that it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its other members, as they came.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub members: Map<String, Value>,
}

impl Record {
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
