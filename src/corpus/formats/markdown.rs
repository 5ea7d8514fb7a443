//! Markdown → document: the first heading is the title, the text is what a reader sees of it.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::corpus::{Document, clues};

/// The document that a Markdown text is.
pub(in crate::corpus) fn read(markdown: &str) -> Document {
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
    use super::read;

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
    fn without_a_heading_the_first_line_is_the_title() {
        assert_eq!(read("State visit\n\nText").title, "State visit");
        assert_eq!(read("## Second level\n\nText").title, "Second level");
    }
}
