//! Text + the places of the words that a query matched → the passages to show, in parts.
//!
//! Where the words stand, the index knows by their numbers; so the best windows are chosen without the text, and only the
//! text around them is read. Then a window grows to sentences, and each word to mark is analysed once more, to be sure that
//! it answers the query and to tell by what route.
//!
//! ```
//! use oba::snippet::{Limits, Pattern, Plain, Tags, find_places, snippet};
//! let mut analyzer = oba::analysis::Analyzer::default();
//! let query = oba::query::parse("visit tashkent", &mut analyzer).query;
//! let pattern = Pattern::new(&query, |_term| 1.0);
//! let text = "It rained. The visit to Tashkent began. It went on.";
//! let places = find_places(text, &pattern, &mut analyzer);
//! let Ok(snippet) = snippet(&mut Plain::new(text), &places, &pattern, &mut analyzer, Limits::default());
//! assert_eq!(
//!     snippet.to_html(&Tags::default()),
//!     "It rained. The <mark>visit</mark> to <mark>Tashkent</mark> began. It went on."
//! );
//! ```

mod fragment;
mod marks;
mod passage;
mod pattern;
mod places;
mod run;
mod selection;
mod source;
#[cfg(test)]
mod tests;
mod windows;

pub use fragment::{Fragment, Part, Snippet, Tags};
pub use pattern::Pattern;
pub use places::{Place, find_places};
pub use source::{Excerpt, Plain, Source};

use crate::analysis::Analyzer;
use marks::marks_of;
use selection::Selection;

/// How much of a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// The most fragments.
    pub fragments: usize,
    /// The most characters of a fragment, ellipses not counted; a single word that is longer is shown whole.
    pub fragment_chars: usize,
}

impl Default for Limits {
    /// Three fragments of 200 characters: what fits under a title on a page of results.
    fn default() -> Self {
        Self { fragments: 3, fragment_chars: 200 }
    }
}

/// The passages of a text that best show how it answers the query: together they hold as many of its words as can be, rare
/// words before frequent ones, and the sentences around them as far as there is room. Where it holds none, the beginning of
/// the text.
///
/// `places` are those of the words of the pattern in the text, in order.
///
/// # Errors
/// Where the source cannot be read.
pub fn snippet<S: Source>(
    source: &mut S,
    places: &[Place],
    pattern: &Pattern,
    analyzer: &mut Analyzer,
    limits: Limits,
) -> Result<Snippet, S::Error> {
    Selection::new(source, places, pattern, analyzer, limits).snippet()
}

/// A short text, such as a title, whole, with its matches marked.
#[must_use]
pub fn mark(text: &str, places: &[Place], pattern: &Pattern, analyzer: &mut Analyzer) -> Fragment {
    let counted = places::counted(places.to_vec(), pattern);
    let marks = marks_of(text, &counted, pattern, analyzer);
    Fragment::of_whole(text, &marks)
}
