//! What was typed → the ways to read it.

use super::{Suggester, SuggestionRoute};
use crate::{
    index::IndexError,
    language::{Alphabet, Profile, profiles},
    query::{
        Clause, Expression, Matching, Occurrence, Query, Unfinished, parse,
        repair::{Asked, Kind, repaired, repairs},
    },
    search::names::near_names,
    text::{char_count, words},
};

/// The fewest characters that are read as typed on the other layout.
const MIN_RETYPED: usize = 2;

/// A query whose last word is to be completed, in one way to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    /// What stands before the word.
    pub before: String,
    /// What there is of the word.
    pub typed: String,
    /// Whether it has not to stand beside the words before it.
    pub is_alternative: bool,
    /// How it is read.
    pub route: SuggestionRoute,
}

/// The last word as it was typed; `None` where it ends with a sign.
pub(super) fn as_typed(last: &Unfinished<'_>) -> Option<Beginning> {
    let word = words(last.typed).last().filter(|word| word.span.end == last.typed.len())?;
    Some(Beginning {
        before: format!("{}{}", last.before, &last.typed[..word.span.start]),
        typed: word.text.to_owned(),
        is_alternative: last.is_alternative,
        route: SuggestionRoute::Typed,
    })
}

/// Words that are joined by a sign, as one; `None` where the last word stands alone.
pub(super) fn as_compound(last: &Unfinished<'_>) -> Option<Beginning> {
    let is_compound = last.typed.starts_with(char::is_alphanumeric) && words(last.typed).nth(1).is_some();
    let typed = as_typed(last).filter(|_| is_compound)?;
    Some(Beginning { before: last.before.to_owned(), typed: last.typed.to_owned(), ..typed })
}

/// The last word as the same keys give it on the other layout, and what stands before it; `None` where that is no word, or
/// one whose letters are less likely so.
fn on_other_layout(last: &Unfinished<'_>) -> Option<(String, String)> {
    let start = last.typed.rfind('-').map_or(0, |at| at + 1);
    let keys = &last.typed[start..];
    let source = Profile::of_alphabet(Alphabet::of(keys))?;
    let language = profiles().into_iter().find(|profile| profile.label != source.label)?;
    let meant = language.keyboard.retype(keys, &source.keyboard);
    if char_count(&meant) < MIN_RETYPED || !meant.chars().all(char::is_alphabetic) {
        return None;
    }
    let likelihood = |text: &str, language: &Profile| {
        let mut letters = text.to_lowercase();
        language.fold(&mut letters);
        language.likelihood(&letters)
    };
    let is_likelier = likelihood(&meant, language) > likelihood(keys, source);
    is_likelier.then(|| (format!("{}{}", last.before, &last.typed[..start]), meant))
}

impl Suggester<'_> {
    /// The ways to read what was typed on the other layout: the last word alone, the words before it, and both.
    pub(super) fn retyped(&mut self, last: &Unfinished<'_>) -> Vec<Beginning> {
        let retyped = on_other_layout(last);
        let route = SuggestionRoute::Layout;
        let is_alternative = last.is_alternative;
        let mut ways = Vec::new();
        if let Some((before, typed)) = &retyped {
            ways.push(Beginning { before: before.clone(), typed: typed.clone(), is_alternative, route });
        }
        let found = if last.before.trim().is_empty() {
            Vec::new()
        } else {
            let asked = Asked { text: last.before, is_typing: false, names: Vec::new() };
            let mut found = repairs(&asked, &mut self.analyzer, self.index);
            found.retain(|repair| repair.kind == Kind::Layout);
            found
        };
        if !found.is_empty() {
            let before = |text: &str| repaired(text, &found);
            let typed = as_typed(last).map(|typed| (typed.before, typed.typed));
            for (head, typed) in retyped.into_iter().chain(typed) {
                ways.push(Beginning { before: before(&head), typed, is_alternative, route });
            }
        }
        ways
    }

    /// The query of what stands before the last word: all of its words have to be there. It says nothing where the last
    /// word is an alternative to it, and where it holds function words alone, which stand in most documents.
    pub(super) fn before(&mut self, text: &str, is_alternative: bool) -> Result<Query, IndexError> {
        let query = parse(text, &mut self.analyzer).query.with_matching(Matching::All).condensed();
        let is_idle = |clause: &Clause| {
            clause.occurrence == Occurrence::Should
                && matches!(&clause.expression, Expression::Word(word) if word.reading.is_stop_word)
        };
        if is_alternative || query.clauses.iter().all(is_idle) {
            return Ok(Query::default());
        }
        query.with_names(&mut |word| {
            if self.names_before == 0 {
                return Ok(Vec::new());
            }
            self.names_before -= 1;
            near_names(&word.reading, self.index, &mut self.analyzer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::unfinished;

    #[test]
    fn what_was_typed_on_the_other_layout_is_read_as_it_was_meant() {
        let meant = |query: &str| on_other_layout(&unfinished(query)?);
        for (typed, before, expected) in [
            ("ghbd", "", "прив"),
            ("rjyatht ,e[", "rjyatht ", "бух"),
            ("ыуфк", "", "sear"),
            ("docker-rjynt", "docker-", "конте"),
            ("[kt,", "", "хлеб"),
        ] {
            assert_eq!(meant(typed), Some((before.to_owned(), expected.to_owned())), "{typed}");
        }
        for typed in ["searc", "визи", "2021", "a", "wi-fi4", "conferen"] {
            assert_eq!(meant(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_last_word_of_a_compound_is_completed() {
        let typed = |query: &str| as_typed(&unfinished(query)?).map(|found| (found.before, found.typed));
        assert_eq!(typed("Docker-конт"), Some(("Docker-".to_owned(), "конт".to_owned())));
        assert_eq!(typed("+виз"), Some(("+".to_owned(), "виз".to_owned())));
        assert_eq!(typed(",e["), None);
        let whole = |query: &str| as_compound(&unfinished(query)?).map(|found| (found.before, found.typed));
        assert_eq!(whole("an e-ma"), Some(("an ".to_owned(), "e-ma".to_owned())));
        assert_eq!((whole("визит"), whole("+визит"), whole("state visit")), (None, None, None));
    }
}
