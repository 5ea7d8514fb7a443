//! A text → its sentences.
//!
//! A sentence ends at its mark (. ! ? …) where the next one begins, and at the end of a paragraph, a heading or an item of
//! a list. A full stop ends none behind an abbreviation («т. е.», e.g.), an initial (А. С. Пушкин), inside a number or
//! before a small letter.

use std::{collections::HashMap, sync::LazyLock};

use super::profiles;
use crate::text::{Span, is_invisible, normalize_word};

/// A line without a mark at its end is a heading, not the first part of a sentence, if it has at most this many characters
/// and a capital letter or a number begins the next. Lines that were broken to fit a page are longer.
const MAX_HEADING_CHARS: usize = 45;

/// The abbreviations of all languages, each with whether only a number goes on with its sentence.
static ABBREVIATIONS: LazyLock<HashMap<&str, bool, foldhash::fast::RandomState>> = LazyLock::new(|| {
    let before_numbers = profiles().into_iter().flat_map(|profile| profile.abbreviations_before_numbers);
    let everywhere = profiles().into_iter().flat_map(|profile| profile.abbreviations);
    before_numbers.map(|&form| (form, true)).chain(everywhere.map(|&form| (form, false))).collect()
});

/// The longest abbreviation, in letters; what follows the last stop in it counts alone.
const MAX_ABBREVIATION_LETTERS: usize = 6;

/// The sentences of `text`, in order, without the space between them.
///
/// ```
/// let text = "Dr. Smith came at 3.14 p.m. He left.\n\nСтихи А. С. Пушкина и др. поэтов. Второе.";
/// let sentences: Vec<_> = oba::language::sentences(text).map(|span| span.of(text)).collect();
/// assert_eq!(sentences, ["Dr. Smith came at 3.14 p.m. He left.", "Стихи А. С. Пушкина и др. поэтов.", "Второе."]);
/// ```
pub fn sentences(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    ends(text).chain([text.len()]).filter_map(move |end| {
        let piece = text.get(start..end)?;
        let trimmed = piece.trim();
        let from = start + piece.len() - piece.trim_start().len();
        start = end;
        (!trimmed.is_empty()).then(|| Span::new(from, from + trimmed.len()))
    })
}

/// The last place at or before `at` where a sentence of `text` ends, and the space behind it begins; 0 where there is none.
#[must_use]
pub fn end_before(text: &str, at: usize) -> usize {
    let mut before = &text.as_bytes()[..text.len().min(at.saturating_add(1))];
    while let Some(mark_at) = before.iter().rposition(|&byte| may_be_mark(byte)) {
        if let Some(end) = end_by(text, mark_at).filter(|&end| end <= at) {
            return end;
        }
        before = &before[..mark_at];
    }
    0
}

/// The first place behind `at` where a sentence of `text` ends; the end of the text where there is none. No end of a sentence
/// may stand just before `at` with its mark.
#[must_use]
pub fn end_behind(text: &str, at: usize) -> usize {
    let mut from = at.min(text.len());
    while let Some(on) = text.as_bytes()[from..].iter().position(|&byte| may_be_mark(byte)) {
        if let Some(end) = end_by(text, from + on).filter(|&end| end > at) {
            return end;
        }
        from += on + 1;
    }
    text.len()
}

/// The places where sentences end, in order.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.bytes().enumerate().filter(|&(_, byte)| may_be_mark(byte)).filter_map(|(at, _)| end_by(text, at))
}

/// Whether a byte may begin a mark that may end a sentence. By bytes, for most of them are looked at and few are marks.
fn may_be_mark(byte: u8) -> bool {
    MAY_BE_MARK[usize::from(byte)]
}

/// The first bytes of marks; that of … is the one of other signs too.
static MAY_BE_MARK: [bool; 256] = {
    let mut bytes = [false; 256];
    let marks = *b".!?\n\xE2";
    let mut n = 0;
    while n < marks.len() {
        bytes[marks[n] as usize] = true;
        n += 1;
    }
    bytes
};

/// Where the sentence ends whose last mark begins with the byte at `at`; `None` where none ends there, or that is no mark.
fn end_by(text: &str, at: usize) -> Option<usize> {
    match text.as_bytes()[at] {
        0xE2 if !text[at..].starts_with('…') => None,
        0xE2 => end_at(text, at, '…'),
        byte => end_at(text, at, char::from(byte)),
    }
}

