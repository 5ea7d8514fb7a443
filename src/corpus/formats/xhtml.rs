//! The pages of a book → text. They are XHTML, and most are well-formed; pages of the web are read elsewhere.

use super::{
    blocks::Blocks,
    markup::{Element, Piece, walk},
};
use crate::corpus::ReadError;

/// Elements whose text is no text of the page.
const SKIPPED: [&str; 8] = ["head", "script", "style", "rt", "rp", "template", "audio", "video"];

/// Elements that stand as a block of their own.
const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "figure",
    "figcaption",
    "address",
    "pre",
    "ul",
    "ol",
    "dl",
    "table",
    "caption",
    "body",
    "hr",
];

/// Writes the text of a page; its first heading of the first level.
pub(super) fn read(xml: &str, format: &'static str, blocks: &mut Blocks) -> Result<Option<String>, ReadError> {
    let mut page = Page { blocks, skipped: 0, exact: 0, items: 0, links: Vec::new(), heading: None };
    walk(xml, format, |piece| match piece {
        Piece::Open(element) => page.open(&element),
        Piece::Close(name) => page.close(name),
        Piece::Text(text) => page.text(&text),
    })?;
    let heading = page.heading.take().and_then(|(_, text)| text);
    blocks.block();
    Ok(heading.filter(|heading| !heading.is_empty()))
}

struct Page<'b> {
    blocks: &'b mut Blocks,
    skipped: usize,
    /// How many elements are open whose lines stand as they are.
    exact: usize,
    items: usize,
    /// The links that are open, and whether each leads to a note: its number is no part of the word before it.
    links: Vec<bool>,
    /// Where the first heading begins, and its text when it has ended.
    heading: Option<(usize, Option<String>)>,
}

impl Page<'_> {
    fn open(&mut self, element: &Element<'_>) {
        let name = element.name();
        if SKIPPED.contains(&name) {
            self.skipped += 1;
        }
        if self.skipped > 0 {
            return;
        }
        match name {
            "a" => self.links.push(element.attribute_as_written("epub:type").as_deref() == Some("noteref")),
            "br" | "dt" | "dd" => self.blocks.line(),
            "li" => {
                self.blocks.line();
                self.items += 1;
                self.blocks.flowing("• ");
            }
            "td" | "th" => self.blocks.open_cell(),
            name if BLOCKS.contains(&name) => {
                self.end_block();
                self.exact += usize::from(name == "pre");
                if name == "h1" && self.heading.is_none() {
                    self.heading = Some((self.blocks.mark(), None));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if SKIPPED.contains(&name) {
            self.skipped = self.skipped.saturating_sub(1);
        }
        if self.skipped > 0 {
            return;
        }
        match name {
            "a" => {
                self.links.pop();
            }
            "li" => {
                self.items = self.items.saturating_sub(1);
                self.blocks.line();
            }
            "dt" | "dd" => self.blocks.line(),
            "td" | "th" => self.blocks.close_cell(),
            "tr" => self.blocks.row(),
            name if BLOCKS.contains(&name) => {
                if let Some((start, text @ None)) = self.heading.as_mut().filter(|_| name == "h1") {
                    *text = Some(self.blocks.since(*start).replace('\n', " "));
                }
                self.exact = self.exact.saturating_sub(usize::from(name == "pre"));
                self.end_block();
            }
            _ => {}
        }
    }

    /// Within a list, what is a block elsewhere is a line.
    fn end_block(&mut self) {
        if self.items > 0 {
            if !self.blocks.is_empty_item() {
                self.blocks.line();
            }
        } else {
            self.blocks.block();
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped > 0 || self.links.last() == Some(&true) {
            return;
        }
        if self.exact > 0 {
            self.blocks.exact(text);
        } else {
            self.blocks.flowing(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> (String, Option<String>) {
        let mut blocks = Blocks::default();
        let heading = read(xml, "book", &mut blocks).unwrap();
        (blocks.finish(), heading)
    }

    #[test]
    fn a_page_is_read_as_it_is_seen() {
        let (text, heading) = text(
            "<html><head><title>x</title></head><body><h1>Глава\n 1</h1><p>Слово<a epub:type='noteref'>1</a> и <i>сло</i>во.<br/>Visit</p>
             <ul><li><p>one</p></li><li>два</li></ul><div>Before<p>text</p></div>
             <table><tr><td>a</td><td>б</td></tr><tr><td/><td>c</td></tr></table><pre>x\n  y</pre><script>no</script></body></html>",
        );
        assert_eq!(text, "Глава 1\n\nСлово и слово.\nVisit\n\n• one\n• два\n\nBefore\n\ntext\n\na\tб\n\tc\n\nx\n  y");
        assert_eq!(heading.as_deref(), Some("Глава 1"));
    }

    #[test]
    fn tags_that_do_not_match_are_forgiven() {
        assert_eq!(text("<p>Визит<p>Visit<br>end</i>").0, "Визит\n\nVisit\nend");
    }
}
