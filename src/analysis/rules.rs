//! The rules of analysis, and a fingerprint by which an index knows whether it was built under them.

use super::Analyzer;
use crate::text::ShortText;

/// Counts changes of the rules that [`GOLDEN`] may not show.
const VERSION: u32 = 2;

/// A text that the rules treat in all their ways: its terms change when a rule, a word list or a stemmer does.
const GOLDEN: &str = "The ministers' conferences were organized in Tashkent’s universities; running, children, 3.14, U.N. \
    Министры говорили о сотрудничестве: ёлка, йод, людьми, Росси\u{301}я, пере\u{AD}возки, научно-техническими, \
    Docker-контейнеры, 1\u{A0}000 рублей, 77а, Мoсква, café, Ўзбекистон, İstanbul, went, стали, US, e-mail@example.org.";

/// What of the analysis can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whether forms are led back to their dictionary words (люди to человек, went to go) and not to stems alone.
    pub lemmas: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { lemmas: true }
    }
}

impl Rules {
    /// The fingerprint of the rules, as 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&VERSION.to_le_bytes());
        for token in Analyzer::new(self).tokens(GOLDEN) {
            let reading = &token.reading;
            let flag = if reading.is_stop_word { "stop" } else { "" };
            for part in [reading.form.as_str(), flag].into_iter().chain(reading.terms.iter().map(ShortText::as_str)) {
                hasher.update(part.as_bytes());
                hasher.update(&[0]);
            }
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Rules;

    #[test]
    fn each_choice_has_its_own_fingerprint() {
        assert_eq!(Rules::default().fingerprint(), Rules { lemmas: true }.fingerprint());
        assert_ne!(Rules { lemmas: false }.fingerprint(), Rules { lemmas: true }.fingerprint());
        assert_eq!(Rules::default().fingerprint().len(), 16);
    }
}
