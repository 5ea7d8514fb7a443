//! A text, a presentation or sheets of `OpenDocument` → document.

use super::{
    blocks::Blocks,
    markup::{Element, Piece, walk},
    package::Package,
    properties::Properties,
};
use crate::corpus::{ReadError, read::Parsed};

const FORMAT: &str = "OpenDocument file";

/// The document that a file of `OpenDocument` is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let mut package = Package::open(bytes, FORMAT)?;
    if package.text("META-INF/manifest.xml")?.is_some_and(|xml| xml.contains("encryption-data")) {
        return Err(ReadError::damaged(FORMAT, &"it is encrypted; save it without a password"));
    }
    let content = package.needed("content.xml")?;
    let mut body = Body::new();
    body.read(&content)?;
    let properties = properties(&mut package)?;
    let heading = body.heading.take().map(|(_, text)| text);
    Ok(properties.document(body.finish(), heading.as_deref()))
}

/// The properties of a document; none where they are missing or damaged.
fn properties(package: &mut Package<'_>) -> Result<Properties, ReadError> {
    let mut properties = Properties::default();
    let Some(xml) = package.text("meta.xml")? else { return Ok(properties) };
    let mut inside = String::new();
    // The creator is who wrote it last; another element tells who wrote it first.
    let mut last = None;
    let _ = walk(&xml, FORMAT, |piece| match piece {
        Piece::Open(element) => element.name().clone_into(&mut inside),
        Piece::Close(_) => inside.clear(),
        Piece::Text(text) => match inside.as_str() {
            "title" => properties.title.get_or_insert_default().push_str(&text),
            "initial-creator" => properties.author.get_or_insert_default().push_str(&text),
            "creator" => last.get_or_insert_with(String::new).push_str(&text),
            "creation-date" => properties.created.get_or_insert_default().push_str(&text),
            _ => {}
        },
    });
    properties.author = properties.author.or(last);
    Ok(properties)
}

/// Elements whose text is no text of the document: what was deleted, what describes a drawing, the numbers of notes.
const SKIPPED: [&str; 9] = [
    "tracked-changes",
    "note-citation",
    "binary-data",
    "ruby-text",
    "page-number",
    "settings",
    "forms",
    "date-time-decl",
    "scripts",
];

/// The text of a story: of the body, and of what is written inside of it and apart from it, such as a note.
#[derive(Default)]
struct Story {
    blocks: Blocks,
    /// How many paragraphs are open; text between them is none.
    paragraphs: usize,
    /// How many items of lists are open, and whether one waits for its text.
    items: usize,
    begins_item: bool,
    /// Where the heading began that is open, and its level.
    heading: Option<(usize, u8)>,
    /// What is written apart, such as notes of the paragraph that is open.
    apart: Vec<String>,
}

struct Body {
    stories: Vec<Story>,
    skipped: usize,
    /// The first of the highest headings.
    heading: Option<(u8, String)>,
    /// Whether a shape is open that holds the title of a slide.
    in_title: bool,
}

impl Body {
    fn new() -> Self {
        Self { stories: vec![Story::default()], skipped: 0, heading: None, in_title: false }
    }

