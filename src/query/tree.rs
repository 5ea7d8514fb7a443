//! What is asked for, as a tree of analysed terms.

use std::{str::FromStr, sync::Arc};

use super::Filter;
use crate::{
    analysis::{Reading, Token},
    text::ShortText,
};

/// A query, or a part of one in brackets: clauses, each with what it means for a document to satisfy it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The clauses, in the order in which they were typed.
    pub clauses: Vec<Clause>,
    /// How many of the clauses that may match have to; `None` where the query does not say, which is [`Matching::Any`]
    /// unless the request says otherwise. Alternatives (`a OR b`) are always [`Matching::Any`].
    pub matching: Option<Matching>,
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What the clause means for a document.
    pub occurrence: Occurrence,
    /// What is looked for.
    pub expression: Expression,
    /// What it is worth, times what it would be worth by itself.
    pub boost: f32,
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

/// How many of the words that may match have to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Matching {
    /// One is enough.
    #[default]
    Any,
    /// Two thirds of them, rounded up: 2 of 2, 2 of 3, 3 of 4, 4 of 5.
    Most,
    /// All of them.
    All,
}

/// What a clause looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A word in any of its forms.
    Word(QueryWord),
    /// Words that were typed as one: научно-технический, U.N.
    Compound(Compound),
    /// Two words or more side by side, in any of their forms.
    Phrase(Phrase),
    /// Words that begin so.
    Prefix(Prefix),
    /// What is known of a document beside its text.
    Filter(Filter),
    /// What stands in brackets, or between operators.
    Group(Query),
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq)]
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
    /// Whether it is looked for in titles alone.
    pub is_in_title: bool,
    /// What it is worth, times what it would be worth by itself: the boosts around it, once the query is condensed.
    pub weight: f32,
    /// The terms of the same name in the other alphabet, which find it too, if they are [looked up](Query::with_names).
    pub names: Vec<ShortText>,
}

/// Words that were typed as one, and the wholes that they are also known by.
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// As it was typed.
    pub typed: String,
    /// The wholes, each before its parts, and the parts.
    pub words: Vec<QueryWord>,
}

/// Words side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// What stood between the quotes.
    pub typed: String,
    /// Its words.
    pub words: Vec<QueryWord>,
    /// By how many places, all together, the words may stand elsewhere than they were typed.
    pub slop: u32,
}

/// The beginning of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// As it was typed.
    pub typed: String,
    /// What the forms begin with that it finds.
    pub form: String,
    /// Whether it is looked for in titles alone.
    pub is_in_title: bool,
    /// Its number among the words of the query.
    pub position: usize,
}

/// What can raise a document, wherever it stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted<'q> {
    /// A word, of its own or of a compound.
    Word(&'q QueryWord),
    /// A phrase.
    Phrase(&'q Phrase),
    /// The beginning of words.
    Prefix(&'q Prefix),
}

impl QueryWord {
    pub(super) fn of(token: Token<'_>, offset: usize) -> Self {
        Self {
            typed: token.word.text.to_owned(),
            reading: token.reading,
            position: offset + token.position,
            is_exact: false,
            is_compound: token.is_compound,
            is_in_title: false,
            weight: 1.0,
            names: Vec::new(),
        }
    }

    /// Whether another word asks for the same.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        (self.is_exact, self.is_in_title) == (other.is_exact, other.is_in_title)
            && if self.is_exact {
                self.reading.form == other.reading.form
            } else {
                self.reading.terms == other.reading.terms
            }
    }
}

impl Clause {
    /// A clause of no weight of its own.
    pub(super) fn new(occurrence: Occurrence, expression: Expression) -> Self {
        Self { occurrence, expression, boost: 1.0 }
    }

    /// Whether it has a weight of its own.
    #[must_use]
    pub fn is_boosted(&self) -> bool {
        (self.boost - 1.0).abs() > f32::EPSILON
    }
}

impl Expression {
    /// Whether it only leaves out documents, and says nothing of how good those are that it leaves.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        match self {
            Self::Filter(_) => true,
            Self::Group(group) => {
                !group.clauses.is_empty() && group.clauses.iter().all(|clause| clause.expression.is_filter())
            }
            _ => false,
        }
    }

    /// What was typed for it; nothing of a filter or a group.
    #[must_use]
    pub fn typed(&self) -> &str {
        match self {
            Self::Word(word) => &word.typed,
            Self::Compound(compound) => &compound.typed,
            Self::Phrase(phrase) => &phrase.typed,
            Self::Prefix(prefix) => &prefix.typed,
            Self::Filter(_) | Self::Group(_) => "",
        }
    }

    fn is_negative(&self) -> bool {
        matches!(self, Self::Group(group) if group.is_empty())
    }

    fn add_wanted<'q>(&'q self, found: &mut Vec<Wanted<'q>>) {
        match self {
            Self::Word(word) => found.push(Wanted::Word(word)),
            Self::Compound(compound) => found.extend(compound.words.iter().map(Wanted::Word)),
            Self::Phrase(phrase) => found.push(Wanted::Phrase(phrase)),
            Self::Prefix(prefix) => found.push(Wanted::Prefix(prefix)),
            Self::Filter(_) => {}
            Self::Group(group) => group.add_wanted(found),
        }
    }
}

impl Query {
    /// The query that finds every document.
    #[must_use]
    pub fn everything() -> Self {
        let all = Clause::new(Occurrence::Must, Expression::Filter(Filter::Everything));
        Self { clauses: vec![all], matching: None }
    }

    /// What may raise a document, in the order in which it was typed: nothing that is excluded, and no filter.
    pub fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        let mut found = Vec::new();
        self.add_wanted(&mut found);
        found.into_iter()
    }

    fn add_wanted<'q>(&'q self, found: &mut Vec<Wanted<'q>>) {
        for clause in self.clauses.iter().filter(|clause| clause.occurrence != Occurrence::MustNot) {
            clause.expression.add_wanted(found);
        }
    }

    /// The words that may raise a document, in the order in which they were typed; those of phrases included.
    pub fn words(&self) -> impl Iterator<Item = &QueryWord> {
        self.wanted().flat_map(|wanted| match wanted {
            Wanted::Word(word) => std::slice::from_ref(word),
            Wanted::Phrase(phrase) => phrase.words.as_slice(),
            Wanted::Prefix(_) => &[],
        })
    }

    /// Whether nothing can be found by it: it is empty, or says only what not to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.iter().all(|clause| clause.occurrence == Occurrence::MustNot || clause.expression.is_negative())
    }

    /// How many groups stand one in another, the query itself not counted.
    #[must_use]
    pub fn depth(&self) -> usize {
        let groups = self.clauses.iter().filter_map(|clause| match &clause.expression {
            Expression::Group(group) => Some(1 + group.depth()),
            _ => None,
        });
        groups.max().unwrap_or(0)
    }
}

/// A text that names no way of matching.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of any, most, all")]
pub struct UnknownMatching(String);

impl FromStr for Matching {
    type Err = UnknownMatching;

    fn from_str(name: &str) -> Result<Self, UnknownMatching> {
        match name {
            "any" => Ok(Self::Any),
            "most" => Ok(Self::Most),
            "all" => Ok(Self::All),
            _ => Err(UnknownMatching(name.to_owned())),
        }
    }
}
