//! Is an index on disk as it was written? Every checksum, every count, every document.

use std::{fmt, fs, path::Path, thread, time::Duration};

use schemars::JsonSchema;
use serde::Serialize;
use tantivy::{
    DocAddress,
    index::{SegmentMeta, SegmentReader},
};

use super::{
    Index, IndexError, Manifest, Match,
    copy::{META, dictionaries, files_of, has_vanished},
    manifest, schema,
    stored::read_dictionary,
};

/// The most faults that are told one by one; a disk that fails makes many that are alike.
const MAX_FAULTS: usize = 100;

/// How often is looked again where somebody writes meanwhile.
const MAX_TRIES: u32 = 20;

/// How long a commit that has come between is given to end.
const REST: Duration = Duration::from_millis(100);

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fault {
    /// The file, or the folder, that holds it.
    pub file: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.file, self.problem, self.advice)
    }
}

/// What was looked at, and what was found wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// How many documents were unpacked.
    pub documents: u64,
    /// How many segments they lie in.
    pub segments: u64,
    /// How many files were summed up.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong, at most 100 of them.
    pub faults: Vec<Fault>,
    /// How many faults there are beyond these.
    pub further_faults: u64,
    /// What is not wrong and worth knowing.
    pub notes: Vec<String>,
}

impl Verification {
    /// Whether all is as it was written.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, file: &Path, problem: impl Into<String>, advice: &str) {
        if self.faults.len() == MAX_FAULTS {
            self.further_faults += 1;
            return;
        }
        let file = file.display().to_string();
        self.faults.push(Fault { file, problem: problem.into(), advice: advice.to_owned() });
    }
}

/// What to do where data is lost.
const RESTORE: &str = "restore a snapshot (oba restore DIR), or build the index anew (oba index PATH --rebuild)";

/// Looks through the index in `dir`, beside whoever reads it or writes to it. A journal of what was acknowledged is left to
/// whoever wrote it. Takes 16 bytes of memory for each document.
///
/// # Errors
/// Where there is no index or one of other rules, and where one is rebuilt again and again meanwhile. What is damaged is no
/// error but a fault.
pub fn verify(dir: &Path) -> Result<Verification, IndexError> {
    for _ in 0..MAX_TRIES {
        let manifest = match Manifest::read(dir) {
            Ok(manifest) => manifest,
            Err(IndexError::DamagedManifest { reason, .. }) => {
                let mut found = Verification::default();
                found.fault(&dir.join(manifest::FILE_NAME), reason, RESTORE);
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let before = state(dir, &manifest);
        let found = data(dir, &manifest);
        // What is wrong while somebody writes is no fault, but two moments taken for one.
        let is_same = Manifest::read(dir).is_ok_and(|now| now == manifest && state(dir, &now) == before);
        match found {
            Ok(found) if is_same || found.is_clean() => return Ok(found),
            Err(error) if is_same || !has_vanished(&error) => return Err(error),
            _ => thread::sleep(REST),
        }
    }
    Err(IndexError::Changing(dir.to_owned()))
}

/// What the engine says that the data is, byte by byte.
fn state(dir: &Path, manifest: &Manifest) -> Option<Vec<u8>> {
    fs::read(dir.join(&manifest.data).join(META)).ok()
}

/// Looks through the data that a manifest names, published or not.
pub(super) fn data(dir: &Path, manifest: &Manifest) -> Result<Verification, IndexError> {
    let mut found = Verification::default();
    let folder = dir.join(&manifest.data);
    let index = match tantivy::Index::open_in_dir(&folder) {
        Ok(index) => index,
        Err(error) => {
            found.fault(&folder, format!("the list of its files cannot be read ({error})"), RESTORE);
            return Ok(found);
        }
    };
    if index.schema() != schema::schema(&manifest.filterable).0 {
        found.fault(&folder.join(META), "its fields are not those of the manifest", RESTORE);
        return Ok(found);
    }
    let segments = match index.searchable_segment_metas() {
        Ok(segments) => segments,
        Err(error) => {
            found.fault(&folder.join(META), error.to_string(), RESTORE);
            return Ok(found);
        }
    };
    for segment in &segments {
        checksums(&index, &folder, segment, &mut found);
    }
    for path in dictionaries(&folder).map(|name| folder.join(name)) {
        found.files += 1;
        found.bytes += fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if let Err(error) = read_dictionary(&path) {
            found.fault(&path, error.to_string(), RESTORE);
        }
    }
    if !found.is_clean() {
        found.notes.push("Counts and documents were not looked at, for they are read from these files.".to_owned());
        return Ok(found);
    }
    let opened = match Index::open_data(dir, manifest) {
        Ok(opened) => opened,
        Err(error) => {
            found.fault(&folder, error.to_string(), RESTORE);
            return Ok(found);
        }
    };
    documents(&opened, &folder, &mut found);
    counts(&opened, manifest, &segments, &mut found)?;
    Ok(found)
}

/// Sums up each file of a segment.
fn checksums(index: &tantivy::Index, folder: &Path, segment: &SegmentMeta, found: &mut Verification) {
    found.segments += 1;
    for name in files_of(segment) {
        let path = folder.join(&name);
        let Ok(metadata) = fs::metadata(&path) else {
            found.fault(&path, "it is not there", RESTORE);
            continue;
        };
        found.files += 1;
        found.bytes += metadata.len();
        match index.directory().validate_checksum(&name) {
            Ok(true) => {}
            Ok(false) => found.fault(&path, "its bytes are not those that were written (checksum)", RESTORE),
            Err(error) => found.fault(&path, format!("it cannot be read ({error})"), RESTORE),
        }
    }
}

/// Unpacks each document, looks its id up, and looks for ids that stand twice.
fn documents(index: &Index, folder: &Path, found: &mut Verification) {
    let mut ids: Vec<(u64, DocAddress)> = Vec::new();
    for (number, segment) in (0..).zip(index.searcher().segment_readers()) {
        let store = folder.join(format!("{}.store", segment.segment_id().uuid_string()));
        for doc in alive(segment) {
            let address = DocAddress::new(number, doc);
            match unpacked(index, address) {
                Ok(id) => {
                    if !index.document_exists(&id).unwrap_or_default() {
                        found.fault(&store, format!("the document {id:?} is not found by its id"), RESTORE);
                    }
                    ids.push((fingerprint(&id), address));
                }
                Err(error) => found.fault(&store, format!("its document {doc} cannot be unpacked ({error})"), RESTORE),
            }
            found.documents += 1;
        }
    }
    ids.sort_unstable();
    for same in ids.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        // Fingerprints that are alike are of ids that are, but for chance.
        let mut names: Vec<String> = same.iter().filter_map(|&(_, address)| unpacked(index, address).ok()).collect();
        names.sort_unstable();
        for pair in names.windows(2).filter(|pair| pair[0] == pair[1]) {
            let problem = format!("there are two documents of the id {:?}", pair[0]);
            found.fault(folder, problem, "delete it (oba delete ID) and index it again");
        }
    }
}

/// The documents of a segment that were not deleted.
fn alive(segment: &SegmentReader) -> impl Iterator<Item = u32> + '_ {
    (0..segment.max_doc()).filter(|&doc| !segment.is_deleted(doc))
}

