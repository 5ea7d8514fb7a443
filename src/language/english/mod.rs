//! English: all that oba knows of it.

use std::{collections::HashMap, sync::LazyLock};

use rust_stemmers::Algorithm;
use whatlang::Lang;

use super::{
    Alphabet, Keyboard, Label, Profile, dictionary,
    neighbours::Frequent,
    pairs::Pairs,
    profile::{word_list, word_map},
};

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

const FREQUENT: Frequent = (Some(Lang::Eng), include_str!("frequent.txt"));

/// The profile of English.
pub(super) static PROFILE: Profile = Profile {
    label: Label::English,
    name: "English",
    alphabet: Alphabet::Latin,
    letters: LETTERS,
    keyboard: Keyboard { plain: "`qwertyuiop[]asdfghjkl;'zxcvbnm,./", shifted: "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?" },
    // Unstressed vowels, letters of one sound, endings of one sound, and letters that are not heard.
    confusions: &[
        ("a", "e"),
        ("e", "i"),
        ("i", "y"),
        ("a", "o"),
        ("o", "u"),
        ("ie", "ei"),
        ("s", "c"),
        ("c", "k"),
        ("s", "z"),
        ("f", "ph"),
        ("sc", "s"),
        ("ck", "k"),
        ("g", "j"),
        ("tion", "sion"),
        ("kn", "n"),
        ("wr", "r"),
        ("wh", "w"),
        ("rh", "r"),
        ("gh", ""),
        ("ps", "s"),
        ("mn", "m"),
        ("mb", "m"),
        ("e", ""),
        ("ou", "o"),
    ],
    folds: &[],
    months: [
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ],
    abbreviations: &[
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "gen", "col", "lt", "sen", "rep", "gov", "e.g", "i.e", "vs",
        "cf", "ed", "inc", "ltd", "co", "approx", "a.m", "p.m", "u.s", "u.n", "u.k",
    ],
    abbreviations_before_numbers: &["no", "nos", "fig", "figs", "vol", "p", "pp", "art", "sec", "ch"],
    source_labels: &["source"],
    min_function_words: 0.2,
    frequent: FREQUENT,
    pairs: LazyLock::new(|| Pairs::of(LETTERS, FREQUENT, include_str!("stop_words.txt"))),
    words: LazyLock::new(|| dictionary::read(include_bytes!("words.fst"))),
    stop_words: LazyLock::new(|| word_list(include_str!("stop_words.txt"))),
    possessives: &["'s", "'"],
    acronyms: &["us", "it", "who"],
    stemmer: Algorithm::English,
    stem_exceptions: LazyLock::new(|| word_map(include_str!("stem_exceptions.txt"))),
    lemma_terms: irregular,
};

/// Irregular forms with the words that they may be forms of.
static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| word_map(include_str!("irregular.txt")));

/// The terms of an irregular form: the stems of its words.
fn irregular(form: &str) -> Option<Vec<String>> {
    let mut terms: Vec<String> = Vec::new();
    for base in IRREGULAR.get(form)?.split(' ') {
        let stem = PROFILE.stem(base);
        if !terms.contains(&stem) {
            terms.push(stem);
        }
    }
    Some(terms)
}
