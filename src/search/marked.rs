//! Titles and passages as they are answered: in parts, each marked or not, and as HTML.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::Shown;
use crate::{
    analysis::Route,
    index::StoredText,
    snippet::{self, Fragment, Snippet},
};

/// The title of a hit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TitleAnswer {
    /// The title as HTML, in which the tags around marked words are the only markup.
    pub html: String,
    /// Its parts, which joined are the title; their places are counted in the title.
    pub parts: Vec<PartAnswer>,
}

/// The passages of a hit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SnippetAnswer {
    /// All passages as HTML, in which the tags around marked words are the only markup.
    pub html: String,
    /// The passages one by one.
    pub fragments: Vec<FragmentAnswer>,
}

/// One passage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FragmentAnswer {
    /// Its parts, which joined are the passage.
    pub parts: Vec<PartAnswer>,
}

/// A piece of a passage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartAnswer {
    /// The text, as it stands in the document.
    pub text: String,
    /// Whether the query matched it.
    pub marked: bool,
    /// By what the query matched it: `exact`, `stem`, `lemma`, `prefix` or `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<&'static str>,
    /// Where it begins in the text of the document, in the unit that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

impl SnippetAnswer {
    pub(super) fn new(passages: &Snippet, text: &mut StoredText, shown: &Shown) -> io::Result<Self> {
        let mut fragments = Vec::with_capacity(passages.fragments.len());
        for fragment in &passages.fragments {
            let start = shown.offsets.map(|unit| text.offset(fragment.span.start, unit)).transpose()?;
            fragments.push(FragmentAnswer { parts: PartAnswer::all(fragment, start.unwrap_or_default(), shown) });
        }
        Ok(Self { html: passages.to_html(&shown.tags), fragments })
    }
}

impl TitleAnswer {
    pub(super) fn new(title: &Fragment, shown: &Shown) -> Self {
        Self { html: title.to_html(&shown.tags), parts: PartAnswer::all(title, 0, shown) }
    }
}

impl PartAnswer {
    /// The parts of a passage that begins at `start`, in the unit that was asked for.
    fn all(fragment: &Fragment, mut start: usize, shown: &Shown) -> Vec<Self> {
        let parts = fragment.parts.iter().map(|part| {
            let Some(unit) = shown.offsets else { return Self::new(part, None, None) };
            let from = start;
            start += unit.length(&part.text);
            Self::new(part, Some(from), Some(start))
        });
        parts.collect()
    }

    fn new(part: &snippet::Part, start: Option<usize>, end: Option<usize>) -> Self {
        let route = part.route.map(Route::name);
        Self { text: part.text.clone(), marked: route.is_some(), route, start, end }
    }
}
