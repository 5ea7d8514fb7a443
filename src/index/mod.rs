//! tantivy and nothing else: documents → an index on disk → matches.
//!
//! An index is a folder with a [`Manifest`] and, in a folder that the manifest names, the data. A writer adds documents
//! under a lock and publishes them by writing the manifest anew; a reader sees what the manifest says, whole.

mod analyzers;
mod best;
mod compile;
mod complete;
mod document;
mod error;
mod estimate;
mod explain;
mod facets;
mod filter;
mod find;
mod folder;
mod frozen;
mod live;
mod live_writer;
mod lock;
mod lookup;
mod manifest;
mod members;
mod names;
mod near;
mod order;
mod places;
mod prefix;
mod prepared;
mod reader;
mod record;
mod rerank;
mod schema;
mod stored;
mod together;
mod tokenizer;
mod totals;
mod vocabulary;
mod walk;
mod writer;

pub use analyzers::LentAnalyzer;
pub use complete::WordCounts;
pub use error::IndexError;
pub use explain::Part;
pub use facets::{Counts, Facet};
pub use find::{Counting, Find, Found, Match, Ranking, Walking};
pub use live::LiveIndex;
pub use live_writer::LiveWriter;
pub use lock::RunLock;
pub use manifest::Manifest;
pub use order::{MAX_ORDERS, NotAnOrder, Order, SortBy};
pub use places::Places;
pub use prepared::Prepared;
pub use reader::Index;
pub use record::Record;
pub use stored::{OffsetUnit, StoredText, UnknownUnit};
pub use together::Together;
pub use walk::Walk;
pub use writer::{Added, IndexWriter, Options};
