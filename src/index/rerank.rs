//! The best matches, in a better order: what the plain union of words cannot see.
//!
//! The first stage finds candidates by BM25 over single terms, fast, because the engine can leave out what cannot reach
//! the top. This second stage looks at the positions of the words in the few hundred best of them and adds, each in the
//! currency of BM25 (rarity × saturated frequency):
//!
//! * **nearness**: neighbours of the query that stand side by side as they were typed, and neighbours that stand near each
//!   other in any order: the sequential dependence model of Metzler and Croft (SIGIR 2005), with BM25 in place of
//!   language models as Büttcher, Clarke and Lushman did (SIGIR 2006);
//! * **title**: how much of the query is in the title, and how much of the title is in the query;
//! * **form**: a little for words that stand in the document exactly as they were typed;
//!
//! and takes from a word of several lemmas all but the best of them.

use std::collections::BTreeMap;

use tantivy::{
    DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::Bm25Weight,
    schema::{Field, IndexRecordOption},
};

use super::{schema::Fields, tokenizer};
use crate::query::{Query, QueryWord};

/// How many of the best candidates are looked at.
pub(super) const CANDIDATES: usize = 200;

/// What two neighbours of the query are worth that stand side by side, in the order in which they were typed.
fn w(name: &str, default: f32) -> f32 { std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default) }

/// Neighbours of the query count as near up to this many words apart.
const NEAR: u32 = 8;

/// BM25's constants for the saturation of frequencies, as the engine has them.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A word of the query, as the second stage sees it.
struct RankedWord {
    /// Its terms, each with its weight in BM25.
    terms: Vec<(Term, Bm25Weight)>,
    /// Its terms in the headings.
    heading_terms: Vec<Term>,
    form: Term,
    /// How rare it is.
    rarity: f32,
    /// Its place in the query.
    place: u32,
}

/// Puts the best candidates of a query in a better order; the rest keep theirs, behind them.
pub(super) fn rerank(
    searcher: &Searcher,
    fields: &Fields,
    query: &Query,
    mut found: Vec<(Score, DocAddress)>,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let average = average_length(searcher, fields.body)?;
    let words = query
        .words()
        .filter(|word| !word.is_compound)
        .map(|word| ranked_word(searcher, fields, word, average))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let count = found.len().min(CANDIDATES);
    let mut by_segment: BTreeMap<u32, Vec<(DocId, usize)>> = BTreeMap::new();
    for (n, (_, address)) in found[..count].iter().enumerate() {
        by_segment.entry(address.segment_ord).or_default().push((address.doc_id, n));
    }
    for (segment, mut docs) in by_segment {
        docs.sort_unstable();
        let mut reader = Candidates::open(searcher.segment_reader(segment), fields, &words, average)?;
        for (doc, n) in docs {
            found[n].0 += reader.bonus(doc)?;
        }
    }
    found[..count].sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // Scores fall from hit to hit, across the border of the stages too.
    if let Some(last) = count.checked_sub(1).map(|last| found[last].0) {
        for (score, _) in &mut found[count..] {
            *score = score.min(last);
        }
    }
    Ok(found)
}

fn ranked_word(searcher: &Searcher, fields: &Fields, word: &QueryWord, average: f32) -> tantivy::Result<RankedWord> {
    let documents = searcher.num_docs();
    let mut terms = Vec::new();
    let mut rarity = f32::INFINITY;
    for term in &word.reading.terms {
        let term = Term::from_field_text(fields.body, term);
        let frequency = searcher.doc_freq(&term)?.min(documents);
        let weight = Bm25Weight::for_one_term_without_explain(frequency, documents, average);
        rarity = rarity.min(inverse_frequency(frequency, documents));
        terms.push((term, weight));
    }
    let form = Term::from_field_text(fields.forms, &word.reading.form);
    let place = u32::try_from(word.position).unwrap_or(u32::MAX);
    let heading_terms = word.reading.terms.iter().map(|term| Term::from_field_text(fields.headings, term)).collect();
    Ok(RankedWord { terms, heading_terms, form, rarity, place })
}

/// BM25's inverse document frequency.
#[allow(clippy::cast_precision_loss)]
fn inverse_frequency(with: u64, all: u64) -> f32 {
    let (with, all) = (with as f32, all as f32);
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}

/// The mean number of terms of a document.
#[allow(clippy::cast_precision_loss)]
fn average_length(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let mut terms = 0;
    let mut documents = 0;
    for reader in searcher.segment_readers() {
        terms += reader.inverted_index(field)?.total_num_tokens();
        documents += u64::from(reader.max_doc());
    }
    Ok(if documents == 0 { 1.0 } else { terms as f32 / documents as f32 })
}

