//! What holds at a place in RTF: where text goes, by which font, and what paragraph it is of.

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Target {
    /// Into the document.
    #[default]
    Body,
    /// Nowhere.
    Nowhere,
    /// Nowhere; but what stands in it may have text of its own.
    Container,
    /// Nowhere; what is told there are the character sets of fonts.
    Fonts,
    /// Nowhere; but the title and the author stand in it.
    Info,
    Title,
    Author,
}

/// What holds until the group ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub target: Target,
    /// How many letters behind a number are passed over.
    pub passed: usize,
    pub font: i32,
    /// Whether text is hidden, or was deleted.
    pub is_hidden: bool,
    /// Whether it began a text that is written apart: a note, a comment, a text box.
    pub is_apart: bool,
    /// Whether nothing but `\*` stood in it yet: who does not know what comes is to leave it out.
    pub is_optional: bool,
}

/// Where a paragraph stands in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Table {
    #[default]
    Outside,
    /// In a row, where what comes next begins a cell.
    Row,
    Cell,
}

#[derive(Default)]
pub(super) struct Paragraph {
    pub start: usize,
    pub is_item: bool,
    pub was_item: bool,
    pub table: Table,
    pub was_row: bool,
}

/// The letter that a word stands for.
pub(super) fn letter(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "emspace" | "enspace" | "qmspace" => " ",
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        _ => return None,
    })
}
