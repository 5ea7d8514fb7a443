//! A text → its words and the gaps between them, which joined are the text again.
//!
//! A word is a run of letters and digits of any alphabet. Combining marks belong to the letter before them; soft
//! hyphens, zero-width characters and apostrophes belong to a word only between two of its letters.

use unicode_normalization::char::is_combining_mark;

use super::{Span, characters::is_invisible};

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'t> {
    /// Where it stands, in bytes.
    pub span: Span,
    /// As it is written.
    pub text: &'t str,
}

/// A word, or what stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// A word.
    Word(Word<'t>),
    /// Spaces, punctuation and all else between words.
    Gap(Span),
}

/// The words of `text`, in order.
///
/// ```
/// let words: Vec<_> = oba::text::words("Docker-контейнеры, dog’s 7!").map(|word| word.text).collect();
/// assert_eq!(words, ["Docker", "контейнеры", "dog’s", "7"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// The words and gaps of `text`, in order, without a byte left out.
#[must_use]
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { words: words(text), at: 0, waiting: None }
}

/// Iterator over the words of a text; see [`words`].
#[derive(Debug, Clone)]
pub struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        let start = loop {
            at = behind(bytes, at, &IN_BREAKS);
            match step(self.text, at)? {
                (Class::Letter, _) => break at,
                (_, length) => at += length,
            }
        };
        let mut end = start;
        loop {
            let letters = behind(bytes, at, &IN_LETTERS);
            if letters > at {
                (at, end) = (letters, letters);
            }
            let Some((class, length)) = step(self.text, at) else { break };
            match class {
                Class::Letter | Class::Mark => end = at + length,
                Class::Joiner => {}
                Class::Break => break,
            }
            at += length;
        }
        self.at = end;
        Some(Word { span: Span::new(start, end), text: &self.text[start..end] })
    }
}

/// Iterator over the words and gaps of a text; see [`pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'t> {
    words: Words<'t>,
    at: usize,
    waiting: Option<Word<'t>>,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let word = self.waiting.take().or_else(|| self.words.next());
        let gap = Span::new(self.at, word.map_or(self.words.text.len(), |word| word.span.start));
        if !gap.is_empty() {
            self.at = gap.end;
            self.waiting = word;
            return Some(Piece::Gap(gap));
        }
        let word = word?;
        self.at = word.span.end;
        Some(Piece::Word(word))
    }
}

/// What a character does at the edge of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Starts a word or goes on with it: letters and digits.
    Letter,
    /// Belongs to the letter before it.
    Mark,
    /// Belongs to the word if a letter follows.
    Joiner,
    /// Ends a word.
    Break,
}

fn class(character: char) -> Class {
    match character {
        '\0'..='\u{7F}' => ASCII[character as usize],
        '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Class::Letter,
        '’' | 'ʼ' => Class::Joiner,
        _ if is_invisible(character) => Class::Joiner,
        _ if is_combining_mark(character) => Class::Mark,
        _ if character.is_alphanumeric() => Class::Letter,
        _ => Class::Break,
    }
}

/// The classes of the characters of one byte.
const ASCII: [Class; 0x80] = {
    let mut classes = [Class::Break; 0x80];
    let mut byte = 0;
    while byte < 0x80_u8 {
        classes[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'\'' => Class::Joiner,
            _ => Class::Break,
        };
        byte += 1;
    }
    classes
};

/// The lengths in bytes of the letters that begin with each byte, and with no other character; 0 for all else. These are those of ASCII, and
/// the Cyrillic ones of U+0400 to U+047F and of U+04C0 to U+04FF, which are nearly all that text in both languages has.
const LETTERS: [u8; 256] = {
    let mut lengths = [0; 256];
    let mut byte = 0;
    while byte < ASCII.len() {
        lengths[byte] = is(Class::Letter, byte) as u8;
        byte += 1;
    }
    (lengths[0xD0], lengths[0xD1], lengths[0xD3]) = (2, 2, 2);
    lengths
};

/// The bytes of these letters: those that they begin with, and those that any character goes on with.
const IN_LETTERS: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < bytes.len() {
        bytes[byte] = LETTERS[byte] > 0 || matches!(byte, 0x80..=0xBF);
        byte += 1;
    }
    bytes
};

