//! String → query. Every string is a question: nothing here fails; what could not be used is said in the warnings.
//!
//! NOT binds more than AND, AND more than OR, and OR more than a space. What was left open is closed at the end, an
//! operator with nothing to join is a word, and a name that is no field is one too.

use std::collections::HashSet;

use super::{
    Clause, Matching, Occurrence, Query,
    balance::{balanced, too_deep},
    join::{boosted, join, root},
    lexer::{Field, Kind, Lexeme, Operator, lex},
};
use crate::{analysis::Analyzer, text::head};

/// The longest query that is read, in characters; the rest is left out with a warning.
pub const MAX_QUERY_CHARS: usize = 1_000;

/// The most words and filters of a query that are searched for; the rest is left out with a warning.
pub const MAX_QUERY_WORDS: usize = 32;

/// The most brackets one in another; deeper ones are left out with a warning.
pub const MAX_DEPTH: usize = 8;

/// The fewest characters of a prefix: one letter begins a fair part of all words.
pub const MIN_PREFIX_CHARS: usize = 2;

/// A query and what was odd about its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What is asked for.
    pub query: Query,
    /// What could not be used, in sentences for the person who typed it.
    pub warnings: Vec<String>,
}

/// Reads a query, its words by the rules of an analyzer.
#[must_use]
pub fn parse(text: &str, analyzer: &mut Analyzer) -> Parsed {
    read(text, analyzer, false)
}

/// Reads a query that is still being typed: its last word, if nothing follows it, may be the beginning of one.
#[must_use]
pub fn parse_unfinished(text: &str, analyzer: &mut Analyzer) -> Parsed {
    read(text, analyzer, true)
}

fn read(text: &str, analyzer: &mut Analyzer, is_unfinished: bool) -> Parsed {
    let read = head(text, MAX_QUERY_CHARS);
    let mut warnings = Vec::new();
    if read.len() < text.len() {
        warnings.push(format!("The query was cut to its first {MAX_QUERY_CHARS} characters."));
    }
    let lexemes = balanced(lex(read, &mut warnings), &mut warnings);
    let last = lexemes.iter().rposition(|lexeme| lexeme.kind != Kind::Close);
    let unfinished = last.filter(|&last| is_unfinished && may_go_on(&lexemes[last], read));
    let mut parser = Parser { lexemes, at: 0, analyzer, words: 0, position: 0, unfinished, warnings };
    let clauses = parser.side_by_side(None);
    parser.finish(root(clauses, None))
}

/// Whether a last word is one that a person may be in the middle of.
fn may_go_on(last: &Lexeme<'_>, text: &str) -> bool {
    let is_word =
        matches!(last.kind, Kind::Word { text: word, is_exact: false, is_prefix: false, .. } if text.ends_with(word));
    is_word && last.field.is_none() && last.sign != Some(Occurrence::MustNot)
}

pub(super) struct Parser<'t, 'a> {
    lexemes: Vec<Lexeme<'t>>,
    at: usize,
    pub(super) analyzer: &'a mut Analyzer,
    /// How many words and filters were asked for so far.
    pub(super) words: usize,
    /// How many words were read so far.
    pub(super) position: usize,
    /// The number of the last lexeme, if it is a word that may go on.
    unfinished: Option<usize>,
    warnings: Vec<String>,
}

impl Parser<'_, '_> {
    /// What stands side by side, up to a closing bracket.
    fn side_by_side(&mut self, field: Option<Field>) -> Vec<Clause> {
        let mut clauses = Vec::new();
        while self.kind(self.at).is_some_and(|kind| kind != Kind::Close) {
            clauses.extend(self.alternatives(field));
        }
        clauses
    }

    /// What stands between ORs.
    fn alternatives(&mut self, field: Option<Field>) -> Option<Clause> {
        let first = self.demands(field);
        if !self.joins(Operator::Or) {
            return first;
        }
        let mut clauses = Vec::from_iter(first);
        while self.joins(Operator::Or) {
            self.at += 1;
            clauses.extend(self.demands(field));
        }
        join(Some(Matching::Any), clauses)
    }

    /// What stands between ANDs.
    fn demands(&mut self, field: Option<Field>) -> Option<Clause> {
        let first = self.operand(field);
        if !self.joins(Operator::And) {
            return first;
        }
        let mut clauses = Vec::from_iter(first);
        while self.joins(Operator::And) {
            self.at += 1;
            clauses.extend(self.operand(field));
        }
        let demanded = clauses.into_iter().map(|clause| match clause.occurrence {
            Occurrence::Should => Clause { occurrence: Occurrence::Must, ..clause },
            _ => clause,
        });
        join(None, demanded)
    }

