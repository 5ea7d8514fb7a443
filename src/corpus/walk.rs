//! Paths → the files below them.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::ReadError;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is, as reached from the path that was given.
    pub path: PathBuf,
    /// Its length in bytes, as the system has it on record.
    pub bytes: u64,
}

/// The files at or below a path, in the order of their names. Hidden files and folders and symbolic links are passed
/// over below it; the path itself is taken whatever its name. What cannot be listed comes as an error with its path.
pub fn walk(root: &Path) -> impl Iterator<Item = Result<FoundFile, (PathBuf, ReadError)>> + use<> {
    let root = root.to_owned();
    let entries = WalkBuilder::new(&root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    entries.filter_map(move |entry| match entry {
        Ok(entry) => file_of(&entry),
        Err(error) => {
            let path = path_of(&error).unwrap_or(&root).to_owned();
            let reason = match error.into_io_error() {
                Some(error) => ReadError::Io(error),
                None => ReadError::Walk("cannot be listed".into()),
            };
            Some(Err((path, reason)))
        }
    })
}

fn file_of(entry: &DirEntry) -> Option<Result<FoundFile, (PathBuf, ReadError)>> {
    let path = entry.path().to_owned();
    // A path that was named is followed even if it is a link; what is found below is not.
    let metadata = if entry.depth() == 0 {
        path.metadata().map_err(ReadError::Io)
    } else {
        entry.metadata().map_err(|error| ReadError::Walk(error.to_string()))
    };
    match metadata {
        Ok(metadata) if metadata.is_file() => Some(Ok(FoundFile { path, bytes: metadata.len() })),
        Ok(_) => None,
        Err(error) => Some(Err((path, error))),
    }
}

/// The path that an error of the walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
