//! What is answered, in the shape of the JSON of the command line and the HTTP service.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{
    Repairs, Shown,
    marked::{SnippetAnswer, TitleAnswer},
};
use crate::{
    index::{Duplicates, Facet, Part, Record},
    snippet::Fragment,
    text::body_start,
};

/// The names that a hit gives to members of its own; a document's members of these names are in the document itself.
const HIT_MEMBERS: [&str; 11] = [
    "score",
    "snippet",
    "explanation",
    "markedTitle",
    "group",
    "copies",
    "otherPaths",
    "groupSize",
    "id",
    "title",
    "language",
];

/// The names that a document gives to members of its own.
const DOCUMENT_MEMBERS: [&str; 5] = ["id", "title", "text", "language", "_detection"];

/// The members of a document that are told beside those of names of ours: no name stands twice.
fn others(mut members: Map<String, Value>, record: &Record, ours: &[&str]) -> Map<String, Value> {
    members.retain(|name, _| match name.as_str() {
        "date" => record.date.is_none(),
        "source" => record.source.is_none(),
        "path" => record.path.is_none(),
        name => !ours.contains(&name),
    });
    members
}

/// The answer to a search.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The query, as it was typed.
    pub query: String,
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many hits were asked for.
    pub limit: usize,
    /// How many hits were passed over.
    pub offset: usize,
    /// How many documents match; those that were folded into a hit count, too.
    pub estimated_total_hits: u64,
    /// The cursor of the next page of a walk; `None` where there is none, or no walk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How long it took, in milliseconds.
    pub processing_time_ms: u64,
    /// How many documents match, by the values of the facets that were asked for.
    pub facets: Facets,
    /// What of the query could not be used, in sentences.
    pub warnings: Vec<String>,
    /// What of the query was probably meant otherwise.
    #[serde(flatten)]
    pub repairs: Repairs,
}

/// The most values of one facet that are told, the most frequent ones.
pub const MAX_FACET_VALUES: usize = 100;

/// How many documents match, by the values of the facets that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets(Vec<(Facet, Vec<(String, u64)>)>);

impl Facets {
    pub(super) fn new(asked: &[Facet], counts: Vec<BTreeMap<String, u64>>) -> Self {
        let facets = asked.iter().zip(counts).map(|(facet, counts)| {
            let mut values: Vec<(String, u64)> = counts.into_iter().collect();
            // Equal ones stay in the order of their letters.
            values.sort_by_key(|(_, count)| Reverse(*count));
            values.truncate(MAX_FACET_VALUES);
            (facet.clone(), values)
        });
        Self(facets.collect())
    }

    /// The facets that were asked for, each with its values and how many documents have them.
    pub fn iter(&self) -> impl Iterator<Item = (&Facet, &[(String, u64)])> {
        self.0.iter().map(|(facet, values)| (facet, values.as_slice()))
    }

    /// The values of a facet with how many documents have them, the most frequent first.
    #[must_use]
    pub fn of(&self, facet: &Facet) -> &[(String, u64)] {
        let found = self.0.iter().find(|(known, _)| known == facet);
        found.map_or(&[], |(_, values)| values)
    }
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Values<'v>(&'v [(String, u64)]);
        impl Serialize for Values<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(value, count)| (value, count)))
            }
        }
        serializer.collect_map(self.0.iter().map(|(facet, values)| (facet.to_string(), Values(values))))
    }
}

impl JsonSchema for Facets {
    fn schema_name() -> Cow<'static, str> {
        "Facets".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let counts = json_schema!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } });
        json_schema!({ "type": "object", "additionalProperties": counts })
    }
}

