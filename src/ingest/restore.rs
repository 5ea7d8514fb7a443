//! A snapshot → in the place of an index, with what is known of its files.

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
