//! String → query. Every string is a question: nothing here fails; what could not be used is said in the warnings.
//!
//! Words may match, `"words in quotes"` stand side by side, `+word` must be there, `-word` must not, `!word` is asked for as
//! typed. Quotes of either language do («», “”, „“). A sign counts only at the beginning of a word: научно-технический is
//! no exclusion.

use super::{Clause, Expression, Occurrence, Query, QueryWord};
use crate::{analysis::Analyzer, text::head};

/// The longest query that is read, in characters; the rest is left out with a warning.
pub const MAX_QUERY_CHARS: usize = 1_000;

/// The most words of a query that are searched for; the rest is left out with a warning.
pub const MAX_QUERY_WORDS: usize = 32;

/// A query and what was odd about its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What is asked for.
    pub query: Query,
    /// What could not be used, in sentences for the person who typed it.
    pub warnings: Vec<String>,
}

/// Reads a query, its words by the rules of an analyzer.
#[must_use]
pub fn parse(text: &str, analyzer: &mut Analyzer) -> Parsed {
    let read = head(text, MAX_QUERY_CHARS);
    let mut parser =
        Parser { rest: read, analyzer, query: Query::default(), words: 0, position: 0, warnings: Vec::new() };
    if read.len() < text.len() {
        parser.warnings.push(format!("The query was cut to its first {MAX_QUERY_CHARS} characters."));
    }
    while parser.clause() {}
    parser.finish()
}

struct Parser<'t, 'a> {
    rest: &'t str,
    analyzer: &'a mut Analyzer,
    query: Query,
    /// How many words were asked for so far.
    words: usize,
    /// How many words were read so far.
    position: usize,
    warnings: Vec<String>,
}

impl<'t> Parser<'t, '_> {
    /// Reads one clause; false at the end of the text.
    fn clause(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let occurrence = self.sign();
        let Some(first) = self.rest.chars().next() else { return false };
        if is_opening_quote(first) {
            self.rest = &self.rest[first.len_utf8()..];
            self.phrase(occurrence);
        } else {
            self.words(occurrence);
        }
        true
    }

    /// The sign before a word or a quote.
    fn sign(&mut self) -> Occurrence {
        let mut characters = self.rest.chars();
        let occurrence = match characters.next() {
            Some('+') => Occurrence::Must,
            Some('-' | '−') => Occurrence::MustNot,
            _ => return Occurrence::Should,
        };
        if !characters.clone().next().is_some_and(|c| c.is_alphanumeric() || c == '!' || is_opening_quote(c)) {
            return Occurrence::Should;
        }
        self.rest = characters.as_str();
        occurrence
    }

    /// The words up to white space or a quote: one, or the parts of a hyphenated one.
    fn words(&mut self, occurrence: Occurrence) {
        let ends = |c: char| c.is_whitespace() || is_opening_quote(c) || is_closing_quote(c);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        // A stray closing quote is passed over, so that each call reads on.
        let next = end.max(self.rest.chars().next().map_or(0, char::len_utf8));
        let text = &self.rest[..end];
        self.rest = &self.rest[next..];
        let is_exact = text.strip_prefix('!').is_some_and(|word| word.starts_with(char::is_alphanumeric));
        for word in self.take_words(text, is_exact) {
            // Of a compound that must or must not be there, its parts are what is demanded.
            if !(word.is_compound && occurrence != Occurrence::Should) {
                self.push(occurrence, Expression::Word(word));
            }
        }
    }

    /// The words up to the closing quote, which may be missing at the end of the query.
    fn phrase(&mut self, occurrence: Occurrence) {
        let (inside, rest) = match self.rest.char_indices().find(|&(_, c)| is_closing_quote(c)) {
            Some((at, quote)) => (&self.rest[..at], &self.rest[at + quote.len_utf8()..]),
            None => (self.rest, ""),
        };
        self.rest = rest;
        let mut words = self.take_words(inside, false);
        words.retain(|word| !word.is_compound);
        match words.len() {
            0 => {}
            1 => self.push(occurrence, Expression::Word(words.remove(0))),
            _ => self.push(occurrence, Expression::Phrase(words)),
        }
    }

    fn take_words(&mut self, text: &'t str, is_exact: bool) -> Vec<QueryWord> {
        let room = MAX_QUERY_WORDS - self.words.min(MAX_QUERY_WORDS);
        let offset = self.position;
        let tokens = self.analyzer.tokens(text);
        let words: Vec<_> = tokens.map(|token| QueryWord::of(token, offset, is_exact)).collect();
        self.words += words.len();
        self.position += words.iter().filter(|word| !word.is_compound).count();
        words.into_iter().take(room).collect()
    }

    /// Adds a clause, once: a word that is typed twice is asked for once.
    fn push(&mut self, occurrence: Occurrence, expression: Expression) {
        let is_same = |clause: &Clause| {
            clause.occurrence == occurrence
                && match (&clause.expression, &expression) {
                    (Expression::Word(a), Expression::Word(b)) => a.asks_the_same(b),
                    (Expression::Phrase(a), Expression::Phrase(b)) => {
                        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.asks_the_same(b))
                    }
                    _ => false,
                }
        };
        if !self.query.clauses.iter().any(is_same) {
            self.query.clauses.push(Clause { occurrence, expression });
        }
    }

    fn finish(mut self) -> Parsed {
        if self.words > MAX_QUERY_WORDS {
            let left_out = self.words - MAX_QUERY_WORDS;
            self.warnings
                .push(format!("Only the first {MAX_QUERY_WORDS} words were searched for; {left_out} were left out."));
        }
        if self.query.is_empty() {
            let warning = if self.query.clauses.is_empty() {
                "The query holds no word to search for."
            } else {
                "The query says only what not to find; add a word to search for."
            };
            self.warnings.push(warning.to_owned());
        }
        Parsed { query: self.query, warnings: self.warnings }
    }
}

