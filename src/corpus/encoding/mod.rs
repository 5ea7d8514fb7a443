//! Bytes → text, whatever the encoding.
//!
//! In order: byte-order mark, UTF-16 by its zero bytes, valid UTF-8, what the text declares of itself, then what the statistics
//! of its letters say. Bytes that are no text are refused, so that no index fills with rubbish.

mod declared;
mod guess;
mod measured;
mod mend;
mod utf16;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::ReadError;

/// How much of a file is looked at to see whether it is text.
const SNIFFED_BYTES: usize = 64 * 1024;

/// Text and the encoding that it was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte-order mark.
    pub text: Cow<'b, str>,
    /// The name of the encoding, as the web's encoding standard spells it.
    pub encoding: &'static str,
    /// What was mended, in words.
    pub note: Option<&'static str>,
}

/// Decodes a file: as `forced` says, else as it declares or looks.
///
/// # Errors
/// [`ReadError::NotText`] where the bytes are no text in any encoding.
///
/// ```
/// let bytes = b"\xcf\xf0\xe8\xe2\xe5\xf2, \xf0\xe5\xe4\xe0\xea\xf6\xe8\xff!"; // windows-1251
/// let decoded = oba::corpus::decode(bytes, None).unwrap();
/// assert_eq!((decoded.text.as_ref(), decoded.encoding), ("Привет, редакция!", "windows-1251"));
/// ```
pub fn decode<'b>(bytes: &'b [u8], forced: Option<&'static Encoding>) -> Result<Decoded<'b>, ReadError> {
    if let Some(encoding) = forced {
        let mark = Encoding::for_bom(bytes).filter(|&(marked, _)| marked == encoding).map_or(0, |(_, bytes)| bytes);
        return decode_as(encoding, &bytes[mark..]);
    }
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[mark_bytes..]);
    }
    let sniffed = &bytes[..bytes.len().min(SNIFFED_BYTES)];
    let is_odd = sniffed.contains(&0) || share_of_controls(sniffed) > 0.01;
    if is_odd && let Some(encoding) = utf16::without_mark(sniffed) {
        return decode_as(encoding, bytes);
    }
    if sniffed.contains(&0) {
        return Err(ReadError::NotText("it holds zero bytes"));
    }
    if is_odd {
        return Err(ReadError::NotText("it holds control characters"));
    }
    // Bytes of another encoding are never valid UTF-8 by accident, whatever they declare.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(mended(Cow::Borrowed(text), UTF_8));
    }
    if is_damaged_utf8(bytes) {
        return Ok(mended(String::from_utf8_lossy(bytes), UTF_8));
    }
    decode_as(declared::encoding(bytes).unwrap_or_else(|| guess::encoding(bytes)), bytes)
}

fn decode_as<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Result<Decoded<'b>, ReadError> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    if share_of_controls(head(text.as_ref()).as_bytes()) > 0.01 || text.contains('\0') {
        return Err(ReadError::NotText("no encoding makes text of it"));
    }
    Ok(mended(text, encoding))
}

/// Text, with what was encoded twice decoded once more.
fn mended<'b>(text: Cow<'b, str>, encoding: &'static Encoding) -> Decoded<'b> {
    let is_unicode = encoding == UTF_8 || !encoding.is_single_byte();
    match mend::twice_encoded(&text).filter(|_| is_unicode) {
        Some((text, note)) => Decoded { text: Cow::Owned(text), encoding: encoding.name(), note: Some(note) },
        None => Decoded { text, encoding: encoding.name(), note: None },
    }
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(SNIFFED_BYTES)]
}

/// Whether bytes are UTF-8 but for a few broken characters: a file that was cut, or joined from pieces.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 20 * bad
}

/// The share of bytes that are control characters and no white space.
fn share_of_controls(bytes: &[u8]) -> f64 {
    let controls =
        bytes.iter().filter(|&&b| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C)) || b == 0x7F).count();
    // Counts of at most 64 KiB are exact in an f64.
    #[allow(clippy::cast_precision_loss)]
    if bytes.is_empty() { 0.0 } else { controls as f64 / bytes.len() as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUSSIAN: &str = "Министры иностранных дел обсудили сотрудничество в области транспорта и энергетики.";
    const ENGLISH: &str = "The foreign ministers discussed co-operation in transport and energy.";

    fn name(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).expect("text");
        (decoded.text.into_owned(), decoded.encoding)
    }

    #[test]
    fn utf8_is_left_alone_in_both_languages() {
        for text in [RUSSIAN, ENGLISH, "<?xml version='1.0' encoding='windows-1251'?>Привет"] {
            assert_eq!(name(text.as_bytes()), (text.to_owned(), "UTF-8"));
            assert_eq!(name(format!("\u{FEFF}{text}").as_bytes()), (text.to_owned(), "UTF-8"));
        }
    }

    #[test]
    fn a_declaration_stands_above_what_letters_say() {
        let page = "<html><head><meta charset=windows-1250></head>Zażółć";
        let (bytes, ..) = encoding_rs::WINDOWS_1250.encode(page);
        assert_eq!(name(&bytes), (page.to_owned(), "windows-1250"));
    }

    #[test]
    fn utf16_is_read_with_its_mark_and_without() {
        for text in [RUSSIAN, ENGLISH] {
            for mark in [Some(0xFEFF), None] {
                let units = || mark.into_iter().chain(text.encode_utf16());
                let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
                assert_eq!(name(&little), (text.to_owned(), "UTF-16LE"));
                let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
                assert_eq!(name(&big), (text.to_owned(), "UTF-16BE"));
            }
        }
    }

    #[test]
    fn a_cut_character_does_not_change_the_encoding() {
        let bytes = RUSSIAN.as_bytes();
        let (text, encoding) = name(&bytes[..bytes.len() - 2]);
        assert_eq!(encoding, "UTF-8");
        assert!(text.starts_with("Министры") && text.ends_with('\u{FFFD}'));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[1, 2, 3, 4, 200, 201], &b"abc\0def"[..]] {
            assert!(matches!(decode(bytes, None), Err(ReadError::NotText(_))), "{bytes:?}");
        }
    }

    #[test]
    fn what_was_forced_is_done() {
        let (bytes, ..) = encoding_rs::KOI8_R.encode("привет");
        assert_eq!(decode(&bytes, Some(encoding_rs::WINDOWS_1251)).expect("text").text, "РТЙЧЕФ");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes, None);
            let high: Vec<u8> = bytes.iter().map(|byte| byte | 0x60).collect();
            let _ = decode(&high, None);
        }
    }
}
