//! Where the headings of the documents of a segment start.
//!
//! The second stage asks for this of each candidate that has a word in a heading. The postings of the term that starts headings have it,
//! of all documents in some long lists that are unpacked for each. What was read of them stays at hand, a byte for a heading and two for a
//! document: of some documents at a time, so that no search waits for all of them, and all of these side by side in memory, for to wait for that
//! takes longer than what is made of it.

use std::{
    hint::black_box,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tantivy::{
    DocId, DocSet,
    postings::{Postings, SegmentPostings},
};

/// So many documents are read at a time.
const CHUNK: DocId = 32;

/// A gap of so much goes on in the next byte.
const MORE: u8 = u8::MAX;

/// So many gaps and more are counted by four bytes before them.
const MANY: u8 = u8::MAX;

/// Where the headings of the documents of a segment start, as far as that was asked for.
pub(in crate::index) struct HeadingStarts {
    chunks: Box<[OnceLock<Chunk>]>,
    /// How many of these are still to be read.
    missing: AtomicUsize,
}

/// Where the headings of some documents start that stand side by side: for each how many gaps there are before its starts, and then these
/// gaps, document by document. A gap is how far a start is behind the one before it, of the first one behind the beginning.
#[derive(Default)]
struct Chunk(Box<[u8]>);

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

    /// Brings what was read of some documents into the caches of the processor: it waits for all of them together so, and not for each when it
    /// is asked for.
    pub(super) fn prefetch(&self, documents: impl Iterator<Item = DocId>) {
        let chunk = |document: DocId| self.chunks.get((document / CHUNK) as usize).and_then(OnceLock::get);
        let first = |document: DocId| chunk(document).and_then(|chunk| chunk.0.first());
        black_box(documents.filter_map(first).fold(0, |all, byte| all ^ byte));
    }

    /// The starts of a document, in order. `postings` are those of the term that starts headings, of which none behind the document
    /// was read; where there are none, no heading starts anywhere that was not read before.
    pub(super) fn of(&self, document: DocId, postings: Option<&mut SegmentPostings>) -> impl Iterator<Item = u32> {
        let inside = document % CHUNK;
        let read = || {
            self.missing.fetch_sub(1, Ordering::Relaxed);
            postings.map(|postings| Chunk::read(document - inside, postings)).unwrap_or_default()
        };
        let chunk = self.chunks.get((document / CHUNK) as usize).map(|chunk| chunk.get_or_init(read));
        starts(chunk.and_then(|chunk| chunk.gaps_of(inside as usize)).unwrap_or_default())
    }
}

impl Chunk {
    /// Those of the documents from one on.
    fn read(first: DocId, postings: &mut SegmentPostings) -> Self {
        let mut starts = Vec::new();
        Self::of((first..first.saturating_add(CHUNK)).map(|document| {
            starts.clear();
            if postings.doc() < document {
                postings.seek(document);
            }
            if postings.doc() == document {
                postings.positions(&mut starts);
            }
            gaps(&starts)
        }))
    }

    /// That of the gaps of each document.
    fn of(documents: impl Iterator<Item = Vec<u8>>) -> Self {
        let (mut counts, mut all) = (vec![0; CHUNK as usize], Vec::new());
        for (count, gaps) in counts.iter_mut().zip(documents) {
            *count = u8::try_from(gaps.len()).unwrap_or(MANY);
            if *count == MANY {
                all.extend(u32::try_from(gaps.len()).unwrap_or(u32::MAX).to_le_bytes());
            }
            all.extend(gaps);
        }
        counts.append(&mut all);
        Self(counts.into())
    }

    /// The gaps before the starts of a document.
    fn gaps_of(&self, document: usize) -> Option<&[u8]> {
        let (counts, mut rest) = self.0.split_at_checked(CHUNK as usize)?;
        let (&count, before) = counts.get(..=document)?.split_last()?;
        for &count in before {
            (_, rest) = split(count, rest)?;
        }
        split(count, rest).map(|(gaps, _)| gaps)
    }
}

/// The gaps of the first document, and those of the others.
fn split(count: u8, gaps: &[u8]) -> Option<(&[u8], &[u8])> {
    if count < MANY {
        return gaps.split_at_checked(usize::from(count));
    }
    let (count, gaps) = gaps.split_first_chunk()?;
    gaps.split_at_checked(u32::from_le_bytes(*count) as usize)
}

/// What stands behind such gaps.
fn starts(gaps: &[u8]) -> impl Iterator<Item = u32> {
    let mut at = 0;
    gaps.iter().filter_map(move |&gap| {
        at += u32::from(gap);
        (gap < MORE).then_some(at)
    })
}

/// The gaps before some starts.
fn gaps(starts: &[u32]) -> Vec<u8> {
    let (mut gaps, mut before) = (Vec::with_capacity(starts.len()), 0);
    for &start in starts {
        let mut gap = start - before;
        while gap >= u32::from(MORE) {
            gaps.push(MORE);
            gap -= u32::from(MORE);
        }
        gaps.extend(u8::try_from(gap));
        before = start;
    }
    gaps
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use tantivy::{
        Index, IndexWriter, Term,
        schema::{IndexRecordOption, Schema, TEXT},
    };

    use super::*;

    proptest! {
        #[test]
        fn starts_come_back_as_they_went_in(
            distances in prop::collection::vec(
                prop_oneof![
                    prop::collection::vec(prop_oneof![0..20_u32, 250..260_u32, 500..90_000_u32], 0..9),
                    prop::collection::vec(1..6_u32, 240..270),
                ],
                0..=CHUNK as usize,
            ),
        ) {
            let sums = |at: &mut u32, distance: u32| {
                *at += distance;
                Some(*at)
            };
            let documents: Vec<Vec<u32>> =
                distances.into_iter().map(|distances| distances.into_iter().scan(0, sums).collect()).collect();
            let chunk = Chunk::of(documents.iter().map(|starts| gaps(starts)));
            for document in 0..CHUNK as usize {
                let found: Vec<u32> = starts(chunk.gaps_of(document).expect("a document of the chunk")).collect();
                prop_assert_eq!(found.as_slice(), documents.get(document).map_or(&[][..], Vec::as_slice));
            }
            prop_assert!(chunk.gaps_of(CHUNK as usize).is_none());
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
