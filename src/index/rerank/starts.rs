//! Where the headings of the documents of a segment start.
//!
//! The second stage asks for this of each candidate that has a word in a heading. The postings of the term that starts headings have it,
//! of all documents in some long lists that are unpacked for each. What was read of them stays at hand, a byte for a heading and four for a
//! document: of some documents at a time, so that no search waits for all of them.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use tantivy::{
    DocId, DocSet,
    postings::{Postings, SegmentPostings},
};

/// So many documents are read at a time.
const CHUNK: DocId = 64;

/// A gap of so much goes on in the next byte.
const MORE: u8 = u8::MAX;

/// Where the headings of the documents of a segment start, as far as that was asked for.
pub(in crate::index) struct HeadingStarts {
    chunks: Box<[OnceLock<Chunk>]>,
    /// How many of these are still to be read.
    missing: AtomicUsize,
}

/// Where the headings of some documents start that stand side by side.
#[derive(Default)]
struct Chunk {
    /// How far each start is behind the one before it, of the first one behind the beginning; document by document.
    gaps: Box<[u8]>,
    /// Where the gaps of each document end.
    ends: Box<[u32]>,
}

impl HeadingStarts {
    /// Those of a segment of so many documents, none of which is read yet.
    pub(super) fn new(documents: DocId) -> Self {
        let chunks: Box<[_]> = (0..documents.div_ceil(CHUNK)).map(|_| OnceLock::new()).collect();
        Self { missing: AtomicUsize::new(chunks.len()), chunks }
    }

    /// Whether all of them are read, and nobody needs the postings any more.
    pub(super) fn is_whole(&self) -> bool {
        self.missing.load(Ordering::Relaxed) == 0
    }

    /// The starts of a document, in order. `postings` are those of the term that starts headings, of which none behind the document
    /// was read; where there are none, no heading starts anywhere that was not read before.
    pub(super) fn of(&self, document: DocId, postings: Option<&mut SegmentPostings>) -> impl Iterator<Item = u32> {
        let read = || {
            self.missing.fetch_sub(1, Ordering::Relaxed);
            postings.map(|postings| Chunk::read(document - document % CHUNK, postings)).unwrap_or_default()
        };
        let chunk = self.chunks.get((document / CHUNK) as usize).map(|chunk| chunk.get_or_init(read));
        starts(chunk.map_or(&[], |chunk| chunk.gaps_of((document % CHUNK) as usize)))
    }
}

impl Chunk {
    /// Those of the documents from one on.
    fn read(first: DocId, postings: &mut SegmentPostings) -> Self {
        let (mut gaps, mut ends, mut starts) = (Vec::new(), Vec::with_capacity(CHUNK as usize), Vec::new());
        for document in first..first.saturating_add(CHUNK) {
            if postings.doc() < document {
                postings.seek(document);
            }
            if postings.doc() == document {
                postings.positions(&mut starts);
                push(&mut gaps, &starts);
            }
            ends.push(u32::try_from(gaps.len()).unwrap_or(u32::MAX));
        }
        Self { gaps: gaps.into(), ends: ends.into() }
    }

    /// The gaps before the starts of a document.
    fn gaps_of(&self, document: usize) -> &[u8] {
        let end = |document: usize| self.ends.get(document).map_or(0, |&end| end as usize);
        let from = document.checked_sub(1).map_or(0, end);
        self.gaps.get(from..end(document)).unwrap_or_default()
    }
}

/// What stands behind such gaps.
fn starts(gaps: &[u8]) -> impl Iterator<Item = u32> {
    let mut at = 0;
    gaps.iter().filter_map(move |&gap| {
        at += u32::from(gap);
        (gap < MORE).then_some(at)
    })
}

/// Writes the gaps before some starts down.
fn push(gaps: &mut Vec<u8>, starts: &[u32]) {
    let mut before = 0;
    for &start in starts {
        let mut gap = start - before;
        while gap >= u32::from(MORE) {
            gaps.push(MORE);
            gap -= u32::from(MORE);
        }
        gaps.extend(u8::try_from(gap));
        before = start;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::btree_set, prelude::*};
    use tantivy::{
        Index, IndexWriter, Term,
        schema::{IndexRecordOption, Schema, TEXT},
    };

    use super::*;

    proptest! {
        #[test]
        fn starts_come_back_as_they_went_in(
            documents in prop::collection::vec(btree_set(prop_oneof![0..20_u32, 250..260_u32, 500..90_000_u32], 0..9), 0..6),
        ) {
            let (mut gaps, mut ends) = (Vec::new(), Vec::new());
            for places in &documents {
                push(&mut gaps, &places.iter().copied().collect::<Vec<_>>());
                ends.push(u32::try_from(gaps.len()).unwrap_or_default());
            }
            let chunk = Chunk { gaps: gaps.into(), ends: ends.into() };
            for (document, places) in documents.iter().enumerate() {
                let found: Vec<u32> = starts(chunk.gaps_of(document)).collect();
                prop_assert_eq!(found, places.iter().copied().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn documents_are_read_as_they_are_asked_for() -> tantivy::Result<()> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("headings", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        // The word stands at as many places as the number of the document tells, in some of them nowhere.
        let text = |number: u32| "визит visit ".repeat(number as usize % 5);
        for number in 0..1_000 {
            writer.add_document(tantivy::doc!(field => format!("начало {}", text(number))))?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        let segment = searcher.segment_reader(0);
        let term = Term::from_field_text(field, "визит");
        let terms = segment.inverted_index(field)?;
        let postings = || terms.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
        let kept = HeadingStarts::new(segment.max_doc());
        let mut found = BTreeMap::new();
        for asked in [vec![3, 700, 999], (0..1_000).collect(), vec![128, 127]] {
            assert_eq!(kept.is_whole(), asked.len() == 2);
            let mut postings = postings()?.filter(|_| !kept.is_whole());
            for document in asked {
                let starts: Vec<u32> = kept.of(document, postings.as_mut()).collect();
                let expected: Vec<u32> = (0..document % 5).map(|n| 1 + 2 * n).collect();
                assert_eq!(starts, expected, "document {document}");
                found.insert(document, starts);
            }
        }
        assert_eq!(found.len(), 1_000);
        Ok(())
    }
}
