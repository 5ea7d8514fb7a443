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
// Frequencies are far below 2^24.
#[allow(clippy::cast_precision_loss)]
pub(super) fn pairs(words: &[RankedWord], places: &[Vec<u32>], saturation: f32) -> f32 {
    let saturated = |count: u32| count as f32 * (K1 + 1.0) / (count as f32 + saturation);
    let neighbours = words.windows(2).zip(places.windows(2));
    neighbours
        .map(|(words, places)| {
            let (in_order, near) = count_pairs(&places[0], &places[1], words[0].distance_to(&words[1]));
            words[0].rarity.min(words[1].rarity) * (IN_ORDER * saturated(in_order) + NEAR * saturated(near))
        })
        .sum()
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
pub(super) fn passage(words: &[RankedWord], places: &[Vec<u32>]) -> f32 {
    if words.len() < 2 {
        return 0.0;
    }
    let rarities: Vec<f32> = words.iter().map(|word| word.rarity).collect();
    PASSAGE * best_passage(&rarities, places)
}

/// The largest sum of rarities of different words that stand within one passage.
fn best_passage(rarities: &[f32], places: &[Vec<u32>]) -> f32 {
    let mut found: Vec<(u32, usize)> = Vec::new();
    for (word, places) in places.iter().enumerate() {
        found.extend(places.iter().map(|&place| (place, word)));
    }
    found.sort_unstable();
    let mut counts = vec![0_u32; places.len()];
    let (mut held, mut best, mut first) = (0.0_f32, 0.0_f32, 0);
    for &(place, word) in &found {
        counts[word] += 1;
        if counts[word] == 1 {
            held += rarities[word];
        }
        while found[first].0 + PASSAGE_WORDS <= place {
            let left = found[first].1;
            counts[left] -= 1;
            if counts[left] == 0 {
                held -= rarities[left];
            }
            first += 1;
        }
        best = best.max(held);
    }
    best
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
        let rarities = [1.0, 2.0, 4.0];
        let close = |a: f32, b: f32| (a - b).abs() < 1e-6;
        assert!(close(best_passage(&rarities, &[vec![0, 100], vec![5], vec![110]]), 5.0));
        assert!(close(best_passage(&rarities, &[vec![0], vec![10], vec![23]]), 7.0));
        assert!(close(best_passage(&rarities, &[vec![0], vec![10], vec![24]]), 6.0), "24 words, no more");
        assert!(close(best_passage(&rarities, &[vec![], vec![], vec![]]), 0.0));
    }
}
