//! A match → the parts of its score, in words.

use tantivy::{
    DocAddress, DocSet, Score, TERMINATED, Term,
    postings::Postings,
    query::{Bm25StatisticsProvider, EnableScoring, Query as EngineQuery},
    schema::IndexRecordOption,
};

use super::{
    compile::{Compiler, Leaf},
    deadline::Pulse,
    rerank::{Gains, Words, gains},
};
use crate::query::{Expression, Occurrence, Query};

/// A part of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// How much it is of the score; all parts add up to it.
    pub score: f32,
    /// What it is for, by a name that stays: `text`, `heading`, `form`, `lemmas`, `nearness`, `passage`, `bestHeading` or
    /// `limit`.
    pub kind: &'static str,
    /// The same in words.
    pub says: String,
}

/// The parts of the score of a match.
pub(super) fn explain(
    query: &Query,
    compiler: &Compiler<'_>,
    words: &Words,
    (score, address): (Score, DocAddress),
) -> tantivy::Result<Vec<Part>> {
    let explainer = Explainer { compiler, words, address, pulse: Pulse::new() };
    let mut parts = Vec::new();
    explainer.add(query, &mut parts)?;
    let by_words: f32 = parts.iter().map(|part| part.score).sum();
    let gains = gains(words, address)?;
    // Only the best matches are looked at again; of the others the words are all.
    if (score - by_words - gains.sum()).abs() <= (score - by_words).abs() {
        parts.extend(of_gains(&gains));
    }
    let rest = score - parts.iter().map(|part| part.score).sum::<f32>();
    // What the order of adding makes of the last digits is nothing to tell.
    if rest.abs() > score.abs() * 1e-4 {
        let says = "is taken away, so that it stands below the matches that were looked at again".to_owned();
        parts.push(Part { score: rest, kind: "limit", says });
    }
    Ok(parts)
}

struct Explainer<'e, 'i> {
    compiler: &'e Compiler<'i>,
    words: &'e Words<'i>,
    address: DocAddress,
    pulse: Pulse,
}

impl Explainer<'_, '_> {
    /// Adds what the clauses of a query give that the document satisfies.
    fn add(&self, query: &Query, parts: &mut Vec<Part>) -> tantivy::Result<()> {
        for clause in &query.clauses {
            if clause.occurrence == Occurrence::MustNot || clause.expression.is_filter() {
                continue;
            }
            if let Expression::Group(group) = &clause.expression {
                if self.score(self.compiler.query(group)?.as_ref())?.is_some() {
                    self.add(group, parts)?;
                }
                continue;
            }
            for leaf in self.compiler.leaves(clause)? {
                self.pulse.check_now()?;
                if let Some(score) = self.score(leaf.query.as_ref())?.filter(|score| *score > 0.0) {
                    let kind = if leaf.is_in_headings { "heading" } else { "text" };
                    let says = self.says(&leaf)?;
                    // A phrase of ambiguous words is read in several ways, which are one to whoever typed it.
                    match parts.iter_mut().find(|part| part.kind == kind && part.says == says) {
                        Some(part) => part.score += score,
                        None => parts.push(Part { score, kind, says }),
                    }
                }
            }
        }
        Ok(())
    }

    /// What a query gives the document; `None` where it does not find it.
    fn score(&self, query: &dyn EngineQuery) -> tantivy::Result<Option<Score>> {
        let searcher = self.words.searcher;
        let weight = query.weight(EnableScoring::enabled_from_statistics_provider(self.words, searcher))?;
        let mut scorer = weight.scorer(searcher.segment_reader(self.address.segment_ord), 1.0)?;
        let at = if scorer.doc() < self.address.doc_id { scorer.seek(self.address.doc_id) } else { scorer.doc() };
        Ok((at == self.address.doc_id && at != TERMINATED).then(|| scorer.score()))
    }

    fn says(&self, leaf: &Leaf) -> tantivy::Result<String> {
        let place = if leaf.is_in_headings { "title and headings" } else { "text" };
        let what = match &leaf.name {
            Some(name) => format!("{} as the name {name}", leaf.typed),
            None => leaf.typed.clone(),
        };
        let Some(term) = &leaf.term else { return Ok(format!("{what} in the {place}")) };
        let times = match self.frequency(term)? {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        let with = self.words.doc_freq(term)?;
        let all = self.words.total_num_docs()?;
        Ok(format!("{what}, {times} in the {place}, and in those of {with} of {all} documents"))
    }

    /// How often a term stands in the document.
    fn frequency(&self, term: &Term) -> tantivy::Result<u32> {
        let index = self.words.searcher.segment_reader(self.address.segment_ord).inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::WithFreqs)? else { return Ok(0) };
        let at = if postings.doc() < self.address.doc_id { postings.seek(self.address.doc_id) } else { postings.doc() };
        Ok(if at == self.address.doc_id { postings.term_freq() } else { 0 })
    }
}

fn of_gains(gains: &Gains) -> Vec<Part> {
    let Gains { form, lemmas, nearness, passage, headings } = *gains;
    let told = [
        (form, "form", "words that stand in it just as they were typed"),
        (lemmas, "lemmas", "is taken away, since of several readings of one word only the best counts"),
        (nearness, "nearness", "neighbours of the query that stand near each other"),
        (passage, "passage", "the passage that holds most of the query"),
        (headings, "bestHeading", "the title or heading that holds most of the query"),
    ];
    let given = told.into_iter().filter(|(score, ..)| score.abs() > 0.0);
    given.map(|(score, kind, says)| Part { score, kind, says: says.to_owned() }).collect()
}
