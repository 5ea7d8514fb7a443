//! Answers out: request → query → matches → snippets → answer.

mod answer;
mod cursor;
mod error;
mod export;
mod hits;
mod marked;
mod names;
mod repair;
mod request;
mod similar;
mod stats;
mod suggest;

pub use answer::{Answer, DocumentAnswer, Facets, Hit, MAX_FACET_VALUES, ScorePart};
pub use cursor::{CursorError, START};
pub use error::SearchError;
pub use export::{ExportError, check_condition, export};
pub use marked::{FragmentAnswer, PartAnswer, Parts, SnippetAnswer, TitleAnswer};
pub use repair::{Correction, RepairMode, Repairs, UnknownRepairMode};
pub use request::{
    FRAGMENT_CHARS, MAX_FACETS, MAX_FRAGMENTS, MAX_LIMIT, MAX_TAG_CHARS, MAX_WINDOW, Request, RequestError, Shown,
};
pub use similar::{Similar, SimilarRequest, similar};
pub use stats::{Stats, stats};
pub use suggest::{
    MAX_SUGGESTIONS, SuggestRequest, Suggestion, SuggestionKind, SuggestionRoute, Suggestions, TooManySuggestions,
    suggest,
};

use std::time::Instant;

use cursor::{Cursor, Page};

use crate::{
    analysis::Analyzer,
    index::{Counting, Find, Folding, Found, Index, IndexError, LentAnalyzer, Walking},
    query::{Query, parse, parse_unfinished},
    snippet::Pattern,
};

/// Answers a search request.
///
/// # Errors
/// Where the request names members that the index cannot filter by, and where its data cannot be read.
pub fn search(index: &Index, request: &Request) -> Result<Answer, SearchError> {
    let started = Instant::now();
    request.check(index)?;
    let counting = if request.facets.is_empty() { Counting::Estimated } else { Counting::Facets(&request.facets) };
    let (searched, repairs) = find(index, request, counting, request.folding)?;
    let Matched { query, mut analyzer, warnings, found } = searched;
    let mut pattern = Pattern::new(&query, |term| index.rarity(term));
    expand(&mut pattern, index, &mut analyzer)?;
    let duplicates = index.duplicates(&found.matches)?;
    let sizes = match request.folding {
        Folding::Groups => {
            let groups: Vec<u64> = duplicates.iter().map(|duplicates| duplicates.group).collect();
            index.group_sizes(&query, asked_for(request, Counting::None, Walking::No), &groups)?
        }
        _ => Vec::new(),
    };
    let mut hits = hits::hits(index, &found.matches, duplicates, &pattern, &mut analyzer, &request.shown)?;
    for (hit, size) in hits.iter_mut().zip(sizes) {
        hit.group_size = Some(size);
    }
    for (hit, parts) in hits.iter_mut().zip(found.explanations) {
        hit.explanation = Some(parts.into_iter().map(ScorePart::from).collect());
    }
    Ok(Answer {
        query: request.q.clone(),
        hits,
        limit: request.limit,
        offset: request.offset,
        estimated_total_hits: found.counts.total,
        next_cursor: found.next.map(|walk| Page::new(request, repairs.searched_query.clone(), walk).write()),
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        facets: Facets::new(&request.facets, found.counts.facets),
        warnings,
        repairs,
    })
}

/// The ids and scores of the hits of a request, best first: what [`search`] answers, without what is shown of each hit, and
/// with each copy in its own place, for a judgement is of a document.
///
/// # Errors
/// As [`search`].
pub fn ranked_ids(index: &Index, request: &Request) -> Result<Vec<(String, f32)>, SearchError> {
    request.check(index)?;
    let found = find(index, request, Counting::None, Folding::None)?.0.found;
    found.matches.iter().map(|&found| Ok((index.id(found)?, found.score))).collect()
}

/// A query as it was asked of the index, and what it found there.
struct Matched<'i> {
    query: Query,
    analyzer: LentAnalyzer<'i>,
    warnings: Vec<String>,
    found: Found,
}

/// What a request finds, and what of its query was repaired.
fn find<'i>(
    index: &'i Index,
    request: &Request,
    counting: Counting<'_>,
    folding: Folding,
) -> Result<(Matched<'i>, Repairs), SearchError> {
    let cursor = request.cursor.as_deref().map(|text| Cursor::read(text, request));
    let walking = match cursor.transpose().map_err(RequestError::from)? {
        None => Walking::No,
        Some(Cursor::Start) => Walking::Start,
        Some(Cursor::On(Page { searched, walk, .. })) => {
            // What was repaired stays so, whatever the index holds by now.
            let q = searched.clone().unwrap_or_else(|| request.q.clone());
            let request = Request { q, ..request.clone() };
            let found = matches(index, &request, asked_for(&request, counting, Walking::On(&walk)))?;
            return Ok((found, Repairs { searched_query: searched, ..Repairs::default() }));
        }
    };
    let asked = Find { folding, ..asked_for(request, counting, walking) };
    let typed = matches(index, request, asked)?;
    Ok(repair::repair(index, request, typed, asked)?)
}

/// What is asked of the index for a request.
fn asked_for<'f>(request: &'f Request, counting: Counting<'f>, walking: Walking<'f>) -> Find<'f> {
    Find {
        offset: request.offset,
        limit: request.limit,
        language: request.language,
        condition: request.condition.as_ref(),
        orders: &request.orders,
        counting,
        is_explained: request.is_explained,
        walking,
        ..Find::default()
    }
}

fn matches<'i>(index: &'i Index, request: &Request, find: Find<'_>) -> Result<Matched<'i>, IndexError> {
    let Read { query, analyzer, warnings } = read(index, request, find.walking)?;
    let found = index.find(&query, find)?;
    Ok(Matched { query, analyzer, warnings, found })
}

/// A query as it is asked of an index.
struct Read<'i> {
    query: Query,
    analyzer: LentAnalyzer<'i>,
    warnings: Vec<String>,
}

fn read<'i>(index: &'i Index, request: &Request, walking: Walking<'_>) -> Result<Read<'i>, IndexError> {
    let mut analyzer = index.analyzer();
    if request.q.trim().is_empty() {
        // Whoever asks for nothing by its words asks for what the filters leave.
        return Ok(Read { query: Query::everything(), analyzer, warnings: Vec::new() });
    }
    let read = if request.is_typing { parse_unfinished } else { parse };
    let parsed = read(&request.q, &mut analyzer);
    let mut query = parsed.query.with_matching(request.matching).condensed();
    if request.with_names {
        // A walk goes on with the names that were there when it began.
        let is_known = |term: &str| !matches!(walking, Walking::On(walk) if !index.is_known_to(walk, term));
        query = query.with_names(&mut |word| {
            let mut names = names::names(word, index, &mut analyzer)?;
            names.retain(|term| is_known(term));
            Ok::<_, IndexError>(names)
        })?;
    }
    Ok(Read { query, analyzer, warnings: parsed.warnings })
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
