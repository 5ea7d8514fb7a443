//! How unlikely it is that one word was typed for another: edits of letters, the common ones cheaper.

use super::{Keyboard, Profile};

/// What an edit costs that nothing explains, and how much more one at the first letter does: people seldom miss it.
const EDIT: f32 = 1.0;
const FIRST: f32 = 0.3;

/// What it costs to hit the key beside the right one, to type two letters in the wrong order, to double a letter or not to,
/// and to write what is written so elsewhere.
const BESIDE: f32 = 0.8;
const SWAPPED: f32 = 0.7;
const DOUBLED: f32 = 0.5;
const CONFUSED: f32 = 0.4;

impl Profile {
    /// What it costs to have typed one folded form for another. An edit that nothing explains costs 1, common confusions of
    /// the language ([`Profile::confusions`]), doubled letters, swapped ones and neighbours on the keyboard less, and one at
    /// the first letter more.
    #[must_use]
    pub fn mistake(&self, typed: &str, meant: &str) -> f32 {
        let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
        // The cheapest way from the first letters of one word to the first letters of the other, for so many of each.
        let mut costs = vec![vec![f32::INFINITY; meant.len() + 1]; typed.len() + 1];
        costs[0][0] = 0.0;
        for i in 0..=typed.len() {
            for j in 0..=meant.len() {
                let (before, behind) = (&typed[..i], &meant[..j]);
                let mut least = costs[i][j];
                let mut step = |back: (usize, usize), cost: f32| {
                    if i >= back.0 && j >= back.1 {
                        let at_first = if i == back.0 && j <= 1 || j == back.1 && i <= 1 { FIRST } else { 0.0 };
                        let at_first = if cost > 0.0 { at_first } else { 0.0 };
                        least = least.min(costs[i - back.0][j - back.1] + cost + at_first);
                    }
                };
                if let (Some(a), Some(b)) = (before.last(), behind.last()) {
                    let apart = if self.keyboard.is_beside(*a, *b) { BESIDE } else { EDIT };
                    step((1, 1), if a == b { 0.0 } else { apart });
                }
                step((1, 0), if is_double(before) { DOUBLED } else { EDIT });
                step((0, 1), if is_double(behind) { DOUBLED } else { EDIT });
                if let ([.., a, b], [.., c, d]) = (before, behind)
                    && (a, b) == (d, c)
                {
                    step((2, 2), SWAPPED);
                }
                for &(one, other) in self.confusions {
                    for (one, other) in [(one, other), (other, one)] {
                        if ends(before, one) && ends(behind, other) {
                            step((one.chars().count(), other.chars().count()), CONFUSED);
                        }
                    }
                }
                costs[i][j] = least;
            }
        }
        costs[typed.len()][meant.len()]
    }
}

impl Keyboard {
    /// Whether the keys of two letters lie side by side in one row.
    fn is_beside(&self, one: char, other: char) -> bool {
        let mut pairs = self.plain.chars().zip(self.plain.chars().skip(1));
        pairs.any(|pair| pair == (one, other) || pair == (other, one))
    }
}

/// Whether letters end with one that stands twice.
fn is_double(letters: &[char]) -> bool {
    matches!(letters, [.., a, b] if a == b)
}

/// Whether letters end with a text.
fn ends(letters: &[char], end: &str) -> bool {
    let mut back = letters.iter().rev();
    end.chars().rev().all(|c| back.next() == Some(&c))
}

#[cfg(test)]
mod tests {
    use crate::language::profiles;

    #[test]
    fn what_people_confuse_is_cheaper_than_what_nothing_explains() {
        let [english, russian] = profiles();
        for (language, typed, meant, worse) in [
            (russian, "карова", "корова", "курова"),
            (russian, "учится", "учиться", "учипться"),
            (russian, "прогрма", "прорма", "прошма"),
            (russian, "програма", "программа", "програлма"),
            (russian, "здраствуй", "здравствуй", "здратствуй"),
            (russian, "сонце", "солнце", "сокнце"),
            (english, "recieve", "receive", "recfieve"),
            (english, "independance", "independence", "independunce"),
            (english, "comitee", "committee", "comnixtee"),
            (english, "nife", "knife", "znife"),
            (english, "visut", "visit", "visat"),
        ] {
            let (near, far) = (language.mistake(typed, meant), language.mistake(typed, worse));
            assert!(near < far && near > 0.0, "{typed}: {meant} {near}, {worse} {far}");
        }
    }

    #[test]
    fn the_same_word_costs_nothing_and_the_first_letter_more() {
        let [english, russian] = profiles();
        assert!(russian.mistake("визит", "визит").abs() < f32::EPSILON);
        assert!(russian.mistake("кизит", "визит") > russian.mistake("викит", "визит"));
        assert!(english.mistake("pisit", "visit") > english.mistake("vipit", "visit"));
        assert!((english.mistake("visits", "visit") - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn confusions_are_letters_of_the_language() {
        for profile in profiles() {
            assert!(profile.confusions.iter().all(|(one, other)| {
                one != other && format!("{one}{other}").chars().all(|c| profile.letters.contains(c))
            }));
        }
    }
}
