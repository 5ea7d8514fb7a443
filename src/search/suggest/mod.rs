//! What is typed → what it may become: words that complete the last one, and whole titles.
//!
//! First it is read as it was typed. Where that gives few words, it is read as the same keys give it on the other keyboard
//! layout, and then as the beginning of a name in the other alphabet.

mod readings;
mod titles;
mod words;

use std::time::Instant;

use schemars::JsonSchema;
use serde::Serialize;

use super::Parts;
use crate::{
    analysis::Analyzer,
    index::{Index, IndexError},
    language::Label,
    query::unfinished,
    snippet::{Fragment, Tags},
};
use readings::{Beginning, as_compound, as_typed};

/// The most suggestions of one answer.
pub const MAX_SUGGESTIONS: usize = 20;

const DEFAULT_LIMIT: usize = 8;

/// With fewer words than this what was typed is read otherwise, too.
const FEW: usize = 4;

/// How many words before the last one are looked for as names in the other alphabet, where nothing is found otherwise.
const MAX_NAMES_BEFORE: usize = 3;

/// How many in eight suggestions are kept for titles, where there are so many.
const TITLES_IN_EIGHT: usize = 3;

/// A request for suggestions whose values are in their bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestRequest {
    q: String,
    limit: usize,
    language: Option<Label>,
}

/// More suggestions than one answer holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limit {0} is more than the {MAX_SUGGESTIONS} suggestions of one answer")]
pub struct TooManySuggestions(usize);

impl SuggestRequest {
    /// A request; what is `None` has its default (limit 8, every language).
    ///
    /// # Errors
    /// Where the limit is more than [`MAX_SUGGESTIONS`].
    pub fn new(
        q: impl Into<String>,
        limit: Option<usize>,
        language: Option<Label>,
    ) -> Result<Self, TooManySuggestions> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if limit > MAX_SUGGESTIONS {
            return Err(TooManySuggestions(limit));
        }
        Ok(Self { q: q.into(), limit, language })
    }
}

/// The answer to a request for suggestions, in the shape of its JSON.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestions {
    /// What was typed.
    pub query: String,
    /// The suggestions: words, then titles, the best of each first.
    pub suggestions: Vec<Suggestion>,
    /// How long it took, in milliseconds.
    pub processing_time_ms: u64,
}

/// What a query may become.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Suggestion {
    /// The whole query with its last word completed, or the title.
    pub text: String,
    /// Which of the two it is.
    pub kind: SuggestionKind,
    /// How what was typed was read.
    pub route: SuggestionRoute,
    /// How many documents hold the word, together with the words before it; for words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// What names the document; for titles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The text as HTML, in which `<mark>` around what was typed is the only markup.
    pub html: String,
    /// The same in parts, which joined are the text.
    pub parts: Parts,
}

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// The query with its last word completed.
    Word,
    /// A title.
    Title,
}

/// How what was typed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionRoute {
    /// As it was typed.
    Typed,
    /// As the same keys give it on the keyboard layout of the other language.
    Layout,
    /// As the beginning of a name that is written in the other alphabet.
    Name,
}

