//! A document as it is kept on disk: what is known of it and its text, in pieces that are unpacked one by one.
//!
//! The engine's own store unpacks a document whole, and knows nothing of where its words stand. Here a text of a megabyte
//! costs no more to quote than a letter: a table says how many bytes, words and characters each piece holds, so a word that
//! the index found by its number is reached by unpacking the one piece that holds it. The table stands at the end, so that
//! what the engine writes in front of a value need not be known. Pieces refer to a dictionary of what texts have in common.
//!
//! ```text
//! piece 0  the first of the text, where its words begin, the record               } each packed by itself
//! piece 1  the next of the text, where its words begin                            }
//! …
//! table    the id, unpacked, for whoever asks for no more; the dictionary; for each piece: bytes packed and unpacked, and its text
//!          in bytes, words, code points and UTF-16 units
//! length   of the table in bytes, as a little-endian u32
//! ```

mod dictionary;
mod pack;
mod read;
mod unpack;

pub use read::{OffsetUnit, StoredText, UnknownUnit};

pub(super) use dictionary::{Dictionaries, file_names as dictionary_names, read as read_dictionary};
pub(super) use pack::Packer;
pub(super) use read::{Stored, id};

use std::io;

use serde::{Deserialize, Serialize};

use dictionary::Choice;

/// About how many bytes of text a piece has. Smaller pieces are quicker to unpack and take more room: of 50,000 articles
/// pieces of 2, 4 and 8 KiB took .43, .39 and .37 of the text.
const PIECE_BYTES: usize = 4096;

/// The beginning of each so many words is written down; those between are counted.
const WORDS_PER_STEP: usize = 8;

/// A step of so many bytes goes on in the next byte.
const ON: u8 = u8::MAX;

/// What stands behind the pieces.
#[derive(Debug, Serialize, Deserialize)]
struct Table<'t> {
    id: &'t str,
    dictionary: Choice,
    pieces: Vec<Entry>,
}

/// What is known of a piece without unpacking it. Unpacked, it is its text; how far the first word, and every
/// [`WORDS_PER_STEP`]th from there on, begins behind the one before, in bytes, a byte each where it is less than [`ON`]; and, in
/// the first piece, the record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Its bytes, packed.
    packed: u32,
    /// Its bytes, unpacked.
    unpacked: u32,
    /// The bytes of its text.
    bytes: u32,
    /// How many words begin in it.
    words: u32,
    /// The code points of its text.
    codepoints: u32,
    /// The UTF-16 units of its text.
    utf16: u32,
}

/// Why a stored document could not be read: its bytes are not those that were written.
#[derive(Debug, thiserror::Error)]
#[error("a stored document is damaged")]
pub(super) struct Damaged;

