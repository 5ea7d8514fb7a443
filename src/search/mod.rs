//! Answers out: request → query → matches → snippets → answer.

mod answer;
mod names;
mod repair;
mod request;
mod similar;
mod stats;
mod suggest;

pub use answer::{Answer, DocumentAnswer, Facets, FragmentAnswer, Hit, PartAnswer, SnippetAnswer};
pub use repair::{Correction, RepairMode, Repairs, UnknownRepairMode};
pub use request::{FRAGMENT_CHARS, MAX_FRAGMENTS, MAX_LIMIT, MAX_TAG_CHARS, MAX_WINDOW, Request, RequestError, Shown};
pub use similar::{Similar, SimilarRequest, similar};
pub use stats::{Stats, stats};
pub use suggest::{
    MAX_SUGGESTIONS, SuggestRequest, Suggestion, SuggestionKind, SuggestionRoute, Suggestions, TooManySuggestions,
    suggest,
};

use std::time::Instant;

use crate::{
    analysis::Analyzer,
    index::{Find, Found, Index, IndexError, Match, Places, Ranking},
    query::{Query, parse, parse_unfinished},
    snippet::{Pattern, mark, snippet},
};

/// Answers a search request.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn search(index: &Index, request: &Request) -> Result<Answer, IndexError> {
    let started = Instant::now();
    let typed = matches(index, request, true)?;
    let (searched, repairs) = repair::repair(index, request, typed, true)?;
    let Matched { query, mut analyzer, warnings, found } = searched;
    let mut pattern = Pattern::new(&query, |term| index.rarity(term));
    expand(&mut pattern, index, &mut analyzer)?;
    let places = index.places(&found.matches, &pattern)?;
    let hits = found.matches.iter().zip(places);
    let hits = hits.map(|(&found, places)| hit(index, found, places, &pattern, &mut analyzer, &request.shown));
    let hits = hits.collect::<Result<Vec<_>, _>>()?;
    Ok(Answer {
        query: request.q.clone(),
        hits,
        limit: request.limit,
        offset: request.offset,
        estimated_total_hits: repair::total(&found.languages, request.language),
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        facets: Facets { language: found.languages },
        warnings,
        repairs,
    })
}

/// The ids and scores of the hits of a request, best first: what [`search`] answers, without what is shown of each hit.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn ranked_ids(index: &Index, request: &Request) -> Result<Vec<(String, f32)>, IndexError> {
    let typed = matches(index, request, false)?;
    let found = repair::repair(index, request, typed, false)?.0.found;
    found.matches.iter().map(|&found| Ok((index.load(found)?.0.id, found.score))).collect()
}

/// A query as it was asked of the index, and what it found there.
struct Matched {
    query: Query,
    analyzer: Analyzer,
    warnings: Vec<String>,
    found: Found,
}

fn matches(index: &Index, request: &Request, is_counted: bool) -> Result<Matched, IndexError> {
    let Read { query, analyzer, warnings } = read(index, request)?;
    let find = Find {
        offset: request.offset,
        limit: request.limit,
        language: request.language,
        ranking: Ranking::Full,
        is_counted,
    };
    let found = index.find(&query, find)?;
    Ok(Matched { query, analyzer, warnings, found })
}

/// A query as it is asked of an index.
struct Read {
    query: Query,
    analyzer: Analyzer,
    warnings: Vec<String>,
}

fn read(index: &Index, request: &Request) -> Result<Read, IndexError> {
    let mut analyzer = Analyzer::new(index.rules());
    let read = if request.is_typing { parse_unfinished } else { parse };
    let parsed = read(&request.q, &mut analyzer);
    let mut query = parsed.query.with_matching(request.matching).condensed();
    if request.with_names {
        query = query.with_names(&mut |word| names::names(word, index, &mut analyzer))?;
    }
    Ok(Read { query, analyzer, warnings: parsed.warnings })
}

fn hit(
    index: &Index,
    found: Match,
    places: Places,
    pattern: &Pattern,
    analyzer: &mut Analyzer,
    shown: &Shown,
) -> Result<Hit, IndexError> {
    let (record, mut text) = index.load(found)?;
    let (in_title, in_text) = places.in_title_and_text(&record.title);
    let title = mark(&record.title, &in_title, pattern, analyzer);
    let passages = snippet(&mut text, &in_text, pattern, analyzer, shown.limits).map_err(index.unreadable())?;
    let answer = SnippetAnswer::new(&passages, &mut text, shown).map_err(index.unreadable())?;
    Ok(Hit::new(record, found.score, title, passages, answer))
}

/// Gives the prefixes of a pattern the terms of the words that they found.
fn expand(pattern: &mut Pattern, index: &Index, analyzer: &mut Analyzer) -> Result<(), IndexError> {
    pattern.expand(|prefix| {
        let words = index.words_that_begin(prefix)?;
        Ok(words.iter().flat_map(|(word, _)| analyzer.reading(word).terms.clone()).collect())
    })
}

/// The document of an id, as it is given back; `None` where there is none.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn document(index: &Index, id: &str) -> Result<Option<DocumentAnswer>, IndexError> {
    Ok(index.document(id)?.map(|(record, text)| DocumentAnswer { text, record }))
}
