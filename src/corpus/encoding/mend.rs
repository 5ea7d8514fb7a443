//! Text that was encoded twice (UTF-8 that some program took for windows-1252 or windows-1251 and made UTF-8 of once more:
//! `Ð¿Ñ€Ð¸Ð²ÐµÑ‚`, `РџСЂРёРІРµС‚`, `cafÃ©`) → the text that was meant.

use std::ops::RangeInclusive;

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

/// How much of a text is looked at first, in bytes from its first character that is not ASCII.
const LOOKED_AT_BYTES: usize = 16 * 1024;

/// The encodings that UTF-8 was taken for, and what is said of it.
const TAKEN_FOR: [(&Encoding, &str); 2] = [
    (WINDOWS_1252, "was encoded twice, as UTF-8 and windows-1252; mended"),
    (WINDOWS_1251, "was encoded twice, as UTF-8 and windows-1251; mended"),
];

/// The text that was meant, and what was wrong; `None` where nothing was.
///
/// A word which, back in the bytes of the encoding, is valid UTF-8 with two characters of more than one byte is never that by
/// accident. Of the words that are not ASCII, half have to be such: a text that tells of the matter stays as it is.
pub(super) fn twice_encoded(text: &str) -> Option<(String, &'static str)> {
    let start = text.bytes().position(|byte| !byte.is_ascii())?;
    let start = text[..start].rfind(char::is_whitespace).unwrap_or(0);
    let looked_at = &text[start..text.floor_char_boundary(start + LOOKED_AT_BYTES)];
    let (encoding, note) = taken_for(looked_at)?;
    let words = text.split_inclusive(|c: char| c.is_ascii_whitespace());
    Some((words.map(|word| meant(word, encoding).map_or_else(|| word.to_owned(), |(word, _)| word)).collect(), note))
}

/// The encoding that the UTF-8 of a text was taken for, and what is said of it.
fn taken_for(text: &str) -> Option<(&'static Encoding, &'static str)> {
    let mut words = 0;
    // For each encoding, how many words are mended by it, and how many characters of these were meant.
    let mut counts = [(0, 0); TAKEN_FOR.len()];
    for word in text.split_ascii_whitespace().filter(|word| !word.is_ascii()) {
        words += 1;
        for ((mended, found), (encoding, _)) in counts.iter_mut().zip(TAKEN_FOR) {
            if let Some((_, characters)) = meant(word, encoding) {
                *mended += 1;
                *found += characters;
            }
        }
    }
    let is_it = |(_, (mended, found)): &(_, (usize, usize))| *found >= 2 && mended * 2 >= words;
    TAKEN_FOR.into_iter().zip(counts).find(is_it).map(|(taken, _)| taken)
}

/// The word that was meant, with how many of its characters had more than one byte.
fn meant(word: &str, encoding: &'static Encoding) -> Option<(String, usize)> {
    // Most words are told by the first of their characters that is not ASCII and the one behind it.
    let mut others = word.chars().skip_while(char::is_ascii);
    let mut is_in = |range: RangeInclusive<u8>| byte_of(others.next()?, encoding).filter(|byte| range.contains(byte));
    is_in(0xC2..=0xF4)?;
    is_in(0x80..=0xBF)?;
    let bytes: Vec<u8> = word.chars().map(|character| byte_of(character, encoding)).collect::<Option<_>>()?;
    let meant = String::from_utf8(bytes).ok()?;
    let characters = meant.chars().filter(|c| !c.is_ascii()).count();
    let is_text = meant.chars().all(|c| !matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}'));
    (is_text && characters > 0).then_some((meant, characters))
}

/// The byte of a character; those that windows-1252 and windows-1251 leave free are kept by most programs as they are.
fn byte_of(character: char, encoding: &'static Encoding) -> Option<u8> {
    match character {
        '\0'..='\u{9F}' => return u8::try_from(u32::from(character)).ok(),
        // Told without a coder, for each word of a Russian text begins with one of these.
        'А'..='я' if encoding == WINDOWS_1251 => return u8::try_from(u32::from(character) - 0x350).ok(),
        'А'..='я' => return None,
        _ => {}
    }
    let mut buffer = [0; 4];
    let (bytes, _, is_unknown) = encoding.encode(character.encode_utf8(&mut buffer));
    if is_unknown { None } else { bytes.first().copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn text_that_was_encoded_twice_is_mended_in_both_languages() {
        for (broken, meant) in [
            ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
            ("РџСЂРёРІРµС‚", "Привет"),
            ("itâ€™s in the cafÃ© â€” now", "it’s in the café — now"),
        ] {
            assert_eq!(twice_encoded(broken).map(|(text, _)| text).as_deref(), Some(meant));
        }
        for encoding in [WINDOWS_1251, WINDOWS_1252] {
            for text in
                ["Министры иностранных дел — «о дорогах»:\n\n\tИрак, Ёлка", "The minister’s “visit” — naïve, 20 €"]
            {
                assert_eq!(twice_encoded(&twice(text, encoding)).expect("mended").0, text, "{}", encoding.name());
            }
        }
        // Taken for ISO 8859-1 and not windows-1252.
        let broken: String = "привет, мир".bytes().map(char::from).collect();
        assert_eq!(twice_encoded(&broken).expect("mended").0, "привет, мир");
    }

    #[test]
    fn bytes_of_characters_are_those_of_the_coder() {
        for (encoding, _) in TAKEN_FOR {
            for byte in 0xA0..=u8::MAX {
                let bytes = [byte];
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes).unwrap_or_default();
                // Some bytes are no character.
                if let Some(character) = text.chars().next() {
                    assert_eq!(byte_of(character, encoding), Some(byte), "{character}");
                }
            }
        }
        for character in 'А'..='я' {
            assert_eq!(byte_of(character, WINDOWS_1252), None, "{character}");
        }
    }

    #[test]
    fn text_that_is_right_stays() {
        for text in [
            "Министры иностранных дел",
            "visit",
            "Ã la carte: naïve café, señor, Ångström, 20 °C, £5, Â",
            "СССР… АНО «ТЕСТ» — 20 С°",
            "Слово «привет» в чужой кодировке выглядит так: Ð¿Ñ€Ð¸Ð²ÐµÑ‚, вот и всё",
            "",
        ] {
            assert_eq!(twice_encoded(text), None, "{text}");
        }
    }
}
