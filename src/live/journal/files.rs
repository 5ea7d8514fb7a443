//! The files of a journal, by their numbers.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{JournalError, frame};

/// How many long requests were begun in this process. One that is given up removes its file by its name, and where that was there
/// may lie another index by now, whose files must have other names.
static BEGUN: AtomicU64 = AtomicU64::new(1);

/// A log is ended when it is larger than this, in bytes, so that what is applied can be removed.
const LOG_BYTES: u64 = 8 * 1024 * 1024;

/// A log of which all is applied is removed when it is larger than this, in bytes; until then it is written on. Whoever writes first after
/// that waits for a new file and for its name to be durable, which may take ten times as long as the rest: at this size, one request of
/// hundreds. A start reads what was applied over in some milliseconds.
const SMALL_LOG_BYTES: u64 = 4 * 1024 * 1024;

/// The endings of the names of logs, of long requests, and of such as are not complete.
pub(super) const LOG: &str = "log";
pub(super) const LONG: &str = "long";
pub(super) const INCOMING: &str = "incoming";

/// The files of a journal.
pub(super) struct Files {
    folder: PathBuf,
    /// The number of the next request.
    next: u64,
    /// The log that is written.
    open: Option<Log>,
    /// The files that are complete, each with the number of its last request, in their order.
    ended: VecDeque<(PathBuf, u64)>,
    /// The task after which all are kept, where somebody reads them again.
    kept_after: Option<u64>,
}

struct Log {
    path: PathBuf,
    file: File,
    /// The bytes that are synced.
    length: u64,
    /// Whether more than that may be in the file.
    is_torn: bool,
}

impl Files {
    pub(super) fn new(folder: PathBuf, next: u64, ended: VecDeque<(PathBuf, u64)>) -> Self {
        Self { folder, next, open: None, ended, kept_after: None }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Writes records as one frame and syncs them; the number of the first.
    ///
    /// # Errors
    /// Where the system refuses; then they are not in the journal.
    pub(super) fn append(&mut self, records: &[String]) -> Result<u64, JournalError> {
        let first = self.next;
        let frame = frame::framed(records.join("\n").as_bytes()).map_err(JournalError::io(&self.folder))?;
        let mut log = match self.open.take() {
            Some(log) => log,
            None => self.create()?,
        };
        let written = log.append(&frame);
        let length = log.length;
        self.open = Some(log);
        written?;
        self.next += records.len() as u64;
        if length > LOG_BYTES {
            self.end();
        }
        Ok(first)
    }

    /// A name for a long request that is not complete.
    pub(super) fn new_long(&self) -> PathBuf {
        let begun = BEGUN.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("{begun}.{INCOMING}"))
    }

    /// Gives a long request, which is complete and synced, its number and its place.
    pub(super) fn take_long(&mut self, from: &Path) -> Result<(u64, PathBuf), JournalError> {
        // What was accepted before lies in files before it.
        self.end();
        let task = self.next;
        let path = self.path(LONG);
        fs::rename(from, &path).map_err(JournalError::io(from))?;
        // Its number is not given again, for the file may be there after all.
        self.next += 1;
        sync_folder(&self.folder).inspect_err(|_| drop(fs::remove_file(&path)))?;
        self.ended.push_back((path.clone(), task));
        Ok((task, path))
    }

    pub(super) fn keep_after(&mut self, task: Option<u64>) {
        self.kept_after = task;
    }

    /// Removes the files of which all is applied.
    pub(super) fn remove_applied(&mut self, task: u64, is_last: bool) {
        let task = self.kept_after.map_or(task, |kept| kept.min(task));
        let is_applied = task + 1 == self.next;
        let is_large = |log: &Log| is_last || log.length > SMALL_LOG_BYTES;
        if is_applied && self.open.as_ref().is_some_and(is_large) {
            self.end();
        }
        while self.ended.front().is_some_and(|(_, last)| *last <= task) {
            // One that stays is passed over when the journal is opened, and removed then.
            let removed = self.ended.pop_front().map(|(path, _)| fs::remove_file(path));
            if let Some(Err(error)) = removed {
                tracing::warn!(%error, "a file of the journal of which all is applied cannot be removed");
            }
        }
    }

    fn create(&self) -> Result<Log, JournalError> {
        let path = self.path(LOG);
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(&path);
        let file = file.map_err(JournalError::io(&path))?;
        sync_folder(&self.folder)?;
        Ok(Log { path, file, length: 0, is_torn: false })
    }

    fn end(&mut self) {
        if let Some(log) = self.open.take() {
            self.ended.push_back((log.path, self.next - 1));
        }
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{:020}.{ending}", self.next))
    }
}

impl Log {
    fn append(&mut self, frame: &[u8]) -> Result<(), JournalError> {
        self.mend()?;
        self.is_torn = true;
        let written = self.file.write_all(frame).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.is_torn = false;
                self.length += frame.len() as u64;
                Ok(())
            }
            Err(error) => {
                // What is refused must not come back after a crash; where it cannot be cut off now, it is before the next write.
                let _ = self.mend();
                Err(JournalError::io(&self.path)(error))
            }
        }
    }

    /// Cuts off what is not synced.
    fn mend(&mut self) -> Result<(), JournalError> {
        use std::io::{Seek, SeekFrom};
        if self.is_torn {
            let cut = self.file.set_len(self.length).and_then(|()| self.file.sync_all());
            cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length))).map_err(JournalError::io(&self.path))?;
            self.is_torn = false;
        }
        Ok(())
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), JournalError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(JournalError::io(folder))
}
