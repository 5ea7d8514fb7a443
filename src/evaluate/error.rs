//! What can go wrong with an evaluation, in words for the person who runs it.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    index::IndexError,
    ingest::{IngestError, Skip},
    search::{RequestError, SearchError},
};

/// Why an evaluation could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line of a file is not what it should be.
    #[error("{file}:{line}: {reason}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// A document cannot be read, and without it the figures would be others.
    #[error("{0}")]
    Document(Box<Skip>),
    /// There was nothing to search in.
    #[error("no document to search in {0}")]
    NoDocuments(String),
    /// Queries and judgements have no query in common.
    #[error("no query has a judgement; do queries and judgements belong together?")]
    NothingJudged,
    /// Questions and answers have no question in common.
    #[error("no question has an answer; do queries and answers belong together?")]
    NothingAnswered,
    /// A folder that should hold collections holds none, or an unfinished one.
    #[error("{}: {reason}", .path.display())]
    Collection {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// An id that a TREC run file cannot hold.
    #[error("{0:?} cannot stand in a TREC run file, whose columns end at white space; evaluate without --run")]
    IdWithSpace(String),
    /// It was told to stop.
    #[error("stopped")]
    Stopped,
    /// A query cannot be asked.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What the documents are written to failed otherwise.
    #[error("{0}")]
    Sink(String),
}

impl EvaluateError {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

impl From<IngestError> for EvaluateError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Index(error) => Self::Index(error),
            // What the message of the index promises of its last commit is of no use here: this index is thrown away.
            IngestError::Stopped => Self::Stopped,
            IngestError::Server(message) => Self::Sink(message),
        }
    }
}

impl From<SearchError> for EvaluateError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Request(error) => Self::Request(error),
            SearchError::Index(error) => Self::Index(error),
        }
    }
}
