//! An electronic book → document: its pages in the order of reading.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use super::{
    blocks::Blocks,
    markup::{Piece, walk},
    office::resolved,
    package::Package,
    properties::{Properties, title},
    xhtml,
};
use crate::{
    corpus::{Date, Document, ReadError, clues, read::Parsed},
    language::Label,
};

const FORMAT: &str = "EPUB";

/// Books that were printed before this year are dated by it wrongly: programs write 0101 for an unknown date.
const MIN_YEAR: i64 = 1400;

/// The document that a book is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let mut package = Package::open(bytes, FORMAT)?;
    let root = root(&package.needed("META-INF/container.xml")?)?;
    let book = Book::read(&package.needed(&root)?)?;
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (mut text, mut heading, mut failed) = (Blocks::default(), None, None);
    for page in book.pages() {
        let Some(xml) = package.text(&resolved(folder, page))? else { continue };
        match xhtml::read(&xml, FORMAT, &mut text) {
            Ok(found) => heading = heading.or(found),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let text = text.finish();
    // Pages of a protected book are no XML. Of one that was made badly, what was read stands before the mistake.
    if text.is_empty() || failed.is_some() {
        if package.text("META-INF/encryption.xml")?.is_some_and(|xml| xml.contains("html")) {
            return Err(ReadError::damaged(FORMAT, &"its pages are encrypted (DRM)"));
        }
        if let Some(error) = failed {
            return Err(error);
        }
    }
    let Book { titles, authors, dates, languages, modified, .. } = book;
    // A date that is the day when the file was made was put there by the program that made it.
    let modified = known_date(&modified);
    let published = dates.iter().find_map(|date| known_date(date)).filter(|&date| Some(date) != modified);
    let properties = Properties { author: Some(authors.join(", ")), ..Properties::default() };
    let known = titles.iter().find_map(|found| title(found));
    let declared: Vec<Label> = languages.iter().filter_map(|tag| Label::from_tag(tag)).collect();
    let document = properties.document(text, known.or(heading).as_deref());
    Ok(Document {
        date: document.date.or(published),
        // Two languages that differ say no more than the text does.
        declared: declared.first().copied().filter(|first| declared.iter().all(|label| label == first)),
        ..document
    })
}

/// A date as books write it, where it may be one.
pub(super) fn known_date(text: &str) -> Option<Date> {
    let date: Option<Date> = text.trim().parse().ok().or_else(|| clues::date(text));
    date.filter(|date| date.sort_key() >= MIN_YEAR * 10_000)
}

/// The name of the file that describes the book.
fn root(container: &str) -> Result<String, ReadError> {
    let mut root = None;
    walk(container, FORMAT, |piece| {
        if let Piece::Open(element) = piece
            && element.name() == "rootfile"
            && root.is_none()
        {
            root = element.attribute("full-path");
        }
    })?;
    root.ok_or_else(|| ReadError::damaged(FORMAT, &"it does not say where its pages are listed"))
}

/// A file of a book.
struct Item {
    id: String,
    name: String,
    is_page: bool,
    /// Whether it is the table of contents, whose text are the headings once more.
    is_contents: bool,
}

/// What a book says about itself.
#[derive(Default)]
struct Book {
    titles: Vec<String>,
    authors: Vec<String>,
    dates: Vec<String>,
    languages: Vec<String>,
    modified: String,
    items: Vec<Item>,
    /// The ids of pages in the order of reading.
    spine: Vec<String>,
}

impl Book {
    fn read(xml: &str) -> Result<Self, ReadError> {
        let mut book = Self::default();
        let mut inside: Option<(String, String)> = None;
        walk(xml, FORMAT, |piece| match piece {
            Piece::Open(element) => {
                let attribute = |name| element.attribute(name).unwrap_or_default();
                match element.name() {
                    "item" => book.items.push(Item {
                        id: attribute("id"),
                        name: percent_decode_str(&attribute("href")).decode_utf8_lossy().into_owned(),
                        is_page: attribute("media-type").contains("html"),
                        is_contents: attribute("properties").split(' ').any(|property| property == "nav"),
                    }),
                    "itemref" => book.spine.push(attribute("idref")),
                    // When the file was changed is not when the book appeared.
                    "date" if attribute("event") == "modification" => {}
                    // Of those who made a book, its authors are wanted and not its translators or the program.
                    "creator" if !matches!(attribute("role").as_str(), "" | "aut") => {}
                    "meta" if attribute("property") == "dcterms:modified" => {
                        inside = Some(("modified".to_owned(), String::new()));
                    }
                    name @ ("title" | "creator" | "date" | "language") => {
                        inside = Some((name.to_owned(), String::new()));
                    }
                    _ => {}
                }
            }
            Piece::Text(text) => {
                if let Some((_, value)) = &mut inside {
                    value.push_str(&text);
                }
            }
            Piece::Close(_) => {
                let Some((name, value)) = inside.take() else { return };
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                if name == "modified" {
                    book.modified = value;
                    return;
                }
                let values = match name.as_str() {
                    "title" => &mut book.titles,
                    "creator" => &mut book.authors,
                    "date" => &mut book.dates,
                    _ => &mut book.languages,
                };
                if !value.is_empty() {
                    values.push(value);
                }
            }
        })?;
        Ok(book)
    }

    /// The names of its pages, in the order of reading; in that of the list where no order is told.
    fn pages(&self) -> Vec<&str> {
        let by_id: HashMap<&str, &Item> = self.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let mut pages: Vec<&Item> = self.spine.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
        if pages.is_empty() {
            pages = self.items.iter().filter(|item| item.is_page).collect();
        }
        // A page that is named twice is read once, so that no text grows by being named.
        let mut seen = HashSet::new();
        let names = pages.into_iter().filter(|item| !item.is_contents).map(|item| item.name.as_str());
        names.filter(|name| seen.insert(*name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::package::tests::{packed, survives, survives_inside},
        *,
    };

    const CONTAINER: &str = "<container><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></container>";

    fn book(metadata: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let opf = format!(
            "<package><metadata>{metadata}</metadata><manifest><item id='n' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>
             <item id='b' href='text/2.xhtml' media-type='application/xhtml+xml'/><item id='a' href='text/%D0%B3%D0%BB%D0%B0%D0%B2%D0%B0%201.xhtml' media-type='application/xhtml+xml'/>
             </manifest><spine><itemref idref='n'/><itemref idref='a'/><itemref idref='b'/></spine></package>"
        );
        let mut files = vec![
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", CONTAINER),
            ("OEBPS/book.opf", &opf),
            ("OEBPS/nav.xhtml", "<p>Contents</p>"),
            (
                "OEBPS/text/глава 1.xhtml",
                "<html><head><title>x</title></head><body><h1>Глава 1</h1><p>Было&nbsp;утро.</p></body></html>",
            ),
        ];
        files.extend(more);
        packed(&files)
    }

    const SECOND: (&str, &str) = ("OEBPS/text/2.xhtml", "<p>The visit</p>");

    #[test]
    fn pages_come_in_the_order_of_reading() {
        let metadata = "<dc:title>Война и мир</dc:title><dc:creator opf:role='aut'>Лев Толстой</dc:creator><dc:creator opf:role='trl'>Maude</dc:creator>
            <dc:language>ru-RU</dc:language><dc:date opf:event='modification'>2020-01-01</dc:date><dc:date opf:event='publication'>1869</dc:date>";
        let document = read(&book(metadata, &[SECOND])).unwrap();
        assert_eq!(document.text, "Глава 1\n\nБыло утро.\n\nThe visit");
        assert_eq!((document.title.as_str(), &document.members["author"]), ("Война и мир", &"Лев Толстой".into()));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("1869"));
        assert_eq!(document.declared, Some(Label::Russian));
    }

    #[test]
    fn what_a_book_does_not_know_is_not_made_up() {
        let metadata = "<dc:title>Unknown.epub_</dc:title><dc:language>ru</dc:language><dc:language>en</dc:language>
            <dc:date>0101-01-01T00:00:00+00:00</dc:date><dc:date>2024-05-06</dc:date><meta property='dcterms:modified'>2024-05-06T07:08:09Z</meta>";
        let document = read(&book(metadata, &[SECOND])).unwrap();
        assert_eq!((document.title.as_str(), document.date, document.declared), ("Глава 1", None, None));
    }

    #[test]
    fn protected_and_damaged_books_are_refused() {
        let pages =
            [("OEBPS/text/2.xhtml", "<\u{1}?"), ("META-INF/encryption.xml", "<CipherReference URI='text/2.xhtml'/>")];
        assert!(read(&book("", &pages)).unwrap_err().to_string().contains("encrypted"));
        assert!(read(&packed(&[("META-INF/container.xml", "<container/>")])).is_err());
        let valid = book("<dc:title>x</dc:title>", &[SECOND]);
        survives(&valid, |bytes| drop(read(bytes)));
        survives_inside(&valid, |bytes| drop(read(bytes)));
    }
}
