//! Words joined by signs → the wholes that they are also known by.
//!
//! | written | whole |
//! | --- | --- |
//! | e-mail, научно-технический, COVID-19 | without the hyphens |
//! | U.N., С.Ш.А. | without the points |
//! | 1 000 000 (with no-break spaces), 1,000,000 | the number |
//! | 3.14, 3,14, 19.11.2021 | with points |
//! | example.org, snake_case | as written |
//! | name@example.org | the address |
//! | `https://example.org/a?b=1` | the address without `https://` and `www.` |

use crate::text::{Word, normalize_word};

/// The most words of one compound; the links of the web are the longest.
pub(super) const MAX_PARTS: usize = 24;

/// A compound, by the numbers of its first and last part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub first: usize,
    pub last: usize,
    /// What it is known by.
    pub form: String,
    /// Whether it is made of the first letters of words.
    pub is_acronym: bool,
}

/// Whether what stands between two words joins them: up to three signs and no space but those that hold a number
/// together.
pub(super) fn joins(gap: &str) -> bool {
    match gap.as_bytes() {
        [sign] => b"-.,@/_:?=&#+%".contains(sign),
        [a, b] if gap.is_ascii() => b"./:?=&#+%-".contains(a) && b"./:?=&#+%-".contains(b),
        b"://" => true,
        _ => is_digit_space(gap) || is_hyphen(gap),
    }
}

/// No-break, narrow no-break and thin space, as they part the thousands of a number.
fn is_digit_space(gap: &str) -> bool {
    matches!(gap, "\u{A0}" | "\u{202F}" | "\u{2009}")
}

fn is_hyphen(gap: &str) -> bool {
    matches!(gap, "-" | "\u{2010}" | "\u{2011}")
}

