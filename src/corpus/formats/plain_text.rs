//! Plain text → document: the first line is the title.

use crate::corpus::{Document, clues};

/// The document that a plain text is.
pub(in crate::corpus) fn read(text: &str) -> Document {
    Document {
        title: clues::title(text),
        date: clues::date(text),
        source: clues::source(text),
        text: text.to_owned(),
        ..Document::default()
    }
}
