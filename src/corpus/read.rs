//! A file → the documents in it: the file itself, or the entries of an archive, the rows of a table, the messages of a mailbox.
//!
//! What holds others is read as it goes by and never unpacked to disk. Of what is unpacked, sizes on record are never
//! believed: bytes, entries and depth are counted as they come.

use std::{
    fs::File,
    io::{self, Cursor, Read, Seek},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    Decoded, Document, Format, ReadError, archives, clues, decode,
    format::HEAD_BYTES,
    formats::{
        csv, docx, email, epub, fb2, html, json, markdown, mbox, open_document, pdf, plain_text, pptx, rtf,
        spreadsheet, subtitles,
    },
    json_lines::{LineReader, ReadLine, parse_line},
};
use crate::text::words;

/// The largest document, in bytes: about a hundred novels.
pub const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

/// How much is read of one file and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest document, in bytes.
    pub document_bytes: u64,
    /// The most entries of one file, those of archives in it counted.
    pub entries: u64,
    /// How deep archives may stand in one another.
    pub depth: usize,
    /// The most bytes that one file may be unpacked to.
    pub unpacked_bytes: u64,
    /// … and how many times its own size, if that is more than a document.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: MAX_DOCUMENT_BYTES,
            entries: 100_000,
            depth: 4,
            unpacked_bytes: 8 * 1024 * 1024 * 1024,
            ratio: 200,
        }
    }
}

/// How files are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// How much is read.
    pub limits: Limits,
    /// The encoding of all texts, whatever they look like; found by itself where there is none.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Which columns of tables are which members of documents, as `(member, column)`.
    pub columns: Vec<(String, String)>,
}

/// A document of a file, or why there is none.
#[derive(Debug)]
pub struct Part {
    /// What names it within the file: empty for the file itself, else such as `письма/visit.docx` or `17`.
    pub name: String,
    /// What it was taken for.
    pub format: String,
    /// The encoding of its text, where it had one to find.
    pub encoding: Option<String>,
    /// What was mended, in words.
    pub notes: Vec<String>,
    /// The document; without id where it does not declare one.
    pub result: Result<Box<Document>, ReadError>,
}

/// What was found out about the text of a document on the way to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// The encoding that it was in.
    pub encoding: Option<&'static str>,
    /// What was mended, in words.
    pub notes: Vec<String>,
}

impl Told {
    /// What decoding found out.
    pub(super) fn of(decoded: &Decoded<'_>) -> Self {
        Self { encoding: Some(decoded.encoding), notes: decoded.note.into_iter().map(str::to_owned).collect() }
    }
}

/// Reads a file; each document, or the reason why there is none, is given to `sink` as it comes.
pub fn read_file(path: &Path, options: &ReadOptions, sink: &mut dyn FnMut(Part)) {
    let mut reader = Reader { options, sink, entries: 0, unpacked: 0, allowed: u64::MAX };
    let place = Place::of(path);
    let read = File::open(path).map_err(ReadError::from).and_then(|file| reader.file(&place, file));
    if let Err(error) = read {
        reader.refuse(&place, Format::of(b"", &place.file_name), error);
    }
}

/// Reads bytes as the file of a name, as [`read_file`] does.
pub fn read_bytes(name: &str, bytes: &[u8], options: &ReadOptions, sink: &mut dyn FnMut(Part)) {
    let mut reader = Reader { options, sink, entries: 0, unpacked: 0, allowed: u64::MAX };
    reader.any(&Place::of(Path::new(name)), &mut Cursor::new(bytes));
}

/// What a file is taken for, by its content and its name.
///
/// # Errors
/// Where it cannot be read.
pub fn format_of_file(path: &Path) -> Result<Format, ReadError> {
    let head = head_of(&mut File::open(path)?)?;
    Ok(Format::of(&head, &Place::of(path).file_name))
}

/// Where something stands in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// Its name within the file; empty for the file itself.
    pub part: String,
    /// The last part of its name, by whose ending formats of text are told.
    pub file_name: String,
    /// How many archives stand around it.
    pub depth: usize,
}

impl Place {
    fn of(path: &Path) -> Self {
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { part: String::new(), file_name, depth: 0 }
    }

    /// The place of an entry of an archive, or of an attachment.
    pub(super) fn entry(&self, name: &str) -> Self {
        let part = if self.part.is_empty() { name.to_owned() } else { format!("{}/{name}", self.part) };
        let file_name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        Self { part, file_name, depth: self.depth + 1 }
    }

