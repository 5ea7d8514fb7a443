//! The candidates of one segment → what each gains over the first stage.

use tantivy::{
    DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{B, FORM, K1, RankedWord, WITH_POSITIONS, headings, nearness};
use crate::index::{schema::Fields, tokenizer};

/// The postings of the query's words in one segment, read side by side. Documents are asked for in ascending order.
pub(super) struct Candidates<'w> {
    words: &'w [RankedWord],
    postings: Vec<WordPostings>,
    heading_starts: Option<SegmentPostings>,
    lengths: FieldNormReader,
    average: f32,
    /// For each word, where it stands in the document at hand.
    places: Vec<Vec<u32>>,
    /// For each word, where it stands in the headings of the document at hand.
    heading_places: Vec<Vec<u32>>,
    starts: Vec<u32>,
    buffer: Vec<u32>,
}

/// The postings of one word.
struct WordPostings {
    /// Of each of its terms; `None` for one that the segment lacks.
    body: Vec<Option<SegmentPostings>>,
    headings: Vec<SegmentPostings>,
    form: Option<SegmentPostings>,
}

impl<'w> Candidates<'w> {
    pub(super) fn open(
        reader: &SegmentReader,
        fields: &Fields,
        words: &'w [RankedWord],
        average: f32,
    ) -> tantivy::Result<Self> {
        let body = reader.inverted_index(fields.body)?;
        let headings = reader.inverted_index(fields.headings)?;
        let forms = reader.inverted_index(fields.forms)?;
        let open = |word: &RankedWord| -> tantivy::Result<WordPostings> {
            let read = |index: &InvertedIndexReader, term: &Term| index.read_postings(term, WITH_POSITIONS);
            let in_body = word.terms.iter().map(|(term, _)| read(&body, term)).collect::<Result<_, _>>()?;
            let in_headings = word.heading_terms.iter().map(|term| read(&headings, term));
            let in_headings = in_headings.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            let form = forms.read_postings(&word.form, IndexRecordOption::Basic)?;
            Ok(WordPostings { body: in_body, headings: in_headings, form })
        };
        let start = Term::from_field_text(fields.headings, tokenizer::HEADING_START);
        Ok(Self {
            words,
            postings: words.iter().map(open).collect::<tantivy::Result<_>>()?,
            heading_starts: headings.read_postings(&start, WITH_POSITIONS)?,
            lengths: reader.get_fieldnorms_reader(fields.body)?,
            average,
            places: vec![Vec::new(); words.len()],
            heading_places: vec![Vec::new(); words.len()],
            starts: Vec::new(),
            buffer: Vec::new(),
        })
    }

    /// What a candidate gains over the first stage.
    // Lengths of documents are below the 2^24 that an f32 holds exactly, or near enough.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn gain(&mut self, doc: DocId) -> Score {
        let mut gain = 0.0;
        for n in 0..self.words.len() {
            gain += self.read_word(n, doc);
        }
        let length = self.lengths.fieldnorm(doc) as f32;
        let saturation = K1 * (1.0 - B + B * length / self.average);
        gain + nearness::pairs(self.words, &self.places, saturation)
            + nearness::passage(self.words, &self.places)
            + self.read_headings(doc)
    }

    /// Reads where a word stands in the document. What it gains by its form, and loses by all lemmas but the best.
    fn read_word(&mut self, n: usize, doc: DocId) -> Score {
        let (word, postings, places) = (&self.words[n], &mut self.postings[n], &mut self.places[n]);
        let norm = self.lengths.fieldnorm_id(doc);
        let (mut sum, mut best) = (0.0_f32, 0.0_f32);
        places.clear();
        for ((_, weight), postings) in word.terms.iter().zip(&mut postings.body) {
            let Some(postings) = postings else { continue };
            if !stands_in(postings, doc) {
                continue;
            }
            let score = weight.score(norm, postings.term_freq());
            sum += score;
            best = best.max(score);
            postings.positions(&mut self.buffer);
            places.extend_from_slice(&self.buffer);
        }
        if word.terms.len() > 1 {
            places.sort_unstable();
        }
        let is_as_typed = postings.form.as_mut().is_some_and(|form| stands_in(form, doc));
        best - sum + if is_as_typed { FORM * word.rarity } else { 0.0 }
    }

    /// What the best heading of a document is worth.
    fn read_headings(&mut self, doc: DocId) -> Score {
        let mut is_any = false;
        for (postings, places) in self.postings.iter_mut().zip(&mut self.heading_places) {
            places.clear();
            for postings in &mut postings.headings {
                if stands_in(postings, doc) {
                    postings.positions(&mut self.buffer);
                    places.extend_from_slice(&self.buffer);
                    is_any = true;
                }
            }
        }
        let Some(starts) = self.heading_starts.as_mut().filter(|_| is_any) else { return 0.0 };
        if !stands_in(starts, doc) {
            return 0.0;
        }
        starts.positions(&mut self.starts);
        headings::best(self.words, &self.heading_places, &self.starts)
    }
}

/// Whether a document is among the postings, which are asked in ascending order.
fn stands_in(postings: &mut SegmentPostings, doc: DocId) -> bool {
    let at = postings.doc();
    let at = if at < doc { postings.seek(doc) } else { at };
    at == doc && at != TERMINATED
}
