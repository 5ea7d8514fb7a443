//! What a query marks in a text.

use std::collections::{HashMap, HashSet};

use crate::query::{Expression, Query};

/// The words and phrases that a query marks, with the weight of each word.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    /// Term → its number.
    numbers: HashMap<String, usize>,
    /// The weight of each term, by its number.
    weights: Vec<f32>,
    /// Terms that are marked wherever they stand, by number.
    pub(super) words: HashSet<usize>,
    /// Terms that are marked only side by side, by number, in order.
    pub(super) phrases: Vec<Vec<usize>>,
}

impl Pattern {
    /// The pattern of a query; `weight` gives what showing a term is worth, such as its rarity.
    pub fn new(query: &Query, mut weight: impl FnMut(&str) -> f32) -> Self {
        let mut pattern = Self::default();
        for expression in query.wanted() {
            match expression {
                Expression::Word(word) => {
                    let number = pattern.number(&word.term, &mut weight);
                    pattern.words.insert(number);
                }
                Expression::Phrase(words) => {
                    let numbers = words.iter().map(|word| pattern.number(&word.term, &mut weight)).collect();
                    pattern.phrases.push(numbers);
                }
            }
        }
        pattern
    }

    fn number(&mut self, term: &str, weight: &mut impl FnMut(&str) -> f32) -> usize {
        if let Some(&number) = self.numbers.get(term) {
            return number;
        }
        let number = self.weights.len();
        self.numbers.insert(term.to_owned(), number);
        self.weights.push(weight(term));
        number
    }

    /// The number of a term, where the query has it.
    pub(super) fn find(&self, term: &str) -> Option<usize> {
        self.numbers.get(term).copied()
    }

    /// What showing a term is worth.
    pub(super) fn weight(&self, number: usize) -> f32 {
        self.weights.get(number).copied().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }
}
