//! Paths → the files below them.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use ignore::{
    DirEntry, WalkBuilder,
    overrides::{Override, OverrideBuilder},
};

use super::ReadError;

/// The file in a folder whose lines say, as those of a `.gitignore` do, what in it is passed over.
pub const IGNORE_FILE: &str = ".obaignore";

/// Which files below a path are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WalkOptions {
    /// Only those that one of these patterns matches, if there are any.
    pub include: Vec<String>,
    /// None that one of these matches.
    pub exclude: Vec<String>,
}

/// A pattern that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("the pattern {pattern:?} cannot be understood: {reason}; write one such as *.md or letters/**")]
pub struct BadPattern {
    pattern: String,
    reason: String,
}

impl WalkOptions {
    /// Refuses patterns that cannot be understood.
    ///
    /// # Errors
    /// With the first of them.
    pub fn check(&self) -> Result<(), BadPattern> {
        for pattern in self.include.iter().chain(&self.exclude) {
            let mut builder = OverrideBuilder::new(".");
            if let Err(error) = builder.add(pattern).map(|_| ()).and_then(|()| builder.build().map(|_| ())) {
                return Err(BadPattern { pattern: pattern.clone(), reason: error.to_string() });
            }
        }
        Ok(())
    }

    /// The patterns of files to be passed over; those that were not [checked](Self::check) and are bad match nothing.
    fn excluded(&self, root: &Path) -> Override {
        overrides(root, self.exclude.iter().map(|pattern| format!("!{pattern}")))
    }

    /// The patterns of files to be read; they choose among what is left, and bring nothing back that is passed over.
    fn included(&self, root: &Path) -> Option<Override> {
        (!self.include.is_empty()).then(|| overrides(root, self.include.iter().cloned()))
    }
}

fn overrides(root: &Path, patterns: impl Iterator<Item = String>) -> Override {
    let mut builder = OverrideBuilder::new(root);
    for pattern in patterns {
        let _ = builder.add(&pattern);
    }
    builder.build().unwrap_or_else(|_| Override::empty())
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is, as reached from the path that was given.
    pub path: PathBuf,
    /// Its length in bytes, as the system has it on record.
    pub bytes: u64,
    /// When it was last changed, where the system tells.
    pub modified: Option<SystemTime>,
}

/// The files at or below a path, in the order of their names. Hidden files and folders and symbolic links are passed
/// over below it, and what patterns and `.obaignore` files leave out; the path itself is taken whatever its name. What cannot be listed comes as an error with its path.
pub fn walk(
    root: &Path,
    options: &WalkOptions,
) -> impl Iterator<Item = Result<FoundFile, (PathBuf, ReadError)>> + use<> {
    let root = root.to_owned();
    let included = options.included(&root);
    let entries = WalkBuilder::new(&root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .add_custom_ignore_filename(IGNORE_FILE)
        .overrides(options.excluded(&root))
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.depth() > 0 && !is_included(&entry, included.as_ref()) => None,
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

fn is_included(entry: &DirEntry, included: Option<&Override>) -> bool {
    included.is_none_or(|included| included.matched(entry.path(), false).is_whitelist())
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
        Ok(metadata) if metadata.is_file() => {
            Some(Ok(FoundFile { path, bytes: metadata.len(), modified: metadata.modified().ok() }))
        }
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
