//! String → query: a tree of analysed terms that any back end can compile.
//!
//! ```
//! use oba::query::{Occurrence, parse};
//! let mut analyzer = oba::analysis::Analyzer::default();
//! let parsed = parse("(визит OR visit) \"Central Asia\" -погода язык:ru", &mut analyzer);
//! assert_eq!(parsed.query.clauses.len(), 4);
//! assert_eq!(parsed.query.clauses[2].occurrence, Occurrence::MustNot);
//! assert_eq!(parsed.query.to_string(), "(визит | visit) \"Central Asia\" -погода language:ru");
//! assert!(parsed.warnings.is_empty());
//! ```
//!
//! What is parsed is the tree as it was typed, and printed it is parsed to the same tree again. Before it is asked of an
//! index it is [condensed](Query::condensed): function words and repetitions gone, words of one kind in one list.

mod balance;
mod condense;
pub mod condition;
mod filter;
mod join;
mod leaves;
mod lexer;
mod made;
mod names;
mod parse;
mod print;
#[cfg(test)]
mod properties;
pub mod repair;
#[cfg(test)]
mod tests;
mod tree;
mod unfinished;

pub use condition::{Condition, FilterError};
pub use filter::{DateRange, Filter};
pub use lexer::{BOOSTS, MAX_SLOP};
pub use parse::{MAX_DEPTH, MAX_QUERY_CHARS, MAX_QUERY_WORDS, MIN_PREFIX_CHARS, Parsed, parse, parse_unfinished};
pub use tree::{Clause, Compound, Expression, Matching, Occurrence, Phrase, Prefix, Query, QueryWord, Wanted};
pub use unfinished::{Unfinished, unfinished};