    /// The place of what is packed in a file by itself: visit.txt of visit.txt.gz.
    pub(super) fn unpacked(&self) -> Self {
        let file_name = match self.file_name.rsplit_once('.') {
            Some((stem, ending)) if ending.eq_ignore_ascii_case("tgz") => format!("{stem}.tar"),
            Some((stem, _)) => stem.to_owned(),
            None => self.file_name.clone(),
        };
        Self { part: self.part.clone(), file_name, depth: self.depth + 1 }
    }

    /// The place of a piece of a file that is no file itself: a row, a message.
    pub(super) fn piece(&self, name: &impl ToString) -> Self {
        let name = name.to_string();
        let part = if self.part.is_empty() { name } else { format!("{}/{name}", self.part) };
        Self { part, file_name: self.file_name.clone(), depth: self.depth }
    }
}

/// Reads one file and what it holds.
pub(super) struct Reader<'r> {
    pub options: &'r ReadOptions,
    sink: &'r mut dyn FnMut(Part),
    entries: u64,
    unpacked: u64,
    /// How many bytes may be unpacked of this file.
    allowed: u64,
}

/// What is said of sheets where columns were named.
const SHEETS_ARE_TEXT: &str =
    "sheets are read as one text, and --column is for CSV and TSV: save it as CSV for a document a row";

/// What a format makes of a document's bytes.
pub(super) type Parsed = Result<Document, ReadError>;

