//! A compiled query → about how many documents it finds.
//!
//! What finds little is counted. Of what finds much, windows of documents are looked at that stand evenly apart, as many
//! in an index of millions as in one of thousands, and what they hold is taken for the whole: the same query gives the same
//! number each time, and it costs nearly the same whatever the query finds.

use tantivy::{
    DocId, DocSet, Searcher, SegmentReader, TERMINATED,
    postings::SegmentPostings,
    query::{EnableScoring, Query as EngineQuery},
    schema::IndexRecordOption,
};

use super::{deadline::Pulse, rerank::Words};
use crate::query::{Expression, Matching, Occurrence, Query};

/// Up to so many postings are counted.
const COUNTED: u64 = 2_048;

/// So many windows are looked at in an index, and at least so many in each of its segments.
const WINDOWS: u64 = 64;
const WINDOWS_OF_SEGMENT: u64 = 8;

/// As many documents as a number has bits.
const WINDOW: u32 = u64::BITS;

/// Whether a query is a plain list of words of which one is enough: [`of_words`] knows how many documents it finds.
pub(super) fn is_list_of_words(query: &Query) -> bool {
    query.matching.unwrap_or_default() == Matching::Any
        && query.clauses.iter().all(|clause| {
            clause.occurrence == Occurrence::Should
                && matches!(&clause.expression, Expression::Word(word)
                    if !word.is_exact && !word.is_in_title && !word.is_compound)
        })
}

/// About how many documents hold one of some words. The engine's union is not asked, for it reads all of it.
pub(super) fn of_words(searcher: &Searcher, words: &Words) -> tantivy::Result<u64> {
    let mut estimate = 0;
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let mut postings = words.body_postings(segment, IndexRecordOption::Basic)?;
        estimate += match postings.as_slice() {
            [term] if !reader.has_deletes() => u64::from(term.size_hint()),
            _ if cost(&postings) <= COUNTED => count(&mut postings, reader),
            _ => sample(&mut postings, reader, searcher)?,
        };
    }
    Ok(estimate)
}

/// About how many documents a compiled query finds.
pub(super) fn of_query(searcher: &Searcher, query: &dyn EngineQuery) -> tantivy::Result<u64> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut estimate = 0;
    for reader in searcher.segment_readers() {
        let mut scorer = weight.scorer(reader, 1.0)?;
        estimate += if scorer.cost() > COUNTED {
            sample(&mut [scorer], reader, searcher)?
        } else {
            u64::from(match reader.alive_bitset() {
                Some(alive) => scorer.count(alive),
                None => scorer.count_including_deleted(),
            })
        };
    }
    Ok(estimate)
}

/// How many postings there are to read.
fn cost(postings: &[SegmentPostings]) -> u64 {
    postings.iter().map(DocSet::cost).sum()
}

/// How many documents stand in some postings.
// The stable sort is the one that knows runs in order.
#[allow(clippy::stable_sort_primitive)]
fn count(postings: &mut [SegmentPostings], reader: &SegmentReader) -> u64 {
    let mut docs: Vec<DocId> = Vec::new();
    for postings in postings {
        let mut doc = postings.doc();
        while doc != TERMINATED {
            docs.push(doc);
            doc = postings.advance();
        }
    }
    docs.sort();
    docs.dedup();
    docs.retain(|&doc| !reader.is_deleted(doc));
    docs.len() as u64
}

/// About how many documents of a segment stand in some sets, by what its windows hold.
fn sample<D: DocSet>(sets: &mut [D], reader: &SegmentReader, searcher: &Searcher) -> tantivy::Result<u64> {
    let documents = u64::from(reader.max_doc());
    let all = documents.div_ceil(u64::from(WINDOW));
    let of_index: u64 = searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
    let windows = (WINDOWS * documents / of_index.max(1)).max(WINDOWS_OF_SEGMENT).min(all);
    let (mut found, mut seen, pulse) = (0, 0, Pulse::new());
    for n in 0..windows {
        pulse.check()?;
        // In the middle of its share of the segment.
        let Ok(start) = u32::try_from((2 * n + 1) * all / (2 * windows) * u64::from(WINDOW)) else { break };
        found += u64::from(window(sets, start, reader).count_ones());
        seen += u64::from(WINDOW).min(documents - u64::from(start));
    }
    // Rounded to the nearest.
    Ok((found * documents + seen / 2) / seen.max(1))
}

/// The documents of one window that stand in one of some sets, one bit each.
fn window<D: DocSet>(sets: &mut [D], start: DocId, reader: &SegmentReader) -> u64 {
    let mut found = 0;
    for set in sets {
        let mut doc = if set.doc() < start { set.seek(start) } else { set.doc() };
        while doc < start.saturating_add(WINDOW) {
            found |= u64::from(!reader.is_deleted(doc)) << (doc - start);
            doc = set.advance();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use tantivy::{
        Index, IndexWriter, Term,
        collector::Count,
        indexer::NoMergePolicy,
        query::{BooleanQuery, TermQuery},
        schema::{Field, Schema, TEXT},
    };

    use super::*;

    fn term(field: Field, word: &str) -> Box<dyn EngineQuery> {
        Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic))
    }

    /// Documents of which every second, third, fifth and thousandth holds a word, in two segments, some of them removed.
    fn searcher(is_pruned: bool) -> tantivy::Result<(Searcher, Field)> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for number in 0..24_000 {
            let words = [(2, "two"), (3, "three"), (5, "five"), (1_000, "thousand"), (7, "removed")];
            let text: Vec<&str> = words.iter().filter(|(n, _)| number % n == 0).map(|(_, word)| *word).collect();
            writer.add_document(tantivy::doc!(field => text.join(" ")))?;
            if number == 16_000 {
                writer.commit()?;
            }
        }
        writer.commit()?;
        if is_pruned {
            writer.delete_term(Term::from_field_text(field, "removed"));
            writer.commit()?;
        }
        Ok((index.reader()?.searcher(), field))
    }

    #[test]
    fn little_is_counted_and_much_is_nearly_known() -> tantivy::Result<()> {
        for is_pruned in [false, true] {
            let (searcher, field) = searcher(is_pruned)?;
            for (words, percent) in [
                (vec!["thousand"], 0),
                (vec!["none"], 0),
                (vec!["two"], 10),
                (vec!["two", "three", "five", "thousand"], 10),
                (vec!["five", "thousand"], 10),
            ] {
                let list: Vec<_> = words.iter().map(|word| term(field, word)).collect();
                let all: Vec<_> = words.iter().map(|word| term(field, word)).collect();
                for query in [BooleanQuery::union(list), BooleanQuery::intersection(all)] {
                    let (exact, about) = (searcher.search(&query, &Count)?, of_query(&searcher, &query)?);
                    let exact = exact as u64;
                    assert!(about.abs_diff(exact) * 100 <= percent * exact, "{words:?}: {about} for {exact}");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn windows_cover_a_small_segment_whole() -> tantivy::Result<()> {
        let (searcher, field) = searcher(false)?;
        let reader = searcher.segment_reader(0);
        let postings = reader
            .inverted_index(field)?
            .read_postings(&Term::from_field_text(field, "two"), IndexRecordOption::Basic)?;
        let Some(postings) = postings else { panic!("the word is there") };
        let mut sets = [postings];
        let found: u32 =
            (0..reader.max_doc()).step_by(64).map(|start| window(&mut sets, start, reader).count_ones()).sum();
        assert_eq!(found, 8_001);
        Ok(())
    }
}
