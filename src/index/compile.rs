//! Query → tantivy.
//!
//! Words that may match become one flat union of term queries, over the body and, weighted, over the title: block-max
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

/// What a match in the title adds, against one in the text. The title counts in the body as well.
const TITLE_WEIGHT: f32 = 0.5;

/// The most ways in which a phrase of ambiguous words is read; each costs a search of its own.
const MAX_READINGS: usize = 16;

type Clauses = Vec<(Occur, Box<dyn EngineQuery>)>;

/// The engine's form of a query.
pub(super) fn compile(query: &Query, fields: &Fields) -> Box<dyn EngineQuery> {
    let mut clauses = Clauses::new();
    for Clause { occurrence, expression } in &query.clauses {
        let in_body = in_field(expression, fields.body, fields);
        match occurrence {
            Occurrence::Should => clauses.extend(in_body.into_iter().map(|query| {
                let query: Box<dyn EngineQuery> = if matches!(expression, Expression::Word(word) if word.is_compound) { Box::new(BoostQuery::new(query, std::env::var("W_WHOLE").ok().and_then(|v| v.parse().ok()).unwrap_or(1.0))) } else { query };
                (Occur::Should, query) })),
            Occurrence::Must => clauses.push((Occur::Must, any(in_body))),
            Occurrence::MustNot => clauses.push((Occur::MustNot, any(in_body))),
        }
        if *occurrence != Occurrence::MustNot && !matches!(expression, Expression::Word(word) if word.is_compound && std::env::var("NOWT").is_ok()) {
            clauses.extend(in_title(expression, fields).map(|query| (Occur::Should, query)));
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

/// The expression in the title; a form as typed is looked for in title and text together.
fn in_title(expression: &Expression, fields: &Fields) -> impl Iterator<Item = Box<dyn EngineQuery>> + use<> {
    let is_exact = matches!(expression, Expression::Word(word) if word.is_exact);
    let queries = if is_exact { Vec::new() } else { in_field(expression, if std::env::var("S1").is_ok() { fields.headings } else { fields.title }, fields) };
    queries.into_iter().map(|query| Box::new(BoostQuery::new(query, std::env::var("W_S1").ok().and_then(|v| v.parse().ok()).unwrap_or(TITLE_WEIGHT))) as Box<dyn EngineQuery>)
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
