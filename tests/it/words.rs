//! Which words find each other, in both languages, by the lists in `data/words/`.
//!
//! 1. Pairs that a reader calls one word share a term.
//! 2. False friends share none.

use oba::analysis::Analyzer;

/// The pairs of a list that do not do as they should.
fn wrong(list: &str, should_meet: bool) -> Vec<&str> {
    let mut analyzer = Analyzer::default();
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter(|line| {
            let mut forms = line.split('\t').map(|form| analyzer.reading(form));
            let (Some(a), Some(b)) = (forms.next(), forms.next()) else { return true };
            a.terms.iter().any(|term| b.terms.contains(term)) != should_meet
        })
        .collect()
}

fn count(list: &str) -> usize {
    list.lines().filter(|line| !line.starts_with('#')).count()
}

macro_rules! lists {
    ($($name:ident: $file:literal, $should_meet:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let list = include_str!(concat!("data/words/", $file));
                assert!(count(list) >= 150, "{}", count(list));
                assert_eq!(wrong(list, $should_meet), [""; 0]);
            }
        )*
    };
}

lists! {
    russian_words_that_must_find_each_other: "ru_must_find.tsv", true;
    russian_words_that_must_not: "ru_must_not_find.tsv", false;
    english_words_that_must_find_each_other: "en_must_find.tsv", true;
    english_words_that_must_not: "en_must_not_find.tsv", false;
}
