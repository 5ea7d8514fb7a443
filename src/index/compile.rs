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
    query::{Clause, Expression, Occurrence, Query},
};

/// What a match in the title adds, against one in the text. The title counts in the body as well.
const TITLE_WEIGHT: f32 = 0.5;

type Clauses = Vec<(Occur, Box<dyn EngineQuery>)>;

/// The engine's form of a query.
pub(super) fn compile(query: &Query, fields: &Fields) -> Box<dyn EngineQuery> {
    let mut clauses = Clauses::new();
    for Clause { occurrence, expression } in &query.clauses {
        match occurrence {
            Occurrence::Should => {
                clauses.push((Occur::Should, in_field(expression, fields.body)));
                clauses.push((Occur::Should, in_title(expression, fields)));
            }
            Occurrence::Must => {
                clauses.push((Occur::Must, in_field(expression, fields.body)));
                clauses.push((Occur::Should, in_title(expression, fields)));
            }
            Occurrence::MustNot => clauses.push((Occur::MustNot, in_field(expression, fields.body))),
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

fn in_title(expression: &Expression, fields: &Fields) -> Box<dyn EngineQuery> {
    Box::new(BoostQuery::new(in_field(expression, fields.title), TITLE_WEIGHT))
}

fn in_field(expression: &Expression, field: Field) -> Box<dyn EngineQuery> {
    match expression {
        Expression::Word(word) => {
            let term = Term::from_field_text(field, &word.term);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        }
        Expression::Phrase(words) => {
            let terms = words.iter().map(|word| Term::from_field_text(field, &word.term)).collect();
            Box::new(PhraseQuery::new(terms))
        }
    }
}