/// The id of a document whose record and text can be unpacked.
fn unpacked(index: &Index, address: DocAddress) -> Result<String, Box<dyn std::error::Error>> {
    let (record, mut text) = index.load(Match { score: 0.0, address })?;
    text.whole()?;
    Ok(record.id)
}

fn fingerprint(id: &str) -> u64 {
    blake3::hash(id.as_bytes()).as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Compares what was counted with what the segments, the labels and the manifest say.
fn counts(
    index: &Index,
    manifest: &Manifest,
    segments: &[SegmentMeta],
    found: &mut Verification,
) -> Result<(), IndexError> {
    let folder = index.dir().join(&manifest.data);
    let counted = found.documents;
    let of_segments: u64 = segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
    if of_segments != counted || index.documents() != counted {
        let problem = format!("its segments have {of_segments} documents, of which {counted} are there");
        found.fault(&folder.join(META), problem, RESTORE);
    }
    let languages = index.languages()?;
    let labelled: u64 = languages.values().sum();
    if labelled != counted {
        found.fault(&folder, format!("{labelled} documents have a language label, of {counted}"), RESTORE);
    }
    if manifest.documents != counted || manifest.languages != languages {
        let path = index.dir().join(manifest::FILE_NAME);
        let (told, of) = (manifest.documents, &manifest.languages);
        let problem = format!("it counts {told} documents {of:?}, and there are {counted} {languages:?}");
        if is_older(&path, &folder.join(META)) {
            // A commit comes before the manifest that counts it. Nothing goes by these counts.
            found.notes.push(format!(
                "{}: {problem}: the last run was cut off after its commit, which is whole; the next one puts this right.",
                path.display()
            ));
        } else {
            found.fault(&path, problem, "index any document, which writes it anew, or restore a snapshot");
        }
    }
    Ok(())
}

/// Whether a file was written before another.
fn is_older(path: &Path, other: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    modified(path).zip(modified(other)).is_some_and(|(one, other)| one < other)
}
