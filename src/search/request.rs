//! What a search is asked with.

use std::ops::RangeInclusive;

use super::{CursorError, RepairMode};
use crate::{
    index::{Facet, Folding, Index, MAX_ORDERS, OffsetUnit, Order, SortBy},
    language::Label,
    query::{Condition, Matching},
    snippet::{Limits, Tags},
    text::char_count,
};

/// The most hits of one answer.
pub const MAX_LIMIT: usize = 100;

/// The farthest hit that can be asked for: offset and limit together.
pub const MAX_WINDOW: usize = 1_000;

const DEFAULT_LIMIT: usize = 20;

/// The most fragments of a snippet.
pub const MAX_FRAGMENTS: usize = 10;

/// The shortest and the longest fragment, in characters.
pub const FRAGMENT_CHARS: RangeInclusive<usize> = 20..=1_000;

/// The longest tag, in characters.
pub const MAX_TAG_CHARS: usize = 100;

/// A search request whose values are in their bounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The query, as it was typed.
    pub(super) q: String,
    /// How many hits to give.
    pub(super) limit: usize,
    /// How many hits to pass over.
    pub(super) offset: usize,
    /// Only documents of this label.
    pub(super) language: Option<Label>,
    /// Only documents that meet this.
    pub(super) condition: Option<Condition>,
    /// In what order hits come; the best first where there is none.
    pub(super) orders: Vec<Order>,
    /// Whose values are counted.
    pub(super) facets: Vec<Facet>,
    /// How many of the words have to match.
    pub(super) matching: Matching,
    /// Whether the last word may be unfinished.
    pub(super) is_typing: bool,
    /// Whether names are found in the other alphabet, too.
    pub(super) with_names: bool,
    /// What is done about words that were probably meant otherwise.
    pub(super) repair: RepairMode,
    /// Whether each hit tells the parts of its score.
    pub(super) is_explained: bool,
    /// Which documents that say the same are one hit.
    pub(super) folding: Folding,
    /// Where a walk through all hits has come to, as it was given.
    pub(super) cursor: Option<String>,
    /// What is shown of each hit.
    pub(super) shown: Shown,
}

/// What is shown of each hit beside what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Shown {
    /// How much of the text; no snippet for 0 fragments.
    pub limits: Limits,
    /// What stands around marked words in HTML.
    pub tags: Tags,
    /// Whether parts say where they stand in the text of the document, and what is counted.
    pub offsets: Option<OffsetUnit>,
}

/// The most facets of one answer.
pub const MAX_FACETS: usize = 10;

/// A value that a request cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// More hits than one answer holds.
    #[error("limit {0} is more than the {MAX_LIMIT} hits of one answer; page with offset")]
    Limit(usize),
    /// Hits farther down than are ranked.
    #[error(
        "offset {offset} and limit {limit} reach beyond the first {MAX_WINDOW} hits; go on with cursor, from cursor=*"
    )]
    Window {
        /// The offset.
        offset: usize,
        /// The limit.
        limit: usize,
    },
    /// More fragments than a snippet has.
    #[error("fragments {0} is more than the {MAX_FRAGMENTS} of one snippet")]
    Fragments(usize),
    /// A fragment that is too short or too long to be read.
    #[error("fragmentSize {0} is out of bounds: {min} to {max} characters", min = FRAGMENT_CHARS.start(), max = FRAGMENT_CHARS.end())]
    FragmentChars(usize),
    /// More keys to sort by than are told apart.
    #[error("sort has {0} keys; at most {MAX_ORDERS} are taken")]
    Orders(usize),
    /// More facets than one answer counts.
    #[error("facets has {0} names; at most {MAX_FACETS} are counted")]
    Facets(usize),
    /// A member of documents that was not declared.
    #[error("{}", not_filterable(.name, .filterable))]
    NotFilterable {
        /// Its name.
        name: String,
        /// Those that were declared.
        filterable: Vec<String>,
    },
    /// A walk in which near duplicates were to be one hit.
    #[error(
        "collapse and cursor exclude each other, for a walk gives each document as it comes; take the first hit of each group"
    )]
    CollapsedWalk,
    /// A cursor that is none of this request.
    #[error("cursor: {0}")]
    Cursor(#[from] CursorError),
    /// A tag that is longer than any tag.
    #[error("a tag has {0} characters; at most {MAX_TAG_CHARS} are taken")]
    Tag(usize),
}

impl Request {
    /// A request; what is `None` has its default (limit 20, offset 0, every language).
    ///
    /// # Errors
    /// Where limit or offset are out of bounds.
    pub fn new(
        q: impl Into<String>,
        limit: Option<usize>,
        offset: Option<usize>,
        language: Option<Label>,
    ) -> Result<Self, RequestError> {
        let (limit, offset) = (limit.unwrap_or(DEFAULT_LIMIT), offset.unwrap_or(0));
        if limit > MAX_LIMIT {
            return Err(RequestError::Limit(limit));
        }
        if offset.saturating_add(limit) > MAX_WINDOW {
            return Err(RequestError::Window { offset, limit });
        }
        Ok(Self {
            q: q.into(),
            limit,
            offset,
            language,
            condition: None,
            orders: Vec::new(),
            facets: Vec::new(),
            matching: Matching::Any,
            is_typing: false,
            with_names: true,
            repair: RepairMode::Auto,
            is_explained: false,
            folding: Folding::Copies,
            cursor: None,
            shown: Shown::default(),
        })
    }

