//! The candidates of one segment → what each gains over the first stage.

use tantivy::{
    DocId, DocSet, Score, TERMINATED,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{B, FORM, Gains, HeadingStarts, K1, RankedWord, Words, headings::Headings, nearness, nearness::Passage};

/// The postings of the query's words in one segment, read side by side. Documents are asked for in ascending order.
pub(super) struct Candidates<'w> {
    words: &'w [RankedWord],
    postings: Vec<WordPostings>,
    /// Where headings start, and the postings that say so of what was not read yet.
    heading_starts: Option<(&'w HeadingStarts, Option<SegmentPostings>)>,
    lengths: FieldNormReader,
    average: f32,
    passage: Passage,
    headings: Headings<'w>,
    /// For each word, how often it stands in the document at hand, and in its headings.
    counts: Vec<u32>,
    heading_counts: Vec<u32>,
    /// For each word, where it stands in the document at hand.
    places: Vec<Vec<u32>>,
    /// For each word, where it stands in the headings of the document at hand.
    heading_places: Vec<Vec<u32>>,
}

/// The postings of one word.
struct WordPostings {
    /// Of each of its terms; `None` for one that the segment lacks.
    body: Vec<Option<SegmentPostings>>,
    headings: Vec<SegmentPostings>,
    form: Option<SegmentPostings>,
}

impl<'w> Candidates<'w> {
    pub(super) fn open(words: &'w Words, segment: u32) -> tantivy::Result<Self> {
        let reader = words.searcher.segment_reader(segment);
        // A single term has no neighbours and no other lemmas: all that its body says, the first stage has said.
        let is_single_term = words.ranked.len() == 1 && words.ranked[0].terms.len() == 1;
        let open = |word: &RankedWord| -> tantivy::Result<WordPostings> {
            // Room for all of them at once, for postings are large.
            let room = word.terms.len();
            let (mut body, mut headings) = (Vec::with_capacity(room), Vec::with_capacity(room));
            for term in &word.terms {
                if !is_single_term {
                    body.push(term.body.postings(words.searcher, segment, WITH_POSITIONS)?);
                }
                headings.extend(term.headings.postings(words.searcher, segment, WITH_POSITIONS)?);
            }
            Ok(WordPostings {
                body,
                headings,
                form: word.form.postings(words.searcher, segment, IndexRecordOption::Basic)?,
            })
        };
        let mut postings = Vec::with_capacity(words.ranked.len());
        for word in &words.ranked {
            postings.push(open(word)?);
        }
        let heading_starts = if postings.iter().all(|word| word.headings.is_empty()) {
            None
        } else {
            Some(words.heading_starts(segment)?)
        };
        Ok(Self {
            words: &words.ranked,
            heading_starts,
            lengths: reader.get_fieldnorms_reader(words.fields.body)?,
            average: words.sizes().average_length(),
            passage: Passage::new(words.ranked.iter().map(|word| word.rarity)),
            headings: Headings::new(&words.ranked),
            counts: vec![0; postings.len()],
            heading_counts: vec![0; postings.len()],
            places: vec![Vec::new(); postings.len()],
            heading_places: vec![Vec::new(); postings.len()],
            postings,
        })
    }

    /// Brings what is kept of some candidates, which will be asked for, into the caches of the processor.
    pub(super) fn prefetch(&self, candidates: impl Iterator<Item = DocId>) {
        if let Some((starts, _)) = &self.heading_starts {
            starts.prefetch(candidates);
        }
    }

    /// What a candidate gains over the first stage. One that cannot gain as much as it needs may be given less: where its
    /// words stand is not read then, which is most of the work.
    // Lengths of documents are below the 2^24 that an f32 holds exactly, or near enough.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn gain(&mut self, doc: DocId, needed: Score) -> Score {
        let mut gain = 0.0;
        for n in 0..self.words.len() {
            let (form, lemmas) = self.find_word(n, doc);
            gain += form + lemmas;
        }
        let length = self.lengths.fieldnorm(doc) as f32;
        let saturation = K1 * (1.0 - B + B * length / self.average);
        let most_in_headings = self.headings.most(&self.heading_counts);
        if gain + nearness::most(self.words, &self.counts, saturation) + most_in_headings < needed {
            return gain;
        }
        let (pairs, passage) = self.read_nearness(doc, saturation);
        gain += pairs + passage;
        if gain + most_in_headings < needed { gain } else { gain + self.read_headings(doc) }
    }

    /// What a candidate gains, by what.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn gains(&mut self, doc: DocId) -> Gains {
        let mut gains = Gains::default();
        for n in 0..self.words.len() {
            let (form, lemmas) = self.find_word(n, doc);
            gains.form += form;
            gains.lemmas += lemmas;
        }
        let length = self.lengths.fieldnorm(doc) as f32;
        let saturation = K1 * (1.0 - B + B * length / self.average);
        (gains.nearness, gains.passage) = self.read_nearness(doc, saturation);
        gains.headings = self.read_headings(doc);
        gains
    }

    /// Finds a word in the document. What it gains by its form, and loses by all lemmas but the best.
    fn find_word(&mut self, n: usize, doc: DocId) -> (Score, Score) {
        let (word, postings) = (&self.words[n], &mut self.postings[n]);
        let norm = self.lengths.fieldnorm_id(doc);
        let (mut sum, mut best) = (0.0_f32, 0.0_f32);
        self.counts[n] = 0;
        for (term, postings) in word.terms.iter().zip(&mut postings.body) {
            let Some(postings) = postings else { continue };
            if stands_in(postings, doc) {
                let score = term.weight.score(norm, postings.term_freq());
                sum += score;
                best = best.max(score);
                self.counts[n] += postings.term_freq();
            }
        }
        let headings = postings.headings.iter_mut().filter_map(|postings| {
            let is_there = stands_in(postings, doc);
            is_there.then(|| postings.term_freq())
        });
        self.heading_counts[n] = headings.sum();
        let is_as_typed = postings.form.as_mut().is_some_and(|form| stands_in(form, doc));
        (if is_as_typed { FORM * word.rarity } else { 0.0 }, best - sum)
    }

    /// What the words gain that stand near each other in the document, in which they were found, and by its best passage.
    fn read_nearness(&mut self, doc: DocId, saturation: f32) -> (Score, Score) {
        let is_one_alone = self.counts.iter().filter(|&&count| count > 0).count() < 2;
        for (n, places) in self.places.iter_mut().enumerate() {
            places.clear();
            if !is_one_alone {
                read_places(self.postings[n].body.iter_mut().flatten(), doc, places);
            } else if self.counts[n] > 0 {
                // It has no neighbours, wherever it stands.
                places.push(0);
            }
        }
        (nearness::pairs(self.words, &self.places, saturation), self.passage.worth(&self.places))
    }

    /// What the best heading of a document is worth, in whose headings the words were found.
    fn read_headings(&mut self, doc: DocId) -> Score {
        let is_any = self.heading_counts.iter().any(|&count| count > 0);
        let Some((starts, postings)) = self.heading_starts.as_mut().filter(|_| is_any) else { return 0.0 };
        for (postings, places) in self.postings.iter_mut().zip(&mut self.heading_places) {
            places.clear();
            read_places(postings.headings.iter_mut(), doc, places);
        }
        self.headings.best(&self.heading_places, starts.of(doc, postings.as_mut()))
    }
}

/// Reads where a word stands in a document, of those of its postings that are there.
fn read_places<'p>(postings: impl Iterator<Item = &'p mut SegmentPostings>, doc: DocId, places: &mut Vec<u32>) {
    for (n, postings) in postings.filter(|postings| postings.doc() == doc).enumerate() {
        postings.append_positions_with_offset(0, places);
        if n > 0 {
            places.sort_unstable();
        }
    }
}

/// Whether a document is among the postings, which are asked in ascending order.
fn stands_in(postings: &mut SegmentPostings, doc: DocId) -> bool {
    let at = postings.doc();
    let at = if at < doc { postings.seek(doc) } else { at };
    at == doc && at != TERMINATED
}

/// How positions are read.
const WITH_POSITIONS: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;
