//! The files inside a document that is an archive: texts of Word, books, presentations.
//!
//! Sizes on record are never believed: what is unpacked is counted as it comes.

use std::{
    borrow::Cow,
    io::{Cursor, Read, copy, sink},
};

use encoding_rs::{Encoding, UTF_8};
use zip::{ZipArchive, result::ZipError};

use crate::corpus::ReadError;

/// The most bytes that all files of one document may unpack to.
const MAX_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;

/// The most files in one document; a book of ten thousand pictures has fewer.
const MAX_FILES: usize = 50_000;

/// How many bytes at the beginning of a file may declare its encoding.
const DECLARATION_BYTES: usize = 256;

/// An archive that is a document.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    format: &'static str,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'b> Package<'b> {
    /// Opens a document, named so in errors.
    pub(super) fn open(bytes: &'b [u8], format: &'static str) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ReadError::damaged(format, &error))?;
        if archive.len() > MAX_FILES {
            return Err(ReadError::TooMuch(format!("more than {MAX_FILES} files in one document")));
        }
        Ok(Self { archive, format, left: MAX_UNPACKED_BYTES })
    }

    /// The names of all files, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.archive.file_names().flatten().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }

    /// The text of a file; none where there is no such file.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.bytes(name)?.map(|bytes| decode_markup(&bytes).into_owned()))
    }

    /// The text of a file that there must be.
    pub(super) fn needed(&mut self, name: &str) -> Result<String, ReadError> {
        self.text(name)?.ok_or_else(|| ReadError::damaged(self.format, &format!("{name} is missing in it")))
    }

    /// Refuses a document that unpacks to more than is read, for a parser that unpacks by itself.
    pub(super) fn check_size(&mut self) -> Result<(), ReadError> {
        for number in 0..self.archive.len() {
            let Ok(mut file) = self.archive.by_index(number) else { continue };
            let unpacked = copy(&mut (&mut file).take(self.left + 1), &mut sink());
            // What cannot be unpacked is told by the parser, if it asks for it.
            self.left = self.left.checked_sub(unpacked.unwrap_or(0)).ok_or_else(too_much)?;
        }
        Ok(())
    }

    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let damaged = |error: &dyn ToString| ReadError::damaged(self.format, &format!("{name}: {}", error.to_string()));
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(&error)),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(too_much)?;
        Ok(Some(bytes))
    }
}

fn too_much() -> ReadError {
    ReadError::TooMuch(format!("it unpacks to more than {MAX_UNPACKED_BYTES} bytes"))
}

/// The text of an XML file, by its mark, else as it declares, else UTF-8. Nothing is guessed here: XML has to declare.
fn decode_markup(bytes: &[u8]) -> Cow<'_, str> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]).into_owned();
    let declared = head.split("encoding=").nth(1).and_then(|rest| {
        let name = rest.get(1..)?.split(['"', '\'']).next()?;
        Encoding::for_label(name.as_bytes())
    });
    declared.unwrap_or(UTF_8).decode(bytes).0
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    /// An archive of these files.
    pub(in crate::corpus::formats) fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Tries a parser on a valid file that was cut and whose bytes were changed: it may refuse it, and must not panic.
    pub(in crate::corpus::formats) fn survives(valid: &[u8], read: impl Fn(&[u8])) {
        survives_changes(valid, 64, read);
    }

    fn survives_changes(valid: &[u8], times: u32, read: impl Fn(&[u8])) {
        use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
        let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
        let cases = (changes, any::<prop::sample::Index>(), any::<bool>(), vec(any::<u8>(), 0..256));
        let mut runner =
            TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(times) });
        let run = runner.run(&cases, |(changes, end, is_cut, random)| {
            let mut bytes = valid.to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if is_cut {
                bytes.truncate(end.index(bytes.len()));
            }
            read(&bytes);
            read(&random);
            Ok(())
        });
        run.unwrap();
    }

    /// The same, with changes in the files inside of a valid package, which reach its parser whatever sums they have.
    pub(in crate::corpus::formats) fn survives_inside(valid: &[u8], read: impl Fn(&[u8])) {
        let mut archive = ZipArchive::new(Cursor::new(valid)).unwrap();
        let mut files = Vec::new();
        for number in 0..archive.len() {
            let mut file = archive.by_index(number).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            files.push((file.name().unwrap().to_string(), content));
        }
        for changed in 0..files.len() {
            survives_changes(&files[changed].1, 12, |bytes| {
                let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
                for (number, (name, content)) in files.iter().enumerate() {
                    writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
                    writer.write_all(if number == changed { bytes } else { content }).unwrap();
                }
                read(&writer.finish().unwrap().into_inner());
            });
        }
    }

    #[test]
    fn files_are_found_by_name_and_decoded() {
        let bytes = packed(&[("a/письмо.xml", "<p>Визит</p>"), ("b.xml", "<p>Visit</p>")]);
        let mut package = Package::open(&bytes, "book").unwrap();
        assert_eq!(package.names(), ["a/письмо.xml", "b.xml"]);
        assert_eq!(package.needed("a/письмо.xml").unwrap(), "<p>Визит</p>");
        assert_eq!(package.text("c.xml").unwrap(), None);
        assert_eq!(package.needed("c.xml").unwrap_err().to_string(), "the book cannot be read: c.xml is missing in it");
        assert!(package.check_size().is_ok());
    }

    #[test]
    fn what_unpacks_to_more_than_is_read_is_refused() {
        let bytes = packed(&[("a", &"x".repeat(4096)), ("b", "x")]);
        let mut package = Package::open(&bytes, "book").unwrap();
        package.left = 4096;
        assert!(package.text("a").is_ok());
        assert!(matches!(package.text("b"), Err(ReadError::TooMuch(_))));
        let mut package = Package::open(&bytes, "book").unwrap();
        package.left = 4096;
        assert!(matches!(package.check_size(), Err(ReadError::TooMuch(_))));
    }

    #[test]
    fn markup_is_decoded_as_it_declares() {
        let (windows, ..) =
            encoding_rs::WINDOWS_1251.encode("<?xml version='1.0' encoding='windows-1251'?><p>Визит</p>");
        assert!(decode_markup(&windows).ends_with("<p>Визит</p>"));
        assert_eq!(decode_markup("<p>Визит</p>".as_bytes()), "<p>Визит</p>");
        assert_eq!(decode_markup(b"\xfe\xff\0<\0p\0>"), "<p>");
    }
}
