//! Bytes → a record and a text that is unpacked as far as it is read.

use std::{io, str::FromStr, sync::Arc};

use tantivy::directory::OwnedBytes;

use super::{Damaged, Dictionaries, Entry, ON, Table, WORDS_PER_STEP, damaged, dictionary::Dictionary, unpack::unpack};
use crate::{
    index::Record,
    snippet::{Excerpt, Source},
    text::{Span, body_start, char_count, words},
};

/// What an offset into a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetUnit {
    /// Bytes of UTF-8, as in Rust and Go.
    Byte,
    /// Code points, as in Python.
    Codepoint,
    /// UTF-16 units, as in JavaScript, Java and C#.
    Utf16,
}

/// A unit of offsets that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no unit {0:?}; there are byte, codepoint and utf16")]
pub struct UnknownUnit(String);

impl FromStr for OffsetUnit {
    type Err = UnknownUnit;

    fn from_str(name: &str) -> Result<Self, UnknownUnit> {
        match name {
            "byte" => Ok(Self::Byte),
            "codepoint" => Ok(Self::Codepoint),
            "utf16" => Ok(Self::Utf16),
            _ => Err(UnknownUnit(name.to_owned())),
        }
    }
}

impl OffsetUnit {
    /// The length of a text.
    #[must_use]
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Byte => text.len(),
            Self::Codepoint => char_count(text),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }

    fn of(self, entry: &Entry) -> usize {
        (match self {
            Self::Byte => entry.bytes,
            Self::Codepoint => entry.codepoints,
            Self::Utf16 => entry.utf16,
        }) as usize
    }
}

/// A stored document.
pub(in crate::index) struct Stored {
    /// All that is known of it but its text.
    pub record: Record,
    /// Its text.
    pub text: StoredText,
}

/// The text of a stored document, unpacked as far as it is read.
pub struct StoredText {
    /// The document as it is stored.
    packed: OwnedBytes,
    dictionary: Arc<Dictionary>,
    pieces: Vec<Slot>,
    /// Where the text begins that is not its title again, in bytes.
    body: usize,
}

/// A piece of the text, and where it stands.
struct Slot {
    entry: Entry,
    /// Where it begins among the stored bytes, in the text in bytes, and among the words.
    packed_at: usize,
    text_at: usize,
    word_at: usize,
    unpacked: Option<Unpacked>,
}

struct Unpacked {
    text: Arc<str>,
    /// Where every [`WORDS_PER_STEP`]th word begins.
    steps: Vec<usize>,
    /// The word that was asked for last, and where it begins: the next one is most often near behind it.
    last: (usize, usize),
}

/// The id of a document whose bytes end with what was packed; nothing is unpacked for it.
pub(in crate::index) fn id(bytes: &[u8]) -> io::Result<String> {
    let (_, table) = table_bytes(bytes)?;
    // It comes first, and the rest need not be read.
    let (id, _): (&str, _) = postcard::take_from_bytes(table).map_err(damaged)?;
    Ok(id.to_owned())
}

/// The bytes of the table at the end of some bytes, and where they begin.
fn table_bytes(bytes: &[u8]) -> io::Result<(usize, &[u8])> {
    let (before, length) = bytes.split_last_chunk().ok_or(Damaged).map_err(damaged)?;
    let at = before.len().checked_sub(u32::from_le_bytes(*length) as usize).ok_or(Damaged).map_err(damaged)?;
    Ok((at, &before[at..]))
}

impl Stored {
    /// Reads a document whose bytes end with what was packed.
    pub(in crate::index) fn read(bytes: OwnedBytes, dictionaries: &Dictionaries) -> io::Result<Self> {
        let (table_at, table) = table_bytes(&bytes)?;
        let table: Table<'_> = postcard::from_bytes(table).map_err(damaged)?;
        let dictionary = dictionaries.get(table.dictionary)?;
        let id = table.id.to_owned();
        let packed: usize = table.pieces.iter().map(|entry| entry.packed as usize).sum();
        let packed_at = table_at.checked_sub(packed).ok_or(Damaged).map_err(damaged)?;
        let mut pieces = Vec::with_capacity(table.pieces.len());
        let (mut packed_at, mut text_at, mut word_at) = (packed_at, 0, 0);
        for entry in table.pieces {
            pieces.push(Slot { entry, packed_at, text_at, word_at, unpacked: None });
            packed_at += entry.packed as usize;
            text_at += entry.bytes as usize;
            word_at += entry.words as usize;
        }
        let mut text = StoredText { packed: bytes, dictionary, pieces, body: 0 };
        let first = text.pieces.first_mut().ok_or(Damaged).map_err(damaged)?;
        let record = Record::from_bytes(id, &first.unpack(&text.packed, &text.dictionary)?).map_err(damaged)?;
        text.body = first.unpacked.as_ref().map_or(0, |piece| body_start(&piece.text, &record.title));
        Ok(Self { record, text })
    }
}

