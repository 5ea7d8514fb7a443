//! A document → documents like it: those that hold the words that tell most of it, and their names in the other alphabet.

use std::{collections::HashMap, sync::Arc, time::Instant};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Hit, MAX_LIMIT, RequestError, Shown, hits::hits, names};
use crate::{
    analysis::{Analyzer, Reading, Terms},
    index::{Find, Index, IndexError, Match, Ranking, Record},
    language::{Alphabet, Label, profiles},
    query::{Query, repair::Vocabulary},
    snippet::{Limits, Pattern, Source},
    text::{char_count, head},
};

const DEFAULT_LIMIT: usize = 10;

/// How much of a text is read, in characters: what it is about, its beginning says.
const MAX_CHARS: usize = 20_000;

/// The most words that are looked up in the index, those that stand in the document most often.
const MAX_LOOKED_UP: usize = 300;

/// The most words that are searched for.
const MAX_WORDS: usize = 25;

/// The most names that are looked for in the other alphabet, whether they are among those words or not; each takes up to some
/// milliseconds.
const MAX_NAMES: usize = 24;

/// Each so-many-th document is one in another language, if the first of them scores at least such a part of the best of all,
/// and it such a part of the first.
const OTHERS_EVERY: usize = 3;
const LIKE_BEST: f32 = 0.1;
const LIKE_FIRST: f32 = 0.5;

/// What a word in the title counts against one in the text.
const TITLE_WEIGHT: f32 = 3.0;

/// The shortest word that tells something, in characters.
const MIN_CHARS: usize = 3;

/// A request for documents like one, whose values are in their bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarRequest {
    id: String,
    limit: usize,
    shown: Shown,
}

impl SimilarRequest {
    /// A request; what is `None` has its default (limit 10).
    ///
    /// # Errors
    /// Where the limit is more than [`MAX_LIMIT`].
    pub fn new(id: impl Into<String>, limit: Option<usize>) -> Result<Self, RequestError> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if limit > MAX_LIMIT {
            return Err(RequestError::Limit(limit));
        }
        Ok(Self { id: id.into(), limit, shown: Shown::default() })
    }

    /// The request without passages, where titles are enough.
    #[must_use]
    pub fn without_snippets(mut self) -> Self {
        self.shown.limits = Limits { fragments: 0, ..self.shown.limits };
        self
    }
}

/// Documents like one, in the shape of their JSON.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Similar {
    /// The document that they are like.
    pub id: String,
    /// The documents, the most alike first; every third is in the other language, if there are such.
    pub hits: Vec<Hit>,
    /// How many were asked for.
    pub limit: usize,
    /// How long it took, in milliseconds.
    pub processing_time_ms: u64,
}

