//! What is indexed: one text with what is known of it.

use serde_json::{Map, Value};

use super::Date;
use crate::language::Label;

/// A document, as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// What names it; a later document of the same id takes its place.
    pub id: String,
    /// Its title; may be empty.
    pub title: String,
    /// Its text.
    pub text: String,
    /// When it was published, where that is known.
    pub date: Option<Date>,
    /// Who published it, where that is known.
    pub source: Option<String>,
    /// The file that it was read from.
    pub path: Option<String>,
    /// The language that it declares for itself, which stands above what is detected.
    pub declared: Option<Label>,
    /// Its other members, kept as they came and given back with it.
    pub members: Map<String, Value>,
}
