//! The figures that scores go by, as they were at one time: what a walk through all matches carries along, so that a document
//! scores the same on its last page as it did on its first, whatever was added or deleted between.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::Term;

use super::{Index, schema::Fields, totals::Sizes};
use crate::query::{Query, Wanted};

/// The figures of an index that the scores of one query go by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frozen {
    pub sizes: Sizes,
    /// How many documents held each term, by a fingerprint of the term.
    frequencies: BTreeMap<u32, u64>,
}

impl Frozen {
    /// The figures as they are now.
    pub(super) fn of(query: &Query, index: &Index) -> tantivy::Result<Self> {
        let Index { searcher, fields, beginnings, totals, .. } = index;
        let mut frequencies = BTreeMap::new();
        for word in query.words() {
            for term in word.reading.terms.iter().chain(&word.names) {
                for field in [fields.body, fields.headings, fields.title] {
                    let term = Term::from_field_text(field, term);
                    frequencies.insert(fingerprint(&term), searcher.doc_freq(&term)?);
                }
            }
        }
        for wanted in query.wanted() {
            if let Wanted::Prefix(prefix) = wanted {
                let words = beginnings.words(&prefix.form, searcher, fields)?;
                let most = words.first().map_or(0, |(_, count)| *count);
                frequencies.insert(fingerprint(&of_prefix(&prefix.form, fields)), most);
            }
        }
        Ok(Self { sizes: totals.sizes, frequencies })
    }

    /// How many documents held a term, if it was one of the query.
    pub(super) fn frequency(&self, term: &Term) -> Option<u64> {
        self.frequencies.get(&fingerprint(term)).copied()
    }

    /// How many documents held the most frequent of the words that begin so.
    pub(super) fn frequency_of_prefix(&self, form: &str, fields: &Fields) -> Option<u64> {
        self.frequency(&of_prefix(form, fields))
    }

    /// Whether a term was one of the query.
    pub(super) fn knows(&self, term: &str, fields: &Fields) -> bool {
        self.frequency(&Term::from_field_text(fields.body, term)).is_some()
    }
}

/// What stands for a prefix among the terms; no form has a space in it.
fn of_prefix(form: &str, fields: &Fields) -> Term {
    Term::from_field_text(fields.forms, &format!("{form} *"))
}

/// Four bytes of a hash: a query has some hundred terms at most, and a cursor is to stay short.
fn fingerprint(term: &Term) -> u32 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&term.field().field_id().to_le_bytes());
    hasher.update(term.value().as_str().unwrap_or_default().as_bytes());
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..4]);
    u32::from_le_bytes(bytes)
}
