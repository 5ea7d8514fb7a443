//! What was read of a segment, kept as long as the segment is there.
//!
//! A segment never changes, and its dictionaries count documents that were deleted since, too. So what was found in one is found again in
//! each state of the index that has the segment: after a commit only what is new is walked through.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use tantivy::{Searcher, SegmentReader};

use super::{duplicates::Counting, remembered::Remembered, rerank::HeadingStarts};

/// How many walks of each kind are remembered for a segment; then all are forgotten. A walk finds some dozens of forms.
const MAX_WALKS: usize = 2_000;

/// Forms, each with the number of documents of the segment that hold it.
pub(super) type Counts = Arc<[(String, u64)]>;

/// What is kept of one segment.
#[derive(Default)]
pub(super) struct Kept {
    /// Names, by the form that they are spelled as, how far they may be from it, and whether it is enough that they begin so.
    pub names: Remembered<(String, u8, bool), Counts, MAX_WALKS>,
    /// Forms, by one that they are near to, and by how many edits.
    pub near: Remembered<(String, usize), Counts, MAX_WALKS>,
    /// Where headings start, of the documents that searches asked for.
    pub heading_starts: OnceLock<HeadingStarts>,
    /// Which contents may be there more than once.
    pub contents: Counting,
}

/// What is kept of each segment: of those that were there before, what is known of them.
pub(super) fn kept(searcher: &Searcher, before: Option<(&Searcher, &[Arc<Kept>])>) -> Vec<Arc<Kept>> {
    let known: HashMap<_, _> = before
        .into_iter()
        .flat_map(|(searcher, kept)| searcher.segment_readers().iter().map(SegmentReader::segment_id).zip(kept))
        .collect();
    let of = |segment: &SegmentReader| known.get(&segment.segment_id()).map(|&kept| Arc::clone(kept));
    searcher.segment_readers().iter().map(|segment| of(segment).unwrap_or_default()).collect()
}

/// What walks through all segments found together.
pub(super) fn sums(found: impl Iterator<Item = tantivy::Result<Counts>>) -> tantivy::Result<HashMap<String, u64>> {
    let mut sums = HashMap::new();
    for counts in found {
        for (form, count) in counts?.iter() {
            match sums.get_mut(form) {
                Some(sum) => *sum += count,
                None => drop(sums.insert(form.clone(), *count)),
            }
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use tantivy::{
        Index, IndexWriter, ReloadPolicy, doc,
        indexer::NoMergePolicy,
        schema::{Schema, TEXT},
    };

    use super::*;

    #[test]
    fn what_is_known_of_a_segment_stays_with_it() -> tantivy::Result<()> {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        writer.add_document(doc!(text => "визит visit"))?;
        writer.commit()?;
        reader.reload()?;
        let first = reader.searcher();
        let before = kept(&first, None);
        assert_eq!(before.len(), 1);
        writer.add_document(doc!(text => "письмо letter"))?;
        writer.commit()?;
        reader.reload()?;
        let after = kept(&reader.searcher(), Some((&first, &before)));
        assert_eq!(after.len(), 2);
        assert_eq!(after.iter().filter(|kept| Arc::ptr_eq(kept, &before[0])).count(), 1);
        Ok(())
    }

    #[test]
    fn counts_of_segments_add_up() {
        let counts = |counts: &[(&str, u64)]| -> tantivy::Result<Counts> {
            Ok(counts.iter().map(|&(form, count)| (form.to_owned(), count)).collect())
        };
        let found = [counts(&[("визит", 2), ("visit", 1)]), counts(&[("визит", 3)])];
        let sums = sums(found.into_iter()).expect("no error");
        assert_eq!(sums, HashMap::from([("визит".to_owned(), 5), ("visit".to_owned(), 1)]));
    }
}