impl Reader<'_> {
    fn file(&mut self, place: &Place, mut file: File) -> Result<(), ReadError> {
        let limits = &self.options.limits;
        let size = file.metadata()?.len();
        self.allowed = limits.unpacked_bytes.min(limits.document_bytes.max(size.saturating_mul(limits.ratio)));
        let head = head_of(&mut file)?;
        file.rewind()?;
        match Format::of(&head, &place.file_name) {
            Format::Zip => self.zip(place, file),
            format => self.stream(place, format, &mut file),
        }
    }

    /// Reads something of whatever format. What goes wrong with all of it is its own error.
    pub(super) fn any(&mut self, place: &Place, input: &mut dyn Read) {
        let read = head_of(input).map_err(ReadError::from).and_then(|head| {
            let format = Format::of(&head, &place.file_name);
            let mut whole = Cursor::new(head).chain(input);
            match format {
                // The table of an archive stands at its end.
                Format::Zip => self.bytes(&mut whole).and_then(|bytes| self.zip(place, Cursor::new(bytes))),
                format => self.stream(place, format, &mut whole),
            }
        });
        if let Err(error) = read {
            self.refuse(place, Format::of(b"", &place.file_name), error);
        }
    }

    /// An archive, or one of the formats that are archives inside.
    fn zip(&mut self, place: &Place, mut input: impl Read + Seek) -> Result<(), ReadError> {
        match archives::zip::format(&mut input)? {
            Format::Zip => archives::zip::read(self, place, input),
            format => {
                input.rewind()?;
                self.stream(place, format, &mut input)
            }
        }
    }

    fn stream(&mut self, place: &Place, format: Format, input: &mut dyn Read) -> Result<(), ReadError> {
        match format {
            Format::Unsupported(name) => Err(ReadError::Unsupported(name)),
            Format::Tar => archives::tar::read(self, place, input),
            Format::Packed(packing) => archives::packed::read(self, place, packing, input),
            Format::JsonLines => self.lines(place, input),
            Format::Csv => csv::read(self, place, input),
            Format::Mbox => mbox::read(self, place, input),
            _ => {
                let bytes = self.bytes(input)?;
                self.document(place, format, &bytes);
                Ok(())
            }
        }
    }

    /// Reads what is a document, or a message with attachments, or a list of documents.
    pub(super) fn document(&mut self, place: &Place, format: Format, bytes: &[u8]) {
        let parsed = match format {
            Format::Email => return email::read(self, place, bytes),
            Format::Json => return json::read(self, place, bytes),
            Format::Html => return self.text(place, format, bytes, html::read),
            Format::Fb2 => return self.text(place, format, bytes, fb2::read),
            Format::Markdown => return self.text(place, format, bytes, |text| Ok(markdown::read(text))),
            Format::Subtitles => return self.text(place, format, bytes, |text| Ok(subtitles::read(text))),
            Format::Pdf => pdf::read(bytes),
            Format::Docx => docx::read(bytes),
            Format::OpenDocument => open_document::read(bytes),
            Format::Pptx => pptx::read(bytes),
            Format::Spreadsheet if !self.options.columns.is_empty() => {
                let notes = vec![SHEETS_ARE_TEXT.to_owned()];
                return self.give(place, format, Told { notes, ..Told::default() }, spreadsheet::read(bytes));
            }
            Format::Spreadsheet => spreadsheet::read(bytes),
            Format::Epub => epub::read(bytes),
            Format::Rtf => rtf::read(bytes),
            _ => return self.text(place, format, bytes, |text| Ok(plain_text::read(text))),
        };
        self.give(place, format, Told::default(), parsed);
    }

    fn text(&mut self, place: &Place, format: Format, bytes: &[u8], read: impl Fn(&str) -> Parsed) {
        match self.decode(bytes) {
            Ok(decoded) => self.give(place, format, Told::of(&decoded), read(&decoded.text)),
            Err(error) => self.refuse(place, format, error),
        }
    }

    /// The text of some bytes: in the encoding that was forced, else in the one that they declare or look like.
    ///
    /// # Errors
    /// Where they are no text.
    pub(super) fn decode<'b>(&self, bytes: &'b [u8]) -> Result<Decoded<'b>, ReadError> {
        decode(bytes, self.options.encoding)
    }

    /// The lines of a stream, each a document with an id of its own.
    fn lines(&mut self, place: &Place, input: &mut dyn Read) -> Result<(), ReadError> {
        let mut lines = LineReader::new(io::BufReader::with_capacity(1 << 16, input));
        while let Some(line) = lines.next_line()? {
            self.count_entry()?;
            let read = line.content.and_then(|content| parse_line(&content, self.options.encoding));
            let (told, parsed) = match read {
                Ok(ReadLine { document, encoding, note }) => {
                    let notes = note.into_iter().map(str::to_owned).collect();
                    (Told { encoding: Some(encoding), notes }, Ok(document))
                }
                Err(error) => (Told::default(), Err(error)),
            };
            self.give(&place.piece(&line.number), Format::JsonLines, told, parsed);
        }
        Ok(())
    }

    /// Gives a document on, when what can be found without its format is found.
    pub(super) fn give(&mut self, place: &Place, format: Format, told: Told, parsed: Parsed) {
        let result = parsed.and_then(|mut document| {
            if words(&document.text).next().is_none()
                && (document.id.is_empty() || words(&document.title).next().is_none())
            {
                return Err(ReadError::Empty);
            }
            if document.date.is_none() && document.id.is_empty() {
                document.date = clues::date_of_name(&place.file_name);
            }
            Ok(Box::new(document))
        });
        let (format, encoding) = (format.to_string(), told.encoding.map(str::to_owned));
        (self.sink)(Part { name: place.part.clone(), format, encoding, notes: told.notes, result });
    }

    /// Tells why there is no document.
    pub(super) fn refuse(&mut self, place: &Place, format: Format, error: ReadError) {
        let format = format.to_string();
        (self.sink)(Part { name: place.part.clone(), format, encoding: None, notes: Vec::new(), result: Err(error) });
    }

    /// Counts an entry, and what is read of it.
    ///
    /// # Errors
    /// Where there are more than are read.
    pub(super) fn count_entry(&mut self) -> Result<(), ReadError> {
        self.entries += 1;
        if self.entries > self.options.limits.entries {
            return Err(ReadError::TooMuch(format!("more than {} entries in one file", self.options.limits.entries)));
        }
        Ok(())
    }

    /// Refuses what stands too deep.
    ///
    /// # Errors
    /// Where more archives stand in one another than are opened.
    pub(super) fn check_depth(&self, place: &Place) -> Result<(), ReadError> {
        let depth = self.options.limits.depth;
        if place.depth < depth { Ok(()) } else { Err(ReadError::TooMuch(format!("archives more than {depth} deep"))) }
    }

    /// The bytes of a document, at most as many as one may have.
    ///
    /// # Errors
    /// Where there are more, and where they cannot be read.
    pub(super) fn bytes(&mut self, input: &mut dyn Read) -> Result<Vec<u8>, ReadError> {
        let limit = self.options.limits.document_bytes;
        let mut bytes = Vec::new();
        let read = input.take(limit + 1).read_to_end(&mut bytes)? as u64;
        if read > limit { Err(ReadError::TooLarge { bytes: read, limit }) } else { Ok(bytes) }
    }
}

/// What is unpacked, counted as it comes.
pub(super) struct Counted<'c, R> {
    pub inner: R,
    pub unpacked: &'c mut u64,
    pub allowed: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        *self.unpacked += read as u64;
        if *self.unpacked > self.allowed {
            let message = format!("it unpacks to more than {} bytes; it is not read further", self.allowed);
            return Err(io::Error::other(message));
        }
        Ok(read)
    }
}

impl Reader<'_> {
    /// Reads something that is unpacked on its way.
    pub(super) fn unpacked(&mut self, place: &Place, inner: impl Read) {
        let (mut unpacked, allowed) = (self.unpacked, self.allowed);
        self.any(place, &mut Counted { inner, unpacked: &mut unpacked, allowed });
        self.unpacked = unpacked;
    }
}

/// The first bytes of a file.
fn head_of(input: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}
