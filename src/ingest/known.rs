//! What is known of files that were read before, so that the next run reads only what is new or changed.
//!
//! It lies beside the manifest of the index, written after each commit: where a run is cut off between the two, some files are
//! read again, which changes nothing. What was read by other rules is read again.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    corpus::{Format, FoundFile, ReadOptions},
    index::IndexError,
};

/// The name of the file in the folder of the index.
const FILE_NAME: &str = ".files";

/// The version of what is kept, and of how files are read; what was read under another one is read again.
const VERSION: u32 = 1;

/// What is known of the files of an index, by their ids.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Known {
    version: u32,
    /// The folder of the data that the files went into.
    data: String,
    /// What the files were read with.
    options: String,
    pub files: BTreeMap<String, FileState>,
}

/// A file as it was when it was read, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// Its size, in bytes.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: Option<i64>,
    /// A fingerprint of its bytes; `None` of a stream of lines, which is not read twice.
    pub hash: Option<[u8; 16]>,
    /// What was found in it: one part, or one for each entry of an archive.
    pub parts: Vec<PartState>,
}

/// What was found of a file, or of an entry of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartState {
    /// What names it within the file; empty for the file itself.
    pub name: String,
    /// What it was taken for.
    pub format: String,
    /// The encoding of its text, where it had one to find.
    pub encoding: Option<String>,
    /// Its language label; `None` where it was skipped.
    pub language: Option<String>,
    /// How many words it has.
    pub words: u64,
    /// What was mended.
    pub notes: Vec<String>,
    /// Why it was skipped.
    pub reason: Option<String>,
}

impl Known {
    /// What is known of the files of the index in `dir` whose data lies in `data`; nothing where they were read otherwise, or
    /// where it cannot be understood.
    pub(super) fn load(dir: &Path, data: &str, options: &ReadOptions) -> Self {
        let options = described(options);
        let known = fs::read(dir.join(FILE_NAME)).ok().and_then(|bytes| postcard::from_bytes::<Self>(&bytes).ok());
        let known = known.filter(|known| known.version == VERSION && known.data == data && known.options == options);
        known.unwrap_or_else(|| Self { version: VERSION, data: data.to_owned(), options, files: BTreeMap::new() })
    }

    /// Writes it beside the manifest, in one step.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn save(&self, dir: &Path) -> Result<(), IndexError> {
        let path = dir.join(FILE_NAME);
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            let bytes = postcard::to_stdvec(self).map_err(io::Error::other)?;
            io::Write::write_all(&mut file, &bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|source| IndexError::Io { path: path.clone(), source })
    }

    /// Says of what lies in `dir` that its files went into the data of another name: that of a copy. What cannot be understood
    /// is left as it is, and not used by anybody.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn move_to(dir: &Path, data: &str) -> Result<(), IndexError> {
        let known = fs::read(dir.join(FILE_NAME)).ok().and_then(|bytes| postcard::from_bytes::<Self>(&bytes).ok());
        match known {
            Some(known) => Self { data: data.to_owned(), ..known }.save(dir),
            None => Ok(()),
        }
    }

    /// The state of a file that was read before and is, by its size and time, as it was.
    pub(super) fn unchanged(&self, id: &str, file: &FoundFile) -> Option<&FileState> {
        let state = self.files.get(id)?;
        let modified = file.modified.map(nanoseconds);
        (state.bytes == file.bytes && modified.is_some() && state.modified == modified).then_some(state)
    }
}

impl PartState {
    /// A file of lines that are documents each.
    pub(super) fn of_lines() -> Self {
        Self {
            name: String::new(),
            format: Format::JsonLines.to_string(),
            encoding: None,
            language: None,
            words: 0,
            notes: Vec::new(),
            reason: None,
        }
    }
}

impl FileState {
    /// A file as it is now, before it was read.
    pub(super) fn of(file: &FoundFile) -> Self {
        Self { bytes: file.bytes, modified: file.modified.map(nanoseconds), hash: None, parts: Vec::new() }
    }

    /// How many documents it gave.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.parts.iter().filter(|part| part.reason.is_none()).count()
    }
}

/// A fingerprint of the bytes of a file, 16 bytes of blake3.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn hash_of(path: &Path) -> io::Result<[u8; 16]> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        };
    }
    let mut hash = [0; 16];
    hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Ok(hash)
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).map(|since| since.as_nanos());
    // Times before 1970, and after 2262, are as good as any.
    since.ok().and_then(|since| i64::try_from(since).ok()).unwrap_or_default()
}

/// What changes what is read of a file.
fn described(options: &ReadOptions) -> String {
    format!("{options:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: u64, seconds: u64) -> FoundFile {
        let modified = UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        FoundFile { path: "письмо.txt".into(), bytes, modified: Some(modified) }
    }

    #[test]
    fn what_is_kept_is_read_again_under_the_same_rules_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let options = ReadOptions::default();
        let mut known = Known::load(dir.path(), "data-0001", &options);
        known.files.insert("письмо.txt".into(), FileState::of(&found(10, 5)));
        known.save(dir.path()).expect("written");
        let again = Known::load(dir.path(), "data-0001", &options);
        assert!(again.unchanged("письмо.txt", &found(10, 5)).is_some());
        assert!(again.unchanged("письмо.txt", &found(10, 6)).is_none());
        assert!(again.unchanged("письмо.txt", &found(11, 5)).is_none());
        assert!(again.unchanged("letter.txt", &found(10, 5)).is_none());
        assert!(Known::load(dir.path(), "data-0002", &options).files.is_empty());
        let other = ReadOptions { columns: vec![("title".into(), "тема".into())], ..ReadOptions::default() };
        assert!(Known::load(dir.path(), "data-0001", &other).files.is_empty());
    }
}
