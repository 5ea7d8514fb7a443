//! The words of a prefix → tantivy.

use std::sync::Arc;

use tantivy::{
    Term,
    query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Query as EngineQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{Index, frozen::Frozen, rerank::inverse_frequency};
use crate::query::Prefix;

/// The documents with a word that begins so. All score alike, as much as the most frequent of the words would once: which of
/// them was meant, nobody knows. In titles: those with such a word in the text, of which the title is a part, and a form of it in the
/// title, for what is kept of titles are terms and not forms.
pub(super) fn compile(
    prefix: &Prefix,
    index: &Index,
    frozen: Option<&Frozen>,
) -> tantivy::Result<Box<dyn EngineQuery>> {
    let Index { searcher, fields, .. } = index;
    let words = index.beginnings.words(&prefix.form, searcher, fields)?;
    let Some(&(_, most)) = words.first() else { return Ok(Box::new(EmptyQuery)) };
    let most = frozen.and_then(|frozen| frozen.frequency_of_prefix(&prefix.form, fields)).unwrap_or(most);
    let score = inverse_frequency(most, frozen.map_or(searcher.num_docs(), |frozen| frozen.sizes.documents));
    let mut analyzer = index.analyzer();
    let term = |field, text: &str| {
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)) as Box<dyn EngineQuery>
    };
    let query = |(word, _): &(Arc<str>, u64)| {
        if !prefix.is_in_title {
            return term(fields.forms, word);
        }
        let reading = analyzer.reading(word);
        let in_title = BooleanQuery::union(reading.terms.iter().map(|text| term(fields.title, text)).collect());
        Box::new(BooleanQuery::intersection(vec![term(fields.forms, word), Box::new(in_title)]))
    };
    let union = BooleanQuery::union(words.iter().map(query).collect());
    Ok(Box::new(ConstScoreQuery::new(Box::new(union), score)))
}
