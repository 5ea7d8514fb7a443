//! A text → its paragraphs, a paragraph → its sentences, as spans without the white space around them; what a whole
//! sentence is.
//!
//! Both are cut by marks alone: a piece too many does no harm, for neighbouring passages of one label are joined again.

use super::word::{is_identifier, is_letter, is_lower};
use crate::{
    language::Alphabet,
    text::{Span, is_invisible, is_stress_mark},
};

/// The paragraphs of a text: they end at empty lines, and at lines that end with the mark of a sentence. Other line breaks
/// may be those of a narrow page.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = Span> {
    let whole = Span::new(0, text.len());
    cut(text, whole, |before, gap, _| gap.contains('\n') && (gap.matches('\n').count() > 1 || ends_sentence(before)))
}

/// The sentences of a part of a text: they end at line breaks, and at their marks unless what follows goes on in lower
/// case.
pub(super) fn sentences(text: &str, part: Span) -> impl Iterator<Item = Span> {
    cut(text, part, |before, gap, after| {
        gap.contains('\n') || ends_sentence(before) && !after.starts_with(char::is_lowercase)
    })
}

/// Whether a text ends as a sentence does, with its mark or with quotes and brackets after it.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '»', '”', '“', '’', ')', ']']).ends_with(['.', '!', '?', '…', ':'])
}

/// Whether a text is a sentence and no title, name or command: a capital and an end, words of one alphabet, two at least,
/// and most of those after the first plain words in lower case.
pub(super) fn is_sentence(text: &str) -> bool {
    if !ends_sentence(text) {
        return false;
    }
    let is_edge = |c: char| !is_letter(c) && !c.is_alphanumeric();
    let tokens = text.split_whitespace().map(|token| token.trim_matches(is_edge));
    let mut words = tokens.map(|token| (token, Alphabet::of(token))).filter(|(_, found)| *found != Alphabet::None);
    let Some((first, alphabet)) = words.next() else { return false };
    let (mut plain, mut others) = (0, 0);
    for (word, found) in words {
        if found != alphabet {
            return false;
        }
        *if is_plain(word) { &mut plain } else { &mut others } += 1;
    }
    first.starts_with(char::is_uppercase) && plain > others
}

/// Whether a token is a word in lower case, and no name, identifier or path.
fn is_plain(token: &str) -> bool {
    let is_of_word = |c: char| is_letter(c) || matches!(c, '-' | '\'' | '’') || is_stress_mark(c) || is_invisible(c);
    token.starts_with(is_lower) && token.chars().all(is_of_word) && !is_identifier(token)
}

/// Cuts a part of a text at the white space that ends a piece, told by what stands before, the white space, and what
/// stands after.
fn cut(text: &str, part: Span, ends: impl Fn(&str, &str, &str) -> bool) -> impl Iterator<Item = Span> {
    let mut start = part.start + gap(&text[part.start..part.end]).len();
    std::iter::from_fn(move || {
        let from = start;
        let mut at = from;
        while at < part.end {
            let rest = &text[at..part.end];
            at += rest.find(char::is_whitespace).unwrap_or(rest.len());
            let gap = gap(&text[at..part.end]);
            let next = at + gap.len();
            if next == part.end || ends(&text[from..at], gap, &text[next..part.end]) {
                start = next;
                return Some(Span::new(from, at));
            }
            at = next;
        }
        None
    })
}

/// The white space that a text begins with.
fn gap(text: &str) -> &str {
    &text[..text.len() - text.trim_start().len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_end_at_empty_lines_and_after_sentences() {
        let text = "\n Заголовок\n\nПервый абзац, строка\nза строкой.\nSecond one,\nbroken. It goes on.\r\n\r\nlast ";
        let found: Vec<_> = paragraphs(text).map(|span| span.of(text)).collect();
        assert_eq!(
            found,
            ["Заголовок", "Первый абзац, строка\nза строкой.", "Second one,\nbroken. It goes on.", "last"]
        );
        assert_eq!(paragraphs(" \n\n ").count() + paragraphs("").count(), 0);
    }

    #[test]
    fn sentences_end_at_marks_and_line_breaks() {
        let text = "No. Она ушла в 7 ч. утра! (Who?) «Да…» Конец\nof it";
        let found: Vec<_> = sentences(text, Span::new(4, text.len())).map(|span| span.of(text)).collect();
        assert_eq!(found, ["Она ушла в 7 ч. утра!", "(Who?)", "«Да…»", "Конец", "of it"]);
    }

    #[test]
    fn titles_names_and_commands_are_no_sentences() {
        for text in ["Come here.", "«Идём же!»", "How are you?", "Росси\u{301}я в 1990 го\u{301}ду."]
        {
            assert!(is_sentence(text), "{text}");
        }
        for text in [
            "Come here",
            "War and Peace.",
            "Лев Толстой.",
            "docker compose up.",
            "Content-Type application/json.",
            "FileReader::getBufferSize(), readAll().",
            "Запустите docker compose.",
            "Yes.",
            "",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }
}