impl StoredText {
    /// The whole text.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn whole(&mut self) -> io::Result<String> {
        self.joined(Span::new(0, self.len()))
    }

    /// A place in the text, given in bytes, in another unit.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn offset(&mut self, at: usize, unit: OffsetUnit) -> io::Result<usize> {
        let n = self.piece_at(at);
        let before: usize = self.pieces[..n].iter().map(|piece| unit.of(&piece.entry)).sum();
        let start = self.pieces[n].text_at;
        let inside = self.piece(n)?.text.get(..at.saturating_sub(start)).ok_or(Damaged).map_err(damaged)?;
        Ok(before + unit.length(inside))
    }

    fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| last.text_at + last.entry.bytes as usize)
    }

    /// The number of the piece that holds a byte, or of the last.
    fn piece_at(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.text_at <= at).saturating_sub(1)
    }

    fn piece(&mut self, n: usize) -> io::Result<&mut Unpacked> {
        let slot = self.pieces.get_mut(n).ok_or(Damaged).map_err(damaged)?;
        if slot.unpacked.is_none() {
            slot.unpack(&self.packed, &self.dictionary)?;
        }
        slot.unpacked.as_mut().ok_or(Damaged).map_err(damaged)
    }

    /// A piece of the text, which is not copied where it stands in one of ours.
    fn excerpt(&mut self, span: Span) -> io::Result<Excerpt> {
        let n = self.piece_at(span.start);
        let Some(slot) = self.pieces.get(n).filter(|slot| span.end <= slot.text_at + slot.entry.bytes as usize) else {
            return Ok(self.joined(span)?.into());
        };
        let inside = Span::new(span.start - slot.text_at, span.end - slot.text_at);
        let text = &self.piece(n)?.text;
        text.get(inside.start..inside.end).ok_or(Damaged).map_err(damaged)?;
        Ok(Excerpt::new(Arc::clone(text), inside))
    }

    fn joined(&mut self, span: Span) -> io::Result<String> {
        let mut out = String::with_capacity(span.len());
        for n in self.piece_at(span.start)..self.pieces.len() {
            let start = self.pieces[n].text_at;
            if start >= span.end {
                break;
            }
            let text = &self.piece(n)?.text;
            let (from, to) = (span.start.saturating_sub(start), (span.end - start).min(text.len()));
            out.push_str(text.get(from..to).ok_or(Damaged).map_err(damaged)?);
        }
        Ok(out)
    }

    /// The nearest place at or after `at` where a character begins.
    fn boundary(&mut self, at: usize) -> io::Result<usize> {
        if at >= self.len() {
            return Ok(self.len());
        }
        let n = self.piece_at(at);
        let start = self.pieces[n].text_at;
        let text = &self.piece(n)?.text;
        Ok((at - start..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len()) + start)
    }
}

impl Source for StoredText {
    type Error = io::Error;

    fn shown(&self) -> Span {
        Span::new(self.body, self.len().max(self.body))
    }

    fn read(&mut self, from: usize, to: usize) -> io::Result<(usize, Excerpt)> {
        let (from, to) = (self.boundary(from)?, self.boundary(to)?);
        Ok((from, self.excerpt(Span::new(from, to.max(from)))?))
    }

    fn start_within(&mut self, word: usize, within: Span) -> io::Result<Option<usize>> {
        let n = self.pieces.partition_point(|piece| piece.word_at <= word).saturating_sub(1);
        let Some(slot) = self.pieces.get(n) else { return Ok(None) };
        let (text_at, inside) = (slot.text_at, word - slot.word_at);
        let is_elsewhere = text_at >= within.end || text_at + slot.entry.bytes as usize <= within.start;
        if is_elsewhere || inside >= slot.entry.words as usize {
            return Ok(None);
        }
        let within = Span::new(within.start.saturating_sub(text_at), within.end - text_at);
        Ok(self.piece(n)?.start_within(inside, within).map(|start| text_at + start))
    }
}

impl Unpacked {
    /// Where a word begins, by its number in the piece, if it does so within some bytes of the piece.
    fn start_within(&mut self, word: usize, within: Span) -> Option<usize> {
        let step = word / WORDS_PER_STEP;
        let written = (step * WORDS_PER_STEP, *self.steps.get(step)?);
        let is_behind = || self.steps.get(step + 1).is_some_and(|&next| next <= within.start);
        if written.1 >= within.end || is_behind() {
            return None;
        }
        let (from, at) = if (written.0..=word).contains(&self.last.0) { self.last } else { written };
        let start = if from == word { at } else { at + words(self.text.get(at..)?).nth(word - from)?.span.start };
        self.last = (word, start);
        Some(start).filter(|&start| within.contains(start))
    }
}

impl Slot {
    /// Unpacks the piece; gives the record that it carries.
    fn unpack(&mut self, packed: &[u8], dictionary: &Arc<Dictionary>) -> io::Result<Vec<u8>> {
        let range = self.packed_at..self.packed_at + self.entry.packed as usize;
        let packed = packed.get(range).ok_or(Damaged).map_err(damaged)?;
        unpack(packed, self.entry.unpacked as usize, dictionary, |bytes| self.read(bytes))
    }

    /// Takes over what was unpacked; gives the record that it carries.
    fn read(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let (text, rest) = bytes.split_at_checked(self.entry.bytes as usize).ok_or(Damaged).map_err(damaged)?;
        // Checked many bytes at a time: one by one, Russian text takes half as long to check as to unpack.
        let text = simdutf8::basic::from_utf8(text).map_err(damaged)?.into();
        let count = (self.entry.words as usize).div_ceil(WORDS_PER_STEP);
        let mut steps = Vec::with_capacity(count.min(rest.len()));
        let (mut at, mut read) = (0, 0);
        while steps.len() < count {
            let step = *rest.get(read).ok_or(Damaged).map_err(damaged)?;
            at += usize::from(step);
            read += 1;
            if step < ON {
                steps.push(at);
            }
        }
        let record = rest[read..].to_vec();
        self.unpacked = Some(Unpacked { text, last: (0, steps.first().copied().unwrap_or_default()), steps });
        Ok(record)
    }
}
