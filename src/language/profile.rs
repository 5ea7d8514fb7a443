//! What a language is, as one value.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};

use super::{Alphabet, Keyboard, Label, dictionary::Words, english, neighbours::Frequent, pairs::Pairs, russian};

/// A language that words are analysed by.
pub struct Profile {
    /// The label of documents in it.
    pub label: Label,
    /// Its name in the language itself.
    pub name: &'static str,
    /// The alphabet that its words are written in.
    pub alphabet: Alphabet,
    /// The lower-case letters of its alphabet; others, such as ї or ß, speak against it.
    pub letters: &'static str,
    /// The layout that it is typed on, for queries that were typed on the layout of another language.
    pub keyboard: Keyboard,
    /// What is often written for what, either for the other: letters that sound alike, and letters that are not heard.
    pub confusions: &'static [(&'static str, &'static str)],
    /// Letters that are compared as another letter, in lower case.
    pub folds: &'static [(char, char)],
    /// The names of the twelve months as dates write them, January first; forms of one month separated by spaces.
    pub months: [&'static str; 12],
    /// Abbreviations in lower case, without their last full stop, after which a sentence goes on.
    pub abbreviations: &'static [&'static str],
    /// The same, where only a number goes on with the sentence: No. 5, рис. 2.
    pub abbreviations_before_numbers: &'static [&'static str],
    /// What stands before a colon and the name of who published a text, in lower case.
    pub source_labels: &'static [&'static str],
    /// Function words that are names when written in capitals: us and US.
    pub acronyms: &'static [&'static str],
    /// Endings behind an apostrophe that are no part of the word for its stem or its lemma: minister's.
    pub possessives: &'static [&'static str],
    /// The share of function words that its prose, technical prose too, has at least; commands and tables have fewer.
    pub(super) min_function_words: f32,
    /// What is frequent in it, to tell it from its neighbours.
    pub(super) frequent: Frequent,
    /// How often its letters stand side by side.
    pub(super) pairs: LazyLock<Pairs>,
    /// Its words, by which a rare one is told from a misspelt one.
    pub(super) words: LazyLock<Words>,
    pub(super) stop_words: LazyLock<HashSet<&'static str>>,
    pub(super) stemmer: Algorithm,
    /// Words whose stem is another than the stemmer's.
    pub(super) stem_exceptions: LazyLock<HashMap<&'static str, &'static str>>,
    /// The terms of a form by its dictionary, where they are others than its stem alone.
    pub(super) lemma_terms: fn(&str) -> Option<Vec<String>>,
}

/// Every language that oba knows.
#[must_use]
pub fn profiles() -> [&'static Profile; 2] {
    [&english::PROFILE, &russian::PROFILE]
}

impl Profile {
    /// The language that words of an alphabet belong to; none for digits, mixtures and other alphabets.
    #[must_use]
    pub fn of_alphabet(alphabet: Alphabet) -> Option<&'static Self> {
        profiles().into_iter().find(|profile| profile.alphabet == alphabet)
    }

    /// Folds the letters of a normal form that are compared as others: ё as е.
    pub fn fold(&self, form: &mut String) {
        if !self.folds.is_empty() && form.contains(|c| self.folds.iter().any(|&(from, _)| from == c)) {
            *form = form
                .chars()
                .map(|c| self.folds.iter().find(|&&(from, _)| from == c).map_or(c, |&(_, to)| to))
                .collect();
        }
    }

    /// How likely a run of lower-case letters is in the language: the mean logarithm of the likelihood of each.
    #[must_use]
    pub fn likelihood(&self, letters: &str) -> f32 {
        self.pairs.likelihood(letters)
    }

    /// Whether a folded form is a function word of the language.
    #[must_use]
    pub fn is_stop_word(&self, form: &str) -> bool {
        self.stop_words.contains(form)
    }

    /// The Snowball stem of a folded form. Never call it on a stem: three Russian stems in ten would change again.
    #[must_use]
    pub fn stem(&self, form: &str) -> String {
        let form = self.without_possessive(form);
        match self.stem_exceptions.get(form) {
            Some(stem) => (*stem).to_owned(),
            None => Stemmer::create(self.stemmer).stem(form).into_owned(),
        }
    }

    /// The terms of a folded form by the language's dictionary: the stems of its lemmas, one at least. `None` where the
    /// dictionary has nothing to say beyond the stem.
    #[must_use]
    pub fn lemma_terms(&self, form: &str) -> Option<Vec<String>> {
        (self.lemma_terms)(self.without_possessive(form))
    }

    fn without_possessive<'f>(&self, form: &'f str) -> &'f str {
        let bare = self.possessives.iter().find_map(|ending| form.strip_suffix(ending));
        bare.filter(|bare| !bare.is_empty()).unwrap_or(form)
    }
}

/// The words of a word list: separated by white space, with `#` before comments.
pub(super) fn word_list(text: &'static str) -> HashSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// The lines of a list of words, each a word and what belongs to it, with `#` before comments.
pub(super) fn word_map(text: &'static str) -> HashMap<&'static str, &'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.trim().split_once(' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::profiles;
    use crate::language::Alphabet;

    #[test]
    fn every_profile_keeps_the_contract() {
        for profile in profiles() {
            for word in profile.stop_words.iter() {
                let mut form = String::new();
                crate::text::normalize_word(word, &mut form);
                profile.fold(&mut form);
                assert_eq!(&form, word, "stop words of {} are listed in folded normal form", profile.name);
                assert_eq!(Alphabet::of(word), profile.alphabet, "{word}");
            }
            assert!(profile.letters.chars().all(|c| Alphabet::of_character(c) == profile.alphabet));
            assert!(profile.months.iter().all(|month| Alphabet::of(month) == profile.alphabet));
            assert!(profile.stop_words.len() > 100);
        }
    }

    #[test]
    fn stems_join_the_forms_of_a_word() {
        let [english, russian] = profiles();
        assert_eq!(english.stem("conferences"), english.stem("conference"));
        assert_eq!(russian.stem("министром"), russian.stem("министра"));
        let mut form = "ёлка".to_owned();
        russian.fold(&mut form);
        assert_eq!(form, "елка");
        let mut form = "йод".to_owned();
        russian.fold(&mut form);
        assert_eq!(form, "йод");
    }
}
