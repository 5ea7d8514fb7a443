//! Places → the windows around which passages are shown.
//!
//! Greedy cover: the window with the most weight of query words that were not shown yet, then the next, as long as there is
//! anything to show. Only the numbers of words are looked at, so that the length of the text does not matter.

use std::ops::Range;

use super::{Limits, Pattern, Place, marks::Mark};

/// A window spans one word for so many characters of a fragment, 16 where that has 200. That is about half of what fits:
/// the rest is left for the sentence around it. Of 598 questions in each language the sentence that answers was shown for
/// .858 and .806 with 12 (English, Russian), for .846 and .796 with 6, for .848 and .806 with 20.
const CHARS_PER_WORD: usize = 12;

/// What a word that another passage shows already is worth, against a new one.
const SEEN_AGAIN: f32 = 0.1;

/// What the second and each further occurrence of a word in one window is worth.
const REPEATED: f32 = 0.02;

/// What a window loses at most by its words standing far from each other, as a share of its worth.
const SCATTERED: f32 = 0.3;

/// The windows of a text that are still to be shown.
pub(super) struct Windows<'p> {
    places: Vec<Place>,
    pattern: &'p Pattern,
    /// Ranges of places between what is shown already: no window reaches across that.
    ranges: Vec<Range<usize>>,
    /// What each word is worth now in a window: the first time that it stands there, and again.
    worths: Vec<[f32; 2]>,
    max_words: usize,
}

impl<'p> Windows<'p> {
    pub(super) fn new(places: Vec<Place>, pattern: &'p Pattern, limits: Limits) -> Self {
        let all = 0..places.len();
        let max_words = (limits.fragment_chars / CHARS_PER_WORD).max(1);
        let weights = (0..pattern.len()).map(|word| pattern.weight(word));
        let worths = weights.map(|weight| [weight, REPEATED * weight]).collect();
        Self { places, pattern, ranges: vec![all], worths, max_words }
    }

    /// All places, in order.
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The window that is worth most now, as a range of places; never empty.
    pub(super) fn best(&self) -> Option<Range<usize>> {
        let mut best: Option<(f32, Range<usize>)> = None;
        for range in self.ranges.iter().filter(|range| !range.is_empty()) {
            let (worth, window) = self.best_in(range.clone());
            // Of windows of equal worth the first: a text says its most important things at its beginning.
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, window));
            }
        }
        best.map(|(_, window)| window)
    }

    /// Takes the places of a passage that is shown, or has nothing to show, out of what follows; the words that it marks
    /// are worth less from now on.
    pub(super) fn take(&mut self, taken: Range<usize>, marks: &[Mark]) {
        let parts = self.ranges.iter().flat_map(|range| {
            let before = range.start..range.end.min(taken.start);
            let after = range.start.max(taken.end)..range.end;
            [before, after]
        });
        self.ranges = parts.filter(|part| part.start < part.end).collect();
        for mark in marks {
            self.worths[mark.word][0] = SEEN_AGAIN * self.pattern.weight(mark.word);
        }
    }

    /// Slides a window over a range of places. At each right end the left one follows as far as it must, and then as far
    /// as nothing is lost by it but a repetition.
    fn best_in(&self, range: Range<usize>) -> (f32, Range<usize>) {
        let mut window = Sliding { worths: &self.worths, counts: vec![0; self.worths.len()], worth: 0.0 };
        let (mut best, mut from) = ((f32::NEG_INFINITY, range.start..range.start + 1), range.start);
        for to in range {
            window.add(self.places[to].word);
            let last = self.places[to].position;
            while last - self.places[from].position >= self.max_words
                || (from < to && window.counts[self.places[from].word] > 1)
            {
                window.remove(self.places[from].word);
                from += 1;
            }
            let length = last - self.places[from].position;
            let worth = window.worth * (1.0 - SCATTERED * share(length, self.max_words));
            if worth > best.0 {
                best = (worth, from..to + 1);
            }
        }
        best
    }
}

/// The share that `part` is of `whole`.
// Both are at most a few thousand words.
#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

/// The words of the window at hand.
struct Sliding<'w> {
    worths: &'w [[f32; 2]],
    counts: Vec<u32>,
    worth: f32,
}

impl Sliding<'_> {
    fn add(&mut self, word: usize) {
        self.counts[word] += 1;
        self.worth += self.gain(word);
    }

    fn remove(&mut self, word: usize) {
        self.worth -= self.gain(word);
        self.counts[word] -= 1;
    }

    /// What the last occurrence of a word in the window adds.
    fn gain(&self, word: usize) -> f32 {
        self.worths[word][usize::from(self.counts[word] > 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::{Analyzer, Route},
        query::parse,
        text::Span,
    };

    fn windows(words: &str, places: &[(usize, usize)], run: impl FnOnce(Windows<'_>)) {
        let mut analyzer = Analyzer::default();
        let query = parse(words, &mut analyzer).query;
        // The first word is the rarest.
        let mut weight = 10.0;
        let pattern = Pattern::new(&query, |_| {
            weight /= 2.0;
            weight
        });
        let places = places.iter().map(|&(position, word)| Place { position, word }).collect();
        run(Windows::new(places, &pattern, Limits { fragments: 3, fragment_chars: 120 }));
    }

    #[test]
    fn different_words_near_each_other_come_first() {
        windows("cotton wool", &[(0, 0), (1, 0), (50, 0), (52, 1), (90, 1)], |windows| {
            assert_eq!(windows.best(), Some(2..4));
        });
        windows("хлопок шерсть", &[(0, 0), (8, 1), (50, 0), (51, 1)], |windows| {
            assert_eq!(windows.best(), Some(2..4));
        });
    }

    #[test]
    fn rare_words_come_before_frequent_ones() {
        windows("хлопок визит", &[(0, 1), (90, 0)], |windows| assert_eq!(windows.best(), Some(1..2)));
    }

    #[test]
    fn words_that_were_shown_give_way_to_new_ones() {
        windows("cotton visit", &[(0, 0), (50, 0), (90, 1)], |mut windows| {
            let mark = |word| Mark { span: Span::new(0, 1), route: Route::Exact, word };
            assert_eq!(windows.best(), Some(0..1));
            windows.take(0..1, &[mark(0)]);
            assert_eq!(windows.best(), Some(2..3));
            windows.take(2..3, &[mark(1)]);
            assert_eq!(windows.best(), Some(1..2));
            windows.take(1..2, &[]);
            assert_eq!(windows.best(), None);
        });
    }

    #[test]
    fn no_window_reaches_across_what_is_shown() {
        windows("cotton visit", &[(0, 0), (2, 1), (4, 0)], |mut windows| {
            windows.take(1..2, &[]);
            assert_eq!(windows.best().map(|window| window.len()), Some(1));
        });
    }
}
