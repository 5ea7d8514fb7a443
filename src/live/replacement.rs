//! An index that a run builds anew beside a running server → in the place of the one that it serves.
//!
//! The run builds it by itself, in a hidden folder of the index, as fast as without a server. Then the server checks it and puts it in the
//! place of the old one as it does a snapshot: in one step, while searches go on.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ureq::Agent;

use super::{
    address::Address,
    client::{REPLACEMENT, bearer, not_taken, reach, refused},
};
use crate::{
    index::{IndexError, RunLock},
    ingest::IngestError,
};

/// The folder in which it is built.
const FOLDER: &str = ".rebuilt";

/// An index that is being built anew, in the place of which another one is served.
pub struct Replacement {
    server: Address,
    agent: Agent,
    run: RunLock,
    folder: Folder,
    /// Held until the folder is gone, so that none but its own run ever removes it.
    _lock: RunLock,
}

/// Where the replacement of the index in `dir` is built, if one is.
#[must_use]
pub fn replacement_of(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// Removes what a run left behind that was killed; what one builds now, or the server takes over, stays.
pub(super) fn remove_abandoned(dir: &Path) {
    let folder = replacement_of(dir);
    if folder.exists()
        && let (Ok(_run), Ok(_lock)) = (RunLock::take(dir), RunLock::take_to_rebuild(dir))
    {
        drop(Folder(folder));
    }
}

impl Replacement {
    /// Finds the server that holds the index in `dir`, and makes a folder for the new one; `None` where there is none that answers.
    ///
    /// # Errors
    /// Where another run goes through the server, where that cannot write now, and where the system refuses.
    pub fn begin(dir: &Path) -> Result<Option<Self>, IngestError> {
        let Some((server, agent)) = reach(dir)? else { return Ok(None) };
        let (run, lock) = (RunLock::take(dir)?, RunLock::take_to_rebuild(dir)?);
        Ok(Some(Self { server, agent, run, folder: Folder::make(dir)?, _lock: lock }))
    }

    /// Where the new index is to be built.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Has the server put what was built in the place of what it serves. What others added since the run began goes with that.
    ///
    /// # Errors
    /// Where the server does not do it, which then serves what it served before.
    pub fn publish(self) -> Result<(), IngestError> {
        let Self { server, agent, run, folder, _lock: lock } = self;
        // The server sees that no run goes through it meanwhile.
        drop(run);
        let request = agent.post(format!("{}{REPLACEMENT}", server.base)).header("authorization", bearer(&server));
        let mut response = request.send_empty().map_err(|error| not_taken(&server, &error.to_string()))?;
        let is_done = response.status().as_u16() == 200;
        let body = response.body_mut().read_to_string().map_err(|error| not_taken(&server, &error.to_string()))?;
        drop(folder);
        drop(lock);
        if is_done { Ok(()) } else { Err(refused(&server, &body)) }
    }
}

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, in the place of what a run left behind that was killed.
    fn make(dir: &Path) -> Result<Self, IndexError> {
        let folder = Self(replacement_of(dir));
        folder
            .remove()
            .and_then(|()| fs::create_dir(&folder.0))
            .map_err(|source| IndexError::Io { path: folder.0.clone(), source })?;
        Ok(folder)
    }

    fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays is removed later.
        let _ = self.remove();
    }
}
