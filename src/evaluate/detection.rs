//! A table of texts whose language is known (expected, class, text) → how often each label was given to each kind of them.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{EvaluateError, lines::Lines};
use crate::language::Label;

/// Texts with what they are known to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownTexts {
    /// The texts.
    pub texts: Vec<KnownText>,
    /// The numbers of the lines that are left out, because they have no three columns.
    pub left_out: Vec<usize>,
}

/// One text with what it is known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownText {
    /// A language tag, a label, `mix` with a percentage, or any word for what no label is right for.
    pub expected: String,
    /// What kind of a text it is.
    pub class: String,
    /// The text.
    pub text: String,
}

impl KnownTexts {
    /// Reads a table: columns parted by tabs, without a heading. `#` begins a comment, and `\n` in a text means a line
    /// break.
    ///
    /// Lines without three columns are left out and not refused: texts of the web hold characters that one tool or
    /// another breaks lines at.
    ///
    /// # Errors
    /// Where it cannot be read, and where no line has three columns.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        let known = Self::parse(&Lines::read(path)?);
        if known.texts.is_empty() {
            let reason = "no line with three columns, parted by tabs: expected class text";
            let source = io::Error::new(io::ErrorKind::InvalidData, reason);
            return Err(EvaluateError::File { path: PathBuf::from(path), source });
        }
        Ok(known)
    }

    fn parse(lines: &Lines) -> Self {
        let mut known = Self::default();
        for line in lines.iter().filter(|line| !line.text.starts_with('#')) {
            let mut columns = line.text.splitn(3, '\t');
            let (Some(expected), Some(class), Some(text)) = (columns.next(), columns.next(), columns.next()) else {
                known.left_out.push(line.number());
                continue;
            };
            known.texts.push(KnownText {
                expected: expected.trim().to_owned(),
                class: class.trim().to_owned(),
                text: text.replace("\\n", "\n"),
            });
        }
        known
    }
}

/// How often each label was given to each kind of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// A row for each pair of expected value and class, in the order in which they came.
    pub rows: Vec<Row>,
}

/// The labels that were given to the texts of one expected value and class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the texts are known to be.
    pub expected: String,
    /// What kind of texts they are.
    pub class: String,
    /// How many were given each label, in the order of [`Label::ALL`].
    pub counts: [u32; Label::ALL.len()],
}

impl Table {
    /// Counts one text, and the label that it was given.
    pub fn add(&mut self, text: &KnownText, given: Label) {
        let is_of = |row: &Row| row.expected == text.expected && row.class == text.class;
        // Texts of one kind mostly follow one another.
        let at = self.rows.iter().rposition(is_of).unwrap_or_else(|| {
            let (expected, class) = (text.expected.clone(), text.class.clone());
            self.rows.push(Row { expected, class, counts: [0; Label::ALL.len()] });
            self.rows.len() - 1
        });
        for (label, count) in Label::ALL.into_iter().zip(&mut self.rows[at].counts) {
            *count += u32::from(label == given);
        }
    }
}

impl Row {
    /// How many texts there are.
    #[must_use]
    pub fn texts(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of the texts that were given the right label; `None` where no label is right.
    #[must_use]
    pub fn right(&self) -> Option<f64> {
        let right = right_label(&self.expected)?;
        let given = Label::ALL.into_iter().zip(self.counts).find(|(label, _)| *label == right);
        given.map(|(_, count)| f64::from(count) / f64::from(self.texts().max(1)))
    }
}

/// The label that is right for an expected value. `mix30`, where three tenths are in the other language, is mixed.
fn right_label(expected: &str) -> Option<Label> {
    match expected.strip_prefix("mix") {
        Some(share) if share.bytes().all(|byte| byte.is_ascii_digit()) => Some(Label::Mixed),
        _ => Label::from_tag(expected),
    }
}

#[cfg(test)]
mod tests {
    //! 1. Tables are read, with comments, line breaks and lines that are none of theirs.
    //! 2. Each label is counted in the row of its text; the right share is that of the right label.
    //! 3. What has no right label has no share.

    use super::*;
    use crate::language::detect;

    fn known(expected: &str, class: &str, text: &str) -> KnownText {
        KnownText { expected: expected.to_owned(), class: class.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_table_is_read_and_what_is_no_row_is_left_out() {
        let lines = "# expected\tclass\ttext\nru\tword\tпривет\n\nmixed\ttwo lines\tFirst.\\nВторая.\nостаток строки\n\
                     und\tempty\t\nen\tcells\tone\ttwo\n";
        let read = KnownTexts::parse(&Lines::of(lines));
        assert_eq!(
            read.texts,
            [
                known("ru", "word", "привет"),
                known("mixed", "two lines", "First.\nВторая."),
                known("und", "empty", ""),
                known("en", "cells", "one\ttwo"),
            ]
        );
        assert_eq!(read.left_out, [5]);
    }

    #[test]
    fn a_file_without_a_row_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("texts.tsv");
        std::fs::write(&path, "# ничего\nen word search\n").expect("writable");
        let refused = KnownTexts::read(&path).expect_err("refused").to_string();
        assert!(refused.ends_with("texts.tsv: no line with three columns, parted by tabs: expected class text"));
        assert!(KnownTexts::read(&folder.path().join("gone.tsv")).is_err());
    }

    #[test]
    fn labels_are_counted_in_the_row_of_their_text() {
        let mut table = Table::default();
        for (expected, class, text) in [
            ("en", "sentence", "The ministers met in Tashkent."),
            ("ru", "sentence", "Министры встретились в Ташкенте."),
            ("ru", "word", "визит"),
            ("en", "sentence", "Министры уехали домой на поезде."),
        ] {
            table.add(&known(expected, class, text), detect(text).label);
        }
        let row = |expected: &str, class: &str, counts| Row { expected: expected.into(), class: class.into(), counts };
        assert_eq!(
            table.rows,
            [row("en", "sentence", [1, 1, 0, 0]), row("ru", "sentence", [0, 1, 0, 0]), row("ru", "word", [0, 1, 0, 0]),]
        );
        assert_eq!(table.rows[0].texts(), 2);
        assert_eq!(table.rows.iter().map(Row::right).collect::<Vec<_>>(), [Some(0.5), Some(1.0), Some(1.0)]);
    }

    #[test]
    fn each_expected_value_has_its_right_label() {
        for (expected, right) in [
            ("en", Some(Label::English)),
            ("ru", Some(Label::Russian)),
            ("mixed", Some(Label::Mixed)),
            ("mix10", Some(Label::Mixed)),
            ("other", Some(Label::Other)),
            ("uk", Some(Label::Other)),
            ("und", None),
            ("code", None),
            ("translit", None),
            ("русский", None),
        ] {
            assert_eq!(right_label(expected), right, "{expected}");
        }
    }
}
