//! A document → all that the index takes of it, made ready by whoever has the time.

use super::{IndexError, Record, duplicates::Signature, stored};
use crate::{corpus::Document, language::Detection, text::headings};

/// A document that is ready to be added: packed for the disk, with its headings found. Making one is most of the work that
/// adding takes outside the engine, and needs no index.
#[derive(Debug)]
pub struct Prepared {
    pub(super) document: Box<Document>,
    pub(super) record: Record,
    pub(super) packed: Vec<u8>,
    pub(super) signature: Signature,
    /// The id of the file that it was read from, if it was read from one: when that is read again, all that came from it
    /// gives way.
    pub(super) file: Option<String>,
}

impl Prepared {
    /// Makes a document ready.
    ///
    /// # Errors
    /// Where there is no memory to pack it.
    pub fn new(document: Box<Document>, file: Option<String>, detection: &Detection) -> Result<Self, IndexError> {
        let record = Record::of(&document, detection);
        let bytes = record.to_bytes().map_err(IndexError::packing(&document.id))?;
        let packed = stored::pack(&document.id, &bytes, &document.text).map_err(IndexError::packing(&document.id))?;
        let signature = Signature::of(&document.title, &document.text);
        Ok(Self { document, record, packed, signature, file })
    }

    /// About how much memory it takes, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        (size_of::<Self>() + self.document.text.len() + self.packed.len()) as u64
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The id of the file that it was read from, if it was read from one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The code of its language label.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.record.language
    }

    /// The title and what looks like headings in the text.
    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        let title = &self.document.title;
        let titles = Some(title.as_str()).filter(|title| !title.is_empty());
        titles.into_iter().chain(headings(&self.document.text).filter(move |heading| heading != title))
    }
}
