//! Query → tantivy.
//!
//! Words that may match become one flat union of terms, in the body and, weighted, in the headings: of such a list alone the best are
//! found without all that it finds (`union.rs`). All else nests.

use tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as EngineQuery, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{Index, filter, frozen::Frozen, prefix, schema::Fields};
use crate::{
    language::Label,
    query::{Clause, Compound, Condition, Expression, Filter, Matching, Occurrence, Query, QueryWord},
};

/// What a word in a title or heading adds in the first stage, against one in the text: enough to make it a candidate. What
/// a heading is worth, the second stage says.
const HEADING_WEIGHT: f32 = 0.2;

/// What a compound is worth beside its parts, which are words of the query too.
const COMPOUND_WEIGHT: f32 = 0.5;

/// What a name in the other alphabet is worth, against the word as it was typed.
pub(super) const NAME_WEIGHT: f32 = 0.5;

/// The most ways in which a phrase of ambiguous words is read; each costs a search of its own.
const MAX_READINGS: usize = 16;

type Boxed = Box<dyn EngineQuery>;

type Clauses = Vec<(Occur, Boxed)>;

/// The query among the documents of one language only, which does not change their scores.
pub(super) fn in_language(query: Boxed, label: Label, fields: &Fields) -> Boxed {
    let filter = filter::compile(&Filter::Language(label), fields);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, filter)]))
}

/// The query among the documents that meet a condition, which does not change their scores.
pub(super) fn under_condition(query: Boxed, condition: &Condition, fields: &Fields) -> Boxed {
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, filter::compile_condition(condition, fields))]))
}

/// Makes queries of the engine.
pub(super) struct Compiler<'i> {
    index: &'i Index,
    fields: &'i Fields,
    frozen: Option<&'i Frozen>,
    is_scored: bool,
}

/// A part of a clause that adds to the score of what it finds.
pub(super) struct Leaf {
    /// What it finds, with what that is worth.
    pub query: Boxed,
    /// Whether it looks into titles and headings, and not into the whole text.
    pub is_in_headings: bool,
    /// What was typed.
    pub typed: String,
    /// The name in the other alphabet that it looks for.
    pub name: Option<String>,
    /// The one term that it looks for, if it is one.
    pub term: Option<Term>,
}

impl<'i> Compiler<'i> {
    pub(super) fn new(index: &'i Index, frozen: Option<&'i Frozen>) -> Self {
        Self { index, fields: &index.fields, frozen, is_scored: true }
    }

    /// One whose queries are to be counted and not ranked: without headings, whose words stand in the text too, so that they
    /// find nothing more.
    pub(super) fn unscored(index: &'i Index) -> Self {
        Self { is_scored: false, ..Self::new(index, None) }
    }
}

