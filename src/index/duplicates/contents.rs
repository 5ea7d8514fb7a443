//! Which contents may be there more than once in a segment.
//!
//! Each hit tells how many copies it has, and nearly all have none. The dictionary of contents says so too, but a look into it waits for
//! memory a dozen times, for contents are numbers without order. Here a look is at one place: contents are counted by some of their
//! bits, a few documents' with others' (a counting filter, as of Fan, Cao, Almeida and Broder, 2000, that counts no further than two).

use std::sync::{Mutex, OnceLock, TryLockError};

use tantivy::DocId;

use super::Columns;

/// So many counters there are at least for each document: one in eight contents that stand alone is taken for one that may not.
const COUNTERS_PER_DOCUMENT: usize = 8;

/// As many counters as a number has bits.
const BITS: usize = u64::BITS as usize;

/// So many documents are counted at a time, in about a millisecond: of a large segment no search waits for all of them.
const CHUNK: DocId = 1 << 16;

/// The contents of a segment, which are counted as searches come.
#[derive(Default)]
pub(in crate::index) struct Counting {
    whole: OnceLock<Contents>,
    /// What was counted so far, of so many documents.
    part: Mutex<Option<(Contents, DocId)>>,
}

/// How many documents have a content, by its counter; two bytes to four for each document.
#[derive(Debug)]
pub(in crate::index) struct Contents(Box<[Counters]>);

/// Some counters.
#[derive(Debug, Clone, Copy, Default)]
struct Counters {
    /// Those that are above zero.
    one: u64,
    /// Those that are above one.
    two: u64,
}

/// How many documents have a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holders {
    Nobody,
    OneAtMost,
    AnyNumber,
}

impl Counting {
    /// The contents of a segment of so many documents, of which this counts some more; `None` until all are counted.
    pub(super) fn some_more(&self, columns: &Columns, documents: DocId) -> Option<&Contents> {
        if let Some(whole) = self.whole.get() {
            return Some(whole);
        }
        let mut part = match self.part.try_lock() {
            Ok(part) => part,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Another search is counting.
            Err(TryLockError::WouldBlock) => return None,
        };
        if self.whole.get().is_none() {
            let (mut contents, from) = part.take().unwrap_or_else(|| (Contents::of_nothing(documents), 0));
            let to = documents.min(from.saturating_add(CHUNK));
            contents.count(columns.contents(from..to));
            if to < documents {
                *part = Some((contents, to));
            } else {
                _ = self.whole.set(contents);
            }
        }
        self.whole.get()
    }
}

impl Contents {
    /// Room for those of a segment of so many documents.
    fn of_nothing(documents: DocId) -> Self {
        let counters = (documents as usize * COUNTERS_PER_DOCUMENT).div_ceil(BITS).next_power_of_two();
        Self(vec![Counters::default(); counters].into())
    }

    fn count(&mut self, contents: impl Iterator<Item = u64>) {
        for content in contents {
            let (at, bit) = self.counter(content);
            let counters = &mut self.0[at];
            counters.two |= counters.one & bit;
            counters.one |= bit;
        }
    }

    /// How many documents have a content, as far as is known.
    pub(super) fn holders(&self, content: u64) -> Holders {
        let (at, bit) = self.counter(content);
        let Counters { one, two } = self.0[at];
        match (one & bit > 0, two & bit > 0) {
            (false, _) => Holders::Nobody,
            (true, false) => Holders::OneAtMost,
            (true, true) => Holders::AnyNumber,
        }
    }

    /// The counter of a content: where it stands, and its bit there. Contents are hashes, so that any of their bits will do.
    #[allow(clippy::cast_possible_truncation)]
    fn counter(&self, content: u64) -> (usize, u64) {
        ((content >> BITS.ilog2()) as usize & (self.0.len() - 1), 1 << (content % BITS as u64))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tantivy::{
        Index, IndexWriter, doc,
        schema::{FAST, Schema},
    };

    use super::*;
    use crate::index::schema::CONTENT;

    #[test]
    fn a_large_segment_is_counted_by_some_searches() -> tantivy::Result<()> {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field(CONTENT, FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        let documents = 2 * CHUNK + 1;
        for number in 0..documents {
            // The last says what the first says.
            writer.add_document(doc!(field => u64::from(number % (documents - 1))))?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        let segment = searcher.segment_reader(0);
        assert_eq!(segment.max_doc(), documents);
        let (columns, counting) = (Columns::open(segment)?, Counting::default());
        assert!(counting.some_more(&columns, documents).is_none());
        assert!(counting.some_more(&columns, documents).is_none());
        for _ in 0..2 {
            let holders = |content| counting.some_more(&columns, documents).map(|contents| contents.holders(content));
            assert_eq!(holders(0), Some(Holders::AnyNumber));
            assert_eq!(holders(1), Some(Holders::OneAtMost));
            assert_eq!(holders(u64::from(u32::MAX)), Some(Holders::Nobody));
        }
        Ok(())
    }

    #[test]
    fn no_holder_is_overlooked_and_few_are_imagined() {
        // Numbers without order, as contents are.
        let number = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        for documents in [0_u32, 1, 7, 500, 3_000] {
            // Every tenth says what another one says.
            let said = |n: u32| number(u64::from(if n % 10 == 9 { n / 2 } else { n }));
            let mut holders: HashMap<u64, usize> = HashMap::new();
            for n in 0..documents {
                *holders.entry(said(n)).or_default() += 1;
            }
            let mut contents = Contents::of_nothing(documents);
            contents.count((0..documents).map(said));
            let mut doubtful = 0;
            for (&content, &count) in &holders {
                let least = if count == 1 { Holders::OneAtMost } else { Holders::AnyNumber };
                let told = contents.holders(content);
                assert!(told >= least, "{count} of {documents} documents: {told:?}");
                doubtful += usize::from(told > least);
            }
            assert!(doubtful <= holders.len() / 6, "{doubtful} of {}", holders.len());
            let strangers = (1..=1_000).map(|n| contents.holders(number(n + u64::from(documents))));
            assert!(strangers.filter(|&told| told > Holders::Nobody).count() <= 170);
        }
    }
}
