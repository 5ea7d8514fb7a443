//! How likely a run of letters is in a language, by the pairs of letters that stand side by side in its frequent words.

use std::collections::HashMap;

use super::neighbours::Frequent;

/// What stands for the edge of a word.
const EDGE: char = ' ';

/// What every pair counts before any word was read, so that no pair is impossible.
const PRIOR: f32 = 0.2;

/// How often pairs of letters stand side by side.
#[derive(Debug)]
pub(super) struct Pairs {
    /// How often the second letter of a pair follows the first.
    seconds: HashMap<(char, char), f32>,
    /// How often a letter is followed by any.
    firsts: HashMap<char, f32>,
    /// How many letters may follow.
    letters: f32,
}

impl Pairs {
    /// The pairs in the words of some lists; lines with a colon are rules and no words, and endings are in them anyway.
    pub(super) fn of(letters: &str, frequent: Frequent, more: &'static str) -> Self {
        let lines = frequent.1.lines().chain(more.lines());
        let lines = lines.filter(|line| !line.starts_with('#') && !line.contains(':'));
        let words = lines.flat_map(str::split_whitespace).filter(|word| word.chars().all(|c| letters.contains(c)));
        let (mut pairs, mut firsts) = (HashMap::new(), HashMap::new());
        for word in words {
            for (first, second) in around(word) {
                *pairs.entry((first, second)).or_default() += 1.0;
                *firsts.entry(first).or_default() += 1.0;
            }
        }
        // Alphabets are far smaller than the 2^24 that an f32 holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let letters = letters.chars().count() as f32 + 1.0;
        Self { seconds: pairs, firsts, letters }
    }

    /// The mean logarithm of the likelihood of each letter of a word in lower case.
    pub(super) fn likelihood(&self, word: &str) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (first, second) in around(word) {
            let pair = self.seconds.get(&(first, second)).copied().unwrap_or_default();
            let all = self.firsts.get(&first).copied().unwrap_or_default();
            sum += ((pair + PRIOR) / (all + PRIOR * self.letters)).ln();
            count += 1.0;
        }
        sum / count
    }
}

/// The pairs of a word, its edges among them.
fn around(word: &str) -> impl Iterator<Item = (char, char)> {
    let firsts = std::iter::once(EDGE).chain(word.chars());
    firsts.zip(word.chars().chain(std::iter::once(EDGE)))
}

#[cfg(test)]
mod tests {
    use crate::language::profiles;

    #[test]
    fn words_are_likelier_than_what_their_keys_give_elsewhere() {
        let [english, russian] = profiles();
        for word in ["бухгалтер", "ташкент", "железная", "министр", "экзамен"] {
            let typed = english.keyboard.retype(word, &russian.keyboard);
            assert!(russian.likelihood(word) > english.likelihood(&typed) + 0.5, "{word} {typed}");
        }
        for word in ["container", "tashkent", "weather", "railway", "kubernetes"] {
            let typed = russian.keyboard.retype(word, &english.keyboard);
            assert!(english.likelihood(word) > russian.likelihood(&typed) + 0.5, "{word} {typed}");
        }
    }
}
