//! What of an index is the same for every query, counted once when it is opened.

use serde::{Deserialize, Serialize};
use tantivy::{Searcher, Term, query::Bm25StatisticsProvider, schema::Field};

use super::{lookup::Lookup, schema::Fields, tokenizer::HEADING_START};

/// What of an index is the same for every query.
pub(super) struct Totals {
    /// The sizes that BM25 goes by.
    pub sizes: Sizes,
    /// The term that starts each heading.
    pub heading_starts: Lookup,
}

/// The sizes that BM25 goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sizes {
    /// How many documents there are, deleted ones that were not cleared away among them.
    pub documents: u64,
    body_tokens: u64,
    heading_tokens: u64,
}

impl Totals {
    pub(super) fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        Ok(Self {
            sizes: Sizes {
                documents: searcher.total_num_docs()?,
                body_tokens: searcher.total_num_tokens(fields.body)?,
                heading_tokens: searcher.total_num_tokens(fields.headings)?,
            },
            heading_starts: Lookup::new(searcher, Term::from_field_text(fields.headings, HEADING_START))?,
        })
    }
}

impl Sizes {
    /// How many tokens a field has, if it is one that is scored.
    pub(super) fn tokens(&self, fields: &Fields, field: Field) -> Option<u64> {
        if field == fields.body {
            Some(self.body_tokens)
        } else {
            (field == fields.headings).then_some(self.heading_tokens)
        }
    }

    /// The mean number of terms of a document.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn average_length(&self) -> f32 {
        if self.documents == 0 { 1.0 } else { self.body_tokens as f32 / self.documents as f32 }
    }
}
