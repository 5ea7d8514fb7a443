//! XML → its elements and texts, one after another. Nothing is nested here, so that no depth of elements can exhaust a stack.
//!
//! Entities are never expanded from a DTD, so that none can grow ("billion laughs"): those that everybody knows are known here,
//! others are left out.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::corpus::ReadError;

/// A piece of XML.
pub(super) enum Piece<'x> {
    /// An element begins.
    Open(Element<'x>),
    /// An element ends: its name without prefix.
    Close(&'x str),
    /// Text, with line breaks as they stand.
    Text(Cow<'x, str>),
}

/// The beginning of an element.
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// Its name without prefix: `p` of `w:p`.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, named without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of an attribute, named as it is written: `r:id` beside `id`.
    pub(super) fn attribute_as_written(&self, name: &str) -> Option<String> {
        self.find(|key| key == name)
    }

    fn find(&self, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.html_attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| is_meant(attribute.key.into_inner()))?;
        Some(resolve_all(&found.value))
    }
}

/// Gives the pieces of a document of XML in their order. Tags that do not match are forgiven, since books are made by people.
///
/// # Errors
/// Where it is no XML, or ends within a tag.
pub(super) fn walk(xml: &str, format: &'static str, mut sink: impl FnMut(Piece<'_>)) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => sink(Piece::Open(Element(start))),
            Ok(Event::End(end)) => sink(Piece::Close(end.local_name().into_inner())),
            Ok(Event::Text(text)) => sink(Piece::Text(text.xml10_content())),
            Ok(Event::CData(text)) => sink(Piece::Text(text.xml10_content())),
            Ok(Event::GeneralRef(reference)) => {
                if let Some(character) = resolve(&reference.into_inner()) {
                    sink(Piece::Text(Cow::Borrowed(character.encode_utf8(&mut [0; 4]))));
                }
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(ReadError::damaged(format, &error)),
        }
    }
}

/// The character that a reference names, between & and ;.
fn resolve(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).filter(|&character| character != '\0');
    }
    // The names of HTML that books use, who rarely declare them.
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "shy" => '\u{AD}',
        "ensp" | "emsp" | "thinsp" => ' ',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "laquo" => '«',
        "raquo" => '»',
        "ldquo" => '“',
        "rdquo" => '”',
        "bdquo" => '„',
        "lsquo" => '‘',
        "rsquo" => '’',
        "sbquo" => '‚',
        "bull" => '•',
        "middot" => '·',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "deg" => '°',
        "sect" => '§',
        "para" => '¶',
        "times" => '×',
        "euro" => '€',
        "pound" => '£',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "ccedil" => 'ç',
        _ => return None,
    })
}

/// A value of an attribute with its references resolved.
fn resolve_all(value: &str) -> String {
    let mut pieces = value.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or(("", piece));
        text.extend(resolve(name));
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(xml: &str) -> String {
        let mut seen = String::new();
        let walked = walk(xml, "book", |piece| match piece {
            Piece::Open(element) => {
                seen.extend(["<", element.name(), " ", &element.attribute("id").unwrap_or_default(), ">"]);
            }
            Piece::Close(name) => seen.extend(["</", name, ">"]),
            Piece::Text(text) => seen += &text,
        });
        if walked.is_err() {
            seen += " damaged";
        }
        seen
    }

    #[test]
    fn elements_and_texts_come_in_their_order() {
        assert_eq!(
            seen("<?xml version='1.0'?><w:p a:id='1&amp;2'>Визит &laquo;в&raquo; &#1058;<![CDATA[<&]]><br/></w:p>"),
            "<p 1&2>Визит «в» Т<&<br ></br></p>"
        );
    }

    #[test]
    fn what_is_not_quite_xml_is_read_and_what_is_none_is_refused() {
        assert_eq!(seen("<p>Smith & Co<br></p> text</i>"), "<p >Smith & Co<br ></p> text</i>");
        assert_eq!(seen("<p>Визит <b"), "<p >Визит  damaged");
    }

    #[test]
    fn entities_never_grow() {
        let xml = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><x>&b;visit&unknown;</x>";
        assert_eq!(seen(xml), "<x >visit</x>");
    }
}