/// What a query may become, the best first.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn suggest(index: &Index, request: &SuggestRequest) -> Result<Suggestions, IndexError> {
    let started = Instant::now();
    let analyzer = Analyzer::new(index.rules());
    let mut suggester = Suggester { index, analyzer, language: request.language, names_before: 0 };
    let found = suggester.found(&request.q)?;
    Ok(Suggestions {
        query: request.q.clone(),
        suggestions: found.best(request.limit),
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

struct Suggester<'i> {
    index: &'i Index,
    analyzer: Analyzer,
    language: Option<Label>,
    /// How many of the words before the last one may still be looked for as names in the other alphabet.
    names_before: usize,
}

/// The suggestions so far.
#[derive(Default)]
struct Found {
    words: Vec<Suggestion>,
    titles: Vec<Suggestion>,
}

impl Suggester<'_> {
    fn found(&mut self, q: &str) -> Result<Found, IndexError> {
        let mut found = Found::default();
        let Some(last) = unfinished(q) else {
            let query = self.before(q, false)?;
            found.titles = self.titles(&query, None, SuggestionRoute::Typed)?;
            return Ok(found);
        };
        if let Some(compound) = as_compound(&last) {
            self.complete(&compound, &mut found)?;
        }
        if let Some(typed) = as_typed(&last).filter(|_| found.words.is_empty()) {
            self.complete(&typed, &mut found)?;
        }
        if found.words.len() < FEW {
            for retyped in self.retyped(&last) {
                self.complete(&retyped, &mut found)?;
            }
        }
        if found.words.len() < FEW
            && let Some(typed) = as_typed(&last)
        {
            self.complete(&Beginning { route: SuggestionRoute::Name, ..typed }, &mut found)?;
        }
        // A search finds the words before by their names, too; here that costs too much to be done first.
        if found.words.is_empty()
            && let Some(typed) = as_typed(&last).filter(|typed| !typed.before.trim().is_empty())
        {
            self.names_before = MAX_NAMES_BEFORE;
            self.complete(&typed, &mut found)?;
        }
        Ok(found)
    }

    /// Adds the words and titles of one way to read what was typed.
    fn complete(&mut self, beginning: &Beginning, found: &mut Found) -> Result<(), IndexError> {
        let before = self.before(&beginning.before, beginning.is_alternative)?;
        let words = self.words(beginning, &before)?;
        let titles = self.titles(&before, Some((beginning, words.as_slice())), beginning.route)?;
        let words = words.iter().filter(|word| word.hits > 0).map(|word| word.suggestion(beginning));
        add(&mut found.words, words);
        add(&mut found.titles, titles);
        Ok(())
    }
}

/// Adds suggestions that are not there yet.
fn add(all: &mut Vec<Suggestion>, more: impl IntoIterator<Item = Suggestion>) {
    for suggestion in more {
        if !all.iter().any(|known| known.text == suggestion.text) {
            all.push(suggestion);
        }
    }
}

impl Found {
    /// So many of the suggestions, some of each kind.
    fn best(mut self, limit: usize) -> Vec<Suggestion> {
        let titles = self.titles.len().min((limit * TITLES_IN_EIGHT / 8).max(limit.saturating_sub(self.words.len())));
        self.words.truncate(limit - titles);
        self.titles.truncate(titles);
        self.words.append(&mut self.titles);
        self.words
    }
}

impl Suggestion {
    fn new(fragment: Fragment, kind: SuggestionKind, route: SuggestionRoute) -> Self {
        Self {
            text: fragment.text().to_owned(),
            kind,
            route,
            hits: None,
            id: None,
            html: fragment.to_html(&Tags::default()),
            parts: Parts::of(fragment),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_have_a_place() {
        let some = |kind, count: usize| -> Vec<Suggestion> {
            let text = |n: usize| Fragment::marked(n.to_string(), Vec::new());
            (0..count).map(|n| Suggestion::new(text(n), kind, SuggestionRoute::Typed)).collect()
        };
        let best = |words, titles, limit| {
            let found = Found { words: some(SuggestionKind::Word, words), titles: some(SuggestionKind::Title, titles) };
            let best = found.best(limit);
            let words = best.iter().filter(|suggestion| suggestion.kind == SuggestionKind::Word).count();
            (words, best.len() - words)
        };
        assert_eq!(best(20, 20, 8), (5, 3));
        assert_eq!(best(20, 1, 8), (7, 1));
        assert_eq!(best(2, 20, 8), (2, 6));
        assert_eq!(best(20, 20, 1), (1, 0));
        assert_eq!(best(0, 1, 1), (0, 1));
        assert_eq!(best(3, 3, 0), (0, 0));
    }

    #[test]
    fn too_many_are_refused() {
        assert!(SuggestRequest::new("виз", Some(MAX_SUGGESTIONS), None).is_ok());
        assert_eq!(SuggestRequest::new("vis", Some(21), None), Err(TooManySuggestions(21)));
    }
}
