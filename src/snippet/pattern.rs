//! What a query marks in a text.

use std::{collections::HashMap, sync::Arc};

use crate::{
    analysis::{Reading, Route},
    query::{Expression, Query, QueryWord},
};

/// The words and phrases that a query marks, with the weight of each word.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    words: Vec<PatternWord>,
    /// Term → the numbers of the words that have it.
    by_term: HashMap<String, Vec<usize>>,
    /// Words that are marked only side by side, by number, with their places.
    pub(super) phrases: Vec<Vec<(usize, usize)>>,
}

/// A word of the pattern.
#[derive(Debug, Clone)]
struct PatternWord {
    reading: Arc<Reading>,
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
        for expression in query.wanted() {
            match expression {
                Expression::Word(word) => {
                    let number = pattern.number(word, &mut weight);
                    pattern.words[number].is_free = true;
                }
                Expression::Phrase(words) => {
                    let first = words.first().map_or(0, |word| word.position);
                    let numbered = words.iter().map(|word| (pattern.number(word, &mut weight), word.position - first));
                    let phrase = numbered.collect();
                    pattern.phrases.push(phrase);
                }
            }
        }
        pattern
    }

    fn number(&mut self, word: &QueryWord, weight: &mut impl FnMut(&str) -> f32) -> usize {
        let is_same = |known: &PatternWord| known.reading == word.reading && known.is_exact == word.is_exact;
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
        let reading = Arc::clone(&word.reading);
        self.words.push(PatternWord { reading, weight, is_exact: word.is_exact, is_free: false });
        number
    }

    /// Each term by which words of the pattern are found, with the number of the word.
    pub fn terms(&self) -> impl Iterator<Item = (usize, &str)> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(number, word)| word.reading.terms.iter().map(move |term| (number, term.as_str())))
    }

    /// The words of the pattern that a word of a text answers, by their numbers.
    pub(super) fn answered(&self, found: &Reading) -> impl Iterator<Item = usize> + use<> {
        let numbers: Vec<usize> =
            found.terms.iter().filter_map(|term| self.by_term.get(term)).flatten().copied().collect();
        numbers.into_iter()
    }

    /// The word of the pattern that a word of a text answers by the nearest route, by its number, and that route: among the
    /// words that are marked wherever they stand and those that `is_asked` names.
    pub(super) fn find(&self, found: &Reading, is_asked: impl Fn(usize) -> bool) -> Option<(usize, Route)> {
        let answered = self.answered(found).filter(|&number| self.is_free(number) || is_asked(number));
        let routes = answered.filter_map(|number| {
            let word = &self.words[number];
            let route = found.answers(&word.reading)?;
            (route == Route::Exact || !word.is_exact).then_some((number, route))
        });
        routes.min_by_key(|&(_, route)| route)
    }

    /// Whether a word is marked wherever it stands.
    pub(super) fn is_free(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.is_free)
    }

    /// What showing a word is worth.
    pub(super) fn weight(&self, number: usize) -> f32 {
        self.words.get(number).map_or(0.0, |word| word.weight)
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}
