//! A query → the documents that answer it, and what is told of all of them.

use std::collections::HashMap;

use tantivy::{DocAddress, query::Query as EngineQuery};

use super::{
    Index, IndexError,
    best::{best, scores},
    compile::{Compiler, in_language, under_condition},
    duplicates::{Folded, Folding, Keys, fold},
    estimate,
    explain::{self, Part},
    facets::{Counter, Counts, Facet},
    frozen::Frozen,
    order::{Order, Sorted},
    rerank::{self, Words},
    top_hits::{Scored, best_first},
    union::{Wanted, best_of_list},
    walk::{self, Page, Place, Walk},
};
use crate::{
    language::Label,
    query::{Condition, Query},
};

/// What to find.
#[derive(Debug, Clone, Copy, Default)]
pub struct Find<'f> {
    /// How many matches to pass over.
    pub offset: usize,
    /// How many matches to give.
    pub limit: usize,
    /// Only among the documents of this label.
    pub language: Option<Label>,
    /// Only among the documents that meet this.
    pub condition: Option<&'f Condition>,
    /// How matches are ranked.
    pub ranking: Ranking,
    /// In what order they come; by their rank where there is none.
    pub orders: &'f [Order],
    /// What of them is counted.
    pub counting: Counting<'f>,
    /// Whether matches that say the same are one. A walk gives each document.
    pub folding: Folding,
    /// Whether each match tells the parts of its score.
    pub is_explained: bool,
    /// Whether this is a page of a walk through all matches; its offset is then 0.
    pub walking: Walking<'f>,
}

/// Whether matches are walked through page by page.
#[derive(Debug, Clone, Copy, Default)]
pub enum Walking<'f> {
    /// They are not.
    #[default]
    No,
    /// This is the first page.
    Start,
    /// This is the page behind that.
    On(&'f Walk),
}

/// What is counted of all matches.
#[derive(Debug, Clone, Copy, Default)]
pub enum Counting<'f> {
    /// Nothing.
    #[default]
    None,
    /// About how many there are: a small number is exact, and a great one costs no more.
    Estimated,
    /// How many there are.
    Total,
    /// How many there are, and how many with each value of these.
    Facets(&'f [Facet]),
}

/// In what order matches come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ranking {
    /// By BM25 over single words, then the best of them by nearness, headings and form.
    #[default]
    Full,
    /// By BM25 over single words alone: for measuring what the rest is worth, and what it costs.
    Plain,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The matches asked for, best first.
    pub matches: Vec<Match>,
    /// How many documents match, as far as they are counted.
    pub counts: Counts,
    /// The parts of the score of each match, where they were asked for.
    pub explanations: Vec<Vec<Part>>,
    /// Where a walk goes on; `None` where it has come to its end.
    pub next: Option<Walk>,
}

/// A document that was found.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// How well it matches; comparable within one query.
    pub score: f32,
    pub(super) address: DocAddress,
}

impl Match {
    /// Whether another match is the same document.
    #[must_use]
    pub fn is_same(&self, other: Self) -> bool {
        self.address == other.address
    }
}

