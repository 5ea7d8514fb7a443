//! A document → all that the index takes of it, made ready by whoever has the time.

use super::{IndexError, Record, duplicates::Signature, stored::Packer};
use crate::{
    corpus::Document,
    language::{Detection, Label},
    text::headings,
};

/// A document that is ready to be added: its language is known, and what its near duplicates are known by. Making one is most of the work
/// that adding takes outside the engine, and needs no index.
#[derive(Debug)]
pub struct Prepared {
    pub(super) document: Box<Document>,
    pub(super) record: Record,
    pub(super) signature: Signature,
    /// The id of the file that it was read from, if it was read from one: when that is read again, all that came from it
    /// gives way.
    pub(super) file: Option<String>,
}

impl Prepared {
    /// Makes a document ready.
    #[must_use]
    pub fn new(document: Box<Document>, file: Option<String>, detection: &Detection) -> Self {
        let record = Record::of(&document, detection);
        let signature = Signature::of(&document.title, &document.text);
        Self { document, record, signature, file }
    }

    /// What is to be kept of it, packed for the disk.
    ///
    /// # Errors
    /// Where there is no memory to pack it, and where a dictionary that is made on the way cannot be written.
    pub(super) fn pack(&self, packer: &mut Packer) -> Result<Vec<u8>, IndexError> {
        let label = self.record.language.parse().unwrap_or(Label::Other);
        let mut pack = || packer.pack(&self.document.id, label, &self.record.to_bytes()?, &self.document.text);
        pack().map_err(IndexError::packing(&self.document.id))
    }

    /// About how much memory it takes, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        (size_of::<Self>() + self.document.text.len()) as u64
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
