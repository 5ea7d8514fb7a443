//! An index → every document in it, as it came.

use std::io;

use serde_json::{Map, Value};
use tantivy::{
    DocAddress, TERMINATED,
    query::{AllQuery, EnableScoring, Query as EngineQuery},
};

use super::{Index, IndexError, Match, Record, filter::compile_condition};
use crate::query::Condition;

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The index could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What was exported was not taken.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl Index {
    /// Gives each document on, or each that meets a condition, as a line of JSON with its break; how many there are. One
    /// document is held at a time.
    ///
    /// # Errors
    /// Where the data cannot be read, and where a line is not taken.
    pub fn export(
        &self,
        condition: Option<&Condition>,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u64, ExportError> {
        let engine = || IndexError::engine(self.dir());
        let query: Box<dyn EngineQuery> = match condition {
            Some(condition) => compile_condition(condition, self.fields()),
            None => Box::new(AllQuery),
        };
        let searcher = self.searcher();
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher)).map_err(engine())?;
        let mut line = Vec::new();
        let mut exported = 0;
        for (number, segment) in (0..).zip(searcher.segment_readers()) {
            let mut matches = weight.scorer(segment, 1.0).map_err(engine())?;
            while matches.doc() != TERMINATED {
                if !segment.is_deleted(matches.doc()) {
                    let address = DocAddress::new(number, matches.doc());
                    let (record, mut text) = self.load(Match { score: 0.0, address })?;
                    line.clear();
                    serde_json::to_writer(&mut line, &document(record, text.whole().map_err(self.unreadable())?))
                        .map_err(io::Error::from)?;
                    line.push(b'\n');
                    take(&line)?;
                    exported += 1;
                }
                matches.advance();
            }
        }
        Ok(exported)
    }
}

/// A document as it is read from a line: with the language only where it was declared, for else it is detected again.
fn document(record: Record, text: String) -> Map<String, Value> {
    // A member of a name of ours came with another type than ours, and then ours is empty.
    let mut document = record.members;
    document.insert("id".to_owned(), record.id.into());
    document.insert("text".to_owned(), text.into());
    if !record.title.is_empty() {
        document.insert("title".to_owned(), record.title.into());
    }
    for (name, value) in [("date", record.date), ("source", record.source), ("path", record.path)] {
        if let Some(value) = value {
            document.insert(name.to_owned(), value.into());
        }
    }
    if record.confidence.is_none() {
        // Either name declares it; one that declares nothing is a member like any other.
        let name = if document.contains_key("lang") { "language" } else { "lang" };
        document.insert(name.to_owned(), record.language.into());
    }
    document
}
