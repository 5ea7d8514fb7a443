//! The best matches, in a better order: what the plain union of words cannot see.
//!
//! The first stage finds candidates by BM25 over single terms, fast, because the engine can leave out what cannot reach
//! the top. This second stage looks at the positions of the words in the best [`CANDIDATES`] of them and adds, each in the
//! currency of BM25 (rarity × saturated frequency):
//!
//! * **nearness**: neighbours of the query that stand side by side as they were typed or near each other in any order (the
//!   sequential dependence model of Metzler and Croft, SIGIR 2005, on BM25 as Büttcher, Clarke and Lushman have it, SIGIR
//!   2006), and the passage that holds most of the query;
//! * **headings**: how much of the query the best heading or title holds, in which order, and how much of the heading that
//!   is;
//! * **form**: words that stand in the document exactly as they were typed;
//!
//! and takes from a word of several lemmas all but the best of them. The weights below were set on the judged collections,
//! as round numbers; what each attempt gave stands in `benches/README.md`.

mod candidates;
mod headings;
mod nearness;
mod starts;
mod words;

use tantivy::{DocAddress, Score};

use super::{
    deadline::Pulse,
    top_hits::{Scored, best_first},
};
use candidates::Candidates;
pub(super) use starts::HeadingStarts;
use words::RankedWord;
pub(super) use words::Words;

/// How many of the best candidates are looked at.
pub(super) const CANDIDATES: usize = 100;

/// What a word is worth that stands in the document as it was typed, in rarities.
const FORM: f32 = 0.3;

/// BM25's constants for the saturation of frequencies and for length, as the engine has them.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The best matches of a query, as many as are asked for, in a better order; behind the candidates that are looked at the rest follow by
/// the scores that they had.
pub(super) fn rerank(words: &Words, found: Scored, asked: usize) -> tantivy::Result<Scored> {
    rerank_first(words, found, CANDIDATES, asked)
}

/// Puts matches in a better order, all of them.
pub(super) fn rerank_all(words: &Words, found: Scored) -> tantivy::Result<Scored> {
    let all = found.len();
    rerank_first(words, found, all, all)
}

fn rerank_first(words: &Words, mut found: Scored, candidates: usize, asked: usize) -> tantivy::Result<Scored> {
    if found.len() > candidates {
        found.sort_unstable_by(best_first);
    }
    let count = found.len().min(candidates);
    found[..count].sort_unstable_by_key(|(_, address)| *address);
    let (mut bar, pulse) = (Bar::new(asked), Pulse::new());
    for of_segment in found[..count].chunk_by_mut(|(_, a), (_, b)| a.segment_ord == b.segment_ord) {
        let mut candidates = Candidates::open(words, of_segment[0].1.segment_ord)?;
        candidates.prefetch(of_segment.iter().map(|(_, address)| address.doc_id));
        for (score, address) in of_segment {
            pulse.check_now()?;
            *score += candidates.gain(address.doc_id, bar.height() - *score);
            bar.offer(*score);
        }
    }
    if asked < count {
        found[..count].select_nth_unstable_by(asked, best_first);
    }
    found.truncate(asked);
    let count = count.min(asked);
    found[..count].sort_unstable_by(best_first);
    // Scores fall from hit to hit, across the border of the stages too.
    if let Some(last) = count.checked_sub(1).map(|last| found[last].0) {
        for (score, _) in &mut found[count..] {
            *score = score.min(last);
        }
    }
    Ok(found)
}

/// What a match gains over the first stage, by what.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Gains {
    /// By words that stand in it as they were typed.
    pub form: Score,
    /// By lemmas other than the best of a word, which do not count: never above zero.
    pub lemmas: Score,
    /// By neighbours of the query that stand near each other.
    pub nearness: Score,
    /// By the passage that holds most of the query.
    pub passage: Score,
    /// By the best heading.
    pub headings: Score,
}

impl Gains {
    /// All of it.
    pub(super) fn sum(&self) -> Score {
        self.form + self.lemmas + self.nearness + self.passage + self.headings
    }
}

/// What a match gains over the first stage.
pub(super) fn gains(words: &Words, address: DocAddress) -> tantivy::Result<Gains> {
    Ok(Candidates::open(words, address.segment_ord)?.gains(address.doc_id))
}

/// What a candidate must reach to be among as many as are asked for: the least of the best scores so far, in order.
struct Bar {
    best: Vec<Score>,
    asked: usize,
}

impl Bar {
    fn new(asked: usize) -> Self {
        Self { best: Vec::new(), asked }
    }

    fn height(&self) -> Score {
        if self.best.len() < self.asked {
            Score::NEG_INFINITY
        } else {
            self.best.last().copied().unwrap_or(Score::INFINITY)
        }
    }

    fn offer(&mut self, score: Score) {
        let rank = self.best.partition_point(|better| *better >= score);
        if rank < self.asked {
            self.best.insert(rank, score);
            self.best.truncate(self.asked);
        }
    }
}

/// How rare a term is: BM25's inverse document frequency, never negative.
// Documents are counted in millions: far below where an f32 loses its meaning in a logarithm.
#[allow(clippy::cast_precision_loss)]
pub(super) fn inverse_frequency(with: u64, all: u64) -> f32 {
    let (with, all) = (with as f32, all as f32);
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prelude::*};
    use tantivy::{Term, schema::Field};

    use super::*;
    use crate::index::lookup::Lookup;

    /// Words of a query, side by side, of these rarities.
    pub(super) fn words(rarities: &[f32]) -> Vec<RankedWord> {
        let form = || Lookup::of_nothing(Term::from_field_text(Field::from_field_id(0), "x"));
        let word = |(place, &rarity)| RankedWord { terms: Vec::new(), form: form(), rarity, place };
        (0..).zip(rarities).map(word).collect()
    }

    fn places() -> impl Strategy<Value = Vec<u32>> {
        btree_set(1..60_u32, 0..12).prop_map(|places| places.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_places_are_worth_more_than_the_most(
            of_words in prop::collection::vec((0.1..9.0_f32, places()), 1..5),
            mut starts in btree_set(1..60_u32, 0..6),
            saturation in 0.3..3.0_f32,
        ) {
            starts.insert(0);
            let (rarities, places): (Vec<f32>, Vec<Vec<u32>>) = of_words.into_iter().unzip();
            let words = words(&rarities);
            let counts: Vec<u32> = places.iter().map(|places| u32::try_from(places.len()).unwrap_or_default()).collect();
            let near = nearness::pairs(&words, &places, saturation)
                + nearness::Passage::new(rarities.into_iter()).worth(&places);
            prop_assert!(near <= nearness::most(&words, &counts, saturation) * 1.0001);
            let mut headings = headings::Headings::new(&words);
            prop_assert!(headings.best(&places, starts.into_iter()) <= headings.most(&counts) * 1.0001);
        }
    }

    #[test]
    fn the_bar_is_the_least_of_the_best() {
        let mut bar = Bar::new(2);
        let heights = [3.0, 1.0, 2.0, 2.0, 0.5].map(|score| {
            bar.offer(score);
            bar.height()
        });
        let expected = [Score::NEG_INFINITY, 1.0, 2.0, 2.0, 2.0];
        assert_eq!(heights.map(Score::to_bits), expected.map(Score::to_bits));
    }
}
