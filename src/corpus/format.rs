//! The beginning of a file, and its name → what it is read as.
//!
//! The content decides where it can: a PDF is one whatever it is called. Names decide between formats of plain text, which
//! look alike.

use std::fmt;

/// How many bytes of a file tell its format.
pub(super) const HEAD_BYTES: usize = 16 * 1024;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    PlainText,
    /// Markdown.
    Markdown,
    /// A page of the web.
    Html,
    /// A document a line.
    JsonLines,
    /// One document, or a list of them.
    Json,
    /// A table of values with commas, semicolons or tabs between, a document a row.
    Csv,
    /// Subtitles: `SubRip` and `WebVTT`.
    Subtitles,
    /// Rich Text Format.
    Rtf,
    /// `FictionBook`.
    Fb2,
    /// Portable Document Format.
    Pdf,
    /// A text of Word.
    Docx,
    /// A text or a presentation of `OpenDocument`.
    OpenDocument,
    /// A presentation of `PowerPoint`.
    Pptx,
    /// Sheets of Excel or `OpenDocument`.
    Spreadsheet,
    /// An electronic book.
    Epub,
    /// A message.
    Email,
    /// A mailbox of messages.
    Mbox,
    /// An archive, or one of the formats that are archives inside.
    Zip,
    /// An archive of Unix.
    Tar,
    /// A file packed by gzip, bzip2, xz or Zstandard.
    Packed(Packing),
    /// A format that is known and not read, by name.
    Unsupported(&'static str),
}

/// How a single file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// By gzip.
    Gzip,
    /// By bzip2.
    Bzip2,
    /// By xz.
    Xz,
    /// By Zstandard.
    Zstd,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlainText => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::JsonLines => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Subtitles => "subtitles",
            Self::Rtf => "rtf",
            Self::Fb2 => "fb2",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::OpenDocument => "opendocument",
            Self::Pptx => "pptx",
            Self::Spreadsheet => "spreadsheet",
            Self::Epub => "epub",
            Self::Email => "email",
            Self::Mbox => "mbox",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Packed(Packing::Gzip) => "gzip",
            Self::Packed(Packing::Bzip2) => "bzip2",
            Self::Packed(Packing::Xz) => "xz",
            Self::Packed(Packing::Zstd) => "zstd",
            Self::Unsupported(name) => name,
        })
    }
}

impl Format {
    /// The format of a file by its first bytes and its name.
    #[must_use]
    pub fn of(head: &[u8], name: &str) -> Self {
        Self::by_magic(head).unwrap_or_else(|| Self::of_text(head, name))
    }

    /// Whether it is parsed apart from the program, because a parser of bytes may hang, eat the memory or overflow the stack.
    #[must_use]
    pub fn is_binary(self) -> bool {
        match self {
            Self::PlainText
            | Self::Markdown
            | Self::JsonLines
            | Self::Json
            | Self::Csv
            | Self::Subtitles
            | Self::Unsupported(_) => false,
            // A page is text, but the tree of one that was made to do harm takes memory and time without end.
            Self::Html
            | Self::Rtf
            | Self::Fb2
            | Self::Pdf
            | Self::Docx
            | Self::OpenDocument
            | Self::Pptx
            | Self::Spreadsheet
            | Self::Epub
            | Self::Email
            | Self::Mbox
            | Self::Zip
            | Self::Tar
            | Self::Packed(_) => true,
        }
    }

