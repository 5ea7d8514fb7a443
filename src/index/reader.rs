//! An index on disk, as a reader sees it: one published state, whole.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use tantivy::{
    DocAddress, DocSet, IndexReader, ReloadPolicy, Searcher, TERMINATED, Term, schema::IndexRecordOption,
    store::StoreReader,
};

use super::{
    IndexError, Manifest, Places, Record, StoredText,
    best::best,
    compile::{compile, in_language},
    counts::CountByValue,
    names, places, prefix,
    rerank::{self, Words},
    schema::{self, Fields},
    stored::Stored,
    tokenizer,
    totals::Totals,
};
use crate::{
    analysis::{Reading, Rules},
    language::Label,
    query::Query,
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
#[derive(Debug, Clone, Copy)]
pub struct Find {
    /// How many matches to pass over.
    pub offset: usize,
    /// How many matches to give.
    pub limit: usize,
    /// Only among the documents of this label.
    pub language: Option<Label>,
    /// In what order.
    pub ranking: Ranking,
    /// Whether to count all matches, which costs a look at each of them.
    pub is_counted: bool,
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
#[derive(Debug, Clone)]
pub struct Found {
    /// The matches asked for, best first.
    pub matches: Vec<Match>,
    /// How many documents match, by language label and without regard to the one asked for; nothing where they are not
    /// counted.
    pub languages: BTreeMap<String, u64>,
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
        let (_, fields) = schema::schema();
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
    pub fn find(&self, query: &Query, find: Find) -> Result<Found, IndexError> {
        if query.is_empty() {
            return Ok(Found { matches: Vec::new(), languages: BTreeMap::new() });
        }
        let compiled = compile(query, &self.searcher, &self.fields).map_err(IndexError::engine(&self.dir))?;
        let languages = if find.is_counted {
            let counts = CountByValue(schema::LANGUAGE);
            self.searcher.search(&compiled, &counts).map_err(IndexError::engine(&self.dir))?
        } else {
            BTreeMap::new()
        };
        let filtered = match find.language {
            Some(label) => in_language(compiled, label, &self.fields),
            None => compiled,
        };
        let matches = if find.limit == 0 {
            Vec::new()
        } else {
            let best = self.best(query, &filtered, find).map_err(IndexError::engine(&self.dir))?;
            let shown = best.into_iter().skip(find.offset).take(find.limit);
            shown.map(|(score, address)| Match { score, address }).collect()
        };
        Ok(Found { matches, languages })
    }

    /// The best matches, at least as many as are asked for where there are so many.
    fn best(
        &self,
        query: &Query,
        compiled: &dyn tantivy::query::Query,
        find: Find,
    ) -> tantivy::Result<Vec<(f32, DocAddress)>> {
        let depth = find.offset + find.limit;
        let words = Words::new(&self.searcher, &self.fields, &self.totals, query)?;
        match find.ranking {
            Ranking::Plain => best(&self.searcher, &words, compiled, depth),
            Ranking::Full => {
                let candidates = best(&self.searcher, &words, compiled, depth.max(rerank::CANDIDATES))?;
                rerank::rerank(&words, candidates, depth)
            }
        }
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
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
        let all = tantivy::query::AllQuery;
        self.searcher.search(&all, &CountByValue(schema::LANGUAGE)).map_err(IndexError::engine(&self.dir))
    }
}
