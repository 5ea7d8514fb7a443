//! One text and the places in it → its passages, chosen one after the other.

use std::ops::Range;

use super::{
    Fragment, Limits, Pattern, Place, Snippet, Source,
    marks::marks,
    passage::{Passage, Side, beginning, passage, rest},
    places::counted,
    windows::Windows,
};
use crate::{analysis::Analyzer, text::Span};

/// So many windows are looked at in vain, at most, for words that turn out not to be those that were asked for: another
/// form than `!визит`, or another word that begins as `виз*` does.
const MAX_MISSES: usize = 64;

/// The text between two passages is looked at to see whether it is empty only if it is shorter than this, in bytes.
const MAX_GAP_BYTES: usize = 256;

/// The passages of a text, as far as they are chosen.
pub(super) struct Selection<'s, S> {
    source: &'s mut S,
    windows: Windows<'s>,
    pattern: &'s Pattern,
    analyzer: &'s mut Analyzer,
    limits: Limits,
    fragments: Vec<Fragment>,
}

impl<'s, S: Source> Selection<'s, S> {
    pub(super) fn new(
        source: &'s mut S,
        places: &[Place],
        pattern: &'s Pattern,
        analyzer: &'s mut Analyzer,
        limits: Limits,
    ) -> Self {
        let mut places = places.to_vec();
        places.retain(|place| pattern.is_in_text(place.word));
        let windows = Windows::new(counted(places, pattern), pattern, limits);
        Self { source, windows, pattern, analyzer, limits, fragments: Vec::new() }
    }

    /// Chooses passages as long as there is a window and room for more.
    pub(super) fn snippet(mut self) -> Result<Snippet, S::Error> {
        let mut misses = 0;
        while !self.is_full() && misses < MAX_MISSES {
            let Some(window) = self.windows.best() else { break };
            if !self.show_window(window.clone())? {
                self.windows.take(window, &[]);
                misses += 1;
            }
        }
        if self.fragments.is_empty() && self.limits.fragments > 0 {
            let beginning = beginning(self.source, self.limits.fragment_chars)?;
            self.fragments.push(Fragment::of(&beginning, &[]));
        }
        self.fragments.sort_unstable_by_key(|fragment| fragment.span);
        self.say_what_is_left_out()?;
        Ok(Snippet { fragments: self.fragments })
    }

    fn is_full(&self) -> bool {
        self.fragments.len() >= self.limits.fragments
    }

    /// Shows the passage around a window; false where it holds nothing to mark.
    fn show_window(&mut self, window: Range<usize>) -> Result<bool, S::Error> {
        let places = &self.windows.places()[window.clone()];
        let shown = self.source.shown();
        let Some(start) = self.source.start_within(places[0].position, shown)? else { return Ok(false) };
        let room = self.room_at(start);
        let Some(passage) = passage(self.source, places, room, self.limits.fragment_chars)? else { return Ok(false) };
        let (marks, inside) = marks(self.source, &passage, self.windows.places(), window, self.pattern, self.analyzer)?;
        if marks.is_empty() {
            return Ok(false);
        }
        self.windows.take(inside.clone(), &marks);
        self.fragments.push(Fragment::of(&passage, &marks));
        self.show_rest(&passage, Side::Behind, inside.end)?;
        self.show_rest(&passage, Side::Before, inside.start)?;
        Ok(true)
    }

    /// Shows the rest of the sentence that a passage was cut out of, while there is room: what answers a question more
    /// often stands in the sentence with its words than where some of them stand again. `next` is the first place on
    /// that side.
    fn show_rest(&mut self, cut: &Passage, side: Side, next: usize) -> Result<(), S::Error> {
        if self.is_full() {
            return Ok(());
        }
        let room = self.room_at(if side == Side::Behind { cut.span.end } else { cut.span.start });
        let Some(passage) = rest(self.source, cut, side, room, self.limits.fragment_chars)? else { return Ok(()) };
        let places = self.windows.places();
        let (marks, inside) = marks(self.source, &passage, places, next..next, self.pattern, self.analyzer)?;
        self.windows.take(inside, &marks);
        self.fragments.push(Fragment::of(&passage, &marks));
        Ok(())
    }

    /// Where a passage at a place may reach: from the end of what is shown before it to the beginning of what is shown
    /// behind it.
    fn room_at(&self, place: usize) -> Span {
        let all = self.source.shown();
        let before = self.fragments.iter().map(|fragment| fragment.span.end).filter(|&end| end <= place).max();
        let behind = self.fragments.iter().map(|fragment| fragment.span.start).filter(|&start| start >= place).min();
        let from = before.unwrap_or(all.start);
        Span::new(from, behind.unwrap_or(all.end).max(from))
    }

    /// Notes where text was left out: before the first passage, between two, and behind the last.
    fn say_what_is_left_out(&mut self) -> Result<(), S::Error> {
        let shown = self.source.shown();
        let mut end = shown.start;
        for fragment in &mut self.fragments {
            fragment.cut_before = holds_text(self.source, end, fragment.span.start)?;
            end = fragment.span.end;
        }
        if let Some(last) = self.fragments.last_mut() {
            last.cut_after = holds_text(self.source, end, shown.end)?;
        }
        Ok(())
    }
}

/// Whether there is more than space between two places of a text.
fn holds_text<S: Source>(source: &mut S, from: usize, to: usize) -> Result<bool, S::Error> {
    let is_far = to > from + MAX_GAP_BYTES;
    Ok(is_far || (to > from && !source.read(from, to)?.1.trim().is_empty()))
}
