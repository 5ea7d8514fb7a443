//! Sentences that follow each other, from the place of a window outwards: of a long text only those are looked for that may
//! be shown.

use crate::{
    language::{end_before, end_behind},
    text::{Span, char_count},
};

/// Some sentences of a text that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'t> {
    text: &'t str,
    /// Where the sentence before it ends, and where its own last one ends.
    start: usize,
    end: usize,
}

impl<'t> Run<'t> {
    /// The sentences that the ends of a window stand in, which begins and ends with a word or is empty; `None` where there is
    /// nothing but space.
    pub(super) fn around(text: &'t str, window: Span) -> Option<Self> {
        let start = end_before(text, window.start);
        let end = end_behind(text, window.end.saturating_sub(1).max(window.start));
        Self { text, start, end }.if_not_empty()
    }

    /// The last sentence of a text.
    pub(super) fn last(text: &'t str) -> Option<Self> {
        let last = text.trim_end().len().checked_sub(1)?;
        Self { text, start: end_before(text, last), end: text.len() }.if_not_empty()
    }

    /// Where they stand, without the space around them.
    pub(super) fn span(self) -> Span {
        let piece = &self.text[self.start..self.end];
        let from = self.start + piece.len() - piece.trim_start().len();
        Span::new(from, from + piece.trim().len())
    }

    /// The sentences with those behind and then those before them, as long as they fit.
    pub(super) fn with_neighbours(self, max_chars: usize) -> Self {
        let fits = |run: &Self| {
            let span = run.span();
            // As many bytes are as many characters or fewer.
            span.len() <= max_chars || char_count(span.of(run.text)) <= max_chars
        };
        let mut run = self;
        while let Some(more) = run.with_next().filter(fits) {
            run = more;
        }
        while let Some(more) = run.with_previous().filter(fits) {
            run = more;
        }
        run
    }

    fn with_next(self) -> Option<Self> {
        let mut end = self.end;
        while end < self.text.len() {
            end = end_behind(self.text, end);
            if !self.text[self.end..end].trim().is_empty() {
                return Some(Self { end, ..self });
            }
        }
        None
    }

    fn with_previous(self) -> Option<Self> {
        let mut start = self.start;
        while let Some(before) = start.checked_sub(1) {
            start = end_before(self.text, before);
            if !self.text[start..self.start].trim().is_empty() {
                return Some(Self { start, ..self });
            }
        }
        None
    }

    fn if_not_empty(self) -> Option<Self> {
        (!self.text[self.start..self.end].trim().is_empty()).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{language::sentences, text::words};

    /// The sentences around a window and their neighbours, out of all sentences of the text.
    fn of_all(text: &str, window: Span, max_chars: usize) -> Option<(Span, Span)> {
        let all: Vec<Span> = sentences(text).collect();
        let mut first = all.partition_point(|sentence| sentence.end <= window.start);
        let mut last = all.partition_point(|sentence| sentence.end < window.end);
        let whole = Span::new(all.get(first)?.start, all.get(last)?.end);
        let fits = |first: usize, last: usize| char_count(&text[all[first].start..all[last].end]) <= max_chars;
        while last + 1 < all.len() && fits(first, last + 1) {
            last += 1;
        }
        while first > 0 && fits(first - 1, last) {
            first -= 1;
        }
        Some((whole, Span::new(all[first].start, all[last].end)))
    }

    proptest! {
        #[test]
        fn sentences_from_within_are_those_from_the_beginning(
            text in "(визит|visit|Т|A|г|dr|1|[.!?…]|\\n|\r\\n| |«|»|\"|- |😀){0,60}",
            (a, b, max_chars) in (0..60_usize, 0..60_usize, 0..80_usize),
        ) {
            let words: Vec<Span> = words(&text).map(|word| word.span).collect();
            let word = |n: usize| words.get(n.checked_rem(words.len())?);
            let window = match (word(a.min(b)), word(a.max(b))) {
                (Some(a), Some(b)) => Span::new(a.start.min(b.start), a.end.max(b.end)),
                _ => Span::new(text.len() - text.trim_start().len(), text.len() - text.trim_start().len()),
            };
            let run = Run::around(&text, window);
            prop_assert_eq!(run.map(|run| (run.span(), run.with_neighbours(max_chars).span())), of_all(&text, window, max_chars));
            prop_assert_eq!(Run::last(&text).map(Run::span), sentences(&text).last());
        }
    }
}
