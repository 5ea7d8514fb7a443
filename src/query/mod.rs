//! String → query: a tree of analysed terms that any back end can compile.
//!
//! ```
//! use oba::query::{Occurrence, parse};
//! let parsed = parse("визит в \"Central Asia\" -погода", &mut oba::analysis::Analyzer::default());
//! assert_eq!(parsed.query.clauses.len(), 4);
//! assert_eq!(parsed.query.clauses[3].occurrence, Occurrence::MustNot);
//! assert!(parsed.warnings.is_empty());
//! ```

mod parse;
mod tree;

pub use parse::{MAX_QUERY_CHARS, MAX_QUERY_WORDS, Parsed, parse};
pub use tree::{Clause, Expression, Occurrence, Query, QueryWord};
