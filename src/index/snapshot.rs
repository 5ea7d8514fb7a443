//! An index → a whole copy of it in a new folder, beside anything that runs.
//!
//! No lock is needed: the files of a segment never change, those that name others are replaced in one step. What is hidden
//! beside the manifest comes first, then the manifest, then the data that it names; so what was acknowledged before is in one
//! of them. Where a commit, a merge or a rebuild comes between, the copy is begun anew.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use schemars::JsonSchema;
use serde::Serialize;
use tempfile::TempDir;

use super::{
    Index, IndexError, Manifest,
    copy::{self, META, has_vanished},
};

/// How often a copy is begun anew. Between two commits there is far more time than the small files take that must not change
/// meanwhile.
const MAX_TRIES: u32 = 20;

/// How long a commit that has come between is given to end.
const REST: Duration = Duration::from_millis(50);

/// What a snapshot is called that is not whole yet, before a name of its own.
pub(super) const UNFINISHED: &str = ".snapshot-";

/// What a snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotFigures {
    /// How many documents there are.
    pub documents: u64,
    /// When documents were last added, in RFC 3339.
    pub updated: String,
    /// The bytes of its files; on the file system of the index most of them are shared with it.
    pub bytes: u64,
}

/// Writes a copy of the index in `dir` into the new folder `to`, which is there whole or not at all.
///
/// # Errors
/// Where there is no index, where `to` is there and not empty, and where the system refuses.
pub fn snapshot(dir: &Path, to: &Path) -> Result<SnapshotFigures, IndexError> {
    Manifest::read(dir)?;
    let to = free_place(to)?;
    let parent = to.parent().unwrap_or(Path::new("/"));
    let mut tries = 0;
    let (whole, figures) = loop {
        let copy = temporary_folder(parent)?;
        match attempt(dir, copy.path()) {
            Ok(Some(figures)) => break (copy, figures),
            Ok(None) => {}
            Err(error) if has_vanished(&error) => {}
            Err(error) => return Err(error),
        }
        tries += 1;
        if tries == MAX_TRIES {
            return Err(IndexError::Changing(dir.to_owned()));
        }
        thread::sleep(REST);
    };
    let whole = whole.keep();
    if let Err(source) = fs::rename(&whole, &to) {
        // What is left over hinders nobody, and why it is there is the better thing to tell.
        let _ = fs::remove_dir_all(&whole);
        return Err(IndexError::Io { path: to, source });
    }
    copy::sync(parent)?;
    Ok(figures)
}

/// Copies an index into an empty folder; `None` where it has changed meanwhile.
fn attempt(dir: &Path, to: &Path) -> Result<Option<SnapshotFigures>, IndexError> {
    let before = Manifest::read(dir)?;
    let meta = dir.join(&before.data).join(META);
    let meta_before = fs::read(&meta).map_err(IndexError::io(&meta))?;
    let mut bytes = copy::hidden(dir, to)?;
    let mut manifest = Manifest::read(dir)?;
    if manifest.data != before.data {
        return Ok(None);
    }
    let data = to.join(&manifest.data);
    bytes += copy::data(&dir.join(&manifest.data), &data)?;
    // What was hidden tells what comes on top of one commit. On top of a later one it would bring back what that replaced.
    let copied = data.join(META);
    if fs::read(&copied).map_err(IndexError::io(&copied))? != meta_before {
        return Ok(None);
    }
    // A commit comes before the manifest that counts it, so this one may be of the commit before.
    let index = Index::open_data(to, &manifest)?;
    manifest.documents = index.documents();
    manifest.languages = index.languages()?;
    manifest.write(to)?;
    Ok(Some(SnapshotFigures { documents: manifest.documents, updated: manifest.updated, bytes }))
}

/// The whole path of a folder that is not there, or empty; what is above it is made.
fn free_place(to: &Path) -> Result<PathBuf, IndexError> {
    if let Ok(mut entries) = fs::read_dir(to) {
        return match entries.next() {
            None => fs::canonicalize(to).map_err(IndexError::io(to)),
            Some(_) => Err(IndexError::NotEmpty(to.to_owned())),
        };
    }
    if to.exists() {
        return Err(IndexError::NotEmpty(to.to_owned()));
    }
    let (Some(name), parent) = (to.file_name(), to.parent().filter(|parent| !parent.as_os_str().is_empty())) else {
        return Err(IndexError::NotEmpty(to.to_owned()));
    };
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(IndexError::io(parent))?;
    Ok(fs::canonicalize(parent).map_err(IndexError::io(parent))?.join(name))
}

/// A hidden folder that goes with the value, as readable as others.
fn temporary_folder(parent: &Path) -> Result<TempDir, IndexError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent).map_err(IndexError::io(parent))
}
