//! A term → where each segment keeps its postings.
//!
//! A look into a dictionary costs as much as a few hundred postings, and one search asks for the same term several times: to
//! repair it, to rank by it, to find its places. So what was looked up is remembered as long as the index is open.

use std::sync::Arc;

use tantivy::{
    InvertedIndexReader, Searcher, SegmentReader, Term,
    postings::{BlockSegmentPostings, SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

use super::remembered::Remembered;

/// How many terms are remembered; then all are forgotten. Some megabytes.
const MAX_TERMS: usize = 50_000;

/// By the number of the segment; `None` where it lacks the term.
type Infos = Arc<[Option<TermInfo>]>;

/// A term with its places in the dictionaries.
pub(super) struct Lookup {
    pub term: Term,
    segments: Infos,
}

/// The terms that were looked up.
#[derive(Default)]
pub(super) struct Lookups(Remembered<Term, Infos, MAX_TERMS>);

impl Lookups {
    /// Looks the term of a text up, once.
    pub(super) fn get(&self, searcher: &Searcher, field: Field, text: &str) -> tantivy::Result<Lookup> {
        self.of(searcher, Term::from_field_text(field, text))
    }

    /// Looks a term up, once.
    pub(super) fn of(&self, searcher: &Searcher, term: Term) -> tantivy::Result<Lookup> {
        let segments = self.0.get_or(&term, || infos(searcher, &term))?;
        Ok(Lookup { term, segments })
    }
}

/// What the dictionaries of all segments have of a term.
fn infos(searcher: &Searcher, term: &Term) -> tantivy::Result<Infos> {
    let look = |reader: &SegmentReader| Ok(reader.inverted_index(term.field())?.get_term_info(term)?);
    searcher.segment_readers().iter().map(look).collect()
}

impl Lookup {
    pub(super) fn new(searcher: &Searcher, term: Term) -> tantivy::Result<Self> {
        Ok(Self { segments: infos(searcher, &term)?, term })
    }

    /// A term that no segment has.
    #[cfg(test)]
    pub(super) fn of_nothing(term: Term) -> Self {
        Self { term, segments: Arc::default() }
    }

    /// How many documents hold the term.
    pub(super) fn frequency(&self) -> u64 {
        self.segments.iter().flatten().map(|info| u64::from(info.doc_freq)).sum()
    }

    /// The postings in a segment, if it has any.
    pub(super) fn postings(
        &self,
        searcher: &Searcher,
        segment: u32,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let Some((index, info)) = self.segment(searcher, segment)? else { return Ok(None) };
        Ok(Some(index.read_postings_from_terminfo(info, option)?))
    }

    /// The same with their frequencies, a block at a time.
    pub(super) fn blocks(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let Some((index, info)) = self.segment(searcher, segment)? else { return Ok(None) };
        Ok(Some(index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?))
    }

    /// Where a segment has the term, if it does.
    fn segment(
        &self,
        searcher: &Searcher,
        segment: u32,
    ) -> tantivy::Result<Option<(Arc<InvertedIndexReader>, &TermInfo)>> {
        let info = self.segments.get(segment as usize).and_then(Option::as_ref);
        let Some(info) = info else { return Ok(None) };
        Ok(Some((searcher.segment_reader(segment).inverted_index(self.term.field())?, info)))
    }
}
