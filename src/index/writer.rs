//! Documents → an index on disk.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{IndexSettings, Term, directory::MmapDirectory, index::SegmentId, store::Compressor};

use super::{
    Index, IndexError, Manifest, Prepared,
    document::{EngineWriter, engine_document},
    duplicates::Groups,
    folder::{new_data_name, note_of, prepare, remove_other_data, sync_folder},
    lock::Lock,
    schema::{self, Fields},
    stored::Packer,
    tokenizer,
};
use crate::analysis::Rules;

/// Memory for terms that wait to be written, for each thread, in bytes. More makes fewer and larger segments.
const MEMORY_PER_THREAD: usize = 64 * 1024 * 1024;

/// More threads than this write no faster: the disk and the merges set the pace.
const MAX_THREADS: usize = 8;

/// How an index is to be built; what is `None` is as the index has it, or as it is by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The rules of analysis.
    pub rules: Option<Rules>,
    /// The names of the members of documents by which can be filtered, sorted and counted, beside id, language, date and
    /// source; by default none.
    pub filterable: Option<Vec<String>>,
}

impl From<Option<Rules>> for Options {
    fn from(rules: Option<Rules>) -> Self {
        Self { rules, ..Self::default() }
    }
}

impl Options {
    /// Refuses what is asked otherwise than an index was built.
    ///
    /// # Errors
    /// Where its rules or its filterable members are others.
    pub fn check(&self, dir: &Path, manifest: &Manifest) -> Result<(), IndexError> {
        if let Some(rules) = self.rules.filter(|&rules| rules != manifest.rules()) {
            return Err(IndexError::OtherRules {
                dir: dir.to_owned(),
                built: format!("analysis {}", manifest.analysis),
                ours: format!("analysis {}", rules.fingerprint()),
            });
        }
        match self.filterable.clone().map(in_order).filter(|asked| *asked != manifest.filterable) {
            Some(asked) => {
                let built = manifest.filterable.clone();
                Err(IndexError::OtherFilterable { dir: dir.to_owned(), built, asked })
            }
            None => Ok(()),
        }
    }
}

/// Whether a document is a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// The first of its id.
    New,
    /// It took the place of an earlier one.
    Replaced,
}

/// An index, open for writing by this process alone.
///
/// What is added is seen by readers after [`IndexWriter::commit`]; what was not committed leaves the index as it was.
pub struct IndexWriter {
    dir: PathBuf,
    manifest: Manifest,
    writer: EngineWriter,
    fields: Fields,
    /// The segments that were there before this writer.
    segments_before: Vec<SegmentId>,
    /// The state before this writer: which ids it replaces.
    before: Option<Index>,
    /// The groups of near duplicates, which documents join as they come.
    groups: Groups,
    packer: Packer,
    /// Fingerprints of the ids that were added.
    added: HashSet<[u8; 16]>,
    /// What a [`LiveWriter`](super::LiveWriter) noted with its last commit, which a run hands on as it is.
    note: Option<String>,
    _lock: Lock,
}

impl IndexWriter {
    /// Opens the index in `dir` for writing, and creates it where there is none, as the options say, else as it is, else by
    /// default.
    ///
    /// # Errors
    /// Where another process writes to it, where it was built otherwise, where `dir` holds other files, and where the system
    /// refuses.
    pub fn open(dir: &Path, options: impl Into<Options>) -> Result<Self, IndexError> {
        let asked = options.into();
        let lock = prepare(dir)?;
        match Manifest::read(dir) {
            Ok(manifest) => {
                asked.check(dir, &manifest)?;
                let before = Index::open(dir)?;
                Self::with_data(dir, manifest, Some(before), lock)
            }
            Err(IndexError::NotFound(_)) => {
                let Options { rules, filterable } = asked;
                let writer = Self::with_data(dir, new_manifest(dir, rules, filterable), None, lock)?;
                writer.manifest.write(dir)?;
                Ok(writer)
            }
            Err(error) => Err(error),
        }
    }

