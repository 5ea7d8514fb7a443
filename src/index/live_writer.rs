//! Documents → an index on disk, for as long as it is served: small commits, many of them, seen at once.
//!
//! A run of indexing writes much and commits seldom; this writer lives for weeks and commits several times a second. It remembers
//! nothing beyond a commit, keeps the number of segments bounded by merging them as they come, and opens each state that it
//! commits at the price of what has changed.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use tantivy::{
    DocAddress, IndexReader, ReloadPolicy, Term,
    directory::MmapDirectory,
    indexer::{IndexWriterOptions, LogMergePolicy},
};

use super::{
    Added, Index, IndexError, Manifest, Prepared,
    document::{EngineWriter, engine_document},
    duplicates::Groups,
    filter::compile_condition,
    folder::{note_in, prepare, remove_other_data, remove_temporary_files, sync_folder},
    lock::Lock,
    schema::Fields,
    stored::Packer,
    writer::{Engine, commit_with_note, fingerprint, new_manifest, open_engine, packer},
};
use crate::query::Condition;

/// Memory for terms that wait to be written, for each thread, in bytes: commits are small.
const MEMORY_PER_THREAD: usize = 32 * 1024 * 1024;

/// Each thread that got a document leaves a segment of its own at a commit, so there are few.
const MAX_THREADS: usize = 4;

/// Merges run beside searches, and not all at once; on half of the processors at most, as indexing does, so that a search finds one
/// that is free.
const MAX_MERGE_THREADS: usize = 2;

/// Segments of fewer documents than this are of one size: they are merged as soon as there are enough of them.
const SMALL_SEGMENT: u32 = 1_000;

/// So many segments of about one size become one. With the factor between sizes below, an index of a million documents has some
/// thirty segments at most.
const SEGMENTS_IN_MERGE: usize = 6;

/// The sizes of segments: each four times that of the one before, as a logarithm to base 2.
const SIZE_FACTOR: f64 = 2.0;

/// Deleted documents are cleared away when they are this share of a segment; until then they cost room and time.
const MAX_DELETED: f32 = 0.2;

/// The documents of each language are counted anew this often at most while documents come; they are counted in all documents.
const COUNT_EVERY: Duration = Duration::from_secs(2);

/// An index, open for writing by the process that serves it.
pub struct LiveWriter {
    pub(super) dir: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) engine: tantivy::Index,
    /// The files that the engine has open.
    files: MmapDirectory,
    /// `None` where nothing is written yet: it takes some threads, and many indexes are only read.
    pub(super) writer: Option<EngineWriter>,
    reader: IndexReader,
    fields: Fields,
    current: Arc<Index>,
    /// The groups of near duplicates, which documents join as they come.
    groups: Groups,
    packer: Packer,
    /// The ids of which something was said since the last commit, by their fingerprints: whether there is a document now.
    pending: HashMap<[u8; 16], bool>,
    /// The documents of the current state that were deleted since, so that none is counted twice.
    gone: HashSet<DocAddress>,
    /// What was noted with the last commit.
    note: Option<String>,
    counted: Option<Instant>,
    /// Whether the manifest says what the index holds.
    pub(super) is_told: bool,
    pub(super) lock: Arc<Lock>,
}

