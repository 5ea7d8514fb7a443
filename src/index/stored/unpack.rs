//! What zstd packed with a dictionary → bytes.
//!
//! A piece of a text refers to its dictionary in a hundred places and more. zstd copies from there as fast as from the piece itself only where
//! the piece is unpacked right behind the dictionary in memory: a fifth of the time of a piece otherwise goes into calls that copy a few bytes.

use std::{
    cell::RefCell,
    io,
    sync::{Arc, Weak},
};

use self_cell::{MutBorrow, self_cell};
use zstd::zstd_safe::{DCtx, DDict, get_error_name};

use super::{damaged, dictionary::Dictionary};

/// The bytes that are kept behind a dictionary to unpack into; a piece is longer only where a single word is.
const ROOM: usize = 64 << 10;

/// A thread keeps what it unpacks with for so many dictionaries, about 300 KB each: those of two indexes.
const MAX_KEPT: usize = 8;

thread_local! {
    /// The one that was made first at the front.
    static KEPT: RefCell<Vec<Unpacker>> = const { RefCell::new(Vec::new()) };
}

/// What unpacks pieces that were packed with one dictionary, one after the other into the same memory, which is in the caches of the
/// processor by then. A context of zstd that is given another dictionary each time takes it for one that is not.
struct Unpacker {
    of: Weak<Dictionary>,
    context: DCtx<'static>,
    room: Room,
}

/// A dictionary as zstd reads it, and what follows its bytes in memory.
struct Halves<'r> {
    dictionary: DDict<'r>,
    behind: &'r mut [u8],
}

self_cell! {
    struct Room {
        owner: MutBorrow<Box<[u8]>>,

        #[covariant]
        dependent: Halves,
    }
}

/// Unpacks what was packed into so many bytes with a dictionary, and gives what `read` makes of it.
///
/// # Errors
/// Where it is damaged, and what `read` gives.
pub(super) fn unpack<T>(
    packed: &[u8],
    unpacked: usize,
    dictionary: &Arc<Dictionary>,
    read: impl FnOnce(&[u8]) -> io::Result<T>,
) -> io::Result<T> {
    KEPT.with_borrow_mut(|kept| unpacker(kept, dictionary).unpack(packed, unpacked, read))
}

/// That of a dictionary, which is made where there is none.
fn unpacker<'k>(kept: &'k mut Vec<Unpacker>, dictionary: &Arc<Dictionary>) -> &'k mut Unpacker {
    let n = kept.iter().position(|kept| kept.of.as_ptr() == Arc::as_ptr(dictionary)).unwrap_or_else(|| {
        kept.retain(|kept| kept.of.strong_count() > 0);
        if kept.len() == MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Unpacker::new(dictionary));
        kept.len() - 1
    });
    &mut kept[n]
}

impl Unpacker {
    fn new(dictionary: &Arc<Dictionary>) -> Self {
        Self { of: Arc::downgrade(dictionary), context: DCtx::create(), room: Room::behind(dictionary.bytes()) }
    }

    fn unpack<T>(
        &mut self,
        packed: &[u8],
        unpacked: usize,
        read: impl FnOnce(&[u8]) -> io::Result<T>,
    ) -> io::Result<T> {
        let Self { context, room, .. } = self;
        let failed = |code| damaged(get_error_name(code));
        room.with_dependent_mut(|_, Halves { dictionary, behind }| {
            if unpacked <= behind.len() {
                let length = context.decompress_using_ddict(*behind, packed, dictionary).map_err(failed)?;
                return read(&behind[..length]);
            }
            let mut bytes = Vec::with_capacity(unpacked);
            context.decompress_using_ddict(&mut bytes, packed, dictionary).map_err(failed)?;
            read(&bytes)
        })
    }
}

impl Room {
    fn behind(dictionary: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(dictionary.len() + ROOM);
        bytes.extend_from_slice(dictionary);
        bytes.resize(dictionary.len() + ROOM, 0);
        Self::new(MutBorrow::new(bytes.into_boxed_slice()), |bytes| {
            let (dictionary, behind) = bytes.borrow_mut().split_at_mut(dictionary.len());
            Halves { dictionary: DDict::create_by_reference(dictionary), behind }
        })
    }
}

#[cfg(test)]
mod tests {
    use zstd::bulk::Compressor;

    use super::*;

    /// Dictionaries of texts in both languages, more than a thread keeps, each with what packs with it.
    fn dictionaries() -> Vec<(Arc<Dictionary>, Compressor<'static>)> {
        let made = (0..2 * MAX_KEPT).map(|n| {
            let bytes = format!("Визит № {n}: министры обсудили дороги. Visit no. {n}: the ministers discussed roads.");
            let compressor = Compressor::with_dictionary(3, bytes.as_bytes()).expect("a compressor");
            (Arc::new(bytes.into_bytes().into()), compressor)
        });
        made.collect()
    }

    fn unpacked(packed: &[u8], length: usize, dictionary: &Arc<Dictionary>) -> io::Result<Vec<u8>> {
        unpack(packed, length, dictionary, |bytes| Ok(bytes.to_vec()))
    }

    #[test]
    fn pieces_of_many_dictionaries_are_unpacked_in_turns() {
        let mut dictionaries = dictionaries();
        for text in ["Министры обсудили дороги.", "The ministers discussed roads.", "", &"ы".repeat(ROOM)]
        {
            for round in 0..2 {
                for (dictionary, compressor) in &mut dictionaries {
                    let packed = compressor.compress(text.as_bytes()).expect("it is packed");
                    let again = unpacked(&packed, text.len(), dictionary).expect("it is unpacked");
                    assert_eq!(again, text.as_bytes(), "round {round}");
                }
            }
        }
        KEPT.with_borrow(|kept| assert_eq!(kept.len(), MAX_KEPT));
    }

    #[test]
    fn what_was_kept_for_a_dictionary_that_is_gone_gives_way() {
        let kept = || KEPT.with_borrow(Vec::len);
        let mut made = dictionaries().into_iter();
        let ((first, mut compressor), (second, _)) = made.next().zip(made.next()).expect("there are two");
        let packed = compressor.compress("визит visit".as_bytes()).expect("it is packed");
        assert_eq!(unpacked(&packed, 64, &first).expect("it is unpacked"), "визит visit".as_bytes());
        unpacked(&packed[..packed.len() - 1], 64, &first).expect_err("it is damaged");
        assert_eq!(kept(), 1);
        drop(first);
        unpacked(&packed[..1], 64, &second).expect_err("it is damaged");
        assert_eq!(kept(), 1);
    }
}
