//! Text → the words in it that are names by how they are written.

use std::sync::Arc;

use super::{Analyzer, Reading};
use crate::{
    language::Alphabet,
    text::{Word, Words, char_count, words},
};

/// The shortest name that is one by its capital letter, in characters; of shorter words too many are alike.
const MIN_NAME_CHARS: usize = 3;

/// Iterator over the words of a text that begin with a capital letter although no sentence, line or quotation begins
/// with them; see [`Analyzer::names`].
#[derive(Debug)]
pub struct Names<'a> {
    analyzer: &'a mut Analyzer,
    text: &'a str,
    words: Words<'a>,
    /// Where the last word ends; nothing before the first.
    end: Option<usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(analyzer: &'a mut Analyzer, text: &'a str) -> Self {
        Self { analyzer, text, words: words(text), end: None }
    }

    /// Whether a word stands inside a sentence, which it is then the last word of.
    fn goes_on(&mut self, word: &Word<'_>) -> bool {
        let end = self.end.replace(word.span.end);
        end.is_some_and(|end| !self.text[end..word.span.start].contains(begins_anew))
    }
}

impl Iterator for Names<'_> {
    type Item = Arc<Reading>;

    fn next(&mut self) -> Option<Arc<Reading>> {
        loop {
            let word = self.words.next()?;
            if !self.goes_on(&word) || !word.text.starts_with(char::is_uppercase) {
                continue;
            }
            let reading = self.analyzer.reading(word.text);
            let is_known = matches!(reading.alphabet, Alphabet::Latin | Alphabet::Cyrillic);
            if is_known && !reading.is_stop_word && char_count(&reading.form) >= MIN_NAME_CHARS {
                return Some(reading);
            }
        }
    }
}

/// Whether a character may stand before a capital letter that says nothing of the word.
fn begins_anew(character: char) -> bool {
    matches!(
        character,
        '.' | '!' | '?' | '…' | ':' | '\n' | '"' | '«' | '“' | '„' | '(' | '[' | '*' | '•' | '—' | '–' | '|'
    )
}

#[cfg(test)]
mod tests {
    use crate::analysis::Analyzer;

    fn names(text: &str) -> Vec<String> {
        Analyzer::default().names(text).map(|name| name.form.to_string()).collect()
    }

    #[test]
    fn names_are_what_has_a_capital_inside_a_sentence() {
        assert_eq!(names("Вчера Сергей Лавров прибыл в Ташкент. Министр доволен."), ["сергей", "лавров", "ташкент"]);
        assert_eq!(names("Yesterday Sergey Lavrov came to Tashkent. Ministers met."), ["sergey", "lavrov", "tashkent"]);
        assert_eq!(names("Мост открыт: Старый мост закрыт\nНовый тоже"), [""; 0]);
        assert_eq!(names("She said: \"Bridges\" (Old ones) and LG, ЛГ, The, 1B"), [""; 0]);
    }
}
