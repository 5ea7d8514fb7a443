//! The files of the languages that share an alphabet → which of them a letter, a word, an ending belongs to.

use std::{collections::HashMap, ops::RangeInclusive, sync::LazyLock};

use foldhash::fast::RandomState;
use whatlang::Lang;

use crate::language::{
    Alphabet, Profile,
    neighbours::{Frequent, neighbours},
    profiles,
};

/// A set of languages of one alphabet, a bit for each; the first is the one that oba serves.
pub(super) type Languages = u32;

/// The language that oba serves in an alphabet.
pub(super) const OWN: Languages = 1;

/// The lengths that endings in the files have, in characters.
const ENDING_CHARS: RangeInclusive<usize> = 1..=6;

/// The letters that stand before an ending at least, in bytes: what is shorter is a word of its own.
const MIN_STEM_BYTES: usize = 2;

/// How many letters of an alphabet, from a or а on, are looked at in pairs.
const MAX_PAIRED: usize = 32;

/// What is frequent in the languages of one alphabet.
pub(super) struct Rivals {
    alphabet: Alphabet,
    /// The names by which whatlang knows the languages.
    names: Vec<Option<Lang>>,
    /// The languages that have a letter, by its code point.
    letters: Vec<Languages>,
    /// The letters that never follow a letter in the language that oba serves: by the place of the one in its alphabet,
    /// a bit for the place of the other.
    never: [u32; MAX_PAIRED],
    // Texts cannot choose what stands in these, so a hash that is fast will do.
    words: HashMap<String, Listed, RandomState>,
    endings: HashMap<String, Bearers, RandomState>,
}

/// Who has a word, or an ending.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bearers {
    /// The languages in which it is frequent.
    pub(super) languages: Languages,
    /// Whether no word of the language that oba serves is it or ends in it.
    pub(super) never_own: bool,
}

/// A word that is listed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Listed {
    /// The languages that have it among their frequent words.
    pub(super) bearers: Bearers,
    /// Whether it is a function word of the language that oba serves.
    pub(super) function_word: bool,
    /// Its number among the words that are listed.
    pub(super) number: usize,
}

/// English among its neighbours and Russian among its own, in the order of [`profiles`].
pub(super) fn rivals() -> &'static [Rivals; 2] {
    static RIVALS: LazyLock<[Rivals; 2]> = LazyLock::new(|| profiles().map(Rivals::of));
    &RIVALS
}

impl Rivals {
    fn of(profile: &Profile) -> Self {
        let (names, letters, words, endings) = Default::default();
        let mut rivals = Self { alphabet: profile.alphabet, names, letters, never: [0; MAX_PAIRED], words, endings };
        rivals.add(profile, profile.frequent);
        rivals.add_letters(profile.letters);
        for word in profile.stop_words.iter() {
            let own = rivals.newest();
            let listed = rivals.word(word);
            listed.function_word = true;
            listed.bearers.languages |= own;
        }
        for &neighbour in neighbours(profile.alphabet) {
            rivals.add(profile, neighbour);
        }
        debug_assert!(rivals.names.len() <= Languages::BITS as usize, "a language needs a bit");
        rivals
    }

