//! Words, phrases, prefixes and filters → the leaves of the tree, as many as there is room for.

use super::{
    Clause, Compound, Expression, Filter, MAX_QUERY_WORDS, MIN_PREFIX_CHARS, Matching, Occurrence, Phrase, Prefix,
    QueryWord,
    join::join,
    lexer::{Field, split_boost},
    parse::Parser,
};
use crate::text::{char_count, words};

impl Parser<'_, '_> {
    pub(super) fn filter(&mut self, field: Field, raw: &str) -> Option<Expression> {
        let value = raw.trim().trim_end_matches([',', ';', '!', '?']);
        let filter = match field {
            Field::Language => Filter::language(value),
            Field::Date => Filter::date(value),
            Field::Source | Field::Title => Filter::source(value),
        };
        self.words += 1;
        match filter {
            Ok(filter) => Some(Expression::Filter(filter)).filter(|_| self.words <= MAX_QUERY_WORDS),
            Err(warning) => {
                self.words -= 1;
                self.warn(warning);
                None
            }
        }
    }

    pub(super) fn phrase(&mut self, text: &str, slop: u32, is_in_title: bool) -> Option<Expression> {
        let (typed, mut words) = self.take(text, false, is_in_title);
        words.retain(|word| !word.is_compound);
        match words.len() {
            0 | 1 => words.pop().map(|word| Expression::Word(QueryWord { typed, ..word })),
            _ => Some(Expression::Phrase(Phrase { typed, words, slop })),
        }
    }

    pub(super) fn word(&mut self, text: &str, is_exact: bool, is_in_title: bool) -> Option<Expression> {
        if is_exact && is_in_title {
            self.warn(
                "! counts in the whole text and not behind title:; any form of the word was searched for.".into(),
            );
        }
        let (typed, mut words) = self.take(text, is_exact && !is_in_title, is_in_title);
        match words.len() {
            0 | 1 => words.pop().map(|word| Expression::Word(QueryWord { typed, ..word })),
            _ => Some(Expression::Compound(Compound { typed, words })),
        }
    }

    pub(super) fn prefix(&mut self, text: &str, is_in_title: bool) -> Option<Expression> {
        let form = self.form(text);
        if form.as_deref().is_none_or(|form| char_count(form) < MIN_PREFIX_CHARS) {
            let needs = format!("* needs one word of at least {MIN_PREFIX_CHARS} letters before it");
            self.warn(format!("{needs}; {text:?} was searched for as it is."));
            return self.word(text, false, is_in_title);
        }
        let position = self.position;
        self.words += 1;
        self.position += 1;
        let is_kept = self.words <= MAX_QUERY_WORDS;
        let prefix = |form| Expression::Prefix(Prefix { typed: text.to_owned(), form, is_in_title, position });
        form.filter(|_| is_kept).map(prefix)
    }

    /// A word that a person may be in the middle of: as it is, or as the beginning of another.
    pub(super) fn unfinished(&mut self, text: &str) -> Option<Clause> {
        let position = self.position;
        let is_function_word = self.analyzer.reading(text).is_stop_word;
        let form = self.form(text).filter(|form| char_count(form) >= MIN_PREFIX_CHARS && !is_function_word);
        let word = self.word(text, false, false)?;
        let prefix = |form| Prefix { typed: text.to_owned(), form, is_in_title: false, position };
        let prefix = form.map(|form| Expression::Prefix(prefix(form)));
        let both = [Some(word), prefix].into_iter().flatten();
        join(Some(Matching::Any), both.map(|expression| Clause::new(Occurrence::Should, expression)))
    }

    /// The form of a text that is one word, or a compound as a whole.
    fn form(&mut self, text: &str) -> Option<String> {
        let mut tokens = self.analyzer.tokens(text);
        let first = tokens.next()?;
        let is_whole = first.word.span.len() == text.trim_end_matches('.').len();
        is_whole.then(|| first.reading.form.to_string())
    }

    /// The words of a text, as many as there is room for, and what of the text they are.
    fn take(&mut self, text: &str, is_exact: bool, is_in_title: bool) -> (String, Vec<QueryWord>) {
        let room = MAX_QUERY_WORDS - self.words.min(MAX_QUERY_WORDS);
        let count = self.analyzer.tokens(text).count();
        let typed = if count > room { self.shortened(text, room) } else { text };
        let offset = self.position;
        let tokens = self.analyzer.tokens(typed).map(|token| QueryWord::of(token, offset));
        let words: Vec<_> = tokens.map(|word| QueryWord { is_exact, is_in_title, ..word }).collect();
        self.words += count;
        self.position += words.iter().filter(|word| !word.is_compound).count();
        (typed.to_owned(), words)
    }

    /// As much of the beginning of a text as has room.
    fn shortened<'a>(&mut self, text: &'a str, room: usize) -> &'a str {
        let ends: Vec<usize> = words(text).map(|word| word.span.end).collect();
        let shorter = ends.into_iter().rev().map(|end| &text[..end]);
        // What is cut off must not make a weight of what is left: a^2/3.
        let shorter = shorter.filter(|shorter| split_boost(shorter).is_none());
        let mut fitting = shorter.filter(|shorter| self.analyzer.tokens(shorter).count() <= room);
        fitting.next().unwrap_or_default()
    }
}