    /// Opens an index to be built anew beside the one in `dir`, whatever that was built under. The first commit puts it
    /// in the place of the old one, in one step.
    ///
    /// # Errors
    /// As [`IndexWriter::open`].
    pub fn rebuild(dir: &Path, options: impl Into<Options>) -> Result<Self, IndexError> {
        let Options { rules, filterable } = options.into();
        let lock = prepare(dir)?;
        Self::with_data(dir, new_manifest(dir, rules, filterable), None, lock)
    }

    fn with_data(dir: &Path, manifest: Manifest, before: Option<Index>, lock: Lock) -> Result<Self, IndexError> {
        let note = note_of(dir);
        let Engine { index, fields, .. } = open_engine(dir, &manifest)?;
        let segments_before = index.searchable_segment_ids().map_err(IndexError::engine(dir))?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        let writer =
            index.writer_with_num_threads(threads, threads * MEMORY_PER_THREAD).map_err(IndexError::engine(dir))?;
        // An index that is built anew founds its groups anew.
        let groups = Groups::of(before.as_ref().map(|_| Index::open_data(dir, &manifest).map(Arc::new)).transpose()?);
        let packer = packer(dir, &manifest)?;
        let (dir, added) = (dir.to_owned(), HashSet::new());
        Ok(Self { dir, manifest, writer, fields, segments_before, before, groups, packer, added, note, _lock: lock })
    }

    /// Adds a document; one of the same id gives way to it.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn add(&mut self, prepared: &Prepared) -> Result<Added, IndexError> {
        let added = self.give_way(&prepared.document.id)?;
        let packed = prepared.pack(&mut self.packer)?;
        let stored = engine_document(prepared, &packed, &mut self.groups, &self.fields)
            .map_err(IndexError::engine(&self.dir))?;
        self.writer.add_document(stored).map_err(IndexError::engine(&self.dir))?;
        Ok(added)
    }

    /// Deletes the document of an id, or all that were read from the file of that id; whether there was one at the last commit.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn delete(&mut self, id: &str) -> Result<bool, IndexError> {
        let was_there = match &self.before {
            Some(before) => before.document_exists(id)? || before.file_exists(id),
            None => false,
        };
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
        self.delete_file(id);
        Ok(was_there)
    }

    /// Deletes all documents that were read from a file.
    pub fn delete_file(&mut self, file: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.file, file));
    }

    /// Whether readers see another index than this one, until it is committed: one that is built anew.
    #[must_use]
    pub fn is_unpublished(&self) -> bool {
        Manifest::read(&self.dir).map_or(true, |published| published.data != self.manifest.data)
    }

    /// The folder of the index.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The name of the folder of the data, which tells this index from one that was built anew.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.manifest.data
    }

    /// Deletes the document of an id, if there is one. Deleting costs a look into each segment, so only what is there
    /// is deleted.
    fn give_way(&mut self, id: &str) -> Result<Added, IndexError> {
        let is_new = self.added.insert(fingerprint(id));
        let was_before = match &self.before {
            Some(before) => before.document_exists(id)?,
            None => false,
        };
        if is_new && !was_before {
            return Ok(Added::New);
        }
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
        Ok(Added::Replaced)
    }

    /// Makes all that was added durable, and seen by readers.
    ///
    /// # Errors
    /// Where the engine or the system fails; the index is then as it was.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        commit_with_note(&mut self.writer, self.note.as_deref()).map_err(IndexError::engine(&self.dir))?;
        self.publish()
    }

    /// Ends the run: makes one segment of all that it wrote, for a query looks up each of its words in each segment, and
    /// closes the index. Commits nothing.
    ///
    /// # Errors
    /// Where the engine or the system fails; what was committed stays whole.
    pub fn close(self) -> Result<Manifest, IndexError> {
        let Self { dir, mut manifest, writer, segments_before, _lock, .. } = self;
        let index = writer.index().clone();
        writer.wait_merging_threads().map_err(IndexError::engine(&dir))?;
        if merge_new(&index, &segments_before).map_err(IndexError::engine(&dir))? {
            sync_folder(&dir.join(&manifest.data))?;
            // Who serves the index looks at the manifest to see that there is something new to open.
            manifest.touch();
            manifest.write(&dir)?;
        }
        remove_other_data(&dir, &manifest.data)?;
        Ok(manifest)
    }

    fn publish(&mut self) -> Result<(), IndexError> {
        sync_folder(&self.dir.join(&self.manifest.data))?;
        let counted = Index::open_data(&self.dir, &self.manifest)?;
        self.manifest.documents = counted.documents();
        self.manifest.languages = counted.languages()?;
        self.groups = Groups::of(Some(Arc::new(counted)));
        self.manifest.touch();
        self.manifest.write(&self.dir)
    }
}