    /// The format of bytes that begin as those of one format alone do.
    fn by_magic(head: &[u8]) -> Option<Self> {
        const MAGIC: [(&[u8], Format); 20] = [
            (b"{\\rtf", Format::Rtf),
            (b"PK\x03\x04", Format::Zip),
            (b"PK\x05\x06", Format::Zip),
            (b"\x1f\x8b", Format::Packed(Packing::Gzip)),
            (b"BZh", Format::Packed(Packing::Bzip2)),
            (b"\xfd7zXZ\0", Format::Packed(Packing::Xz)),
            (b"\x28\xb5\x2f\xfd", Format::Packed(Packing::Zstd)),
            (b"\xd0\xcf\x11\xe0", Format::Unsupported("old Office")),
            (b"7z\xbc\xaf", Format::Unsupported("7z")),
            (b"Rar!", Format::Unsupported("RAR")),
            (b"\x89PNG", Format::Unsupported("image")),
            (b"\xff\xd8\xff", Format::Unsupported("image")),
            (b"GIF8", Format::Unsupported("image")),
            (b"II*\0", Format::Unsupported("image")),
            (b"MM\0*", Format::Unsupported("image")),
            (b"AT&TFORM", Format::Unsupported("DjVu")),
            (b"ID3", Format::Unsupported("audio")),
            (b"OggS", Format::Unsupported("audio")),
            (b"\x7fELF", Format::Unsupported("program")),
            (b"SQLite format 3\0", Format::Unsupported("database")),
        ];
        // A PDF may have some rubbish before it.
        if head[..head.len().min(1024)].windows(5).any(|bytes| bytes == b"%PDF-") {
            return Some(Self::Pdf);
        }
        if head.get(257..262) == Some(b"ustar") {
            return Some(Self::Tar);
        }
        if head.get(4..8) == Some(b"ftyp") {
            return Some(Self::Unsupported("video"));
        }
        // Word and Excel put what has a password into a container of old Office.
        let wide: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();

        if head.starts_with(b"\xd0\xcf\x11\xe0") && head.windows(wide.len()).any(|bytes| bytes == wide) {
            return Some(Self::Unsupported("encrypted Office"));
        }
        MAGIC.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, format)| format)
    }

    /// The format of a text, by its beginning and its name.
    fn of_text(head: &[u8], name: &str) -> Self {
        let beginning = beginning(head);
        let lower = beginning.trim_start().to_ascii_lowercase();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "md" | "markdown" => return Self::Markdown,
            "jsonl" | "ndjson" => return Self::JsonLines,
            "json" => return Self::Json,
            "csv" | "tsv" => return Self::Csv,
            "srt" | "vtt" => return Self::Subtitles,
            "html" | "htm" | "xhtml" => return Self::Html,
            "eml" => return Self::Email,
            "mbox" => return Self::Mbox,
            _ => {}
        }
        let is_markup = lower.starts_with('<');
        if is_markup && lower.contains("<fictionbook") {
            Self::Fb2
        } else if lower.starts_with("<!doctype html") || is_markup && lower.contains("<html") {
            Self::Html
        } else if lower.starts_with("webvtt") {
            Self::Subtitles
        } else if lower.starts_with("from ") && has_headers(lower.split_once('\n').map_or("", |(_, rest)| rest)) {
            Self::Mbox
        } else if has_headers(&lower) {
            Self::Email
        } else if is_markup && (ending == "xml" || lower.starts_with("<?xml")) {
            Self::Unsupported("XML")
        } else {
            Self::PlainText
        }
    }
}

/// The beginning of a text, as far as its ASCII goes: enough for marks of formats in any encoding that keeps ASCII, and UTF-16.
fn beginning(head: &[u8]) -> String {
    let bytes = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let bytes = bytes.strip_prefix(b"\xff\xfe").or_else(|| bytes.strip_prefix(b"\xfe\xff")).unwrap_or(bytes);
    bytes.iter().filter(|&&byte| byte != 0).map(|&byte| char::from(byte)).collect()
}

/// Whether a text in lower case begins as a message does: with lines of names and values, of which two are those of messages.
fn has_headers(text: &str) -> bool {
    const KNOWN: [&str; 10] = [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "mime-version",
        "delivered-to",
        "content-type",
    ];
    let mut known = 0;
    for line in text.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
        known += usize::from(KNOWN.contains(&name));
    }
    known >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_before_the_name() {
        for (head, name, format) in [
            (&b"%PDF-1.7"[..], "отчёт.txt", Format::Pdf),
            (b"\n\n%PDF-1.4", "report", Format::Pdf),
            (b"PK\x03\x04", "письмо.docx", Format::Zip),
            (b"{\\rtf1", "a.doc", Format::Rtf),
            (b"\x1f\x8b\x08", "a", Format::Packed(Packing::Gzip)),
            (b"\x89PNG\r\n", "a.txt", Format::Unsupported("image")),
            (b"\xd0\xcf\x11\xe0\0\0", "a.doc", Format::Unsupported("old Office")),
            (
                b"\xd0\xcf\x11\xe0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
                "\u{43F}\u{438}\u{441}\u{44C}\u{43C}\u{43E}.docx",
                Format::Unsupported("encrypted Office"),
            ),
            (b"<!DOCTYPE html><p>x", "a", Format::Html),
            (b"\xff\xfe<\0h\0t\0m\0l\0", "a", Format::Html),
            (b"<?xml version=\"1.0\"?><FictionBook>", "a.fb2", Format::Fb2),
            (b"From: a@b.c\r\nSubject: =?utf-8?q?x?=\r\n\r\nText", "visit", Format::Email),
            (b"From a@b.c Mon Jan\nFrom: a@b.c\nTo: x\n\nText", "inbox", Format::Mbox),
            ("Тема: визит\nОт: Иван\n\nТекст".as_bytes(), "письмо", Format::PlainText),
            (b"Subject: physics\nis hard", "note", Format::PlainText),
            (b"# Heading", "README.md", Format::Markdown),
            (b"{\"id\": 1}", "a.jsonl", Format::JsonLines),
            (b"WEBVTT\n\n", "a", Format::Subtitles),
            (b"", "пусто", Format::PlainText),
        ] {
            assert_eq!(Format::of(head, name), format, "{name}");
        }
    }
}
