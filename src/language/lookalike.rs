//! A word in which two alphabets are mixed by letters that look alike → the word that was meant.
//!
//! Optical recognition, keyboards left in the other layout and tricks of spammers put a Latin o into Москва. Such a word
//! is written in the one alphabet in which all its letters can be.

use super::Alphabet;

/// Latin letters and the Cyrillic ones that are drawn the same, in both cases.
const PAIRS: [(char, char); 21] = [
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('o', 'о'),
    ('p', 'р'),
    ('x', 'х'),
    ('y', 'у'),
    ('k', 'к'),
    ('m', 'м'),
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
];

/// The word that was meant, where a word mixes Latin and Cyrillic letters, or mixes digits and letters that both alphabets
/// have (77а, А4); `None` where the word is as it should be, or where no one alphabet has all its letters.
///
/// Of words that both alphabets can write, those with digits are Latin, as most signs and grades are, and others are
/// Cyrillic: there are more Russian words of such letters.
#[must_use]
pub fn mend(word: &str) -> Option<String> {
    match Alphabet::of(word) {
        Alphabet::Mixed => {
            let (latin, cyrillic) = (written_in(word, Alphabet::Latin), written_in(word, Alphabet::Cyrillic));
            if has_digit(word) { latin.or(cyrillic) } else { cyrillic.or(latin) }
        }
        Alphabet::Cyrillic if has_digit(word) => written_in(word, Alphabet::Latin),
        _ => None,
    }
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// The word with every letter in one alphabet, where each has its like there.
fn written_in(word: &str, alphabet: Alphabet) -> Option<String> {
    let letter = |letter: char| match Alphabet::of_character(letter) {
        Alphabet::None => Some(letter),
        found if found == alphabet => Some(letter),
        _ => PAIRS.into_iter().find_map(|(latin, cyrillic)| match alphabet {
            Alphabet::Latin => (letter == cyrillic).then_some(latin),
            _ => (letter == latin).then_some(cyrillic),
        }),
    };
    word.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn letters_of_the_other_alphabet_are_mended() {
        assert_eq!(mend("Мoсква").as_deref(), Some("Москва"), "a Latin o");
        assert_eq!(mend("cтoлицa").as_deref(), Some("столица"), "Latin c, o and a");
        assert_eq!(mend("МОСКBА").as_deref(), Some("МОСКВА"), "a Latin B");
        assert_eq!(mend("serviсe").as_deref(), Some("service"), "a Cyrillic с");
    }

    #[test]
    fn signs_of_digits_and_letters_are_latin() {
        for (cyrillic, latin) in [("77а", "77a"), ("А4", "A4"), ("СО2", "CO2"), ("Т34", "T34"), ("2х2", "2x2")] {
            assert_eq!(mend(cyrillic).as_deref(), Some(latin));
            assert_eq!(mend(latin), None);
        }
        assert_eq!(mend("5г"), None, "г has no like");
    }

    #[test]
    fn words_that_are_as_they_should_be_stay() {
        for word in ["Москва", "service", "сор", "cop", "1992", "Wi-Fi", "iPhoneов", "ГОСТR"] {
            assert_eq!(mend(word), None, "{word}");
        }
    }
}
