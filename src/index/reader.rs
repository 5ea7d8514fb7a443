//! An index on disk, as a reader sees it: one published state, whole.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::{Path, PathBuf},
};

use tantivy::{
    DocAddress, DocSet, IndexReader, ReloadPolicy, Searcher, TERMINATED, Term,
    query::{AllQuery, Query as EngineQuery},
    schema::IndexRecordOption,
    store::StoreReader,
};

use super::{
    IndexError, Manifest, Places, Record, StoredText,
    best::{Scored, best, scores},
    compile::{Compiler, in_language, under_condition},
    explain::{self, Part},
    facets::{Counter, Counts, Facet},
    frozen::Frozen,
    names,
    order::{Order, Sorted},
    places, prefix,
    rerank::{self, Words},
    schema::{self, Fields},
    stored::Stored,
    tokenizer,
    totals::Totals,
    walk::{self, Place, Walk},
};
use crate::{
    analysis::{Reading, Rules},
    language::Label,
    query::{Condition, Query},
    snippet::Pattern,
};

/// How many blocks of stored documents are kept at hand for each segment, of some documents each.
const CACHED_BLOCKS: usize = 32;

/// An index, open for reading.
pub struct Index {
    dir: PathBuf,
    manifest: Manifest,
    searcher: Searcher,
    /// What is stored of the documents of each segment.
    stores: Vec<StoreReader>,
    fields: Fields,
    totals: Totals,
    // Holds the searcher's files open.
    _reader: IndexReader,
}

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

