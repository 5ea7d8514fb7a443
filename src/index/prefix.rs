//! Prefix → tantivy: the most frequent words that begin so.

use std::{cmp::Reverse, collections::HashMap};

use tantivy::{
    Searcher, Term,
    query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Query as EngineQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{frozen::Frozen, rerank::inverse_frequency, schema::Fields};
use crate::query::Prefix;

/// The most words that a prefix stands for, the most frequent ones.
const MAX_WORDS: usize = 50;

/// The documents with a word that begins so. All score alike, as much as the most frequent of the words would once: which of
/// them was meant, nobody knows.
///
/// # Errors
/// Where the words cannot be read.
pub(super) fn compile(
    prefix: &Prefix,
    searcher: &Searcher,
    fields: &Fields,
    frozen: Option<&Frozen>,
) -> tantivy::Result<Box<dyn EngineQuery>> {
    let words = words(&prefix.form, searcher, fields)?;
    let Some(&(_, most)) = words.first() else { return Ok(Box::new(EmptyQuery)) };
    let most = frozen.and_then(|frozen| frozen.frequency_of_prefix(&prefix.form, fields)).unwrap_or(most);
    let score = inverse_frequency(most, frozen.map_or(searcher.num_docs(), |frozen| frozen.sizes.documents));
    let query = |(word, _): &(String, u64)| {
        let term = Term::from_field_text(fields.forms, word);
        Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn EngineQuery>
    };
    let union = BooleanQuery::union(words.iter().map(query).collect());
    Ok(Box::new(ConstScoreQuery::new(Box::new(union), score)))
}

/// The words that begin so, with the number of documents that hold them, the most frequent first.
pub(super) fn words(form: &str, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<(String, u64)>> {
    let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
    for reader in searcher.segment_readers() {
        let forms = reader.inverted_index(fields.forms)?;
        let mut range = forms.terms().range().ge(form.as_bytes()).into_stream()?;
        while range.advance() && range.key().starts_with(form.as_bytes()) {
            *counts.entry(range.key().to_vec()).or_default() += u64::from(range.value().doc_freq);
        }
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    words.truncate(MAX_WORDS);
    // Words are UTF-8, as all text.
    Ok(words.into_iter().filter_map(|(word, count)| Some((String::from_utf8(word).ok()?, count))).collect())
}
