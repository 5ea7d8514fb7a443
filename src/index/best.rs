//! A compiled query → its best matches.
//!
//! The engine's own collector looks for the best in each segment anew. Here one bar serves all segments: what the first
//! ones hold raises it, and the later ones are passed over below it.

use tantivy::{
    DocAddress, DocId, Score, Searcher, SeekDangerResult, SegmentReader,
    query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, EnableScoring, Occur, Query, Scorer, TermQuery, Weight},
    schema::Field,
};

use super::{
    deadline::{Pulse, each_above},
    top_hits::{Scored, TopHits},
};

/// The best matches of a query, at most `limit`, in no order; of equal ones those that were indexed first. What it looks for in the
/// headings stands in the text too, and finds nothing more. With them how many there are, where all of them had to be read.
pub(super) fn best(
    searcher: &Searcher,
    statistics: &dyn Bm25StatisticsProvider,
    query: &dyn Query,
    headings: Field,
    limit: usize,
) -> tantivy::Result<(Scored, Option<u64>)> {
    let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
    let query = unboxed(query);
    let is_pruned = is_pruned(query);
    let parted = if is_pruned { None } else { parted(query, headings) };
    let (query, adding) = parted.as_ref().map_or((query, &[][..]), |(finding, adding)| (finding, adding));
    let weight = query.weight(scoring)?;
    let adding = adding.iter().map(|query| query.weight(scoring)).collect::<tantivy::Result<Vec<_>>>()?;
    let (mut top, mut found) = (TopHits::of(limit), 0);
    let pulse = Pulse::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let (bar, top) = (top.bar(), &mut top);
        let offer = &mut |doc, score| {
            if !reader.is_deleted(doc) {
                top.offer(score, DocAddress::new(segment, doc));
            }
            // The engine's own loop has no other end: nothing is above this bar.
            if pulse.is_over() { Score::INFINITY } else { top.bar() }
        };
        if is_pruned {
            weight.for_each_pruning(bar, reader, offer)?;
            pulse.check()?;
        } else {
            let mut adding: Vec<Adding> = adding.iter().map(|weight| Adding::to(reader, weight.as_ref())).collect();
            let mut added = |doc| adding.iter_mut().map(|adding| adding.score_of(doc)).sum();
            let mut scorer = weight.scorer(reader, 1.0)?;
            found += each_above(scorer.as_mut(), reader, &mut added, bar, offer)?;
        }
    }
    Ok((top.into_scored(), (!is_pruned).then_some(found)))
}

/// A query itself: one in a box is a query too, of another type than the one in it, and none of those that are looked for here.
fn unboxed(query: &dyn Query) -> &dyn Query {
    query.downcast_ref::<Box<dyn Query>>().map_or(query, |inner| unboxed(inner.as_ref()))
}

/// Whether the engine passes over what cannot be among the best: it does so in plain unions and intersections of terms, and
/// reads all that anything else finds.
fn is_pruned(query: &dyn Query) -> bool {
    let is_term = |query: &dyn Query| {
        let mut terms = 0;
        query.query_terms(&mut |_, _| terms += 1);
        terms == 1 && (query.is::<TermQuery>() || query.is::<BoostQuery>())
    };
    let Some(query) = query.downcast_ref::<BooleanQuery>() else { return is_term(query) };
    let clauses = query.clauses();
    clauses.iter().all(|(occur, query)| *occur == clauses[0].0 && *occur != Occur::MustNot && is_term(query.as_ref()))
}

/// What of a query finds, and what in the headings only adds to the score of what is found, also inside of what a filter stands around:
/// the engine would read all that either finds.
fn parted(query: &dyn Query, headings: Field) -> Option<(BooleanQuery, Vec<Box<dyn Query>>)> {
    let mut adding = Vec::new();
    let finding = without_headings(query.downcast_ref::<BooleanQuery>()?, headings, &mut adding);
    if adding.is_empty() { None } else { Some((finding, adding)) }
}

