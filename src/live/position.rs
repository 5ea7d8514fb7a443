//! How far the journal is applied, as the index notes it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Counts;
use crate::index::{IndexError, LiveWriter};

/// How far the journal is applied: what the index notes with each commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// All tasks up to this one are done,
    pub task: u64,
    /// and of the next one so many parts, where it is a long one,
    #[serde(default)]
    pub parts: u64,
    /// which did this.
    #[serde(default)]
    pub counts: Counts,
}

impl Position {
    /// How far an index says that it is; one that no service has written yet is at the beginning.
    pub(super) fn of(writer: &LiveWriter) -> Self {
        writer.note().and_then(|note| serde_json::from_str(note).ok()).unwrap_or_default()
    }

    /// The note for the index in `dir`.
    ///
    /// # Errors
    /// None that is known: every position can be written.
    pub(super) fn note(&self, dir: &Path) -> Result<String, IndexError> {
        serde_json::to_string(self).map_err(|error| IndexError::Io { path: dir.to_owned(), source: error.into() })
    }
}
