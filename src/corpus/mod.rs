//! Folders → files → bytes → documents.
//!
//! [`walk()`] lists the files, [`decode`] makes text of bytes in whatever encoding, and one file per document format makes
//! documents of text. What cannot be read is a [`ReadError`] that says why; nothing is left out in silence.

mod clues;
mod date;
mod document;
mod encoding;
mod error;
mod format;
mod json_lines;
mod markdown;
mod plain_text;
mod walk;

pub use date::Date;
pub use document::Document;
pub use encoding::{Decoded, decode};
pub use error::ReadError;
pub use format::{FileReader, Format, MAX_DOCUMENT_BYTES, read_file};
pub use json_lines::{Line, LineReader, parse_line};
pub use walk::{FoundFile, walk};
