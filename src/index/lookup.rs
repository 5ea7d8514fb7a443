//! A term → where each segment keeps its postings. A look into a dictionary costs as much as a few hundred postings, so both
//! stages of ranking share it.

use tantivy::{
    Searcher, SegmentReader, Term,
    postings::{SegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

/// A term with its places in the dictionaries.
pub(super) struct Lookup {
    pub term: Term,
    /// By the number of the segment; `None` where it lacks the term.
    segments: Vec<Option<TermInfo>>,
}

impl Lookup {
    pub(super) fn new(searcher: &Searcher, term: Term) -> tantivy::Result<Self> {
        let look = |reader: &SegmentReader| Ok(reader.inverted_index(term.field())?.get_term_info(&term)?);
        let segments = searcher.segment_readers().iter().map(look).collect::<tantivy::Result<_>>()?;
        Ok(Self { term, segments })
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
        let info = self.segments.get(segment as usize).and_then(Option::as_ref);
        let Some(info) = info else { return Ok(None) };
        let index = searcher.segment_reader(segment).inverted_index(self.term.field())?;
        Ok(Some(index.read_postings_from_terminfo(info, option)?))
    }
}
