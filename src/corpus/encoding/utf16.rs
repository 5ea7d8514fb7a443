//! UTF-16 that has no byte-order mark, as some programs of Windows write it.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The share of units that have to be of the blocks of our languages.
const KNOWN_SHARE: usize = 95;

/// The order of bytes in which nearly all units are Latin or Cyrillic letters, digits and marks of their blocks. English has zeros
/// in every second byte, Russian 4; in the wrong order both are letters of languages far away.
pub(super) fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big, mut all) = (0, 0, 0);
    for unit in bytes.as_chunks::<2>().0 {
        little += usize::from(is_known(u16::from_le_bytes(*unit)));
        big += usize::from(is_known(u16::from_be_bytes(*unit)));
        all += 1;
    }
    // Of fewer units nothing can be said.
    if all < 4 {
        return None;
    }
    let (more, encoding) = if little >= big { (little, UTF_16LE) } else { (big, UTF_16BE) };
    (more * 100 >= all * KNOWN_SHARE && little != big).then_some(encoding)
}

/// Whether a unit is one of ASCII text, Latin letters, Cyrillic ones, or a mark such as — and “.
fn is_known(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0C | 0x0D | 0x20..=0x7E | 0xA0..=0x17F | 0x400..=0x45F | 0x490 | 0x491 | 0x2010..=0x2026 | 0x20AC | 0x2116)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_bytes_is_told_by_blocks() {
        let little: Vec<u8> = "Визит — visit №5".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(without_mark(&little), Some(UTF_16LE));
        let big: Vec<u8> = "Визит — visit №5".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(without_mark(&big), Some(UTF_16BE));
        // A file that was cut in the middle of a unit is still one.
        assert_eq!(without_mark(&little[..little.len() - 1]), Some(UTF_16LE));
        assert_eq!(without_mark(b"\x7fELF\x02\x01\x01\0\0\0\0\0\x03\0\x3e\0"), None);
        assert_eq!(without_mark(b"a\0"), None);
    }
}
