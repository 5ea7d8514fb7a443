//! The id of a document that is a file.

use std::path::{Component, Path, PathBuf};

/// Names files so that the same file has the same id whatever the working folder of the run.
///
/// A file in the folder that holds the index, or below it, is named by its path from there, as git names the files of a
/// work tree; any other by its whole path.
#[derive(Debug, Clone)]
pub struct Identity {
    base: PathBuf,
    /// The folder of the index itself, whole.
    index: String,
}

/// A path below which files are found, as it was given and whole.
pub(super) struct Root {
    given: PathBuf,
    whole: PathBuf,
}

impl Root {
    pub(super) fn new(path: &Path) -> Self {
        Self { given: path.to_owned(), whole: absolute(path) }
    }
}

impl Identity {
    /// The names of files for the index in `index_dir`.
    #[must_use]
    pub fn new(index_dir: &Path) -> Self {
        Self::beside(index_dir, index_dir)
    }

    /// The names that files have for an index in `place`, of files for the index in `index_dir`.
    #[must_use]
    pub fn beside(place: &Path, index_dir: &Path) -> Self {
        let whole = absolute(place);
        let base = whole.parent().unwrap_or(&whole).to_owned();
        Self { base, index: printable(&absolute(index_dir)) }
    }

    /// Whether an id is that of a file of the index itself, which holds no documents to read.
    #[must_use]
    pub fn is_of_index(&self, id: &str) -> bool {
        let inside = |whole: &str| whole.strip_prefix(&self.index).is_some_and(|rest| rest.starts_with('/'));
        if id.starts_with('/') { inside(id) } else { inside(&format!("{}/{id}", printable(&self.base))) }
    }

    /// The id of the file at a path.
    #[must_use]
    pub fn of(&self, path: &Path) -> String {
        self.of_whole(&absolute(path))
    }

    /// The id of a file that was found at or below a path. Links below it are not followed, so it need not be resolved
    /// again: that is most of the time of a run in which nothing has changed.
    pub(super) fn of_found(&self, root: &Root, path: &Path) -> String {
        match path.strip_prefix(&root.given) {
            Ok(rest) if !rest.as_os_str().is_empty() => self.of_whole(&root.whole.join(rest)),
            _ => self.of_whole(&root.whole),
        }
    }

    fn of_whole(&self, whole: &Path) -> String {
        match whole.strip_prefix(&self.base) {
            Ok(inside) if !inside.as_os_str().is_empty() => printable(inside),
            _ => printable(whole),
        }
    }

    /// Whether the file of an id is a path, or lies below it.
    #[must_use]
    pub fn is_below(&self, id: &str, path: &Path) -> bool {
        // What is gone cannot be resolved; what is above it can.
        let root = printable(&absolute(path));
        let whole = if id.starts_with('/') { id.to_owned() } else { format!("{}/{id}", printable(&self.base)) };
        whole == root || whole.strip_prefix(root.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// The whole path, with links resolved where it exists.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// A path as text, with `/` between its parts. Bytes that are no UTF-8 are written as `%XX`, so that two names that
/// differ in them stay two.
pub(super) fn printable(path: &Path) -> String {
    let mut out = String::new();
    for component in path.components() {
        if matches!(component, Component::RootDir) {
            out.push('/');
            continue;
        }
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        for chunk in component.as_os_str().as_encoded_bytes().utf8_chunks() {
            out.push_str(chunk.valid());
            out.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_named_from_the_folder_that_holds_the_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it exists");
        fs::create_dir_all(root.join("corpus/новости")).expect("writable");
        fs::write(root.join("corpus/новости/визит.md"), "x").expect("writable");
        let identity = Identity::new(&root.join("index"));
        assert!(identity.is_of_index("index/manifest.json") && !identity.is_of_index("index.md"));
        assert_eq!(identity.of(&root.join("corpus/новости/визит.md")), "corpus/новости/визит.md");
        assert_eq!(identity.of(&root.join("corpus/../corpus/новости/визит.md")), "corpus/новости/визит.md");
        let given = root.join("corpus/../corpus");
        let found = identity.of_found(&Root::new(&given), &given.join("новости/визит.md"));
        assert_eq!(found, "corpus/новости/визит.md");
        let file = root.join("corpus/новости/визит.md");
        assert_eq!(identity.of_found(&Root::new(&file), &file), "corpus/новости/визит.md");
    }

    #[test]
    fn a_file_elsewhere_is_named_by_its_whole_path() {
        let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let file = there.path().canonicalize().expect("it exists").join("letter.txt");
        fs::write(&file, "x").expect("writable");
        assert_eq!(Identity::new(&here.path().join("index")).of(&file), file.to_str().expect("UTF-8"));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_utf8_stay_apart() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let name = |bytes: &[u8]| printable(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(name(b"a/\xEF\xF0.txt"), "a/%EF%F0.txt");
        assert_ne!(name(b"\xEF"), name(b"\xF0"));
    }
}
