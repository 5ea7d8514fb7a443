//! Where the words of a query stand in a document → what their nearness is worth.

use super::{K1, RankedWord};

/// What two neighbours of the query are worth that stand in the document as they were typed, in rarities.
const IN_ORDER: f32 = 0.3;

/// What they are worth if they are near each other in any order.
const NEAR: f32 = 0.15;

/// Near is up to this many words apart, as the sequential dependence model has it.
const NEAR_WORDS: u32 = 8;

/// What the words are worth that the best passage holds, in rarities.
const PASSAGE: f32 = 0.4;

/// A passage has this many words: a sentence and a half.
const PASSAGE_WORDS: u32 = 24;

/// What neighbours of the query are worth by how often they are neighbours in the document. `saturation` is BM25's, for
/// the length of the document.
pub(super) fn pairs(words: &[RankedWord], places: &[Vec<u32>], saturation: f32) -> f32 {
    let neighbours = words.windows(2).zip(places.windows(2));
    neighbours
        .map(|(words, places)| {
            let (in_order, near) = count_pairs(&places[0], &places[1], words[0].distance_to(&words[1]));
            pair(words, in_order, near, saturation)
        })
        .sum()
}

/// No more than this are they, and the best passage, worth in a document that holds each word so often.
pub(super) fn most(words: &[RankedWord], counts: &[u32], saturation: f32) -> f32 {
    let neighbours = words.windows(2).zip(counts.windows(2)).filter(|(_, counts)| counts[0] > 0 && counts[1] > 0);
    let pairs: f32 =
        neighbours.map(|(words, counts)| pair(words, counts[0].min(counts[1]), counts[0], saturation)).sum();
    pairs + PASSAGE * held(words, counts)
}

/// The rarities of the words that a document holds, taken together.
pub(super) fn held(words: &[RankedWord], counts: &[u32]) -> f32 {
    words.iter().zip(counts).filter(|(_, count)| **count > 0).map(|(word, _)| word.rarity).sum()
}

/// What two neighbours are worth that stand so often in order and so often near each other.
// Frequencies are far below 2^24.
#[allow(clippy::cast_precision_loss)]
fn pair(words: &[RankedWord], in_order: u32, near: u32, saturation: f32) -> f32 {
    let saturated = |count: u32| count as f32 * (K1 + 1.0) / (count as f32 + saturation);
    words[0].rarity.min(words[1].rarity) * (IN_ORDER * saturated(in_order) + NEAR * saturated(near))
}

/// How often `b` stands exactly `distance` behind `a`, and how many of `a` have a `b` near them. Both are in order.
fn count_pairs(a: &[u32], b: &[u32], distance: u32) -> (u32, u32) {
    let (mut in_order, mut near) = (0, 0);
    let mut from = 0;
    for &place in a {
        while from < b.len() && b[from] + NEAR_WORDS < place {
            from += 1;
        }
        let reach = place + NEAR_WORDS.max(distance);
        let mut is_near = false;
        for &other in b[from..].iter().take_while(|&&other| other <= reach) {
            is_near |= other != place && other.abs_diff(place) <= NEAR_WORDS;
            in_order += u32::from(other == place + distance);
        }
        near += u32::from(is_near);
    }
    (in_order, near)
}

/// What the passage is worth that holds most of a query of several words, by their rarity.
pub(super) struct Passage(Vec<Passed>);

/// The places of a word that were passed, and the one that is ahead.
struct Passed {
    rarity: f32,
    /// How many were passed.
    count: usize,
    /// The place ahead; [`END`] where there is none.
    ahead: u32,
    /// The end of the longest passage that begins with the last one.
    reach: u32,
}

/// No word stands there.
const END: u32 = u32::MAX;

impl Passage {
    pub(super) fn new(rarities: impl Iterator<Item = f32>) -> Self {
        Self(rarities.map(|rarity| Passed { rarity, count: 0, ahead: END, reach: 0 }).collect())
    }

    /// What the best passage is worth, where the words stand at these places, each in order.
    pub(super) fn worth(&mut self, places: &[Vec<u32>]) -> f32 {
        if self.0.len() < 2 { 0.0 } else { PASSAGE * self.most_held(places) }
    }

    /// The largest sum of rarities of different words that stand within one passage.
    fn most_held(&mut self, places: &[Vec<u32>]) -> f32 {
        let Self(words) = self;
        for (word, places) in words.iter_mut().zip(places) {
            (word.count, word.ahead, word.reach) = (0, places.first().copied().unwrap_or(END), 0);
        }
        // No passage holds more than all.
        let all = held_of(words, |word| word.ahead < END);
        let mut most = 0.0_f32;
        while most < all {
            let Some((word, places)) = words.iter_mut().zip(places).min_by_key(|(word, _)| word.ahead) else { break };
            let place = word.ahead;
            if place == END {
                break;
            }
            word.count += 1;
            word.ahead = places.get(word.count).copied().unwrap_or(END);
            word.reach = place + PASSAGE_WORDS;
            // Of each word the last place that was passed is the nearest.
            most = most.max(held_of(words, |word| word.reach > place));
        }
        most
    }
}

/// The rarities of those of the words that are held, taken together.
fn held_of(words: &[Passed], is_held: impl Fn(&Passed) -> bool) -> f32 {
    words.iter().map(|word| if is_held(word) { word.rarity } else { 0.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_in_order_and_near() {
        assert_eq!(count_pairs(&[0, 10, 30], &[1, 9, 50], 1), (1, 2));
        assert_eq!(count_pairs(&[5], &[8], 3), (1, 1), "words between them in the query are words between them");
        assert_eq!(count_pairs(&[5], &[25], 20), (1, 0));
        assert_eq!(count_pairs(&[], &[1], 1), (0, 0));
        assert_eq!(count_pairs(&[4], &[4], 1), (0, 0), "a word is no neighbour of itself");
    }

    #[test]
    fn the_best_passage_holds_most_of_the_query() {
        let most = |places: &[Vec<u32>]| Passage::new([1.0, 2.0, 4.0].into_iter()).most_held(places);
        let close = |a: f32, b: f32| (a - b).abs() < 1e-6;
        assert!(close(most(&[vec![0, 100], vec![5], vec![110]]), 5.0));
        assert!(close(most(&[vec![0], vec![10], vec![23]]), 7.0));
        assert!(close(most(&[vec![0], vec![10], vec![24]]), 6.0), "24 words, no more");
        assert!(close(most(&[vec![], vec![], vec![]]), 0.0));
    }
}
