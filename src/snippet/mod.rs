//! Text + the words that a query matched → the passages to show, in parts.
//!
//! ```
//! use oba::snippet::{Limits, Pattern, snippet};
//! let mut analyzer = oba::analysis::Analyzer::default();
//! let query = oba::query::parse("visit tashkent", &mut analyzer).query;
//! let pattern = Pattern::new(&query, |_term| 1.0);
//! let text = "It rained. The visit to Tashkent began. It went on.";
//! let snippet = snippet(text, &pattern, &mut analyzer, Limits::default());
//! assert_eq!(snippet.to_html(), "It rained. The <mark>visit</mark> to <mark>Tashkent</mark> began. It went on.");
//! ```

mod fragment;
mod matches;
mod pattern;
mod select;
mod sentences;

pub use fragment::{Fragment, Part, Snippet};
pub use pattern::Pattern;

use fragment::fragment;
use matches::find_matches;
use select::select;
use sentences::grow;

use crate::{analysis::Analyzer, text::Span};

/// How much of a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most fragments.
    pub fragments: usize,
    /// The most characters of a fragment, ellipses not counted.
    pub fragment_chars: usize,
}

impl Default for Limits {
    /// Three fragments of 200 characters: what fits under a title on a page of results.
    fn default() -> Self {
        Self { fragments: 3, fragment_chars: 200 }
    }
}

/// The passages of `text` that best show how it answers the query: together they hold as many of its words as can be.
/// Where it holds none, the beginning of the text.
#[must_use]
pub fn snippet(text: &str, pattern: &Pattern, analyzer: &mut Analyzer, limits: Limits) -> Snippet {
    let matches = find_matches(text, pattern, analyzer);
    let mut spans: Vec<Span> = Vec::new();
    for window in select(text, &matches, pattern, limits) {
        // A window may have been shown already by the sentence around an earlier one.
        if !spans.iter().any(|shown| shown.start <= window.start && window.end <= shown.end) {
            spans.push(grow(text, window, &spans, limits.fragment_chars));
        }
    }
    if spans.is_empty() && limits.fragments > 0 {
        spans.push(grow(text, Span::new(0, 0), &[], limits.fragment_chars));
    }
    spans.sort_unstable();
    Snippet { fragments: spans.into_iter().map(|span| fragment(text, span, &matches)).collect() }
}

/// A short text, such as a title, whole, with its matches marked.
#[must_use]
pub fn mark(text: &str, pattern: &Pattern, analyzer: &mut Analyzer) -> Fragment {
    fragment(text, Span::new(0, text.len()), &find_matches(text, pattern, analyzer))
}

#[cfg(test)]
mod tests {
    //! 1. Parts, joined, are the passage; marked parts are whole words that the query matched.
    //! 2. Limits count characters and hold for both alphabets alike.
    //! 3. Passages begin and end at sentences where they can.
    //! 4. Nothing but the mark is markup.

    use proptest::prelude::*;

    use super::*;
    use crate::{query::parse, text::char_count};

    fn shown(text: &str, query: &str, limits: Limits) -> Snippet {
        let mut analyzer = Analyzer::default();
        let query = parse(query, &mut analyzer).query;
        snippet(text, &Pattern::new(&query, |_| 1.0), &mut analyzer, limits)
    }

    fn html(text: &str, query: &str) -> String {
        shown(text, query, Limits::default()).to_html()
    }

    fn long(sentence: &str, middle: &str) -> String {
        format!("{}{middle} {}", sentence.repeat(40), sentence.repeat(40))
    }

    #[test]
    fn every_form_of_a_word_is_marked_whole() {
        assert_eq!(
            html("Министры обороны встретились с министром.", "министр"),
            "<mark>Министры</mark> обороны встретились с <mark>министром</mark>."
        );
        assert_eq!(html("Two conferences in a year", "conference"), "Two <mark>conferences</mark> in a year");
        assert_eq!(html("О Росси\u{301}и", "россия"), "О <mark>Росси\u{301}и</mark>");
        assert_eq!(html("Docker-контейнеры", "контейнер"), "Docker-<mark>контейнеры</mark>");
    }

