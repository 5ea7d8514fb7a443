//! A window of a text → the passage around it that a reader can read: from a sentence's beginning to a sentence's end
//! where they are near, from word to word otherwise.

use crate::{
    language::profiles,
    text::{Span, is_invisible, normalize_word},
};

/// Grows a window to at most `max_chars` characters, without running into what is `shown` already.
pub(super) fn grow(text: &str, window: Span, shown: &[Span], max_chars: usize) -> Span {
    let floor = shown.iter().filter(|span| span.end <= window.start).map(|span| span.end).max().unwrap_or(0);
    let ceiling =
        shown.iter().filter(|span| span.start >= window.end).map(|span| span.start).min().unwrap_or(text.len());
    let room = max_chars.saturating_sub(window.of(text).chars().count());
    let start = grow_back(text, floor, window.start, room);
    let room = room - text[start..window.start].chars().count();
    let end = grow_on(text, window.end, ceiling, room);
    // What the end left unused goes to whole sentences before.
    let room = room - text[window.end..end].chars().count();
    let start = first_sentence_start(text, back(text, floor, start, room), start).unwrap_or(start);
    let start = start + leading_space(&text[start..window.start.max(start)]);
    Span::new(start, (start + text[start..end].trim_end().len()).max(window.end))
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Where the passage begins: at its sentence's beginning if at most `room` characters away, else at a word, with half of
/// the room left for what follows.
fn grow_back(text: &str, floor: usize, from: usize, room: usize) -> usize {
    let reach = back(text, floor, from, room);
    if let Some(start) = last_sentence_start(text, reach, from) {
        return start;
    }
    if reach == floor && floor == 0 {
        return floor;
    }
    word_start(text, back(text, floor, from, room / 2), from)
}

/// Where the passage ends: at the last sentence end that fits, else at the last word that does.
fn grow_on(text: &str, from: usize, ceiling: usize, room: usize) -> usize {
    let reach = on(text, from, ceiling, room);
    if reach == text.len() {
        return reach;
    }
    let mut end = None;
    let mut at = from;
    while let Some(next) = next_sentence_end(text, at, reach) {
        end = Some(next);
        at = next;
    }
    end.unwrap_or_else(|| word_end(text, from, reach))
}

/// The place at most `room` characters before `from`.
fn back(text: &str, floor: usize, from: usize, room: usize) -> usize {
    text[floor..from].char_indices().rev().take(room).last().map_or(from, |(at, _)| floor + at)
}

/// The place at most `room` characters after `from`.
fn on(text: &str, from: usize, ceiling: usize, room: usize) -> usize {
    text[from..ceiling].char_indices().nth(room).map_or(ceiling, |(at, _)| from + at)
}

/// The beginning of the first word at or after `reach`; `from` where a word reaches from there to here.
fn word_start(text: &str, reach: usize, from: usize) -> usize {
    if reach == 0 || text[..reach].ends_with(char::is_whitespace) {
        return reach;
    }
    match text[reach..from].char_indices().find(|(_, c)| c.is_whitespace()) {
        Some((at, space)) => reach + at + space.len_utf8(),
        None => from,
    }
}

/// The end of the last word at or before `reach`; where one word runs from `from` past it, `reach` cuts it, unless the
/// window itself ends inside that word.
fn word_end(text: &str, from: usize, reach: usize) -> usize {
    if text[reach..].starts_with(char::is_whitespace) {
        return reach;
    }
    match text[from..reach].char_indices().rev().find(|(_, c)| c.is_whitespace()) {
        Some((at, _)) => from + at,
        None if from == 0 => reach,
        None => from,
    }
}

/// The last place in `reach..=from` where a sentence begins.
fn last_sentence_start(text: &str, reach: usize, from: usize) -> Option<usize> {
    let starts = text[reach..from].char_indices().map(|(at, _)| reach + at).chain([from]);
    starts.rev().find(|&at| begins_sentence(text, at))
}

/// The first place in `reach..=from` where a sentence begins.
fn first_sentence_start(text: &str, reach: usize, from: usize) -> Option<usize> {
    let mut starts = text[reach..from].char_indices().map(|(at, _)| reach + at);
    starts.find(|&at| begins_sentence(text, at))
}

/// The first place in `from+1..=reach` where a sentence has ended.
fn next_sentence_end(text: &str, from: usize, reach: usize) -> Option<usize> {
    let ends = text[from..reach].char_indices().skip(1).map(|(at, _)| from + at).chain([reach]);
    ends.into_iter().find(|&at| at > from && ends_sentence(text, at))
}

/// Whether a sentence begins at a place: something is written there and what stands before it ended.
fn begins_sentence(text: &str, at: usize) -> bool {
    if text[at..].starts_with(char::is_whitespace) || at == text.len() {
        return false;
    }
    let before = text[..at].trim_end();
    let gap = &text[before.len()..at];
    before.is_empty() || (!gap.is_empty() && (is_paragraph_break(gap) || ends_sentence(text, before.len())))
}

/// Whether a sentence has ended just before a place: by its mark, or by an empty line after it.
fn ends_sentence(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    if before.ends_with(char::is_whitespace) || after.starts_with(|c: char| !c.is_whitespace()) {
        return false;
    }
    let next = after.trim_start();
    if next.is_empty() || is_paragraph_break(&after[..after.len() - next.len()]) {
        return true;
    }
    let stem = before.trim_end_matches(is_closing);
    match stem.chars().next_back() {
        Some('!' | '?') => true,
        Some('…' | '.') => !goes_on(next) && !is_abbreviation(stem),
        _ => false,
    }
}

/// An empty line, or a line that begins with the mark of a heading or a list, ends what stands before it.
fn is_paragraph_break(gap: &str) -> bool {
    gap.matches('\n').count() >= 2
}

fn is_closing(character: char) -> bool {
    matches!(character, '"' | '\'' | '»' | '”' | '“' | '’' | ')' | ']') || is_invisible(character)
}

/// Whether what follows a full stop begins in lower case and so belongs to the same sentence.
fn goes_on(next: &str) -> bool {
    next.chars().next().is_some_and(char::is_lowercase)
}

/// Whether a text ends with an abbreviation (г., Dr.) or an initial (А.) and its full stop.
fn is_abbreviation(text: &str) -> bool {
    let stem = text.trim_end_matches('.');
    let start = stem
        .rfind(|c: char| !c.is_alphabetic() && c != '.' && c != '-')
        .map_or(0, |at| at + stem[at..].chars().next().map_or(0, char::len_utf8));
    let word = &stem[start..];
    let mut characters = word.chars();
    if characters.next().is_some_and(char::is_uppercase) && characters.next().is_none() {
        return true;
    }
    let mut form = String::new();
    normalize_word(word, &mut form);
    profiles().iter().any(|profile| profile.abbreviations.contains(&form.as_str()))
}

#[cfg(test)]
mod tests {
    use super::ends_sentence;

    /// The sentences of a text.
    fn sentences(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut start = 0;
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            if at > start && ends_sentence(text, at) {
                found.push(text[start..at].trim());
                start = at;
            }
        }
        found
    }

    #[test]
    fn sentences_end_at_their_marks() {
        assert_eq!(
            sentences("He came. She went! Who? «Да.» Нет… Конец"),
            ["He came.", "She went!", "Who?", "«Да.»", "Нет…", "Конец"]
        );
        assert_eq!(sentences("Heading\n\nText of it\ngoes on."), ["Heading", "Text of it\ngoes on."]);
    }

    #[test]
    fn abbreviations_initials_and_numbers_end_nothing() {
        for text in [
            "Стихи А. С. Пушкина и др. поэтов 19 в. издания.",
            "В 2021 г. Ташкент принял форум, т. е. Большую встречу.",
            "Dr. Smith met Mr. J. R. Brown, e.g. Today at 3.14 p.m. Moscow time.",
            "Цена 1 тыс. руб. за тонну.",
        ] {
            assert_eq!(sentences(text), [text]);
        }
    }
}