fn is_opening_quote(character: char) -> bool {
    matches!(character, '"' | '«' | '“' | '„')
}

fn is_closing_quote(character: char) -> bool {
    matches!(character, '"' | '»' | '”' | '“')
}

#[cfg(test)]
mod tests {
    //! 1. Words, phrases and signs are read, in both languages and their quotes.
    //! 2. Signs and quotes in other places are punctuation.
    //! 3. Limits count characters and are reported.
    //! 4. No string fails.

    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Parsed {
        super::parse(text, &mut Analyzer::default())
    }

    /// Clauses as text: the sign, then the terms, joined by `_` in phrases.
    fn shape(text: &str) -> Vec<String> {
        let clauses = parse(text).query.clauses.into_iter();
        clauses
            .map(|clause| {
                let sign = match clause.occurrence {
                    Occurrence::Should => "",
                    Occurrence::Must => "+",
                    Occurrence::MustNot => "-",
                };
                let terms = match clause.expression {
                    Expression::Word(word) if word.is_exact => format!("!{}", word.reading.form),
                    Expression::Word(word) => word.reading.terms[0].clone(),
                    Expression::Phrase(words) => {
                        words.into_iter().map(|word| word.reading.terms[0].clone()).collect::<Vec<_>>().join("_")
                    }
                };
                format!("{sign}{terms}")
            })
            .collect()
    }

    #[test]
    fn words_phrases_and_signs_are_read_in_both_languages() {
        assert_eq!(shape("поезда ministers"), ["поезд", "minist"]);
        assert_eq!(shape("\"железные дороги\" +поезда -погода"), ["железн_дорог", "+поезд", "-погод"]);
        assert_eq!(shape("«железные дороги» “state visits” „ein Wort“"), ["железн_дорог", "state_visit", "ein_wort"]);
        assert_eq!(shape("-\"железные дороги\" рельсы"), ["-железн_дорог", "рельс"]);
    }

    #[test]
    fn signs_and_quotes_elsewhere_are_punctuation() {
        assert_eq!(shape("научно-технический - прогресс"), ["научнотехническ", "научн", "техническ", "прогресс"]);
        assert_eq!(shape("state-of-the-art C++ a+b"), ["stateoftheart", "state", "of", "the", "art", "c", "a", "b"]);
        assert_eq!(shape("\"unfinished phrase"), ["unfinish_phrase"]);
        assert_eq!(shape("\"один\" » ”"), ["один"]);
    }

    #[test]
    fn an_exclamation_mark_asks_for_the_form_as_typed() {
        assert_eq!(shape("!министром !Ministers +!visits"), ["!министром", "!ministers", "+!visits"]);
        assert_eq!(shape("visit! ! поезд"), ["visit", "поезд"]);
    }

    #[test]
    fn of_a_demanded_compound_the_parts_are_demanded() {
        assert_eq!(shape("+e-mail"), ["+e", "+mail"]);
        assert_eq!(shape("\"e-mail address\""), ["e_mail_address"]);
    }

    #[test]
    fn a_word_typed_twice_is_asked_for_once() {
        assert_eq!(shape("docker Docker контейнер контейнеры"), ["docker", "контейнер"]);
    }

    #[test]
    fn limits_count_characters_in_both_languages() {
        for word in ["word ", "слог "] {
            let at_limit = word.repeat(MAX_QUERY_CHARS / 5);
            assert!(!parse(&at_limit).warnings.iter().any(|w| w.contains("cut")), "{word}");
            assert!(parse(&format!("{at_limit}x")).warnings.iter().any(|w| w.contains("1000 characters")), "{word}");
        }
        let many: Vec<String> = (0..40).map(|n| format!("слово{n}")).collect();
        let parsed = parse(&many.join(" "));
        assert_eq!(parsed.query.clauses.len(), MAX_QUERY_WORDS);
        assert!(parsed.warnings[0].contains("8 were left out"), "{:?}", parsed.warnings);
    }

    #[test]
    fn a_query_that_asks_for_nothing_says_so() {
        for text in ["", "   ", "!!!", "\"\"", "-погода -weather"] {
            let parsed = parse(text);
            assert!(parsed.query.is_empty(), "{text}");
            assert_eq!(parsed.warnings.len(), 1, "{text}");
        }
    }

    #[test]
    fn stop_words_give_way_to_other_words() {
        let kept = |text| parse(text).query.without_stop_words().clauses.len();
        assert_eq!(kept("visit to the capital"), 2);
        assert_eq!(kept("визит в столицу"), 2);
        assert_eq!(kept("to be or not to be"), 4);
        assert_eq!(kept("и не только"), 3);
        assert_eq!(kept("+the visit"), 2);
    }

    proptest! {
        #[test]
        fn no_string_fails(text in "[-+\"«»“”а-яa-z !'\u{301}]{0,60}|\\PC{0,60}") {
            let parsed = parse(&text);
            prop_assert!(parsed.query.clauses.len() <= MAX_QUERY_WORDS);
        }
    }
}
