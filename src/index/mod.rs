//! tantivy and nothing else: documents → an index on disk → matches.
//!
//! An index is a folder with a [`Manifest`] and, in a folder that the manifest names, the data. A writer adds documents
//! under a lock and publishes them by writing the manifest anew; a reader sees what the manifest says, whole.

mod best;
mod compile;
mod counts;
mod error;
mod filter;
mod live;
mod lock;
mod lookup;
mod manifest;
mod names;
mod near;
mod places;
mod prefix;
mod prepared;
mod reader;
mod record;
mod rerank;
mod schema;
mod stored;
mod tokenizer;
mod totals;
mod vocabulary;
mod writer;

pub use error::IndexError;
pub use live::LiveIndex;
pub use manifest::Manifest;
pub use places::Places;
pub use prepared::Prepared;
pub use reader::{Find, Found, Index, Match, Ranking};
pub use record::Record;
pub use stored::{OffsetUnit, StoredText, UnknownUnit};
pub use writer::{Added, IndexWriter};
