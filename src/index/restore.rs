//! A snapshot → in the place of an index, in one step.
//!
//! The data is copied beside the old one and checked there; what was hidden beside the manifest waits in a folder that is
//! named after the data. Then the manifest is written, which is the step. Whoever takes the lock next, were this run cut off
//! there, moves what waits into its place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    IndexError, Manifest, copy,
    folder::{new_data_name, prepare, remove_other_data},
    lock::Lock,
    verify,
};

/// What the folder is called in which hidden files wait, before the name of the data.
const WAITING: &str = ".restored-";

/// A snapshot that was copied and checked, and is not published yet: dropped, it leaves the index as it was.
#[derive(Debug)]
pub struct Restore {
    dir: PathBuf,
    manifest: Manifest,
    is_published: bool,
    _lock: Lock,
}

impl Restore {
    /// Copies the snapshot in `from` beside the index in `dir`, of which it takes the lock, and checks it. The index may be of
    /// other rules, damaged, or not there.
    ///
    /// # Errors
    /// Where another process holds the lock, where there is no snapshot, where it is damaged or of other rules, where `dir`
    /// holds other files, and where the system refuses.
    pub fn stage(from: &Path, dir: &Path) -> Result<Self, IndexError> {
        let manifest = manifest_of(from)?;
        let lock = prepare(dir)?;
        let source = from.join(&manifest.data);
        let manifest = Manifest { data: new_data_name(dir), ..manifest };
        // From here on what was copied goes with the value, unless it is published.
        let restore = Self { dir: dir.to_owned(), manifest, is_published: false, _lock: lock };
        copy::data(&source, &restore.dir.join(restore.data()))?;
        let hidden = restore.hidden();
        fs::create_dir(&hidden).map_err(IndexError::io(&hidden))?;
        copy::hidden(from, &hidden)?;
        let found = verify::data(dir, &restore.manifest)?;
        if !found.is_clean() {
            let faults = found.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            return Err(IndexError::DamagedSnapshot { dir: from.to_owned(), faults });
        }
        Ok(restore)
    }

    /// The name of the folder of the data.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.manifest.data
    }

    /// The folder in which what is hidden beside a manifest waits.
    #[must_use]
    pub fn hidden(&self) -> PathBuf {
        self.dir.join(format!("{WAITING}{}", self.data()))
    }

    /// Puts the snapshot in the place of the index, and then clears the old state away.
    ///
    /// # Errors
    /// Where the system refuses: before the step the index is as it was, after it the snapshot.
    pub fn publish(mut self) -> Result<Manifest, IndexError> {
        copy::sync(&self.hidden())?;
        self.manifest.touch();
        self.manifest.write(&self.dir)?;
        self.is_published = true;
        finish(&self.dir)?;
        remove_other_data(&self.dir, self.data())?;
        Ok(self.manifest.clone())
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if !self.is_published {
            // What cannot be removed is removed by the next run, as all data is that no manifest names.
            let _ = fs::remove_dir_all(self.dir.join(self.data()));
            let _ = fs::remove_dir_all(self.hidden());
        }
    }
}

/// Ends what a restoring run began that was cut off: what waits for the data that is published takes its place, and all else
/// that waits goes. It may be cut off itself at any moment.
pub(super) fn finish(dir: &Path) -> Result<(), IndexError> {
    let published = Manifest::read(dir).ok().map(|manifest| format!("{WAITING}{}", manifest.data));
    for entry in fs::read_dir(dir).map_err(IndexError::io(dir))? {
        let entry = entry.map_err(IndexError::io(dir))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What another one that waited was moved to may be gone by now.
        if !name.starts_with(WAITING) || !entry.path().exists() {
            continue;
        }
        let mut waiting = entry.path();
        if Some(&name) == published.as_ref() {
            for old in copy::hidden_names(dir)? {
                remove(&dir.join(old))?;
            }
            // Copied, so that all of it is there until all of it is in its place.
            copy::hidden(&waiting, dir)?;
            copy::sync(dir)?;
            // What is half removed must not be taken for what waits.
            let done = dir.join(format!("{WAITING}done"));
            if done.exists() {
                fs::remove_dir_all(&done).map_err(IndexError::io(&done))?;
            }
            fs::rename(&waiting, &done).map_err(IndexError::io(&waiting))?;
            copy::sync(dir)?;
            waiting = done;
        }
        fs::remove_dir_all(&waiting).map_err(IndexError::io(&waiting))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), IndexError> {
    let is_folder = fs::symlink_metadata(path).map_err(IndexError::io(path))?.is_dir();
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(IndexError::io(path))
}

fn manifest_of(from: &Path) -> Result<Manifest, IndexError> {
    Manifest::read(from).map_err(|error| match error {
        IndexError::NotFound(dir) => IndexError::NoSnapshot(dir),
        other => other,
    })
}
