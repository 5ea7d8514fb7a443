//! Where the words of a query stand in the headings of a document → what the best heading is worth.

use super::{RankedWord, nearness::held};

/// What the words of the query that the heading holds are worth, in rarities.
const HELD: f32 = 0.2;

/// What they are worth times the share of the heading that they are: a heading of just these words is about them.
const SHARE: f32 = 1.0;

/// What two neighbours of the query are worth that stand in the heading as they were typed.
const IN_ORDER: f32 = 1.0;

/// The first heading, which is the title where there is one, is worth this much more.
const FIRST: f32 = 1.5;

/// The words of a query, as headings are judged by them.
pub(super) struct Headings<'w> {
    words: &'w [RankedWord],
    /// What all of them are worth, in rarities.
    asked: f32,
    /// The places of the document at hand, each with the number of its word.
    found: Vec<(u32, usize)>,
}

impl<'w> Headings<'w> {
    pub(super) fn new(words: &'w [RankedWord]) -> Self {
        Self { words, asked: words.iter().map(|word| word.rarity).sum(), found: Vec::new() }
    }

    /// No more than this is the best heading worth where all of them together hold each word so often.
    // Frequencies are far below 2^24.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn most(&self, counts: &[u32]) -> f32 {
        let neighbours = self.words.windows(2).zip(counts.windows(2));
        let in_order: f32 = neighbours
            .map(|(words, counts)| words[0].rarity.min(words[1].rarity) * counts[0].min(counts[1]) as f32)
            .sum();
        FIRST * sum(held(self.words, counts), self.asked, 1.0, in_order)
    }

    /// What the best heading is worth. `places` are those of each word in the headings, `starts` the places where a heading
    /// starts, in order, of which no more are looked at than are needed; between two headings the engine leaves one place free.
    pub(super) fn best(&mut self, places: &[Vec<u32>], mut starts: impl Iterator<Item = u32>) -> f32 {
        self.found.clear();
        for (word, places) in places.iter().enumerate() {
            self.found.extend(places.iter().map(|&place| (place, word)));
        }
        // Those of one word are in order.
        if places.len() > 1 {
            self.found.sort_unstable();
        }
        let mut best = 0.0_f32;
        let mut rest = self.found.as_slice();
        let (mut weight, mut start, mut end) = (FIRST, starts.next(), starts.next());
        while let Some(&(place, _)) = rest.first() {
            while let Some(next) = end.filter(|&next| next <= place) {
                (weight, start, end) = (1.0, Some(next), starts.next());
            }
            let Some(start) = start.filter(|&start| start <= place) else { break };
            let inside = rest.iter().take_while(|(place, _)| end.is_none_or(|end| *place < end)).count();
            let (inside, after) = rest.split_at(inside);
            // The last heading ends where nobody knows; its last word that was asked for is near enough.
            let last = inside.last().map_or(place, |(place, _)| *place);
            let length = end.map_or(last - start, |end| end.saturating_sub(start + 2)).max(1);
            best = best.max(weight * worth(self.words, inside, length, self.asked));
            rest = after;
        }
        best
    }
}

/// What one heading of `length` words is worth, in which the words stand at the places `inside`. Of a long question that
/// it holds little of, it says little: what it is worth falls with the square of the share that it holds.
// Lengths are far below 2^24.
#[allow(clippy::cast_precision_loss)]
fn worth(words: &[RankedWord], inside: &[(u32, usize)], length: u32, asked: f32) -> f32 {
    let (mut held, mut in_order) = (0.0, 0.0);
    for (n, &(place, word)) in inside.iter().enumerate() {
        if !inside[..n].iter().any(|&(_, earlier)| earlier == word) {
            held += words[word].rarity;
        }
        if let Some(next) = words.get(word + 1) {
            let expected = (place + words[word].distance_to(next), word + 1);
            if inside[n..].contains(&expected) {
                in_order += words[word].rarity.min(next.rarity);
            }
        }
    }
    let share = (inside.len() as f32 / length as f32).min(1.0);
    sum(held, asked, share, in_order)
}

/// What a heading is worth that holds so much of what was asked, is that to this share, and has so much of it in order.
fn sum(held: f32, asked: f32, share: f32, in_order: f32) -> f32 {
    let covered = if asked > 0.0 { (held / asked).min(1.0) } else { 0.0 };
    covered * covered * (held * (HELD + SHARE * share) + IN_ORDER * in_order)
}

#[cfg(test)]
mod tests {
    use super::{super::tests, *};

    fn best(count: usize, places: &[Vec<u32>], starts: &[u32]) -> f32 {
        Headings::new(&tests::words(&vec![1.0; count])).best(places, starts.iter().copied())
    }

    #[test]
    fn a_heading_of_just_the_query_is_worth_most() {
        // Headings: ¶ x x (0..3), ¶ x x x x (4..9), ¶ x x (10..).
        let starts = [0, 4, 10];
        let whole = best(2, &[vec![11], vec![12]], &starts);
        let partly = best(2, &[vec![5], vec![6]], &starts);
        let one_word = best(2, &[vec![11], vec![]], &starts);
        let title = best(2, &[vec![1], vec![2]], &starts);
        assert!(title > whole && whole > partly && partly > one_word && one_word > 0.0);
        assert!((title - FIRST * whole).abs() < 1e-6);
    }

    #[test]
    fn order_counts_within_one_heading_only() {
        let starts = [0, 4, 10];
        let in_order = best(2, &[vec![5], vec![6]], &starts);
        let reversed = best(2, &[vec![6], vec![5]], &starts);
        let apart = best(2, &[vec![2], vec![5]], &starts);
        assert!(in_order > reversed && reversed > apart);
    }

    #[test]
    fn without_places_there_is_nothing() {
        assert!(best(2, &[vec![], vec![]], &[0]).abs() < 1e-6);
        assert!(best(1, &[vec![3]], &[]).abs() < 1e-6);
    }
}
