//! A window → the passage around it that a reader can read: from a sentence's beginning to a sentence's end where it can,
//! from word to word otherwise.

use unicode_normalization::char::is_combining_mark;

use super::{Excerpt, Place, Source, run::Run};
use crate::{
    language::sentences,
    text::{Span, char_count, is_invisible, words},
};

/// A character has at most this many bytes.
const MAX_CHAR_BYTES: usize = 4;

/// This much more than a passage is read on either side, in characters, to see whether a sentence ends at its edge.
const MARGIN: usize = 32;

/// A passage of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    /// Where it stands in the text.
    pub span: Span,
    /// The sentences that its window stands in, as far as they were read; they may be longer than the passage.
    pub sentences: Span,
    /// The text around it that was read, and where that begins.
    pub around: Excerpt,
    pub at: usize,
}

impl Passage {
    fn at(at: usize, around: Excerpt, Grown { span, sentences }: Grown) -> Self {
        let moved = |span: Span| Span::new(at + span.start, at + span.end);
        Self { span: moved(span), sentences: moved(sentences), around, at }
    }

    /// The text of the passage and what was read behind it.
    pub(super) fn text_from(&self, start: usize) -> &str {
        self.around.get(start.saturating_sub(self.at)..).unwrap_or_default()
    }

    /// The text of the passage.
    pub(super) fn text(&self) -> &str {
        Span::new(self.span.start - self.at, self.span.end - self.at).of(&self.around)
    }
}

/// The passage of at most `max_chars` characters around the words at some places, of which as many are kept as fit, or one
/// word; within `room`. `None` where the text has no such words.
pub(super) fn passage<S: Source>(
    source: &mut S,
    window: &[Place],
    room: Span,
    max_chars: usize,
) -> Result<Option<Passage>, S::Error> {
    let Some(first) = window.first() else { return Ok(None) };
    let Some(start) = source.start_within(first.position, room)? else { return Ok(None) };
    let reach = MAX_CHAR_BYTES * (max_chars + MARGIN);
    let near = Span::new(start, (start + reach).min(room.end));
    let mut starts = Vec::with_capacity(window.len());
    starts.push(start);
    for place in &window[1..] {
        let Some(next) = source.start_within(place.position, near)? else { break };
        starts.push(next);
    }
    let last = starts[starts.len() - 1];
    let (at, around) = source.read(start.saturating_sub(reach).max(room.start), (last + reach).min(room.end))?;
    for start in &mut starts {
        *start -= at;
    }
    let window = fitting(&around, &starts, max_chars);
    let grown = grow(&around, window, max_chars);
    Ok(Some(Passage::at(at, around, grown)))
}

/// The rest of the sentence that a passage was cut out of, behind it or before it, as much as fits; within `room`.
pub(super) fn rest<S: Source>(
    source: &mut S,
    cut: &Passage,
    side: Side,
    room: Span,
    max_chars: usize,
) -> Result<Option<Passage>, S::Error> {
    let reach = MAX_CHAR_BYTES * (max_chars + MARGIN);
    let (at, around, span) = match side {
        Side::Behind if cut.sentences.end > cut.span.end => {
            let (at, around) = source.read(cut.span.end, (cut.span.end + reach).min(room.end))?;
            let Some(sentence) = sentences(&around).next() else { return Ok(None) };
            let fits = word_end(&around, sentence.start, max_chars).min(sentence.end);
            (at, around, Span::new(sentence.start, fits))
        }
        Side::Before if cut.sentences.start < cut.span.start => {
            let (at, around) = source.read(cut.span.start.saturating_sub(reach).max(room.start), cut.span.start)?;
            let Some(sentence) = Run::last(&around).map(Run::span) else { return Ok(None) };
            let fits = word_start(&around, sentence.end, max_chars).max(sentence.start);
            (at, around, Span::new(fits, sentence.end))
        }
        _ => return Ok(None),
    };
    let is_apart = span.is_empty() || at + span.start < room.start || at + span.end > room.end;
    Ok((!is_apart).then(|| Passage::at(at, around, Grown { span, sentences: span })))
}

/// A side of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Behind,
    Before,
}

/// A window that has grown, in a piece of the text.
struct Grown {
    span: Span,
    sentences: Span,
}

/// The passage at the beginning of the text.
pub(super) fn beginning<S: Source>(source: &mut S, max_chars: usize) -> Result<Passage, S::Error> {
    let room = source.shown();
    let (at, around) = source.read(room.start, (room.start + MAX_CHAR_BYTES * (max_chars + MARGIN)).min(room.end))?;
    let start = around.len() - around.trim_start().len();
    let grown = grow(&around, Span::new(start, start), max_chars);
    Ok(Passage::at(at, around, grown))
}

/// The words that begin at `starts`, as many as fit into `max_chars` characters; the first in any case.
fn fitting(text: &str, starts: &[usize], max_chars: usize) -> Span {
    let start = starts.first().copied().unwrap_or_default();
    let mut fitting = Span::new(start, start);
    for &word in starts {
        let end = words(&text[word..]).next().map_or(word, |found| word + found.span.end);
        if end > start + MAX_CHAR_BYTES * max_chars || char_count(&text[start..end]) > max_chars {
            break;
        }
        fitting = Span::new(start, end);
    }
    if fitting.is_empty() { Span::new(start, on(text, start, max_chars)) } else { fitting }
}

