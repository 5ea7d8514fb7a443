//! JSON Lines → documents, one a line: `{"id", "title", "text", "date"?, "source"?, "lang"?, …}`.

use std::io::{self, BufRead, Read};

use encoding_rs::Encoding;
use serde_json::{Map, Value};

use super::{Decoded, Document, MAX_DOCUMENT_BYTES, ReadError, decode};
use crate::{language::Label, text::words};

/// A line of a JSON Lines stream.
#[derive(Debug)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes without the line break; or why it was passed over.
    pub content: Result<Vec<u8>, ReadError>,
}

/// Reads the lines of a stream one by one, in bounded memory: of a line longer than a document may be, only its length.
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    number: u64,
    limit: u64,
}

impl<R: BufRead> LineReader<R> {
    /// A reader of the lines of `input`.
    pub fn new(input: R) -> Self {
        Self::with_limit(input, MAX_DOCUMENT_BYTES)
    }

    /// A reader that passes over lines of more bytes than these.
    pub fn with_limit(input: R, limit: u64) -> Self {
        Self { input, number: 0, limit }
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// Where the stream cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            self.number += 1;
            let read = self.input.by_ref().take(self.limit).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            if !bytes.ends_with(b"\n") && read as u64 == self.limit {
                let length = self.limit + self.skip_rest()?;
                let content = Err(ReadError::TooLarge { bytes: length, limit: MAX_DOCUMENT_BYTES });
                return Ok(Some(Line { number: self.number, content }));
            }
            bytes.truncate(bytes.trim_ascii_end().len());
            if !bytes.trim_ascii_start().is_empty() {
                return Ok(Some(Line { number: self.number, content: Ok(bytes) }));
            }
        }
    }

    /// Passes over the rest of a line and counts its bytes.
    fn skip_rest(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(skipped);
            }
            let (length, found) = match buffer.iter().position(|&b| b == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            };
            self.input.consume(length);
            skipped += length as u64;
            if found {
                return Ok(skipped);
            }
        }
    }
}

/// A line that was read.
#[derive(Debug)]
pub struct ReadLine {
    /// Its document.
    pub document: Document,
    /// The encoding that it was in.
    pub encoding: &'static str,
    /// What was mended, in words.
    pub note: Option<&'static str>,
}

/// The document of one line, in the encoding that was forced, else in the one that it looks like.
///
/// Members other than those named above are kept as they are. `"id"` may be a string or a number; `"lang"` is the
/// language that the document declares for itself; a `"date"` that is no ISO 8601 date is kept as it came.
///
/// # Errors
/// Where the line is not JSON, not an object, or has no id or no text.
pub fn parse_line(line: &[u8], encoding: Option<&'static Encoding>) -> Result<ReadLine, ReadError> {
    let Decoded { text, encoding, note } = decode(line, encoding)?;
    Ok(ReadLine { document: document_of_json(serde_json::from_str(&text)?)?, encoding, note })
}

/// The document that a JSON value is, as [`parse_line`] reads one.
///
/// # Errors
/// Where the value is no object, or has no id or no text.
pub fn document_of_json(value: Value) -> Result<Document, ReadError> {
    let document = document_of(value)?;
    if document.id.is_empty() {
        return Err(ReadError::NotADocument("no \"id\"; give each document one, as a string or a number".into()));
    }
    Ok(document)
}

