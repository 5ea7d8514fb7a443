//! The snapshots that a server keeps in a folder of its own, each under the time at which it was made.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use schemars::JsonSchema;
use serde::Serialize;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::{IndexError, Manifest, SnapshotFigures, snapshot, snapshot::UNFINISHED};

/// To the millisecond, so that names tell the order in which snapshots were made.
const NAME: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second][subsecond digits:3]Z");

/// What a snapshot is called that is being deleted, before its name.
const DELETED: &str = ".deleted-";

/// How many names are tried where snapshots are made within one millisecond.
const MAX_NAMES: usize = 100;

/// The name of a snapshot: the time at which it was made, such as `20261122T091500123Z`, and nothing else, so that it can
/// stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotName(String);

/// A text that is no name of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of a snapshot; one is like 20261122T091500123Z")]
pub struct NotASnapshotName(String);

impl FromStr for SnapshotName {
    type Err = NotASnapshotName;

    fn from_str(text: &str) -> Result<Self, NotASnapshotName> {
        let of_time = |at: usize, byte: u8| match at {
            8 => byte == b'T',
            18 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        let is_name = text.len() == 19 && text.bytes().enumerate().all(|(at, byte)| of_time(at, byte));
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotASnapshotName(text.to_owned())) }
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A snapshot that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeptSnapshot {
    /// Its name: when it was made, in UTC.
    pub name: String,
    /// What it holds.
    #[serde(flatten)]
    pub figures: SnapshotFigures,
}

/// A folder of snapshots; made when the first one is.
#[derive(Debug, Clone)]
pub struct Snapshots {
    folder: PathBuf,
}

impl Snapshots {
    /// The snapshots in a folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder of a snapshot, whether it is there or not.
    #[must_use]
    pub fn folder_of(&self, name: &SnapshotName) -> PathBuf {
        self.folder.join(&name.0)
    }

    /// Makes a snapshot of the index in `dir`; one at a time, in this folder.
    ///
    /// # Errors
    /// As [`snapshot()`].
    pub fn make(&self, dir: &Path) -> Result<KeptSnapshot, IndexError> {
        self.sweep()?;
        let mut refused = None;
        for later in 0..MAX_NAMES {
            let moment = OffsetDateTime::now_utc() + time::Duration::milliseconds(i64::try_from(later).unwrap_or(0));
            let name = moment.format(NAME).map_err(io::Error::other).map_err(IndexError::io(&self.folder))?;
            match snapshot(dir, &self.folder.join(&name)) {
                Ok(figures) => return Ok(KeptSnapshot { name, figures }),
                Err(error @ IndexError::NotEmpty(_)) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or_else(|| IndexError::Changing(dir.to_owned())))
    }

    /// All that are kept, the newest first. One that cannot be read is left out, and told in the log.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn list(&self) -> Result<Vec<KeptSnapshot>, IndexError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(IndexError::io(&self.folder)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(IndexError::io(&self.folder))?.file_name();
            names.extend(name.to_str().and_then(|name| name.parse::<SnapshotName>().ok()));
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        let kept = names.into_iter().filter_map(|name| match self.figures(&name) {
            Ok(figures) => Some(KeptSnapshot { name: name.0, figures }),
            Err(error) => {
                tracing::warn!(%error, %name, "a snapshot cannot be read");
                None
            }
        });
        Ok(kept.collect())
    }

    /// Removes what was left where the server was cut off while it made or deleted a snapshot. The folder is one server's.
    fn sweep(&self) -> Result<(), IndexError> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(()) };
        for entry in entries {
            let entry = entry.map_err(IndexError::io(&self.folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(UNFINISHED) || name.starts_with(DELETED) {
                fs::remove_dir_all(entry.path()).map_err(IndexError::io(&entry.path()))?;
            }
        }
        Ok(())
    }

    fn figures(&self, name: &SnapshotName) -> Result<SnapshotFigures, IndexError> {
        let folder = self.folder_of(name);
        let manifest = Manifest::read(&folder)?;
        let bytes = bytes_in(&folder).map_err(IndexError::io(&folder))?;
        Ok(SnapshotFigures { documents: manifest.documents, updated: manifest.updated, bytes })
    }

    /// Deletes a snapshot; whether there was one.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn delete(&self, name: &SnapshotName) -> Result<bool, IndexError> {
        let folder = self.folder_of(name);
        // Out of sight first: a half of a snapshot is none.
        let gone = self.folder.join(format!("{DELETED}{name}"));
        match fs::rename(&folder, &gone) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(IndexError::io(&folder)(error)),
        }
        fs::remove_dir_all(&gone).map_err(IndexError::io(&gone))?;
        Ok(true)
    }
}

/// The bytes of all files in a folder and below it.
fn bytes_in(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { bytes_in(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_time_and_nothing_else() {
        assert!("20261122T091500123Z".parse::<SnapshotName>().is_ok());
        for wrong in [
            "",
            ".",
            "..",
            "../20261122T0915Z",
            "20261122T091500123z",
            "20261122T09150012/Z",
            "снимок",
            "20261122T0915001234Z",
        ] {
            assert!(wrong.parse::<SnapshotName>().is_err(), "{wrong}");
        }
        let now = OffsetDateTime::now_utc().format(NAME).expect("a name");
        assert_eq!(now.parse::<SnapshotName>().expect("a name").to_string(), now);
    }
}
