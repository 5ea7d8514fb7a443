//! A word as written → the form that all comparisons use.

use unicode_normalization::UnicodeNormalization;

use super::characters::{is_invisible, is_stress_mark};

/// Appends the normal form of `word` to `out`: composed (NFC), without stress marks and invisible characters, in lower
/// case, with straight apostrophes.
///
/// Composition comes first, so a decomposed й or ё becomes its letter before loose marks are dropped.
///
/// ```
/// let mut form = String::new();
/// oba::text::normalize_word("Росси\u{301}я", &mut form);
/// assert_eq!(form, "россия");
///
/// form.clear();
/// oba::text::normalize_word("И\u{306}ОД", &mut form);
/// assert_eq!(form, "йод");
/// ```
pub fn normalize_word(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
    } else if word.chars().all(is_normal) {
        out.push_str(word);
    } else if word.chars().all(is_plain) {
        push_lower(word.chars(), out);
    } else {
        let kept = word.nfc().filter(|&c| !is_stress_mark(c) && !is_invisible(c));
        push_lower(kept, out);
    }
}

/// Whether a character is its own normal form, as those of most words in Russian are.
fn is_normal(character: char) -> bool {
    matches!(character, 'а'..='я' | 'ё' | 'a'..='z' | '0'..='9' | '\'')
}

/// Whether a character is composed already and always kept: ASCII, the Latin letters with marks that the languages of
/// Europe share, the Cyrillic letters of U+0400 to U+047F (of which only the two with a grave accent carry a stress mark
/// inside), and the apostrophe of print.
fn is_plain(character: char) -> bool {
    match character {
        'ѐ' | 'ѝ' | 'Ѐ' | 'Ѝ' => false,
        '\0'..='\u{7F}' | '\u{C0}'..='\u{17F}' | '\u{400}'..='\u{47F}' | '’' => true,
        _ => false,
    }
}

fn push_lower(characters: impl Iterator<Item = char>, out: &mut String) {
    for character in characters {
        match character {
            '\0'..='\u{7F}' => out.push(character.to_ascii_lowercase()),
            'а'..='я' => out.push(character),
            // Russian capitals without the tables of Unicode, which took a third of the time of Russian text.
            'А'..='Я' => out.push(char::from_u32(character as u32 + 0x20).unwrap_or(character)),
            // A stress mark that Unicode composes: no language that we serve writes these letters.
            'ѐ' | 'Ѐ' => out.push('е'),
            'ѝ' | 'Ѝ' => out.push('и'),
            '’' | 'ʼ' | '‘' => out.push('\''),
            // Lower case of İ is i and a combining dot, which nobody types.
            'İ' => out.push('i'),
            _ => out.extend(character.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normalize_word;

    fn normal(word: &str) -> String {
        let mut out = String::new();
        normalize_word(word, &mut out);
        out
    }

    #[test]
    fn case_is_folded_in_both_alphabets() {
        assert_eq!(normal("Tashkent"), "tashkent");
        assert_eq!(normal("ЁЛКА"), "ёлка");
        assert_eq!(normal("İstanbul"), "istanbul");
    }

    #[test]
    fn stress_marks_and_invisible_characters_are_dropped() {
        assert_eq!(normal("за\u{301}мок"), "замок");
        assert_eq!(normal("пере\u{AD}воз\u{AD}ки"), "перевозки");
        assert_eq!(normal("trans\u{AD}port\u{200B}ation"), "transportation");
        assert_eq!(normal("ѐлка"), "елка");
    }

    #[test]
    fn decomposed_letters_are_composed_and_keep_their_marks() {
        assert_eq!(normal("чаи\u{306}"), "чай");
        assert_eq!(normal("е\u{308}лка"), "ёлка");
        assert_eq!(normal("cafe\u{301}"), "café");
    }

    #[test]
    fn what_is_taken_for_composed_is() {
        for character in ('\0'..='\u{2FFF}').filter(|&c| super::is_plain(c)) {
            let (word, mut slowly) = (character.to_string(), String::new());
            assert!(!super::is_stress_mark(character) && !super::is_invisible(character), "{character:?}");
            super::push_lower(super::UnicodeNormalization::nfc(word.as_str()), &mut slowly);
            assert_eq!(normal(&word), slowly);
            // Beside a letter that is not ASCII words take another way.
            assert_eq!(normal(&format!("ж{word}")), format!("ж{slowly}"));
        }
    }

    #[test]
    fn apostrophes_are_straight() {
        assert_eq!(normal("Dog’s"), "dog's");
    }
}