/// The document that a value is; its id is empty where it has none.
///
/// # Errors
/// Where it is no object, or has no text.
pub(super) fn document_of(value: Value) -> Result<Document, ReadError> {
    let Value::Object(mut members) = value else {
        return Err(ReadError::NotADocument(
            "not a JSON object; a document is {\"id\": …, \"title\": …, \"text\": …}".into(),
        ));
    };
    let id = match members.get("id") {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(Value::Null) => Some(String::new()),
        _ => None,
    };
    // An id of another type is kept as a member like any other.
    let id = id.inspect(|_| drop(members.remove("id"))).unwrap_or_default();
    let title = take_string(&mut members, "title").unwrap_or_default();
    let text = match members.remove("text") {
        Some(Value::String(text)) => text,
        Some(_) => return Err(ReadError::NotADocument("\"text\" is not a string".into())),
        None => return Err(ReadError::NotADocument("no \"text\"".into())),
    };
    if words(&text).next().is_none() && words(&title).next().is_none() {
        return Err(ReadError::Empty);
    }
    let date = members.get("date").and_then(Value::as_str).and_then(|date| date.parse().ok());
    if date.is_some() {
        members.remove("date");
    }
    let source = take_string(&mut members, "source");
    let declared = ["lang", "language"].iter().find_map(|name| {
        let label = Label::from_tag(members.get(*name)?.as_str()?)?;
        members.remove(*name);
        Some(label)
    });
    Ok(Document { id, title, text, date, source, path: None, declared, members })
}

/// Takes a member that is a string; one of another type is left where it is.
fn take_string(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.get(name) {
        Some(Value::String(_)) => match members.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &str) -> Vec<(u64, Vec<u8>)> {
        let mut reader = LineReader::new(input.as_bytes());
        let mut found = Vec::new();
        while let Some(line) = reader.next_line().expect("readable") {
            found.push((line.number, line.content.expect("short")));
        }
        found
    }

    fn refused(line: &str) -> String {
        parse_line(line.as_bytes(), None).expect_err("refused").to_string()
    }

    #[test]
    fn known_members_are_read_and_others_kept() {
        let line = r#"{"id": 7, "title": "Визит", "text": "Текст", "date": "2021-11-19", "source": "А", "lang": "ru", "tags": ["x"]}"#;
        let document = parse_line(line.as_bytes(), None).expect("a document").document;
        assert_eq!((document.id.as_str(), document.title.as_str(), document.text.as_str()), ("7", "Визит", "Текст"));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
        assert_eq!(document.declared, Some(Label::Russian));
        assert_eq!(document.members.keys().collect::<Vec<_>>(), ["tags"]);
    }

    #[test]
    fn a_date_that_is_none_is_given_back_as_it_came() {
        let line = br#"{"id": "a", "text": "visit", "date": "last spring"}"#;
        let document = parse_line(line, None).expect("a document").document;
        assert_eq!(document.date, None);
        assert_eq!(document.members["date"], "last spring");
    }

    #[test]
    fn what_is_no_document_is_refused_with_its_reason() {
        assert!(refused("{\"id\": \"a\", \"text\": ").starts_with("not valid JSON"));
        assert!(refused("[1]").starts_with("not a JSON object"));
        assert!(refused(r#"{"text": "визит"}"#).starts_with("no \"id\""));
        assert!(refused(r#"{"id": "a"}"#).starts_with("no \"text\""));
        assert!(refused(r#"{"id": "a", "text": 5}"#).starts_with("\"text\" is not a string"));
        assert!(refused(r#"{"id": "a", "text": " "}"#).starts_with("empty"));
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_passed_over() {
        assert_eq!(lines("a\n\n  \nб\r\nc"), [(1, b"a".to_vec()), (4, "б".as_bytes().to_vec()), (5, b"c".to_vec())]);
    }

    #[test]
    fn a_line_too_long_is_passed_over_in_bounded_memory() {
        let long = io::repeat(b'x').take(MAX_DOCUMENT_BYTES + 10).chain(&b"\nnext"[..]);
        let mut reader = LineReader::new(io::BufReader::new(long));
        let first = reader.next_line().expect("readable").expect("a line");
        let Err(ReadError::TooLarge { bytes, .. }) = first.content else { panic!("too large") };
        assert_eq!(bytes, MAX_DOCUMENT_BYTES + 11);
        let second = reader.next_line().expect("readable").expect("a line");
        assert_eq!((second.number, second.content.expect("short")), (2, b"next".to_vec()));
    }
}
