//! Bytes ↔ frames: a header that tells their length and a checksum, so that what was torn or damaged is known as such.

use std::io::{self, Read};

/// What a frame begins with.
const MAGIC: [u8; 4] = *b"oba\x01";

/// The bytes of a header: the magic, the length, the checksum of the content and that of the header itself.
pub(super) const HEADER_BYTES: usize = 4 + 4 + 16 + 4;

/// The longest content of a frame, in bytes: the largest document, escaped, with room to spare.
pub(super) const MAX_CONTENT: usize = 256 * 1024 * 1024;

/// A content with its header before it.
pub(super) fn framed(content: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(content.len()).ok().filter(|_| content.len() <= MAX_CONTENT);
    let length = length.ok_or_else(|| io::Error::other("more in one record than the journal takes"))?;
    let mut frame = Vec::with_capacity(HEADER_BYTES + content.len());
    frame.extend_from_slice(&MAGIC);
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&blake3::hash(content).as_bytes()[..16]);
    let check = header_check(&frame);
    frame.extend_from_slice(&check);
    frame.extend_from_slice(content);
    Ok(frame)
}

/// What stands at a place in a journal.
pub(super) enum Frame {
    /// A whole frame with this content.
    Whole(Vec<u8>),
    /// Nothing: it ends here.
    End,
    /// Something that is no frame, or not all of one.
    Broken,
}

/// Reads one frame.
///
/// # Errors
/// Where the system refuses.
pub(super) fn read(input: &mut impl Read) -> io::Result<Frame> {
    let mut header = [0; HEADER_BYTES];
    match fill(input, &mut header)? {
        0 => return Ok(Frame::End),
        HEADER_BYTES => {}
        _ => return Ok(Frame::Broken),
    }
    let Some(length) = length_of(&header) else { return Ok(Frame::Broken) };
    let mut content = Vec::new();
    let read = input.take(length as u64).read_to_end(&mut content)?;
    let is_whole = read == length && blake3::hash(&content).as_bytes()[..16] == header[8..24];
    Ok(if is_whole { Frame::Whole(content) } else { Frame::Broken })
}

/// Where a whole frame begins in some bytes, if one does.
pub(super) fn find(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len())
        .find(|&at| bytes[at..].starts_with(&MAGIC) && matches!(read(&mut &bytes[at..]), Ok(Frame::Whole(_))))
}

/// The length of the content, where the header is whole.
fn length_of(header: &[u8; HEADER_BYTES]) -> Option<usize> {
    let (rest, check) = header.split_at(HEADER_BYTES - 4);
    let length = u32::from_le_bytes(header[4..8].try_into().ok()?);
    let length = usize::try_from(length).ok()?;
    (rest.starts_with(&MAGIC) && header_check(rest) == check && length <= MAX_CONTENT).then_some(length)
}

fn header_check(header: &[u8]) -> [u8; 4] {
    let hash = blake3::hash(header);
    let mut check = [0; 4];
    check.copy_from_slice(&hash.as_bytes()[..4]);
    check
}

/// Reads until the buffer is full or the input ends; how much was read.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
