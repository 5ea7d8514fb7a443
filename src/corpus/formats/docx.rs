//! A text of Word → document: its paragraphs, lists, tables, text boxes, and the notes and comments behind them.

use std::collections::HashMap;

use super::{
    blocks::Blocks,
    markup::{Element, Piece, walk},
    office::properties,
    package::Package,
};
use crate::corpus::{ReadError, read::Parsed};

const FORMAT: &str = "text of Word";

/// The document that a text of Word is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let mut package = Package::open(bytes, FORMAT)?;
    let styles = match package.text("word/styles.xml")? {
        Some(xml) => title_styles(&xml),
        None => HashMap::new(),
    };
    let mut body = Body::new(&styles);
    let main = package.needed("word/document.xml")?;
    body.read(&main)?;
    for notes in ["word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"] {
        if let Some(xml) = package.text(notes)? {
            body.read(&xml)?;
        }
    }
    let heading = body.heading.take().map(|(_, text)| text);
    Ok(properties(&mut package)?.document(body.finish(), heading.as_deref()))
}

/// Styles of titles, by their ids: 0 for the title, else the level of the heading. Word names the ids in the language of whoever
/// uses it ("a3", "1"), and the styles in English.
fn title_styles(xml: &str) -> HashMap<String, u8> {
    let mut styles = HashMap::new();
    let mut id = None;
    // Without its styles a text has no heading for a title, and is read all the same.
    let _ = walk(xml, FORMAT, |piece| {
        let Piece::Open(element) = piece else { return };
        match element.name() {
            "style" => id = element.attribute("styleId"),
            "name" => {
                if let (Some(id), Some(level)) = (id.take(), element.attribute("val").and_then(|name| level(&name))) {
                    styles.insert(id, level);
                }
            }
            _ => {}
        }
    });
    styles
}

fn level(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    match name.as_str() {
        "title" => Some(0),
        _ => name.strip_prefix("heading").and_then(|number| number.trim().parse().ok()),
    }
}

/// The text of a story: of the body, and of what is written inside of it and apart from it, such as a text box.
#[derive(Default)]
struct Story {
    blocks: Blocks,
    /// Where the paragraph begins that is open.
    start: usize,
    /// Whether that is an item of a list, and whether the one before it was.
    is_item: bool,
    was_item: bool,
    level: Option<u8>,
    /// Text boxes of the paragraph that is open.
    boxes: Vec<String>,
}

struct Body<'s> {
    styles: &'s HashMap<String, u8>,
    /// The last one is written to; the others wait until it ends.
    stories: Vec<Story>,
    /// How many elements are open whose text is no text of the document, or stands there twice.
    skipped: usize,
    in_text: bool,
    /// The first title, or the first of the highest headings.
    heading: Option<(u8, String)>,
}

impl<'s> Body<'s> {
    fn new(styles: &'s HashMap<String, u8>) -> Self {
        Self { styles, stories: vec![Story::default()], skipped: 0, in_text: false, heading: None }
    }

    fn read(&mut self, xml: &str) -> Result<(), ReadError> {
        walk(xml, FORMAT, |piece| match piece {
            Piece::Open(element) => self.open(&element),
            Piece::Close(name) => self.close(name),
            Piece::Text(text) => {
                if self.in_text && self.skipped == 0 {
                    self.story().blocks.exact(&text);
                }
            }
        })
    }

    fn story(&mut self) -> &mut Story {
        if self.stories.is_empty() {
            self.stories.push(Story::default());
        }
        let last = self.stories.len() - 1;
        &mut self.stories[last]
    }

