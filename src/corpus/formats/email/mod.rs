//! An e-mail → its text, and a document for each file that is attached to it.

mod decoded;
mod joined;

use mail_parser::{Address, ContentType, DateTime, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde_json::Map;

use super::html;
use crate::corpus::{
    Date, Document, Format, ReadError, clues,
    read::{Parsed, Place, Reader, Told},
};
use decoded::{body_of, bytes_of, name_of, with_decoded_headers};

/// How often a message may speak of messages in it: each may stand in the one before, and the parser frees them by recursion.
const MAX_MESSAGES: usize = 500;

/// How many people a message is shown to be to.
const MAX_PEOPLE: usize = 100;

/// Reads a message and what is attached to it.
pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, bytes: &[u8]) {
    if has_too_many_messages(bytes) {
        let error = ReadError::TooMuch(format!("more than {MAX_MESSAGES} messages in one another"));
        return reader.refuse(place, Format::Email, error);
    }
    let bytes = with_decoded_headers(reader, bytes);
    let Some(message) = MessageParser::default().parse(bytes.as_ref()).filter(|message| !message.parts.is_empty())
    else {
        return reader.refuse(place, Format::Email, ReadError::damaged("message", &"it has no headers"));
    };
    if message.subject().is_none() && message.from().is_none() && message.date().is_none() && is_bare(&message) {
        // It is called a message and is a text.
        return reader.document(place, Format::PlainText, &bytes);
    }
    let body = body_parts(&message);
    let (told, parsed) = document(reader, &message, &body, &bytes);
    reader.give(place, Format::Email, told, parsed);
    for (number, &id) in message.attachments.iter().enumerate().filter(|(_, id)| !body.contains(id)) {
        let Some(part) = message.part(id) else { continue };
        attachment(reader, place, &bytes, part, number + 1);
    }
}

fn has_too_many_messages(bytes: &[u8]) -> bool {
    let marks = bytes
        .windows(8)
        .filter(|window| window.eq_ignore_ascii_case(b"message/") || window.eq_ignore_ascii_case(b"t/digest"));
    marks.count() > MAX_MESSAGES
}

/// Whether a message has neither parts nor a type.
fn is_bare(message: &Message<'_>) -> bool {
    message.content_type().is_none() && message.attachments.is_empty()
}

/// The parts that are the text of a message. Where there is text and a page of the same, the text; the parser gives the page where
/// there is no text. In a message that was cut, all parts are attached to it.
fn body_parts(message: &Message<'_>) -> Vec<u32> {
    if !message.text_body.is_empty() {
        return message.text_body.clone();
    }
    let is_text = |part: &MessagePart<'_>| part.is_text() && part.attachment_name().is_none();
    let first = message.attachments.first().filter(|&&id| message.part(id).is_some_and(is_text));
    first.copied().into_iter().collect()
}

/// The document that a message is by itself.
fn document(reader: &Reader<'_>, message: &Message<'_>, body: &[u32], bytes: &[u8]) -> (Told, Parsed) {
    let mut told = Told::default();
    let (mut texts, mut error) = (Vec::new(), None);
    for &id in body {
        let Some(part) = message.part(id) else { continue };
        let (text, of_part) = body_of(reader, bytes, part);
        told.encoding = told.encoding.or(of_part.encoding);
        told.notes.extend(of_part.notes);
        if matches!(part.body, PartType::Html(_)) {
            match html::read(&text) {
                Ok(page) => texts.push(page.text),
                Err(reason) => error = Some(reason),
            }
        } else {
            texts.push(text.into_owned());
        }
    }
    let subject = message.subject().map(str::trim).unwrap_or_default();
    let mut text =
        texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    // What has a subject and files alone is still found by its subject.
    if text.is_empty() && !subject.is_empty() {
        if let Some(error) = error {
            return (told, Err(error));
        }
        subject.clone_into(&mut text);
    }
    let mut members = Map::new();
    for (name, address) in [("from", message.from()), ("to", message.to()), ("cc", message.cc())] {
        let people = address.map(people).filter(|people| !people.is_empty());
        if let Some(people) = people {
            members.insert(name.into(), people.into());
        }
    }
    let sender = message.from().and_then(Address::first);
    let document = Document {
        title: if subject.is_empty() { clues::title(&text) } else { subject.to_owned() },
        date: message.date().and_then(date),
        source: sender.and_then(|sender| filled(sender.name()).or(filled(sender.address()))),
        text,
        members,
        ..Document::default()
    };
    (told, Ok(document))
}

/// The day of a message, as its sender's clock had it; not where that had never been set.
fn date(time: &DateTime) -> Option<Date> {
    if time.year > 1970 { Date::of_day(time.year, time.month, time.day) } else { None }
}

/// People as headers name them: `Анна Ким <anna@example.org>, …`.
fn people(address: &Address<'_>) -> String {
    let named =
        address.iter().take(MAX_PEOPLE).filter_map(|person| match (filled(person.name()), filled(person.address())) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (name, address) => name.or(address),
        });
    named.collect::<Vec<_>>().join(", ")
}

fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Reads a file that is attached to a message.
fn attachment(reader: &mut Reader<'_>, place: &Place, bytes: &[u8], part: &MessagePart<'_>, number: usize) {
    // Pictures that are laid out in a page are no files of their own.
    let is_picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let is_laid_out = part.content_id().is_some() || part.content_disposition().is_some_and(ContentType::is_inline);
    if is_picture && is_laid_out {
        return;
    }
    let name = name_of(reader, bytes, part).map(|name| clean(&name)).filter(|name| !name.is_empty());
    let inside = place.entry(&name.unwrap_or_else(|| format!("{number}{}", ending(part))));
    let read = reader.check_depth(place).and_then(|()| reader.count_entry());
    if let Err(error) = read {
        return reader.refuse(&inside, Format::of(b"", &inside.file_name), error);
    }
    let content = bytes_of(bytes, part);
    if matches!(part.body, PartType::Message(_)) {
        return self::read(reader, &inside, &content);
    }
    reader.any(&inside, &mut content.as_ref());
}

/// A name without what leads elsewhere, which is shown and never written to.
fn clean(name: &str) -> String {
    let parts = name.split(['/', '\\']).map(str::trim).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/").replace(char::is_control, "\u{FFFD}")
}

/// The ending of the name of a part that has none.
fn ending(part: &MessagePart<'_>) -> &'static str {
    match &part.body {
        PartType::Message(_) => ".eml",
        PartType::Html(_) => ".html",
        PartType::Text(_) => ".txt",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
