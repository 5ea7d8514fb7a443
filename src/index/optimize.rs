//! An index of many segments → the same of one: a query looks up each of its words in each segment, and what was deleted takes
//! room until the segment that it lies in is written anew.

use std::path::Path;

use super::{
    Index, IndexError, Manifest,
    folder::{prepare, remove_other_data, sync_folder},
    writer::{merge, open_engine},
};

/// What became of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Optimized {
    /// How many segments there were, and are.
    pub segments: (usize, usize),
    /// How many bytes they took on the disk, and take.
    pub bytes: (u64, u64),
}

/// Makes one segment of all that the index in `dir` has, and clears deleted documents away. Searches beside it go on. What it
/// takes on the disk meanwhile is about twice what it took before.
///
/// # Errors
/// Where there is no index, where another process writes to it, and where the engine or the system fails; it is then as it was.
pub fn optimize(dir: &Path) -> Result<Optimized, IndexError> {
    Manifest::read(dir)?;
    let _lock = prepare(dir)?;
    let mut manifest = Manifest::read(dir)?;
    remove_other_data(dir, &manifest.data)?;
    let figures = || Index::open(dir).and_then(|index| Ok((index.segments(), index.disk_bytes()?)));
    let before = figures()?;
    let engine = open_engine(dir, &manifest)?.index;
    let segments = engine.searchable_segment_metas().map_err(IndexError::engine(dir))?;
    if segments.len() > 1 || segments.iter().any(tantivy::SegmentMeta::has_deletes) {
        let segments: Vec<_> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        merge(&engine, &segments).map_err(IndexError::engine(dir))?;
        sync_folder(&dir.join(&manifest.data))?;
        manifest.touch();
        manifest.write(dir)?;
    }
    let after = figures()?;
    Ok(Optimized { segments: (before.0, after.0), bytes: (before.1, after.1) })
}
