//! What is asked for, as a tree of analysed terms.

use std::sync::Arc;

use crate::analysis::{Reading, Token};

/// A query: clauses, each with what it means for a document to satisfy it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The clauses, in the order in which they were typed.
    pub clauses: Vec<Clause>,
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What the clause means for a document.
    pub occurrence: Occurrence,
    /// What is looked for.
    pub expression: Expression,
}

/// What a clause means for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    /// Raises a document that satisfies it.
    Should,
    /// Leaves out documents that do not satisfy it.
    Must,
    /// Leaves out documents that satisfy it.
    MustNot,
}

/// What a clause looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A word in any of its forms.
    Word(QueryWord),
    /// Two words or more side by side, in any of their forms.
    Phrase(Vec<QueryWord>),
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryWord {
    /// As it was typed.
    pub typed: String,
    /// What it is searched by.
    pub reading: Arc<Reading>,
    /// Its number among the words of the query, from 0, function words counted.
    pub position: usize,
    /// Whether only the form as typed is asked for.
    pub is_exact: bool,
    /// Whether it is a compound whose parts are words of the query too.
    pub is_compound: bool,
}

impl QueryWord {
    pub(super) fn of(token: Token<'_>, offset: usize, is_exact: bool) -> Self {
        Self {
            typed: token.word.text.to_owned(),
            reading: token.reading,
            position: offset + token.position,
            is_exact,
            is_compound: token.is_compound,
        }
    }

    /// Whether another word asks for the same.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.is_exact == other.is_exact
            && if self.is_exact {
                self.reading.form == other.reading.form
            } else {
                self.reading.terms == other.reading.terms
            }
    }
}

impl Query {
    /// The words that may raise a document, in the order in which they were typed; those of phrases included.
    pub fn words(&self) -> impl Iterator<Item = &QueryWord> {
        self.wanted().flat_map(|expression| match expression {
            Expression::Word(word) => std::slice::from_ref(word),
            Expression::Phrase(words) => words.as_slice(),
        })
    }

    /// Whether nothing can be found by it: it is empty, or says only what not to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.iter().all(|clause| clause.occurrence == Occurrence::MustNot)
    }

    /// The expressions that a document can satisfy.
    pub fn wanted(&self) -> impl Iterator<Item = &Expression> {
        let wanted = self.clauses.iter().filter(|clause| clause.occurrence != Occurrence::MustNot);
        wanted.map(|clause| &clause.expression)
    }

    /// The query without its function words, which say little and stand in every document; they stay in phrases, where
    /// they were demanded or excluded, and where nothing else was asked for.
    #[must_use]
    pub fn without_stop_words(mut self) -> Self {
        let is_idle = |clause: &Clause| {
            clause.occurrence == Occurrence::Should
                && matches!(&clause.expression, Expression::Word(word) if word.reading.is_stop_word && !word.is_exact)
        };
        let says_more = self.clauses.iter().any(|c| c.occurrence != Occurrence::MustNot && !is_idle(c));
        if says_more {
            self.clauses.retain(|clause| !is_idle(clause));
        }
        self
    }
}
