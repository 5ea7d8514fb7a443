//! What was typed → whole titles that hold its words, the last one as the beginning of one.

use std::sync::Arc;

use super::{Beginning, Suggester, Suggestion, SuggestionKind, SuggestionRoute, words::Completion};
use crate::{
    analysis::{Reading, Route, Token},
    index::{Find, IndexError, Ranking},
    query::Query,
    snippet::Fragment,
    text::{ShortText, Span, char_count, head},
};

/// The most titles that are looked at; each is read from the disk.
const MAX_TITLES: usize = 16;

/// The most words that the last one may be the beginning of.
const MAX_WORDS: usize = 12;

/// The least rarity that a word is weighed by.
const MIN_RARITY: f32 = 0.5;

/// What titles have to hold.
struct Asked {
    /// The words before the last.
    words: Vec<Arc<Reading>>,
    /// What the last word begins with, if there is one that may go on.
    beginning: Option<ShortText>,
    /// The last word in the other alphabet.
    names: Vec<ShortText>,
}

impl Suggester<'_> {
    /// Titles that hold the words of a query and one that completes its last word, the best first: those that begin as
    /// the query does, and short ones.
    pub(super) fn titles(
        &mut self,
        before: &Query,
        last: Option<(&Beginning, &[Completion])>,
        route: SuggestionRoute,
    ) -> Result<Vec<Suggestion>, IndexError> {
        let mut query = before.clone().in_titles();
        let mut asked = Asked {
            words: before.words().map(|word| Arc::clone(&word.reading)).collect(),
            beginning: None,
            names: Vec::new(),
        };
        if let Some((beginning, completions)) = last {
            // Which of the words is meant nobody knows: rare ones are worth no more than others.
            let words = completions.iter().take(MAX_WORDS).map(|completion| {
                let rarity = completion.reading.terms.first().map_or(0.0, |term| self.index.rarity(term));
                (Arc::clone(&completion.reading), 1.0 / rarity.max(MIN_RARITY))
            });
            let words = Query::any_of(words);
            if words.is_empty() {
                return Ok(Vec::new());
            }
            query = query.and(words.in_titles());
            if route == SuggestionRoute::Name {
                asked.names = completions.iter().map(|completion| completion.reading.form.clone()).collect();
            } else {
                asked.beginning = Some(self.analyzer.reading(&beginning.typed).form.clone());
            }
        }
        let find = Find { limit: MAX_TITLES, language: self.language, ranking: Ranking::Plain, ..Find::default() };
        let mut titles = Vec::new();
        for found in self.index.find(&query, find)?.matches {
            let record = self.index.load(found)?.0;
            if let Some((is_first, suggestion)) = self.title(&record.title, &asked, route) {
                titles.push((is_first, Suggestion { id: Some(record.id), ..suggestion }));
            }
        }
        // Otherwise they stay in the order in which they were found.
        titles.sort_by_key(|(is_first, _)| !is_first);
        let mut kept: Vec<Suggestion> = Vec::new();
        super::add(&mut kept, titles.into_iter().map(|(_, title)| title));
        Ok(kept)
    }

    /// A title with what was typed of it, and whether it begins with that; `None` where it does not hold the last word.
    fn title(&mut self, title: &str, asked: &Asked, route: SuggestionRoute) -> Option<(bool, Suggestion)> {
        let mut marks = Vec::new();
        let mut has_last = asked.beginning.is_none() && asked.names.is_empty();
        for Token { word, reading, is_compound, .. } in self.analyzer.tokens(title) {
            let is_after = marks.last().is_none_or(|(span, _): &(Span, Route)| span.end <= word.span.start);
            if is_compound || !is_after {
                continue;
            }
            let answered = asked.words.iter().find_map(|asked| reading.answers(asked));
            let begun = asked.beginning.as_deref().filter(|beginning| reading.form.starts_with(beginning));
            if let Some(beginning) = begun {
                has_last = true;
                let typed = head(word.text, char_count(beginning)).len();
                marks.push((Span::new(word.span.start, word.span.start + typed), Route::Prefix));
            } else if asked.names.contains(&reading.form) {
                has_last = true;
                marks.push((word.span, Route::Name));
            } else if let Some(route) = answered {
                marks.push((word.span, route));
            }
        }
        let is_first = marks.first().is_some_and(|(span, _)| title[..span.start].trim().is_empty());
        has_last.then(|| {
            (is_first, Suggestion::new(Fragment::marked(title.to_owned(), marks), SuggestionKind::Title, route))
        })
    }
}
