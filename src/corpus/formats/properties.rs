//! What a file says about itself in properties that people seldom look at: much of it is left from a template.

use crate::{
    corpus::{Document, clues},
    text::{char_count, words},
};

/// A title longer than this, in characters, is none.
const MAX_TITLE_CHARS: usize = 200;

/// Properties of a document, as they stand in its file.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it; several with commas between.
    pub author: Option<String>,
    /// When the file was begun. It is no date of publication, often not even of the text: a template keeps its own. So it is
    /// kept as a member and never as the date.
    pub created: Option<String>,
}

impl Properties {
    /// The document of a text with these properties; `heading` is a title that the text itself marks.
    pub(super) fn document(self, text: String, heading: Option<&str>) -> Document {
        let title = self.title.as_deref().and_then(title).or_else(|| heading.and_then(title));
        let mut document = Document {
            title: title.unwrap_or_else(|| clues::title(&text)),
            date: clues::date(&text),
            source: clues::source(&text),
            text,
            ..Document::default()
        };
        let mut keep = |name: &str, value: Option<String>| {
            if let Some(value) = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()) {
                document.members.insert(name.to_owned(), value.into());
            }
        };
        keep("author", self.author.filter(|author| !is_program(author)));
        keep("created", self.created);
        document
    }
}

/// A title from the properties of a file, where it is one: no name of a file, no name that a program gives to all.
pub(super) fn title(title: &str) -> Option<String> {
    const NO_TITLES: [&str; 16] = [
        "untitled",
        "untitled document",
        "untitled presentation",
        "document",
        "presentation",
        "powerpoint presentation",
        "slide 1",
        "title",
        "без имени",
        "без названия",
        "документ",
        "презентация",
        "презентация powerpoint",
        "слайд 1",
        "заголовок",
        "о компании",
    ];
    const ENDINGS: [&str; 24] = [
        "doc", "docx", "dot", "rtf", "odt", "txt", "pdf", "tex", "dvi", "ps", "qxd", "qxp", "indd", "pmd", "p65",
        "cdr", "xls", "xlsx", "ppt", "pptx", "htm", "html", "xml", "fm",
    ];
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title =
        title.strip_prefix("Microsoft Word - ").or(title.strip_prefix("Microsoft PowerPoint - ")).unwrap_or(&title);
    let lower = title.to_lowercase();
    let is_file = lower.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
        || ["file:", "http:", "https:", "about:"].iter().any(|scheme| lower.starts_with(scheme))
        || (lower.contains(['\\', '_']) && !lower.contains(' '));
    let numberless = lower.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let has_word = words(title).any(|word| word.text.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let is_readable = !title.contains(|c: char| c == '\u{FFFD}' || c.is_control() || is_private(c))
        && !title.contains("??")
        && char_count(title) <= MAX_TITLE_CHARS;
    (has_word && is_readable && !is_file && !NO_TITLES.contains(&numberless) && !NO_TITLES.contains(&lower.as_str()))
        .then(|| title.to_owned())
}

/// Whether a character is of the private use area, where each font has its own.
pub(super) fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Whether an author is the library that wrote the file.
fn is_program(author: &str) -> bool {
    matches!(
        author.trim().to_lowercase().as_str(),
        "python-docx" | "openpyxl" | "apache poi" | "unknown" | "неизвестный"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_taken_and_names_of_files_are_not() {
        for good in ["Визит в Ташкент", "Annual Report 2021", "Document management", "Отчёт", "Node.js in practice"]
        {
            assert_eq!(title(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "  ",
            "report.doc",
            "Microsoft Word - отчёт_2.docx",
            "C:\\letters\\visit",
            "otchet_final_2",
            "Документ1",
            "Untitled",
            "PowerPoint Presentation",
            "Презентация PowerPoint",
            "???????",
            "12345",
            "file:///a/b",
            "\u{F041}\u{F042}",
        ] {
            assert_eq!(title(bad), None, "{bad}");
        }
        assert_eq!(title("Microsoft Word - Визит  министра").as_deref(), Some("Визит министра"));
    }

    #[test]
    fn the_day_when_a_file_was_begun_is_no_date() {
        let properties = Properties { created: Some("2006-09-16T00:00:00Z".into()), ..Properties::default() };
        let document = properties.document("Визит\n\nТекст".into(), None);
        assert_eq!((document.title.as_str(), document.date), ("Визит", None));
        assert_eq!(document.members["created"], "2006-09-16T00:00:00Z");
    }
}
