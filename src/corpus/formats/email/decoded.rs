//! The bytes of a message → text, where it does not say in which encoding they are, or says what cannot be.

use std::borrow::Cow;

use encoding_rs::Encoding;
use mail_parser::{
    Encoding as Transfer, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

use super::joined::joined;
use crate::corpus::read::{Reader, Told};

/// A message whose headers are UTF-8, and no word of them is cut: old programs wrote their letters into headers as they were.
pub(super) fn with_decoded_headers<'b>(reader: &Reader<'_>, bytes: &'b [u8]) -> Cow<'b, [u8]> {
    let end = end_of_headers(bytes);
    let (headers, rest) = bytes.split_at(end);
    let Ok(decoded) = reader.decode(headers) else { return Cow::Borrowed(bytes) };
    let joined = joined(&decoded.text);
    if joined.as_bytes() == headers { Cow::Borrowed(bytes) } else { Cow::Owned([joined.as_bytes(), rest].concat()) }
}

/// Where the first empty line is.
fn end_of_headers(bytes: &[u8]) -> usize {
    let mut start = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if start > 0 && line.trim_ascii().is_empty() {
            return start;
        }
        start += line.len();
    }
    bytes.len()
}

/// The text of a part of a message, and how it was decoded.
pub(super) fn body_of<'p>(reader: &Reader<'_>, message: &'p [u8], part: &'p MessagePart<'_>) -> (Cow<'p, str>, Told) {
    let text: &'p str = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text,
        _ => "",
    };
    if let Some(encoding) = declared(part) {
        return (Cow::Borrowed(text), Told { encoding: Some(encoding.name()), notes: Vec::new() });
    }
    let bytes = bytes_of(message, part);
    match reader.decode(&bytes) {
        Ok(decoded) => {
            let told = Told::of(&decoded);
            (Cow::Owned(decoded.text.into_owned()), told)
        }
        Err(_) => (Cow::Borrowed(text), Told::default()),
    }
}

/// The encoding that a part declares, where it is one for more than ASCII. UTF-8 is told by itself, and often not true.
fn declared(part: &MessagePart<'_>) -> Option<&'static Encoding> {
    let name = part.content_type()?.attribute("charset")?;
    // The web takes ASCII for windows-1252; what a message calls so is no more than not declared.
    let is_ascii = ["us-ascii", "ascii", "iso-8859-1", "latin1"].iter().any(|known| name.eq_ignore_ascii_case(known));
    Encoding::for_label(name.as_bytes()).filter(|&encoding| !is_ascii && encoding != encoding_rs::UTF_8)
}

/// The name of the file that a part is.
pub(super) fn name_of(reader: &Reader<'_>, message: &[u8], part: &MessagePart<'_>) -> Option<String> {
    let name = part.attachment_name()?;
    if !name.contains('\u{FFFD}') {
        return Some(name.to_owned());
    }
    // It was written in bytes of another encoding than UTF-8.
    let raw = message.get(place(part.raw_header_offset(), message)..place(part.raw_body_offset(), message))?;
    let headers = reader.decode(raw).ok()?.text;
    let (_, rest) = headers.split_once("name=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

fn place(offset: u32, message: &[u8]) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX).min(message.len())
}

/// The bytes of a part, as they were before they were sent.
pub(super) fn bytes_of<'p>(message: &'p [u8], part: &'p MessagePart<'_>) -> Cow<'p, [u8]> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => return Cow::Borrowed(bytes),
        PartType::Message(message) if part.encoding != Transfer::None => return Cow::Borrowed(message.raw_message()),
        _ => {}
    }
    let (start, end) = (place(part.raw_body_offset(), message), place(part.raw_end_offset(), message));
    let raw = message.get(start..end).unwrap_or_default();
    let plain = match part.encoding {
        Transfer::None => None,
        Transfer::QuotedPrintable => quoted_printable_decode(raw),
        Transfer::Base64 => base64_decode(raw),
    };
    plain.map_or(Cow::Borrowed(raw), Cow::Owned)
}
