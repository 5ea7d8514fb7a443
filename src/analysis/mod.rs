//! Text → terms: the one place where index, query and snippet get their terms.
//!
//! Each word is treated by the rules of the alphabet that it is written in, whatever stands around it: normal form,
//! folded letters, stem. So a word that is found is a word that is marked, and one field serves both languages.
//!
//! ```
//! let terms: Vec<_> = oba::analysis::tokens("Министром conferences").map(|token| token.term).collect();
//! assert_eq!(terms, ["министр", "confer"]);
//! ```

mod rules;

pub use rules::fingerprint;

use crate::{
    language::{Alphabet, Profile},
    text::{Word, Words, head, normalize_word, words},
};

/// The longest term, in characters; of longer words the first so many count, in documents and queries alike. The
/// longest words of dictionaries have about 60; what is longer is encoded data.
pub const MAX_TERM_CHARS: usize = 128;

/// A word of a text with what search knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word as written, and where.
    pub word: Word<'t>,
    /// Its number among the words of the text, from 0.
    pub position: usize,
    /// The alphabet that it is written in.
    pub alphabet: Alphabet,
    /// Its folded normal form: what stands for the word exactly as written.
    pub form: String,
    /// What it is indexed and searched by.
    pub term: String,
    /// Whether it is a function word of its language.
    pub is_stop_word: bool,
}

/// The tokens of a text, in order.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { words: words(text), position: 0 }
}

/// Iterator over the tokens of a text; see [`tokens`].
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    words: Words<'t>,
    position: usize,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let token = token(self.words.next()?, self.position);
        self.position += 1;
        Some(token)
    }
}

/// The token of one word, at a position among the words of its text.
#[must_use]
pub fn token(word: Word<'_>, position: usize) -> Token<'_> {
    let mut form = String::new();
    normalize_word(head(word.text, MAX_TERM_CHARS), &mut form);
    let alphabet = Alphabet::of(&form);
    let Some(profile) = Profile::of_alphabet(alphabet) else {
        return Token { word, position, alphabet, term: form.clone(), form, is_stop_word: false };
    };
    profile.fold(&mut form);
    // Part numbers and grades («77а», "b2b") have no endings to cut.
    let term = if form.contains(|c: char| c.is_ascii_digit()) { form.clone() } else { profile.stem(&form) };
    Token { word, position, alphabet, is_stop_word: profile.is_stop_word(&form), form, term }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_TERM_CHARS, tokens};

    fn terms(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.term).collect()
    }

    #[test]
    fn each_word_is_stemmed_by_the_rules_of_its_alphabet() {
        assert_eq!(terms("Как запускать Docker containers"), ["как", "запуска", "docker", "contain"]);
        assert_eq!(terms("Docker-контейнеры"), terms("docker контейнера"));
    }

    #[test]
    fn forms_of_a_word_share_their_term() {
        for group in
            ["министр министра министром", "conference conferences", "Росси\u{301}я россия РОССИИ", "ёлка елка елкой"]
        {
            let terms = terms(group);
            assert!(terms.iter().all(|term| *term == terms[0]), "{group}: {terms:?}");
        }
    }

    #[test]
    fn short_i_is_a_letter_of_its_own() {
        assert_ne!(terms("йод"), terms("иод"));
        assert_eq!(terms("чаи\u{306}"), terms("чай"));
    }

    #[test]
    fn words_with_digits_keep_their_ends() {
        assert_eq!(terms("77а 2s"), ["77а", "2s"]);
    }

    #[test]
    fn long_words_are_cut_by_characters_in_both_alphabets() {
        for letter in ["x", "ж"] {
            let [term] = &terms(&letter.repeat(5_000))[..] else { panic!("one word, one term") };
            assert_eq!(term.chars().count(), MAX_TERM_CHARS);
        }
    }

    #[test]
    fn function_words_are_known_in_both_languages() {
        let stop: Vec<_> = tokens("The visit и визит её").filter(|t| t.is_stop_word).map(|t| t.form).collect();
        assert_eq!(stop, ["the", "и", "ее"]);
    }

    proptest! {
        #[test]
        fn any_text_is_analysed_and_no_term_is_empty(text in "\\PC{0,60}") {
            for (n, token) in tokens(&text).enumerate() {
                prop_assert_eq!(token.position, n);
                prop_assert_eq!(token.word.span.of(&text), token.word.text);
                prop_assert!(!token.form.is_empty());
                prop_assert!(!token.term.is_empty());
            }
        }
    }
}
