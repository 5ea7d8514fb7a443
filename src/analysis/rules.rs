//! The rules of analysis → a fingerprint, by which an index knows whether it was built under them.

use super::tokens;

/// Counts changes of the rules that [`GOLDEN`] may not show.
const VERSION: u32 = 1;

/// A text that the rules treat in all their ways: its terms change when a rule, a word list or a stemmer does.
const GOLDEN: &str = "The ministers' conferences were organized in Tashkent’s universities; running, children, 3.14, U.N. \
    Министры говорили о сотрудничестве: ёлка, йод, людьми, Росси\u{301}я, пере\u{AD}возки, научно-техническими, \
    Docker-контейнеры, 1\u{A0}000 рублей, 77а, Мoсква, café, Ўзбекистон, İstanbul.";

/// The fingerprint of the rules of analysis, as 16 hexadecimal digits.
#[must_use]
pub fn fingerprint() -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_le_bytes());
    for token in tokens(GOLDEN) {
        for part in [token.form.as_str(), token.term.as_str(), if token.is_stop_word { "stop" } else { "" }] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fingerprint_is_stable_within_a_build() {
        assert_eq!(super::fingerprint(), super::fingerprint());
        assert_eq!(super::fingerprint().len(), 16);
    }
}
