//! What can go wrong with an index, in words for the person who runs it.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::deadline::is_out_of_time;

/// Why an index could not be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Nothing was indexed there yet.
    #[error("there is no index in {}; build one: oba index PATH --index {}", .0.display(), .0.display())]
    NotFound(PathBuf),
    /// A folder with other things in it.
    #[error("{} holds other files and no index; name a new or an empty folder with --index", .0.display())]
    NotAnIndex(PathBuf),
    /// Built by another version of the format or under other rules of analysis.
    #[error("the index in {} was built under other rules ({built}; this program: {ours}); rebuild it: oba index PATH --index {} --rebuild", .dir.display(), .dir.display())]
    OtherRules {
        /// Where the index is.
        dir: PathBuf,
        /// What it was built under.
        built: String,
        /// What this program needs.
        ours: String,
    },
    /// Other members are filterable than were asked for.
    #[error("the index in {} was built with the filterable members {built:?}, not with {asked:?}; leave --filterable out, or rebuild it: oba index PATH --index {} --rebuild --filterable {}", .dir.display(), .dir.display(), .asked.join(","))]
    OtherFilterable {
        /// Where the index is.
        dir: PathBuf,
        /// What it was built with.
        built: Vec<String>,
        /// What was asked for.
        asked: Vec<String>,
    },
    /// The manifest cannot be understood.
    #[error("{} is damaged ({reason}); rebuild the index: oba index PATH --index {} --rebuild", .dir.join("manifest.json").display(), .dir.display())]
    DamagedManifest {
        /// Where the index is.
        dir: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process writes to it.
    #[error("{holder} is writing to the index in {}; wait until it has finished", .dir.display())]
    Locked {
        /// Where the index is.
        dir: PathBuf,
        /// Who holds the lock.
        holder: String,
    },
    /// A folder that was named for a snapshot holds something.
    #[error("{} is there and is no empty folder; name a new one for the snapshot", .0.display())]
    NotEmpty(PathBuf),
    /// The index changed each time that it was copied.
    #[error("the index in {} changes too often to be copied; try again", .0.display())]
    Changing(PathBuf),
    /// A folder holds no snapshot.
    #[error("there is no snapshot in {}; make one: oba snapshot DIR", .0.display())]
    NoSnapshot(PathBuf),
    /// A snapshot is not as it was written.
    #[error("the snapshot in {} is damaged and was not restored; the index is as it was. {faults}", .dir.display())]
    DamagedSnapshot {
        /// Where the snapshot is.
        dir: PathBuf,
        /// What is wrong with it.
        faults: String,
    },
    /// Two indexes cannot be put each in the place of the other in one step.
    #[error("{} and {} cannot be exchanged: {reason}", .one.display(), .other.display())]
    CannotExchange {
        /// Where the one is.
        one: PathBuf,
        /// Where the other is.
        other: PathBuf,
        /// Why, and what to do.
        reason: &'static str,
    },
    /// A document could not be packed for the disk.
    #[error("the document {id} could not be packed: {source}")]
    Packing {
        /// Its id.
        id: String,
        /// With what.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// With what.
        source: io::Error,
    },
    /// What was asked took longer than it may.
    #[error("it took longer than it may")]
    OutOfTime,
    /// The engine failed.
    #[error("the index in {} failed: {source}", .dir.display())]
    Engine {
        /// Where the index is.
        dir: PathBuf,
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What tells, in the words of an error, that there was no room: as systems number it, and as Rust names it.
const NO_ROOM: [&str; 3] = ["os error 28", "StorageFull", "QuotaExceeded"];

impl IndexError {
    /// Whether it failed for want of room on the disk. Of what fails in its threads, the engine hands on no more than the words.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Engine { source, .. } => {
                let words = source.to_string();
                NO_ROOM.iter().any(|no_room| words.contains(no_room))
            }
            _ => false,
        }
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(super) fn packing<E: std::error::Error + Send + Sync + 'static>(id: &str) -> impl FnOnce(E) -> Self {
        move |source| Self::Packing { id: id.to_owned(), source: Box::new(source) }
    }

    pub(super) fn engine<E: std::error::Error + Send + Sync + 'static>(dir: &Path) -> impl FnOnce(E) -> Self {
        move |source| {
            if is_out_of_time(&source) {
                Self::OutOfTime
            } else {
                Self::Engine { dir: dir.to_owned(), source: Box::new(source) }
            }
        }
    }
}
