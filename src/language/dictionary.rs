//! Whether a form is a word of a language, whatever an index knows of it: what is right is never repaired.
//!
//! The lists are made by `tools/words` of frequencies and dictionaries: see `words.LICENSE.txt` beside each.

use fst::Set;

use super::Profile;

/// The first of the bytes that stand for letters in a list.
const FIRST: u8 = b'0';

/// The longest form that is looked up, in letters; the lists have none that is longer.
const LONGEST: usize = 40;

/// A list of words; nothing where its file is broken, which the tests rule out.
pub(super) type Words = Option<Set<&'static [u8]>>;

/// The words of a file.
pub(super) fn read(file: &'static [u8]) -> Words {
    Set::new(file).ok()
}

impl Profile {
    /// Whether a folded form of four letters or more is known to be a word of the language, or a name in it.
    #[must_use]
    pub fn is_word(&self, form: &str) -> bool {
        let mut key = [0; LONGEST];
        let mut length = 0;
        for letter in form.chars() {
            let code = self.letters.chars().position(|c| c == letter).and_then(|code| u8::try_from(code).ok());
            let (Some(code), Some(place)) = (code, key.get_mut(length)) else { return false };
            *place = FIRST + code;
            length += 1;
        }
        self.words.as_ref().is_some_and(|words| words.contains(&key[..length]))
    }
}

#[cfg(test)]
mod tests {
    use crate::language::profiles;

    #[test]
    fn the_files_are_whole_and_hold_words_of_the_language() {
        for profile in profiles() {
            let words = profile.words.as_ref().expect("a list");
            words.as_fst().verify().expect("the checksum is right");
            assert!(words.len() > 100_000, "{}", profile.name);
        }
    }

    #[test]
    fn words_are_known_and_mistakes_are_not() {
        let [english, russian] = profiles();
        for word in ["receive", "heroes", "palace", "colour", "color", "confederation", "shakespeare"] {
            assert!(english.is_word(word), "{word}");
        }
        for word in ["учеба", "танки", "подковал", "титанике", "холмса", "ягода", "елка"]
        {
            assert!(russian.is_word(word), "{word}");
        }
        for word in ["recieve", "seperately", "", "визит", "a1", &"a".repeat(1_000)] {
            assert!(!english.is_word(word), "{word}");
        }
        for word in ["карова", "програма", "ёлка", "visit", "севодня"] {
            assert!(!russian.is_word(word), "{word}");
        }
    }
}
