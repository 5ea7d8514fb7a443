//! Files of an index → another folder, as they are at one moment, whatever goes on beside it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tantivy::{
    directory::{Directory, META_LOCK, MmapDirectory},
    index::{SegmentComponent, SegmentMeta},
};

use super::{IndexError, stored::dictionary_names};

/// The file of the engine that names all others; it is replaced in one step.
pub(super) const META: &str = "meta.json";

/// The file of the engine that names the files which are its to delete.
const MANAGED: &str = ".managed.json";

/// What was read of files beside the index, and what was acknowledged but is not in its data yet: of each of these one or
/// more lie beside the manifest, hidden.
const FILES: &str = ".files";
const JOURNAL: &str = ".journal";

/// A file whose place in the copy is known and whose content is not there yet.
struct Waiting {
    file: File,
    to: PathBuf,
}

/// Copies what the engine keeps in one folder into another, new one; how many bytes it takes. Files that never change are
/// linked where the file system can.
///
/// # Errors
/// Where a file vanishes meanwhile ([`has_vanished`]) and where the system refuses.
pub(super) fn data(from: &Path, to: &Path) -> Result<u64, IndexError> {
    fs::create_dir(to).map_err(IndexError::io(to))?;
    let mut waiting = Vec::new();
    let mut bytes = 0;
    {
        // While this is held the engine deletes no file that is named. A folder that cannot be written to has nobody who
        // would delete one.
        let _lock = MmapDirectory::open(from).map(|directory| directory.acquire_lock(&META_LOCK));
        for name in [META, MANAGED] {
            let content = fs::read(from.join(name)).map_err(IndexError::io(&from.join(name)))?;
            write(&to.join(name), &content)?;
            bytes += content.len() as u64;
        }
        // The names come from the copy: the original may be another one by now.
        let copied = tantivy::Index::open_in_dir(to).map_err(IndexError::engine(to))?;
        let segments = copied.searchable_segment_metas().map_err(IndexError::engine(to))?;
        for name in segments.iter().flat_map(files_of).chain(dictionaries(from)) {
            let (from, to) = (from.join(&name), to.join(&name));
            if fs::hard_link(&from, &to).is_ok() {
                bytes += sync(&to)?;
                continue;
            }
            let file = File::open(&from).map_err(IndexError::io(&from))?;
            waiting.push(Waiting { file, to });
        }
    }
    // What is open can be read to its end, whoever deletes its name.
    for Waiting { mut file, to } in waiting {
        let mut copy = || -> io::Result<u64> {
            let mut copied = File::create_new(&to)?;
            io::copy(&mut file, &mut copied)?;
            copied.sync_all()?;
            Ok(copied.metadata()?.len())
        };
        bytes += copy().map_err(IndexError::io(&to))?;
    }
    sync(to)?;
    Ok(bytes)
}

/// The names of the files of a segment, in the folder of the data.
pub(super) fn files_of(segment: &SegmentMeta) -> impl Iterator<Item = PathBuf> + '_ {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let deletes = segment.has_deletes().then_some(Delete);
    [Terms, Postings, Positions, FieldNorms, FastFields, Store]
        .into_iter()
        .chain(deletes)
        .map(|component| segment.relative_path(component))
}

/// The names of what texts were packed with, in the folder of the data.
pub(super) fn dictionaries(data: &Path) -> impl Iterator<Item = PathBuf> {
    dictionary_names().map(PathBuf::from).filter(|name| data.join(name).exists())
}

/// Copies what lies hidden beside the manifest into another folder; how many bytes it takes.
///
/// # Errors
/// As [`data`].
pub(super) fn hidden(from: &Path, to: &Path) -> Result<u64, IndexError> {
    let mut bytes = 0;
    for name in hidden_names(from)? {
        bytes += tree(&from.join(&name), &to.join(&name))?;
    }
    Ok(bytes)
}

/// The names of what lies hidden beside the manifest and belongs to the index.
pub(super) fn hidden_names(dir: &Path) -> Result<Vec<String>, IndexError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(IndexError::io(dir))? {
        let name = entry.map_err(IndexError::io(dir))?.file_name().to_string_lossy().into_owned();
        if name == FILES || name.starts_with(JOURNAL) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Copies a file, or a folder with all that is in it, and makes it durable. These may grow or be replaced, so they are never
/// linked.
fn tree(from: &Path, to: &Path) -> Result<u64, IndexError> {
    let mut bytes = 0;
    if fs::metadata(from).map_err(IndexError::io(from))?.is_dir() {
        fs::create_dir(to).map_err(IndexError::io(to))?;
        for entry in fs::read_dir(from).map_err(IndexError::io(from))? {
            let name = entry.map_err(IndexError::io(from))?.file_name();
            bytes += tree(&from.join(&name), &to.join(&name))?;
        }
        sync(to)?;
    } else {
        let content = fs::read(from).map_err(IndexError::io(from))?;
        write(to, &content)?;
        bytes += content.len() as u64;
    }
    Ok(bytes)
}

fn write(path: &Path, content: &[u8]) -> Result<(), IndexError> {
    fs::write(path, content).map_err(IndexError::io(path))?;
    sync(path).map(drop)
}

/// Makes a file or a folder durable; its size in bytes.
pub(super) fn sync(path: &Path) -> Result<u64, IndexError> {
    let sync = || -> io::Result<u64> {
        let file = File::open(path)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    sync().map_err(IndexError::io(path))
}

/// Whether an error says that a file was there a moment ago: whoever copies beside a writer starts over.
pub(super) fn has_vanished(error: &IndexError) -> bool {
    match error {
        IndexError::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}
