//! Not read yet.

use crate::corpus::{ReadError, read::Parsed};

pub(in crate::corpus) fn read(_bytes: &[u8]) -> Parsed {
    Err(ReadError::Unsupported("epub"))
}
