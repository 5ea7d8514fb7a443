//! Bytes → text, whatever the encoding.
//!
//! In order: byte-order mark, valid UTF-8, then what chardetng finds by the statistics of letters, told that Russian is
//! likely. Bytes that are no text are refused, so that no index fills with rubbish.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::ReadError;

/// chardetng reads five megabytes a second; this many bytes tell as much as more.
const DETECTION_BYTES: usize = 64 * 1024;

/// How much of a file is looked at to see whether it is text.
const SNIFFED_BYTES: usize = 64 * 1024;

/// Text and the encoding that it was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte-order mark.
    pub text: Cow<'b, str>,
    /// The name of the encoding, as the web's encoding standard spells it.
    pub encoding: &'static str,
}

/// Decodes a file: as `forced` says, else as it looks.
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
        return decode_as(encoding, bytes);
    }
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[mark_bytes..]);
    }
    let sniffed = &bytes[..bytes.len().min(SNIFFED_BYTES)];
    if sniffed.contains(&0) {
        return Err(ReadError::NotText("it holds zero bytes"));
    }
    if share_of_controls(sniffed) > 0.01 {
        return Err(ReadError::NotText("it holds control characters"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name() });
    }
    if is_damaged_utf8(bytes) {
        return Ok(Decoded { text: String::from_utf8_lossy(bytes), encoding: UTF_8.name() });
    }
    decode_as(guess(bytes), bytes)
}

fn decode_as<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Result<Decoded<'b>, ReadError> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    if share_of_controls(head(text.as_ref()).as_bytes()) > 0.01 || text.contains('\0') {
        return Err(ReadError::NotText("no encoding makes text of it"));
    }
    Ok(Decoded { text, encoding: encoding.name() })
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(SNIFFED_BYTES)]
}

/// The encoding that chardetng finds in the part around the first byte that is not ASCII.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(DETECTION_BYTES / 2);
    let end = bytes.len().min(start + DETECTION_BYTES);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[start..end], true);
    detector.guess(Some(b"ru"), Utf8Detection::Deny)
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
    use super::*;

    const RUSSIAN: &str = "Министры иностранных дел обсудили сотрудничество в области транспорта и энергетики.";
    const ENGLISH: &str = "The foreign ministers discussed co-operation in transport and energy.";

    fn name(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).expect("text");
        (decoded.text.into_owned(), decoded.encoding)
    }

    #[test]
    fn utf8_is_left_alone_in_both_languages() {
        for text in [RUSSIAN, ENGLISH] {
            assert_eq!(name(text.as_bytes()), (text.to_owned(), "UTF-8"));
            assert_eq!(name(format!("\u{FEFF}{text}").as_bytes()), (text.to_owned(), "UTF-8"));
        }
    }

    #[test]
    fn old_encodings_are_found() {
        for encoding in [encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R, encoding_rs::IBM866] {
            let (bytes, _, _) = encoding.encode(RUSSIAN);
            assert_eq!(decode(&bytes, None).expect("text").text, RUSSIAN, "{}", encoding.name());
        }
    }

    #[test]
    fn utf16_is_read_by_its_mark() {
        for text in [RUSSIAN, ENGLISH] {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            assert_eq!(name(&bytes), (text.to_owned(), "UTF-16LE"));
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
}