    /// A word, a phrase, or what stands in brackets, with what is said of it before.
    fn operand(&mut self, field: Option<Field>) -> Option<Clause> {
        let mut is_excluded = false;
        while self.kind(self.at).is_some_and(|kind| is(kind, Operator::Not)) && self.is_operand(self.at + 1) {
            self.at += 1;
            is_excluded = !is_excluded;
        }
        let lexeme = self.lexemes.get(self.at)?.clone();
        self.at += 1;
        is_excluded ^= lexeme.sign == Some(Occurrence::MustNot);
        let clause = self.content(&lexeme, lexeme.field.or(field))?;
        let occurrence = match (is_excluded, lexeme.sign) {
            (true, _) => Occurrence::MustNot,
            (false, Some(Occurrence::Must)) => Occurrence::Must,
            (false, _) => Occurrence::Should,
        };
        Some(Clause { occurrence, ..clause })
    }

    fn content(&mut self, lexeme: &Lexeme<'_>, field: Option<Field>) -> Option<Clause> {
        let expression = match (lexeme.kind, field) {
            (Kind::Close, _) => return None,
            (Kind::Open, _) => return self.brackets(field),
            (Kind::Word { raw, .. } | Kind::Quoted { raw, .. } | Kind::Operator(_, raw), Some(field))
                if field != Field::Title =>
            {
                return self.filter(field, raw).map(|filter| Clause::new(Occurrence::Should, filter));
            }
            (Kind::Quoted { text, slop, .. }, _) => self.phrase(text, slop, field.is_some())?,
            (Kind::Word { text, is_prefix: true, .. }, _) => self.prefix(text, field.is_some())?,
            (Kind::Word { text, is_exact, .. }, _) => {
                if self.unfinished == Some(self.at - 1) {
                    return self.unfinished(text);
                }
                self.word(text, is_exact, field.is_some())?
            }
            (Kind::Operator(_, text), _) => {
                // A question of one word is about it: «ИЛИ».
                if self.lexemes.len() > 1 {
                    self.warn(format!("{text} joins what stands before and after it; here it was read as a word."));
                }
                self.word(text, false, field.is_some())?
            }
        };
        Some(boosted(Clause::new(Occurrence::Should, expression), lexeme.boost))
    }

    /// What stands in brackets, behind the opening one.
    fn brackets(&mut self, field: Option<Field>) -> Option<Clause> {
        if self.kind(self.at) == Some(Kind::Close) {
            self.warn("A pair of brackets holds nothing; it was left out.".to_owned());
        }
        let clauses = self.side_by_side(field);
        // Brackets are balanced: this is the closing one.
        let boost = self.lexemes.get(self.at).map_or(1.0, |close| close.boost);
        self.at += 1;
        // A document has one language, one date and one source, so several of them are alternatives.
        let matching = field.filter(|field| *field != Field::Title).map(|_| Matching::Any);
        join(matching, clauses).map(|clause| boosted(clause, boost))
    }

    fn kind(&self, at: usize) -> Option<Kind<'_>> {
        self.lexemes.get(at).map(|lexeme| lexeme.kind)
    }

    /// Whether an operator stands here that joins what was read with what follows.
    fn joins(&self, operator: Operator) -> bool {
        self.kind(self.at).is_some_and(|kind| is(kind, operator)) && self.is_operand(self.at + 1)
    }

    /// Whether an operand begins there.
    fn is_operand(&self, at: usize) -> bool {
        let negations = self.lexemes.iter().skip(at).take_while(|lexeme| is(lexeme.kind, Operator::Not)).count();
        let kind = self.kind(at + negations);
        matches!(kind, Some(Kind::Word { .. } | Kind::Quoted { .. } | Kind::Open))
    }

    pub(super) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    fn finish(mut self, query: Query) -> Parsed {
        let is_too_deep = query.depth() > MAX_DEPTH;
        let query = query.limited(MAX_DEPTH);
        if is_too_deep {
            self.warn(too_deep());
        }
        if self.words > MAX_QUERY_WORDS {
            let left_out = self.words - MAX_QUERY_WORDS;
            self.warn(format!("Only the first {MAX_QUERY_WORDS} words were searched for; {left_out} were left out."));
        }
        if query.is_empty() {
            let warning = if query.clauses.is_empty() {
                "The query holds no word to search for."
            } else {
                "The query says only what not to find; add a word to search for."
            };
            self.warn(warning.to_owned());
        }
        let mut said = HashSet::new();
        self.warnings.retain(|warning| said.insert(warning.clone()));
        Parsed { query, warnings: self.warnings }
    }
}

fn is(kind: Kind<'_>, operator: Operator) -> bool {
    matches!(kind, Kind::Operator(found, _) if found == operator)
}
