//! String → lexemes: words, quotes, brackets and operators, each with the sign, the field and the weight that it was
//! typed with.
//!
//! What is no sign of the language where it stands is punctuation: a colon behind no name of a field, a hyphen inside a
//! word, a star with no letters before it.

use super::Occurrence;
use crate::text::{Span, words};

/// The least and the greatest weight of `^`.
pub const BOOSTS: (f32, f32) = (0.1, 10.0);

/// The greatest number of places of `~`.
pub const MAX_SLOP: u32 = 50;

/// The fields that can be asked for by name, each with its names.
const FIELDS: [(Field, [&str; 2]); 4] = [
    (Field::Title, ["title", "заголовок"]),
    (Field::Language, ["language", "язык"]),
    (Field::Date, ["date", "дата"]),
    (Field::Source, ["source", "источник"]),
];

/// The operators by their names. They count in capitals alone: «и» and "or" are words of most questions.
const OPERATORS: [(&str, Operator); 6] = [
    ("AND", Operator::And),
    ("OR", Operator::Or),
    ("NOT", Operator::Not),
    ("И", Operator::And),
    ("ИЛИ", Operator::Or),
    ("НЕ", Operator::Not),
];

/// A field that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Language,
    Date,
    Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
}

/// A piece of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme<'t> {
    pub kind: Kind<'t>,
    /// The sign before it: a demand or an exclusion.
    pub sign: Option<Occurrence>,
    /// The name before it.
    pub field: Option<Field>,
    /// The weight behind it.
    pub boost: f32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind<'t> {
    /// What stands between two spaces: `raw` as it was typed, `text` from its first word to its last.
    Word {
        raw: &'t str,
        text: &'t str,
        is_exact: bool,
        is_prefix: bool,
    },
    /// An operator, as it was typed.
    Operator(Operator, &'t str),
    /// What stands between quotes: `raw` as it was typed, `text` from its first word to its last.
    Quoted {
        raw: &'t str,
        text: &'t str,
        slop: u32,
    },
    Open,
    Close,
}

/// The lexemes of a query; what could not be used of it is said in the warnings.
pub(super) fn lex<'t>(text: &'t str, warnings: &mut Vec<String>) -> Vec<Lexeme<'t>> {
    let mut lexer = Lexer { rest: text, is_apart: true, lexemes: Vec::new(), warnings };
    while lexer.step() {}
    lexer.lexemes
}

/// Whether a word would be an operator if it stood without quotes.
pub(super) fn is_operator(word: &str) -> bool {
    OPERATORS.iter().any(|(name, _)| *name == word)
}

struct Lexer<'t, 'w> {
    rest: &'t str,
    /// Whether a word would begin here, with nothing but space or an opening bracket before it.
    is_apart: bool,
    lexemes: Vec<Lexeme<'t>>,
    warnings: &'w mut Vec<String>,
}

