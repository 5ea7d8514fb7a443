//! A long request ↔ a file: its operations in parts, and in the end what is known of it.

use std::{
    fs::{self, File},
    io::{BufReader, Write},
    path::{Path, PathBuf},
};

use super::{
    Head, JournalError,
    frame::{self, Frame, HEADER_BYTES},
};
use crate::live::Operation;

/// The operations of a part take about this many bytes: what is applied at once, and read again after a crash at most.
const PART_BYTES: usize = 1024 * 1024;

/// What stands before the head, in the last part.
const END: &str = "end ";

/// Writes a long request; it is removed if it is not finished.
pub(in crate::live) struct LongWriter {
    path: PathBuf,
    file: File,
    lines: String,
    is_finished: bool,
}

/// A part of a long request.
pub(in crate::live) enum Part {
    Operations(Vec<Operation>),
    End,
    /// A part that this program does not understand, though it is whole.
    Unknown(String),
}

impl LongWriter {
    pub(super) fn create(path: PathBuf) -> Result<Self, JournalError> {
        let file = File::create(&path).map_err(JournalError::io(&path))?;
        Ok(Self { path, file, lines: String::new(), is_finished: false })
    }

    /// Adds an operation, as JSON; how many bytes were written to the disk for it.
    pub(in crate::live) fn push(&mut self, operation: &str) -> Result<usize, JournalError> {
        self.lines.push_str(operation);
        self.lines.push('\n');
        if self.lines.len() >= PART_BYTES { self.write() } else { Ok(0) }
    }

    /// Writes the end and syncs; the path.
    pub(super) fn finish(mut self, head: &Head) -> Result<PathBuf, JournalError> {
        if !self.lines.is_empty() {
            self.write()?;
        }
        let head = serde_json::to_string(head).map_err(|error| JournalError::io(&self.path)(error.into()))?;
        self.lines = format!("{END}{head}");
        self.write()?;
        self.file.sync_all().map_err(JournalError::io(&self.path))?;
        self.is_finished = true;
        Ok(self.path.clone())
    }

    fn write(&mut self) -> Result<usize, JournalError> {
        let written = frame::framed(self.lines.as_bytes()).and_then(|frame| {
            self.file.write_all(&frame)?;
            Ok(frame.len())
        });
        self.lines.clear();
        written.map_err(JournalError::io(&self.path))
    }
}

impl Drop for LongWriter {
    fn drop(&mut self) {
        if !self.is_finished {
            // What is left is removed when the journal is opened.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Reads a long request part by part.
pub(in crate::live) struct LongReader {
    path: PathBuf,
    input: BufReader<File>,
    at: u64,
}

impl LongReader {
    /// Reads the file of a long request from the part of this number on.
    pub(in crate::live) fn open(path: &Path, parts: u64) -> Result<Self, JournalError> {
        let file = File::open(path).map_err(JournalError::io(path))?;
        let mut reader = Self { path: path.to_owned(), input: BufReader::with_capacity(1 << 20, file), at: 0 };
        for _ in 0..parts {
            reader.content()?;
        }
        Ok(reader)
    }

    /// The next part.
    pub(in crate::live) fn next(&mut self) -> Result<Part, JournalError> {
        let content = self.content()?;
        if content.starts_with(END) {
            return Ok(Part::End);
        }
        let operations = content.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        Ok(operations.map_or_else(|error| Part::Unknown(error.to_string()), Part::Operations))
    }

    /// Its head, for which all of it is read.
    pub(super) fn head(mut self) -> Result<Head, JournalError> {
        loop {
            let content = self.content()?;
            if let Some(head) = content.strip_prefix(END) {
                return serde_json::from_str(head).map_err(|_| self.damaged());
            }
        }
    }

    fn content(&mut self) -> Result<String, JournalError> {
        match frame::read(&mut self.input).map_err(JournalError::io(&self.path))? {
            Frame::Whole(content) => {
                let length = (HEADER_BYTES + content.len()) as u64;
                let content = String::from_utf8(content).map_err(|_| self.damaged())?;
                self.at += length;
                Ok(content)
            }
            Frame::End | Frame::Broken => Err(self.damaged()),
        }
    }

    fn damaged(&self) -> JournalError {
        JournalError::Damaged { path: self.path.clone(), at: self.at }
    }
}
