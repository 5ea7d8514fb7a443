//! Filters and conditions → tantivy: what is known of a document beside its text. They score nothing.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, EmptyQuery, ExistsQuery, Occur, Query as EngineQuery, RangeQuery, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{
    compile::unscored,
    members::MemberFields,
    schema::{DATE, Fields, SOURCE, comparison_key},
};
use crate::query::{
    Condition, Filter,
    condition::{Test, Values},
};

type Boxed = Box<dyn EngineQuery>;

/// The documents that a filter leaves.
pub(super) fn compile(filter: &Filter, fields: &Fields) -> Boxed {
    unscored(match filter {
        Filter::Everything => Box::new(AllQuery),
        Filter::Language(label) => by_term(Term::from_field_text(fields.language, label.code())),
        Filter::Source(name) => by_term(Term::from_field_text(fields.source, &comparison_key(name))),
        Filter::Date(range) => {
            let bound = |key: Option<i64>| {
                key.map_or(Bound::Unbounded, |key| Bound::Included(Term::from_field_i64(fields.date, key)))
            };
            Box::new(RangeQuery::new(bound(range.first()), bound(range.last())))
        }
    })
}

/// The documents that meet a condition.
pub(super) fn compile_condition(condition: &Condition, fields: &Fields) -> Boxed {
    unscored(meeting(condition, fields))
}

fn meeting(condition: &Condition, fields: &Fields) -> Boxed {
    let each = |parts: &[Condition]| parts.iter().map(|part| meeting(part, fields)).collect::<Vec<_>>();
    match condition {
        Condition::All(parts) => Box::new(BooleanQuery::intersection(each(parts))),
        Condition::Any(parts) => Box::new(BooleanQuery::union(each(parts))),
        Condition::Not(part) => {
            let clauses: Vec<(Occur, Boxed)> =
                vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, meeting(part, fields))];
            Box::new(BooleanQuery::new(clauses))
        }
        Condition::Test(Test::Id(id)) => by_term(Term::from_field_text(fields.id, id)),
        Condition::Test(Test::Filter(filter)) => compile(filter, fields),
        Condition::Test(Test::Dated) => known(DATE),
        Condition::Test(Test::Sourced) => known(SOURCE),
        // Members that were not declared are refused before.
        Condition::Test(Test::Member { name, values }) => {
            fields.member(name).map_or(Box::new(EmptyQuery), |member| with_values(member, values))
        }
    }
}

fn with_values(member: &MemberFields, values: &Values) -> Boxed {
    match values {
        // Numbers have a key too, which is how they are written: 2021 is 2021.0 as well.
        Values::Equal(text) => {
            let by_key = by_term(Term::from_field_text(member.key, &comparison_key(text)));
            match text.parse::<f64>() {
                Ok(number) => {
                    let by_number = by_term(Term::from_field_f64(member.number, number));
                    Box::new(BooleanQuery::union(vec![by_key, by_number]))
                }
                Err(_) => by_key,
            }
        }
        Values::Between(from, to) => between(member, from, to),
        Values::Known => known(&member.key_column),
    }
}

/// Numbers are compared with numbers, and all else by its letters.
fn between(member: &MemberFields, from: &Bound<String>, to: &Bound<String>) -> Boxed {
    let number = |bound: &Bound<String>| match bound {
        Bound::Included(text) => text.parse().map(Bound::Included),
        Bound::Excluded(text) => text.parse().map(Bound::Excluded),
        Bound::Unbounded => Ok(Bound::Unbounded),
    };
    if let (Ok(from), Ok(to)) = (number(from), number(to)) {
        return range(member.number, from, to, Term::from_field_f64);
    }
    let key = |bound: &Bound<String>| bound.as_ref().map(|text| comparison_key(text));
    range(member.key, key(from), key(to), |field, key| Term::from_field_text(field, &key))
}

fn range<T>(field: Field, from: Bound<T>, to: Bound<T>, term: impl Fn(Field, T) -> Term) -> Boxed {
    Box::new(RangeQuery::new(from.map(|value| term(field, value)), to.map(|value| term(field, value))))
}

fn by_term(term: Term) -> Boxed {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// The documents that have a value in a column.
fn known(column: &str) -> Boxed {
    Box::new(ExistsQuery::new(column.to_owned(), false))
}
