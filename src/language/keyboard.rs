//! What the keys of a keyboard give: the text that was meant, where it was typed on the layout of the other language.

/// A layout: the characters of the keys, row by row and from left to right, by themselves and with Shift. The same place is
/// the same key in every layout, and keys that give no letter in any of them are left out.
#[derive(Debug, Clone, Copy)]
pub struct Keyboard {
    /// What the keys give by themselves.
    pub plain: &'static str,
    /// What they give with Shift.
    pub shifted: &'static str,
}

impl Keyboard {
    /// What a key gives here that gives a character on another layout; `None` for characters that no such key gives.
    #[must_use]
    pub fn key(&self, character: char, typed_on: &Self) -> Option<char> {
        let rows = [(typed_on.plain, self.plain), (typed_on.shifted, self.shifted)];
        rows.into_iter()
            .find_map(|(from, to)| from.chars().zip(to.chars()).find(|&(c, _)| c == character))
            .map(|(_, c)| c)
    }

    /// A text as the same keys would have given it here; characters that are on none of the keys stay.
    #[must_use]
    pub fn retype(&self, text: &str, typed_on: &Self) -> String {
        text.chars().map(|c| self.key(c, typed_on).unwrap_or(c)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::language::profiles;

    #[test]
    fn the_same_keys_give_the_word_that_was_meant() {
        let [english, russian] = profiles().map(|profile| profile.keyboard);
        for (typed, meant) in [
            ("ghbdtn", "привет"),
            (",e[ufknth", "бухгалтер"),
            ("j,]tv", "объем"),
            ("'rpfvty", "экзамен"),
            (";bpym", "жизнь"),
            ("[kt,", "хлеб"),
            ("Hjccbz", "Россия"),
            ("GJTPL", "ПОЕЗД"),
            (".kbz", "юлия"),
        ] {
            assert_eq!(russian.retype(typed, &english), meant);
        }
        for (typed, meant) in [("ыуфкср", "search"), ("Вщслук", "Docker"), ("сщташпюоыщт", "config.json")]
        {
            assert_eq!(english.retype(typed, &russian), meant);
        }
        assert_eq!(russian.retype("2021 ghbdtn", &english), "2021 привет", "digits and spaces stay");
    }

    #[test]
    fn layouts_have_the_same_keys_and_all_letters() {
        let [english, russian] = profiles().map(|profile| profile.keyboard);
        for (a, b) in [(english.plain, russian.plain), (english.shifted, russian.shifted)] {
            assert_eq!(a.chars().count(), b.chars().count());
        }
        for profile in profiles() {
            assert!(profile.letters.chars().all(|letter| profile.keyboard.plain.contains(letter)), "{}", profile.name);
        }
    }
}