    fn open(&mut self, element: &Element<'_>) {
        let name = element.name();
        // What another program may read in place of the choice before it is the same once more.
        if self.skipped > 0 || name == "Fallback" {
            self.skipped += usize::from(name == "Fallback");
            return;
        }
        match name {
            "txbxContent" => self.stories.push(Story::default()),
            "t" => self.in_text = true,
            "p" => {
                let story = self.story();
                story.start = story.blocks.mark();
                (story.is_item, story.level) = (false, None);
            }
            "pStyle" => {
                self.story().level =
                    element.attribute("val").and_then(|id| self.styles.get(&id).copied().or_else(|| level(&id)));
            }
            // The number 0 takes a paragraph out of the list of its style.
            "numId" if element.attribute("val").as_deref() != Some("0") => {
                let story = self.story();
                if !story.is_item && story.level.is_none() {
                    story.is_item = true;
                    story.blocks.exact("• ");
                }
            }
            // Stops of tabs have the same name and stand among the properties, before all text.
            "tab" if element.attribute("val").is_none() => self.story().blocks.exact("\t"),
            "br" | "cr" => self.story().blocks.line(),
            "noBreakHyphen" => self.story().blocks.exact("-"),
            "tbl" => {
                let story = self.story();
                story.blocks.block();
                story.was_item = false;
            }
            "tc" => self.story().blocks.open_cell(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= usize::from(name == "Fallback");
            return;
        }
        match name {
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" => self.story().blocks.close_cell(),
            "tr" => self.story().blocks.row(),
            "tbl" => self.story().blocks.block(),
            "txbxContent" if self.stories.len() > 1 => {
                let text = self.stories.pop().map(|story| story.blocks.finish()).unwrap_or_default();
                self.story().boxes.push(text);
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let is_box = self.stories.len() > 1;
        let story = self.story();
        let start = story.start;
        let heading = story.level.map(|level| (level, story.blocks.since(start).to_owned()));
        if story.is_item {
            story.blocks.line();
        } else {
            if story.was_item {
                story.blocks.set_off(start);
            }
            story.blocks.block();
        }
        story.was_item = story.is_item;
        for text in std::mem::take(&mut story.boxes) {
            story.blocks.block();
            story.blocks.exact_paragraphs(&text);
            story.blocks.block();
        }
        if let Some((level, text)) = heading
            && !is_box
            && !text.is_empty()
            && self.heading.as_ref().is_none_or(|(known, _)| level < *known)
        {
            self.heading = Some((level, text));
        }
    }

    fn finish(self) -> String {
        Blocks::joined(self.stories.into_iter().map(|story| story.blocks))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::package::tests::{packed, survives, survives_inside},
        *,
    };

    const STYLES: &str = r#"<w:styles><w:style w:styleId="a3"><w:name w:val="Title"/></w:style>
        <w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>"#;

    fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        let mut files = vec![("word/document.xml", document.as_str()), ("word/styles.xml", STYLES)];
        files.extend(more);
        packed(&files)
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn paragraphs_lists_and_tables_are_text() {
        let item = |text: &str| {
            format!("<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
        };
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
        let body = [
            "<w:p><w:pPr><w:pStyle w:val='1'/></w:pPr><w:r><w:t>Визит в </w:t></w:r><w:r><w:t>Ташкент</w:t></w:r></w:p>",
            &p("19 ноября 2021 г."),
            &item("one"),
            &item("два"),
            &format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>", cell("Город"), cell("People"), cell("Хива"), cell("5")),
            "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr><w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:br/><w:t>в стро\u{AD}ке</w:t></w:r></w:p>",
        ]
        .concat();
        let document = read(&docx(&body, &[])).unwrap();
        assert_eq!(document.title, "Визит в Ташкент");
        assert_eq!(
            document.text,
            "Визит в Ташкент\n\n19 ноября 2021 г.\n\n• one\n• два\n\nГород\tPeople\nХива\t5\n\nco-op\nв строке"
        );
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
    }

    #[test]
    fn notes_comments_and_boxes_are_read_once_and_deletions_are_not() {
        let boxed = "<w:p><w:r><w:t>До </w:t><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Рамка</w:t></w:r></w:p>\
            </w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>Рамка</w:t></w:r></w:p></w:txbxContent>\
            </mc:Fallback></mc:AlternateContent><w:t>после</w:t><w:del><w:delText>вон</w:delText></w:del><w:instrText>PAGE</w:instrText></w:r></w:p>";
        let footnotes = format!("<w:footnotes><w:footnote>{}</w:footnote></w:footnotes>", p("Сноска"));
        let comments = format!("<w:comments><w:comment>{}</w:comment></w:comments>", p("A comment"));
        let bytes = docx(boxed, &[("word/footnotes.xml", &footnotes), ("word/comments.xml", &comments)]);
        assert_eq!(read(&bytes).unwrap().text, "До после\n\nРамка\n\nСноска\n\nA comment");
    }

    #[test]
    fn properties_name_the_title_and_the_author() {
        let core = "<p><dc:title>State visit</dc:title><dc:creator>Иван Петров</dc:creator></p>";
        let document = read(&docx(&p("Text"), &[("docProps/core.xml", core)])).unwrap();
        assert_eq!((document.title.as_str(), &document.members["author"]), ("State visit", &"Иван Петров".into()));
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(read(&packed(&[("word/styles.xml", STYLES)])).is_err());
        assert!(read(&docx("<w:p><w:t>Визит", &[])).is_ok());
        assert!(read(&packed(&[("word/document.xml", "<w:p>Визит<w:")])).is_err());
        let valid = docx(&p("Визит visit"), &[]);
        survives(&valid, |bytes| drop(read(bytes)));
        survives_inside(&valid, |bytes| drop(read(bytes)));
    }
}
