//! An index → its figures.

use schemars::JsonSchema;
use serde::Serialize;

use crate::index::{Index, IndexError, Manifest};

/// The figures of an index.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// How many documents there are.
    pub documents: u64,
    /// How many were deleted whose data is not cleared away yet.
    pub deleted_documents: u64,
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
        deleted_documents: index.deleted(),
        segments: index.segments(),
        disk_bytes: index.disk_bytes()?,
        manifest: index.manifest().clone(),
    })
}
