//! A text → the words of a bounded sample of it, sorted by alphabet.
//!
//! Addresses (URLs, e-mail) are left out: their letters say nothing of the language around them.

use super::{
    evidence::Evidence,
    pieces::{is_sentence, sentences},
    rivals::rivals,
    share,
    word::{Known, Word},
};
use crate::{
    language::{Alphabet, Profile, profiles},
    text::{Span, words},
};

/// How many characters of a text are looked at: this many windows, spread evenly, of this many bytes each. Enough for
/// shares to a per cent; the cost does not grow with the text.
const WINDOWS: usize = 8;
const WINDOW_BYTES: usize = 1024;

/// Words of one alphabet in a row are a passage, and not the names and titles that any text quotes in the other alphabet,
/// where function words are among them, and at least this share are other words in lower case: titles have capitals.
const MIN_PLAIN_WORDS: f32 = 0.2;

/// The share of function words that is enough where there are two of them: a sentence may be full of names.
const MIN_FUNCTION_WORDS: f32 = 0.1;

/// The words of a bounded sample of a text.
pub(super) struct Sample {
    /// One part for each profile, in their order.
    pub(super) parts: [Part; 2],
    /// How many letters are of other alphabets.
    pub(super) other_letters: usize,
    run: Run,
}

/// What a sample holds in one alphabet.
pub(super) struct Part {
    pub(super) evidence: Evidence,
    /// How many letters stand in passages.
    pub(super) passage_letters: usize,
    /// How many letters stand in whole sentences of one alphabet, once they are counted.
    pub(super) sentence_letters: usize,
}

/// The words in a row that were read last, all of one alphabet.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    part: usize,
    words: usize,
    /// Words in lower case that are no function words.
    plain_words: usize,
    function_words: usize,
    letters: usize,
}

impl Run {
    fn is_passage(self, profile: &Profile) -> bool {
        share(self.plain_words, self.words) >= MIN_PLAIN_WORDS
            && (share(self.function_words, self.words) >= profile.min_function_words
                || self.function_words >= 2 && share(self.function_words, self.words) >= MIN_FUNCTION_WORDS)
    }
}

impl Sample {
    pub(super) fn of(text: &str) -> Self {
        let [english, russian] = rivals();
        let [first, second] = profiles();
        let parts = [Evidence::new(first, english), Evidence::new(second, russian)].map(|evidence| Part {
            evidence,
            passage_letters: 0,
            sentence_letters: 0,
        });
        let mut sample = Self { parts, other_letters: 0, run: Run::default() };
        Known::with(|known| {
            for window in windows(text) {
                // Most texts hold none, and are looked through at once.
                if !ADDRESS_MARKS.iter().any(|mark| window.contains(mark)) {
                    words(window).for_each(|word| sample.add(word.text, known));
                    continue;
                }
                for token in window.split_whitespace().filter(|token| !is_address(token)) {
                    words(token).for_each(|word| sample.add(word.text, known));
                }
            }
        });
        sample.end_run();
        sample
    }

    /// Counts the letters in whole sentences of the text that it is of. Short sentences are too few words in a row to be
    /// passages by their function words.
    pub(super) fn count_sentences(&mut self, text: &str) {
        for window in windows(text) {
            let all = sentences(window, Span::new(0, window.len())).map(|span| span.of(window));
            for sentence in all.filter(|sentence| is_sentence(sentence)) {
                let alphabets = sentence.chars().map(Alphabet::of_character).filter(|&a| a != Alphabet::None);
                for alphabet in alphabets {
                    let part = self.parts.iter_mut().find(|part| part.evidence.profile.alphabet == alphabet);
                    if let Some(part) = part {
                        part.sentence_letters += 1;
                    }
                }
            }
        }
    }

    /// How many letters there are.
    pub(super) fn letters(&self) -> usize {
        self.parts.iter().map(|part| part.evidence.letters).sum::<usize>() + self.other_letters
    }

    /// What it holds in an alphabet.
    pub(super) fn part(&self, alphabet: Alphabet) -> Option<&Part> {
        self.parts.iter().find(|part| part.evidence.profile.alphabet == alphabet)
    }

    fn add(&mut self, word: &str, known: &mut Known) {
        let (part, says) = match known.word(word) {
            Word::Silent => return,
            Word::Foreign { letters } => {
                self.other_letters += letters;
                return;
            }
            Word::Of(part, says) => (part, says),
        };
        if part != self.run.part {
            self.end_run();
            self.run.part = part;
        }
        self.parts[part].evidence.add(word, &says);
        let is_function_word = says.is_function_word();
        self.run.words += 1;
        self.run.letters += says.letters;
        self.run.function_words += usize::from(is_function_word);
        self.run.plain_words += usize::from(!is_function_word && says.is_lower_case);
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let part = &mut self.parts[run.part];
        if run.is_passage(part.evidence.profile) {
            part.passage_letters += run.letters;
        }
    }
}

/// One of these stands in each address.
const ADDRESS_MARKS: [&str; 3] = ["@", "://", "www."];

fn is_address(token: &str) -> bool {
    // Looked for byte by byte: a search for a text has a cost of its own, which a single word does not pay back.
    let bytes = token.as_bytes();
    bytes.contains(&b'@') || bytes.starts_with(b"www.") || bytes.contains(&b':') && token.contains("://")
}

/// The pieces of a text that are looked at: all of a short one; of a long one, the middles of equal parts, so that the
/// references at its end weigh no more than they take up.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.len() <= WINDOWS * WINDOW_BYTES;
    let (count, size) = if whole { (1, text.len()) } else { (WINDOWS, WINDOW_BYTES) };
    (0..count).map(move |n| {
        let start = text.floor_char_boundary((text.len() * (2 * n + 1) / count - size) / 2);
        &text[start..text.floor_char_boundary(start + size)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_an_address_are_those_without_it() {
        for text in ["The visit e\u{301}té began, мини\u{AD}стры\u{A0}met. \u{301}Ёлка\r\n10", ""] {
            let [alone, beside] =
                [text.to_owned(), format!("{text} https://example.org/a-page?b=c someone@example.org")]
                    .map(|text| Sample::of(&text).parts.map(|part| (part.evidence.words, part.evidence.letters)));
            assert_eq!(alone, beside);
        }
    }
}
