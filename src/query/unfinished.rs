//! A query that is being typed → its last word, which may be the beginning of one, and what stands before it.

use super::{
    MAX_QUERY_CHARS, Occurrence,
    lexer::{Kind, Operator, lex, split_boost},
};
use crate::text::head;

/// A query whose last word may be the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished<'t> {
    /// What stands before the word, its sign and spaces included.
    pub before: &'t str,
    /// What was typed of it, which may hold signs: on the layout of another language they may be letters.
    pub typed: &'t str,
    /// Whether it is an alternative to what stands before it (`a OR b`), and has not to stand beside that in a document.
    pub is_alternative: bool,
}

/// The last word of a query, if nothing follows it and it is a plain one: in no quotes, behind no name of a field, neither
/// excluded nor asked for as typed. A query that is too long to be read has none.
///
/// ```
/// use oba::query::unfinished;
/// let last = |query| unfinished(query).map(|found| (found.before, found.typed));
/// assert_eq!(last("визит в Таш"), Some(("визит в ", "Таш")));
/// assert_eq!(last("\"state visit\" +Tash"), Some(("\"state visit\" +", "Tash")));
/// assert_eq!(last("\"state vis"), None);
/// ```
#[must_use]
pub fn unfinished(query: &str) -> Option<Unfinished<'_>> {
    if head(query, MAX_QUERY_CHARS).len() < query.len() {
        return None;
    }
    let mut lexemes = lex(query, &mut Vec::new());
    let last = lexemes.pop()?;
    let Kind::Word { raw, is_exact: false, is_prefix: false, .. } = last.kind else { return None };
    let is_plain = last.field.is_none() && last.sign != Some(Occurrence::MustNot) && query.ends_with(raw);
    if !is_plain || raw.contains('*') || split_boost(raw).is_some() {
        return None;
    }
    let operator = match lexemes.last().map(|lexeme| lexeme.kind) {
        Some(Kind::Operator(operator, _)) => Some(operator),
        _ => None,
    };
    if operator == Some(Operator::Not) && lexemes.len() > 1 {
        return None;
    }
    let is_alternative = operator == Some(Operator::Or);
    Some(Unfinished { before: &query[..query.len() - raw.len()], typed: raw, is_alternative })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::unfinished;
    use crate::query::MAX_QUERY_CHARS;

    proptest! {
        #[test]
        fn what_stands_before_and_the_word_are_the_query(query in "[а-яa-zИЛНЕAND\"«»()+!*^~|:;,.ё0-9 -]{0,40}|\\PC{0,40}") {
            if let Some(found) = unfinished(&query) {
                prop_assert_eq!(format!("{}{}", found.before, found.typed), query.as_str());
                prop_assert!(!found.typed.is_empty() && !found.typed.contains(char::is_whitespace));
            }
        }
    }

    #[test]
    fn the_longest_query_is_read_in_both_alphabets() {
        for letter in ["x", "ж"] {
            assert!(unfinished(&letter.repeat(MAX_QUERY_CHARS)).is_some());
            assert!(unfinished(&letter.repeat(MAX_QUERY_CHARS + 1)).is_none());
        }
    }

    #[test]
    fn only_a_plain_word_at_the_end_goes_on() {
        for (query, before, typed) in [
            ("Таш", "", "Таш"),
            ("визит AND (Таш", "визит AND (", "Таш"),
            ("visit И Tash", "visit И ", "Tash"),
            ("language:ru +виз", "language:ru +", "виз"),
            ("rjyatht ,e[ufk", "rjyatht ", ",e[ufk"),
            ("Docker-конт", "", "Docker-конт"),
        ] {
            let found = unfinished(query).map(|found| (found.before, found.typed));
            assert_eq!(found, Some((before, typed)), "{query}");
        }
        for query in [
            "",
            "визит ",
            "visit ",
            "\"железная дор",
            "\"state visit\"",
            "title:виз",
            "дата:2021",
            "-погод",
            "!мин",
            "мин*",
            "виз^2",
            "visit NOT weath",
            "(визит)",
            "(visit) ",
        ] {
            assert_eq!(unfinished(query), None, "{query}");
        }
    }

    #[test]
    fn an_alternative_need_not_stand_beside_the_others() {
        assert!(unfinished("визит OR встр").is_some_and(|found| found.is_alternative));
        assert!(unfinished("visit AND meet").is_some_and(|found| !found.is_alternative));
        assert!(unfinished("ИЛИ").is_none_or(|found| !found.is_alternative));
    }
}
