//! Requests → records on disk, synced before they are acknowledged, in files that are removed when all in them is applied.
//!
//! A small request is a line in a log; those that come together are written as one frame and share one sync. A long one lies in
//! a file of its own, which gets its number, and with it its place among the others, when it is complete.

mod again;
mod error;
mod files;
mod frame;
mod long;
mod recovery;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use serde::{Deserialize, Serialize};

pub(super) use again::{Again, AgainBody, path_of_long, read_again};
pub use error::JournalError;
pub(super) use long::{LongReader, LongWriter, Part};

use super::{TaskKind, queue::Queue};
use files::Files;

/// The folder of the journal, in that of the index.
pub(super) const FOLDER: &str = ".journal";

/// What is known of a request beside its operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub kind: TaskKind,
    /// How many documents it gives, or names to be deleted.
    pub documents: u64,
    /// When it was accepted, in RFC 3339.
    pub accepted: String,
    /// Whether it deletes by a filter: what is to be deleted is then known only when all before it is committed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_filtered: bool,
}

/// A request that is in the journal.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub task: u64,
    pub head: Head,
    pub body: Body,
}

/// Where the operations of a request are.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// In this record.
    Here(Arc<str>),
    /// In this file.
    File(PathBuf),
}

impl Entry {
    /// The memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match &self.body {
            Body::Here(record) => record.len(),
            Body::File(_) => 0,
        }
    }
}

/// The journal of an index, open for writing.
pub(super) struct Journal {
    files: Mutex<Files>,
    /// The requests that wait for the next sync.
    waiting: Mutex<Vec<Arc<Waiting>>>,
    queue: Arc<Queue>,
}

/// A request that is to be written.
struct Waiting {
    head: Head,
    /// Its operations, as JSON with commas between.
    operations: String,
    written: OnceLock<Result<u64, JournalError>>,
}

impl Journal {
    /// Opens the journal of the index in `dir`, and queues what it holds beyond the task that was applied last. Numbers go on
    /// after `last`, and after all that are in it.
    ///
    /// # Errors
    /// Where it is damaged, and where the system refuses.
    pub(super) fn open(dir: &Path, applied: u64, last: u64, queue: Arc<Queue>) -> Result<Self, JournalError> {
        let (files, entries) = recovery::recover(&dir.join(FOLDER), applied, last)?;
        for entry in entries {
            queue.restore(entry);
        }
        Ok(Self { files: Mutex::new(files), waiting: Mutex::default(), queue })
    }

    /// Whether the index in `dir` has a journal that may hold something to be applied.
    pub(super) fn is_left(dir: &Path) -> bool {
        let Ok(entries) = std::fs::read_dir(dir.join(FOLDER)) else { return false };
        let endings = [files::LOG, files::LONG];
        let is_file = |path: &Path| path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known));
        entries.flatten().any(|entry| is_file(&entry.path()))
    }

    /// Makes a request durable and queues it; its number.
    ///
    /// # Errors
    /// Where the system refuses; then nothing of it is in the journal.
    pub(super) fn append(&self, head: Head, operations: String) -> Result<u64, JournalError> {
        let mine = Arc::new(Waiting { head, operations, written: OnceLock::new() });
        lock(&self.waiting).push(Arc::clone(&mine));
        let mut files = lock(&self.files);
        // Whoever had the files before may have written this one with its own.
        if mine.written.get().is_none() {
            let together = std::mem::take(&mut *lock(&self.waiting));
            self.write(&mut files, &together);
        }
        let gone = || JournalError::Io {
            path: files.folder().to_owned(),
            kind: std::io::ErrorKind::Other,
            message: "a write was lost".into(),
        };
        mine.written.get().cloned().unwrap_or_else(|| Err(gone()))
    }

    fn write(&self, files: &mut Files, together: &[Arc<Waiting>]) {
        let records = together
            .iter()
            .zip(files.next()..)
            .map(|(waiting, task)| record(task, waiting))
            .collect::<Result<Vec<_>, _>>();
        let folder = files.folder().to_owned();
        let written = records.map_err(|error| JournalError::io(&folder)(error.into()));
        let written = written.and_then(|records| files.append(&records).map(|first| (first, records)));
        match written {
            Ok((first, records)) => {
                for ((waiting, record), task) in together.iter().zip(records).zip(first..) {
                    self.queue.push(Entry { task, head: waiting.head.clone(), body: Body::Here(record.into()) });
                    let _ = waiting.written.set(Ok(task));
                }
            }
            Err(error) => {
                for waiting in together {
                    let _ = waiting.written.set(Err(error.clone()));
                }
            }
        }
    }

    /// Begins a long request.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn begin_long(&self) -> Result<LongWriter, JournalError> {
        let path = lock(&self.files).new_long();
        LongWriter::create(path)
    }

    /// Makes a long request durable and queues it; its number.
    ///
    /// # Errors
    /// Where the system refuses; then nothing of it is in the journal.
    pub(super) fn accept_long(&self, long: LongWriter, head: Head) -> Result<u64, JournalError> {
        let from = long.finish(&head)?;
        let mut files = lock(&self.files);
        let (task, path) = files.take_long(&from)?;
        self.queue.push(Entry { task, head, body: Body::File(path) });
        Ok(task)
    }

    /// Keeps the files of all tasks after this one, applied or not; of none beyond what has to be kept for `None`.
    pub(super) fn keep_after(&self, task: Option<u64>) {
        lock(&self.files).keep_after(task);
    }

    /// Removes the files of which all tasks up to this one are applied.
    pub(super) fn remove_applied(&self, task: u64, is_last: bool) {
        lock(&self.files).remove_applied(task, is_last);
    }
}

/// A request as a line of the journal.
fn record(task: u64, waiting: &Waiting) -> serde_json::Result<String> {
    let head = serde_json::to_string(&waiting.head)?;
    let members = head.trim_start_matches('{').trim_end_matches('}');
    Ok(format!("{{\"task\":{task},{members},\"operations\":[{}]}}", waiting.operations))
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