/// The bytes of what stands between words, in ASCII.
const IN_BREAKS: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < ASCII.len() {
        bytes[byte] = is(Class::Break, byte);
        byte += 1;
    }
    bytes
};

/// Whether a byte of ASCII is a character of a class.
const fn is(class: Class, byte: usize) -> bool {
    ASCII[byte] as u8 == class as u8
}

/// The first place from `at` on, where a character begins, with a byte that is not in a table. What begins with a byte in a table has all its
/// bytes there, so a character begins at that place too; and each byte is looked at without waiting for the length of the character before it.
#[inline]
fn behind(bytes: &[u8], at: usize, table: &[bool; 256]) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| !table[usize::from(byte)]).unwrap_or(rest.len())
}

/// The class of the character at a place, and its length in bytes; `None` at the end.
#[inline]
fn step(text: &str, at: usize) -> Option<(Class, usize)> {
    let byte = *text.as_bytes().get(at)?;
    match LETTERS[usize::from(byte)] {
        0 if byte.is_ascii() => Some((ASCII[usize::from(byte)], 1)),
        0 => text[at..].chars().next().map(|character| (class(character), character.len_utf8())),
        length => Some((Class::Letter, usize::from(length))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Class, Piece, class, pieces, step, words};

    fn texts(text: &str) -> Vec<&str> {
        words(text).map(|word| word.text).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(texts("The 3rd visit — «Визит №2»"), ["The", "3rd", "visit", "Визит", "2"]);
        assert_eq!(texts(""), [""; 0]);
        assert_eq!(texts("… —"), [""; 0]);
    }

    #[test]
    fn marks_and_soft_hyphens_stay_inside_their_word() {
        assert_eq!(texts("Росси\u{301}я и чаи\u{306}"), ["Росси\u{301}я", "и", "чаи\u{306}"]);
        assert_eq!(texts("пере\u{AD}воз\u{AD}ки trans\u{AD}port"), ["пере\u{AD}воз\u{AD}ки", "trans\u{AD}port"]);
    }

    #[test]
    fn apostrophes_join_letters_and_quote_nothing() {
        assert_eq!(texts("'dog's' O’Neil’"), ["dog's", "O’Neil"]);
        assert_eq!(texts("'д’Артаньян'"), ["д’Артаньян"]);
    }

    #[test]
    fn what_is_known_by_its_first_byte_is_what_it_is_taken_for() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            assert_eq!(step(&text, 0), Some((class(character), text.len())), "{character:?}");
            let is_letter = character.is_alphanumeric() && !super::is_combining_mark(character);
            if character.is_ascii() || is_letter && !super::is_invisible(character) && character != 'ʼ' {
                assert_eq!(class(character) == Class::Letter, is_letter, "{character:?}");
            }
        }
    }

    /// The words by the definition of a word, as plainly as it can be written.
    fn words_by_definition(text: &str) -> Vec<&str> {
        let (mut found, mut rest) = (Vec::new(), text);
        while let Some(start) = rest.find(|c| class(c) == Class::Letter) {
            let run = &rest[start..];
            let run = &run[..run.find(|c| class(c) == Class::Break).unwrap_or(run.len())];
            let word = run.trim_end_matches(|c| class(c) == Class::Joiner);
            found.push(word);
            rest = &rest[start + word.len()..];
        }
        found
    }

    proptest! {
        #[test]
        fn words_are_what_the_definition_says(text in "[a-zа-яёҐҀ҂ґ'’\u{301}\u{483}\u{AD} \r\n.😀א-]{0,40}|\\PC{0,40}") {
            prop_assert_eq!(texts(&text), words_by_definition(&text));
        }

        #[test]
        fn words_and_gaps_joined_are_the_text(text in "[a-zа-яё'\u{301}\u{AD} \r\n.😀א-]{0,40}|\\PC{0,40}") {
            let joined: String = pieces(&text)
                .map(|piece| match piece {
                    Piece::Word(word) => word.text,
                    Piece::Gap(span) => span.of(&text),
                })
                .collect();
            prop_assert_eq!(joined, text);
        }
    }
}
