//! English: all that oba knows of it.

use std::sync::LazyLock;

use rust_stemmers::Algorithm;
use whatlang::Lang;

use super::{Alphabet, Label, Profile, profile::word_list};

/// The profile of English.
pub(super) static PROFILE: Profile = Profile {
    label: Label::English,
    name: "English",
    alphabet: Alphabet::Latin,
    letters: "abcdefghijklmnopqrstuvwxyz",
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
        "cf", "fig", "vol", "ed", "pp", "inc", "ltd", "co", "no", "approx", "a.m", "p.m", "u.s", "u.n", "u.k",
    ],
    source_labels: &["source"],
    min_function_words: 0.2,
    frequent: (Some(Lang::Eng), include_str!("frequent.txt")),
    stop_words: LazyLock::new(|| word_list(include_str!("stop_words.txt"))),
    stemmer: Algorithm::English,
};
