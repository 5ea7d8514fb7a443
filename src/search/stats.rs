//! An index → its figures.

use serde::Serialize;

use crate::index::{Index, IndexError, Manifest};

/// The figures of an index.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// How many documents there are.
    pub documents: u64,
    /// How many segments the data lies in.
    pub segments: usize,
    /// The bytes of the data on disk.
    pub disk_bytes: u64,
    /// What the manifest says.
    pub manifest: Manifest,
}

/// The figures of an index.
///
/// # Errors
/// Where its data cannot be read.
pub fn stats(index: &Index) -> Result<Stats, IndexError> {
    Ok(Stats {
        documents: index.documents(),
        segments: index.segments(),
        disk_bytes: index.disk_bytes()?,
        manifest: index.manifest().clone(),
    })
}
