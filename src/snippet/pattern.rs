//! What a query marks in a text.

use std::{collections::HashMap, sync::Arc};

use crate::{
    analysis::{Reading, Route},
    query::{Query, QueryWord, Wanted},
};

/// The words and phrases that a query marks, with the weight of each word.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    words: Vec<PatternWord>,
    /// Term → the numbers of the words that have it.
    by_term: HashMap<String, Vec<usize>>,
    /// The beginnings of words that are marked, with the numbers of their words.
    prefixes: Vec<(String, usize)>,
    /// Words that are marked only side by side, by number, with their places.
    pub(super) phrases: Vec<Vec<(usize, usize)>>,
}

/// A word of the pattern.
#[derive(Debug, Clone)]
struct PatternWord {
    /// What it is known by; `None` for the beginning of words.
    reading: Option<Arc<Reading>>,
    weight: f32,
    /// Whether it is marked only as it was typed.
    is_exact: bool,
    /// Whether it is marked wherever it stands, and not in phrases alone.
    is_free: bool,
}

impl Pattern {
    /// The pattern of a query; `weight` gives what showing a term is worth, such as its rarity.
    pub fn new(query: &Query, mut weight: impl FnMut(&str) -> f32) -> Self {
        let mut pattern = Self::default();
        for wanted in query.wanted() {
            match wanted {
                Wanted::Word(word) => {
                    let number = pattern.number(word, &mut weight);
                    pattern.words[number].is_free = true;
                }
                // Its words may stand elsewhere than side by side.
                Wanted::Phrase(phrase) if phrase.slop > 0 => {
                    for word in &phrase.words {
                        let number = pattern.number(word, &mut weight);
                        pattern.words[number].is_free = true;
                    }
                }
                Wanted::Phrase(phrase) => {
                    let first = phrase.words.first().map_or(0, |word| word.position);
                    let places =
                        phrase.words.iter().map(|word| (pattern.number(word, &mut weight), word.position - first));
                    let places = places.collect();
                    pattern.phrases.push(places);
                }
                Wanted::Prefix(prefix) => {
                    pattern.prefixes.push((prefix.form.clone(), pattern.words.len()));
                    let weight = weight(&prefix.form);
                    pattern.words.push(PatternWord { reading: None, weight, is_exact: false, is_free: true });
                }
            }
        }
        pattern
    }

    fn number(&mut self, word: &QueryWord, weight: &mut impl FnMut(&str) -> f32) -> usize {
        let is_same =
            |known: &PatternWord| known.reading.as_ref() == Some(&word.reading) && known.is_exact == word.is_exact;
        if let Some(number) = self.words.iter().position(is_same) {
            return number;
        }
        let number = self.words.len();
        let terms = &word.reading.terms;
        for term in terms {
            self.by_term.entry(term.clone()).or_default().push(number);
        }
        // Of several lemmas the most frequent: the word is at most as rare as that.
        let weight = terms.iter().map(|term| weight(term)).fold(f32::INFINITY, f32::min);
        let reading = Some(Arc::clone(&word.reading));
        self.words.push(PatternWord { reading, weight, is_exact: word.is_exact, is_free: false });
        number
    }

    /// The word of the query that a word of a text answers, by its number, and by what route: the nearest one.
    pub(super) fn find(&self, found: &Reading) -> Option<(usize, Route)> {
        let numbers = found.terms.iter().filter_map(|term| self.by_term.get(term)).flatten();
        let answered = numbers.filter_map(|&number| {
            let word = &self.words[number];
            let route = found.answers(word.reading.as_ref()?)?;
            (route == Route::Exact || !word.is_exact).then_some((number, route))
        });
        answered.min_by_key(|&(_, route)| route).or_else(|| {
            let begun = self.prefixes.iter().find(|(prefix, _)| found.form.starts_with(prefix))?;
            Some((begun.1, Route::Prefix))
        })
    }

    /// Whether a word is marked wherever it stands.
    pub(super) fn is_free(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.is_free)
    }

    /// What showing a word is worth.
    pub(super) fn weight(&self, number: usize) -> f32 {
        self.words.get(number).map_or(0.0, |word| word.weight)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}
