//! The bytes of a table: its encoding, and no row that has no end.

use std::{
    cell::Cell,
    io::{self, Cursor, Read},
    rc::Rc,
};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::HEAD_BYTES;
use crate::corpus::{ReadError, read::Reader};

/// A table, its first bytes looked at.
pub(super) struct Input<'i> {
    /// Its first bytes, in an encoding that keeps ASCII, without a byte-order mark.
    pub head: Vec<u8>,
    /// The encoding of its text; none where the head is ASCII.
    pub encoding: Option<&'static Encoding>,
    /// All of it, from its first byte.
    pub rest: Box<dyn Read + 'i>,
}

impl<'i> Input<'i> {
    /// # Errors
    /// Where it cannot be read, or is no text.
    pub(super) fn of(reader: &mut Reader<'_>, input: &'i mut dyn Read) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.take(HEAD_BYTES).read_to_end(&mut head)?;
        let forced = reader.options.encoding;
        // A character at the end may be cut.
        let whole = if (head.len() as u64) < HEAD_BYTES { head.len() } else { last_line_end(&head) };
        let encoding = match forced {
            Some(encoding) => Some(encoding),
            None if head.is_ascii() && !head.contains(&0) => None,
            None => Encoding::for_label(reader.decode(&head[..whole])?.encoding.as_bytes()),
        };
        if encoding.is_some_and(|encoding| encoding == UTF_16LE || encoding == UTF_16BE) {
            let bytes = reader.bytes(&mut Cursor::new(head).chain(input))?;
            let text = reader.decode(&bytes)?.text.into_owned().into_bytes();
            let head = text[..text.len().min(whole)].to_vec();
            return Ok(Self { head, encoding: Some(UTF_8), rest: Box::new(Cursor::new(text)) });
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        Ok(Self { head: head.clone(), encoding, rest: Box::new(Cursor::new(head).chain(input)) })
    }
}

fn last_line_end(head: &[u8]) -> usize {
    head.iter().rposition(|&byte| byte == b'\n').map_or(head.len(), |at| at + 1)
}

/// A stream of which not more than a document may be read for one row: a quotation mark that is never closed makes all of a table
/// one field.
pub(super) struct Bounded<R> {
    inner: R,
    since: Rc<Cell<u64>>,
    limit: u64,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, since: Rc::default(), limit }
    }

    /// How many bytes were read since it was last set to none.
    pub(super) fn counter(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.since)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read as u64);
        if self.since.get() > self.limit.max(HEAD_BYTES) {
            let message = format!("a row of more than {} bytes; a quotation mark may not be closed", self.limit);
            return Err(io::Error::other(message));
        }
        Ok(read)
    }
}
