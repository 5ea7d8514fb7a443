//! What can go wrong with a journal.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a journal could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// The system refused.
    #[error("{}: {message}", .path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// Of what kind it was.
        kind: io::ErrorKind,
        /// With what.
        message: String,
    },
    /// Something in the middle of it cannot be read, and more follows.
    #[error(
        "the journal {} is damaged at byte {at}: what was accepted there cannot be read, and more follows it; restore the file \
         from a copy, or move it away to go on without what it holds, and send that again",
        .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, in bytes from its beginning.
        at: u64,
    },
}

impl JournalError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::Io { path, kind: error.kind(), message: error.to_string() }
    }
}
