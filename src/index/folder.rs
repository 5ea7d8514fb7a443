//! The folder of an index: what lies in it beside the manifest, and who may write there.

use std::{fs, path::Path};

use serde_json::Value;

use super::{IndexError, lock::Lock, manifest, restore};

const DATA_PREFIX: &str = "data-";

/// Makes the folder, if there is none, sees that it is for an index, and takes its lock.
pub(super) fn prepare(dir: &Path) -> Result<Lock, IndexError> {
    fs::create_dir_all(dir).map_err(IndexError::io(dir))?;
    if !dir.join(manifest::FILE_NAME).exists() && holds_other_files(dir)? {
        return Err(IndexError::NotAnIndex(dir.to_owned()));
    }
    let lock = Lock::take(dir)?;
    restore::finish(dir)?;
    Ok(lock)
}

/// Whether a folder without a manifest holds what no index leaves behind; hidden files are nobody's content.
fn holds_other_files(dir: &Path) -> Result<bool, IndexError> {
    for entry in fs::read_dir(dir).map_err(IndexError::io(dir))? {
        let name = entry.map_err(IndexError::io(dir))?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !name.starts_with(DATA_PREFIX) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A name for data that no folder has yet.
pub(super) fn new_data_name(dir: &Path) -> String {
    let mut number = 1;
    loop {
        let name = format!("{DATA_PREFIX}{number:04}");
        if !dir.join(&name).exists() {
            return name;
        }
        number += 1;
    }
}

/// Removes data that the manifest does not name: of an index that was rebuilt, or of a build that was cut off.
pub(super) fn remove_other_data(dir: &Path, kept: &str) -> Result<(), IndexError> {
    for entry in fs::read_dir(dir).map_err(IndexError::io(dir))? {
        let entry = entry.map_err(IndexError::io(dir))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(DATA_PREFIX) && name != kept {
            fs::remove_dir_all(entry.path()).map_err(IndexError::io(&entry.path()))?;
        }
    }
    Ok(())
}

/// Makes the newest files of a folder durable: the engine syncs its files but not their folder, without which they may vanish
/// with the power.
///
/// # Errors
/// Where the system refuses.
pub fn sync_folder(folder: &Path) -> Result<(), IndexError> {
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(IndexError::io(folder))
}

/// What was noted with the last commit of the index in a folder, whatever rules that was built under.
pub(super) fn note_of(dir: &Path) -> Option<String> {
    note_in(&dir.join(json(&dir.join(manifest::FILE_NAME))?.get("data")?.as_str()?))
}

/// What was noted with the last commit of the data in a folder.
pub(super) fn note_in(data: &Path) -> Option<String> {
    Some(json(&data.join("meta.json"))?.get("payload")?.as_str()?.to_owned())
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Removes the temporary files that a process left behind which was killed.
pub(super) fn remove_temporary_files(dir: &Path) -> Result<(), IndexError> {
    for entry in fs::read_dir(dir).map_err(IndexError::io(dir))? {
        let entry = entry.map_err(IndexError::io(dir))?;
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            fs::remove_file(entry.path()).map_err(IndexError::io(&entry.path()))?;
        }
    }
    Ok(())
}
