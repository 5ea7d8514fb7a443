//! Where documents come from.

use std::{
    fmt,
    io::BufRead,
    path::{Path, PathBuf},
};

/// A place to read documents from.
pub enum Source {
    /// A file, or all files of a folder.
    Path(PathBuf),
    /// A stream of JSON Lines, with the name that reports call it.
    Lines(String, Box<dyn BufRead + Send>),
}

impl Source {
    /// The path, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Lines(..) => None,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Lines(name, _) => f.debug_tuple("Lines").field(name).finish_non_exhaustive(),
        }
    }
}
