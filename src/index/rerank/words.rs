//! The words of a query, each term looked up once for both stages.

use std::sync::Arc;

use tantivy::{
    Searcher, Term,
    postings::SegmentPostings,
    query::{Bm25StatisticsProvider, Bm25Weight},
    schema::{Field, IndexRecordOption},
};

use super::{HeadingStarts, inverse_frequency};
use crate::{
    index::{
        Index,
        compile::NAME_WEIGHT,
        frozen::Frozen,
        kept::Kept,
        lookup::{Lookup, Lookups},
        schema::Fields,
        totals::{Sizes, Totals},
        union::Wanted,
    },
    query::{Query, QueryWord},
};

/// The words of a query in an index.
pub(in crate::index) struct Words<'i> {
    pub(in crate::index) searcher: &'i Searcher,
    pub(in crate::index) fields: &'i Fields,
    totals: &'i Totals,
    lookups: &'i Lookups,
    kept: &'i [Arc<Kept>],
    /// The figures that scores go by, where they are not those of the index as it is.
    frozen: Option<&'i Frozen>,
    pub(super) ranked: Vec<RankedWord>,
}

/// A word of the query, as the second stage sees it.
pub(super) struct RankedWord {
    pub terms: Vec<RankedTerm>,
    /// Its form as typed.
    pub form: Lookup,
    /// Its inverse document frequency; of several lemmas that of the most frequent.
    pub rarity: f32,
    /// Its place in the query.
    pub place: u32,
}

/// A term of a word.
pub(super) struct RankedTerm {
    pub body: Lookup,
    pub headings: Lookup,
    /// How many documents hold it.
    frequency: u64,
    /// What it is worth by the query.
    boost: f32,
    /// Its weight in the body.
    pub weight: Bm25Weight,
}

impl<'i> Words<'i> {
    pub(in crate::index) fn new(index: &'i Index, frozen: Option<&'i Frozen>, query: &Query) -> tantivy::Result<Self> {
        let Index { searcher, fields, totals, lookups, kept, .. } = index;
        let mut words = Self { searcher, fields, totals, lookups, kept, frozen, ranked: Vec::new() };
        let ranked = query.words().filter(|word| !word.is_compound).map(|word| words.ranked(word));
        words.ranked = ranked.collect::<tantivy::Result<_>>()?;
        Ok(words)
    }

    fn ranked(&self, word: &QueryWord) -> tantivy::Result<RankedWord> {
        let typed = word.reading.terms.iter().map(|term| (term.as_str(), word.weight));
        let names = word.names.iter().map(|term| (term.as_str(), NAME_WEIGHT * word.weight));
        let terms = typed.chain(names).map(|(term, boost)| self.term(term, boost));
        let terms = terms.collect::<tantivy::Result<Vec<_>>>()?;
        // What no document holds is as rare as can be, and says nothing of a word that has other terms.
        let counted = terms.iter().filter(|term| term.frequency > 0 || word.names.is_empty());
        let rarities = counted.map(|term| term.boost * inverse_frequency(term.frequency, self.sizes().documents));
        Ok(RankedWord {
            rarity: rarities.fold(f32::INFINITY, f32::min),
            terms,
            form: self.lookups.get(self.searcher, self.fields.forms, &word.reading.form)?,
            place: u32::try_from(word.position).unwrap_or(u32::MAX),
        })
    }

    /// A term, and what its word is worth by the query.
    fn term(&self, term: &str, boost: f32) -> tantivy::Result<RankedTerm> {
        let look = |field| self.lookups.get(self.searcher, field, term);
        let (body, headings) = (look(self.fields.body)?, look(self.fields.headings)?);
        let frequency = self.frequency(&body);
        let average = self.sizes().average_length();
        let weight = Bm25Weight::for_one_term_without_explain(frequency, self.sizes().documents, average);
        Ok(RankedTerm { body, headings, frequency, boost, weight: weight.boost_by(boost) })
    }

    /// The sizes that BM25 goes by.
    pub(super) fn sizes(&self) -> &Sizes {
        self.frozen.map_or(&self.totals.sizes, |frozen| &frozen.sizes)
    }

    fn frequency(&self, lookup: &Lookup) -> u64 {
        let frozen = self.frozen.and_then(|frozen| frozen.frequency(&lookup.term));
        frozen.unwrap_or_else(|| lookup.frequency())
    }

    /// Where the headings of a segment start, as far as that was read for as long as the segment is there, and the postings to read the
    /// rest from.
    pub(super) fn heading_starts(&self, segment: u32) -> tantivy::Result<(&'i HeadingStarts, Option<SegmentPostings>)> {
        let new = || HeadingStarts::new(self.searcher.segment_reader(segment).max_doc());
        let kept = self.kept[segment as usize].heading_starts.get_or_init(new);
        if kept.is_whole() {
            return Ok((kept, None));
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        Ok((kept, self.totals.heading_starts.postings(self.searcher, segment, option)?))
    }

    /// The postings of the terms in the body of the documents of a segment.
    pub(in crate::index) fn body_postings(
        &self,
        segment: u32,
        option: IndexRecordOption,
    ) -> tantivy::Result<Vec<SegmentPostings>> {
        let terms = self.ranked.iter().flat_map(|word| &word.terms);
        terms.filter_map(|term| term.body.postings(self.searcher, segment, option).transpose()).collect()
    }

    /// Terms as a list of words asks for them, each at what it is worth there.
    pub(in crate::index) fn all_wanted(&self, list: Vec<(Term, f32)>) -> tantivy::Result<Vec<Wanted>> {
        list.into_iter().map(|(term, worth)| self.wanted(term, worth)).collect()
    }

    #[allow(clippy::cast_precision_loss)]
    fn wanted(&self, term: Term, worth: f32) -> tantivy::Result<Wanted> {
        let (tokens, documents) = (self.total_num_tokens(term.field())?, self.total_num_docs()?);
        let average = tokens as f32 / documents as f32;
        let weight = Bm25Weight::for_one_term_without_explain(self.doc_freq(&term)?, documents, average);
        Ok(Wanted { lookup: self.lookups.of(self.searcher, term)?, weight: weight.boost_by(worth) })
    }

    fn lookups(&self) -> impl Iterator<Item = &Lookup> {
        self.ranked.iter().flat_map(|word| &word.terms).flat_map(|term| [&term.body, &term.headings])
    }
}

impl RankedWord {
    /// How far another word stands behind this one in the query.
    pub(super) fn distance_to(&self, next: &Self) -> u32 {
        next.place.saturating_sub(self.place).max(1)
    }
}

/// The first stage scores by what was looked up here.
impl Bm25StatisticsProvider for Words<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.sizes().tokens(self.fields, field).map_or_else(|| self.searcher.total_num_tokens(field), Ok)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.sizes().documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(frequency) = self.frozen.and_then(|frozen| frozen.frequency(term)) {
            return Ok(frequency);
        }
        let known = self.lookups().find(|lookup| lookup.term == *term);
        known.map_or_else(|| self.searcher.doc_freq(term), |lookup| Ok(lookup.frequency()))
    }
}