impl Index {
    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// Where there is none, where it was built under other rules, where it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Self::open_data(dir, &Manifest::read(dir)?)
    }

    /// Opens the data that a manifest names, published or not.
    pub(super) fn open_data(dir: &Path, manifest: &Manifest) -> Result<Self, IndexError> {
        let data = dir.join(&manifest.data);
        let mut index = tantivy::Index::open_in_dir(&data).map_err(IndexError::engine(dir))?;
        index.set_tokenizers(tokenizer::manager(manifest.rules()));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into().map_err(IndexError::engine(dir))?;
        let (_, fields) = schema::schema(&manifest.filterable);
        let searcher = reader.searcher();
        let stores = searcher.segment_readers().iter().map(|segment| segment.get_store_reader(CACHED_BLOCKS));
        let stores = stores.collect::<Result<_, _>>().map_err(IndexError::io(&data))?;
        let totals = Totals::of(&searcher, &fields).map_err(IndexError::engine(dir))?;
        Ok(Self { dir: dir.to_owned(), manifest: manifest.clone(), searcher, stores, fields, totals, _reader: reader })
    }

    /// The rules of analysis that it was built under.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.manifest.rules()
    }

    /// What the manifest says of it.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The number of documents.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// The number of segments that the data lies in.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// The bytes that the data takes on disk.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn disk_bytes(&self) -> Result<u64, IndexError> {
        let usage = self.searcher.space_usage().map_err(IndexError::io(&self.dir))?;
        Ok(usage.total().get_bytes())
    }

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
            Walking::Start => Some(Frozen::of(query, &self.searcher, &self.fields, self.totals.sizes)?),
            Walking::On(walk) => Some(walk.frozen.clone()),
        };
        let compiler = Compiler::new(&self.searcher, &self.fields, frozen.as_ref());
        let mut asked = compiler.query(query)?;
        if let Some(condition) = find.condition {
            asked = under_condition(asked, condition, &self.fields);
        }
        let counter = |facets| Counter { fields: &self.fields, facets, language: find.language };
        let counts = match find.counting {
            Counting::None => Counts::default(),
            Counting::Total => self.searcher.search(&asked, &counter(&[]))?,
            Counting::Facets(facets) => self.searcher.search(&asked, &counter(facets))?,
        };
        let filtered = match find.language {
            Some(label) => in_language(asked, label, &self.fields),
            None => asked,
        };
        if find.limit == 0 {
            return Ok(Found { counts, ..Found::default() });
        }
        let words = Words::new(&self.searcher, &self.fields, &self.totals, frozen.as_ref(), query)?;
        let (matches, place) = match find.walking {
            _ if !find.orders.is_empty() => self.sorted(&words, &filtered, find)?,
            Walking::No => (best_of(&words, &filtered, find)?, None),
            Walking::Start => walk::page(&words, &filtered, None, find.limit)?,
            Walking::On(walk) => walk::page(&words, &filtered, Some(&walk.place), find.limit)?,
        };
        let explanations = if find.is_explained {
            let explain = |&found: &_| explain::explain(query, &compiler, &words, found);
            matches.iter().map(explain).collect::<tantivy::Result<_>>()?
        } else {
            Vec::new()
        };
        let next = place.and_then(|place| Some(Walk { frozen: frozen.clone()?, place }));
        let matches = matches.into_iter().map(|(score, address)| Match { score, address }).collect();
        Ok(Found { matches, counts, explanations, next })
    }

    /// The first matches in an order of their own, each with the score that it has among the best.
    fn sorted(
        &self,
        words: &Words,
        compiled: &dyn EngineQuery,
        find: Find<'_>,
    ) -> tantivy::Result<(Scored, Option<Place>)> {
        let depth = find.offset + find.limit;
        let after = match find.walking {
            Walking::On(Walk { place: Place::Sorted(key), .. }) => Some(key),
            _ => None,
        };
        let collector = Sorted { fields: &self.fields, orders: find.orders, depth, after };
        let mut first = self.searcher.search_with_statistics_provider(compiled, &collector, words)?;
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
        Ok((addresses.into_iter().map(|address| (score(address), address)).collect(), place))
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// How rare a term is among the documents: its inverse document frequency, as BM25 counts it, never negative.
    #[must_use]
    pub fn rarity(&self, term: &str) -> f32 {
        let term = Term::from_field_text(self.fields.body, term);
        // A dictionary that cannot be read will fail the search itself; here it costs the order of passages.
        let with = self.searcher.doc_freq(&term).unwrap_or_default();
        let all = self.searcher.num_docs();
        rerank::inverse_frequency(with, all)
    }

    /// The words that begin so, as they are written, the most frequent first: those that a prefix stands for.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn words_that_begin(&self, prefix: &str) -> Result<Vec<String>, IndexError> {
        let words = prefix::words(prefix, &self.searcher, &self.fields).map_err(IndexError::engine(&self.dir))?;
        Ok(words.into_iter().map(|(word, _)| word).collect())
    }

    /// The forms in the other alphabet of a word that is a name, or that no document holds.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn names(&self, word: &Reading) -> Result<Vec<String>, IndexError> {
        names::forms(word, &self.searcher, &self.fields).map_err(IndexError::engine(&self.dir))
    }

    /// Whether a document holds a term.
    #[must_use]
    pub fn holds(&self, term: &str) -> bool {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.body, term)).is_ok_and(|count| count > 0)
    }

    /// Whether a walk knew a term of a word when it began.
    #[must_use]
    pub fn is_known_to(&self, walk: &Walk, term: &str) -> bool {
        walk.frozen.knows(term, &self.fields)
    }

    /// Where the words of a pattern stand in documents that were found.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn places(&self, matches: &[Match], pattern: &Pattern) -> Result<Vec<Places>, IndexError> {
        places::places(&self.searcher, &self.fields, matches, pattern).map_err(IndexError::engine(&self.dir))
    }

    /// What is kept of a document that was found, and its text.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn load(&self, found: Match) -> Result<(Record, StoredText), IndexError> {
        let store = &self.stores[found.address.segment_ord as usize];
        // The bytes of the whole document, of which the one value that is stored is the end: the engine would copy it byte
        // by byte.
        let bytes = store.get_document_bytes(found.address.doc_id).map_err(IndexError::engine(&self.dir))?;
        let Stored { record, text } = Stored::read(bytes).map_err(self.unreadable())?;
        Ok((record, text))
    }

    /// What a failure to read a stored text means.
    pub fn unreadable(&self) -> impl FnOnce(io::Error) -> IndexError + use<> {
        IndexError::engine(&self.dir)
    }

    /// The document of an id.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<(Record, String)>, IndexError> {
        match self.address(id)? {
            Some(address) => {
                let (record, mut text) = self.load(Match { score: 0.0, address })?;
                Ok(Some((record, text.whole().map_err(self.unreadable())?)))
            }
            None => Ok(None),
        }
    }

    /// Whether there is a document of an id.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn document_exists(&self, id: &str) -> Result<bool, IndexError> {
        self.address(id).map(|address| address.is_some())
    }

    fn address(&self, id: &str) -> Result<Option<DocAddress>, IndexError> {
        let term = Term::from_field_text(self.fields.id, id);
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            let ids = reader.inverted_index(self.fields.id).map_err(IndexError::engine(&self.dir))?;
            let postings = ids.read_postings(&term, IndexRecordOption::Basic).map_err(IndexError::io(&self.dir))?;
            let Some(mut postings) = postings else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !reader.is_deleted(doc) {
                    return Ok(Some(DocAddress::new(segment, doc)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }

    /// How many documents there are of each language label.
    pub(super) fn languages(&self) -> Result<BTreeMap<String, u64>, IndexError> {
        let counter = Counter { fields: &self.fields, facets: &[Facet::Language], language: None };
        let counts = self.searcher.search(&AllQuery, &counter).map_err(IndexError::engine(&self.dir))?;
        Ok(counts.facets.into_iter().next().unwrap_or_default())
    }
}

/// The best matches.
fn best_of(words: &Words, compiled: &dyn EngineQuery, find: Find<'_>) -> tantivy::Result<Scored> {
    let depth = find.offset + find.limit;
    let best = match find.ranking {
        Ranking::Plain => best(words.searcher, words, compiled, depth)?,
        Ranking::Full => {
            let candidates = best(words.searcher, words, compiled, depth.max(rerank::CANDIDATES))?;
            rerank::rerank(words, candidates, depth)?
        }
    };
    Ok(best.into_iter().skip(find.offset).take(find.limit).collect())
}