    /// The same request, with other wishes for what is shown of each hit.
    ///
    /// # Errors
    /// Where they are out of bounds.
    pub fn showing(self, shown: Shown) -> Result<Self, RequestError> {
        if shown.limits.fragments > MAX_FRAGMENTS {
            return Err(RequestError::Fragments(shown.limits.fragments));
        }
        if !FRAGMENT_CHARS.contains(&shown.limits.fragment_chars) {
            return Err(RequestError::FragmentChars(shown.limits.fragment_chars));
        }
        let longest = char_count(&shown.tags.pre).max(char_count(&shown.tags.post));
        if longest > MAX_TAG_CHARS {
            return Err(RequestError::Tag(longest));
        }
        Ok(Self { shown, ..self })
    }

    /// The request for documents that meet a condition.
    #[must_use]
    pub fn with_condition(self, condition: Option<Condition>) -> Self {
        Self { condition, ..self }
    }

    /// The request for hits in another order than that of relevance: by the first key, of equal ones by the next.
    ///
    /// # Errors
    /// Where there are too many keys.
    pub fn sorted_by(self, mut orders: Vec<Order>) -> Result<Self, RequestError> {
        if orders.len() > MAX_ORDERS {
            return Err(RequestError::Orders(orders.len()));
        }
        // The best first is the order that there is without any.
        if orders.first().is_some_and(|order| order.by == SortBy::Relevance && order.is_descending) {
            orders.clear();
        }
        Ok(Self { orders, ..self })
    }

    /// The request for hits that tell the parts of their scores.
    #[must_use]
    pub fn explained(self, is_explained: bool) -> Self {
        Self { is_explained, ..self }
    }

    /// The request for a page of a walk through all hits, `*` for the first and the answer's `next_cursor` for each that follows.
    #[must_use]
    pub fn from_cursor(self, cursor: Option<String>) -> Self {
        Self { cursor, ..self }
    }

    /// The request for one hit of each group of near duplicates, or not.
    #[must_use]
    pub fn collapsed(self, is_collapsed: bool) -> Self {
        Self { folding: if is_collapsed { Folding::Groups } else { Folding::Copies }, ..self }
    }

    /// The request for the number of hits with each value of these.
    ///
    /// # Errors
    /// Where there are too many.
    pub fn counting(self, facets: Vec<Facet>) -> Result<Self, RequestError> {
        if facets.len() > MAX_FACETS {
            return Err(RequestError::Facets(facets.len()));
        }
        Ok(Self { facets, ..self })
    }

    /// Refuses what cannot be asked for together, and what an index cannot be asked for: to filter, sort or count by a member
    /// that was not declared.
    pub(super) fn check(&self, index: &Index) -> Result<(), RequestError> {
        if self.folding == Folding::Groups && self.cursor.is_some() {
            return Err(RequestError::CollapsedWalk);
        }
        let filterable = &index.manifest().filterable;
        let of_condition = self.condition.iter().flat_map(Condition::members);
        let of_orders = self.orders.iter().filter_map(|order| match &order.by {
            SortBy::Member(name) => Some(name.as_str()),
            _ => None,
        });
        let of_facets = self.facets.iter().filter_map(|facet| match facet {
            Facet::Member(name) => Some(name.as_str()),
            _ => None,
        });
        let mut members = of_condition.chain(of_orders).chain(of_facets);
        match members.find(|name| !filterable.iter().any(|known| known == name)) {
            Some(name) => Err(RequestError::NotFilterable { name: name.to_owned(), filterable: filterable.clone() }),
            None => Ok(()),
        }
    }

    /// The request with so many words that have to match.
    #[must_use]
    pub fn with_matching(self, matching: Matching) -> Self {
        Self { matching, ..self }
    }

    /// The request as of a person who is still typing: the last word of the query, if nothing follows it, may be the
    /// beginning of one.
    #[must_use]
    pub fn while_typing(self, is_typing: bool) -> Self {
        Self { is_typing, ..self }
    }

    /// The request that finds names in the other alphabet, too, or not; a new one does.
    #[must_use]
    pub fn with_names(self, with_names: bool) -> Self {
        Self { with_names, ..self }
    }

    /// The request with what is to be done about words that were probably meant otherwise.
    #[must_use]
    pub fn with_repair(self, repair: RepairMode) -> Self {
        Self { repair, ..self }
    }

    /// The query, as it was typed.
    #[must_use]
    pub fn q(&self) -> &str {
        &self.q
    }

    /// What is done about words that were probably meant otherwise.
    #[must_use]
    pub fn repair(&self) -> RepairMode {
        self.repair
    }

    /// The label that the answer is limited to.
    #[must_use]
    pub fn language(&self) -> Option<Label> {
        self.language
    }
}

/// What to do about a member that was not declared.
fn not_filterable(name: &str, filterable: &[String]) -> String {
    let known: Vec<&str> =
        ["id", "language", "date", "year", "source"].into_iter().chain(filterable.iter().map(String::as_str)).collect();
    format!(
        "{name:?} was not declared filterable; known are {}; declare others when indexing: oba index --filterable NAMES",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_bounds_are_refused() {
        assert!(Request::new("визит", Some(MAX_LIMIT), Some(MAX_WINDOW - MAX_LIMIT), None).is_ok());
        assert_eq!(Request::new("визит", Some(101), None, None), Err(RequestError::Limit(101)));
        let too_far = Request::new("visit", Some(20), Some(981), None);
        assert_eq!(too_far, Err(RequestError::Window { offset: 981, limit: 20 }));
        assert!(Request::new("visit", None, Some(usize::MAX), None).is_err());
    }
}