/// The candidates of one segment, asked for in the order of their numbers.
struct Candidates<'w> {
    words: Vec<(&'w RankedWord, Vec<SegmentPostings>, Option<SegmentPostings>)>,
    body_norms: FieldNormReader,
    title_norms: FieldNormReader,
    average: f32,
    heading_starts: Option<SegmentPostings>,
    /// For each word, its postings in the headings.
    in_headings: Vec<Vec<SegmentPostings>>,
    /// For each word, where it stands in the document at hand.
    positions: Vec<Vec<u32>>,
    /// For each word, where it stands in the headings of the document at hand.
    heading_positions: Vec<Vec<u32>>,
    starts: Vec<u32>,
    buffer: Vec<u32>,
}

impl<'w> Candidates<'w> {
    fn open(reader: &SegmentReader, fields: &Fields, words: &'w [RankedWord], average: f32) -> tantivy::Result<Self> {
        let body = reader.inverted_index(fields.body)?;
        let forms = reader.inverted_index(fields.forms)?;
        let mut opened = Vec::with_capacity(words.len());
        for word in words {
            let mut postings = Vec::with_capacity(word.terms.len());
            for (term, _) in &word.terms {
                if let Some(found) = body.read_postings(term, IndexRecordOption::WithFreqsAndPositions)? {
                    postings.push(found);
                }
            }
            let form = forms.read_postings(&word.form, IndexRecordOption::Basic)?;
            opened.push((word, postings, form));
        }
        let headings = reader.inverted_index(fields.headings)?;
        let read = |term: &Term| headings.read_postings(term, IndexRecordOption::WithFreqsAndPositions);
        let heading_starts = read(&Term::from_field_text(fields.headings, tokenizer::HEADING_START))?;
        let mut in_headings = Vec::with_capacity(words.len());
        for word in words {
            let mut postings = Vec::new();
            for term in &word.heading_terms {
                postings.extend(read(term)?);
            }
            in_headings.push(postings);
        }
        Ok(Self {
            heading_starts,
            in_headings,
            heading_positions: vec![Vec::new(); words.len()],
            starts: Vec::new(),
            words: opened,
            body_norms: reader.get_fieldnorms_reader(fields.body)?,
            title_norms: reader.get_fieldnorms_reader(fields.title)?,
            average,
            positions: vec![Vec::new(); words.len()],
            buffer: Vec::new(),
        })
    }

    /// What a candidate gains over the first stage.
    fn bonus(&mut self, doc: DocId) -> tantivy::Result<Score> {
        let norm = self.body_norms.fieldnorm_id(doc);
        let length = self.body_norms.fieldnorm(doc);
        let title_length = self.title_norms.fieldnorm(doc);
        let mut bonus = 0.0;
        for (n, (word, postings, form)) in self.words.iter_mut().enumerate() {
            let places = &mut self.positions[n];
            places.clear();
            let (mut sum, mut best) = (0.0_f32, 0.0_f32);
            for ((_, weight), postings) in word.terms.iter().zip(postings) {
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
                bonus -= sum - best;
            }
            if form.as_mut().is_some_and(|form| stands_in(form, doc)) {
                bonus += w("W_FORM", 0.05) * word.rarity;
            }
        }
        #[allow(clippy::cast_precision_loss)]
        let saturation = K1 * (1.0 - B + B * length as f32 / self.average);
        Ok(bonus + self.passage() + self.nearness(saturation) + self.in_title(title_length) + self.in_headings(doc, title_length > 0))
    }

    /// What neighbours of the query are worth that stand side by side, or near each other.
    #[allow(clippy::cast_precision_loss)]
    fn nearness(&self, saturation: f32) -> Score {
        let mut sum = 0.0;
        for (n, pair) in self.words.windows(2).enumerate() {
            let (a, b) = (&pair[0].0, &pair[1].0);
            let distance = b.place.saturating_sub(a.place).max(1);
            let (ordered, near) = count_pairs(&self.positions[n], &self.positions[n + 1], distance);
            let rarity = a.rarity.min(b.rarity);
            let saturated = |count: u32| count as f32 * (K1 + 1.0) / (count as f32 + saturation);
            sum += rarity * (w("W_ORD", 0.3) * saturated(ordered) + w("W_NEAR", 0.1) * saturated(near));
        }
        sum
    }

    /// What the title is worth: the rarity of the words of the query that it holds, by the share of its words that they
    /// are.
    #[allow(clippy::cast_precision_loss)]
    fn in_title(&self, title_length: u32) -> Score {
        if title_length == 0 {
            return 0.0;
        }
        let mut held = 0.0;
        let mut count = 0;
        let mut asked = 0.0;
        for (n, (word, ..)) in self.words.iter().enumerate() {
            asked += word.rarity;
            let in_title = self.positions[n].iter().filter(|&&position| position < title_length).count();
            if in_title > 0 {
                held += word.rarity;
                count += in_title;
            }
        }
        let share = (count as f32 / title_length as f32).min(1.0);
        let covered = if asked > 0.0 { held / asked } else { 0.0 };
        held * (w("W_TITLE", 0.3) * share + w("W_COVER", 0.0) * covered + w("W_BOTH", 0.0) * covered * share)
    }
}