    /// Adds a language from its file. Words are folded as those of texts will be.
    fn add(&mut self, profile: &Profile, (name, file): Frequent) {
        self.names.push(name);
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(": ") {
                Some(("letters", letters)) => self.add_letters(letters.trim()),
                Some(("never", items)) => items.split_whitespace().for_each(|item| self.bearers(item).never_own = true),
                Some((before, never)) => before.chars().for_each(|before| self.add_never(before, never)),
                None => line.split_whitespace().for_each(|item| self.add_item(profile, item)),
            }
        }
    }

    fn add_letters(&mut self, letters: &str) {
        let language = self.newest();
        for letter in letters.chars() {
            let at = letter as usize;
            if at >= self.letters.len() {
                self.letters.resize(at + 1, 0);
            }
            self.letters[at] |= language;
        }
    }

    fn add_never(&mut self, before: char, never: &str) {
        let bits = never.chars().filter_map(|letter| self.place(letter)).fold(0, |bits, at| bits | 1 << at);
        if let Some(at) = self.place(before) {
            self.never[at] |= bits;
        }
    }

    /// The place of a letter in its alphabet, counted by code points.
    fn place(&self, letter: char) -> Option<usize> {
        let first = if self.alphabet == Alphabet::Latin { 'a' } else { 'а' };
        (letter as usize).checked_sub(first as usize).filter(|&at| at < MAX_PAIRED)
    }

    fn add_item(&mut self, profile: &Profile, item: &str) {
        let language = self.newest();
        let mut form = item.to_owned();
        profile.fold(&mut form);
        self.bearers(&form).languages |= language;
    }

    /// Who has an item: an ending behind a hyphen, or a word.
    fn bearers(&mut self, item: &str) -> &mut Bearers {
        match item.strip_prefix('-') {
            Some(ending) => self.endings.entry(ending.to_owned()).or_default(),
            None => &mut self.word(item).bearers,
        }
    }

    fn word(&mut self, form: &str) -> &mut Listed {
        let number = self.words.len();
        self.words.entry(form.to_owned()).or_insert(Listed { number, ..Listed::default() })
    }

    /// The language that was added last.
    fn newest(&self) -> Languages {
        1 << (self.names.len() - 1)
    }

    /// All of them.
    pub(super) fn all(&self) -> Languages {
        Languages::MAX >> (Languages::BITS as usize - self.names.len())
    }

    /// The place of the language that whatlang calls `name`.
    pub(super) fn position(&self, name: Lang) -> Option<usize> {
        self.names.iter().position(|&known| known == Some(name))
    }

    /// The languages that have a character. What no language claims is a letter of none, or no letter and of all:
    /// digits, and letters that look like those of this alphabet.
    pub(super) fn with_letter(&self, letter: char) -> Languages {
        match self.letters.get(letter as usize) {
            Some(&languages) if languages != 0 => languages,
            _ if Alphabet::of_character(letter) == self.alphabet => 0,
            _ => self.all(),
        }
    }

    /// Whether a letter never follows another in the language that oba serves.
    pub(super) fn never_follows(&self, letter: char, before: char) -> bool {
        match (self.place(before), self.place(letter)) {
            (Some(before), Some(letter)) => self.never[before] & 1 << letter != 0,
            _ => false,
        }
    }

    /// How many words are listed.
    pub(super) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Who lists a folded form, or else one of its parts around an apostrophe: `l'` of `l'eau`, `'s` of `dog's`.
    pub(super) fn listing(&self, form: &str) -> Option<Listed> {
        let listed = |form: &str| self.words.get(form).copied();
        listed(form).or_else(|| {
            let at = form.find('\'')?;
            [&form[..=at], &form[at..], &form[at + 1..]].into_iter().find_map(listed)
        })
    }

    /// The languages one of whose endings a folded form bears, and whether one of them is never borne by the own.
    pub(super) fn with_ending(&self, form: &str) -> Bearers {
        let starts = form.char_indices().rev().map(|(start, _)| start).take(*ENDING_CHARS.end());
        starts
            .skip(*ENDING_CHARS.start() - 1)
            .take_while(|&start| start >= MIN_STEM_BYTES)
            .filter_map(|start| self.endings.get(&form[start..]))
            .fold(Bearers::default(), |found, ending| Bearers {
                languages: found.languages | ending.languages,
                never_own: found.never_own || ending.never_own,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{Rivals, rivals};
    use crate::{
        language::{neighbours::neighbours, profiles},
        text::normalize_word,
    };

    fn of(word: &str) -> &'static Rivals {
        let [latin, cyrillic] = rivals();
        if word.is_ascii() { latin } else { cyrillic }
    }

    #[test]
    fn every_file_keeps_the_contract() {
        for profile in profiles() {
            for (_, file) in neighbours(profile.alphabet).iter().chain([&profile.frequent]) {
                let title = file.lines().next().unwrap();
                assert!(title.starts_with("# ") && title.contains("oba"), "{title}");
                let own = file == &profile.frequent.1;
                let letters = file.lines().find_map(|line| line.strip_prefix("letters: "));
                let letters = letters.unwrap_or(if own { profile.letters } else { "" });
                let items = file
                    .lines()
                    .filter(|line| !line.starts_with('#'))
                    .map(|line| line.strip_prefix("never: ").unwrap_or(line))
                    .filter(|line| !line.contains(": "))
                    .flat_map(str::split_whitespace);
                for item in items {
                    let mut form = String::new();
                    normalize_word(item, &mut form);
                    assert_eq!(form, item, "{title}: in normal form");
                    assert!(
                        item.chars().all(|c| letters.contains(c) || "-'".contains(c)),
                        "{title}: letters of {item}"
                    );
                    assert!(item.chars().count() <= 7 || !item.starts_with('-'), "{title}: {item} is too long");
                }
            }
        }
    }

    #[test]
    fn letters_belong_to_the_languages_that_write_them() {
        let [_, cyrillic] = rivals();
        assert_eq!(cyrillic.with_letter('ї') & 1, 0);
        assert_eq!(cyrillic.with_letter('ы') & 1, 1);
        assert_eq!(cyrillic.with_letter('7'), cyrillic.all());
        assert_eq!(cyrillic.with_letter('o'), cyrillic.all(), "looks like the Cyrillic letter");
    }

    #[test]
    fn words_are_found_whole_or_by_their_parts() {
        let languages = |word: &str| of(word).listing(word).map(|listed| listed.bearers.languages & 1);
        assert_eq!(languages("the"), Some(1));
        assert_eq!(languages("teacher's"), Some(1));
        assert_eq!(languages("l'imperatore"), Some(0));
        assert_eq!(languages("zyzzyva"), None);
        assert!(of("который").listing("который").is_some_and(|listed| listed.function_word));
    }

    #[test]
    fn endings_need_a_stem_before_them() {
        let [latin, _] = rivals();
        assert_ne!(latin.with_ending("walking").languages & 1, 0);
        assert_eq!(latin.with_ending("ing").languages & 1, 0);
    }

    #[test]
    fn words_and_endings_that_a_language_never_has_are_known() {
        let [english, russian] = rivals();
        for word in ["wirklichkeit", "organizzazione"] {
            assert!(english.with_ending(word).never_own, "{word}");
        }
        for word in ["участието", "известният", "общността"] {
            assert!(russian.with_ending(word).never_own, "{word}");
        }
        for word in ["место", "говорят", "солдата", "палата", "история"] {
            assert!(!russian.with_ending(word).never_own, "{word}");
        }
        assert!(russian.listing("е").is_some_and(|listed| listed.bearers.never_own), "is, in Bulgarian");
    }

    #[test]
    fn pairs_of_letters_that_a_language_never_writes_are_known() {
        let [english, russian] = rivals();
        assert!(russian.never_follows('р', 'ъ') && !russian.never_follows('е', 'ъ'));
        assert!(english.never_follows('j', 'i') && !english.never_follows('n', 'i'));
    }
}
