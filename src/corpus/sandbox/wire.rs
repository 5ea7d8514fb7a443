//! What parent and child say to each other: frames of a length, as a little-endian u32, and as many bytes.

use std::io::{self, Read, Write};

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    corpus::{Document, Limits, Part, ReadError, ReadOptions},
    language::Label,
};

/// The longest frame, in bytes: a document in which every byte became three.
const MAX_FRAME_BYTES: u32 = 256 * 1024 * 1024;

/// What the parent asks: to read a file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// The path of the file, in the bytes of the system.
    pub path: Vec<u8>,
    pub limits: Limits,
    pub encoding: Option<String>,
    pub columns: Vec<(String, String)>,
}

/// What the child answers, as often as there are parts, and once at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Part(Box<Sent>),
    End,
}

/// A part, as it is sent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    name: String,
    format: String,
    encoding: Option<String>,
    notes: Vec<String>,
    result: Result<SentDocument, SentError>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SentDocument {
    id: String,
    title: String,
    text: String,
    date: Option<String>,
    source: Option<String>,
    declared: Option<String>,
    /// As JSON.
    members: String,
}

#[derive(Debug, Serialize, Deserialize)]
enum SentError {
    Empty,
    Other(String),
}

impl Request {
    pub(super) fn new(path: Vec<u8>, options: &ReadOptions) -> Self {
        let encoding = options.encoding.map(|encoding| encoding.name().to_owned());
        Self { path, limits: options.limits.clone(), encoding, columns: options.columns.clone() }
    }

    pub(super) fn options(&self) -> ReadOptions {
        let encoding = self.encoding.as_ref().and_then(|name| Encoding::for_label(name.as_bytes()));
        ReadOptions { limits: self.limits.clone(), encoding, columns: self.columns.clone() }
    }
}

impl Sent {
    pub(super) fn of(part: Part) -> Self {
        let result = match part.result {
            Ok(document) => Ok(SentDocument::of(*document)),
            Err(ReadError::Empty) => Err(SentError::Empty),
            Err(error) => Err(SentError::Other(error.to_string())),
        };
        Self { name: part.name, format: part.format, encoding: part.encoding, notes: part.notes, result }
    }

    pub(super) fn into_part(self) -> Part {
        let result = match self.result {
            Ok(document) => Ok(Box::new(document.into_document())),
            Err(SentError::Empty) => Err(ReadError::Empty),
            Err(SentError::Other(message)) => Err(ReadError::Told(message)),
        };
        Part { name: self.name, format: self.format, encoding: self.encoding, notes: self.notes, result }
    }
}

impl SentDocument {
    fn of(document: Document) -> Self {
        Self {
            id: document.id,
            title: document.title,
            text: document.text,
            date: document.date.map(|date| date.to_string()),
            source: document.source,
            declared: document.declared.map(|label| label.code().to_owned()),
            // A map of JSON always has a form.
            members: serde_json::to_string(&document.members).unwrap_or_default(),
        }
    }

    fn into_document(self) -> Document {
        Document {
            id: self.id,
            title: self.title,
            text: self.text,
            date: self.date.and_then(|date| date.parse().ok()),
            source: self.source,
            path: None,
            declared: self.declared.and_then(|code| code.parse::<Label>().ok()),
            members: serde_json::from_str(&self.members).unwrap_or_default(),
        }
    }
}

/// The next part of what a process that parses answers to one request; `None` behind the last.
///
/// # Errors
/// Where it ends before, or is no answer.
pub fn next_part(input: &mut impl Read) -> io::Result<Option<Part>> {
    match read::<Answer>(input)? {
        Some(Answer::Part(part)) => Ok(Some(part.into_part())),
        Some(Answer::End) => Ok(None),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Writes one frame.
pub(super) fn write(out: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_stdvec(frame).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= MAX_FRAME_BYTES);
    let length = length.ok_or_else(|| io::Error::other("a frame is too long"))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&bytes)?;
    out.flush()
}

/// Reads one frame; `None` at the end.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_FRAME_BYTES {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut bytes = Vec::new();
    input.take(length.into()).read_to_end(&mut bytes)?;
    postcard::from_bytes(&bytes).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_arrives_as_it_was_sent() {
        let document = Document {
            title: "Визит".into(),
            text: "The visit began. Визит начался.".into(),
            date: "2021-11".parse().ok(),
            declared: Some(Label::Mixed),
            members: serde_json::from_str(r#"{"tags": ["мир", 1]}"#).expect("JSON"),
            ..Document::default()
        };
        let part = |result| Part {
            name: "письма/a.docx".into(),
            format: "docx".into(),
            encoding: None,
            notes: vec!["mended".into()],
            result,
        };
        let mut bytes = Vec::new();
        write(&mut bytes, &Answer::Part(Box::new(Sent::of(part(Ok(Box::new(document.clone()))))))).expect("written");
        write(&mut bytes, &Answer::Part(Box::new(Sent::of(part(Err(ReadError::Empty)))))).expect("written");
        write(&mut bytes, &Answer::End).expect("written");
        let mut input = bytes.as_slice();
        let mut next = || next_part(&mut input).expect("read");
        let read = next().expect("a part");
        assert_eq!((read.name.as_str(), read.format.as_str(), read.notes.len()), ("письма/a.docx", "docx", 1));
        assert_eq!(*read.result.expect("a document"), document);
        assert!(matches!(next().expect("a part").result, Err(ReadError::Empty)));
        assert!(next().is_none());
        assert!(next_part(&mut input).is_err(), "nothing follows");
    }
}