impl Compiler<'_> {
    /// The engine's form of a query that was condensed, or of a group of one: what is said in words, among what the filters
    /// leave.
    ///
    /// # Errors
    /// Where the words that begin with a prefix cannot be read.
    pub(super) fn query(&self, query: &Query) -> tantivy::Result<Boxed> {
        let (filters, words): (Vec<_>, Vec<_>) = query
            .clauses
            .iter()
            .partition(|clause| clause.expression.is_filter() && clause.occurrence != Occurrence::Should);
        let mut clauses = Clauses::new();
        for Clause { occurrence, expression, .. } in filters {
            let occur = if *occurrence == Occurrence::Must { Occur::Must } else { Occur::MustNot };
            clauses.push((occur, any(self.alternatives(expression)?)));
        }
        let says_what = words.iter().any(|clause| clause.occurrence != Occurrence::MustNot);
        let in_words = match query.matching.unwrap_or_default() {
            Matching::Any => self.union(&words)?,
            matching => self.threshold(&words, matching)?,
        };
        if clauses.is_empty() && says_what {
            return Ok(Box::new(BooleanQuery::new(in_words)));
        }
        if says_what {
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(in_words))));
        } else {
            clauses.extend(in_words);
            // What says only what not to find means all else.
            if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
                clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
            }
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// The terms of a query that is a plain list of words of which one is enough, each with what it is worth; `None` of any other.
    /// It finds what [`Compiler::query`] does.
    pub(super) fn list(&self, query: &Query) -> Option<Vec<(Term, f32)>> {
        if query.matching.unwrap_or_default() != Matching::Any {
            return None;
        }
        let mut list = Vec::new();
        for clause in &query.clauses {
            let (Occurrence::Should, Expression::Word(word)) = (clause.occurrence, &clause.expression) else {
                return None;
            };
            if word.is_exact {
                return None;
            }
            let in_headings = self.is_scored && is_in_headings(word);
            let headings = in_headings.then_some((self.fields.headings, HEADING_WEIGHT * clause.boost));
            for (field, weight) in [(self.field(word), weight_of(clause))].into_iter().chain(headings) {
                list.extend(terms(word, field).map(|(term, worth)| (term, worth * weight)));
            }
        }
        Some(list)
    }

    /// What adds to the score of a document that satisfies a clause: what [`Compiler::query`] puts together.
    pub(super) fn leaves(&self, clause: &Clause) -> tantivy::Result<Vec<Leaf>> {
        let Clause { expression, boost, .. } = clause;
        let weight = weight_of(clause);
        let found = self.alternatives(expression)?.into_iter().map(|query| (weighted(query, weight), false));
        let in_headings = self.in_headings(expression, *boost).into_iter().map(|(_, query)| (query, true));
        let leaf = |(query, is_in_headings): (Boxed, bool)| Leaf {
            term: only_term(query.as_ref()),
            query,
            is_in_headings,
            typed: expression.typed().to_owned(),
            name: None,
        };
        let mut leaves: Vec<Leaf> = found.chain(in_headings).map(leaf).collect();
        if let Expression::Word(word) = expression {
            for leaf in &mut leaves {
                let looked_for = leaf.term.as_ref().and_then(|term| term.value().as_str().map(str::to_owned));
                leaf.name = looked_for.filter(|term| word.names.iter().any(|name| name == term));
            }
        }
        Ok(leaves)
    }

    /// Clauses of which one is enough, where none is demanded.
    fn union(&self, words: &[&Clause]) -> tantivy::Result<Clauses> {
        let mut clauses = Clauses::new();
        for &clause in words {
            let Clause { occurrence, expression, boost } = clause;
            let found = match expression {
                // What need not match was taken apart, so what is left is excluded, here or by what stands around it.
                Expression::Compound(compound) if *occurrence != Occurrence::Must => self.as_typed(compound),
                _ => self.alternatives(expression)?,
            };
            match occurrence {
                Occurrence::Should => {
                    let weight = weight_of(clause);
                    clauses.extend(found.into_iter().map(|query| (Occur::Should, weighted(query, weight))));
                }
                Occurrence::Must => clauses.push((Occur::Must, weighted(any(found), *boost))),
                Occurrence::MustNot => clauses.push((Occur::MustNot, any(found))),
            }
            if *occurrence != Occurrence::MustNot {
                clauses.extend(self.in_headings(expression, *boost));
            }
        }
        Ok(clauses)
    }

    /// Clauses of which so many are enough.
    fn threshold(&self, words: &[&Clause], matching: Matching) -> tantivy::Result<Clauses> {
        let (optional, others): (Vec<&Clause>, Vec<&Clause>) =
            words.iter().partition(|clause| clause.occurrence == Occurrence::Should);
        let mut clauses = self.union(&others)?;
        let least = match matching {
            Matching::Any => 1,
            Matching::Most => (2 * optional.len()).div_ceil(3),
            Matching::All => optional.len(),
        };
        let mut counted = Vec::new();
        for Clause { expression, boost, .. } in optional {
            counted.push(weighted(any(self.alternatives(expression)?), *boost));
            clauses.extend(self.in_headings(expression, *boost));
        }
        if !counted.is_empty() {
            let counted = BooleanQuery::union_with_minimum_required_clauses(counted, least);
            clauses.push((Occur::Must, Box::new(counted)));
        }
        Ok(clauses)
    }

    /// The queries of which any finds what is looked for.
    fn alternatives(&self, expression: &Expression) -> tantivy::Result<Vec<Boxed>> {
        Ok(match expression {
            Expression::Word(word) if word.is_exact => vec![self.exact(word)],
            Expression::Word(word) => in_field(word, self.field(word)),
            Expression::Compound(compound) => self.compound(compound),
            Expression::Phrase(phrase) => {
                let field = phrase.words.first().map_or(self.fields.body, |word| self.field(word));
                in_order(&phrase.words, phrase.slop, field)
            }
            Expression::Prefix(prefix) => vec![prefix::compile(prefix, self.index, self.frozen)?],
            Expression::Filter(filter) => vec![filter::compile(filter, self.fields)],
            Expression::Group(group) => vec![self.query(group)?],
        })
    }

    /// Where a word is looked for.
    fn field(&self, word: &QueryWord) -> Field {
        if word.is_in_title { self.fields.title } else { self.fields.body }
    }

    /// The expression in the headings; a form as typed is looked for in the whole text alone.
    fn in_headings(&self, expression: &Expression, boost: f32) -> Clauses {
        let queries = match expression {
            _ if !self.is_scored => Vec::new(),
            Expression::Word(word) if is_in_headings(word) => in_field(word, self.fields.headings),
            Expression::Compound(compound) => {
                let parts = parts(compound).filter(|word| !word.is_exact && !word.is_in_title);
                parts.flat_map(|word| in_field(word, self.fields.headings)).collect()
            }
            Expression::Phrase(phrase) if phrase.words.iter().all(|word| !word.is_in_title) => {
                in_order(&phrase.words, phrase.slop, self.fields.headings)
            }
            _ => Vec::new(),
        };
        queries.into_iter().map(|query| (Occur::Should, weighted(query, HEADING_WEIGHT * boost))).collect()
    }

    /// The documents that hold a word as it was typed, scored as any form of it is.
    fn exact(&self, word: &QueryWord) -> Boxed {
        let form = Term::from_field_text(self.fields.forms, &word.reading.form);
        let filter = unscored(Box::new(TermQuery::new(form, IndexRecordOption::Basic)));
        let mut clauses: Clauses = vec![(Occur::Must, filter)];
        clauses.extend(in_field(word, self.fields.body).into_iter().map(|query| (Occur::Should, query)));
        Box::new(BooleanQuery::new(clauses))
    }

    /// Words that were typed as one and are demanded: a whole that they are known by, or all of them.
    fn compound(&self, compound: &Compound) -> Vec<Boxed> {
        let mut found = self.wholes(compound);
        let parts: Vec<Boxed> = parts(compound).map(|part| self.word(part)).collect();
        if !parts.is_empty() {
            found.push(Box::new(BooleanQuery::intersection(parts)));
        }
        found
    }

    /// Words that were typed as one and are excluded: not what holds some of them here and there.
    fn as_typed(&self, compound: &Compound) -> Vec<Boxed> {
        let words: Vec<QueryWord> = parts(compound).cloned().collect();
        match words.first() {
            Some(first) if words.len() > 1 && !first.is_exact => {
                let mut found = self.wholes(compound);
                found.extend(in_order(&words, 0, self.field(first)));
                found
            }
            _ => self.compound(compound),
        }
    }

    fn wholes(&self, compound: &Compound) -> Vec<Boxed> {
        let wholes = compound.words.iter().filter(|word| word.is_compound);
        wholes.map(|whole| weighted(self.word(whole), COMPOUND_WEIGHT)).collect()
    }

    fn word(&self, word: &QueryWord) -> Boxed {
        if word.is_exact { self.exact(word) } else { any(in_field(word, self.field(word))) }
    }
}

