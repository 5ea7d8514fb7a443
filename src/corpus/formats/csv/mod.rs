//! A table in text → a document a row, as it goes by.

mod columns;
mod input;

use std::{borrow::Cow, io::Read};

use ::csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8};

use crate::corpus::{
    Decoded, Format, ReadError,
    read::{Place, Reader, Told},
};
use columns::Columns;
use input::{Bounded, Input};

/// How many bytes tell the encoding of a table, and what parts its columns.
const HEAD_BYTES: u64 = 64 * 1024;

/// What may part columns, the rarer in texts first.
const SEPARATORS: [u8; 4] = [b'\t', b';', b'|', b','];

/// Reads the rows of a table, named by their numbers, the names of its columns being row 1.
pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, input: &mut dyn Read) -> Result<(), ReadError> {
    let Input { head, encoding, rest } = Input::of(reader, input)?;
    let (separator, skipped) = separator(&head);
    let limit = reader.options.limits.document_bytes;
    let bounded = Bounded::new(rest, limit);
    let read_since = bounded.counter();
    let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bounded);
    let mut row = ByteRecord::new();
    let (mut columns, mut number) = (None, 0_u64);
    loop {
        read_since.set(0);
        if !rows.read_byte_record(&mut row).map_err(damaged)? {
            return Ok(());
        }
        // What a spreadsheet says of its separator is no row.
        if number == 0 && skipped > 0 && row.len() <= 2 && columns.is_none() && is_note(&row) {
            continue;
        }
        number += 1;
        let mut told = Told { encoding: Some(encoding.unwrap_or(UTF_8).name()), notes: Vec::new() };
        let values: Vec<String> = row.iter().map(|field| value(reader, field, encoding, &mut told)).collect();
        let Some(columns) = &columns else {
            columns = Some(Columns::of(&values, &reader.options.columns));
            continue;
        };
        if values.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        reader.count_entry()?;
        reader.give(&place.piece(&number), Format::Csv, told, Ok(columns.document(values)));
    }
}

/// The text of a field: in the encoding of the table, or as it looks where the table began in ASCII.
fn value(reader: &Reader<'_>, field: &[u8], encoding: Option<&'static Encoding>, told: &mut Told) -> String {
    let decoded = match encoding {
        Some(encoding) if encoding != UTF_8 && !field.is_ascii() => {
            return encoding.decode_without_bom_handling(field).0.into_owned();
        }
        _ => reader.decode(field),
    };
    let lossy = || Decoded { text: String::from_utf8_lossy(field), encoding: UTF_8.name(), note: None };
    let Decoded { text, note, encoding } = decoded.unwrap_or_else(|_| lossy());
    if let Some(note) = note.filter(|note| !told.notes.iter().any(|known| known == note)) {
        told.notes.push(note.to_owned());
    }
    if matches!(text, Cow::Owned(_)) {
        told.encoding = Some(encoding);
    }
    text.into_owned()
}

/// What parts the columns: of the signs that may, the one that stands most often in the first line, outside of quotes; and how many
/// bytes at the beginning say so themselves (`sep=;`).
fn separator(head: &[u8]) -> (u8, usize) {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    if let Some([separator]) = line.strip_prefix(b"sep=") {
        return (*separator, line.len());
    }
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for &byte in head {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ if is_quoted => {}
            _ => {
                if let Some(at) = SEPARATORS.iter().position(|&separator| separator == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let found = counts.iter().position(|&count| count == most).filter(|_| most > 0);
    (found.map_or(b',', |at| SEPARATORS[at]), 0)
}

fn is_note(row: &ByteRecord) -> bool {
    row.get(0).is_some_and(|field| field.starts_with(b"sep="))
}

fn damaged(error: ::csv::Error) -> ReadError {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => ReadError::Io(error),
        kind => ReadError::damaged("table", &format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests;
