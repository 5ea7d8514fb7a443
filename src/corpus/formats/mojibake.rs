//! Russian letters that were taken for Western ones: `Ïðèâåò` is `Привет` in windows-1251, read as windows-1252.
//!
//! Old files do not say that they are Russian, or say it where nobody looks. No language writes whole words of such letters
//! alone, so they can be told and mended.

use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

/// A word has so many letters to speak for Russian.
const MIN_LETTERS: usize = 4;

/// So many such words there have to be.
const MIN_WORDS: usize = 3;

/// The text with its Russian words mended, where there are some to mend.
pub(super) fn mended(text: &str) -> Option<String> {
    mended_of(text, MIN_WORDS)
}

/// The same of a title, which has few words.
pub(super) fn mended_title(text: &str) -> Option<String> {
    mended_of(text, 1)
}

fn mended_of(text: &str, min_words: usize) -> Option<String> {
    let (mut taken, mut western) = (0_usize, 0_usize);
    for word in text.split(|c| !is_letter(c)) {
        let high = word.chars().filter(|&c| is_high(c)).count();
        let all = word.chars().count();
        taken += usize::from(high == all && all >= MIN_LETTERS);
        // Words such as "déjà", which are what they look like.
        western += usize::from(high > 0 && high < all);
    }
    if taken < min_words || taken <= western {
        return None;
    }
    let mut mended = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(|c| !is_letter(c)) {
        let end = piece.trim_end_matches(|c| !is_letter(c)).len();
        let (word, gap) = piece.split_at(end);
        if !word.is_empty() && word.chars().all(is_high) {
            let (bytes, ..) = WINDOWS_1252.encode(word);
            mended.push_str(&WINDOWS_1251.decode_without_bom_handling(&bytes).0);
        } else {
            mended.push_str(word);
        }
        mended.push_str(if gap == "¹" { "№" } else { gap });
    }
    Some(mended)
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '¸' | '¨')
}

/// Whether a character stands where windows-1251 has Russian letters; the last two are ё and Ё.
fn is_high(character: char) -> bool {
    matches!(character, 'À'..='ÿ' | '¸' | '¨')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Russian looks like where it is taken for Western.
    pub(in crate::corpus::formats) fn taken(russian: &str) -> String {
        let (bytes, ..) = WINDOWS_1251.encode(russian);
        WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn russian_is_mended_and_english_beside_it_stays() {
        let text = "Министры обсудили ещё и перевозки: state visit № 5, и «Ёлка» — для всех";
        assert_eq!(mended(&taken(text)).as_deref(), Some(text));
    }

    #[test]
    fn western_languages_stay_as_they_are() {
        for text in ["Déjà vu à l'été, où naît l'être", "Über die Größe der Höfe", "State visit", "Визит министра", ""]
        {
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
