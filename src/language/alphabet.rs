//! The alphabet that a word is written in.

/// The alphabet of a word, by its letters; digits and marks belong to every alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// Latin letters.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Letters of both.
    Mixed,
    /// Letters of some other alphabet.
    Other,
    /// Digits only.
    None,
}

impl Alphabet {
    /// The alphabet of one character; `None` for what is no letter.
    #[must_use]
    pub fn of_character(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' => Self::Latin,
            '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}' => Self::Cyrillic,
            '\0'..='\u{A9}' => Self::None,
            'ª' | 'º' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
                if character.is_alphabetic() {
                    Self::Latin
                } else {
                    Self::None
                }
            }
            _ if character.is_alphabetic() => Self::Other,
            _ => Self::None,
        }
    }

    /// The alphabet of a word.
    ///
    /// ```
    /// use oba::language::Alphabet;
    /// assert_eq!(Alphabet::of("search"), Alphabet::Latin);
    /// assert_eq!(Alphabet::of("поиск"), Alphabet::Cyrillic);
    /// assert_eq!(Alphabet::of("1992"), Alphabet::None);
    /// ```
    #[must_use]
    pub fn of(word: &str) -> Self {
        let mut alphabet = Self::None;
        for character in word.chars() {
            alphabet = match (alphabet, Self::of_character(character)) {
                (so_far, Self::None) => so_far,
                (Self::None, found) => found,
                (so_far, found) if so_far == found => so_far,
                (Self::Other, _) | (_, Self::Other) => Self::Other,
                _ => Self::Mixed,
            };
        }
        alphabet
    }

    /// The name that `oba analyze` prints.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "latin",
            Self::Cyrillic => "cyrillic",
            Self::Mixed => "mixed",
            Self::Other => "other",
            Self::None => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alphabet;

    #[test]
    fn letters_decide_and_digits_do_not() {
        assert_eq!(Alphabet::of("B2B"), Alphabet::Latin);
        assert_eq!(Alphabet::of("77а"), Alphabet::Cyrillic);
        assert_eq!(Alphabet::of("Мoсква"), Alphabet::Mixed);
        assert_eq!(Alphabet::of("café"), Alphabet::Latin);
        assert_eq!(Alphabet::of("Ўзбекистон"), Alphabet::Cyrillic);
        assert_eq!(Alphabet::of("你好"), Alphabet::Other);
        assert_eq!(Alphabet::of("½"), Alphabet::None);
    }
}
