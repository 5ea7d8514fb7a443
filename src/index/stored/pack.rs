//! A record and a text → bytes.

use std::{
    io,
    path::{Path, PathBuf},
};

use zstd::bulk::Compressor;

use super::{Choice, Entry, ON, PIECE_BYTES, Table, WORDS_PER_STEP, dictionary};
use crate::{
    language::Label,
    text::{char_count, words},
};

/// How hard a text is pressed: with the common dictionary a piece takes .39 of its text at level 1 and .355 at level 3, and both are
/// packed at about 100 MB a second.
const LEVEL: i32 = 3;

/// So many bytes of texts of one label are enough to make a dictionary of: of twice as many it is hardly better, and it is made in .3 s.
const ENOUGH: usize = 2_000_000;

/// So many pieces of one document at most are among them, so that a long one is not all that a dictionary knows.
const FROM_ONE: usize = 8;

/// The size of a dictionary, in bytes. One of 110 KiB is hardly better, one of 32 KiB leaves 2 in 100 more.
const DICTIONARY: usize = 65_536;

/// What packs the documents of one index, and makes dictionaries for them.
pub(in crate::index) struct Packer {
    /// The folder of the data.
    data: PathBuf,
    common: Compressor<'static>,
    /// For each label.
    own: [Own; Label::ALL.len()],
    enough: usize,
}

/// The dictionary that an index makes of the texts of a label.
enum Own {
    /// It is to be made of these.
    Sampled(Samples),
    Made(Compressor<'static>),
    /// The texts have too little in common.
    Impossible,
}

/// Pieces of texts, one behind the other.
#[derive(Default)]
struct Samples {
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Packer {
    /// For the data in a folder.
    ///
    /// # Errors
    /// Where a dictionary cannot be read or is damaged, and where there is no memory.
    pub(in crate::index) fn open(data: &Path) -> io::Result<Self> {
        let own = |label| -> io::Result<Own> {
            let made = dictionary::of_label(data, label)?.map(|bytes| compressor(&bytes)).transpose()?;
            Ok(made.map_or_else(|| Own::Sampled(Samples::default()), Own::Made))
        };
        let [english, russian, mixed, other] = Label::ALL.map(own);
        let own = [english?, russian?, mixed?, other?];
        Ok(Self { data: data.to_owned(), common: compressor(dictionary::COMMON)?, own, enough: ENOUGH })
    }

    /// The same that makes dictionaries of so many bytes already.
    #[cfg(test)]
    pub(super) fn that_samples(mut self, enough: usize) -> Self {
        self.enough = enough;
        self
    }

    /// The bytes to keep of a document of a label.
    ///
    /// # Errors
    /// Where the memory for packing cannot be had, and where a new dictionary cannot be written.
    pub(in crate::index) fn pack(&mut self, id: &str, label: Label, record: &[u8], text: &str) -> io::Result<Vec<u8>> {
        let number = Label::ALL.iter().position(|&each| each == label).unwrap_or_default();
        let mut pieces = Vec::new();
        let own = &mut self.own[number];
        let (choice, compressor, mut samples) = match own {
            Own::Made(compressor) => (Choice::Own(u8::try_from(number).map_err(io::Error::other)?), compressor, None),
            Own::Sampled(samples) => (Choice::Common, &mut self.common, Some(samples)),
            Own::Impossible => (Choice::Common, &mut self.common, None),
        };
        let mut table = Table { id, dictionary: choice, pieces: Vec::new() };
        let mut record = record;
        let mut unpacked = Vec::new();
        for cut in Cuts::of(text) {
            unpacked.clear();
            unpacked.extend_from_slice(cut.text.as_bytes());
            cut.steps.iter().for_each(|&step| push_step(&mut unpacked, step));
            unpacked.extend_from_slice(std::mem::take(&mut record));
            let packed = compressor.compress(&unpacked)?;
            table.pieces.push(Entry {
                packed: size(packed.len())?,
                unpacked: size(unpacked.len())?,
                bytes: size(cut.text.len())?,
                words: size(cut.words)?,
                codepoints: size(char_count(cut.text))?,
                utf16: size(cut.text.encode_utf16().count())?,
            });
            pieces.extend_from_slice(&packed);
            if table.pieces.len() <= FROM_ONE
                && let Some(samples) = &mut samples
            {
                samples.add(&unpacked);
            }
        }
        let table = postcard::to_stdvec(&table).map_err(io::Error::other)?;
        pieces.extend_from_slice(&table);
        pieces.extend_from_slice(&size(table.len())?.to_le_bytes());
        if let Some(samples) = samples.filter(|samples| samples.bytes.len() >= self.enough) {
            *own = samples.made_of(&self.data, label)?;
        }
        Ok(pieces)
    }
}

impl Samples {
    fn add(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        self.sizes.push(piece.len());
    }

    /// Makes a dictionary and writes it down.
    fn made_of(&self, data: &Path, label: Label) -> io::Result<Own> {
        let Ok(bytes) = zstd::dict::from_continuous(&self.bytes, &self.sizes, DICTIONARY) else {
            return Ok(Own::Impossible);
        };
        dictionary::write(data, label, &bytes)?;
        compressor(&bytes).map(Own::Made)
    }
}

fn compressor(dictionary: &[u8]) -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::with_dictionary(LEVEL, dictionary)?;
    // The table says which dictionary it was, and no piece has to.
    compressor.include_dictid(false)?;
    Ok(compressor)
}

fn size(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).map_err(io::Error::other)
}

/// The text of a piece, how many words begin in it, and where.
struct Cut<'t> {
    text: &'t str,
    words: usize,
    /// How far every [`WORDS_PER_STEP`]th word begins behind the one before, in bytes.
    steps: Vec<usize>,
}

/// Writes a step down: as many bytes of [`ON`] as it takes, and a lesser one.
fn push_step(bytes: &mut Vec<u8>, step: usize) {
    bytes.resize(bytes.len() + step / usize::from(ON), ON);
    bytes.extend(u8::try_from(step % usize::from(ON)));
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
            step
        };
        let steps = self.starts[self.word..until].iter().step_by(WORDS_PER_STEP).map(step).collect();
        let cut = Cut { text: &self.text[self.at..end], words: until - self.word, steps };
        (self.at, self.word) = (end, until);
        self.is_done = end == self.text.len();
        Some(cut)
    }
}
