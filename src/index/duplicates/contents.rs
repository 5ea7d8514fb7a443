//! Which contents may be there more than once in a segment.
//!
//! Each hit tells how many copies it has, and nearly all have none. The dictionary of contents says so too, but a look into it waits for
//! memory a dozen times, for contents are numbers without order. Here a look is at one place: contents are counted by some of their
//! bits, a few documents' with others' (a counting filter, as of Fan, Cao, Almeida and Broder, 2000, that counts no further than two).

use tantivy::DocId;

/// So many counters there are at least for each document: one in eight contents that stand alone is taken for one that may not.
const COUNTERS_PER_DOCUMENT: usize = 8;

/// As many counters as a number has bits.
const BITS: usize = u64::BITS as usize;

/// How many documents have a content, by its counter; two bytes to four for each document.
#[derive(Debug)]
pub(in crate::index) struct Contents(Box<[Counters]>);

/// Some counters.
#[derive(Debug, Clone, Copy, Default)]
struct Counters {
    /// Those that are above zero.
    one: u64,
    /// Those that are above one.
    two: u64,
}

/// How many documents have a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holders {
    Nobody,
    OneAtMost,
    AnyNumber,
}

impl Contents {
    /// Those of a segment of so many documents.
    pub(super) fn of(contents: impl Iterator<Item = u64>, documents: DocId) -> Self {
        let counters = (documents as usize * COUNTERS_PER_DOCUMENT).div_ceil(BITS).next_power_of_two();
        let mut counted = Self(vec![Counters::default(); counters].into());
        for content in contents {
            let (at, bit) = counted.counter(content);
            let counters = &mut counted.0[at];
            counters.two |= counters.one & bit;
            counters.one |= bit;
        }
        counted
    }

    /// How many documents have a content, as far as is known.
    pub(super) fn holders(&self, content: u64) -> Holders {
        let (at, bit) = self.counter(content);
        let Counters { one, two } = self.0[at];
        match (one & bit > 0, two & bit > 0) {
            (false, _) => Holders::Nobody,
            (true, false) => Holders::OneAtMost,
            (true, true) => Holders::AnyNumber,
        }
    }

    /// The counter of a content: where it stands, and its bit there. Contents are hashes, so that any of their bits will do.
    #[allow(clippy::cast_possible_truncation)]
    fn counter(&self, content: u64) -> (usize, u64) {
        ((content >> BITS.ilog2()) as usize & (self.0.len() - 1), 1 << (content % BITS as u64))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_holder_is_overlooked_and_few_are_imagined() {
        // Numbers without order, as contents are.
        let number = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        for documents in [0_u32, 1, 7, 500, 3_000] {
            // Every tenth says what another one says.
            let said = |n: u32| number(u64::from(if n % 10 == 9 { n / 2 } else { n }));
            let mut holders: HashMap<u64, usize> = HashMap::new();
            for n in 0..documents {
                *holders.entry(said(n)).or_default() += 1;
            }
            let contents = Contents::of((0..documents).map(said), documents);
            let mut doubtful = 0;
            for (&content, &count) in &holders {
                let least = if count == 1 { Holders::OneAtMost } else { Holders::AnyNumber };
                let told = contents.holders(content);
                assert!(told >= least, "{count} of {documents} documents: {told:?}");
                doubtful += usize::from(told > least);
            }
            assert!(doubtful <= holders.len() / 6, "{doubtful} of {}", holders.len());
            let strangers = (1..=1_000).map(|n| contents.holders(number(n + u64::from(documents))));
            assert!(strangers.filter(|&told| told > Holders::Nobody).count() <= 170);
        }
    }
}
