//! Texts out of everything that texts are made of, for what must hold of any text.

use proptest::{collection::vec, prelude::*, sample::select};

/// What to search for in random texts: words of both languages, several, and phrases.
pub(crate) const QUERIES: [&str; 8] = [
    "визит",
    "visit",
    "министр contract",
    "Россия",
    "контейнер",
    "\"state visit\"",
    "\"визит министра\" e-mail",
    "ташкент 1000000 visit !Tashkent",
];

/// Words, in several forms and scripts, some with marks that belong to a letter and some with signs that are no letters.
const WORDS: [&str; 36] = [
    "визит",
    "Визиты",
    "визитом",
    "министра",
    "Министр",
    "ТАШКЕНТ",
    "Росси\u{301}я",
    "чаи\u{306}",
    "меж\u{AD}ду",
    "ё",
    "и",
    "г.",
    "т. е.",
    "А. С.",
    "visit",
    "Visits",
    "visited",
    "state",
    "Tashkent",
    "contract's",
    "the",
    "Mr.",
    "e.g.",
    "cafe\u{301}",
    "Docker-контейнеры",
    "e-mail",
    "name@example.org",
    "1\u{A0}000\u{A0}000",
    "3,14",
    "😀",
    "👩\u{200D}👩\u{200D}👧",
    "שלום",
    "مرحبا",
    "<b>",
    "&amp;",
    "\"'«»",
];

/// What parts words in texts with spaces.
const SPACED: [&str; 11] = [" ", " ", " ", ". ", ", ", "! ", "\n", "\r\n", "\r\n\r\n", "\t", "… "];

/// What parts words, or does not, in texts without spaces.
const UNSPACED: [&str; 8] = ["", ",", ".", "-", "/", "😀", "\u{200B}", "&"];

/// The longest lines of random texts, in bytes.
const LINE_BYTES: usize = 20_000;

/// Texts of a few words or many, with all sorts of breaks between them, without a space, or in one long line.
pub(crate) fn random_text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => words(&SPACED),
        3 => words(&UNSPACED),
        1 => words(&SPACED).prop_map(|text| single_line(&text, LINE_BYTES)),
    ]
}

fn words(gaps: &'static [&'static str]) -> impl Strategy<Value = String> {
    let word = select(WORDS.as_slice());
    vec((word, select(gaps)), 0..120)
        .prop_map(|pieces| pieces.into_iter().map(|(word, gap)| word.to_owned() + gap).collect())
}

/// A text over and over in one line, of so many bytes or a little more.
pub(crate) fn single_line(text: &str, bytes: usize) -> String {
    let line = text.replace(['\r', '\n'], " ") + " ";
    line.repeat(bytes.div_ceil(line.len()))
}
