//! Where the words of a query stand in a text, by the numbers of the words and without the text.

use super::Pattern;
use crate::analysis::Analyzer;

/// A word of a text that a word of the query may have matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Its number among the words of the text, from 0.
    pub position: usize,
    /// The number of the word in the pattern.
    pub word: usize,
}

/// The places of the words of a pattern in a text that no index knows, in order.
pub fn find_places(text: &str, pattern: &Pattern, analyzer: &mut Analyzer) -> Vec<Place> {
    let mut places: Vec<Place> = analyzer
        .tokens(text)
        .flat_map(|token| pattern.answered(&token.reading).map(move |word| Place { position: token.position, word }))
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The places that count: those of words that may stand alone, and those of whole phrases. In order, none twice.
pub(super) fn counted(places: &[Place], pattern: &Pattern) -> Vec<Place> {
    if pattern.phrases.is_empty() {
        return places.to_vec();
    }
    let mut counted: Vec<Place> = places.iter().filter(|place| pattern.is_free(place.word)).copied().collect();
    for phrase in &pattern.phrases {
        let Some(&(first, _)) = phrase.first() else { continue };
        for start in places.iter().filter(|place| place.word == first) {
            let at = |&(word, distance): &(usize, usize)| Place { position: start.position + distance, word };
            if phrase.iter().all(|word| places.binary_search(&at(word)).is_ok()) {
                counted.extend(phrase.iter().map(at));
            }
        }
    }
    counted.sort_unstable();
    counted.dedup();
    counted
}