/// A query without what only adds to its score, which goes to `adding`.
fn without_headings(query: &BooleanQuery, headings: Field, adding: &mut Vec<Box<dyn Query>>) -> BooleanQuery {
    let adds = |(occur, query): &(Occur, Box<dyn Query>)| *occur == Occur::Should && is_in(query.as_ref(), headings);
    let finds = |clause: &(Occur, Box<dyn Query>)| clause.0 != Occur::MustNot && !adds(clause);
    // As the engine has it where nothing else is said.
    let least = usize::from(query.clauses().iter().all(|(occur, _)| *occur == Occur::Should));
    // Where so many clauses are asked for, or nothing else finds, all of them do.
    if query.get_minimum_number_should_match() != least || !query.clauses().iter().any(finds) {
        return query.clone();
    }
    let mut finding: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for clause in query.clauses() {
        let (occur, query) = clause;
        match query.downcast_ref::<BooleanQuery>() {
            _ if adds(clause) => adding.push(query.box_clone()),
            Some(inner) if *occur == Occur::Must => {
                finding.push((*occur, Box::new(without_headings(inner, headings, adding))));
            }
            _ => finding.push((*occur, query.box_clone())),
        }
    }
    BooleanQuery::new(finding)
}

/// Whether a query looks into a field alone.
fn is_in(query: &dyn Query, field: Field) -> bool {
    let (mut terms, mut elsewhere) = (0, 0);
    query.query_terms(&mut |term, _| {
        terms += 1;
        elsewhere += usize::from(term.field() != field);
    });
    terms > 0 && elsewhere == 0
}

/// What only adds to the scores of documents of a segment.
struct Adding<'a> {
    reader: &'a SegmentReader,
    weight: &'a dyn Weight,
    /// Made for the first document that is found: many phrases that are asked for are nowhere.
    scorer: Option<Box<dyn Scorer>>,
    /// No document before this one has it that was not asked for yet.
    next: DocId,
}

impl<'a> Adding<'a> {
    fn to(reader: &'a SegmentReader, weight: &'a dyn Weight) -> Self {
        Self { reader, weight, scorer: None, next: 0 }
    }

    /// What it adds to the score of a document, of which none is asked for behind a later one. The engine is asked of this document alone,
    /// and does not go on to the next one that has it: to find a phrase in a heading may take as long as to look for it in the text.
    fn score_of(&mut self, doc: DocId) -> tantivy::Result<Score> {
        if doc < self.next {
            return Ok(0.0);
        }
        let (found, scorer) = match &mut self.scorer {
            Some(scorer) => (scorer.seek_danger(doc), scorer),
            none => {
                let (found, scorer) = self.weight.scorer_danger(self.reader, doc, 1.0)?;
                (found, none.insert(scorer))
            }
        };
        Ok(match found {
            SeekDangerResult::Found => scorer.score(),
            SeekDangerResult::SeekLowerBound(next) => {
                self.next = next;
                0.0
            }
        })
    }
}

/// What a document scores, of which none is asked for behind a later one.
fn score_of(scorer: &mut dyn Scorer, doc: DocId) -> Score {
    let at = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
    if at == doc { scorer.score() } else { 0.0 }
}

