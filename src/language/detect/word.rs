//! A word → what it says of the language around it, wherever it stands.

use std::{cell::RefCell, collections::HashMap};

use foldhash::fast::RandomState;

use super::rivals::{Bearers, Languages, Listed, OWN, Rivals, rivals};
use crate::{
    language::{Alphabet, Profile, profiles},
    text::{ShortText, normalize_word},
};

/// So many words are remembered, which take about a megabyte: the most frequent 16,000 are 98 in 100 of English text and 90 of Russian.
const REMEMBERED: usize = 16_000;

/// The longest word that is remembered, in bytes: 32 letters of Russian and more.
const MAX_REMEMBERED_BYTES: usize = 64;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// What a word says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    /// Nothing: it has no letters.
    Silent,
    /// That so many letters are of no alphabet that oba serves.
    Foreign { letters: usize },
    /// Something for and against the languages of the profile of this number.
    Of(usize, Says),
}

/// What a word of one alphabet says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Says {
    pub(super) letters: usize,
    /// How many of its letters the own language lacks.
    pub(super) foreign: usize,
    /// The languages that lack one of its letters.
    pub(super) unable: Languages,
    /// Whether only programs and products have it, in every language.
    pub(super) is_identifier: bool,
    pub(super) is_lower_case: bool,
    pub(super) voice: Voice,
}

/// For whom a word speaks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Voice {
    /// For those that list it.
    Listed(Listed),
    /// For those whose endings it bears.
    Ending(Bearers),
    Nobody,
}

impl Says {
    /// Whether it is a function word of the own language.
    pub(super) fn is_function_word(&self) -> bool {
        !self.is_identifier && matches!(self.voice, Voice::Listed(Listed { function_word: true, .. }))
    }

    fn of(word: &str, form: &mut String, profile: &Profile, rivals: &Rivals) -> Self {
        let (mut letters, mut foreign, mut able, mut before) = (0, 0, rivals.all(), ' ');
        for character in form.chars() {
            let languages = rivals.with_letter(character);
            letters += usize::from(is_letter(character));
            foreign += usize::from(languages & OWN == 0);
            able &= languages;
            if rivals.never_follows(character, before) {
                able &= !OWN;
            }
            before = character;
        }
        let is_lower_case = word.starts_with(is_lower);
        profile.fold(form);
        let voice = match rivals.listing(form) {
            Some(listed) => Voice::Listed(listed),
            None if is_lower_case => Voice::Ending(rivals.with_ending(form)),
            None => Voice::Nobody,
        };
        let unable = rivals.all() & !able;
        Self { letters, foreign, unable, is_identifier: is_identifier(word), is_lower_case, voice }
    }
}

/// What the words said that this thread met: the same ones come up again and again, and each is looked at from many sides.
#[derive(Default)]
pub(super) struct Known {
    words: HashMap<ShortText, Word, RandomState>,
    form: String,
}

impl Known {
    /// Gives what this thread knows.
    pub(super) fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        KNOWN.with_borrow_mut(work)
    }

    /// What a word says.
    pub(super) fn word(&mut self, word: &str) -> Word {
        if let Some(&known) = self.words.get(word) {
            return known;
        }
        let read = self.read(word);
        if word.len() <= MAX_REMEMBERED_BYTES {
            if self.words.len() == REMEMBERED {
                self.words.clear();
            }
            self.words.insert(word.into(), read);
        }
        read
    }

    fn read(&mut self, word: &str) -> Word {
        let alphabet = match Alphabet::of(word) {
            Alphabet::None => return Word::Silent,
            Alphabet::Mixed => majority(word),
            alphabet => alphabet,
        };
        let part = profiles().iter().position(|profile| profile.alphabet == alphabet);
        let Some(part) = part else {
            return Word::Foreign { letters: word.chars().filter(|c| c.is_alphabetic()).count() };
        };
        self.form.clear();
        normalize_word(word, &mut self.form);
        Word::Of(part, Says::of(word, &mut self.form, profiles()[part], &rivals()[part]))
    }
}

/// The alphabet of most letters of a word that mixes two, as look-alike letters make it.
fn majority(word: &str) -> Alphabet {
    let count = |alphabet| word.chars().filter(|&c| Alphabet::of_character(c) == alphabet).count();
    if count(Alphabet::Latin) > count(Alphabet::Cyrillic) { Alphabet::Latin } else { Alphabet::Cyrillic }
}

/// Whether a character is a letter.
pub(super) fn is_letter(character: char) -> bool {
    // The common letters first: the tables of Unicode are slow, and this is asked of every character.
    matches!(character, 'a'..='z' | 'а'..='я' | 'à'..='ö' | 'ø'..='ÿ') || character.is_alphabetic()
}

/// Whether a word is one that only programs and products have, in every language: `getText`, `iPhone`, `256GB`.
pub(super) fn is_identifier(word: &str) -> bool {
    let mut after_lower = false;
    word.chars().any(|c| {
        let lower = is_lower(c);
        let odd = c.is_ascii_digit() || after_lower && !lower && c.is_uppercase();
        after_lower = lower;
        odd
    })
}

/// Whether a letter is a small one, without the tables of Unicode for the letters of the two alphabets.
pub(super) fn is_lower(character: char) -> bool {
    match character {
        'a'..='z' | 'а'..='я' => true,
        '\0'..='\u{7F}' | 'А'..='Я' => false,
        _ => character.is_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_the_same_again() {
        let mut known = Known::default();
        for word in ["visited", "The", "был", "Ташкентом", "été", "їжа", "getText", "2024", "мoсква", "你好"]
        {
            let first = format!("{:?}", known.word(word));
            assert_eq!(format!("{:?}", known.word(word)), first);
            assert_eq!(format!("{:?}", Known::default().word(word)), first);
        }
        assert_eq!(known.words.len(), 10);
    }

    #[test]
    fn too_many_words_are_forgotten_and_long_ones_not_remembered() {
        let mut known = Known::default();
        for number in 0..=REMEMBERED {
            known.word(&format!("слово{number}"));
        }
        known.word(&"длинное".repeat(9));
        assert_eq!(known.words.len(), 1);
    }
}