/// The wholes of a run of joined words, outermost first.
pub(super) fn wholes(text: &str, parts: &[Word<'_>]) -> Vec<Whole> {
    let gaps: Vec<&str> = parts.windows(2).map(|pair| &text[pair[0].span.end..pair[1].span.start]).collect();
    if let Some(address) = address(text, parts, &gaps) {
        return vec![address];
    }
    let mut found = Vec::new();
    let mut first = 0;
    // A run of unlike signs («и/или», a:b) is as many runs of like ones.
    while first < gaps.len() {
        let kind = Kind::of(gaps[first], parts[first].text, parts[first + 1].text);
        let same = |n: usize| Kind::of(gaps[n], parts[n].text, parts[n + 1].text) == kind;
        let last = (first..gaps.len()).take_while(|&n| same(n)).last().map_or(first, |n| n) + 1;
        if let Some((form, is_acronym)) = kind.map(|kind| kind.whole(&parts[first..=last])) {
            found.push(Whole { first, last, form, is_acronym });
        }
        first = last;
    }
    found
}

/// The address that a run is, of e-mail or of the web.
fn address(text: &str, parts: &[Word<'_>], gaps: &[&str]) -> Option<Whole> {
    let at = gaps.iter().filter(|gap| **gap == "@").count();
    let is_link = gaps.first() == Some(&"://") || (parts[0].text.eq_ignore_ascii_case("www") && gaps[0] == ".");
    let mut first = 0;
    if is_link {
        first += usize::from(gaps[0] == "://");
        first += usize::from(parts.get(first).is_some_and(|part| part.text.eq_ignore_ascii_case("www")));
    } else if at != 1 {
        return None;
    }
    let last = parts.len() - 1;
    let start = parts.get(first)?.span.start;
    let written = &text[start..parts[last].span.end];
    Some(Whole { first: 0, last, form: normal(written), is_acronym: false })
}

/// What kind of compound two neighbours belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hyphenated,
    Acronym,
    Thousands,
    Number,
    Dotted,
    Underscored,
}

impl Kind {
    fn of(gap: &str, before: &str, after: &str) -> Option<Self> {
        let (digits_before, digits_after) = (is_number(before), is_number(after));
        let in_thousands = digits_before && digits_after && after.len() == 3 && before.len() <= 3;
        match gap {
            "," | "\u{A0}" | "\u{202F}" | "\u{2009}" if in_thousands => Some(Self::Thousands),
            "." | "," if digits_before && digits_after => Some(Self::Number),
            "." if is_letter(before) && is_letter(after) => Some(Self::Acronym),
            "." if !digits_before || !digits_after => Some(Self::Dotted),
            "_" => Some(Self::Underscored),
            _ if is_hyphen(gap) && !(digits_before && digits_after) => Some(Self::Hyphenated),
            _ => None,
        }
    }

    /// The form of the whole, and whether it is an acronym.
    fn whole(self, parts: &[Word<'_>]) -> (String, bool) {
        let joined = |sign: &str| {
            let forms: Vec<String> = parts.iter().map(|part| normal(part.text)).collect();
            forms.join(sign)
        };
        match self {
            // «1,234» is a thousand and more, «0,123» is less than one.
            Self::Thousands if parts.len() == 2 && parts[0].text == "0" => (joined("."), false),
            Self::Thousands | Self::Hyphenated => (joined(""), false),
            Self::Acronym => (joined(""), true),
            Self::Number | Self::Dotted => (joined("."), false),
            Self::Underscored => (joined("_"), false),
        }
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word is one capital letter.
fn is_letter(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

fn normal(word: &str) -> String {
    let mut form = String::new();
    normalize_word(word, &mut form);
    form
}

#[cfg(test)]
mod tests {
    use crate::analysis::Analyzer;

    /// The first terms of the compounds of a text.
    fn wholes(text: &str) -> Vec<String> {
        let mut analyzer = Analyzer::default();
        let compounds = analyzer.tokens(text).filter(|token| token.is_compound);
        compounds.map(|token| token.reading.terms[0].to_string()).collect()
    }

    /// The first terms of the parts of a text.
    fn parts(text: &str) -> Vec<String> {
        let mut analyzer = Analyzer::default();
        let parts = analyzer.tokens(text).filter(|token| !token.is_compound);
        parts.map(|token| token.reading.terms[0].to_string()).collect()
    }

    #[test]
    fn hyphenated_words_are_parts_and_whole() {
        assert_eq!(wholes("e-mail"), ["email"]);
        assert_eq!(parts("e-mail"), ["e", "mail"]);
        assert_eq!(wholes("state-of-the-art"), ["stateoftheart"]);
        assert_eq!(wholes("научно-технические"), wholes("научно\u{2011}техническими"));
        assert_eq!(parts("научно-технический").len(), 2);
        assert_eq!(wholes("COVID-19"), ["covid19"]);
        assert_eq!(wholes("2019-2020"), [""; 0]);
    }

    #[test]
    fn numbers_are_one_however_their_digits_are_grouped() {
        for written in ["1\u{A0}000\u{A0}000", "1\u{202F}000\u{202F}000", "1,000,000"] {
            assert_eq!(wholes(written), ["1000000"], "{written:?}");
        }
        assert_eq!(wholes("3,14"), ["3.14"]);
        assert_eq!(wholes("3.14"), ["3.14"]);
        assert_eq!(wholes("19.11.2021"), ["19.11.2021"]);
        assert_eq!(parts("19.11.2021"), ["19", "11", "2021"]);
        assert_eq!(wholes("в 2020 100 человек, of 2020 100 people"), [""; 0]);
    }

    #[test]
    fn dotted_abbreviations_are_their_letters() {
        assert_eq!(wholes("U.N. and С.Ш.А."), ["un", "сша"]);
        assert_eq!(wholes("U.S."), ["us="]);
    }

    #[test]
    fn addresses_are_whole_and_in_parts() {
        assert_eq!(wholes("ivan.petrov@example.ru"), ["ivan.petrov@example.ru"]);
        assert_eq!(parts("ivan.petrov@example.ru"), ["ivan", "petrov", "exampl", "ru"]);
        assert_eq!(wholes("https://www.example.org/press-centre?id=5"), ["example.org/press-centre?id=5"]);
        assert_eq!(wholes("www.example.org"), ["example.org"]);
        assert_eq!(wholes("example.org"), ["example.org"]);
    }

    #[test]
    fn what_only_stands_side_by_side_is_no_compound() {
        for text in ["и/или", "one, two", "Нет. Да", "end.", "10:30", "а - б"] {
            assert_eq!(wholes(text), [""; 0], "{text}");
        }
    }
}
