//! Matches → hits: what is shown of each.

use super::{Hit, Shown, SnippetAnswer};
use crate::{
    analysis::Analyzer,
    index::{Deadline, Duplicates, Index, IndexError, Match},
    snippet::{Pattern, mark, snippet},
};

/// The hits of some matches, each with what is known of its duplicates.
///
/// All of them take one step before the next: the instructions of a step stay at hand in the processor so, and those of all steps
/// are more than it holds.
pub(super) fn hits(
    index: &Index,
    matches: &[Match],
    duplicates: Vec<Duplicates>,
    pattern: &Pattern,
    analyzer: &mut Analyzer,
    shown: &Shown,
) -> Result<Vec<Hit>, IndexError> {
    let places = index.places(matches, pattern)?;
    let mut loaded = Vec::with_capacity(matches.len());
    for &found in matches {
        Deadline::check()?;
        loaded.push(index.load(found)?);
    }
    let mut marked = Vec::with_capacity(matches.len());
    for ((record, mut text), mut places) in loaded.into_iter().zip(places) {
        Deadline::check()?;
        let (in_title, in_text) = places.in_title_and_text(&record.title);
        let title = mark(&record.title, in_title, pattern, analyzer);
        let passages = snippet(&mut text, in_text, pattern, analyzer, shown.limits).map_err(index.unreadable())?;
        marked.push((record, text, title, passages));
    }
    let mut hits = Vec::with_capacity(matches.len());
    for (((record, mut text, title, passages), duplicates), found) in marked.into_iter().zip(duplicates).zip(matches) {
        let answer = SnippetAnswer::new(passages, &mut text, shown).map_err(index.unreadable())?;
        hits.push(Hit::new(record, found.score, duplicates, title, answer, shown));
    }
    Ok(hits)
}
