//! The `filter` of a request → a condition that documents have to meet, whatever their words.
//!
//! ```
//! use oba::query::Condition;
//! let filter = "language = ru AND (date >= 2021-01-01 OR source IN [\"Газета.Ru\", Vestnik])";
//! assert!(filter.parse::<Condition>().is_ok());
//! let error = "language = ru AND".parse::<Condition>().unwrap_err();
//! assert_eq!(error.to_string(), "at character 18: a condition such as language = ru is missing");
//! ```
//!
//! Unlike a query, which is searched for as far as it can be understood, a filter is understood whole or refused: programs
//! write it, and what they did not mean they should not be given.

mod lex;
mod parse;

use std::ops::Bound;

use super::{DateRange, Filter};

/// The longest filter, in characters.
pub const MAX_FILTER_CHARS: usize = 4_000;

/// The most tests of one filter.
pub const MAX_TESTS: usize = 100;

/// How deep brackets and negations may stand in one another.
pub const MAX_FILTER_DEPTH: usize = 8;

/// What documents have to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// All of these.
    All(Vec<Self>),
    /// One of these at least.
    Any(Vec<Self>),
    /// Anything but this.
    Not(Box<Self>),
    /// What the test says.
    Test(Test),
}

/// A test of one member of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// Its id is this.
    Id(String),
    /// Its language, date or source is such.
    Filter(Filter),
    /// It has a date.
    Dated,
    /// It has a source.
    Sourced,
    /// A member that was declared filterable is such.
    Member {
        /// Its name.
        name: String,
        /// What it has to be.
        values: Values,
    },
}

/// What a member has to be. Values that are numbers are compared as numbers with those that are, and as texts with the rest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Values {
    /// This, whatever its case.
    Equal(String),
    /// Something between these.
    Between(Bound<String>, Bound<String>),
    /// Something.
    Known,
}

/// Why a filter cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {message}")]
pub struct FilterError {
    /// Where, counted in characters from 1.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Condition {
    /// The names of the members that it asks for and that are not known of every document.
    #[must_use]
    pub fn members(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.add_members(&mut found);
        found
    }

    fn add_members<'c>(&'c self, found: &mut Vec<&'c str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.add_members(found)),
            Self::Not(part) => part.add_members(found),
            Self::Test(Test::Member { name, .. }) => found.push(name),
            Self::Test(_) => {}
        }
    }

    /// The condition that both meet.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut parts) => {
                parts.push(other);
                Self::All(parts)
            }
            first => Self::All(vec![first, other]),
        }
    }

    /// The condition that a document is of this source.
    #[must_use]
    pub fn source(name: &str) -> Self {
        Self::Test(Test::Filter(Filter::Source(name.to_owned())))
    }

    /// The condition that a document was published in this year.
    #[must_use]
    pub fn year(year: u16) -> Option<Self> {
        let range = DateRange::read(&format!("{year:04}"))?;
        Some(Self::Test(Test::Filter(Filter::Date(range))))
    }
}
