//! One word → what it is indexed and searched by.

use smallvec::{SmallVec, smallvec};

use super::{MAX_TERM_CHARS, Rules};
use crate::{
    language::{Alphabet, Profile, mend, profiles},
    text::{ShortText, head, normalize_word},
};

/// Behind a term that no stem can be: an acronym that would fall into a function word. Lemma tables mark so too.
const MARK: char = '=';

/// The terms of a word: nearly always one.
pub type Terms = SmallVec<[ShortText; 1]>;

/// What search knows of a word, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The alphabet that it is written in, look-alike letters mended.
    pub alphabet: Alphabet,
    /// Its folded normal form: what stands for the word exactly as written.
    pub form: ShortText,
    /// What it is indexed and searched by: one term, or one for each lemma of an ambiguous form.
    pub terms: Terms,
    /// Its stem, whatever its lemmas.
    pub stem: ShortText,
    /// Whether it is a function word of its language.
    pub is_stop_word: bool,
}

/// By what a word of a document answers a word of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// It is the same form.
    Exact,
    /// It has the same stem.
    Stem,
    /// It is a form of the same dictionary word.
    Lemma,
    /// It begins as was asked for.
    Prefix,
    /// It is the same name in the other alphabet.
    Name,
}

impl Route {
    /// The name that answers use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Stem => "stem",
            Self::Lemma => "lemma",
            Self::Prefix => "prefix",
            Self::Name => "name",
        }
    }
}

impl Reading {
    /// What search knows of a word.
    pub(super) fn of(word: &str, rules: Rules) -> Self {
        let word = head(word, MAX_TERM_CHARS);
        let mended = mend(word);
        let mut form = String::new();
        normalize_word(mended.as_deref().unwrap_or(word), &mut form);
        if form.chars().count() > MAX_TERM_CHARS {
            form.truncate(head(&form, MAX_TERM_CHARS).len());
        }
        Self::of_form(form, rules)
    }

    fn of_form(mut form: String, rules: Rules) -> Self {
        let alphabet = Alphabet::of(&form);
        // Part numbers and grades («77а», "b2b") have no endings to cut.
        let has_digit = form.contains(|c: char| c.is_ascii_digit());
        let Some(profile) = Profile::of_alphabet(alphabet).filter(|_| !has_digit) else {
            let form = ShortText::from(form);
            return Self { alphabet, terms: smallvec![form.clone()], stem: form.clone(), form, is_stop_word: false };
        };
        profile.fold(&mut form);
        let is_stop_word = profile.is_stop_word(&form);
        let stem = ShortText::from(profile.stem(&form));
        let lemmas = if rules.lemmas { profile.lemma_terms(&form) } else { None };
        let terms = lemmas.map(|lemmas| lemmas.into_iter().map(ShortText::from).collect());
        let terms = terms.unwrap_or_else(|| smallvec![stem.clone()]);
        Self { alphabet, terms, stem, form: form.into(), is_stop_word }
    }

    /// What search knows of a compound whose form is given.
    pub(super) fn of_whole(form: &str, is_acronym: bool, rules: Rules) -> Self {
        let reading = Self::of_form(head(form, MAX_TERM_CHARS).to_owned(), rules);
        if is_acronym && reading.is_stop_word { Self::of_acronym(&reading) } else { reading }
    }

    /// The reading of a function word that is a name here.
    pub(super) fn of_acronym(word: &Self) -> Self {
        let mut term = word.form.clone();
        term.push(MARK);
        Self { terms: smallvec![term.clone()], stem: term, is_stop_word: false, ..word.clone() }
    }

    /// By what this word of a document answers a word of a query; `None` where it does not.
    #[must_use]
    pub fn answers(&self, asked: &Self) -> Option<Route> {
        if !self.terms.iter().any(|term| asked.terms.contains(term)) {
            return None;
        }
        Some(match (self.form == asked.form, self.stem == asked.stem) {
            (true, _) => Route::Exact,
            (false, true) => Route::Stem,
            (false, false) => Route::Lemma,
        })
    }
}

/// Whether a word in capitals is an acronym that is a function word in small letters.
pub(super) fn is_known_acronym(word: &str) -> bool {
    let lower = word.to_lowercase();
    profiles().iter().any(|profile| profile.acronyms.contains(&lower.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(word: &str) -> Reading {
        Reading::of(word, Rules::default())
    }

    #[test]
    fn words_with_digits_keep_their_ends() {
        assert_eq!(reading("2s").terms[..], ["2s"]);
        assert_eq!(reading("5г").terms[..], ["5г"]);
    }

    #[test]
    fn look_alike_letters_are_the_word_that_was_meant() {
        assert_eq!(reading("Мoсква"), reading("Москва"));
        assert_eq!(reading("77а"), reading("77a"));
        assert_eq!(reading("serviсe"), reading("service"));
    }

    #[test]
    fn a_match_tells_its_route() {
        let route = |document: &str, query: &str| reading(document).answers(&reading(query)).map(Route::name);
        assert_eq!(route("министра", "министра"), Some("exact"));
        assert_eq!(route("министра", "министром"), Some("stem"));
        assert_eq!(route("люди", "человек"), Some("lemma"));
        assert_eq!(route("Conferences", "conferences"), Some("exact"));
        assert_eq!(route("conferences", "conference"), Some("stem"));
        assert_eq!(route("went", "go"), Some("lemma"));
        assert_eq!(route("стол", "стул"), None);
    }
}