impl Candidates<'_> {
    /// What the best passage is worth.
    fn passage(&mut self) -> Score {
        let weight = w("W_WIN", 0.0);
        if weight == 0.0 || self.words.len() < 2 {
            return 0.0;
        }
        let size = w("WIN", 40.0) as u32;
        let mut found: Vec<(u32, usize)> = Vec::new();
        for (n, places) in self.positions.iter().enumerate() {
            found.extend(places.iter().map(|&place| (place, n)));
        }
        found.sort_unstable();
        let mut counts = vec![0_u32; self.words.len()];
        let (mut held, mut best, mut first) = (0.0_f32, 0.0_f32, 0);
        for last in 0..found.len() {
            let (place, n) = found[last];
            counts[n] += 1;
            if counts[n] == 1 {
                held += self.words[n].0.rarity;
            }
            while found[first].0 + size < place {
                let m = found[first].1;
                counts[m] -= 1;
                if counts[m] == 0 {
                    held -= self.words[m].0.rarity;
                }
                first += 1;
            }
            best = best.max(held);
        }
        weight * best
    }

    /// What the best heading is worth.
    #[allow(clippy::cast_precision_loss)]
    fn in_headings(&mut self, doc: DocId, has_title: bool) -> Score {
        let mut any = false;
        for (n, postings) in self.in_headings.iter_mut().enumerate() {
            let places = &mut self.heading_positions[n];
            places.clear();
            for postings in postings {
                if stands_in(postings, doc) {
                    postings.positions(&mut self.buffer);
                    places.extend_from_slice(&self.buffer);
                    any = true;
                }
            }
            places.sort_unstable();
        }
        let Some(starts) = self.heading_starts.as_mut().filter(|_| any) else { return 0.0 };
        if !stands_in(starts, doc) {
            return 0.0;
        }
        starts.positions(&mut self.starts);
        let mut found: Vec<(u32, usize)> = Vec::new();
        for (n, places) in self.heading_positions.iter().enumerate() {
            found.extend(places.iter().map(|&place| (place, n)));
        }
        found.sort_unstable();
        let (a, b, c) = (w("H_HELD", 0.0), w("H_SHARE", 0.3), w("H_ORDER", 0.3));
        let asked: f32 = self.words.iter().map(|(word, ..)| word.rarity).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut best = 0.0_f32;
        let mut at = 0;
        while at < found.len() {
            let heading = self.starts.partition_point(|&start| start <= found[at].0);
            let start = self.starts[heading - 1];
            let end = self.starts.get(heading).copied();
            let last = found[at..].iter().take_while(|(place, _)| end.is_none_or(|end| *place < end)).count() + at;
            let inside = &found[at..last];
            // Where the next heading is unknown, the last word found is its end: near enough.
            let length = end.map_or(inside[inside.len() - 1].0 - start, |end| end - start - 2).max(1);
            let mut held = 0.0;
            let mut seen = 0_u64;
            let mut order = 0.0;
            for (k, &(place, n)) in inside.iter().enumerate() {
                let word = self.words[n].0;
                if seen & (1 << (n % 64)) == 0 {
                    seen |= 1 << (n % 64);
                    held += word.rarity;
                }
                if let Some((next, ..)) = self.words.get(n + 1) {
                    let distance = next.place.saturating_sub(word.place).max(1);
                    if inside[k..].iter().any(|&(p, m)| m == n + 1 && p == place + distance) {
                        order += word.rarity.min(next.rarity);
                    }
                }
            }
            let share = (inside.len() as f32 / length as f32).min(1.0);
            let title = if heading == 1 && has_title { w("H_TITLE", 1.0) } else { 1.0 };
            let covered = (held / asked).min(1.0).powf(w("H_POW", 1.0));
            best = best.max(covered * title * (held * (a + b * share) + c * order));
            at = last;
        }
        best
    }
}

/// Whether a document is among the postings, which are asked in order.
fn stands_in(postings: &mut SegmentPostings, doc: DocId) -> bool {
    let at = postings.doc();
    let at = if at < doc { postings.seek(doc) } else { at };
    at == doc && at != TERMINATED
}

/// How often `b` stands exactly `distance` behind `a`, and how many of `a` have a `b` near them.
fn count_pairs(a: &[u32], b: &[u32], distance: u32) -> (u32, u32) {
    let (mut ordered, mut near) = (0, 0);
    let mut from = 0;
    for &place in a {
        while from < b.len() && b[from] + NEAR < place {
            from += 1;
        }
        let mut is_near = false;
        for &other in b[from..].iter().take_while(|&&other| other <= place + NEAR.max(distance)) {
            is_near |= other != place && other.abs_diff(place) <= NEAR;
            ordered += u32::from(other == place + distance);
        }
        near += u32::from(is_near);
    }
    (ordered, near)
}
