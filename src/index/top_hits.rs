//! Hits, as they come → the best of them.

use std::cmp::Ordering;

use tantivy::{DocAddress, Score};

/// Matches with their scores.
pub(super) type Scored = Vec<(Score, DocAddress)>;

/// The order of matches from the best to the least; of equal ones the one that was indexed first comes first.
pub(super) fn best_first(a: &(Score, DocAddress), b: &(Score, DocAddress)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// The best hits so far, and some that came after them: these are sorted out many at a time, so a hit costs a look at most. The bar stands a
/// little too low between.
pub(super) struct TopHits {
    hits: Vec<Hit>,
    limit: usize,
    bar: Score,
}

impl TopHits {
    /// At most so many, of which there are none yet.
    pub(super) fn of(limit: usize) -> Self {
        Self { hits: Vec::new(), limit, bar: Score::MIN }
    }

    /// The score that a hit must surpass. Hits come in the order of their addresses, so of equal ones the first stays.
    pub(super) fn bar(&self) -> Score {
        self.bar
    }

    /// Takes in a hit above the bar.
    pub(super) fn offer(&mut self, score: Score, address: DocAddress) {
        self.hits.push(Hit::new(score, address));
        if self.hits.len() == self.limit && self.bar == Score::MIN {
            // The first so many set the bar at once: until then nothing is passed over.
            self.bar = self.hits.iter().max().map_or(Score::MIN, |least| least.score());
        } else if self.hits.len() > 2 * self.limit {
            self.sort_out();
        }
    }

    fn sort_out(&mut self) {
        if let Some(last) = self.limit.checked_sub(1) {
            let (_, least, _) = self.hits.select_nth_unstable(last);
            self.bar = least.score();
        }
        self.hits.truncate(self.limit);
    }

    /// All of them, in no order: the second stage reads them in that of their addresses.
    pub(super) fn into_scored(mut self) -> Scored {
        if self.hits.len() > self.limit {
            self.sort_out();
        }
        self.hits.into_iter().map(|hit| (hit.score(), hit.address())).collect()
    }
}

/// A hit as one number, of which the lesser is the better hit: what its score falls short of the highest, and its address, for of equal
/// scores the earlier one is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit(u128);

impl Hit {
    fn new(score: Score, address: DocAddress) -> Self {
        // Numbers above zero are in the order of their bits, and those below in the opposite one.
        let bits = score.to_bits();
        let falls_short = if score.is_sign_negative() { bits } else { !bits & SIGNLESS };
        Self(u128::from(falls_short) << 64 | u128::from(address.segment_ord) << 32 | u128::from(address.doc_id))
    }

    fn score(self) -> Score {
        let falls_short = self.part(64);
        Score::from_bits(if falls_short > SIGNLESS { falls_short } else { !falls_short & SIGNLESS })
    }

    fn address(self) -> DocAddress {
        DocAddress::new(self.part(32), self.part(0))
    }

    /// The 32 bits from one on.
    #[allow(clippy::cast_possible_truncation)]
    fn part(self, from: u32) -> u32 {
        (self.0 >> from) as u32
    }
}

/// All bits of a number but that of its sign.
const SIGNLESS: u32 = u32::MAX >> 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_hit_is_the_number_of_its_score_and_address(
            hits in prop::collection::vec((prop::num::f32::NORMAL | prop::num::f32::ZERO, 0..3_u32, 0..9_u32), 1..300),
            limit in 0..40_usize,
        ) {
            let mut hits: Vec<(Score, DocAddress)> =
                hits.into_iter().map(|(score, segment, doc)| (score, DocAddress::new(segment, doc))).collect();
            for &(score, address) in &hits {
                let hit = Hit::new(score, address);
                prop_assert_eq!((hit.score().to_bits(), hit.address()), (score.to_bits(), address));
            }
            hits.sort_by_key(|(_, address)| *address);
            let mut top = TopHits::of(limit);
            for &(score, address) in &hits {
                if score > top.bar() {
                    top.offer(score, address);
                }
            }
            hits.sort_by(best_first);
            hits.truncate(limit);
            let mut found = top.into_scored();
            found.sort_by(best_first);
            prop_assert_eq!(found, hits);
        }
    }
}
