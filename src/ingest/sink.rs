//! What a run writes to: an index of its own, or one that a server holds.

use std::path::Path;

use super::IngestError;
use crate::index::{Added, IndexWriter, Prepared};

/// What a run writes to. Nothing that is written is seen before it is committed.
pub trait Sink {
    /// Adds a document; one of the same id gives way to it.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn add(&mut self, prepared: &Prepared) -> Result<Added, IngestError>;

    /// Takes away all documents that were read from a file, because those that it holds now follow.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn replace_file(&mut self, file: &str) -> Result<(), IngestError>;

    /// Deletes all documents that were read from a file.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn delete_file(&mut self, file: &str) -> Result<(), IngestError>;

    /// Deletes the document of an id, or all that were read from the file of that id; whether there was one before.
    ///
    /// # Errors
    /// Where it cannot be written, and where the index cannot be read.
    fn delete(&mut self, id: &str) -> Result<bool, IngestError>;

    /// Makes durable what was added and deleted, and seen by readers.
    ///
    /// # Errors
    /// Where it cannot be written; the index is then as it was.
    fn commit(&mut self) -> Result<(), IngestError>;

    /// The folder of the index.
    fn dir(&self) -> &Path;

    /// The name of the folder of the data, which tells this index from one that was built anew.
    fn data(&self) -> &str;

    /// Whether readers see another index than this one, until it is committed.
    fn is_unpublished(&self) -> bool;
}

impl Sink for IndexWriter {
    fn add(&mut self, prepared: &Prepared) -> Result<Added, IngestError> {
        Ok(self.add(prepared)?)
    }

    fn replace_file(&mut self, file: &str) -> Result<(), IngestError> {
        self.delete_file(file);
        Ok(())
    }

    fn delete_file(&mut self, file: &str) -> Result<(), IngestError> {
        self.delete_file(file);
        Ok(())
    }

    fn delete(&mut self, id: &str) -> Result<bool, IngestError> {
        Ok(self.delete(id)?)
    }

    fn commit(&mut self) -> Result<(), IngestError> {
        Ok(self.commit()?)
    }

    fn dir(&self) -> &Path {
        self.dir()
    }

    fn data(&self) -> &str {
        self.data()
    }

    fn is_unpublished(&self) -> bool {
        self.is_unpublished()
    }
}
