//! A plain list of words, of which one is enough → its best matches: what most queries ask for.
//!
//! The lists of documents are read by windows. A list whose terms, with those of all that are worth less, cannot lift a document above
//! the bar finds none by itself: it is looked into only for documents that others found and that it can still make good enough.
//! As the bar rises these are more and more of the lists, the frequent words among them, which have most of the documents.
//!
//! That is `MaxScore` (Turtle and Flood, Query evaluation: strategies and optimizations, 1995) by windows, as Lucene has it since 9.9.
//! Bounds are those of BM25, and nothing is lost by them.

use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, fieldnorm::FieldNormReader,
    postings::BlockSegmentPostings, query::Bm25Weight,
};

use super::{
    deadline::Pulse,
    lookup::Lookup,
    top_hits::{Scored, TopHits},
};

/// So many documents are scored at once, those that no list holds among them: their scores stay in the nearest cache.
const WINDOW: u32 = 2_048;

/// As many documents as a number has bits.
const BITS: u32 = u64::BITS;

/// Sums of scores in another order differ by their rounding: by so much a bound is raised.
const ROUNDING: Score = 1.0 + 8.0 * Score::EPSILON;

/// A term that is looked for, and what it is worth.
pub(super) struct Wanted {
    pub lookup: Lookup,
    pub weight: Bm25Weight,
}

/// The best matches of a list of terms, at most `limit`, in no order; of equal ones those that were indexed first.
pub(super) fn best_of_list(searcher: &Searcher, wanted: &[Wanted], limit: usize) -> tantivy::Result<Scored> {
    let (mut top, mut window, pulse) = (TopHits::of(limit), Window::new(), Pulse::new());
    // In order of what they score before they are opened, for a list is large.
    let mut wanted: Vec<&Wanted> = wanted.iter().collect();
    wanted.sort_by(|a, b| a.weight.max_score().total_cmp(&b.weight.max_score()));
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let mut lists = Vec::with_capacity(wanted.len());
        for wanted in &wanted {
            if let Some(list) = List::open(wanted, searcher, segment, reader)? {
                lists.push(list);
            }
        }
        // The most that the first lists score together, by their number.
        let sums = lists.iter().scan(0.0, |sum, list| {
            *sum = (*sum + list.bound) * ROUNDING;
            Some(*sum)
        });
        let most: Vec<Score> = std::iter::once(0.0).chain(sums).collect();
        let mut others = 0;
        loop {
            pulse.check_now()?;
            while others < lists.len() && most[others + 1] <= top.bar() {
                others += 1;
            }
            let (others, finding) = lists.split_at_mut(others);
            let Some(first) = finding.iter().map(List::doc).min().filter(|&first| first != TERMINATED) else { break };
            let mut offers = Offers { top: &mut top, most: &most[..=others.len()], others, segment, reader };
            if let [only] = finding {
                // Nothing is to be added up.
                only.each_before(first.saturating_add(WINDOW), |doc, score| offers.offer(doc, score));
            } else {
                window.fill(first, finding);
                window.empty(|doc, score| offers.offer(doc, score));
            }
        }
    }
    Ok(top.into_scored())
}

/// What takes in the documents of a segment that some lists found.
struct Offers<'o, 'w> {
    top: &'o mut TopHits,
    /// The lists that only add to what others find.
    others: &'o mut [List<'w>],
    /// The most that the first of them score together, by their number, from none to all.
    most: &'o [Score],
    segment: SegmentOrdinal,
    reader: &'o SegmentReader,
}

impl Offers<'_, '_> {
    /// Takes in a document. Nearly all fall short of the bar whatever the other lists add, and cost no more than a look at it.
    #[inline]
    fn offer(&mut self, doc: DocId, score: Score) {
        if (score + self.most[self.most.len() - 1]) * ROUNDING > self.top.bar() {
            self.raise(doc, score);
        }
    }

