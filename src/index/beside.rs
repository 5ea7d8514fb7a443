//! An index that is built under other rules beside the one that is served, and then takes its place in one step.
//!
//! Both are written by one process, which holds one lock for the two. Until the manifest names the new data, nobody reads it; a
//! process that is killed leaves data that no manifest names, which the next one removes.

use std::{fs, sync::Arc};

use super::{
    Index, IndexError, LiveWriter, Manifest, Options,
    folder::sync_folder,
    writer::{merge_new, new_manifest},
};

impl LiveWriter {
    /// Begins an empty index beside this one, under the rules that are asked for, else under the same.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn beside(&self, options: &Options) -> Result<Self, IndexError> {
        let rules = options.rules.unwrap_or_else(|| self.manifest.rules());
        let filterable = options.filterable.clone().unwrap_or_else(|| self.manifest.filterable.clone());
        Self::of_data(&self.dir, new_manifest(&self.dir, Some(rules), Some(filterable)), Arc::clone(&self.lock))
    }

    /// Makes one segment of all that is committed: a query looks up each of its words in each segment.
    ///
    /// # Errors
    /// Where the engine or the system fails.
    pub fn pack(&mut self) -> Result<(), IndexError> {
        self.settle()?;
        if merge_new(&self.engine, &[]).map_err(IndexError::engine(&self.dir))? {
            sync_folder(&self.dir.join(&self.manifest.data))?;
        }
        self.reopen()
    }

    /// Commits with a note, and takes the place of the index in the folder. When this fails, that is as it was.
    ///
    /// # Errors
    /// Where the engine or the system fails.
    pub fn publish(&mut self, note: &str) -> Result<Arc<Index>, IndexError> {
        self.commit(note)?;
        self.count()?;
        self.manifest.touch();
        if let Err(error) = self.manifest.write(&self.dir) {
            // It may have failed after the step.
            if Manifest::read(&self.dir).map_or(true, |published| published.data != self.manifest.data) {
                return Err(error);
            }
            tracing::warn!(%error, "the manifest is written and may not be safe from a loss of power yet");
        }
        self.is_told = true;
        Ok(Arc::clone(self.current()))
    }

    /// The name of the folder of the data.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.manifest.data
    }

    /// Ends writing, and removes the data: of an index that another one has taken the place of, or that takes no place.
    pub fn discard(mut self) {
        if let Err(error) = self.settle() {
            tracing::warn!(%error, "an index that is given up did not end in good order");
        }
        let data = self.dir.join(&self.manifest.data);
        drop(self);
        if let Err(error) = fs::remove_dir_all(&data) {
            tracing::warn!(path = %data.display(), %error, "what no manifest names is removed at the next start");
        }
    }

    /// Waits until nothing is being merged.
    pub(super) fn settle(&mut self) -> Result<(), IndexError> {
        let writer = self.writer.take();
        writer.map_or(Ok(()), tantivy::IndexWriter::wait_merging_threads).map_err(IndexError::engine(&self.dir))
    }
}
