//! The lock that a writer of an index holds.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::Path,
};

use super::IndexError;

const FILE_NAME: &str = ".lock";

/// The name of the lock of a run beside a server.
const RUN_FILE_NAME: &str = ".run";

/// The name of the lock of a run that builds an index anew beside a server.
const REBUILD_FILE_NAME: &str = ".rebuilding";

/// Holds the right to be the one run of indexing that goes through the server of an index, until it is dropped: what is known of
/// files is written by one run at a time.
#[derive(Debug)]
pub struct RunLock {
    _lock: Lock,
}

impl RunLock {
    /// Takes the lock of the index in `dir`.
    ///
    /// # Errors
    /// [`IndexError::Locked`], with the number of the process that holds it.
    pub fn take(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self { _lock: Lock::of_file(dir, RUN_FILE_NAME)? })
    }

    /// Takes another one, of the run that builds the index in `dir` anew: held also while the server takes over what was built, for which
    /// the server takes the first itself.
    ///
    /// # Errors
    /// As [`RunLock::take`].
    pub fn take_to_rebuild(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self { _lock: Lock::of_file(dir, REBUILD_FILE_NAME)? })
    }
}

/// Holds the right to write to an index, until it is dropped or its process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the index in `dir`.
    ///
    /// # Errors
    /// [`IndexError::Locked`], with the number of the process that holds it.
    pub(super) fn take(dir: &Path) -> Result<Self, IndexError> {
        Self::of_file(dir, FILE_NAME)
    }

    fn of_file(dir: &Path, name: &str) -> Result<Self, IndexError> {
        let path = dir.join(name);
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(IndexError::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is told as well as it can be; that somebody does is certain.
                let read = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another process".to_owned(),
                    number if read.is_ok() => format!("process {number}"),
                    _ => "another process".to_owned(),
                };
                return Err(IndexError::Locked { dir: dir.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(IndexError::io(&path)(error)),
        }
        let noted = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        noted.map_err(IndexError::io(&path))?;
        Ok(Self { _file: file })
    }
}