impl LiveWriter {
    /// Opens the index in `dir` for writing, and creates it where there is none. What a process that was killed left behind is
    /// cleared away.
    ///
    /// # Errors
    /// Where another process writes to it, where it was built under other rules, where `dir` holds other files, and where the
    /// system refuses.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let lock = prepare(dir)?;
        remove_temporary_files(dir)?;
        let (manifest, is_new) = match Manifest::read(dir) {
            Ok(manifest) => (manifest, false),
            Err(IndexError::NotFound(_)) => (new_manifest(dir, None, None), true),
            Err(error) => return Err(error),
        };
        let data = manifest.data.clone();
        let writer = Self::of_data(dir, manifest, Arc::new(lock))?;
        if is_new {
            writer.manifest.write(dir)?;
        }
        remove_other_data(dir, &data)?;
        Ok(writer)
    }

    /// Opens the data that a manifest names, published or not, or makes it.
    pub(super) fn of_data(dir: &Path, manifest: Manifest, lock: Arc<Lock>) -> Result<Self, IndexError> {
        let Engine { index: engine, fields, files } = open_engine(dir, &manifest)?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into().map_err(IndexError::engine(dir))?;
        let current = Arc::new(Index::of_reader(dir, &manifest, &reader, None)?);
        let packer = packer(dir, &manifest)?;
        let mut writer = Self {
            dir: dir.to_owned(),
            manifest,
            engine,
            files,
            writer: None,
            reader,
            fields,
            current,
            groups: Groups::default(),
            packer,
            pending: HashMap::new(),
            gone: HashSet::new(),
            note: None,
            counted: None,
            is_told: true,
            lock,
        };
        writer.reopen()?;
        Ok(writer)
    }

    /// Opens the engine anew as the last commit left the index; what was not committed is forgotten. What has to be done after an
    /// error, and may be done at any time.
    ///
    /// # Errors
    /// Where the engine or the system fails; it may be tried again.
    pub fn reopen(&mut self) -> Result<(), IndexError> {
        // The engine is never asked to roll back: where that fails, it cannot be asked again.
        if let Some(writer) = self.writer.take() {
            retire(writer);
        }
        self.pending.clear();
        self.gone.clear();
        self.load()?;
        self.note = note_in(&self.dir.join(&self.manifest.data));
        Ok(())
    }

    /// The engine's writer, opened for the first thing that is written. Files that a process left behind which was killed are
    /// removed by that.
    fn writer(&mut self) -> Result<&mut EngineWriter, IndexError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open_writer().map_err(IndexError::engine(&self.dir))?,
        };
        Ok(self.writer.insert(writer))
    }

    fn open_writer(&self) -> tantivy::Result<EngineWriter> {
        let half = (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(half.min(MAX_THREADS))
            .memory_budget_per_thread(MEMORY_PER_THREAD)
            .num_merge_threads(half.min(MAX_MERGE_THREADS))
            .build();
        let writer: EngineWriter = self.engine.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(merge_policy()));
        writer.garbage_collect_files().wait()?;
        Ok(writer)
    }

    /// The state as of the last commit.
    #[must_use]
    pub fn current(&self) -> &Arc<Index> {
        &self.current
    }

    /// What was noted with the last commit.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The folder of the index.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Adds a document; one of the same id gives way to it.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn add(&mut self, prepared: &Prepared) -> Result<Added, IndexError> {
        let packed = prepared.pack(&mut self.packer)?;
        let stored = engine_document(prepared, &packed, &mut self.groups, &self.fields)
            .map_err(IndexError::engine(&self.dir))?;
        let id = &prepared.document().id;
        let fingerprint = fingerprint(id);
        let was_there = self.holds(&fingerprint, id)?;
        let is_known = was_there || self.pending.contains_key(&fingerprint);
        let term = Term::from_field_text(self.fields.id, id);
        let writer = self.writer()?;
        if is_known {
            // Deleting costs a look into each segment, so only what may be there is deleted.
            writer.delete_term(term);
        }
        writer.add_document(stored).map_err(IndexError::engine(&self.dir))?;
        self.pending.insert(fingerprint, true);
        Ok(if was_there { Added::Replaced } else { Added::New })
    }

    /// Deletes the document of an id; whether there was one.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn delete(&mut self, id: &str) -> Result<bool, IndexError> {
        let fingerprint = fingerprint(id);
        let was_there = match (self.pending.get(&fingerprint), self.current.address(id)?) {
            (Some(&is_there), _) => is_there,
            (None, Some(address)) => self.gone.insert(address),
            (None, None) => false,
        };
        let term = Term::from_field_text(self.fields.id, id);
        self.writer()?.delete_term(term);
        self.pending.insert(fingerprint, false);
        Ok(was_there)
    }

    /// Deletes all documents that were read from a file; how many there were at the last commit.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn delete_file(&mut self, file: &str) -> Result<u64, IndexError> {
        let term = Term::from_field_text(self.fields.file, file);
        self.writer()?.delete_term(term);
        let deleted = self.current.addresses_of_file(file)?;
        Ok(deleted.into_iter().map(|address| u64::from(self.gone.insert(address))).sum())
    }

    /// Deletes the documents that meet a condition, whose members were declared, as of the last commit: what is pending has to be
    /// committed before, and this has to be committed before anything is added. How many there were.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn delete_meeting(&mut self, condition: &Condition) -> Result<u64, IndexError> {
        let count = self.current.count_meeting(condition)?;
        if count > 0 {
            let query = compile_condition(condition, &self.fields);
            let dir = self.dir.clone();
            self.writer()?.delete_query(query).map_err(IndexError::engine(&dir))?;
        }
        Ok(count)
    }

    /// Makes durable what was added and deleted, with a note in the same step, and gives the new state.
    ///
    /// # Errors
    /// Where the engine or the system fails; then [`LiveWriter::reopen`] gives the state on disk, which is the one before or the
    /// one after.
    pub fn commit(&mut self, note: &str) -> Result<Arc<Index>, IndexError> {
        let dir = self.dir.clone();
        commit_with_note(self.writer()?, Some(note)).map_err(IndexError::engine(&dir))?;
        sync_folder(&dir.join(&self.manifest.data))?;
        self.pending.clear();
        self.gone.clear();
        self.is_told = false;
        note.clone_into(self.note.get_or_insert_default());
        self.load()?;
        if self.counted.is_none_or(|counted| counted.elapsed() >= COUNT_EVERY) {
            self.count()?;
        }
        Ok(Arc::clone(&self.current))
    }

    /// What can wait until nothing else is to be done: takes in segments that were merged, and writes the manifest, by which other
    /// processes see that there is something new. The new state, if there is one.
    ///
    /// # Errors
    /// Where the engine or the system fails; nothing is lost by that.
    pub fn rest(&mut self) -> Result<Option<Arc<Index>>, IndexError> {
        let segments = self.engine.searchable_segment_ids().map_err(IndexError::engine(&self.dir))?;
        let is_merged = segments.len() != self.current.segments();
        if self.is_told && !is_merged {
            return Ok(None);
        }
        self.load()?;
        self.count()?;
        self.manifest.touch();
        self.manifest.write(&self.dir)?;
        self.is_told = true;
        Ok(Some(Arc::clone(&self.current)))
    }

    /// Ends writing in good order: the manifest says what the last commit left. Commits nothing.
    ///
    /// # Errors
    /// Where the engine or the system fails; what was committed stays whole.
    pub fn close(mut self) -> Result<(), IndexError> {
        self.rest().map(drop)
    }

    /// The same, when all merges have ended: from then on nothing of this process touches the folder, which may be moved or removed.
    ///
    /// # Errors
    /// As [`LiveWriter::close`].
    pub fn close_at_rest(mut self) -> Result<(), IndexError> {
        self.settle()?;
        self.rest().map(drop)
    }

    /// Whether there is a document of an id now.
    fn holds(&self, fingerprint: &[u8; 16], id: &str) -> Result<bool, IndexError> {
        match self.pending.get(fingerprint) {
            Some(&is_there) => Ok(is_there),
            None => self.current.document_exists(id),
        }
    }

    /// Opens the state on disk.
    fn load(&mut self) -> Result<(), IndexError> {
        self.reader.reload().map_err(IndexError::engine(&self.dir))?;
        // The engine remembers each file that it ever opened until it is asked which are open: fifty a second while documents come, for
        // as long as the process lives.
        self.files.get_cache_info();
        self.take()
    }

    /// Takes the state that was loaded last for the current one.
    fn take(&mut self) -> Result<(), IndexError> {
        let index = Index::of_reader(&self.dir, &self.manifest, &self.reader, Some(&self.current))?;
        self.current = Arc::new(index);
        if self.pending.is_empty() {
            self.groups = Groups::of(Some(Arc::clone(&self.current)));
        }
        Ok(())
    }

    /// Counts the documents of the state that is open, for the manifest.
    pub(super) fn count(&mut self) -> Result<(), IndexError> {
        self.manifest.documents = self.current.documents();
        self.manifest.languages = self.current.languages()?;
        self.counted = Some(Instant::now());
        self.take()
    }
}

/// Drops a writer after what it was about to write. The engine ends its threads, but not what the one that writes lists of segments is
/// at: the list of a merge that has just ended could come after a commit of the next writer, and take that back.
fn retire(writer: EngineWriter) {
    // That thread does one thing after the other, so when this is done all before it is.
    let waited = writer.garbage_collect_files().wait();
    drop(writer);
    if let Err(error) = waited {
        tracing::debug!(%error, "files that are of no use any more stay until the next writer");
    }
}

fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_IN_MERGE);
    policy.set_min_layer_size(SMALL_SEGMENT);
    policy.set_level_log_size(SIZE_FACTOR);
    policy.set_del_docs_ratio_before_merge(MAX_DELETED);
    policy
}