    /// Adds what the other lists score, as long as the document can still come above the bar. It is a call, so that the look before it stays
    /// small.
    #[inline(never)]
    fn raise(&mut self, doc: DocId, mut score: Score) {
        let bar = self.top.bar();
        for (n, list) in self.others.iter_mut().enumerate().rev() {
            if (score + self.most[n + 1]) * ROUNDING <= bar {
                return;
            }
            score += list.score_of(doc);
        }
        if score > bar && !self.reader.is_deleted(doc) {
            self.top.offer(score, DocAddress::new(self.segment, doc));
        }
    }
}

/// The documents of a term, from the one that it is at.
struct List<'w> {
    postings: BlockSegmentPostings,
    /// The place in the block of postings.
    at: usize,
    lengths: FieldNormReader,
    weight: &'w Bm25Weight,
    /// The most that a document scores by it.
    bound: Score,
}

impl<'w> List<'w> {
    fn open(
        wanted: &'w Wanted,
        searcher: &Searcher,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let Some(postings) = wanted.lookup.blocks(searcher, segment)? else { return Ok(None) };
        let lengths = reader.get_fieldnorms_reader(wanted.lookup.term.field())?;
        let weight = &wanted.weight;
        Ok(Some(Self { postings, at: 0, lengths, bound: weight.max_score(), weight }))
    }

    /// The document that it is at; [`TERMINATED`] behind the last one.
    fn doc(&self) -> DocId {
        self.postings.doc(self.at)
    }

    fn score(&self, at: usize, doc: DocId) -> Score {
        self.weight.score(self.lengths.fieldnorm_id(doc), self.postings.freq(at))
    }

    /// What a document scores, of which none is asked for behind a later one.
    fn score_of(&mut self, doc: DocId) -> Score {
        if self.doc() < doc {
            self.at = self.postings.seek(doc);
        }
        if self.doc() == doc { self.score(self.at, doc) } else { 0.0 }
    }

