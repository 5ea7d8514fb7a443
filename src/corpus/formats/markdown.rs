//! Markdown → document: the first heading is the title, the text is what a reader sees of it, the front matter what is known of it.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use serde_json::{Map, Value};

use super::front_matter;
use crate::{
    corpus::{Document, clues},
    language::Label,
};

/// The document that a Markdown text is.
pub(in crate::corpus) fn read(markdown: &str) -> Document {
    let Some((mut members, text)) = front_matter::split(markdown) else { return read_text(markdown) };
    let mut document = read_text(text);
    if let Some(title) = take(&mut members, "title", |title| Some(title.to_owned())) {
        document.title = title;
    }
    let named = take(&mut members, "date", clues::date_of_value);
    document.date = named.or(document.date);
    document.declared =
        take(&mut members, "lang", Label::from_tag).or_else(|| take(&mut members, "language", Label::from_tag));
    document.source = take(&mut members, "source", |source| Some(source.to_owned())).or(document.source);
    document.members = members;
    document
}

/// Takes a member that is a text with a meaning; one without is left where it is.
fn take<T>(members: &mut Map<String, Value>, name: &str, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
    let found = members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).and_then(meaning)?;
    members.remove(name);
    Some(found)
}

fn read_text(markdown: &str) -> Document {
    let Rendered { text, heading } = render(markdown);
    Document {
        title: heading.unwrap_or_else(|| clues::title(&text)),
        date: clues::date(&text),
        source: clues::source(&text),
        text,
        ..Document::default()
    }
}

struct Rendered {
    text: String,
    /// The first heading of the first level.
    heading: Option<String>,
}

/// The text that a reader sees, with empty lines between blocks.
fn render(markdown: &str) -> Rendered {
    let mut text = String::with_capacity(markdown.len());
    let mut heading = None;
    let mut heading_start = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if heading.is_none() => {
                heading_start = Some(text.len());
            }
            Event::Start(Tag::Item) => text.push_str("• "),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = heading_start.take() {
                    heading = Some(text[start..].trim().to_owned());
                }
                end_block(&mut text);
            }
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::List(_) | TagEnd::Table) => end_block(&mut text),
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => end_line(&mut text),
            Event::End(TagEnd::TableCell) => text.push('\t'),
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            // Kept, so that lines such as "Source: …" stay lines; where text is shown, a break is a space.
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    Rendered { text, heading: heading.filter(|heading| !heading.is_empty()) }
}

fn end_line(text: &mut String) {
    text.truncate(text.trim_end().len());
    text.push('\n');
}

fn end_block(text: &mut String) {
    end_line(text);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{Label, read};

    #[test]
    fn a_reader_sees_no_markup() {
        let document = read(
            "# Визит *в* Ташкент\n\n19 ноября 2021 г.\n\nСумма **\\$14 млрд**, [email us here](#).\n\n* one\n* два\n",
        );
        assert_eq!(document.title, "Визит в Ташкент");
        assert_eq!(
            document.text,
            "Визит в Ташкент\n\n19 ноября 2021 г.\n\nСумма $14 млрд, email us here.\n\n• one\n• два"
        );
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
    }

    #[test]
    fn tables_and_code_are_text() {
        let text = read("| a | б |\n| --- | --- |\n| 1 | 2 |\n\n```\nmake run\n```\n").text;
        assert_eq!(text, "a\tб\n1\t2\n\nmake run");
    }

    #[test]
    fn front_matter_tells_what_is_known_of_a_text() {
        let document = read(
            "---\ntitle: Визит\ndate: 19 ноября 2021\nlang: ru\ntags: [мир, visit]\nauthor: Анна\n---\n# Other\n\nТекст",
        );
        assert_eq!((document.title.as_str(), document.text.as_str()), ("Визит", "Other\n\nТекст"));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
        assert_eq!(document.declared, Some(Label::Russian));
        assert_eq!(
            serde_json::to_string(&document.members).expect("JSON"),
            r#"{"author":"Анна","tags":["мир","visit"]}"#
        );
        let document = read("+++\ntitle = \"Visit\"\ndate = \"last spring\"\n+++\nText of it");
        assert_eq!((document.title.as_str(), document.date), ("Visit", None));
        assert_eq!(document.members["date"], "last spring");
    }

    #[test]
    fn without_a_heading_the_first_line_is_the_title() {
        assert_eq!(read("State visit\n\nText").title, "State visit");
        assert_eq!(read("## Second level\n\nText").title, "Second level");
    }
}