impl<'t> Lexer<'t, '_> {
    /// Reads one lexeme; false at the end of the text.
    fn step(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        // Behind anything else it is a hyphen: histone (H2A)-histone.
        let is_apart = self.is_apart || self.rest.len() < before;
        let sign = if is_apart { self.sign() } else { None };
        self.is_apart = self.rest.starts_with('(');
        if self.rest.is_empty() {
            return false;
        }
        self.operand(sign, None);
        true
    }

    /// The sign before a word, a quote or a bracket.
    fn sign(&mut self) -> Option<Occurrence> {
        let mut characters = self.rest.chars();
        let occurrence = match characters.next() {
            Some('+') => Occurrence::Must,
            Some('-' | '−') => Occurrence::MustNot,
            _ => return None,
        };
        let next = characters.clone().next()?;
        if !(next.is_alphanumeric() || matches!(next, '!' | '(') || is_opening_quote(next)) {
            return None;
        }
        self.rest = characters.as_str();
        Some(occurrence)
    }

    fn operand(&mut self, sign: Option<Occurrence>, field: Option<Field>) {
        let Some(first) = self.rest.chars().next() else { return };
        match first {
            '(' => {
                self.rest = &self.rest[1..];
                self.lexemes.push(Lexeme { kind: Kind::Open, sign, field, boost: 1.0 });
            }
            ')' => {
                self.rest = &self.rest[1..];
                let boost = self.boost_ahead();
                self.lexemes.push(Lexeme { kind: Kind::Close, sign: None, field: None, boost });
            }
            _ if is_opening_quote(first) => self.quoted(sign, field),
            // A stray closing quote is passed over, so that each step reads on.
            _ if is_closing_quote(first) => self.rest = &self.rest[first.len_utf8()..],
            _ => self.word(sign, field),
        }
    }

    /// What stands up to the closing quote, which may be missing at the end of the query.
    fn quoted(&mut self, sign: Option<Occurrence>, field: Option<Field>) {
        let inside = &self.rest[self.rest.chars().next().map_or(0, char::len_utf8)..];
        let raw = if let Some((at, quote)) = inside.char_indices().find(|&(_, c)| is_closing_quote(c)) {
            self.rest = &inside[at + quote.len_utf8()..];
            &inside[..at]
        } else {
            self.rest = "";
            self.warn("A quote is opened and not closed; it was closed at the end.".to_owned());
            inside
        };
        let slop = self.slop_ahead();
        let boost = self.boost_ahead();
        let text = trimmed(raw).of(raw);
        if !text.is_empty() || is_filter(field) {
            self.lexemes.push(Lexeme { kind: Kind::Quoted { raw, text, slop }, sign, field, boost });
        }
    }

    /// What stands up to white space, a quote or a bracket.
    fn word(&mut self, sign: Option<Occurrence>, field: Option<Field>) {
        let all = self.rest;
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_opening_quote(c) || is_closing_quote(c);
        let raw = &all[..all.find(ends).unwrap_or(all.len())];
        self.rest = &all[raw.len()..];
        let push = |lexer: &mut Self, kind, boost| lexer.lexemes.push(Lexeme { kind, sign, field, boost });
        if is_filter(field) {
            return push(self, Kind::Word { raw, text: trimmed(raw).of(raw), is_exact: false, is_prefix: false }, 1.0);
        }
        if raw == "|" {
            return push(self, Kind::Operator(Operator::Or, raw), 1.0);
        }
        let start = trimmed(raw).start;
        let is_exact = &raw[..start] == "!";
        if field.is_none()
            && !is_exact
            && let Some((field, length)) = self.field(&all[start..])
        {
            self.rest = &all[start + length..];
            return self.operand(sign, Some(field));
        }
        let (text, boost, is_prefix) = self.decorations(raw);
        let operator = OPERATORS.iter().find(|(name, _)| *name == raw && sign.is_none() && field.is_none());
        match operator {
            Some(&(_, operator)) => push(self, Kind::Operator(operator, raw), 1.0),
            None if text.is_empty() => {
                if raw == "!" && self.rest.starts_with(is_opening_quote) {
                    self.warn("! counts before a word, not before a phrase.".to_owned());
                }
            }
            None => push(self, Kind::Word { raw, text, is_exact, is_prefix }, boost),
        }
    }

    /// The field whose name a text begins with, and the length of name and colon. Only what follows the colon at once is
    /// its value, so that «Дата: вторник» stays what it is.
    fn field(&mut self, text: &str) -> Option<(Field, usize)> {
        let (name, value) = text.split_once(':')?;
        let first = value.chars().next().filter(|c| !c.is_whitespace() && *c != ')')?;
        if !name.chars().all(char::is_alphabetic) {
            return None;
        }
        let lower = name.to_lowercase();
        let known = FIELDS.iter().find(|(_, names)| names.contains(&lower.as_str()));
        if known.is_none() && name.chars().nth(1).is_some() && (first.is_alphanumeric() || is_opening_quote(first)) {
            let names = FIELDS.map(|(_, [name, _])| name).join(", ");
            self.warn(format!("There is no field {name:?}, so its name was read as a word; there are {names}."));
        }
        known.map(|&(field, _)| (field, name.len() + 1))
    }

    /// What of a word is text, its weight, and whether it is a prefix.
    fn decorations(&mut self, raw: &'t str) -> (&'t str, f32, bool) {
        let mut span = trimmed(raw);
        let stars = raw.matches('*').count();
        let (mut boost, mut is_prefix) = (1.0, false);
        let mut tail = &raw[span.end..];
        loop {
            is_prefix |= tail == "*" && stars == 1;
            let Some((head, value)) = split_boost(span.of(raw)) else { break };
            boost = self.in_bounds(value);
            let inner = trimmed(head);
            tail = &head[inner.end..];
            span = Span::new(span.start + inner.start, span.start + inner.end);
        }
        let text = span.of(raw);
        // Around a word, as in *this*, they are decoration.
        if stars == 1 && !is_prefix && raw[raw.find('*').unwrap_or(0) + 1..].starts_with(char::is_alphanumeric) {
            self.warn(format!("* counts only behind the letters that a word begins with; in {raw:?} it was left out."));
        }
        // The point of an initial says that it is one.
        let is_initial = words(text).last().is_some_and(|word| word.text.chars().count() == 1);
        let end = span.end + usize::from(is_initial && tail.starts_with('.'));
        (&raw[span.start..end], boost, is_prefix)
    }

    /// The number of places behind a phrase.
    fn slop_ahead(&mut self) -> u32 {
        let Some(after) = self.rest.strip_prefix('~') else { return 0 };
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.rest = &after[digits..];
        let asked = if digits == 0 { 0 } else { after[..digits].parse().unwrap_or(u32::MAX) };
        if asked > MAX_SLOP {
            self.warn(format!("~ takes a whole number up to {MAX_SLOP}; {MAX_SLOP} was taken."));
        }
        asked.min(MAX_SLOP)
    }

    /// The weight behind a quote or a bracket.
    fn boost_ahead(&mut self) -> f32 {
        let Some(after) = self.rest.strip_prefix('^') else { return 1.0 };
        let length = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',').len();
        let text = after[..length].trim_end_matches(['.', ',']);
        let Some(value) = number(text) else { return 1.0 };
        self.rest = &after[text.len()..];
        self.in_bounds(value)
    }

    fn in_bounds(&mut self, boost: f32) -> f32 {
        let (least, greatest) = BOOSTS;
        if !(least..=greatest).contains(&boost) {
            self.warn(format!("^ takes a number from {least} to {greatest}; the nearest was taken."));
        }
        boost.clamp(least, greatest)
    }

    fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }
}

/// The weight behind a word, and what stands before it. Behind a number it is a power: 2^10.
pub(super) fn split_boost(text: &str) -> Option<(&str, f32)> {
    let (head, value) = text.rsplit_once('^').filter(|(head, _)| head.contains(char::is_alphabetic))?;
    Some((head, number(value)?))
}

fn is_filter(field: Option<Field>) -> bool {
    field.is_some_and(|field| field != Field::Title)
}

/// From the first word of a text to its last.
fn trimmed(text: &str) -> Span {
    let mut found = words(text).map(|word| word.span);
    let first = found.next().unwrap_or(Span::new(0, 0));
    Span::new(first.start, found.last().unwrap_or(first).end)
}

/// A number as people write it, with a point or a comma.
fn number(text: &str) -> Option<f32> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if is_number { text.replace(',', ".").parse().ok() } else { None }
}

fn is_opening_quote(character: char) -> bool {
    matches!(character, '"' | '«' | '“' | '„')
}

fn is_closing_quote(character: char) -> bool {
    matches!(character, '"' | '»' | '”' | '“')
}
