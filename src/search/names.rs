//! A word of a query → the terms of the same name in the other alphabet.

use crate::{
    analysis::{Analyzer, Reading},
    index::{Index, IndexError},
    language::names::known_names,
    query::QueryWord,
    text::ShortText,
};

/// The most terms of one word.
const MAX_TERMS: usize = 8;

/// The terms by which the index holds a word in the other alphabet, those of the table of known names first.
pub(super) fn names(word: &QueryWord, index: &Index, analyzer: &mut Analyzer) -> Result<Vec<ShortText>, IndexError> {
    let forms = index.names(&word.reading)?;
    Ok(terms(&word.reading, &forms, index, analyzer))
}

/// The same of a name, as far as it is spelled by the tables of romanisation.
pub(super) fn near_names(name: &Reading, index: &Index, analyzer: &mut Analyzer) -> Result<Vec<ShortText>, IndexError> {
    let forms = index.near_names(name)?;
    Ok(terms(name, &forms, index, analyzer))
}

fn terms(word: &Reading, forms: &[String], index: &Index, analyzer: &mut Analyzer) -> Vec<ShortText> {
    let known = word.terms.iter().flat_map(|term| known_names(term)).map(|&name| name.to_owned());
    let mut terms: Vec<ShortText> = Vec::new();
    for form in known.chain(forms.iter().cloned()) {
        for term in &analyzer.reading(&form).terms {
            if !terms.contains(term) && index.holds(term) {
                terms.push(term.clone());
            }
        }
    }
    terms.truncate(MAX_TERMS);
    terms
}
