//! A text → its headings: the short lines that end no sentence.

use super::{char_count, words};

/// A heading has at most this many words, and this many characters.
const MAX_WORDS: usize = 14;
const MAX_CHARS: usize = 120;

/// The lines of `text` that look like headings, in order: short, and without the mark of a sentence's end.
///
/// A text of one line has none. Items of lists and captions look the same and are meant too: they name what follows.
///
/// ```
/// let text = "Визит\n\n== Первый день ==\nПрезидент прибыл в Ташкент.\nTalks and dinner\nThey talked.";
/// let headings: Vec<_> = oba::text::headings(text).collect();
/// assert_eq!(headings, ["Визит", "Первый день", "Talks and dinner"]);
/// ```
pub fn headings(text: &str) -> impl Iterator<Item = &str> {
    let has_lines = text.trim().contains('\n');
    text.lines().filter(move |_| has_lines).filter_map(heading)
}

/// The words of a line that looks like a heading, without the marks around them.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '=' | '*' | '•' | '-' | '_'));
    let ends_sentence = line.ends_with(['.', '!', ';', ',', '…', '»', '"']) || line.ends_with(':');
    let is_short = line.len() <= 4 * MAX_CHARS && char_count(line) <= MAX_CHARS;
    (is_short && !ends_sentence && (1..=MAX_WORDS).contains(&words(line).take(MAX_WORDS + 1).count())).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::headings;

    #[test]
    fn sentences_and_long_lines_are_none() {
        for text in ["Он пришёл.\nОна ушла!", "He came.\nShe left,", "one line", ""] {
            assert_eq!(headings(text).count(), 0, "{text}");
        }
        for word in ["слово ", "words "] {
            assert_eq!(headings(&format!("{}\nHe came.", word.repeat(14))).count(), 1);
            assert_eq!(headings(&format!("{}\nHe came.", word.repeat(15))).count(), 0);
        }
    }
}
