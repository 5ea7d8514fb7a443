//! A passage and the places in it → the words to mark: each one that the query matched, the whole word and nothing but it.

use std::ops::Range;

use super::{Pattern, Place, Source, passage::Passage};
use crate::{
    analysis::{Analyzer, Route},
    text::{Span, words},
};

/// As much of a text is looked at for one word or compound, in bytes.
const MAX_COMPOUND_BYTES: usize = 1_024;

/// A word to mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where it stands in the text.
    pub span: Span,
    /// By what it was matched.
    pub route: Route,
    /// The number of its word in the pattern.
    pub word: usize,
}

/// The words of a passage to mark, in order, none inside another; and the range of `places` that stand in the passage,
/// which those of its window do.
pub(super) fn marks<S: Source>(
    source: &mut S,
    passage: &Passage,
    places: &[Place],
    window: Range<usize>,
    pattern: &Pattern,
    analyzer: &mut Analyzer,
) -> Result<(Vec<Mark>, Range<usize>), S::Error> {
    let mut starts = Vec::new();
    let mut inside = window.start..window.start;
    let until_its_end = Span::new(0, passage.span.end);
    for n in (0..window.start).rev() {
        let Some(start) = source.start_within(places[n].position, passage.span)? else { break };
        starts.push((n, start));
        inside.start = n;
    }
    starts.reverse();
    for (n, place) in places.iter().enumerate().skip(window.start) {
        let Some(start) = source.start_within(place.position, until_its_end)? else { break };
        starts.push((n, start));
        inside.end = n + 1;
    }
    let mut marker = Marker { marks: Vec::new(), pattern, analyzer };
    for same in starts.chunk_by(|a, b| a.1 == b.1) {
        let start = same[0].1;
        let is_asked = |word: usize| same.iter().any(|&(n, _)| places[n].word == word);
        marker.mark(start, passage.text_from(start), passage.span.end, is_asked);
    }
    Ok((marker.marks, inside))
}

/// The words of a short text to mark, all of whose places are given.
pub(super) fn marks_of(text: &str, places: &[Place], pattern: &Pattern, analyzer: &mut Analyzer) -> Vec<Mark> {
    let mut marker = Marker { marks: Vec::new(), pattern, analyzer };
    let mut words = words(text).enumerate();
    for same in places.chunk_by(|a, b| a.position == b.position) {
        let Some((_, word)) = words.find(|(position, _)| *position == same[0].position) else { break };
        let is_asked = |word: usize| same.iter().any(|place| place.word == word);
        marker.mark(word.span.start, &text[word.span.start..], text.len(), is_asked);
    }
    marker.marks
}

/// Marks words, each behind the one before.
struct Marker<'m> {
    marks: Vec<Mark>,
    pattern: &'m Pattern,
    analyzer: &'m mut Analyzer,
}

impl Marker<'_> {
    /// Marks the word that begins at `start` if it answers a word that was asked for there, or may stand alone; of a
    /// compound and its first part the longer one that ends at `limit` or before.
    fn mark(&mut self, start: usize, text: &str, limit: usize, is_asked: impl Fn(usize) -> bool) {
        if self.marks.last().is_some_and(|last| last.span.end > start) {
            return;
        }
        let mut end = text.len().min(MAX_COMPOUND_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut longest: Option<Mark> = None;
        for token in self.analyzer.tokens(&text[..end]) {
            let span = Span::new(start, start + token.word.span.end);
            let found = self.pattern.find(&token.reading, &is_asked);
            let found = found.filter(|_| token.word.span.start == 0 && span.end <= limit);
            if let Some((word, route)) = found.filter(|_| longest.is_none_or(|longest| longest.span.end < span.end)) {
                longest = Some(Mark { span, route, word });
            }
            // Compounds come before their first part, and that before what stands elsewhere.
            if !token.is_compound {
                break;
            }
        }
        self.marks.extend(longest);
    }
}