/// The words of a compound that are no wholes.
fn parts(compound: &Compound) -> impl Iterator<Item = &QueryWord> {
    compound.words.iter().filter(|word| !word.is_compound)
}

/// What a clause is worth: a compound less, for its parts are words of the query too.
fn weight_of(Clause { expression, boost, .. }: &Clause) -> f32 {
    let is_compound = matches!(expression, Expression::Word(word) if word.is_compound);
    if is_compound { COMPOUND_WEIGHT * boost } else { *boost }
}

/// Whether a word is looked for in the headings, too.
fn is_in_headings(word: &QueryWord) -> bool {
    !word.is_exact && !word.is_in_title && !word.is_compound
}

/// The term of a query for one.
fn only_term(query: &dyn EngineQuery) -> Option<Term> {
    let mut terms = Vec::new();
    query.query_terms(&mut |term, _| terms.push(term.clone()));
    if terms.len() == 1 { terms.pop() } else { None }
}

fn weighted(query: Boxed, weight: f32) -> Boxed {
    if (weight - 1.0).abs() <= f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}

/// A query that finds what it finds and says nothing of how good that is.
pub(super) fn unscored(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn in_field(word: &QueryWord, field: Field) -> Vec<Boxed> {
    let query = |term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Boxed;
    terms(word, field).map(|(term, worth)| weighted(query(term), worth)).collect()
}

/// What is looked for of a word in a field, and what each is worth.
fn terms(word: &QueryWord, field: Field) -> impl Iterator<Item = (Term, f32)> {
    let typed = word.reading.terms.iter().map(|term| (term, 1.0));
    let names = word.names.iter().map(|name| (name, NAME_WEIGHT));
    typed.chain(names).map(move |(term, worth)| (Term::from_field_text(field, term), worth))
}

/// The documents that hold words side by side, one query for each way to read them.
fn in_order(words: &[QueryWord], slop: u32, field: Field) -> Vec<Boxed> {
    let query = |terms: Vec<(usize, &str)>| {
        let terms = terms.into_iter().map(|(place, term)| (place, Term::from_field_text(field, term))).collect();
        Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)) as Boxed
    };
    readings(words).into_iter().map(query).collect()
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

/// Documents that satisfy any of some queries, as one query.
fn any(mut queries: Vec<Boxed>) -> Boxed {
    if queries.len() == 1 { queries.remove(0) } else { Box::new(BooleanQuery::union(queries)) }
}