    /// Visits the documents before `end`, each with its score.
    fn each_before(&mut self, end: DocId, mut visit: impl FnMut(DocId, Score)) {
        loop {
            let docs = &self.postings.docs()[self.at..];
            let inside = docs.partition_point(|&doc| doc < end);
            for (at, &doc) in (self.at..).zip(&docs[..inside]) {
                visit(doc, self.score(at, doc));
            }
            self.at += inside;
            if inside < docs.len() || docs.is_empty() {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// Some documents that stand side by side, and their scores.
struct Window {
    start: DocId,
    scores: Box<[Score; WINDOW as usize]>,
    /// One bit for each that was found.
    found: [u64; (WINDOW / BITS) as usize],
}

impl Window {
    fn new() -> Self {
        Self { start: 0, scores: Box::new([0.0; WINDOW as usize]), found: [0; (WINDOW / BITS) as usize] }
    }

    /// Adds up what lists score from `start` on.
    fn fill(&mut self, start: DocId, lists: &mut [List<'_>]) {
        self.start = start;
        for list in lists {
            list.each_before(start.saturating_add(WINDOW), |doc, score| {
                let at = doc - start;
                self.scores[at as usize] += score;
                self.found[(at / BITS) as usize] |= 1 << (at % BITS);
            });
        }
    }

    /// Takes out what was found, in the order of the documents.
    fn empty(&mut self, mut visit: impl FnMut(DocId, Score)) {
        for (n, found) in (0..).zip(&mut self.found) {
            let mut left = std::mem::take(found);
            while left != 0 {
                let at = n * BITS + left.trailing_zeros();
                left &= left - 1;
                visit(self.start + at, std::mem::take(&mut self.scores[at as usize]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::{
        Index, IndexWriter, Term,
        collector::TopDocs,
        indexer::NoMergePolicy,
        query::{BooleanQuery, BoostQuery, Query, TermQuery},
        schema::{Field, IndexRecordOption, Schema, TEXT},
    };

    use super::*;
    use crate::index::top_hits::best_first;

    /// Words of both languages, the first of them in nearly all documents and the last in hardly any.
    const WORDS: [&str; 7] = ["harbour", "порт", "winter", "зима", "lantern", "маяк", "storm"];

    /// Documents of many windows in some segments, with headings, some of them removed.
    fn searcher() -> tantivy::Result<(Searcher, [Field; 2])> {
        let mut schema = Schema::builder();
        let fields = ["text", "headings"].map(|name| schema.add_text_field(name, TEXT));
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for number in 0..20_000_usize {
            // Each word in so many documents less than the one before, and more than once in some of them.
            let some = (0..).zip(WORDS).filter(|(n, _)| (number * 7_919).is_multiple_of(1 << (2 * n)));
            let text: Vec<&str> = some.flat_map(|(n, word)| vec![word; 1 + (number / 3 + n) % 4]).collect();
            let other = vec!["removed"; usize::from(number % 11 == 5)];
            let heading = text[..text.len().min(number % 3)].join(" ");
            let text = format!("{} {} {}", text.join(" "), other.join(" "), "далее ".repeat(number % 13));
            writer.add_document(tantivy::doc!(fields[0] => text, fields[1] => heading))?;
            if number % 9_000 == 8_999 {
                writer.commit()?;
            }
        }
        writer.commit()?;
        writer.delete_term(Term::from_field_text(fields[0], "removed"));
        writer.commit()?;
        Ok((index.reader()?.searcher(), fields))
    }

    #[test]
    fn a_list_finds_what_the_engine_finds() -> tantivy::Result<()> {
        let (searcher, [text, headings]) = searcher()?;
        assert!(searcher.segment_readers().len() > 2);
        for words in [
            vec!["storm"],
            vec!["harbour"],
            vec!["порт", "storm"],
            vec!["harbour", "harbour", "маяк"],
            vec!["nowhere", "зима", "lantern"],
            vec!["nowhere"],
            WORDS.to_vec(),
        ] {
            let terms = words.iter().flat_map(|word| [(text, 1.0, word), (headings, 0.2, word)]);
            let terms: Vec<_> = terms.map(|(field, worth, word)| (Term::from_field_text(field, word), worth)).collect();
            let wanted = terms.iter().map(|(term, worth)| {
                let weight = Bm25Weight::for_terms(&searcher, std::slice::from_ref(term))?.boost_by(*worth);
                Ok(Wanted { lookup: Lookup::new(&searcher, term.clone())?, weight })
            });
            let wanted = wanted.collect::<tantivy::Result<Vec<_>>>()?;
            let query = |(term, worth): (Term, f32)| -> Box<dyn Query> {
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                Box::new(BoostQuery::new(Box::new(query), worth))
            };
            let query = BooleanQuery::union(terms.into_iter().map(query).collect());
            for limit in [1, 2, 10, 100, 30_000] {
                let expected = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
                let mut found = best_of_list(&searcher, &wanted, limit)?;
                found.sort_by(best_first);
                assert_eq!(found.is_empty(), words == ["nowhere"]);
                assert_eq!(found.len(), expected.len(), "the best {limit} of {words:?}");
                for ((score, address), (expected, at)) in found.into_iter().zip(expected) {
                    assert!((score - expected).abs() < 1e-5, "{words:?}: {score} {address:?}, {expected} {at:?}");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn of_equal_ones_the_first_are_kept() -> tantivy::Result<()> {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        for _ in 0..5_000 {
            writer.add_document(tantivy::doc!(field => "зимний порт, winter harbour"))?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        let wanted = ["порт", "winter"].map(|word| {
            let term = Term::from_field_text(field, word);
            let weight = Bm25Weight::for_terms(&searcher, std::slice::from_ref(&term)).expect("readable");
            Wanted { lookup: Lookup::new(&searcher, term).expect("readable"), weight }
        });
        let mut found = best_of_list(&searcher, &wanted, 3)?;
        found.sort_by(best_first);
        assert_eq!(found.iter().map(|(_, address)| address.doc_id).collect::<Vec<_>>(), [0, 1, 2]);
        Ok(())
    }
}
