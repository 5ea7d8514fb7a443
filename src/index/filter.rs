//! Filter → tantivy: what is known of a document beside its text. Filters score nothing.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{Query as EngineQuery, RangeQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    compile::unscored,
    schema::{Fields, source_key},
};
use crate::query::Filter;

/// The documents that a filter leaves.
pub(super) fn compile(filter: &Filter, fields: &Fields) -> Box<dyn EngineQuery> {
    let by_term = |term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn EngineQuery>;
    unscored(match filter {
        Filter::Language(label) => by_term(Term::from_field_text(fields.language, label.code())),
        Filter::Source(name) => by_term(Term::from_field_text(fields.source, &source_key(name))),
        Filter::Date(range) => {
            let bound = |key: Option<i64>| {
                key.map_or(Bound::Unbounded, |key| Bound::Included(Term::from_field_i64(fields.date, key)))
            };
            Box::new(RangeQuery::new(bound(range.first()), bound(range.last())))
        }
    })
}
