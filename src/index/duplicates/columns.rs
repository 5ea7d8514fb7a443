//! A document → by what it is a duplicate of others.

use std::ops::Range;

use tantivy::{DocId, SegmentReader, columnar::Column};

use crate::index::schema::{CONTENT, GROUP};

/// What tells of the documents of a segment by what they are duplicates.
pub(in crate::index) struct Columns {
    content: Option<Column<u64>>,
    group: Option<Column<u64>>,
}

impl Columns {
    pub(in crate::index) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self { content: columns.column_opt(CONTENT)?, group: columns.column_opt(GROUP)? })
    }

    /// The content of a document.
    pub(super) fn content(&self, doc: DocId) -> Option<u64> {
        self.content.as_ref()?.first(doc)
    }

    /// The contents of some documents.
    pub(super) fn contents(&self, documents: Range<DocId>) -> impl Iterator<Item = u64> {
        documents.filter_map(|document| self.content(document))
    }

    /// The group of a document; that which it founded has the number of its content.
    pub(super) fn group(&self, doc: DocId) -> Option<u64> {
        self.group.as_ref().and_then(|group| group.first(doc)).or_else(|| self.content(doc))
    }
}
