//! The words of a prefix → tantivy.

use std::sync::Arc;

use tantivy::{
    Searcher, Term,
    query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Query as EngineQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{complete::WordCounts, frozen::Frozen, rerank::inverse_frequency, schema::Fields};
use crate::query::Prefix;

/// The documents with a word that begins so. All score alike, as much as the most frequent of the words would once: which of
/// them was meant, nobody knows.
pub(super) fn compile(
    prefix: &Prefix,
    words: &WordCounts,
    searcher: &Searcher,
    fields: &Fields,
    frozen: Option<&Frozen>,
) -> Box<dyn EngineQuery> {
    let Some(&(_, most)) = words.first() else { return Box::new(EmptyQuery) };
    let most = frozen.and_then(|frozen| frozen.frequency_of_prefix(&prefix.form, fields)).unwrap_or(most);
    let score = inverse_frequency(most, frozen.map_or(searcher.num_docs(), |frozen| frozen.sizes.documents));
    let query = |(word, _): &(Arc<str>, u64)| {
        let term = Term::from_field_text(fields.forms, word);
        Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn EngineQuery>
    };
    let union = BooleanQuery::union(words.iter().map(query).collect());
    Box::new(ConstScoreQuery::new(Box::new(union), score))
}
