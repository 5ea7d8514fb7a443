//! Where the headings of the documents of a segment start.
//!
//! The second stage asks for this of each candidate that has a word in a heading. The postings of the term that starts headings have it,
//! of all documents in some long lists that are unpacked for each; here it is at hand, a byte for a heading and four for a document.

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
};

/// A gap of so much goes on in the next byte.
const MORE: u8 = u8::MAX;

/// Where the headings of the documents of a segment start.
pub(in crate::index) struct HeadingStarts {
    /// How far each start is behind the one before it, of the first one behind the beginning; document by document.
    gaps: Vec<u8>,
    /// Where the gaps of each document begin, and where those of the last one end.
    documents: Vec<u32>,
}

impl HeadingStarts {
    /// Those of a segment of so many documents, by the postings of the term that starts headings.
    pub(super) fn read(postings: Option<SegmentPostings>, documents: DocId) -> Self {
        let mut starts = Self { gaps: Vec::new(), documents: Vec::with_capacity(documents as usize + 1) };
        if let Some(mut postings) = postings {
            let mut places = Vec::new();
            while postings.doc() != TERMINATED {
                postings.positions(&mut places);
                starts.push(postings.doc(), &places);
                postings.advance();
            }
        }
        starts.end(documents);
        starts
    }

    /// Takes in the starts of a document; documents come in their order.
    fn push(&mut self, document: DocId, starts: &[u32]) {
        self.end(document);
        let mut before = 0;
        for &start in starts {
            let mut gap = start - before;
            while gap >= u32::from(MORE) {
                self.gaps.push(MORE);
                gap -= u32::from(MORE);
            }
            self.gaps.extend(u8::try_from(gap));
            before = start;
        }
    }

    /// Notes where the documents up to one end, and that one begins.
    fn end(&mut self, document: DocId) {
        let at = u32::try_from(self.gaps.len()).unwrap_or(u32::MAX);
        self.documents.resize(document as usize + 1, at);
    }

    /// Reads the starts of a document, in order.
    pub(super) fn of(&self, document: DocId, starts: &mut Vec<u32>) {
        starts.clear();
        let Some(&[from, to]) = self.documents.get(document as usize..).and_then(<[u32]>::first_chunk) else { return };
        let mut at = 0;
        for &gap in self.gaps.get(from as usize..to as usize).unwrap_or_default() {
            at += u32::from(gap);
            if gap < MORE {
                starts.push(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn starts_come_back_as_they_went_in(
            documents in prop::collection::btree_map(0..9_u32, btree_set(prop_oneof![0..20_u32, 250..260_u32, 500..90_000_u32], 1..9), 0..6),
        ) {
            let mut starts = HeadingStarts { gaps: Vec::new(), documents: Vec::new() };
            for (&document, places) in &documents {
                starts.push(document, &places.iter().copied().collect::<Vec<_>>());
            }
            starts.end(9);
            let mut found = vec![7];
            for document in 0..11 {
                starts.of(document, &mut found);
                let expected = documents.get(&document).map(|places| places.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!(&found, &expected.unwrap_or_default());
            }
        }
    }
}