    fn read(&mut self, xml: &str) -> Result<(), ReadError> {
        walk(xml, FORMAT, |piece| match piece {
            Piece::Open(element) => self.open(&element),
            Piece::Close(name) => self.close(name),
            Piece::Text(text) => {
                let is_skipped = self.skipped > 0;
                let story = self.story();
                if story.paragraphs > 0 && !is_skipped {
                    story.blocks.flowing(&text);
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
        if self.skipped > 0 || SKIPPED.contains(&name) {
            self.skipped += usize::from(SKIPPED.contains(&name));
            return;
        }
        let in_title = self.in_title;
        match name {
            "note-body" | "annotation" | "text-box" | "custom-shape" => {
                self.stories.push(Story::default());
                return;
            }
            "frame" => self.in_title = element.attribute("class").as_deref() == Some("title"),
            _ => {}
        }
        let story = self.story();
        match name {
            "p" | "h" => {
                story.paragraphs += 1;
                let mark = story.blocks.mark();
                if name == "h" || in_title {
                    let level = element.attribute("outline-level").and_then(|level| level.parse().ok());
                    story.heading = Some((mark, level.unwrap_or(0)));
                }
                if std::mem::take(&mut story.begins_item) {
                    story.blocks.flowing("• ");
                }
            }
            "list-item" => {
                story.blocks.line();
                story.items += 1;
                story.begins_item = true;
            }
            "s" => {
                let spaces = element.attribute("c").and_then(|count| count.parse().ok()).unwrap_or(1_usize);
                story.blocks.exact(&" ".repeat(spaces.min(8)));
            }
            "tab" => story.blocks.exact("\t"),
            "line-break" => story.blocks.line(),
            "table" => {
                story.blocks.block();
                // Sheets have names that people read; tables of texts have none, or "Table1".
                if let Some(name) = element.attribute("name").filter(|name| !is_default_name(name)) {
                    story.blocks.exact(&name);
                    story.blocks.block();
                }
            }
            "table-cell" | "covered-table-cell" => story.blocks.open_cell(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= usize::from(SKIPPED.contains(&name));
            return;
        }
        match name {
            "p" | "h" => return self.end_paragraph(),
            "note-body" | "annotation" | "text-box" | "custom-shape" => {
                if self.stories.len() > 1 {
                    let text = self.stories.pop().map(|story| story.blocks.finish()).unwrap_or_default();
                    let story = self.story();
                    story.apart.push(text);
                    if story.paragraphs == 0 {
                        story.tell_apart();
                    }
                }
                return;
            }
            "frame" => self.in_title = false,
            _ => {}
        }
        let story = self.story();
        match name {
            "list-item" => {
                story.items = story.items.saturating_sub(1);
                story.begins_item = false;
                if story.items == 0 {
                    story.blocks.line();
                }
            }
            "list" if story.items == 0 => story.blocks.block(),
            "table-cell" | "covered-table-cell" => story.blocks.close_cell(),
            "table-row" => story.blocks.row(),
            "table" | "page" => story.blocks.block(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let story = self.story();
        story.paragraphs = story.paragraphs.saturating_sub(1);
        let heading = story.heading.take().map(|(mark, level)| (level, story.blocks.since(mark).to_owned()));
        if story.items > 0 {
            story.blocks.line();
        } else {
            story.blocks.block();
        }
        if story.paragraphs == 0 {
            story.tell_apart();
        }
        if let Some((level, text)) = heading
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

impl Story {
    /// Writes what was written apart, behind the paragraph in which it stood.
    fn tell_apart(&mut self) {
        for text in std::mem::take(&mut self.apart).into_iter().filter(|text| !text.is_empty()) {
            self.blocks.block();
            self.blocks.exact_paragraphs(&text);
            self.blocks.block();
        }
    }
}

/// Whether a table or a sheet has the name that a program gave it.
pub(super) fn is_default_name(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_lowercase();
    matches!(stem.as_str(), "" | "table" | "таблица" | "sheet" | "лист" | "worksheet")
}

#[cfg(test)]
mod tests {
    use super::{
        super::package::tests::{packed, survives, survives_inside},
        *,
    };

    fn odt(body: &str) -> Vec<u8> {
        let content = format!("<office:document-content><office:body>{body}</office:body></office:document-content>");
        let meta = "<office:meta><meta:initial-creator>Анна</meta:initial-creator><dc:creator>Иван</dc:creator>
            <dc:date>2024-05-06T07:08:09</dc:date></office:meta>";
        packed(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", &content),
            ("meta.xml", meta),
        ])
    }

    #[test]
    fn paragraphs_lists_notes_and_tables_are_text() {
        let document = read(&odt("<text:tracked-changes><text:p>вон</text:p></text:tracked-changes>
            <text:h text:outline-level='2'>Поездка</text:h><text:h text:outline-level='1'>Визит <text:span>в</text:span> Ташкент</text:h>
            <text:p>19<text:s/>ноября 2021<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Сноска</text:p></text:note-body></text:note> года</text:p>
            <text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>два</text:p></text:list-item></text:list>
            <table:table table:name='Table1'><table:table-row><table:table-cell><text:p>Город</text:p></table:table-cell>
            <table:table-cell><text:p>People</text:p></table:table-cell></table:table-row></table:table><text:p>Конец</text:p>")).unwrap();
        assert_eq!(document.title, "Визит в Ташкент");
        assert_eq!(
            document.text,
            "Поездка\n\nВизит в Ташкент\n\n19 ноября 2021 года\n\nСноска\n\n• one\n• два\n\nГород\tPeople\n\nКонец"
        );
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
        assert_eq!(document.members["author"], "Анна");
    }

    #[test]
    fn slides_and_sheets_are_text() {
        let document = read(&odt("<draw:page draw:name='page1'><draw:frame presentation:class='title'><draw:text-box>
            <text:p>Итоги года</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>Growth</text:p></draw:text-box></draw:frame>
            <presentation:notes><draw:frame><draw:text-box><text:p>Сказать о росте</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>")).unwrap();
        assert_eq!(
            (document.title.as_str(), document.text.as_str()),
            ("Итоги года", "Итоги года\n\nGrowth\n\nСказать о росте")
        );
        let document = read(&odt("<table:table table:name='Бюджет'><table:table-row><table:table-cell><text:p>Итого</text:p></table:table-cell>
            <table:table-cell table:number-columns-repeated='1000'/></table:table-row></table:table>")).unwrap();
        assert_eq!(document.text, "Бюджет\n\nИтого");
    }

    #[test]
    fn encrypted_and_damaged_files_are_refused() {
        let bytes = packed(&[("META-INF/manifest.xml", "<manifest:encryption-data/>"), ("content.xml", "?")]);
        assert!(read(&bytes).unwrap_err().to_string().contains("encrypted"));
        let valid = odt("<text:p>Визит visit</text:p>");
        survives(&valid, |bytes| drop(read(bytes)));
        survives_inside(&valid, |bytes| drop(read(bytes)));
    }
}
