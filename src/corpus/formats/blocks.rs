//! Plain text as it grows: paragraphs with empty lines between, tables with tabs between cells and a line a row.

/// Text in the making.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    text: String,
    /// How many cells of tables stand around what comes next; within one all is one line.
    cells: usize,
}

impl Blocks {
    /// The texts of some blocks, one behind the other.
    pub(super) fn joined(all: impl Iterator<Item = Self>) -> String {
        let mut text = Self::default();
        for blocks in all {
            text.exact_paragraphs(&blocks.finish());
            text.block();
        }
        text.finish()
    }

    /// Text in which white space of any kind and length is one space.
    pub(super) fn flowing(&mut self, text: &str) {
        for character in text.chars() {
            if !character.is_whitespace() {
                self.push(character);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\t', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// Text whose spaces and lines stand as they are, but for spaces before a paragraph.
    pub(super) fn exact(&mut self, text: &str) {
        for character in text.chars() {
            if character == '\n' && self.cells == 0 {
                self.line();
            } else if character != ' ' || !(self.text.is_empty() || self.text.ends_with("\n\n")) {
                self.push(character);
            }
        }
    }

    /// Text that was made so already, with its empty lines.
    pub(super) fn exact_paragraphs(&mut self, text: &str) {
        for (number, paragraph) in text.split("\n\n").enumerate() {
            if number > 0 {
                self.block();
            }
            self.exact(paragraph);
        }
    }

    /// Ends a line.
    pub(super) fn line(&mut self) {
        if self.cells > 0 {
            return self.flowing(" ");
        }
        self.trim();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Ends a paragraph.
    pub(super) fn block(&mut self) {
        self.line();
        if self.cells == 0 && !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Begins a cell of a table.
    pub(super) fn open_cell(&mut self) {
        self.cells += 1;
    }

    /// Ends a cell of a table.
    pub(super) fn close_cell(&mut self) {
        self.cells = self.cells.saturating_sub(1);
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        // The cells of a table within a cell are words of that cell.
        self.text.push(if self.cells > 0 { ' ' } else { '\t' });
    }

    /// Ends a row of a table.
    pub(super) fn row(&mut self) {
        self.line();
    }

    /// Whether nothing stands behind the mark of an item of a list yet.
    pub(super) fn is_empty_item(&self) -> bool {
        self.text.ends_with("• ")
    }

    /// How long the text is, in bytes: where something begins.
    pub(super) fn mark(&self) -> usize {
        self.text.len()
    }

    /// What came since a mark.
    pub(super) fn since(&self, mark: usize) -> &str {
        self.text.get(mark..).unwrap_or_default().trim()
    }

    /// Sets what began at a mark off from the line before it.
    pub(super) fn set_off(&mut self, mark: usize) {
        if self.cells == 0
            && self.text.get(..mark).is_some_and(|before| before.ends_with('\n') && !before.ends_with("\n\n"))
        {
            self.text.insert(mark, '\n');
        }
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }

    /// A character, where it is one that is seen. Soft hyphens are places where a line may end, and no part of a word.
    fn push(&mut self, character: char) {
        match character {
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            '\u{A0}' | '\u{202F}' => self.text.push(' '),
            '\t' if self.cells == 0 => self.text.push('\t'),
            character if character.is_control() => self.text.push(' '),
            character => self.text.push(character),
        }
    }

    /// Leaves out white space at the end of a line, and a line that has nothing else.
    fn trim(&mut self) {
        let end = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_set_apart() {
        let mut blocks = Blocks::default();
        blocks.block();
        blocks.flowing("  Визит\n  мини\u{AD}стра ");
        blocks.block();
        blocks.block();
        blocks.exact("State  visit\nto Tashkent");
        blocks.block();
        assert_eq!(blocks.finish(), "Визит министра\n\nState  visit\nto Tashkent");
    }

    #[test]
    fn tables_have_tabs_and_lines() {
        let mut blocks = Blocks::default();
        for row in [["Город", "", "Людей"], ["", "", ""], ["Tashkent", "a", "2"]] {
            for cell in row {
                blocks.open_cell();
                blocks.flowing(cell);
                blocks.block();
                blocks.close_cell();
            }
            blocks.row();
        }
        blocks.block();
        blocks.flowing("Text");
        assert_eq!(blocks.finish(), "Город\t\tЛюдей\nTashkent\ta\t2\n\nText");
    }

    #[test]
    fn what_follows_a_list_is_set_off_from_it() {
        let mut blocks = Blocks::default();
        blocks.flowing("• one");
        blocks.line();
        let mark = blocks.mark();
        blocks.flowing("Текст");
        blocks.set_off(mark);
        assert_eq!(blocks.finish(), "• one\n\nТекст");
    }
}