/// Documents like one; `None` where there is none of that id.
///
/// # Errors
/// Where the data of the index cannot be read.
pub fn similar(index: &Index, request: &SimilarRequest) -> Result<Option<Similar>, IndexError> {
    let started = Instant::now();
    let Some(itself) = index.place_of(&request.id)? else { return Ok(None) };
    let (record, mut text) = index.load(itself)?;
    let start = text.shown().start;
    let (_, text) = text.read(start, start + MAX_CHARS * char::MAX.len_utf8()).map_err(index.unreadable())?;
    let mut analyzer = Analyzer::new(index.rules());
    let words = telling_words(&record.title, head(&text, MAX_CHARS), index, &mut analyzer);
    let query = query(words, index, &mut analyzer)?;
    let found = like(&query, (itself, &record), index, request.limit)?;
    let pattern = Pattern::new(&query, |term| index.rarity(term));
    let duplicates = index.duplicates(&found)?;
    Ok(Some(Similar {
        hits: hits(index, &found, duplicates, &pattern, &mut analyzer, &request.shown)?,
        id: record.id,
        limit: request.limit,
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

/// The documents that a query made of a document finds, without the document itself.
///
/// In another language a document is found by names alone, and each in its own language by all of its words; so those in other
/// languages are looked for by themselves, and have places of their own.
fn like(
    query: &Query,
    (itself, record): (Match, &Record),
    index: &Index,
    limit: usize,
) -> Result<Vec<Match>, IndexError> {
    let own = record.language.parse::<Label>().ok().filter(|own| is_language(*own));
    // The words stand in no order that a document could keep, so nearness tells nothing.
    // The document itself is one of those that are found.
    let find = |language| Find { limit: limit + 1, language, ranking: Ranking::Plain, ..Find::default() };
    let mut found = index.find(query, find(None))?.matches;
    found.retain(|found| !found.is_same(itself));
    let mut others = Vec::new();
    for other in profiles().into_iter().filter(|other| own.is_some_and(|own| own != other.label)) {
        let best = found.first().map_or(0.0, |best| best.score);
        let matches = index.find(query, find(Some(other.label)))?.matches;
        let first = matches.first().map_or(0.0, |first| first.score);
        let least = if first < best * LIKE_BEST { f32::INFINITY } else { first * LIKE_FIRST };
        others.extend(matches.into_iter().filter(|other| other.score >= least));
    }
    let mut like: Vec<Match> = Vec::with_capacity(limit);
    let mut others = others.into_iter();
    let mut found = found.into_iter();
    while like.len() < limit {
        let is_others = like.len() % OTHERS_EVERY == 1;
        let next =
            if is_others { others.next().or_else(|| found.next()) } else { found.next().or_else(|| others.next()) };
        let Some(next) = next else { break };
        if !like.iter().any(|known| known.is_same(next)) {
            like.push(next);
        }
    }
    Ok(like)
}

/// Whether a label names a language whose words are known.
fn is_language(label: Label) -> bool {
    profiles().iter().any(|profile| profile.label == label)
}

/// A word of a document.
struct Telling {
    reading: Arc<Reading>,
    /// What it is worth in a query, to which the ranking adds how rare it is.
    weight: f32,
    /// What it tells of the document.
    worth: f32,
    /// Whether no other document holds it.
    is_lone: bool,
}

/// The words that tell a document from others, the most telling first: those that stand in it often, and in few others.
fn telling_words(title: &str, text: &str, index: &Index, analyzer: &mut Analyzer) -> Vec<Telling> {
    let mut counts: HashMap<Terms, (Arc<Reading>, f32)> = HashMap::new();
    for (text, weight) in [(title, TITLE_WEIGHT), (text, 1.0)] {
        for token in analyzer.tokens(text).filter(|token| !token.is_compound && is_telling(&token.reading)) {
            let known = counts.entry(token.reading.terms.clone()).or_insert_with(|| (token.reading, 0.0));
            known.1 += weight;
        }
    }
    let mut words: Vec<(Arc<Reading>, f32)> = counts.into_values().collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.form.cmp(&b.0.form)));
    words.truncate(MAX_LOOKED_UP);
    let telling = words.into_iter().map(|(reading, count)| {
        let documents = Vocabulary::documents(index, &reading);
        let weight = 1.0 + count.ln();
        Telling { reading, weight, worth: weight * rarity(documents, index.documents()), is_lone: documents < 2 }
    });
    let mut telling: Vec<Telling> = telling.collect();
    telling.sort_by(|a, b| b.worth.total_cmp(&a.worth).then_with(|| a.reading.form.cmp(&b.reading.form)));
    telling
}

/// Whether a word may say what a document is about: function words and numbers do not.
fn is_telling(reading: &Reading) -> bool {
    !reading.is_stop_word && reading.alphabet != Alphabet::None && char_count(&reading.form) >= MIN_CHARS
}

/// How rare a word is that so many of all documents hold.
#[allow(clippy::cast_precision_loss)]
fn rarity(documents: u64, all: u64) -> f32 {
    (1.0 + all as f32 / documents as f32).ln()
}

/// The query of the words that tell most, and of the names that do, which find documents in the other language. A word that no
/// other document holds may be such a name, and finds nothing otherwise.
fn query(words: Vec<Telling>, index: &Index, analyzer: &mut Analyzer) -> Result<Query, IndexError> {
    let (mut chosen, mut found) = (Vec::new(), HashMap::new());
    let mut left = MAX_NAMES;
    for Telling { reading, weight, is_lone, .. } in words {
        let mut has_names = false;
        if left > 0 && index.is_name(&reading.form)? {
            left -= 1;
            let other = names::near_names(&reading, index, analyzer)?;
            has_names = !other.is_empty();
            found.insert(reading.form.clone(), other);
        }
        if has_names || !is_lone && chosen.len() < MAX_WORDS {
            chosen.push((reading, weight));
        }
    }
    Query::any_of(chosen).with_names(&mut |word| Ok(found.remove(&word.reading.form).unwrap_or_default()))
}