/// What matches of a query score, in any order.
pub(super) fn scores(
    searcher: &Searcher,
    statistics: &dyn Bm25StatisticsProvider,
    query: &dyn Query,
    matches: &[DocAddress],
) -> tantivy::Result<Scored> {
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(statistics, searcher))?;
    let mut in_order = matches.to_vec();
    in_order.sort_unstable();
    let (mut found, pulse) = (Vec::with_capacity(matches.len()), Pulse::new());
    for matches in in_order.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let mut scorer = weight.scorer(searcher.segment_reader(matches[0].segment_ord), 1.0)?;
        for &address in matches {
            pulse.check()?;
            found.push((score_of(scorer.as_mut(), address.doc_id), address));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use tantivy::{
        Index, IndexWriter, Term,
        collector::{Count, TopDocs},
        indexer::NoMergePolicy,
        query::{BooleanQuery, ConstScoreQuery, PhraseQuery, TermQuery},
        schema::{IndexRecordOption, Schema, TEXT},
    };

    use super::*;
    use crate::index::top_hits::best_first;

    /// Some words of both languages, drawn so that documents differ in length and many score alike.
    fn text(number: usize) -> String {
        let words = ["lantern", "порт", "station", "зима"];
        (0..=number % 7).map(|n| words[(number / (n + 1)) % words.len()]).collect::<Vec<_>>().join(" ")
    }

    /// Such texts in some segments, the first words of each as its heading.
    fn searcher() -> tantivy::Result<(Searcher, Field, Field)> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let headings = schema.add_text_field("headings", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for number in 0..300 {
            let text = text(number);
            let heading = text.split_inclusive(' ').take(number % 3).collect::<String>();
            writer.add_document(tantivy::doc!(field => text, headings => heading))?;
            if number % 60 == 59 {
                writer.commit()?;
            }
        }
        writer.add_document(tantivy::doc!(field => "removed зима"))?;
        writer.commit()?;
        writer.delete_term(Term::from_field_text(field, "removed"));
        writer.commit()?;
        Ok((index.reader()?.searcher(), field, headings))
    }

    fn term(field: Field, word: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
    }

    fn phrase(field: Field) -> Box<dyn Query> {
        Box::new(PhraseQuery::new(["зима", "порт"].map(|word| Term::from_field_text(field, word)).to_vec()))
    }

    #[test]
    fn one_bar_for_all_segments_finds_what_the_engine_finds() -> tantivy::Result<()> {
        let (searcher, field, headings) = searcher()?;
        assert!(searcher.segment_readers().len() > 4);
        for words in [vec!["зима"], vec!["зима", "порт", "station"]] {
            let query = BooleanQuery::union(words.into_iter().map(|word| term(field, word)).collect());
            for limit in [1, 2, 10, 100, 1000] {
                let expected = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
                let (mut found, total) = best(&searcher, &searcher, &query, headings, limit)?;
                found.sort_by(best_first);
                assert_eq!(found, expected, "the best {limit}");
                assert_eq!(total, None, "they were not all read");
            }
        }
        Ok(())
    }

    #[test]
    fn the_way_of_a_query_does_not_hang_on_its_box() {
        let [text, headings] = [4, 2].map(Field::from_field_id);
        let list: Box<dyn Query> = Box::new(BooleanQuery::union(vec![term(text, "зима"), term(headings, "зима")]));
        let order: Box<dyn Query> = Box::new(BooleanQuery::union(vec![phrase(text), phrase(headings)]));
        assert!(is_pruned(unboxed(&list)) && is_pruned(list.as_ref()));
        assert!(!is_pruned(unboxed(&order)));
        assert!(parted(unboxed(&order), headings).is_some() && parted(order.as_ref(), headings).is_some());
    }

    #[test]
    fn what_only_adds_to_scores_adds_as_much_as_by_the_engine() -> tantivy::Result<()> {
        use Occur::{Must, MustNot, Should};
        let (searcher, field, headings) = searcher()?;
        let lighter = |query| -> Box<dyn Query> { Box::new(BoostQuery::new(query, 0.2)) };
        for clauses in [
            vec![(Should, phrase(field)), (Should, lighter(phrase(headings)))],
            vec![(Must, term(field, "зима")), (Should, lighter(phrase(headings)))],
            vec![
                (Must, term(field, "зима")),
                (Must, term(field, "station")),
                (Should, lighter(term(headings, "зима"))),
                (Should, lighter(term(headings, "station"))),
            ],
            vec![(Must, term(field, "зима")), (MustNot, phrase(field)), (Should, lighter(term(headings, "зима")))],
            vec![
                (Should, term(field, "зима")),
                (Should, term(field, "station")),
                (MustNot, term(field, "порт")),
                (Should, lighter(term(headings, "зима"))),
            ],
            vec![
                (Must, Box::new(BooleanQuery::union(vec![term(field, "зима"), lighter(term(headings, "зима"))]))),
                (Must, Box::new(ConstScoreQuery::new(term(field, "порт"), 0.0))),
            ],
        ] {
            let query = BooleanQuery::new(clauses);
            assert!(parted(&query, headings).is_some_and(|(_, adding)| !adding.is_empty()));
            for limit in [1, 2, 10, 100, 1000] {
                let expected = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
                let (mut found, total) = best(&searcher, &searcher, &query, headings, limit)?;
                found.sort_by(best_first);
                assert_eq!(total, Some(searcher.search(&query, &Count)? as u64));
                assert!(!found.is_empty() && found.len() == expected.len());
                for ((score, address), (expected, at)) in found.into_iter().zip(expected) {
                    assert!(address == at && (score - expected).abs() < 1e-5, "{score} {address:?}, {expected} {at:?}");
                }
            }
        }
        let excluded = BooleanQuery::new(vec![(MustNot, term(field, "зима")), (Should, term(headings, "зима"))]);
        assert!(parted(&excluded, headings).is_none(), "nothing else finds anything");
        let two = vec![term(field, "зима"), term(field, "порт"), term(headings, "зима")];
        let two = BooleanQuery::union_with_minimum_required_clauses(two, 2);
        assert!(parted(&two, headings).is_none(), "all of them count");
        Ok(())
    }
}