/// Grows a window to at most `max_chars` characters.
fn grow(text: &str, window: Span, max_chars: usize) -> Grown {
    let room = max_chars.saturating_sub(char_count(window.of(text)));
    let near = Span::new(back(text, window.start, room + MARGIN), on(text, window.end, room + MARGIN));
    let inside = Span::new(window.start - near.start, window.end - near.start);
    let Some(run) = Run::around(near.of(text), inside) else { return Grown { span: window, sentences: window } };
    let moved = |span: Span| Span::new(near.start + span.start, near.start + span.end);
    let whole = moved(run.span());
    let whole = Span::new(whole.start.min(window.start), whole.end.max(window.end));
    let span = if char_count(whole.of(text)) <= max_chars {
        moved(run.with_neighbours(max_chars).span())
    } else {
        part(text, window, whole, max_chars)
    };
    Grown { span, sentences: whole }
}

/// As much of `whole` as fits around the window: from its beginning where that is near, else to its end, else on both sides.
fn part(text: &str, window: Span, whole: Span, max_chars: usize) -> Span {
    let room = |from: usize, to: usize| max_chars.checked_sub(char_count(&text[from..to]));
    if let Some(room) = room(whole.start, window.end) {
        return Span::new(whole.start, word_end(text, window.end, room).min(whole.end));
    }
    if let Some(room) = room(window.start, whole.end) {
        return Span::new(word_start(text, window.start, room).max(whole.start), whole.end);
    }
    let half = room(window.start, window.end).unwrap_or_default() / 2;
    let start = word_start(text, window.start, half).max(whole.start);
    let room = room(start, window.end).unwrap_or_default();
    Span::new(start, word_end(text, window.end, room).min(whole.end))
}

/// The place `chars` characters before `from`, or the beginning.
fn back(text: &str, from: usize, chars: usize) -> usize {
    // Many at a time: as many bytes hold as many characters or fewer.
    let (mut at, mut left) = (from, chars);
    while left > 0 && at > 0 {
        let mut next = at.saturating_sub(left);
        while !text.is_char_boundary(next) {
            next -= 1;
        }
        left -= char_count(&text[next..at]);
        at = next;
    }
    at
}

/// The place `chars` characters after `from`, or the end.
fn on(text: &str, from: usize, chars: usize) -> usize {
    let mut rest = text[from..].chars();
    // Skips many characters at a time.
    match chars.checked_sub(1) {
        Some(last) => rest.nth(last),
        None => None,
    };
    text.len() - rest.as_str().len()
}

/// The beginning of the first word that begins at most `chars` characters before `from`.
fn word_start(text: &str, from: usize, chars: usize) -> usize {
    let reach = back(text, from, chars);
    let rest = &text[reach..from];
    let before = text[..reach].char_indices().next_back();
    if before.is_none_or(|(at, character)| parts_words(text, at, character)) {
        return from - rest.trim_start().len();
    }
    let mut spaces = rest.char_indices().filter(|&(at, character)| parts_words(text, reach + at, character));
    match spaces.next().map(|(at, _)| at).or_else(|| rest.find(is_between_words)) {
        Some(end) => from - rest[end..].trim_start_matches(is_between_words).len(),
        None => from,
    }
}

/// The end of the last word that ends at most `chars` characters after `from`. A word that begins there and is longer is
/// cut.
fn word_end(text: &str, from: usize, chars: usize) -> usize {
    let reach = on(text, from, chars);
    let rest = &text[from..reach];
    if text[reach..].chars().next().is_none_or(|character| parts_words(text, reach, character)) {
        return from + rest.trim_end().len();
    }
    let mut spaces = rest.char_indices().rev().filter(|&(at, character)| parts_words(text, from + at, character));
    match spaces.next().map(|(at, _)| at).or_else(|| rest.rfind(is_between_words)) {
        Some(end) => from + rest[..end].trim_end().len(),
        None if text[..from].ends_with(is_between_words) || from == 0 => reach,
        None => from,
    }
}

/// Whether a character of a text, at `at`, is white space between words, and not between the groups of a number («1 000 000» with
/// spaces that do not break), which is found and marked as one word.
fn parts_words(text: &str, at: usize, character: char) -> bool {
    let is_digit = |character: char| character.is_ascii_digit();
    let is_in_number = matches!(character, '\u{A0}' | '\u{202F}' | '\u{2009}')
        && text[..at].ends_with(is_digit)
        && text[at + character.len_utf8()..].starts_with(is_digit);
    character.is_whitespace() && !is_in_number
}

fn is_between_words(character: char) -> bool {
    !character.is_alphanumeric() && !is_combining_mark(character) && !is_invisible(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn so_many_characters_are_passed_over(text in "[a-zа-я😀\u{301}]{0,90}", (from, chars) in (0..90_usize, 0..90_usize)) {
            let at = on(&text, 0, from);
            prop_assert_eq!(char_count(&text[..at]), from.min(char_count(&text)));
            let before = back(&text, at, chars);
            prop_assert_eq!(char_count(&text[before..at]), chars.min(char_count(&text[..at])));
            let behind = on(&text, at, chars);
            prop_assert_eq!(char_count(&text[at..behind]), chars.min(char_count(&text[at..])));
        }
    }
}
