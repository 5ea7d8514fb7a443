//! What went wrong → what it means for writes.

use std::{fs, io, path::Path};

use super::{JournalError, WriterState, served::Shared};
use crate::index::{IndexError, free_bytes};

/// So much room is left on the disk, in bytes: what is accepted has to be merged and committed, too, and that takes about as much
/// room as the segments that are merged, for a while. A write that would leave less is refused.
pub const MIN_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// Why a write was not accepted. Nothing of it was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is too little room.
    #[error("{0}")]
    DiskFull(String),
    /// The system does not let us write.
    #[error("{0}")]
    ReadOnly(String),
    /// Another process writes to the index, or the journal is not read yet.
    #[error("{0}")]
    NotYet(String),
    /// The index is being built anew.
    #[error("the index is being built anew; wait until that has ended, or give it up")]
    Rebuilding,
    /// Too much waits.
    #[error("more is waiting to be indexed than memory is kept for; send it again in a moment")]
    Busy,
    /// The journal or the engine failed.
    #[error("{0}")]
    Failed(String),
}

/// What may go wrong while writing.
pub(super) enum Fault {
    Index(IndexError),
    Journal(JournalError),
}

impl From<IndexError> for Fault {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl Fault {
    /// What it means for the writer.
    pub(super) fn state(&self, shared: &Shared) -> WriterState {
        match self {
            Self::Index(error) => state_of(shared.dir(), error),
            Self::Journal(error) => state_of_journal(shared.dir(), error),
        }
    }
}

/// Refuses where too little room is left after so many bytes more.
pub(super) fn check_room(dir: &Path, bytes: u64) -> Result<(), Refused> {
    // Where the system does not tell, a write that fails will.
    let free = free_bytes(dir).unwrap_or(u64::MAX);
    if free >= MIN_FREE_BYTES + bytes { Ok(()) } else { Err(Refused::DiskFull(no_room(dir, free))) }
}

fn no_room(dir: &Path, free: u64) -> String {
    let (free, least) = (free / 1024 / 1024, MIN_FREE_BYTES / 1024 / 1024);
    format!(
        "the disk of {} is full: {free} MB are free, and {least} MB are kept for what was accepted; make room, and send it again",
        dir.display()
    )
}

/// What a failure of the index means for its writer. The engine does not always tell what it failed of, so it is looked for.
pub(super) fn state_of(dir: &Path, error: &IndexError) -> WriterState {
    if let IndexError::Locked { .. } = error {
        return WriterState::Locked(error.to_string());
    }
    if let Err(Refused::DiskFull(message)) = check_room(dir, 0) {
        return WriterState::DiskFull(message);
    }
    if error.is_disk_full() {
        // What was half written is gone again, and its room is free.
        let free = free_bytes(dir).unwrap_or_default() / 1024 / 1024;
        let dir = dir.display();
        return WriterState::DiskFull(format!(
            "the disk of {dir} was full when the index was written, and {free} MB are free now; make room, and send it again"
        ));
    }
    match tempfile::tempfile_in(dir) {
        Err(refused) => state_of_io(dir, refused.kind(), &format!("{}: {refused}", dir.display())),
        Ok(_) => match error {
            IndexError::Io { source, .. } => state_of_io(dir, source.kind(), &error.to_string()),
            _ => WriterState::Failed(error.to_string()),
        },
    }
}

/// What a failure of the journal means for the writer.
pub(super) fn state_of_journal(dir: &Path, error: &JournalError) -> WriterState {
    match error {
        JournalError::Io { kind, .. } => state_of_io(dir, *kind, &error.to_string()),
        JournalError::Damaged { .. } => WriterState::Failed(error.to_string()),
    }
}

fn state_of_io(dir: &Path, kind: io::ErrorKind, message: &str) -> WriterState {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            WriterState::DiskFull(no_room(dir, free_bytes(dir).unwrap_or_default()))
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            WriterState::ReadOnly(format!("{message}; give the user of this process the right to write there"))
        }
        io::ErrorKind::NotFound if fs::metadata(dir).is_err() => WriterState::Failed(format!(
            "the folder {} of the index is gone; bring it back, or start anew",
            dir.display()
        )),
        _ => WriterState::Failed(message.to_owned()),
    }
}

impl WriterState {
    /// What a write is told, where it cannot be accepted.
    #[must_use]
    pub fn refusal(&self) -> Option<Refused> {
        match self {
            Self::Healthy => None,
            Self::Starting => {
                Some(Refused::NotYet("what was accepted before is being read; send it again in a moment".into()))
            }
            Self::Locked(message) => Some(Refused::NotYet(message.clone())),
            Self::DiskFull(message) => Some(Refused::DiskFull(message.clone())),
            Self::ReadOnly(message) => Some(Refused::ReadOnly(message.clone())),
            Self::Failed(message) => Some(Refused::Failed(message.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_known_by_the_words_of_the_engine() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let state = |words: &str| {
            let source = format!("An error occurred in a thread: '{words}'").into();
            state_of(dir.path(), &IndexError::Engine { dir: dir.path().to_owned(), source })
        };
        assert!(matches!(state("No space left on device (os error 28)"), WriterState::DiskFull(_)));
        assert!(matches!(state("Input/output error (os error 5)"), WriterState::Failed(_)));
    }
}
