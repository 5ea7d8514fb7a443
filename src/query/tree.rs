//! What is asked for, as a tree of analysed terms.

use crate::analysis::Token;

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
    pub term: String,
    /// Whether it is a function word.
    pub is_stop_word: bool,
}

impl QueryWord {
    pub(super) fn of(token: Token<'_>) -> Self {
        Self { typed: token.word.text.to_owned(), term: token.term, is_stop_word: token.is_stop_word }
    }
}

impl Query {
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
                && matches!(&clause.expression, Expression::Word(word) if word.is_stop_word)
        };
        let says_more = self.clauses.iter().any(|c| c.occurrence != Occurrence::MustNot && !is_idle(c));
        if says_more {
            self.clauses.retain(|clause| !is_idle(clause));
        }
        self
    }
}