/// A document that was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// What names the document.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its language label.
    pub language: String,
    /// When it was published, in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    pub date: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    pub source: Option<String>,
    /// The file that it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    pub path: Option<String>,
    /// How well it matches; comparable within one answer.
    pub score: f32,
    /// The parts of the score, which add up to it; `None` where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<ScorePart>>,
    /// The group of near duplicates that it belongs to: the same text in hits of the same group.
    pub group: String,
    /// How many other documents of the index have the same title and text.
    #[serde(skip_serializing_if = "is_zero")]
    pub copies: u64,
    /// The paths of the first ten of these, or their ids where they are no files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_paths: Vec<String>,
    /// How many documents of its group match, itself among them; `None` where they are hits of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_size: Option<u64>,
    /// The title with its matches marked.
    #[serde(rename = "markedTitle")]
    pub title_answer: TitleAnswer,
    /// The passages that show how it matches.
    pub snippet: SnippetAnswer,
    /// The document's other members.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

// What serde asks has to take a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A part of a score.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScorePart {
    /// How much it is.
    pub score: f32,
    /// What it is for: `text`, `heading`, `form`, `lemmas`, `nearness`, `passage`, `bestHeading` or `limit`.
    pub kind: &'static str,
    /// The same in words.
    pub says: String,
}

impl From<Part> for ScorePart {
    fn from(Part { score, kind, says }: Part) -> Self {
        Self { score, kind, says }
    }
}

impl Hit {
    pub(super) fn new(
        record: Record,
        score: f32,
        duplicates: Duplicates,
        title: Fragment,
        snippet: SnippetAnswer,
        shown: &Shown,
    ) -> Self {
        let mut record = record;
        let members = others(std::mem::take(&mut record.members), &record, &HIT_MEMBERS);
        Self {
            id: record.id,
            title: record.title,
            language: record.language,
            date: record.date,
            source: record.source,
            path: record.path,
            score,
            explanation: None,
            group: format!("{:016x}", duplicates.group),
            copies: duplicates.copies,
            other_paths: duplicates.paths,
            group_size: None,
            title_answer: TitleAnswer::new(title, shown),
            snippet,
            members,
        }
    }
}

/// A document as it is given back: its text, what is known of it, and its other members.
#[derive(Debug, Clone)]
pub struct DocumentAnswer {
    /// Its text.
    pub text: String,
    /// All else.
    pub record: Record,
}

impl DocumentAnswer {
    /// The text without the title at its beginning, where a page shows the title above it.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.text[body_start(&self.text, &self.record.title)..]
    }
}

/// A document whole.
#[derive(Serialize, JsonSchema)]
struct Shape<'a> {
    /// What names the document.
    id: &'a str,
    /// Its title.
    title: &'a str,
    /// Its text.
    text: &'a str,
    /// Its language label.
    language: &'a str,
    /// When it was published, in ISO 8601; what is no date came so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    date: Option<&'a str>,
    /// Who published it; what is no text came so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    source: Option<&'a str>,
    /// The file that it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>")]
    path: Option<&'a str>,
    /// What its language label was told by.
    #[serde(rename = "_detection")]
    detection: Detection,
    /// Its other members.
    #[serde(flatten)]
    members: Map<String, Value>,
}

/// What a language label was told by.
#[derive(Serialize, JsonSchema)]
struct Detection {
    /// How sure it is, from 0 to 1; absent where the document declared its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
    /// The share of Latin letters among all.
    latin: f32,
    /// The share of Cyrillic letters among all.
    cyrillic: f32,
}

impl JsonSchema for DocumentAnswer {
    fn schema_name() -> Cow<'static, str> {
        "Document".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Shape::json_schema(generator)
    }
}

impl Serialize for DocumentAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = &self.record;
        let shape = Shape {
            id: &record.id,
            title: &record.title,
            text: &self.text,
            language: &record.language,
            date: record.date.as_deref(),
            source: record.source.as_deref(),
            path: record.path.as_deref(),
            detection: Detection { confidence: record.confidence, latin: record.latin, cyrillic: record.cyrillic },
            members: others(record.members.clone(), record, &DOCUMENT_MEMBERS),
        };
        shape.serialize(serializer)
    }
}
