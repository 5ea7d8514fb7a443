//! Not read yet.

use crate::corpus::{ReadError, read::Parsed};

pub(in crate::corpus) fn read(_text: &str) -> Parsed {
    Err(ReadError::Unsupported("html"))
}
