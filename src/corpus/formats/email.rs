//! Not read yet.

use crate::corpus::{
    Format, ReadError,
    read::{Place, Reader},
};

pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, _bytes: &[u8]) {
    reader.refuse(place, Format::Email, ReadError::Unsupported("email"));
}
