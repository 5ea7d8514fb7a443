//! Query → tantivy.
//!
//! Words that may match become one flat union of term queries, over the body and, weighted, over the headings: block-max
//! pruning lives on flat unions alone.

use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as EngineQuery, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::schema::Fields;
use crate::{
    language::Label,
    query::{Clause, Expression, Occurrence, Query, QueryWord},
};

/// What a word in a title or heading adds in the first stage, against one in the text: enough to make it a candidate. What
/// a heading is worth, the second stage says.
const HEADING_WEIGHT: f32 = 0.2;

/// What a compound is worth beside its parts, which are words of the query too.
const COMPOUND_WEIGHT: f32 = 0.5;

/// The most ways in which a phrase of ambiguous words is read; each costs a search of its own.
const MAX_READINGS: usize = 16;

type Clauses = Vec<(Occur, Box<dyn EngineQuery>)>;

/// The engine's form of a query.
pub(super) fn compile(query: &Query, fields: &Fields) -> Box<dyn EngineQuery> {
    let mut clauses = Clauses::new();
    for Clause { occurrence, expression } in &query.clauses {
        let is_compound = matches!(expression, Expression::Word(word) if word.is_compound);
        let in_body = in_field(expression, fields.body, fields);
        match occurrence {
            Occurrence::Should if is_compound => {
                clauses.extend(in_body.into_iter().map(|query| (Occur::Should, weighted(query, COMPOUND_WEIGHT))));
            }
            Occurrence::Should => clauses.extend(in_body.into_iter().map(|query| (Occur::Should, query))),
            Occurrence::Must => clauses.push((Occur::Must, any(in_body))),
            Occurrence::MustNot => clauses.push((Occur::MustNot, any(in_body))),
        }
        if *occurrence != Occurrence::MustNot && !is_compound {
            clauses.extend(in_headings(expression, fields).map(|query| (Occur::Should, query)));
        }
    }
    Box::new(BooleanQuery::new(clauses))
}

/// The query among the documents of one language only, which does not change their scores.
pub(super) fn in_language(query: Box<dyn EngineQuery>, label: Label, fields: &Fields) -> Box<dyn EngineQuery> {
    let term = Term::from_field_text(fields.language, label.code());
    let filter = ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(filter))]))
}

/// The expression in the headings; a form as typed is looked for in the whole text alone.
fn in_headings(expression: &Expression, fields: &Fields) -> impl Iterator<Item = Box<dyn EngineQuery>> + use<> {
    let is_exact = matches!(expression, Expression::Word(word) if word.is_exact);
    let queries = if is_exact { Vec::new() } else { in_field(expression, fields.headings, fields) };
    queries.into_iter().map(|query| weighted(query, HEADING_WEIGHT))
}

fn weighted(query: Box<dyn EngineQuery>, weight: f32) -> Box<dyn EngineQuery> {
    Box::new(BoostQuery::new(query, weight))
}

fn in_field(expression: &Expression, field: Field, fields: &Fields) -> Vec<Box<dyn EngineQuery>> {
    match expression {
        Expression::Word(word) if word.is_exact => vec![exact(word, fields)],
        Expression::Word(word) => word.reading.terms.iter().map(|term| term_query(field, term)).collect(),
        Expression::Phrase(words) => readings(words).into_iter().map(|terms| phrase(field, &terms)).collect(),
    }
}

fn term_query(field: Field, term: &str) -> Box<dyn EngineQuery> {
    Box::new(TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs))
}

/// The documents that hold a word as it was typed, scored as any form of it is.
fn exact(word: &QueryWord, fields: &Fields) -> Box<dyn EngineQuery> {
    let form = Term::from_field_text(fields.forms, &word.reading.form);
    let filter = ConstScoreQuery::new(Box::new(TermQuery::new(form, IndexRecordOption::Basic)), 0.0);
    let mut clauses = Clauses::new();
    clauses.push((Occur::Must, Box::new(filter)));
    clauses.extend(word.reading.terms.iter().map(|term| (Occur::Should, term_query(fields.body, term))));
    Box::new(BooleanQuery::new(clauses))
}

/// The ways to read a phrase whose words may have several lemmas each, as terms with their places.
fn readings(words: &[QueryWord]) -> Vec<Vec<(usize, &str)>> {
    let first = words.first().map_or(0, |word| word.position);
    let mut readings: Vec<Vec<(usize, &str)>> = vec![Vec::new()];
    for word in words {
        let place = word.position - first;
        let longer = readings.iter().flat_map(|reading| {
            word.reading.terms.iter().map(move |term| {
                let mut longer = reading.clone();
                longer.push((place, term.as_str()));
                longer
            })
        });
        readings = longer.take(MAX_READINGS).collect();
    }
    readings
}

fn phrase(field: Field, terms: &[(usize, &str)]) -> Box<dyn EngineQuery> {
    let terms = terms.iter().map(|&(place, term)| (place, Term::from_field_text(field, term))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

/// Documents that satisfy any of some queries, as one query.
fn any(mut queries: Vec<Box<dyn EngineQuery>>) -> Box<dyn EngineQuery> {
    if queries.len() == 1 { queries.remove(0) } else { Box::new(BooleanQuery::union(queries)) }
}
