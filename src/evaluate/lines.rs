//! A file of lines → its lines with their numbers, so that what is wrong in one can be told with its place.

use std::{fs, path::Path};

use super::EvaluateError;

/// The text of a file, with the name that messages call it.
#[derive(Debug)]
pub(super) struct Lines {
    file: String,
    text: String,
}

/// One line that is not blank.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberedLine<'t> {
    file: &'t str,
    number: usize,
    /// Without the line break.
    pub text: &'t str,
}

impl Lines {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, EvaluateError> {
        let text = fs::read_to_string(path).map_err(EvaluateError::file(path))?;
        Ok(Self { file: path.display().to_string(), text })
    }

    #[cfg(test)]
    pub(super) fn of(text: &str) -> Self {
        Self { file: "test".to_owned(), text: text.to_owned() }
    }

    /// The lines that are not blank. A byte order mark, which some editors write, is no part of the first.
    pub(super) fn iter(&self) -> impl Iterator<Item = NumberedLine<'_>> {
        let text = self.text.strip_prefix('\u{FEFF}').unwrap_or(&self.text);
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(number, text)| NumberedLine { file: &self.file, number, text })
    }
}

impl<'t> NumberedLine<'t> {
    /// The columns of a TREC file. They are parted by white space; where there are tabs, by tabs alone, so that the id of
    /// a document may be a path with spaces.
    pub(super) fn columns(&self) -> Vec<&'t str> {
        let line = self.text.trim();
        if line.contains('\t') { line.split('\t').map(str::trim).collect() } else { line.split_whitespace().collect() }
    }

    /// Its number in the file, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The failure to tell of this line.
    pub(super) fn wrong(&self, reason: impl Into<String>) -> EvaluateError {
        EvaluateError::Line { file: self.file.to_owned(), line: self.number, reason: reason.into() }
    }
}
