//! The table of spellings, as rules that a comparison takes.

use std::{collections::HashMap, sync::LazyLock};

/// That a piece of a word and a piece of one in the other alphabet are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// The piece of the word.
    pub own: Vec<char>,
    /// The piece of the other word.
    pub other: Vec<char>,
    /// How unusual that is.
    pub cost: u8,
    /// Whether it is so at the end of words only.
    pub is_final: bool,
}

/// The longest piece of a rule, in letters.
pub(super) const MAX_PIECE: usize = 5;

/// Another ending of the same word: Лавров, Лаврова; Москва, Москвы.
const ENDING: u8 = 3;

/// The endings of Russian cases behind the ends of Latin words, which have none.
const ENDINGS: [(&[&str], &str); 5] = [
    (&[""], "а у ом ем е ы и ой ым ых ыми ами ах ам ов я ю ью ями"),
    (&["a", "ah"], "ы у е ой ою и ам ах"),
    (&["ya", "ia", "ja", "iya"], "и ю е ей ии ию ией"),
    (&["y", "i", "iy", "ij", "ii", "yi", "yy"], "ого ому ом им ым ая ой ую ие ые их ых ими его ему ем ия ию ии ию"),
    (&["'s", "s"], ""),
];

/// Rules by the first letter of the piece of the word; those of no piece under `None`.
pub(super) type Rules = HashMap<Option<char>, Vec<Rule>>;

/// The rules for words in Latin letters, and those for words in Russian ones.
pub(super) static LATIN: LazyLock<Rules> = LazyLock::new(|| by_first_letter(all().map(Rule::reversed)));
pub(super) static RUSSIAN: LazyLock<Rules> = LazyLock::new(|| by_first_letter(all()));

/// All rules, for words in Russian letters.
fn all() -> impl Iterator<Item = Rule> {
    sounds(include_str!("sounds.txt")).chain(endings())
}

fn by_first_letter(all: impl Iterator<Item = Rule>) -> Rules {
    let mut rules = Rules::new();
    for rule in all {
        rules.entry(rule.own.first().copied()).or_default().push(rule);
    }
    rules
}

impl Rule {
    fn reversed(self) -> Self {
        Self { own: self.other, other: self.own, ..self }
    }
}

fn sounds(table: &'static str) -> impl Iterator<Item = Rule> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| {
        let mut pieces = line.split_whitespace();
        let cyrillic = pieces.next().unwrap_or_default();
        let is_final = cyrillic.ends_with('$');
        pieces.map(move |piece| {
            let (latin, cost) = piece.split_once(':').unwrap_or((piece, "0"));
            rule(cyrillic.trim_end_matches('$'), latin, cost.parse().unwrap_or_default(), is_final)
        })
    })
}

fn endings() -> impl Iterator<Item = Rule> {
    ENDINGS.into_iter().flat_map(|(ends, endings)| {
        let endings: Vec<&str> = if endings.is_empty() { vec![""] } else { endings.split(' ').collect() };
        endings.into_iter().flat_map(move |ending| ends.iter().map(move |end| rule(ending, end, ENDING, true)))
    })
}

fn rule(cyrillic: &str, latin: &str, cost: u8, is_final: bool) -> Rule {
    Rule { own: cyrillic.chars().collect(), other: latin.chars().collect(), cost, is_final }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Alphabet;

    #[test]
    fn every_line_of_the_table_is_rules() {
        for rule in sounds(include_str!("sounds.txt")) {
            assert!(
                (1..=MAX_PIECE).contains(&rule.own.len()) && (1..=MAX_PIECE).contains(&rule.other.len()),
                "{rule:?}"
            );
            assert!(rule.own.iter().all(|&letter| Alphabet::of_character(letter) == Alphabet::Cyrillic), "{rule:?}");
            let is_latin = |&letter: &char| Alphabet::of_character(letter) == Alphabet::Latin || letter == '\'';
            assert!(rule.other.iter().all(is_latin) && rule.cost <= 6, "{rule:?}");
        }
        assert!(all().count() > 600);
    }
}
