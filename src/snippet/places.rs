//! Where the words of a query stand in a text, by the numbers of the words and without the text.

use super::{Pattern, pattern::PatternPhrase};
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
    let mut places = Vec::new();
    for token in analyzer.tokens(text) {
        places.extend(pattern.answered(&token.reading).map(|(word, _)| Place { position: token.position, word }));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The places that count: those of words that may stand alone, and those of whole phrases. In order, none twice.
pub(super) fn counted(places: Vec<Place>, pattern: &Pattern) -> Vec<Place> {
    if pattern.phrases.is_empty() {
        return places;
    }
    let mut counted: Vec<Place> = places.iter().filter(|place| pattern.is_free(place.word)).copied().collect();
    for phrase in &pattern.phrases {
        if phrase.slop == 0 {
            add_side_by_side(&places, &phrase.words, &mut counted);
        } else {
            add_near(&places, phrase, &mut counted);
        }
    }
    counted.sort_unstable();
    counted.dedup();
    counted
}

/// Adds the places where the words of a phrase stand as they were typed.
fn add_side_by_side(places: &[Place], words: &[(usize, usize)], counted: &mut Vec<Place>) {
    let Some(&(first, _)) = words.first() else { return };
    for start in places.iter().filter(|place| place.word == first) {
        let at = |&(word, distance): &(usize, usize)| Place { position: start.position + distance, word };
        if words.iter().all(|word| places.binary_search(&at(word)).is_ok()) {
            counted.extend(words.iter().map(at));
        }
    }
}

/// Adds the places where all the words of a phrase stand within its length and its slop.
fn add_near(places: &[Place], phrase: &PatternPhrase, counted: &mut Vec<Place>) {
    let reach = phrase.words.last().map_or(0, |&(_, distance)| distance).saturating_add(phrase.slop);
    let is_word = |place: &&Place| phrase.words.iter().any(|&(word, _)| word == place.word);
    for (n, start) in places.iter().enumerate().filter(|(_, place)| is_word(place)) {
        let near = places[n..].iter().take_while(|place| place.position - start.position <= reach).filter(is_word);
        if phrase.words.iter().all(|&(word, _)| near.clone().any(|place| place.word == word)) {
            counted.extend(near);
        }
    }
}
