//! Why a file, or a line of one, could not be read.

use std::io;

/// The reason why a file, or a line of one, was skipped.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system did not let us.
    #[error("{}", io_reason(.0))]
    Io(#[from] io::Error),
    /// It could not be listed.
    #[error("{0}")]
    Walk(String),
    /// It holds bytes that are no text.
    #[error("not a text file ({0})")]
    NotText(&'static str),
    /// A format that is known and not read yet.
    #[error("{0} files are not read; convert it to a format that is")]
    Unsupported(&'static str),
    /// Larger than a document may be.
    #[error("{bytes} bytes in one document, more than the {limit} that are read; split it")]
    TooLarge {
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        limit: u64,
    },
    /// Nothing but white space.
    #[error("empty: no word in it")]
    Empty,
    /// It cannot be understood as what it is.
    #[error("the {format} cannot be read: {reason}")]
    Damaged {
        /// What it is.
        format: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// It holds more than is read.
    #[error("{0}; it was not read further")]
    TooMuch(String),
    /// The process that was to read it did not end well.
    #[error("{0}")]
    Told(String),
    /// A line that is no JSON.
    #[error("not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A line that is JSON and no document.
    #[error("{0}")]
    NotADocument(String),
}

impl ReadError {
    /// What cannot be understood as what it is.
    pub(super) fn damaged(format: &'static str, reason: &impl ToString) -> Self {
        Self::Damaged { format, reason: reason.to_string() }
    }
}

fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "permission denied; give the user of this process the right to read it".into()
        }
        io::ErrorKind::NotFound => "no such file or folder".into(),
        _ => error.to_string(),
    }
}
