//! The encoding that a text of markup declares for itself: `<?xml encoding="…"?>`, `<meta charset="…">`.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, WINDOWS_1252, X_USER_DEFINED};

use super::guess;

/// How far into a text a declaration may stand, in bytes, as the web has it.
const DECLARED_BYTES: usize = 1024;

/// The encoding that bytes which are no UTF-8 declare, where that can be true.
pub(super) fn encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARED_BYTES)].to_ascii_lowercase();
    if head.trim_ascii_start().first() != Some(&b'<') {
        return None;
    }
    let encoding = in_xml(&head).or_else(|| in_meta(&head)).and_then(Encoding::for_label)?;
    // A declaration in ASCII bytes cannot be in UTF-16, and the bytes are no UTF-8: both are mistakes.
    let cannot_be = [UTF_8, REPLACEMENT, X_USER_DEFINED].contains(&encoding) || !encoding.is_ascii_compatible();
    // Servers and templates declare windows-1252 by default, for Russian pages too.
    let is_default = encoding == WINDOWS_1252 && guess::is_russian(bytes);
    (!cannot_be && !is_default).then_some(encoding)
}

/// `<?xml version="1.0" encoding="koi8-r"?>`
fn in_xml(head: &[u8]) -> Option<&[u8]> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = head.iter().position(|&byte| byte == b'>')?;
    value_of(&head[..end], b"encoding")
}

/// `<meta charset="koi8-r">`, `<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">`
fn in_meta(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(at) = find(rest, b"<meta") {
        rest = &rest[at + b"<meta".len()..];
        let end = rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len());
        if let Some(value) = value_of(&rest[..end], b"charset") {
            return Some(value);
        }
    }
    None
}

/// What follows a name and a sign of equality, in quotes or without.
fn value_of<'b>(bytes: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    let mut rest = bytes;
    while let Some(at) = find(rest, name) {
        rest = rest[at + name.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
        let end = value.iter().position(|byte| !is_name(byte)).unwrap_or(value.len());
        return Some(&value[..end]).filter(|value| !value.is_empty());
    }
    None
}

fn find(bytes: &[u8], name: &[u8]) -> Option<usize> {
    bytes.windows(name.len()).position(|window| window == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_as_people_write_them() {
        for text in [
            "<?xml version='1.0' encoding='KOI8-R'?><a>",
            "\n<!DOCTYPE html><META CHARSET=koi8-r>",
            "<html><meta name=charset content=x><meta charset = \"koi8-r\" />",
            "<html><meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\">",
        ] {
            assert_eq!(encoding(text.as_bytes()).map(Encoding::name), Some("KOI8-R"), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_true_is_no_declaration() {
        let far = format!("<html>{}<meta charset=koi8-r>", " ".repeat(2000));
        for text in [
            "charset=koi8-r",
            "<html><meta charset=utf-8>",
            "<meta charset=utf-16le>",
            "<meta charset=кои8>",
            "<meta charset=",
            "<meta charset='no such encoding'>",
            &far,
        ] {
            assert_eq!(encoding(text.as_bytes()), None, "{text}");
        }
        let (page, ..) = encoding_rs::WINDOWS_1251.encode("<meta charset=iso-8859-1><p>Министры обсудили договор");
        assert_eq!(encoding(&page), None);
    }
}
