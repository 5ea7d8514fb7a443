//! A walk through all matches of a query, page by page, that gives each once while documents come and go.
//!
//! Scores go by the [figures](Frozen) of the first page, so a document that stays keeps its score and its place. Equal ones
//! stand in the order of a number that their ids tell. The best matches of the first page, up to a border, are ranked by both
//! stages; what the walk finds above that border later is ranked with them, and all below it by the first stage alone.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tantivy::{
    DocAddress, Score, Searcher,
    columnar::Column,
    query::{Bm25StatisticsProvider, EnableScoring, Query as EngineQuery},
};

use super::{
    deadline::each_scored,
    frozen::Frozen,
    order::SortKey,
    rerank::{self, Words},
    schema::TIE_BREAKER,
    top_hits::Scored,
};

/// Where a walk has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    pub(super) frozen: Frozen,
    pub(super) place: Place,
}

/// The hit behind which the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// One of the best, which reach down to a border.
    Best { border: Option<Rank>, after: Rank },
    /// One of the rest.
    Rest { after: Rank },
    /// One in an order of its own.
    Sorted(SortKey),
}

/// Where a hit stands: the lower, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Rank {
    /// The score, so that the highest is the least.
    below: u32,
    tie: u64,
}

impl Rank {
    fn new(score: Score, tie: u64) -> Self {
        Self { below: u32::MAX - rounded(score).to_bits(), tie }
    }
}

/// A score to some four digits. The engine adds the parts of a score in an order that depends on the segment, and what is
/// lost or won by that in the last place must not move a document over the edge of a page.
pub(super) fn rounded(score: Score) -> Score {
    const LOST: u32 = 0x7ff;
    f32::from_bits(score.max(0.0).to_bits().saturating_add(LOST / 2) & !LOST)
}

/// A page of a walk.
pub(super) struct Page {
    /// Its hits, with their scores.
    pub hits: Scored,
    /// Where it ends; `None` where there may be nothing more.
    pub place: Option<Place>,
    /// How many hits all pages have together.
    pub total: u64,
}

/// The next page of a walk.
pub(super) fn page(
    words: &Words,
    query: &dyn EngineQuery,
    place: Option<&Place>,
    limit: usize,
) -> tantivy::Result<Page> {
    let mut all = all(words.searcher, words, query)?;
    all.sort_unstable_by_key(|hit| hit.rank);
    let (hits, place) = cut(words, &all, place, limit)?;
    Ok(Page { hits, place, total: all.len() as u64 })
}

/// The page behind a place, of all hits in their order, and where it ends.
fn cut(words: &Words, hits: &[Hit], place: Option<&Place>, limit: usize) -> tantivy::Result<(Scored, Option<Place>)> {
    let (border, after) = match place {
        None => (hits.get(rerank::CANDIDATES.saturating_sub(1)).map(|hit| hit.rank), None),
        Some(Place::Best { border, after }) => (*border, Some(*after)),
        Some(Place::Rest { after }) => return Ok(rest(hits, *after, limit)),
        // A walk goes on in the order in which it began.
        Some(Place::Sorted(_)) => return Ok((Vec::new(), None)),
    };
    let best = hits.partition_point(|hit| border.is_none_or(|border| hit.rank <= border));
    let found = hits[..best].iter().map(|hit| (hit.score, hit.address)).collect();
    let ties: HashMap<DocAddress, u64> = hits[..best].iter().map(|hit| (hit.address, hit.rank.tie)).collect();
    let again = rerank::rerank_all(words, found)?;
    let mut again: Vec<Hit> = again
        .into_iter()
        .map(|(score, address)| Hit {
            rank: Rank::new(score, ties.get(&address).copied().unwrap_or_default()),
            score,
            address,
        })
        .collect();
    again.sort_unstable_by_key(|hit| hit.rank);
    let from = again.partition_point(|hit| after.is_some_and(|after| hit.rank <= after));
    let mut page: Vec<Hit> = again[from..].iter().take(limit).copied().collect();
    let mut next = page.last().map(|last| Place::Best { border, after: last.rank });
    if let Some(border) = border.filter(|_| page.len() < limit) {
        let (more, place) = rest(hits, border, limit - page.len());
        let shown: Vec<_> = page.drain(..).map(|hit| (hit.score, hit.address)).chain(more).collect();
        return Ok((shown, place));
    }
    if page.len() < limit {
        next = None;
    }
    Ok((page.into_iter().map(|hit| (hit.score, hit.address)).collect(), next))
}

/// The hits behind a place, by the first stage.
fn rest(hits: &[Hit], after: Rank, limit: usize) -> (Scored, Option<Place>) {
    let from = hits.partition_point(|hit| hit.rank <= after);
    let page: Vec<&Hit> = hits[from..].iter().take(limit).collect();
    let is_full = page.len() == limit;
    let next = page.last().filter(|_| is_full).map(|last| Place::Rest { after: last.rank });
    (page.into_iter().map(|hit| (hit.score, hit.address)).collect(), next)
}

/// A match and where it stands.
#[derive(Debug, Clone, Copy)]
struct Hit {
    rank: Rank,
    score: Score,
    address: DocAddress,
}

/// All matches, each with its score.
fn all(
    searcher: &Searcher,
    statistics: &dyn Bm25StatisticsProvider,
    query: &dyn EngineQuery,
) -> tantivy::Result<Vec<Hit>> {
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(statistics, searcher))?;
    let mut hits = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let ties: Option<Column<u64>> = reader.fast_fields().column_opt(TIE_BREAKER)?;
        each_scored(weight.as_ref(), reader, &mut |doc, score| {
            let tie = ties.as_ref().and_then(|ties| ties.first(doc)).unwrap_or_default();
            hits.push(Hit { rank: Rank::new(score, tie), score, address: DocAddress::new(segment, doc) });
        })?;
    }
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_hit_has_the_least_rank() {
        let ranks = [(7.5, 3), (7.5, 4), (2.0, 1), (0.0, 0)].map(|(score, tie)| Rank::new(score, tie));
        assert!(ranks.is_sorted());
    }

    #[test]
    fn what_is_lost_in_the_last_place_does_not_move_a_hit() {
        for score in [0.1_f32, 3.25, 17.0, 123.456] {
            let next = f32::from_bits(score.to_bits() + 1);
            assert_eq!(Rank::new(score, 1).cmp(&Rank::new(next, 2)), std::cmp::Ordering::Less, "{score}");
            assert!(Rank::new(score, 9) > Rank::new(score * 1.001, 1), "{score}");
        }
    }
}