/// Where the sentence ends whose last mark stands at `at`; `None` where none ends there.
fn end_at(text: &str, at: usize, mark: char) -> Option<usize> {
    if mark == '\n' {
        return is_break(&text[..at], &text[at + 1..]).then_some(at);
    }
    let after = &text[at + mark.len_utf8()..];
    let closing = after.len() - after.trim_start_matches(is_closing).len();
    let (closing, rest) = after.split_at(closing);
    // Of several marks (?! ...) the last ends the sentence.
    if rest.starts_with(['.', '!', '?', '…']) || rest.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let is_end = match mark {
        '!' | '?' => closing.is_empty() || !goes_on(rest),
        _ => !goes_on(rest) && !is_abbreviation(&text[..at], rest),
    };
    is_end.then_some(text.len() - rest.len())
}

/// Whether a line break between two texts ends a paragraph, a heading or an item of a list.
fn is_break(before: &str, after: &str) -> bool {
    // What can be told by the edges of the two lines comes first: most breaks are inside of sentences, or between paragraphs.
    let space = |c: char| c.is_whitespace() && c != '\n';
    let (before, after) = (before.trim_end_matches(space), after.trim_start_matches(space));
    if before.is_empty() || before.ends_with('\n') || after.is_empty() || after.starts_with('\n') {
        return true;
    }
    let begins_anew = after.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || is_opening(c));
    let line = &before[memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |end| end + 1)..];
    let line = line.trim_start();
    let is_heading = || line.chars().nth(MAX_HEADING_CHARS).is_none() && !line.ends_with([',', ';', '-', '–', '—']);
    line.starts_with('#') || begins_anew && is_heading() || may_begin_item(after) && begins_item(first_line(after))
}

/// A text up to its first line break, without the space at its end.
fn first_line(text: &str) -> &str {
    text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())].trim_end()
}

/// Whether a line may begin with the mark of a heading, a bullet or a number of a list, by its first character.
fn may_begin_item(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '#' | '=' | '-' | '–' | '—' | '*' | '•' | '+'))
}

/// Whether a line begins with the mark of a heading, a bullet or a number of a list.
fn begins_item(line: &str) -> bool {
    if line.starts_with('#') || line.starts_with("==") {
        return true;
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let mark =
        if rest.len() < line.len() { ['.', ')'].as_slice() } else { ['-', '–', '—', '*', '•', '+'].as_slice() };
    rest.strip_prefix(mark).is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

fn is_closing(character: char) -> bool {
    matches!(character, '"' | '\'' | '»' | '”' | '“' | '’' | ')' | ']') || is_invisible(character)
}

fn is_opening(character: char) -> bool {
    matches!(character, '"' | '\'' | '«' | '“' | '„' | '‘' | '(' | '[')
}

/// Whether what follows begins in lower case and so belongs to the same sentence.
fn goes_on(next: &str) -> bool {
    next.trim_start().trim_start_matches(['—', '–', '-', ' ']).starts_with(char::is_lowercase)
}

/// Whether a full stop behind `before` ends an abbreviation (г., Dr.), an initial (А.) or the number of an item («1. Text»
/// at the beginning of a line), and the sentence goes on.
fn is_abbreviation(before: &str, after: &str) -> bool {
    if after.trim_start().is_empty() {
        return false;
    }
    // The letters of our languages without the tables of Unicode, which take longer than the rest.
    let is_ours = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | 'А'..='я');
    let is_part = |c: char| is_ours(c) || c.is_alphanumeric() || c == '.' || c == '-' || is_invisible(c);
    let word = &before[before.trim_end_matches(is_part).len()..];
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let line = before.rsplit('\n').next().unwrap_or_default();
        return line.trim_start() == word;
    }
    let last = word.rsplit('.').next().unwrap_or_default();
    let mut letters = last.chars();
    if letters.next().is_some_and(char::is_uppercase) && letters.next().is_none() {
        return true;
    }
    // Many words are longer than any abbreviation, and so need no normal form, which has these letters too.
    if last.chars().filter(|&c| is_ours(c)).count() > MAX_ABBREVIATION_LETTERS {
        return false;
    }
    let mut form = String::new();
    normalize_word(word, &mut form);
    let has_number = after.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let is_known = |form: &str| ABBREVIATIONS.get(form).is_some_and(|&needs_number| has_number || !needs_number);
    is_known(&form) || form.rsplit_once('.').is_some_and(|(_, last)| is_known(last))
}

#[cfg(test)]
mod tests {
    //! 1. Sentences end at their marks, and at the ends of paragraphs, headings and items.
    //! 2. Abbreviations, initials, numbers and small letters end nothing.
    //! 3. Whatever the text, sentences are in order, apart, and leave out nothing but space.

    use proptest::prelude::*;

    use super::{ABBREVIATIONS, MAX_ABBREVIATION_LETTERS, end_before, end_behind, ends, sentences};

    fn texts(text: &str) -> Vec<&str> {
        sentences(text).map(|span| span.of(text)).collect()
    }

