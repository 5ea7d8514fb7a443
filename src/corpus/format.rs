//! A file → what it is read as.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use super::{Document, LineReader, ReadError, clues, decode, markdown, plain_text};
use crate::text::words;

/// The largest document, in bytes: about a hundred novels.
pub const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One document of plain text.
    PlainText,
    /// One document in Markdown.
    Markdown,
    /// A document a line.
    JsonLines,
    /// A format that is known and not read yet, by name.
    Unsupported(&'static str),
}

impl Format {
    /// The format of a file, by the ending of its name; what has no ending that is known is taken for plain text.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Self::Markdown,
            "jsonl" | "ndjson" => Self::JsonLines,
            "html" | "htm" | "xhtml" => Self::Unsupported("HTML"),
            "pdf" => Self::Unsupported("PDF"),
            "docx" | "doc" => Self::Unsupported("Word"),
            "odt" | "ods" | "odp" => Self::Unsupported("OpenDocument"),
            "rtf" => Self::Unsupported("RTF"),
            "xlsx" | "xls" | "pptx" | "ppt" => Self::Unsupported("Office"),
            "json" | "xml" | "csv" | "tsv" => Self::Unsupported("data"),
            "zip" | "gz" | "bz2" | "xz" | "zst" | "tar" | "7z" | "rar" => Self::Unsupported("archive"),
            _ => Self::PlainText,
        }
    }
}

/// What a file opens as.
pub enum FileReader {
    /// The one document that it is.
    Document(Box<Document>),
    /// The lines, each a document.
    Lines(LineReader<BufReader<File>>),
}

/// Opens a file and reads it, if it is one document.
///
/// The document has neither id nor path yet: those are given by who knows where the file belongs.
///
/// # Errors
/// Where the file cannot be read, is no text, is empty or too large.
pub fn read_file(path: &Path) -> Result<FileReader, ReadError> {
    let read = match Format::of(path) {
        Format::Unsupported(name) => return Err(ReadError::Unsupported(name)),
        Format::JsonLines => {
            let file = File::open(path)?;
            return Ok(FileReader::Lines(LineReader::new(BufReader::with_capacity(1 << 20, file))));
        }
        Format::PlainText => plain_text::read,
        Format::Markdown => markdown::read,
    };
    let bytes = read_bytes(path)?;
    let mut document = read(&decode(&bytes)?.text);
    if words(&document.text).next().is_none() {
        return Err(ReadError::Empty);
    }
    if document.date.is_none() {
        document.date = path.file_name().and_then(|name| clues::date_of_name(name.to_str()?));
    }
    Ok(FileReader::Document(Box::new(document)))
}

/// The bytes of a file, at most as many as a document may have.
fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut content = Vec::new();
    let limit = MAX_DOCUMENT_BYTES;
    // The length on record may be wrong (pipes, files that grow): what is read is bounded all the same.
    let read = file.take(limit + 1).read_to_end(&mut content)? as u64;
    if read > limit {
        return Err(ReadError::TooLarge { bytes: bytes.max(read), limit });
    }
    Ok(content)
}
