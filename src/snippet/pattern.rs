//! What a query marks in a text.

use std::{collections::HashMap, sync::Arc};

use crate::{
    analysis::{Reading, Route},
    query::{Phrase, Prefix, Query, QueryWord, Wanted},
    text::ShortText,
};

/// The words and phrases that a query marks, with the weight of each word.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    words: Vec<PatternWord>,
    /// Term → the numbers of the words that have it.
    by_term: HashMap<ShortText, Vec<usize>>,
    /// Words that are marked only near each other.
    pub(super) phrases: Vec<PatternPhrase>,
}

/// A word of the pattern.
#[derive(Debug, Clone)]
struct PatternWord {
    asked: Asked,
    /// The terms of the same name in the other alphabet.
    names: Vec<ShortText>,
    weight: f32,
    /// Whether it is marked wherever it stands, and not in phrases alone.
    is_free: bool,
    /// Whether it is marked in titles alone.
    is_in_title: bool,
}

/// What a word of a text has to be, to be marked.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    /// A form of a word.
    Word(Arc<Reading>),
    /// The very form.
    Form(Arc<Reading>),
    /// A word that begins so.
    Prefix(String),
}

/// Words that are marked only near each other.
#[derive(Debug, Clone)]
pub(super) struct PatternPhrase {
    /// The words, by number, with their places in the phrase.
    pub words: Vec<(usize, usize)>,
    /// By how many places, all together, they may stand elsewhere.
    pub slop: usize,
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
                Wanted::Phrase(phrase) => pattern.add_phrase(phrase, &mut weight),
                Wanted::Prefix(Prefix { form, is_in_title, .. }) => {
                    let asked = Asked::Prefix(form.clone());
                    let weight = weight(form);
                    pattern.words.push(PatternWord {
                        asked,
                        names: Vec::new(),
                        weight,
                        is_free: true,
                        is_in_title: *is_in_title,
                    });
                }
            }
        }
        pattern
    }

    /// Tells the pattern by which terms the words are found that begin as its prefixes do.
    ///
    /// # Errors
    /// Where `terms` has one.
    pub fn expand<E>(&mut self, mut terms: impl FnMut(&str) -> Result<Vec<ShortText>, E>) -> Result<(), E> {
        for (number, word) in self.words.iter().enumerate() {
            if let Asked::Prefix(prefix) = &word.asked {
                for term in terms(prefix)? {
                    let numbers = self.by_term.entry(term).or_default();
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        Ok(())
    }

    fn add_phrase(&mut self, phrase: &Phrase, weight: &mut impl FnMut(&str) -> f32) {
        let first = phrase.words.first().map_or(0, |word| word.position);
        let words = phrase.words.iter().map(|word| (self.number(word, weight), word.position - first)).collect();
        let slop = usize::try_from(phrase.slop).unwrap_or(usize::MAX);
        self.phrases.push(PatternPhrase { words, slop });
    }

    fn number(&mut self, word: &QueryWord, weight: &mut impl FnMut(&str) -> f32) -> usize {
        let reading = Arc::clone(&word.reading);
        let asked = if word.is_exact { Asked::Form(reading) } else { Asked::Word(reading) };
        let is_same = |known: &PatternWord| {
            (&known.asked, known.is_in_title, &known.names) == (&asked, word.is_in_title, &word.names)
        };
        if let Some(number) = self.words.iter().position(is_same) {
            return number;
        }
        let number = self.words.len();
        let terms = || word.reading.terms.iter().chain(&word.names);
        for term in terms() {
            self.by_term.entry(term.clone()).or_default().push(number);
        }
        // Of several lemmas the most frequent: the word is at most as rare as that.
        let weight = terms().map(|term| weight(term)).fold(f32::INFINITY, f32::min);
        let names = word.names.clone();
        self.words.push(PatternWord { asked, names, weight, is_free: false, is_in_title: word.is_in_title });
        number
    }

    /// Each term by which words of the pattern are found, with the number of the word.
    pub fn terms(&self) -> impl Iterator<Item = (usize, &str)> {
        let terms = self.by_term.iter();
        terms.flat_map(|(term, numbers)| numbers.iter().map(move |&number| (number, term.as_str())))
    }

    /// The words of the pattern that a word of a text answers, by their numbers, and by what route.
    pub(super) fn answered(&self, found: &Reading) -> impl Iterator<Item = (usize, Route)> {
        let words = self.words.iter().enumerate();
        words.filter_map(|(number, word)| Some((number, word.answered_by(found)?)))
    }

    /// The word of the pattern that a word of a text answers by the nearest route, by its number, and that route: among the
    /// words that are marked wherever they stand and those that `is_asked` names.
    pub(super) fn find(&self, found: &Reading, is_asked: impl Fn(usize) -> bool) -> Option<(usize, Route)> {
        let answered = self.answered(found).filter(|&(number, _)| self.is_free(number) || is_asked(number));
        answered.min_by_key(|&(_, route)| route)
    }

    /// Whether a word is marked wherever it stands.
    pub(super) fn is_free(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.is_free)
    }

    /// Whether a word is marked in texts, and not in titles alone.
    pub(super) fn is_in_text(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| !word.is_in_title)
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

impl PatternWord {
    /// By what route a word of a text is what was asked for; `None` where it is not.
    fn answered_by(&self, found: &Reading) -> Option<Route> {
        let is_name = || found.terms.iter().any(|term| self.names.contains(term));
        self.asked.answered_by(found).or_else(|| is_name().then_some(Route::Name))
    }
}

impl Asked {
    /// By what route a word of a text is what was asked for; `None` where it is not.
    fn answered_by(&self, found: &Reading) -> Option<Route> {
        match self {
            Self::Word(asked) => found.answers(asked),
            Self::Form(asked) => found.answers(asked).filter(|&route| route == Route::Exact),
            Self::Prefix(prefix) => found.form.starts_with(prefix).then_some(Route::Prefix),
        }
    }
}