    #[test]
    fn a_phrase_marks_only_its_own_occurrences() {
        assert_eq!(
            html("Железная дорога. Дорога железная? Железной дорогой", "\"железная дорога\""),
            "<mark>Железная</mark> <mark>дорога</mark>. Дорога железная? <mark>Железной</mark> <mark>дорогой</mark>"
        );
        assert_eq!(
            html("state visit, visit of state", "\"state visit\""),
            "<mark>state</mark> <mark>visit</mark>, visit of state"
        );
    }

    #[test]
    fn a_fragment_is_a_whole_sentence_where_it_fits() {
        let english =
            long("The weather stayed calm all over the country. ", "A state visit to Tashkent began on Friday.");
        let limits = Limits { fragments: 1, fragment_chars: 60 };
        assert_eq!(
            shown(&english, "tashkent", limits).to_html(),
            "… A state visit to <mark>Tashkent</mark> began on Friday. …"
        );
        let russian = long("Погода по всей стране была спокойной. ", "В пятницу начался визит в Ташкент.");
        assert_eq!(shown(&russian, "ташкент", limits).to_html(), "… В пятницу начался визит в <mark>Ташкент</mark>. …");
    }

    #[test]
    fn fragments_cover_as_many_query_words_as_they_can() {
        let filler = "Nothing of note was said on the first day of the long talks. ".repeat(20);
        let text = format!(
            "Cotton was named. Cotton again. {filler}Railways were named. {filler}Cotton and museums were named."
        );
        let found = shown(&text, "cotton museums railways", Limits::default());
        let marked: Vec<_> =
            found.fragments.iter().flat_map(|f| &f.parts).filter(|p| p.marked).map(|p| p.text.to_lowercase()).collect();
        for word in ["cotton", "museums", "railways"] {
            assert!(marked.iter().any(|m| m == word), "{word}: {marked:?}");
        }
    }

    #[test]
    fn the_beginning_is_shown_where_nothing_matched() {
        let text = "Первое предложение. ".repeat(100);
        let found = shown(&text, "хлопок", Limits { fragments: 3, fragment_chars: 50 });
        assert_eq!(found.to_html(), "Первое предложение. Первое предложение. …");
        assert_eq!(shown("", "хлопок", Limits::default()).to_html(), "");
    }

    #[test]
    fn limits_are_equal_in_both_alphabets() {
        for (word, query) in [("слово ", "слово"), ("words ", "words")] {
            let found = shown(&word.repeat(1_000), query, Limits { fragments: 1, fragment_chars: 100 });
            let length = char_count(&found.fragments[0].text());
            assert!((95..=100).contains(&length), "{query}: {length}");
        }
    }

    #[test]
    fn all_but_the_mark_is_escaped() {
        assert_eq!(
            html("<b>Визит & \"visit\"</b>'", "визит"),
            "&lt;b&gt;<mark>Визит</mark> &amp; &quot;visit&quot;&lt;/b&gt;&#39;"
        );
    }

    #[test]
    fn a_long_text_without_spaces_is_cut() {
        for letter in ["ж", "x"] {
            let found = shown(&letter.repeat(100_000), "визит", Limits::default());
            assert_eq!(char_count(&found.fragments[0].text()), 200);
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_true_snippet(
            text in "(визит|visit|в|to|Ташкент|Tashkent|[.!?…]|\n\n|\r\n| |т\\. е\\.|e\\.g\\.|\u{301}|😀|שלום|<b>|&|-){0,120}",
            query in "(визит|visit|\"visit to\"|Ташкент| ){1,4}",
            fragments in 1usize..4,
            fragment_chars in 1usize..80,
        ) {
            let found = shown(&text, &query, Limits { fragments, fragment_chars });
            prop_assert!((1..=fragments).contains(&found.fragments.len()));
            let mut end = 0;
            for fragment in &found.fragments {
                prop_assert_eq!(fragment.text(), fragment.span.of(&text));
                prop_assert!(fragment.span.start >= end, "fragments are in order and do not overlap");
                end = fragment.span.end;
                let widest = fragment.parts.iter().filter(|p| p.marked).map(|p| char_count(&p.text)).max().unwrap_or(0);
                prop_assert!(char_count(&fragment.text()) <= fragment_chars.max(widest));
                for part in fragment.parts.iter().filter(|part| part.marked) {
                    prop_assert!(crate::text::words(&part.text).count() >= 1);
                }
            }
        }
    }
}
