//! What a run did, while it runs and afterwards.

use std::fmt;

use super::FileState;
use crate::corpus::ReadError;

/// Watches a run. It is called from several threads.
pub trait Observer: Sync {
    /// More was found to read, in bytes; `None` where nobody knows how much is to come.
    fn found(&self, bytes: Option<u64>);
    /// A document was added that took this many bytes.
    fn added(&self, bytes: u64);
    /// A file or a line was skipped that took this many bytes.
    fn skipped(&self, skip: &Skip, bytes: u64);
    /// A line of a stream was read, and something of it was mended.
    fn noted(&self, _name: &str, _line: u64, _note: &'static str) {}
    /// A file was read, or is as it was, by its id; what was skipped of it was told before.
    fn file(&self, _id: &str, _state: &FileState, _is_unchanged: bool) {}
}

/// An observer that says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn found(&self, _bytes: Option<u64>) {}
    fn added(&self, _bytes: u64) {}
    fn skipped(&self, _skip: &Skip, _bytes: u64) {}
}

/// What was not indexed, and why.
#[derive(Debug)]
pub struct Skip {
    /// The file, or the name of the stream.
    pub name: String,
    /// The line, from 1, where only a line was skipped.
    pub line: Option<u64>,
    /// Whether it is a part of a file, of which there may be millions, and not the file itself.
    pub is_part: bool,
    /// Why.
    pub reason: ReadError,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.name, self.reason),
            None => write!(f, "{}: {}", self.name, self.reason),
        }
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// How many documents were added, replaced ones included.
    pub documents: u64,
    /// How many of them took the place of an earlier one.
    pub replaced: u64,
    /// How many files and lines were skipped.
    pub skipped: u64,
    /// How many files are as they were, and were not read again.
    pub unchanged: u64,
    /// How many files, and entries of archives, were skipped before and are as they were.
    pub skipped_before: u64,
    /// How many files are gone, with their documents.
    pub removed: u64,
    /// The bytes of the documents that were added, as they were read.
    pub bytes: u64,
}
