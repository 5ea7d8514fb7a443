//! A word of a query → the terms of the same name in the other alphabet.

use crate::{
    analysis::Analyzer,
    index::{Index, IndexError},
    language::names::known_names,
    query::QueryWord,
};

/// The most terms of one word.
const MAX_TERMS: usize = 8;

/// The terms by which the index holds a word in the other alphabet, those of the table of known names first.
pub(super) fn names(word: &QueryWord, index: &Index, analyzer: &mut Analyzer) -> Result<Vec<String>, IndexError> {
    let known = word.reading.terms.iter().flat_map(|term| known_names(term)).map(|&name| name.to_owned());
    let mut terms: Vec<String> = Vec::new();
    for form in known.chain(index.names(&word.reading)?.iter().cloned()) {
        for term in &analyzer.reading(&form).terms {
            if !terms.contains(term) && index.holds(term) {
                terms.push(term.clone());
            }
        }
    }
    terms.truncate(MAX_TERMS);
    Ok(terms)
}