impl Index {
    /// Finds the documents that answer a query.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn find(&self, query: &Query, find: Find<'_>) -> Result<Found, IndexError> {
        if query.is_empty() {
            return Ok(Found::default());
        }
        self.found(query, find).map_err(IndexError::engine(&self.dir))
    }

    fn found(&self, query: &Query, find: Find<'_>) -> tantivy::Result<Found> {
        let frozen = match find.walking {
            Walking::No => None,
            Walking::Start => Some(Frozen::of(query, self)?),
            Walking::On(walk) => Some(walk.frozen.clone()),
        };
        let compiler = Compiler::new(self, frozen.as_ref());
        let mut asked = compiler.query(query)?;
        if let Some(condition) = find.condition {
            asked = under_condition(asked, condition, &self.fields);
        }
        let counter = |facets| Counter { fields: &self.fields, facets, language: find.language };
        let counts = match find.counting {
            Counting::None | Counting::Estimated => Counts::default(),
            Counting::Total => self.searcher.search(&asked, &counter(&[]))?,
            Counting::Facets(facets) => self.searcher.search(&asked, &counter(facets))?,
        };
        let filtered = match find.language {
            Some(label) => in_language(asked, label, &self.fields),
            None => asked,
        };
        let words = Words::new(self, frozen.as_ref(), query)?;
        let Listed { matches, place, total } = match find.walking {
            _ if find.limit == 0 => Listed::default(),
            _ if !find.orders.is_empty() => self.sorted(&words, &filtered, find)?,
            Walking::No => {
                let is_narrowed = find.language.is_some() || find.condition.is_some();
                let list = if is_narrowed { None } else { compiler.list(query) };
                let list = list.map(|list| words.all_wanted(list)).transpose()?;
                best_of(&words, &filtered, list.as_deref(), &self.keys(find), find)?
            }
            Walking::Start => Listed::page(walk::page(&words, &filtered, None, find.limit)?),
            Walking::On(walk) => Listed::page(walk::page(&words, &filtered, Some(&walk.place), find.limit)?),
        };
        let explanations = if find.is_explained {
            let explain = |&found: &_| explain::explain(query, &compiler, &words, found);
            matches.iter().map(explain).collect::<tantivy::Result<_>>()?
        } else {
            Vec::new()
        };
        let counts = match find.counting {
            Counting::Estimated => {
                let total = match total {
                    Total::Exactly(total) => total,
                    Total::AtLeast(seen) => self.estimate(query, find, &words)?.max(seen),
                };
                Counts { total, ..Counts::default() }
            }
            _ => counts,
        };
        let next = place.and_then(|place| Some(Walk { frozen: frozen.clone()?, place }));
        let matches = matches.into_iter().map(|(score, address)| Match { score, address }).collect();
        Ok(Found { matches, counts, explanations, next })
    }

    /// What matches are folded by; those of a walk are not.
    fn keys(&self, find: Find<'_>) -> Keys<'_> {
        let folding = if matches!(find.walking, Walking::No) { find.folding } else { Folding::None };
        Keys { columns: &self.duplicates, folding }
    }

    /// The engine's form of a query.
    pub(super) fn compiled(&self, query: &Query) -> Result<Box<dyn EngineQuery>, IndexError> {
        Compiler::new(self, None).query(query).map_err(IndexError::engine(&self.dir))
    }

    /// About how many documents match.
    fn estimate(&self, query: &Query, find: Find<'_>, words: &Words) -> tantivy::Result<u64> {
        let is_plain = find.language.is_none() && find.condition.is_none();
        if is_plain && estimate::is_list_of_words(query) {
            estimate::of_words(&self.searcher, words)
        } else {
            estimate::of_query(&self.searcher, &self.unscored(query, find)?)
        }
    }

    /// The engine's form of a query among the documents that are asked for, without scores.
    pub(super) fn unscored(&self, query: &Query, find: Find<'_>) -> tantivy::Result<Box<dyn EngineQuery>> {
        Ok(self.filtered(Compiler::unscored(self).query(query)?, find))
    }

    /// A query among the documents that are asked for.
    fn filtered(&self, query: Box<dyn EngineQuery>, find: Find<'_>) -> Box<dyn EngineQuery> {
        let query = match find.condition {
            Some(condition) => under_condition(query, condition, &self.fields),
            None => query,
        };
        match find.language {
            Some(label) => in_language(query, label, &self.fields),
            None => query,
        }
    }

    /// The first matches in an order of their own, each with the score that it has among the best.
    fn sorted(&self, words: &Words, compiled: &dyn EngineQuery, find: Find<'_>) -> tantivy::Result<Listed> {
        let depth = find.offset + find.limit;
        let after = match find.walking {
            Walking::On(Walk { place: Place::Sorted(key), .. }) => Some(key),
            _ => None,
        };
        let mut total = 0;
        let sorted = |depth| {
            let collector = Sorted { fields: &self.fields, orders: find.orders, depth, after };
            let first = self.searcher.search_with_statistics_provider(compiled, &collector, words)?;
            total = first.total;
            Ok(first.matches)
        };
        let mut first = fold(&self.keys(find), depth, |(_, address)| *address, sorted)?.kept;
        let addresses: Vec<DocAddress> = first.iter().map(|(_, address)| *address).skip(find.offset).collect();
        let mut scored = scores(&self.searcher, words, compiled, &addresses)?;
        if find.ranking == Ranking::Full {
            scored = rerank::rerank_all(words, scored)?;
        }
        let by_address: HashMap<DocAddress, f32> =
            scored.into_iter().map(|(score, address)| (address, score)).collect();
        let score = |address: DocAddress| by_address.get(&address).copied().unwrap_or_default();
        let is_full = first.len() == depth;
        let place = first.pop().filter(|_| is_full).map(|(key, _)| Place::Sorted(key));
        let matches = addresses.into_iter().map(|address| (score(address), address)).collect();
        Ok(Listed { matches, place, total: Total::Exactly(total) })
    }
}

/// The best matches of a query, which may be a plain list of terms.
fn best_of(
    words: &Words,
    compiled: &dyn EngineQuery,
    list: Option<&[Wanted]>,
    keys: &Keys,
    find: Find<'_>,
) -> tantivy::Result<Listed> {
    let mut total = None;
    let mut candidates = |depth| {
        let Some(list) = list else {
            let (found, all) = best(words.searcher, words, compiled, words.fields.headings, depth)?;
            total = all;
            return Ok(found);
        };
        best_of_list(words.searcher, list, depth)
    };
    // Where some of the first are folded more are asked for, which may be among the candidates that are there.
    let mut before: (usize, Scored) = (0, Vec::new());
    let first = |depth: usize| match find.ranking {
        Ranking::Plain => {
            let mut found = candidates(depth)?;
            found.sort_unstable_by(best_first);
            Ok(found)
        }
        Ranking::Full => {
            let among = depth.max(rerank::CANDIDATES);
            if before.0 != among {
                before = (among, candidates(among)?);
            }
            rerank::rerank(words, before.1.clone(), depth)
        }
    };
    let depth = find.offset + find.limit;
    let Folded { kept, seen, is_all } = fold(keys, depth, |(_, address)| *address, first)?;
    let total = match total {
        None if is_all => Total::Exactly(seen),
        None => Total::AtLeast(seen),
        Some(total) => Total::Exactly(total),
    };
    Ok(Listed { matches: kept.into_iter().skip(find.offset).collect(), place: None, total })
}

/// Matches, and what is known of how many there are.
#[derive(Default)]
struct Listed {
    matches: Scored,
    /// Where a walk goes on.
    place: Option<Place>,
    total: Total,
}

/// How many documents match, as far as it is known once the first are; folded ones count, too.
enum Total {
    Exactly(u64),
    AtLeast(u64),
}

impl Default for Total {
    fn default() -> Self {
        Self::AtLeast(0)
    }
}

impl Listed {
    fn page(Page { hits, place, total }: Page) -> Self {
        Self { matches: hits, place, total: Total::Exactly(total) }
    }
}
