//! Where the server of an index is reached by other processes of the same owner.
//!
//! It stands in a hidden file of the index while the server holds the lock, with a token that only the owner can read. One that
//! a server left behind which was killed is known by this: nobody answers there, or not to that token.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// The name of the file in the folder of the index.
const FILE_NAME: &str = ".server";

/// Where a server is reached, and how it knows that it is asked by who may.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Address {
    /// What the paths of requests stand behind.
    pub base: String,
    pub token: String,
}

impl Address {
    /// An address with a token of its own.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub(super) fn new(base: String) -> io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let token = blake3::Hash::from_bytes(bytes).to_hex().to_string();
        Ok(Self { base, token })
    }

    /// The address that stands in the index in `dir`, if one does.
    pub(super) fn read(dir: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path(dir)).ok()?).ok()
    }

    /// Writes it, readable by its owner alone.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        // A temporary file is private.
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.persist(path(dir))?;
        Ok(())
    }

    /// Removes it.
    pub(super) fn remove(dir: &Path) {
        // One that stays is known to be nobody's.
        let _ = fs::remove_file(path(dir));
    }

    /// Whether this is its token; how much of a wrong one is right is not to be told by the time that it takes.
    pub(super) fn is_token(&self, token: &str) -> bool {
        blake3::hash(self.token.as_bytes()) == blake3::hash(token.as_bytes())
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(FILE_NAME)
}
