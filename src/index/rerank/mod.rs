//! The best matches, in a better order: what the plain union of words cannot see.
//!
//! The first stage finds candidates by BM25 over single terms, fast, because the engine can leave out what cannot reach
//! the top. This second stage looks at the positions of the words in the best [`CANDIDATES`] of them and adds, each in the
//! currency of BM25 (rarity × saturated frequency):
//!
//! * **nearness**: neighbours of the query that stand side by side as they were typed or near each other in any order (the
//!   sequential dependence model of Metzler and Croft, SIGIR 2005, on BM25 as Büttcher, Clarke and Lushman have it, SIGIR
//!   2006), and the passage that holds most of the query;
//! * **headings**: how much of the query the best heading or title holds, in which order, and how much of the heading that
//!   is;
//! * **form**: words that stand in the document exactly as they were typed;
//!
//! and takes from a word of several lemmas all but the best of them. The weights below were set on the judged collections,
//! as round numbers; what each attempt gave stands in `benches/README.md`.

mod candidates;
mod headings;
mod nearness;

use std::collections::BTreeMap;

use tantivy::{
    DocAddress, DocId, Score, Searcher, Term,
    query::Bm25Weight,
    schema::{Field, IndexRecordOption},
};

use super::{compile::NAME_WEIGHT, schema::Fields};
use crate::query::{Query, QueryWord};
use candidates::Candidates;

/// How many of the best candidates are looked at.
pub(super) const CANDIDATES: usize = 100;

/// What a word is worth that stands in the document as it was typed, in rarities.
const FORM: f32 = 0.3;

/// BM25's constants for the saturation of frequencies and for length, as the engine has them.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A word of the query, as the second stage sees it.
struct RankedWord {
    /// Its terms, each with its weight in BM25.
    terms: Vec<(Term, Bm25Weight)>,
    /// Its terms in the headings.
    heading_terms: Vec<Term>,
    /// Its form as typed.
    form: Term,
    /// Its inverse document frequency; of several lemmas that of the most frequent.
    rarity: f32,
    /// Its place in the query.
    place: u32,
}

/// Puts the best candidates of a query in a better order; the rest keep theirs, behind them.
pub(super) fn rerank(
    searcher: &Searcher,
    fields: &Fields,
    query: &Query,
    mut found: Vec<(Score, DocAddress)>,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let average = average_length(searcher, fields.body)?;
    let words = query.words().filter(|word| !word.is_compound);
    let words = words.map(|word| RankedWord::new(searcher, fields, word, average));
    let words = words.collect::<tantivy::Result<Vec<_>>>()?;
    let count = found.len().min(CANDIDATES);
    let mut by_segment: BTreeMap<u32, Vec<(DocId, usize)>> = BTreeMap::new();
    for (n, (_, address)) in found[..count].iter().enumerate() {
        by_segment.entry(address.segment_ord).or_default().push((address.doc_id, n));
    }
    for (segment, mut docs) in by_segment {
        docs.sort_unstable();
        let mut candidates = Candidates::open(searcher.segment_reader(segment), fields, &words, average)?;
        for (doc, n) in docs {
            found[n].0 += candidates.gain(doc);
        }
    }
    found[..count].sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // Scores fall from hit to hit, across the border of the stages too.
    if let Some(last) = count.checked_sub(1).map(|last| found[last].0) {
        for (score, _) in &mut found[count..] {
            *score = score.min(last);
        }
    }
    Ok(found)
}

impl RankedWord {
    fn new(searcher: &Searcher, fields: &Fields, word: &QueryWord, average: f32) -> tantivy::Result<Self> {
        let documents = searcher.num_docs();
        let mut terms = Vec::new();
        let mut rarity = f32::INFINITY;
        let typed = word.reading.terms.iter().map(|term| (term, word.weight));
        let names = word.names.iter().map(|term| (term, NAME_WEIGHT * word.weight));
        for (term, weight) in typed.chain(names) {
            let term = Term::from_field_text(fields.body, term);
            let frequency = searcher.doc_freq(&term)?.min(documents);
            if frequency > 0 || word.names.is_empty() {
                rarity = rarity.min(weight * inverse_frequency(frequency, documents));
            }
            let scored = Bm25Weight::for_one_term_without_explain(frequency, documents, average);
            terms.push((term, scored.boost_by(weight)));
        }
        let in_headings = |term: &String| Term::from_field_text(fields.headings, term);
        Ok(Self {
            terms,
            heading_terms: word.reading.terms.iter().chain(&word.names).map(in_headings).collect(),
            form: Term::from_field_text(fields.forms, &word.reading.form),
            rarity,
            place: u32::try_from(word.position).unwrap_or(u32::MAX),
        })
    }

    /// How far another word stands behind this one in the query.
    fn distance_to(&self, next: &Self) -> u32 {
        next.place.saturating_sub(self.place).max(1)
    }
}

/// How rare a term is: BM25's inverse document frequency, never negative.
// Documents are counted in millions: far below where an f32 loses its meaning in a logarithm.
#[allow(clippy::cast_precision_loss)]
pub(super) fn inverse_frequency(with: u64, all: u64) -> f32 {
    let (with, all) = (with as f32, all as f32);
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}

/// The mean number of terms of a document.
#[allow(clippy::cast_precision_loss)]
fn average_length(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let (mut terms, mut documents) = (0, 0);
    for reader in searcher.segment_readers() {
        terms += reader.inverted_index(field)?.total_num_tokens();
        documents += u64::from(reader.max_doc());
    }
    Ok(if documents == 0 { 1.0 } else { terms as f32 / documents as f32 })
}

/// How positions are read.
const WITH_POSITIONS: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;
