//! An index on disk, as a reader sees it: one published state, whole.

use std::{
    collections::{BTreeMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tantivy::{
    DocAddress, DocSet, IndexReader, ReloadPolicy, Searcher, SegmentReader, TERMINATED, Term,
    collector::{Count, DocSetCollector},
    directory::OwnedBytes,
    query::{AllQuery, TermQuery},
    schema::{Field, IndexRecordOption},
    store::StoreReader,
};

use super::{
    IndexError, Manifest, Match, Places, Record, StoredText, Walk,
    analyzers::{Analyzers, LentAnalyzer},
    complete::Beginnings,
    copy::dictionaries,
    duplicates,
    facets::{Counter, Facet},
    filter::compile_condition,
    kept::{Kept, kept},
    lookup::Lookups,
    names::KnownForms,
    near::KnownNear,
    places, rerank,
    schema::{self, Fields},
    stored::{self, Dictionaries, Stored},
    tokenizer,
    totals::Totals,
};
use crate::{analysis::Rules, query::Condition, snippet::Pattern};

/// How many blocks of stored documents are kept at hand for each segment, each of a document or of some short ones.
const CACHED_BLOCKS: usize = 32;

/// The number of the next state of an index that is opened.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An index, open for reading.
pub struct Index {
    /// Of this state, which no other has that this process opens.
    number: u64,
    pub(super) dir: PathBuf,
    manifest: Manifest,
    pub(super) searcher: Searcher,
    /// What is stored of the documents of each segment.
    stores: Vec<StoreReader>,
    /// What that was packed with.
    dictionaries: Dictionaries,
    pub(super) fields: Fields,
    pub(super) totals: Totals,
    /// What tells of duplicates, of each segment: opening a column takes as long as finding a word.
    pub(super) duplicates: Vec<duplicates::Columns>,
    analyzers: Arc<Analyzers>,
    pub(super) known_names: Arc<KnownForms>,
    pub(super) known_near: Arc<KnownNear>,
    /// What was read of each segment.
    pub(super) kept: Vec<Arc<Kept>>,
    pub(super) beginnings: Arc<Beginnings>,
    pub(super) lookups: Arc<Lookups>,
    // Holds the searcher's files open.
    _reader: IndexReader,
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
        Self::of_reader(dir, manifest, &reader, None)
    }

    /// The state that an engine's reader has loaded last. Of a state before it takes over what is still of use.
    pub(super) fn of_reader(
        dir: &Path,
        manifest: &Manifest,
        reader: &IndexReader,
        before: Option<&Self>,
    ) -> Result<Self, IndexError> {
        let data = dir.join(&manifest.data);
        let (_, fields) = schema::schema(&manifest.filterable);
        let searcher = reader.searcher();
        let stores = searcher.segment_readers().iter().map(|segment| segment.get_store_reader(CACHED_BLOCKS));
        let stores = stores.collect::<Result<_, _>>().map_err(IndexError::io(&data))?;
        let duplicates = searcher.segment_readers().iter().map(duplicates::Columns::open);
        let duplicates = duplicates.collect::<Result<_, _>>().map_err(IndexError::engine(dir))?;
        let dictionaries = Dictionaries::open(&data, before.map(|before| &before.dictionaries));
        let dictionaries = dictionaries.map_err(IndexError::io(&data))?;
        let totals = Totals::of(&searcher, &fields).map_err(IndexError::engine(dir))?;
        // What was found in the same segments, with the same documents deleted, is found in them again.
        let same = before.filter(|before| before.searcher.generation() == searcher.generation());
        let or_new = |rules| Arc::new(Analyzers::new(rules));
        Ok(Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            dir: dir.to_owned(),
            manifest: manifest.clone(),
            stores,
            dictionaries,
            fields,
            duplicates,
            totals,
            analyzers: before.map_or_else(|| or_new(manifest.rules()), |before| Arc::clone(&before.analyzers)),
            known_names: same.map(|same| Arc::clone(&same.known_names)).unwrap_or_default(),
            known_near: same.map(|same| Arc::clone(&same.known_near)).unwrap_or_default(),
            beginnings: match (same, before) {
                (Some(same), _) => Arc::clone(&same.beginnings),
                (None, Some(before)) => Arc::new(Beginnings::after(&before.beginnings)),
                (None, None) => Arc::default(),
            },
            kept: kept(&searcher, before.map(|before| (&before.searcher, before.kept.as_slice()))),
            lookups: same.map(|same| Arc::clone(&same.lookups)).unwrap_or_default(),
            searcher,
            _reader: reader.clone(),
        })
    }

    /// What tells this state of the index from all others that this process opens, of this index or another.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The rules of analysis that it was built under.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.manifest.rules()
    }

    /// An analyzer of these rules, which knows the words that earlier searches met.
    #[must_use]
    pub fn analyzer(&self) -> LentAnalyzer<'_> {
        self.analyzers.lend()
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

    /// How many documents were deleted whose data is not cleared away yet.
    #[must_use]
    pub fn deleted(&self) -> u64 {
        self.searcher.segment_readers().iter().map(|segment| u64::from(segment.num_deleted_docs())).sum()
    }

    /// Reads one document, if there is one, as any answer does.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn probe(&self) -> Result<(), IndexError> {
        for (number, segment) in (0..).zip(self.searcher.segment_readers()) {
            if let Some(doc) = (0..segment.max_doc()).find(|&doc| !segment.is_deleted(doc)) {
                return self.load(Match { score: 0.0, address: DocAddress::new(number, doc) }).map(drop);
            }
        }
        Ok(())
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
        let data = self.dir.join(&self.manifest.data);
        let dictionaries = dictionaries(&data).filter_map(|name| data.join(name).metadata().ok());
        Ok(usage.total().get_bytes() + dictionaries.map(|metadata| metadata.len()).sum::<u64>())
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn beginnings(&self) -> &Beginnings {
        &self.beginnings
    }

    /// The segments, each with what was read of it.
    pub(super) fn segments_kept(&self) -> impl Iterator<Item = (&SegmentReader, &Kept)> {
        self.searcher.segment_readers().iter().zip(self.kept.iter().map(Arc::as_ref))
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// How rare a term is among the documents: its inverse document frequency, as BM25 counts it, never negative.
    #[must_use]
    pub fn rarity(&self, term: &str) -> f32 {
        // A dictionary that cannot be read will fail the search itself; here it costs the order of passages.
        let with = self.frequency(self.fields.body, term).unwrap_or_default();
        let all = self.searcher.num_docs();
        rerank::inverse_frequency(with, all)
    }

    /// Whether a document holds a term.
    #[must_use]
    pub fn holds(&self, term: &str) -> bool {
        self.frequency(self.fields.body, term).is_ok_and(|count| count > 0)
    }

    /// How many documents hold a term in a field.
    pub(super) fn frequency(&self, field: Field, term: &str) -> tantivy::Result<u64> {
        Ok(self.lookups.get(&self.searcher, field, term)?.frequency())
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
        places::places(self, matches, pattern).map_err(IndexError::engine(&self.dir))
    }

    /// What is kept of a document that was found, and its text.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn load(&self, found: Match) -> Result<(Record, StoredText), IndexError> {
        let Stored { record, text } =
            Stored::read(self.stored(found)?, &self.dictionaries).map_err(self.unreadable())?;
        Ok((record, text))
    }

    /// The id of a document that was found, which takes a small part of the time of [`Index::load`].
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn id(&self, found: Match) -> Result<String, IndexError> {
        stored::id(&self.stored(found)?).map_err(self.unreadable())
    }

    /// The bytes of a document, of which the one value that is stored is the end: the engine would copy it byte by byte.
    fn stored(&self, found: Match) -> Result<OwnedBytes, IndexError> {
        let store = &self.stores[found.address.segment_ord as usize];
        store.get_document_bytes(found.address.doc_id).map_err(IndexError::engine(&self.dir))
    }

    /// What a failure to read a stored text means.
    pub fn unreadable(&self) -> impl FnOnce(io::Error) -> IndexError {
        IndexError::engine(&self.dir)
    }

    /// The document of an id.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<(Record, String)>, IndexError> {
        let Some(found) = self.place_of(id)? else { return Ok(None) };
        let (record, mut text) = self.load(found)?;
        Ok(Some((record, text.whole().map_err(self.unreadable())?)))
    }

    /// The document of an id, as if a query had found it.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn place_of(&self, id: &str) -> Result<Option<Match>, IndexError> {
        Ok(self.address(id)?.map(|address| Match { score: 0.0, address }))
    }

    /// Whether there is a document of an id.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn document_exists(&self, id: &str) -> Result<bool, IndexError> {
        self.address(id).map(|address| address.is_some())
    }

    /// Whether documents were read from the file of an id, deleted ones that were not cleared away counted.
    #[must_use]
    pub fn file_exists(&self, id: &str) -> bool {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.file, id)).is_ok_and(|count| count > 0)
    }

    /// Where the documents are that were read from the file of an id.
    pub(super) fn addresses_of_file(&self, id: &str) -> Result<HashSet<DocAddress>, IndexError> {
        let query = TermQuery::new(Term::from_field_text(self.fields.file, id), IndexRecordOption::Basic);
        self.searcher.search(&query, &DocSetCollector).map_err(IndexError::engine(&self.dir))
    }

    /// How many documents meet a condition, whose members were declared.
    pub(super) fn count_meeting(&self, condition: &Condition) -> Result<u64, IndexError> {
        let query = compile_condition(condition, &self.fields);
        let count = self.searcher.search(&query, &Count).map_err(IndexError::engine(&self.dir))?;
        // A number of documents fits everywhere.
        Ok(count as u64)
    }

    pub(super) fn address(&self, id: &str) -> Result<Option<DocAddress>, IndexError> {
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
