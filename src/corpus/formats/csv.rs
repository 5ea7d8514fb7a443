//! Not read yet.

use std::io::Read;

use crate::corpus::{
    ReadError,
    read::{Place, Reader},
};

pub(in crate::corpus) fn read(
    _reader: &mut Reader<'_>,
    _place: &Place,
    _input: &mut dyn Read,
) -> Result<(), ReadError> {
    Err(ReadError::Unsupported("csv"))
}
