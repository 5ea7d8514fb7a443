//! The beginning of a word → the words that complete it, where they stand together with the words before it.

use std::sync::Arc;

use super::{Beginning, Suggester, Suggestion, SuggestionKind, SuggestionRoute};
use crate::{
    analysis::{Reading, Route},
    index::IndexError,
    language::{Alphabet, Profile},
    query::Query,
    snippet::Fragment,
    text::{Span, char_count, head},
};

/// The most words that are counted among the documents with the words before them.
const MAX_COUNTED: usize = 24;

/// A word that completes what was typed.
pub(super) struct Completion {
    /// The word, as its forms in other cases and numbers are read too.
    pub reading: Arc<Reading>,
    /// How many documents hold it together with the words before it, in any form.
    pub hits: u64,
    /// How it is shown.
    shown: String,
    /// How many characters of that were typed.
    typed_chars: usize,
}

impl Suggester<'_> {
    /// The words that complete what was typed, those first that stand with the words before it in the most documents; of
    /// names in the other alphabet the nearest first.
    pub(super) fn words(&mut self, beginning: &Beginning, before: &Query) -> Result<Vec<Completion>, IndexError> {
        // Of words that are joined by a sign (e-ma) the first token is the whole.
        let typed = self.analyzer.tokens(&beginning.typed).next().map(|token| token.reading);
        let Some(typed) = typed else { return Ok(Vec::new()) };
        let forms = match beginning.route {
            SuggestionRoute::Name => self.index.names_that_begin(&typed)?,
            _ => self.index.words_that_begin(&typed.form)?.iter().map(|(form, _)| form.to_string()).collect(),
        };
        if forms.is_empty() {
            return Ok(Vec::new());
        }
        let is_all = before.clauses.is_empty() && self.language.is_none();
        let among = if is_all { None } else { Some(self.index.together(before, self.language)?) };
        if among.as_ref().is_some_and(crate::index::Together::is_empty) {
            return Ok(Vec::new());
        }
        let mut completions = Vec::new();
        for reading in self.apart(forms, &typed.form) {
            let hits = self.index.count(&reading.terms, among.as_ref())?;
            completions.push((reading, hits));
        }
        // Names come the nearest first, and a name that is spelled otherwise may be more frequent.
        if beginning.route != SuggestionRoute::Name {
            completions.sort_by_key(|(_, hits)| std::cmp::Reverse(*hits));
        }
        let show = |(reading, hits): (Arc<Reading>, u64)| {
            let is_name = beginning.route == SuggestionRoute::Name || self.index.is_name(&reading.form)?;
            let shown = shown(&beginning.typed, &typed.form, &reading.form, is_name);
            // The beginning of a name in another alphabet was not typed.
            let is_typed = beginning.route != SuggestionRoute::Name;
            let is_shown = shown.to_lowercase().starts_with(&beginning.typed.to_lowercase());
            let typed_chars = match (is_typed, is_shown) {
                (true, true) => char_count(&beginning.typed),
                (true, false) => char_count(&typed.form),
                (false, _) => 0,
            };
            Ok(Completion { reading, hits, shown, typed_chars })
        };
        completions.into_iter().map(show).collect()
    }

    /// The words of some forms, the most frequent form of each, or the one that was typed: of «мир» and «миром» one finds what
    /// the other does. Function words complete nothing.
    fn apart(&mut self, forms: Vec<String>, typed: &str) -> Vec<Arc<Reading>> {
        let mut apart: Vec<Arc<Reading>> = Vec::new();
        for form in forms {
            let reading = self.analyzer.reading(&form);
            let is_same = |known: &Arc<Reading>| known.terms.iter().any(|term| reading.terms.contains(term));
            match apart.iter().position(is_same) {
                Some(known) if form == typed => apart[known] = reading,
                Some(_) => {}
                None if reading.is_stop_word || apart.len() == MAX_COUNTED => {}
                None => apart.push(reading),
            }
        }
        apart
    }
}

impl Completion {
    /// The query with its last word completed by this one.
    pub(super) fn suggestion(&self, beginning: &Beginning) -> Suggestion {
        let Beginning { before, route, .. } = beginning;
        let text = format!("{before}{}", self.shown);
        let typed = head(&self.shown, self.typed_chars);
        let mark = (Span::new(before.len(), before.len() + typed.len()), Route::Prefix);
        let suggestion = Suggestion::new(Fragment::marked(text, vec![mark]), SuggestionKind::Word, *route);
        Suggestion { hits: Some(self.hits), ..suggestion }
    }
}

/// A form as it is shown to the person who typed its beginning: with the letters that were typed, capital as they were, and
/// names with a capital letter.
fn shown(typed: &str, typed_form: &str, form: &str, is_name: bool) -> String {
    let rest = form.strip_prefix(typed_form).filter(|_| is_spelled(typed, typed_form));
    let Some(rest) = rest else { return if is_name { capitalised(form) } else { form.to_owned() } };
    let is_upper = char_count(typed) > 1 && typed.chars().all(char::is_uppercase);
    match (is_upper, is_name) {
        (true, _) => format!("{typed}{}", rest.to_uppercase()),
        (false, true) => capitalised(&format!("{typed}{rest}")),
        (false, false) => format!("{typed}{rest}"),
    }
}

/// Whether a word is its form but for capital letters, folded ones and the signs that join it, letter by letter.
fn is_spelled(word: &str, form: &str) -> bool {
    let folds = Profile::of_alphabet(Alphabet::of(word)).map_or(&[][..], |profile| profile.folds);
    let lower = word.to_lowercase().replace(|c: char| c.is_ascii_punctuation() && c != '\'', "");
    let is_same = |(a, b): (char, char)| a == b || folds.contains(&(a, b));
    char_count(&lower) == char_count(form) && lower.chars().zip(form.chars()).all(is_same)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_word_is_shown_as_it_was_begun() {
        for (typed, typed_form, form, is_name, expected) in [
            ("виз", "виз", "визит", false, "визит"),
            ("Vis", "vis", "visit", false, "Visit"),
            ("ВИЗ", "виз", "визит", false, "ВИЗИТ"),
            ("таш", "таш", "ташкент", true, "Ташкент"),
            ("tash", "tash", "tashkent", true, "Tashkent"),
            ("ёлк", "елк", "елка", false, "ёлка"),
            ("росси\u{301}", "росси", "россия", true, "Россия"),
            ("Мoск", "моск", "москва", true, "Москва"),
            ("lavr", "lavr", "лавров", true, "Лавров"),
            ("e-ma", "ema", "email", false, "e-mail"),
            ("Научно-тех", "научнотех", "научнотехнический", false, "Научно-технический"),
        ] {
            assert_eq!(shown(typed, typed_form, form, is_name), expected);
        }
    }
}
