//! What holds for every query.
//!
//! 1. No string fails; what is printed of a query is the same query, and is printed the same.
//! 2. Limits hold: depth, words.
//! 3. What is condensed stays within what was typed.

use proptest::prelude::*;

use super::{Expression, MAX_DEPTH, MAX_QUERY_CHARS, MAX_QUERY_WORDS, Query, parse, parse_unfinished};
use crate::{analysis::Analyzer, text::char_count};

/// How many words and filters a tree holds.
fn size(query: &Query) -> usize {
    let sizes = query.clauses.iter().map(|clause| match &clause.expression {
        Expression::Compound(compound) => compound.words.len(),
        Expression::Phrase(phrase) => phrase.words.len(),
        Expression::Group(group) => size(group),
        Expression::Word(_) | Expression::Prefix(_) | Expression::Filter(_) => 1,
    });
    sizes.sum()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let mut analyzer = Analyzer::default();
    let parsed = parse(text, &mut analyzer);
    prop_assert!(parsed.query.depth() <= MAX_DEPTH);
    prop_assert!(size(&parsed.query) <= MAX_QUERY_WORDS);
    let printed = parsed.query.to_string();
    // Names of fields are printed in full, so a query at the limit may grow beyond it.
    if char_count(&printed) <= MAX_QUERY_CHARS {
        let again = parse(&printed, &mut analyzer).query;
        prop_assert_eq!(&again, &parsed.query, "{} → {}", text, &printed);
        prop_assert_eq!(again.to_string(), printed);
    }
    let words = parsed.query.words().count();
    prop_assert!(parsed.query.condensed().words().count() <= words);
    prop_assert!(parse_unfinished(text, &mut analyzer).query.depth() <= MAX_DEPTH + 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_string_is_a_question(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn signs_of_the_language_may_stand_anywhere(
        text in "([-+!(){}\"«»“„”^~*:.,|/2А]|[a-zа-яё]{1,3}|AND|ИЛИ|НЕ|title:|язык:ru|date:|2021|\\.\\.|\\^0,5|~3| |\u{301}){0,60}",
    ) {
        check(&text)?;
    }

    #[test]
    fn queries_as_people_write_them_are_themselves_again(
        text in "((\\(|\\)|-|\\+|NOT |НЕ )?(визит|visits|e-mail|и|\"state visit\"~2|!министром|мини\\*|title:визит|US|language:(ru en)|source:\"Газета.Ru\"|date:2021\\.\\.)(\\^2|\\)|\\)\\^3)?( | AND | И | OR | \\| | \\()){0,24}",
    ) {
        check(&text)?;
    }

    #[test]
    fn brackets_may_be_as_deep_as_they_like(
        text in "(\\({0,5}[a-zж]( AND | OR | | NOT |\\^2 )[a-zж]\\){0,3}(\\^2)? ?){0,20}",
    ) {
        check(&text)?;
    }
}

#[test]
fn what_was_once_another_query_is_itself_again() {
    for text in [
        // Cut at the limit of words, it ended in a weight.
        &format!("{}ru^0,5/3", "a/".repeat(29)),
        // An exclusion among alternatives, one level too deep.
        "a OR b AND (c (d OR (e (NOT f OR g) AND h) AND i (source:x source:x)",
        // An operator that is asked for as typed.
        "!И (!AND визит)",
        // Weights of numbers, which are no powers.
        "\"2\"^2 (!2)^3 (1.5)^2",
    ] {
        check(text).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_thousand_brackets_or_negations_are_read() {
    for text in ["(".repeat(1_000), "NOT ".repeat(250), "НЕ (".repeat(250), "-(+(".repeat(250), "a(b".repeat(333)] {
        check(&text).unwrap_or_else(|error| panic!("{error}"));
    }
}
