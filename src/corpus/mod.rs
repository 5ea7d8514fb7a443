//! Folders → files → bytes → documents.
//!
//! [`walk()`] lists the files, [`decode`] makes text of bytes in whatever encoding, and one file per document format makes
//! documents of text. What cannot be read is a [`ReadError`] that says why; nothing is left out in silence.

mod archives;
mod clues;
mod date;
mod document;
mod encoding;
mod error;
mod format;
mod formats;
mod json_lines;
mod read;
pub mod sandbox;
mod walk;

pub use date::Date;
pub use document::Document;
pub use encoding::{Decoded, decode};
pub use error::ReadError;
pub use format::{Format, Packing};
pub use json_lines::{Line, LineReader, ReadLine, document_of_json, parse_line};
pub use read::{Limits, MAX_DOCUMENT_BYTES, Part, ReadOptions, format_of_file, read_bytes, read_file};
pub use walk::{BadPattern, FoundFile, IGNORE_FILE, WalkOptions, walk};