fn damaged(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

#[cfg(test)]
mod tests {
    //! 1. A text comes back as it was, whole and in parts, whatever it holds.
    //! 2. Each word is found by its number, and each offset counted in each unit.
    //! 3. Damaged bytes are an error.
    //! 4. Dictionaries of an index are made of its texts, for each label, and make what is packed with them smaller.

    use std::{fs, path::Path};

    use proptest::prelude::*;
    use tantivy::directory::OwnedBytes;

    use super::*;
    use crate::{
        index::Record,
        language::Label,
        snippet::{Excerpt, Source},
        text::{Span, words},
    };

    fn packer(data: &Path) -> Packer {
        Packer::open(data).expect("it is opened")
    }

    fn stored(text: &str) -> Stored {
        let record = Record { id: "визит".into(), title: "Visit".into(), ..Record::default() };
        let bytes = record.to_bytes().expect("bytes");
        let packed = packer(Path::new("nowhere")).pack(&record.id, Label::Mixed, &bytes, text).expect("it is packed");
        let stored = Stored::read(OwnedBytes::new(packed), &Dictionaries::default()).expect("it is read");
        assert_eq!(stored.record, record);
        stored
    }

    fn check(text: &str) {
        assert_eq!(stored(text).text.whole().expect("a text"), text);
        let mut read = stored(text).text;
        // From the end, so that pieces are unpacked in any order.
        let starts: Vec<usize> = words(text).map(|word| word.span.start).collect();
        for (n, &start) in starts.iter().enumerate().rev().step_by(1 + starts.len() / 50) {
            let all = Span::new(0, text.len());
            assert_eq!(read.start_within(n, all).expect("it is read"), Some(start), "word {n}");
            for elsewhere in [Span::new(0, start), Span::new(start + 1, text.len())] {
                assert_eq!(read.start_within(n, elsewhere).expect("it is read"), None, "word {n}");
            }
            for &end in [n, n + 1, n + 40, n + 1_000, n + 3_000].iter().filter_map(|&n| starts.get(n)) {
                let there = Excerpt::from(&text[start..end]);
                assert_eq!(read.read(start, end).expect("it is read"), (start, there), "words {n} to {end}");
            }
            let before = &text[..start];
            for unit in [OffsetUnit::Byte, OffsetUnit::Codepoint, OffsetUnit::Utf16] {
                assert_eq!(read.offset(start, unit).expect("it is read"), unit.length(before), "{unit:?}");
            }
        }
        assert_eq!(read.start_within(starts.len(), Span::new(0, usize::MAX)).expect("it is read"), None);
    }

    #[test]
    fn long_texts_come_back_in_pieces() {
        for word in ["визит ", "visit ", "ё\u{301}", "😀 ", "a\r\n", "שלום"] {
            check(&word.repeat(5_000));
        }
        check(&"-".repeat(20_000));
        check("");
    }

    #[test]
    fn a_place_inside_a_character_is_moved_on() {
        let mut text = stored("Ташкент").text;
        assert_eq!(text.read(1, 3).expect("it is read"), (2, Excerpt::from("а")));
        assert_eq!(text.read(0, 100).expect("it is read"), (0, Excerpt::from("Ташкент")));
    }

    #[test]
    fn the_title_at_the_beginning_is_not_shown_again() {
        let text = "Visit\n\nThe visit began.";
        assert_eq!(stored(text).text.shown(), Span::new(7, text.len()));
        assert_eq!(stored("Визит").text.shown(), Span::new(0, 10));
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        let (text, record) = ("визит visit ".repeat(3_000), Record::default().to_bytes().expect("bytes"));
        let packed = packer(Path::new("nowhere")).pack("визит", Label::Mixed, &record, &text).expect("it is packed");
        let read = |bytes: &[u8]| {
            let stored = Stored::read(OwnedBytes::new(bytes.to_vec()), &Dictionaries::default());
            stored.and_then(|mut stored| stored.text.whole())
        };
        assert_eq!(read(&packed).ok().as_ref(), Some(&text));
        for end in (0..packed.len()).step_by(7) {
            assert!(read(&packed[..end]).is_err(), "cut at {end}");
        }
    }

    /// A document of a few hundred bytes, like others of its language in its words alone.
    fn document(label: Label, number: usize) -> String {
        let words = match label {
            Label::Russian => {
                ["министр", "прибыл", "с визитом", "в столицу", "и провёл", "переговоры", "о поставках", "зерна"]
            }
            _ => [
                "the minister",
                "arrived",
                "on a visit",
                "to the capital",
                "and held",
                "talks",
                "about supplies",
                "of grain",
            ],
        };
        (0..40).map(|n| words[(number * 7 + n * n * (number % 5 + 1)) % words.len()]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_index_makes_dictionaries_of_its_first_texts() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path();
        let mut packer = packer(data).that_samples(40_000);
        let record = Record::default().to_bytes().expect("bytes");
        let mut pack = |label, number| {
            let text = document(label, number);
            (packer.pack("визит", label, &record, &text).expect("it is packed"), text)
        };
        let early = pack(Label::English, 1);
        let all: Vec<_> = (0..400)
            .flat_map(|n| [Label::English, Label::Russian].map(|label| pack(label, n)))
            .chain([early])
            .collect();
        for label in [Label::English, Label::Russian] {
            assert!(dictionary::of_label(data, label).expect("it is read").is_some(), "{label}");
        }
        assert!(dictionary::of_label(data, Label::Mixed).expect("it is read").is_none());
        let (first, last) = (&all[0].0, pack(Label::English, 0).0);
        assert!(last.len() < first.len(), "{} after {}", last.len(), first.len());
        // Another writer goes on with what is there.
        assert_eq!(self::packer(data).pack("визит", Label::English, &record, &all[0].1).expect("it is packed"), last);
        let dictionaries = Dictionaries::open(data, None).expect("they are opened");
        let read = |packed: &[u8], dictionaries: &Dictionaries| {
            Stored::read(OwnedBytes::new(packed.to_vec()), dictionaries).and_then(|mut stored| stored.text.whole())
        };
        for (packed, text) in &all {
            assert_eq!(&read(packed, &dictionaries).expect("it is read"), text);
        }
        assert!(read(&last, &Dictionaries::default()).is_err(), "packed with a dictionary that is not there");
        let path = data.join("texts-ru.dictionary");
        let mut bytes = fs::read(&path).expect("it is there");
        bytes[1_000] ^= 1;
        fs::write(&path, bytes).expect("it is written");
        let error = Dictionaries::open(data, None).expect_err("it is damaged").to_string();
        assert!(error.contains("texts-ru.dictionary"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_comes_back(piece in "(визит|visit|[.!?]|\\\\n|\\r\\\\n| |\u{301}|😀|שלום|-){0,40}|\\\\PC{0,40}", times in 1usize..200) {
            check(&piece.repeat(times));
        }
    }
}