    #[test]
    fn sentences_end_at_their_marks() {
        assert_eq!(
            texts("He came. She went! Who?! «Да.» Нет… Конец"),
            ["He came.", "She went!", "Who?!", "«Да.»", "Нет…", "Конец"]
        );
        assert_eq!(texts("Он спросил: «Когда?» — и ушёл."), ["Он спросил: «Когда?» — и ушёл."]);
        assert_eq!(texts("“Why?” he asked. “Because.”"), ["“Why?” he asked.", "“Because.”"]);
        assert_eq!(texts(""), [""; 0]);
    }

    #[test]
    fn paragraphs_headings_and_items_end_them_too() {
        assert_eq!(texts("Heading\n\nText of it\ngoes on."), ["Heading", "Text of it\ngoes on."]);
        assert_eq!(texts("Заголовок\r\n\r\nТекст его\r\nидёт дальше."), ["Заголовок", "Текст его\r\nидёт дальше."]);
        assert_eq!(texts("Повестка\nПервый вопрос: хлопок."), ["Повестка", "Первый вопрос: хлопок."]);
        assert_eq!(
            texts("Agenda:\n- cotton and wool\n- rail freight\n2. Dinner\n3) Что дальше"),
            ["Agenda:", "- cotton and wool", "- rail freight", "2. Dinner", "3) Что дальше"]
        );
    }

    #[test]
    fn lines_that_were_broken_to_fit_go_on() {
        let text = "The delegation was received in the capital by the President and by the Prime Minister of the\n\
                    Republic on Friday.";
        assert_eq!(texts(text), [text]);
        let text = "Делегацию в столице приняли Президент и Премьер-министр, а также члены\nПарламента республики.";
        assert_eq!(texts(text), [text]);
    }

    #[test]
    fn abbreviations_initials_and_numbers_end_nothing() {
        for text in [
            "Стихи А. С. Пушкина и др. поэтов 19 в. издания.",
            "В 2021 г. Ташкент принял форум, т. е. Большую встречу.",
            "Dr. Smith met Mr. J. R. Brown, e.g. Today at 3.14 p.m. Moscow time.",
            "Цена 1 тыс. руб. за тонну и т. д. без скидки.",
            "The U.S. Senate and the U. N. Assembly met at No. 5 St. James Street.",
            "См. рис. 5 на стр. 12, ул. Ленина, д. 7.",
        ] {
            assert_eq!(texts(text), [text]);
        }
    }

    #[test]
    fn no_abbreviation_is_longer_than_the_longest() {
        let letters = |form: &str| form.rsplit('.').next().map_or(0, |last| last.chars().count());
        assert_eq!(ABBREVIATIONS.keys().map(|form| letters(form)).max(), Some(MAX_ABBREVIATION_LETTERS));
    }

    #[test]
    fn what_may_end_a_sentence_ends_one_before_a_capital() {
        assert_eq!(texts("В 2021. Потом."), ["В 2021.", "Потом."]);
        assert_eq!(texts("Она стоит 5 тыс. руб. Он ушёл."), ["Она стоит 5 тыс. руб.", "Он ушёл."]);
        assert_eq!(texts("Хлопок, шерсть и др. Потом обед."), ["Хлопок, шерсть и др.", "Потом обед."]);
        assert_eq!(texts("He said no. She left."), ["He said no.", "She left."]);
    }

    proptest! {
        #[test]
        fn ends_are_found_from_any_place_between(text in "(визит|visit|Т|A|г|dr|1|[.!?…]|\\n|\r\\n| |«|»|\"|- |😀){0,60}|\\PC{0,60}") {
            let ends: Vec<usize> = ends(&text).collect();
            for at in 0..=text.len() {
                let before = ends.iter().copied().rfind(|&end| end <= at).unwrap_or(0);
                prop_assert_eq!(end_before(&text, at), before);
            }
            for at in [0].into_iter().chain(crate::text::words(&text).map(|word| word.span.end - 1)).chain(ends.iter().copied()) {
                let behind = ends.iter().copied().find(|&end| end > at).unwrap_or(text.len());
                prop_assert_eq!(end_behind(&text, at), behind);
            }
        }

        #[test]
        fn nothing_but_space_is_left_out(text in "(визит|visit|Т|A|г|dr|1|[.!?…]|\\n|\r\\n| |«|»|\"|- |\u{301}|😀|ש){0,60}|\\PC{0,60}") {
            let mut end = 0;
            for span in sentences(&text) {
                prop_assert!(span.start >= end && !span.is_empty());
                prop_assert!(text[end..span.start].trim().is_empty());
                prop_assert_eq!(span.of(&text).trim(), span.of(&text));
                end = span.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
