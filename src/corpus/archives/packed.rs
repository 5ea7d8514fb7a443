//! A file packed by gzip, bzip2, xz or Zstandard → what is packed in it.

use std::io::{BufReader, Read};

use crate::corpus::{
    ReadError,
    format::Packing,
    read::{Place, Reader},
};

/// Reads what is packed, whatever it is.
pub(in crate::corpus) fn read(
    reader: &mut Reader<'_>,
    place: &Place,
    packing: Packing,
    input: &mut dyn Read,
) -> Result<(), ReadError> {
    reader.check_depth(place)?;
    let inside = place.unpacked();
    // Files that were packed in pieces and joined are one file, as their programs have it.
    match packing {
        Packing::Gzip => reader.unpacked(&inside, flate2::read::MultiGzDecoder::new(input)),
        Packing::Bzip2 => reader.unpacked(&inside, bzip2::read::MultiBzDecoder::new(input)),
        Packing::Xz => reader.unpacked(&inside, liblzma::read::XzDecoder::new_multi_decoder(input)),
        Packing::Zstd => reader.unpacked(&inside, zstd::stream::read::Decoder::with_buffer(BufReader::new(input))?),
    }
    Ok(())
}
