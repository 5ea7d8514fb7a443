//! An archive in the format of zip → its files, or the format that is one inside (a text of Word, a book …).

use std::{
    borrow::Cow,
    io::{Read, Seek},
};

use encoding_rs::{IBM866, WINDOWS_1251};
use zip::{ZipArchive, result::ZipError};

use crate::{
    corpus::{
        Format, ReadError,
        read::{Place, Reader},
    },
    language::{Alphabet, Profile},
};

/// The longest type that a document writes of itself, in bytes.
const MAX_TYPE_BYTES: u64 = 256;

/// What an archive is: one of the formats that are archives inside, or a plain one.
///
/// # Errors
/// Where it is no archive.
pub(in crate::corpus) fn format(input: &mut (impl Read + Seek)) -> Result<Format, ReadError> {
    let mut archive = open(input)?;
    let has = |name: &str| archive.file_names().flatten().any(|known| known == name);
    if has("word/document.xml") {
        return Ok(Format::Docx);
    }
    if has("ppt/presentation.xml") {
        return Ok(Format::Pptx);
    }
    if has("xl/workbook.xml") || has("xl/workbook.bin") {
        return Ok(Format::Spreadsheet);
    }
    let mut kind = String::new();
    if let Ok(entry) = archive.by_name("mimetype") {
        // A type that cannot be read is none.
        let _ = entry.take(MAX_TYPE_BYTES).read_to_string(&mut kind);
    }
    Ok(match kind.trim() {
        "application/epub+zip" => Format::Epub,
        kind if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") => Format::Spreadsheet,
        kind if kind.starts_with("application/vnd.oasis.opendocument.") => Format::OpenDocument,
        _ => Format::Zip,
    })
}

/// Reads the files of an archive, in their order there.
pub(in crate::corpus) fn read(
    reader: &mut Reader<'_>,
    place: &Place,
    input: impl Read + Seek,
) -> Result<(), ReadError> {
    reader.check_depth(place)?;
    let mut archive = open(input)?;
    for number in 0..archive.len() {
        reader.count_entry()?;
        let name = archive.name_for_index(number).and_then(Result::ok);
        let name = name.map_or_else(|| number.to_string(), Cow::into_owned);
        match archive.by_index(number) {
            Ok(entry) if !entry.is_file() => {}
            Ok(entry) => {
                let is_utf8 = entry.name_raw().is_ascii() || std::str::from_utf8(entry.name_raw()).is_ok();
                let inside = place.entry(&entry_name(entry.name_raw(), !is_utf8));
                reader.unpacked(&inside, entry);
            }
            Err(error) => {
                let inside = place.entry(&name);
                reader.refuse(&inside, Format::of(b"", &inside.file_name), damaged(error));
            }
        }
    }
    Ok(())
}

/// The name of an entry: in UTF-8, else in the encoding of DOS or Windows in which it looks more like Russian. Parts that lead
/// out of the archive are left out; nothing is ever written by these names, but they are shown.
pub(in crate::corpus) fn entry_name(bytes: &[u8], is_old: bool) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) if !is_old => name.to_owned(),
        _ => {
            let names =
                [IBM866, WINDOWS_1251].map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned());
            let [dos, windows] = names;
            if likelihood(&windows) > likelihood(&dos) { windows } else { dos }
        }
    };
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/").replace(char::is_control, "\u{FFFD}")
}

/// How likely the letters of a name are in the language of their alphabet; each sign that is no letter of it speaks against it.
fn likelihood(name: &str) -> f32 {
    let lower = name.to_lowercase();
    let (letters, others): (String, String) = lower
        .chars()
        .filter(|c| !c.is_ascii())
        .partition(|&c| Alphabet::of(c.encode_utf8(&mut [0; 4])) == Alphabet::Cyrillic);
    let profile = Profile::of_alphabet(Alphabet::Cyrillic);
    // Names are far shorter than the 2^24 that an f32 counts to.
    #[allow(clippy::cast_precision_loss)]
    let against = others.chars().count() as f32;
    profile.map_or(0.0, |profile| profile.likelihood(&letters)) - against
}

fn open<R: Read + Seek>(input: R) -> Result<ZipArchive<R>, ReadError> {
    ZipArchive::new(input).map_err(damaged)
}

fn damaged(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => ReadError::Io(error),
        error => ReadError::damaged("zip archive", &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_old_encodings_and_stay_inside() {
        for encoding in [IBM866, WINDOWS_1251] {
            let (bytes, ..) = encoding.encode("Отчёты/письмо министру.txt");
            assert_eq!(entry_name(&bytes, true), "Отчёты/письмо министру.txt", "{}", encoding.name());
        }
        assert_eq!(entry_name("письма/visit.txt".as_bytes(), false), "письма/visit.txt");
        assert_eq!(entry_name(b"../../etc/passwd", false), "etc/passwd");
        assert_eq!(entry_name(b"a\\b\x1b.txt", false), "a/b\u{FFFD}.txt");
    }
}