/// A fingerprint of an id: 16 bytes of blake3, so that no two ids are ever taken for one.
pub(super) fn fingerprint(id: &str) -> [u8; 16] {
    let mut fingerprint = [0; 16];
    fingerprint.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
    fingerprint
}

/// The engine's index, open for writing.
pub(super) struct Engine {
    pub index: tantivy::Index,
    pub fields: Fields,
    /// The files that it has open.
    pub files: MmapDirectory,
}

/// The engine's index in the folder that a manifest names, made where there is none.
pub(super) fn open_engine(dir: &Path, manifest: &Manifest) -> Result<Engine, IndexError> {
    let data = dir.join(&manifest.data);
    fs::create_dir_all(&data).map_err(IndexError::io(&data))?;
    let (schema, fields) = schema::schema(&manifest.filterable);
    let files = MmapDirectory::open(&data).map_err(IndexError::engine(dir))?;
    let index = tantivy::Index::builder()
        .schema(schema)
        .settings(settings())
        .tokenizers(tokenizer::manager(manifest.rules()))
        .open_or_create(files.clone())
        .map_err(IndexError::engine(dir))?;
    Ok(Engine { index, fields, files })
}

/// What packs documents for the data that a manifest names.
pub(super) fn packer(dir: &Path, manifest: &Manifest) -> Result<Packer, IndexError> {
    let data = dir.join(&manifest.data);
    Packer::open(&data).map_err(IndexError::io(&data))
}

/// Commits, with a note in the same step: the index holds either both, or neither.
pub(super) fn commit_with_note(writer: &mut EngineWriter, note: Option<&str>) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    if let Some(note) = note {
        prepared.set_payload(note);
    }
    prepared.commit().map(drop)
}

/// The manifest of an index that is built anew.
pub(super) fn new_manifest(dir: &Path, rules: Option<Rules>, filterable: Option<Vec<String>>) -> Manifest {
    Manifest::new(new_data_name(dir), rules.unwrap_or_default(), in_order(filterable.unwrap_or_default()))
}

/// Names in order, each once, so that what was declared can be compared.
fn in_order(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}

/// How the engine keeps what is stored: as it comes, for it is packed already, and but the shortest documents one by one, for a block
/// is copied whole to read one of them.
fn settings() -> IndexSettings {
    IndexSettings { docstore_compression: Compressor::None, docstore_blocksize: 512, ..IndexSettings::default() }
}

/// Makes one segment of those that were not there before; whether there was something to do.
pub(super) fn merge_new(index: &tantivy::Index, before: &[SegmentId]) -> tantivy::Result<bool> {
    let mut new = index.searchable_segment_ids()?;
    new.retain(|segment| !before.contains(segment));
    if new.len() < 2 {
        return Ok(false);
    }
    merge(index, &new)?;
    Ok(true)
}

/// Makes one segment of some.
pub(super) fn merge(index: &tantivy::Index, segments: &[SegmentId]) -> tantivy::Result<()> {
    let mut writer: EngineWriter = index.writer_with_num_threads(1, MEMORY_PER_THREAD)?;
    writer.merge(segments).wait()?;
    writer.wait_merging_threads()
}
