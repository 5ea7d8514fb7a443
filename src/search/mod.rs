//! Answers out: request → query → matches → snippets → answer.

mod answer;
mod request;
mod stats;

pub use answer::{Answer, DocumentAnswer, Facets, Hit, SnippetAnswer};
pub use request::{MAX_LIMIT, MAX_WINDOW, Request, RequestError};
pub use stats::{Stats, stats};

use std::time::Instant;

use crate::{
    analysis::Analyzer,
    index::{Find, Found, Index, IndexError, Match, Ranking},
    query::{Query, parse, parse_unfinished},
    snippet::{Limits, Pattern, mark, snippet},
};

/// Answers a search request.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn search(index: &Index, request: &Request) -> Result<Answer, IndexError> {
    let started = Instant::now();
    let Matched { query, mut analyzer, warnings, found } = matches(index, request, true)?;
    let in_title = Pattern::new(&query, |term| index.rarity(term));
    let in_text = Pattern::new(&query.without_title_words(), |term| index.rarity(term));
    let hit = |&found| hit(index, found, [&in_title, &in_text], &mut analyzer);
    let hits = found.matches.iter().map(hit).collect::<Result<Vec<_>, _>>()?;
    let total = match request.language {
        Some(label) => found.languages.get(label.code()).copied().unwrap_or_default(),
        None => found.languages.values().sum(),
    };
    Ok(Answer {
        query: request.q.clone(),
        hits,
        limit: request.limit,
        offset: request.offset,
        estimated_total_hits: total,
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        facets: Facets { language: found.languages },
        warnings,
    })
}

/// The ids and scores of the hits of a request, best first: what [`search`] answers, without what is shown of each hit.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn ranked_ids(index: &Index, request: &Request) -> Result<Vec<(String, f32)>, IndexError> {
    let found = matches(index, request, false)?.found;
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
    let mut analyzer = Analyzer::new(index.rules());
    let read = if request.is_typing { parse_unfinished } else { parse };
    let parsed = read(&request.q, &mut analyzer);
    let query = parsed.query.with_matching(request.matching).condensed();
    let find = Find {
        offset: request.offset,
        limit: request.limit,
        language: request.language,
        ranking: Ranking::Full,
        is_counted,
    };
    let found = index.find(&query, find)?;
    Ok(Matched { query, analyzer, warnings: parsed.warnings, found })
}

fn hit(
    index: &Index,
    found: Match,
    [in_title, in_text]: [&Pattern; 2],
    analyzer: &mut Analyzer,
) -> Result<Hit, IndexError> {
    let (record, text) = index.load(found)?;
    let title = mark(&record.title, in_title, analyzer);
    let snippet = snippet(body_of(&text, &record.title), in_text, analyzer, Limits::default());
    Ok(Hit::new(record, found.score, title, snippet))
}

/// The text without the title at its beginning, which stands above the snippet already.
fn body_of<'t>(text: &'t str, title: &str) -> &'t str {
    match text.trim_start().strip_prefix(title) {
        Some(rest) if !title.is_empty() && rest.starts_with(['\n', '\r']) => rest.trim_start(),
        _ => text,
    }
}

/// The document of an id, as it is given back; `None` where there is none.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn document(index: &Index, id: &str) -> Result<Option<DocumentAnswer>, IndexError> {
    Ok(index.document(id)?.map(|(record, text)| DocumentAnswer { text, record }))
}
