//! A snapshot, or an index that was built anew → in the place of an index, with what is known of its files.

use std::path::Path;

use super::known::Known;
use crate::index::{IndexError, Manifest, Restore};

/// Puts the snapshot in `from` in the place of the index in `dir`, in one step, once it is checked. What was indexed since the
/// snapshot is gone; files that are as they were when it was made are not read again.
///
/// # Errors
/// As [`Restore::stage`] and [`Restore::publish`].
pub fn restore(from: &Path, dir: &Path) -> Result<Manifest, IndexError> {
    let restore = Restore::stage(from, dir)?;
    Known::move_to(&restore.hidden(), restore.data())?;
    restore.publish()
}

/// Says of the index in `dir` that what is known of its files is known of data of another name, which holds the same documents and
/// has taken the place of the old.
///
/// # Errors
/// Where the system refuses; then all files are read again.
pub fn carry_over(dir: &Path, data: &str) -> Result<(), IndexError> {
    Known::move_to(dir, data)
}
