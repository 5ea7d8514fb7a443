//! `FictionBook` → document.

use super::{
    blocks::Blocks,
    epub::known_date,
    markup::{Element, Piece, walk},
    properties::Properties,
};
use crate::{
    corpus::{Document, read::Parsed},
    language::Label,
};

const FORMAT: &str = "FictionBook";

/// How many elements may stand in one another; books have some twenty. Deeper ones are counted and their names forgotten.
const MAX_DEPTH: usize = 64;

/// The document that a book is.
pub(in crate::corpus) fn read(text: &str) -> Parsed {
    let mut book = Book::default();
    walk(text, FORMAT, |piece| match piece {
        Piece::Open(element) => book.open(&element),
        Piece::Close(name) => book.close(name),
        Piece::Text(text) => book.text(&text),
    })?;
    let authors: Vec<String> = book.authors.iter().filter(|author| !author.is_empty()).cloned().collect();
    let properties = Properties { title: Some(book.title), author: Some(authors.join(", ")), created: None };
    let document = properties.document(book.blocks.finish(), None);
    // When it was written, else when it was printed; when the file was made is neither.
    let date = [&book.date_value, &book.date, &book.year].into_iter().find_map(|date| known_date(date));
    Ok(Document { date: date.or(document.date), declared: Label::from_tag(&book.language), ..document })
}

#[derive(Default)]
struct Book {
    blocks: Blocks,
    /// The names of the elements that are open.
    open: Vec<String>,
    /// How many more are open, deeper than names are kept.
    deeper: usize,
    title: String,
    authors: Vec<String>,
    date_value: String,
    date: String,
    year: String,
    language: String,
}

impl Book {
    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    fn open(&mut self, element: &Element<'_>) {
        if self.open.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let name = element.name();
        // The number of a note is no part of the word before it.
        let is_note = name == "a" && element.attribute("type").as_deref() == Some("note");
        if self.is_in("title-info") {
            match name {
                "author" => self.authors.push(String::new()),
                "date" => self.date_value = element.attribute("value").unwrap_or_default(),
                _ => {}
            }
        } else if self.is_in("body") {
            match name {
                "td" | "th" => self.blocks.open_cell(),
                "title" | "section" | "poem" | "stanza" | "table" | "epigraph" | "cite" | "annotation" => {
                    self.blocks.block();
                }
                _ => {}
            }
        }
        self.open.push(if is_note { "note".into() } else { name.to_owned() });
    }

    fn close(&mut self, name: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        // Elements that were left open end with the one around them.
        let is_meant = |open: &String| open == name || (name == "a" && open == "note");
        let Some(at) = self.open.iter().rposition(is_meant) else { return };
        self.open.truncate(at);
        if !self.is_in("body") {
            return;
        }
        match name {
            "v" => self.blocks.line(),
            // The lines of one title are one title.
            "p" if self.is_in("title") => self.blocks.line(),
            "p" | "subtitle" | "text-author" | "title" | "section" | "stanza" | "poem" | "table" | "date" | "cite"
            | "epigraph" | "empty-line" => self.blocks.block(),
            "td" | "th" => self.blocks.close_cell(),
            "tr" => self.blocks.row(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        const TEXTS: [&str; 6] = ["p", "v", "subtitle", "text-author", "td", "th"];
        if self.is_in("body") {
            let is_text =
                TEXTS.iter().any(|name| self.is_in(name)) || self.open.last().is_some_and(|name| name == "date");
            if is_text && !self.is_in("note") {
                self.blocks.flowing(text);
            }
            return;
        }
        let value = match self.open.last().map(String::as_str) {
            Some("year") if self.is_in("publish-info") => &mut self.year,
            _ if !self.is_in("title-info") => return,
            Some("book-title") => &mut self.title,
            Some("date") => &mut self.date,
            Some("lang") => &mut self.language,
            Some("first-name" | "middle-name" | "last-name" | "nickname") if self.is_in("author") => {
                let Some(author) = self.authors.last_mut() else { return };
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !author.is_empty() && !words.is_empty() {
                    author.push(' ');
                }
                author.push_str(&words);
                return;
            }
            _ => return,
        };
        value.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::package::tests::survives, *};

    const BOOK: &str = "<?xml version='1.0' encoding='utf-8'?><FictionBook><description><title-info><genre>prose</genre>
        <author><first-name>Лев</first-name><middle-name/><last-name>Толстой</last-name></author>
        <book-title>Война &amp; мир</book-title><annotation><p>О книге</p></annotation><date value='1869-01-01'>1869</date><lang>ru</lang>
        <translator><first-name>No</first-name></translator></title-info>
        <document-info><author><nickname>Maker</nickname></author><date value='2010-05-05'/></document-info>
        <publish-info><year>1978</year></publish-info></description>
        <body><title><p>Война и мир</p><p>Том 1</p></title><section><title><p>Глава I</p></title>
        <p>Слово<a l:href='#n1' type='note'>[1]</a> князя — <emphasis>кня</emphasis>зя.</p><empty-line/>
        <poem><stanza><v>Строка одна</v><v>line two</v></stanza></poem>
        <table><tr><th>Год</th><td>1805</td></tr></table><p>The end</p></section></body>
        <body name='notes'><section id='n1'><title><p>1</p></title><p>Сноска</p></section></body>
        <binary id='cover.jpg'>AAAAAAAA</binary></FictionBook>";

    #[test]
    fn a_book_is_its_paragraphs_with_its_notes_behind() {
        let document = read(BOOK).unwrap();
        assert_eq!((document.title.as_str(), &document.members["author"]), ("Война & мир", &"Лев Толстой".into()));
        assert_eq!(document.declared, Some(Label::Russian));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("1869-01-01"));
        assert_eq!(
            document.text,
            "Война и мир\nТом 1\n\nГлава I\n\nСлово князя — князя.\n\nСтрока одна\nline two\n\nГод\t1805\n\nThe end\n\n1\n\nСноска"
        );
    }

    #[test]
    fn the_year_of_print_is_a_date_and_that_of_the_file_is_none() {
        let document = read(&BOOK.replace(" value='1869-01-01'>1869<", "><")).unwrap();
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("1978"));
        let document =
            read("<FictionBook><document-info><date value='2010-05-05'/></document-info><body><p>A visit</body>")
                .unwrap();
        assert_eq!((document.title.as_str(), document.date), ("A visit", None));
    }

    #[test]
    fn damaged_books_are_refused() {
        assert!(read("<FictionBook><body><p>Визит</p").is_err());
        survives(BOOK.as_bytes(), |bytes| drop(read(&String::from_utf8_lossy(bytes))));
    }
}
