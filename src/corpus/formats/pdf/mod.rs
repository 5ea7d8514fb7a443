//! Portable Document Format → document.
//!
//! A PDF holds drawings of letters, and where they stand; which letters they are is told by a table that may be missing. What
//! comes out then is noticed and refused: an index of rubbish finds nothing and says nothing of it.

mod font;
mod lines;
mod page;
mod paragraphs;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document as Pdf, LoadOptions, Object, decode_text_string};

use self::page::Fonts;
use super::{
    blocks::Blocks,
    mojibake,
    properties::{Properties, is_private},
};
use crate::corpus::{MAX_DOCUMENT_BYTES, ReadError, read::Parsed};

const FORMAT: &str = "PDF";

/// The most bytes that one stream of a file may unpack to.
const MAX_STREAM_BYTES: usize = 256 * 1024 * 1024;

/// The largest share of letters without meaning that a text may have; formulas have some.
const MAX_BAD_SHARE: f32 = 0.2;

/// The smallest share of letters and digits among all that is seen, in a text of at least so many.
const MIN_LETTER_SHARE: f32 = 0.4;
const MIN_LETTERS: usize = 40;

/// The document that a PDF is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    // A damaged file may trip its parser; that is the file's failure and not the run's.
    catch_unwind(AssertUnwindSafe(|| parse(bytes)))
        .unwrap_or_else(|_| Err(ReadError::damaged(FORMAT, &"its parser failed on it")))
}

fn parse(bytes: &[u8]) -> Parsed {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM_BYTES);
    let document = Pdf::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => encrypted(),
        error => ReadError::damaged(FORMAT, &error),
    })?;
    if document.is_encrypted() {
        return Err(encrypted());
    }
    let (mut fonts, mut pages, mut has_pictures, mut length) = (Fonts::new(), Vec::new(), false, 0);
    for id in document.page_iter() {
        let page = page::read(&document, id, &mut fonts)?;
        has_pictures |= page.has_pictures;
        length += page.runs.iter().map(|run| run.text.len() as u64).sum::<u64>();
        if length > MAX_DOCUMENT_BYTES {
            return Err(ReadError::TooLarge { bytes: length, limit: MAX_DOCUMENT_BYTES });
        }
        pages.push(lines::of(page.runs));
    }
    if pages.iter().all(Vec::is_empty) {
        let reason = "it holds pictures of pages and no text (a scan); recognise its text (OCR) first";
        return Err(if has_pictures { ReadError::damaged(FORMAT, &reason) } else { ReadError::Empty });
    }
    let heading = pages.first().and_then(|lines| paragraphs::heading(lines)).map(|heading| clean(&heading));
    let raw = paragraphs::of(pages);
    check(&raw)?;
    let text = clean(&raw);
    Ok(properties(&document).document(text, heading.as_deref()))
}

fn encrypted() -> ReadError {
    ReadError::damaged(FORMAT, &"it is encrypted; save it without a password")
}

/// Refuses a text most of which has no meaning.
fn check(text: &str) -> Result<(), ReadError> {
    let (mut good, mut bad, mut others) = (0_usize, 0_usize, 0_usize);
    let mut last = ' ';
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        let is_bad = is_meaningless(character) || (character == '?' && last == '?');
        last = character;
        if is_bad {
            bad += 1;
        } else if character.is_alphanumeric() {
            good += 1;
        } else if !matches!(character, '.' | '_' | '-' | '…' | '–' | '—') {
            // Lines of dots lead to the numbers of pages, lines of strokes are to be filled in.
            others += 1;
        }
    }
    // Counts of letters of at most 64 MiB; shares need no more digits than an f32 has.
    #[allow(clippy::cast_precision_loss)]
    let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
    let seen = good + bad + others;
    if share(bad, good + bad) > MAX_BAD_SHARE || (seen >= MIN_LETTERS && share(good, seen) < MIN_LETTER_SHARE) {
        let reason = "its fonts do not tell which letters they draw (no ToUnicode table), and what comes out is rubbish; \
                      recognise its text (OCR), or make it anew";
        return Err(ReadError::damaged(FORMAT, &reason));
    }
    Ok(())
}

/// Whether a character stands for a drawing that nothing is known of.
fn is_meaningless(character: char) -> bool {
    character == '\u{FFFD}' || is_private(character) || (character.is_control() && !character.is_whitespace())
}

/// The text as it is kept: without what has no meaning, with ligatures in letters.
fn clean(text: &str) -> String {
    const LIGATURES: [(char, &str); 7] =
        [('ﬀ', "ff"), ('ﬁ', "fi"), ('ﬂ', "fl"), ('ﬃ', "ffi"), ('ﬄ', "ffl"), ('ﬅ', "st"), ('ﬆ', "st")];
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars().filter(|&character| !is_meaningless(character)) {
        match LIGATURES.iter().find(|(ligature, _)| *ligature == character) {
            Some((_, letters)) => cleaned.push_str(letters),
            None => cleaned.push(character),
        }
    }
    let mut blocks = Blocks::default();
    blocks.exact_paragraphs(mojibake::mended(&cleaned).as_deref().unwrap_or(&cleaned));
    blocks.finish()
}

fn properties(document: &Pdf) -> Properties {
    let info = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict).ok();
    let value = |key: &[u8]| {
        let text = decode_text_string(info?.get_deref(key, document).ok()?).ok()?;
        Some(mojibake::mended_title(&text).unwrap_or(text)).filter(|text| !text.contains(is_meaningless))
    };
    let created = value(b"CreationDate").and_then(|date| {
        let digits = date.strip_prefix("D:").unwrap_or(&date).get(..8)?.to_owned();
        let is_date = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_date.then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
    });
    Properties { title: value(b"Title"), author: value(b"Author"), created }
}

#[cfg(test)]
mod tests;
