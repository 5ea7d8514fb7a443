//! A record and a text → bytes.

use std::{cell::RefCell, io, sync::LazyLock};

use zstd::{bulk::Compressor, dict::EncoderDictionary};

use super::{DICTIONARY, Entry, PIECE_BYTES, Table, WORDS_PER_STEP};
use crate::text::{char_count, words};

/// How hard a text is pressed: with the dictionary a piece takes .39 of its text at level 1 and .355 at level 3, and both are packed
/// at about 100 MB a second.
const LEVEL: i32 = 3;

/// The dictionary, made ready once.
static ENCODER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// The bytes to keep of a document.
///
/// # Errors
/// Where the memory for packing cannot be had.
pub(in crate::index) fn pack(id: &str, record: &[u8], text: &str) -> io::Result<Vec<u8>> {
    let mut table = Table { id, pieces: Vec::new() };
    let mut pieces = Vec::new();
    let mut record = record;
    for cut in Cuts::of(text) {
        let mut unpacked = cut.text.as_bytes().to_vec();
        for step in &cut.steps {
            unpacked = postcard::to_extend(step, unpacked).map_err(io::Error::other)?;
        }
        unpacked.extend_from_slice(std::mem::take(&mut record));
        let packed = compress(&unpacked)?;
        table.pieces.push(Entry {
            packed: size(packed.len())?,
            unpacked: size(unpacked.len())?,
            bytes: size(cut.text.len())?,
            words: size(cut.words)?,
            codepoints: size(char_count(cut.text))?,
            utf16: size(cut.text.encode_utf16().count())?,
        });
        pieces.extend_from_slice(&packed);
    }
    let table = postcard::to_stdvec(&table).map_err(io::Error::other)?;
    pieces.extend_from_slice(&table);
    pieces.extend_from_slice(&size(table.len())?.to_le_bytes());
    Ok(pieces)
}

fn compressor() -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::with_prepared_dictionary(&ENCODER)?;
    // There is one dictionary, and it needs no number in each piece.
    compressor.include_dictid(false)?;
    Ok(compressor)
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = match slot {
            Some(compressor) => compressor,
            None => slot.insert(compressor()?),
        };
        compressor.compress(bytes)
    })
}

fn size(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).map_err(io::Error::other)
}

/// The text of a piece, how many words begin in it, and where.
struct Cut<'t> {
    text: &'t str,
    words: usize,
    steps: Vec<u32>,
}

/// Cuts a text between words, into pieces of about [`PIECE_BYTES`]; inside a word only where it is longer than a piece.
struct Cuts<'t> {
    text: &'t str,
    starts: Vec<usize>,
    at: usize,
    word: usize,
    is_done: bool,
}

impl<'t> Cuts<'t> {
    fn of(text: &'t str) -> Self {
        let starts = words(text).map(|word| word.span.start).collect();
        Self { text, starts, at: 0, word: 0, is_done: false }
    }

    /// Where the piece that begins at `at` ends: before the first word that begins behind its room, else there.
    fn end(&self) -> usize {
        let room = self.at + PIECE_BYTES;
        if room >= self.text.len() {
            return self.text.len();
        }
        let next = self.starts[self.word..].partition_point(|&start| start < room) + self.word;
        match self.starts.get(next) {
            Some(&start) if start <= room + PIECE_BYTES => start,
            _ => (room..self.text.len()).find(|&at| self.text.is_char_boundary(at)).unwrap_or(self.text.len()),
        }
    }
}

impl<'t> Iterator for Cuts<'t> {
    type Item = Cut<'t>;

    /// The next piece; of an empty text an empty one, which carries the record.
    fn next(&mut self) -> Option<Cut<'t>> {
        if self.is_done {
            return None;
        }
        let end = self.end();
        let until = self.starts[self.word..].partition_point(|&start| start < end) + self.word;
        let mut last = self.at;
        let step = |&start: &usize| {
            let step = start - last;
            last = start;
            u32::try_from(step).ok()
        };
        let steps = self.starts[self.word..until].iter().step_by(WORDS_PER_STEP).filter_map(step).collect();
        let cut = Cut { text: &self.text[self.at..end], words: until - self.word, steps };
        (self.at, self.word) = (end, until);
        self.is_done = end == self.text.len();
        Some(cut)
    }
}
