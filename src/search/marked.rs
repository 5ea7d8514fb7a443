//! Titles and passages as they are answered: in parts, each marked or not, and as HTML.

use std::{borrow::Cow, io};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::Shown;
use crate::{
    analysis::Route,
    index::{OffsetUnit, StoredText},
    snippet::{Fragment, Snippet},
};

/// The title of a hit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TitleAnswer {
    /// The title as HTML, in which the tags around marked words are the only markup.
    pub html: String,
    /// Its parts, which joined are the title; their places are counted in the title.
    pub parts: Parts,
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
    pub parts: Parts,
}

/// A text with its matches marked, which is answered in parts.
#[derive(Debug, Clone)]
pub struct Parts {
    fragment: Fragment,
    /// Where it begins in the text of the document, and in what unit; `None` where places were not asked for.
    start: Option<(usize, OffsetUnit)>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "PartAnswer")]
pub struct PartAnswer<'p> {
    /// The text, as it stands in the document.
    pub text: &'p str,
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
    pub(super) fn new(passages: Snippet, text: &mut StoredText, shown: &Shown) -> io::Result<Self> {
        let html = passages.to_html(&shown.tags);
        let fragments = passages.fragments.into_iter().map(|fragment| {
            let start = |unit| Ok::<_, io::Error>((text.offset(fragment.span.start, unit)?, unit));
            let start = shown.offsets.map(start).transpose()?;
            Ok(FragmentAnswer { parts: Parts { fragment, start } })
        });
        Ok(Self { html, fragments: fragments.collect::<io::Result<_>>()? })
    }

    /// The passages.
    pub fn passages(&self) -> impl Iterator<Item = &Fragment> {
        self.fragments.iter().map(|answer| answer.parts.fragment())
    }
}

impl TitleAnswer {
    pub(super) fn new(title: Fragment, shown: &Shown) -> Self {
        let html = title.to_html(&shown.tags);
        Self { html, parts: Parts { fragment: title, start: shown.offsets.map(|unit| (0, unit)) } }
    }
}

impl Parts {
    /// The parts of a text that stands in no document.
    pub(super) fn of(fragment: Fragment) -> Self {
        Self { fragment, start: None }
    }

    /// All of it.
    #[must_use]
    pub fn fragment(&self) -> &Fragment {
        &self.fragment
    }

    /// The parts, which joined are the text.
    pub fn iter(&self) -> impl Iterator<Item = PartAnswer<'_>> {
        let mut next = self.start;
        self.fragment.parts().map(move |part| {
            let start = next;
            if let Some((at, unit)) = &mut next {
                *at += unit.length(part.text);
            }
            let at = |place: Option<(usize, OffsetUnit)>| place.map(|(at, _)| at);
            let route = part.route.map(Route::name);
            PartAnswer { text: part.text, marked: route.is_some(), route, start: at(start), end: at(next) }
        })
    }
}

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl JsonSchema for Parts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Parts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<PartAnswer<'_>>::json_schema(generator)
    }
}
