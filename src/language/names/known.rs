//! Names that no rule of spelling leads from one alphabet to the other.

use std::{collections::HashMap, sync::LazyLock};

use crate::language::{Alphabet, Profile};

/// Term of a name → the names of the same thing in the other alphabet.
static KNOWN: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut known: HashMap<String, Vec<&'static str>> = HashMap::new();
    let lines = include_str!("known.txt").lines().filter(|line| !line.starts_with('#'));
    for (latin, cyrillic) in lines.filter_map(|line| line.split_once('=')) {
        for (names, others) in [(latin, cyrillic), (cyrillic, latin)] {
            for term in names.split_whitespace().flat_map(terms) {
                known.entry(term).or_default().extend(others.split_whitespace());
            }
        }
    }
    known
});

/// The names in the other alphabet of what a term means, in normal form.
#[must_use]
pub fn known_names(term: &str) -> &'static [&'static str] {
    KNOWN.get(term).map_or(&[], Vec::as_slice)
}

/// The terms of a name.
fn terms(name: &str) -> Vec<String> {
    let Some(profile) = Profile::of_alphabet(Alphabet::of(name)) else { return Vec::new() };
    let mut name = name.to_owned();
    profile.fold(&mut name);
    profile.lemma_terms(&name).unwrap_or_else(|| vec![profile.stem(&name)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_both_directions_and_in_any_case() {
        let known =
            |name: &str| -> Vec<&str> { terms(name).iter().flat_map(|term| known_names(term)).copied().collect() };
        assert_eq!(known("москвой"), ["moscow"]);
        assert_eq!(known("moscow"), ["москва"]);
        assert!(known("google").contains(&"гугл") && known("гуглом").contains(&"google"));
        assert!(known("мост").is_empty() && known("most").is_empty());
    }

    #[test]
    fn the_table_is_well_formed() {
        for line in include_str!("known.txt").lines().filter(|line| !line.starts_with('#')) {
            let (latin, cyrillic) = line.split_once('=').expect("two sides");
            for (names, alphabet) in [(latin, Alphabet::Latin), (cyrillic, Alphabet::Cyrillic)] {
                assert!(names.split_whitespace().next().is_some(), "{line}");
                assert!(names.split_whitespace().all(|name| Alphabet::of(name) == alphabet), "{line}");
                assert_eq!(names, names.to_lowercase(), "{line}");
            }
        }
    }
}
