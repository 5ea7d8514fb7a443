//! Characters: which of them are invisible, and how to count and cut by them.

/// The number of characters (Unicode scalar values) in `text`.
#[must_use]
pub fn char_count(text: &str) -> usize {
    text.chars().count()
}

/// The first `max_chars` characters of `text`.
///
/// ```
/// assert_eq!(oba::text::head("Ташкент", 4), "Ташк");
/// assert_eq!(oba::text::head("Tashkent", 4), "Tash");
/// ```
#[must_use]
pub fn head(text: &str, max_chars: usize) -> &str {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Whether a character is drawn as nothing and only says how a word may be broken or joined: soft hyphen, zero-width
/// space, joiners, word joiner, byte-order mark.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a combining character marks stress and nothing else (acute U+0301, grave U+0300). After composition (NFC)
/// these stand alone only where no letter of any alphabet is written with them, as in Росси́я.
#[must_use]
pub fn is_stress_mark(character: char) -> bool {
    matches!(character, '\u{300}' | '\u{301}')
}
