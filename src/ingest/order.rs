//! Numbered results in any order → the results in the order of their numbers.

use std::collections::BTreeMap;

/// A piece of a result.
#[derive(Debug)]
pub(super) struct Piece<T> {
    /// The number of the result.
    pub number: u64,
    /// What it holds.
    pub item: T,
    /// Whether the result ends with it.
    pub is_last: bool,
}

/// Puts the pieces of numbered results in order, from 0 on. What comes early waits; as much waits as workers run ahead of the
/// slowest.
pub(super) struct InOrder<T, I> {
    pieces: I,
    waiting: BTreeMap<u64, (Vec<T>, bool)>,
    next: u64,
}

impl<T, I: Iterator<Item = Piece<T>>> InOrder<T, I> {
    pub(super) fn new(pieces: I) -> Self {
        Self { pieces, waiting: BTreeMap::new(), next: 0 }
    }
}

impl<T, I: Iterator<Item = Piece<T>>> Iterator for InOrder<T, I> {
    type Item = Vec<T>;

    fn next(&mut self) -> Option<Vec<T>> {
        loop {
            if let Some((items, is_ended)) = self.waiting.remove(&self.next) {
                self.next += u64::from(is_ended);
                if !items.is_empty() {
                    return Some(items);
                }
                continue;
            }
            match self.pieces.next() {
                Some(Piece { number, item, is_last }) => {
                    let (items, is_ended) = self.waiting.entry(number).or_default();
                    items.push(item);
                    *is_ended |= is_last;
                }
                // A number that never came, or never came to its end, is passed over: its worker has died.
                None => return self.waiting.pop_first().map(|(_, (items, _))| items),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[(u64, char, bool)]) -> String {
        let pieces = pieces.iter().map(|&(number, item, is_last)| Piece { number, item, is_last });
        InOrder::new(pieces).flatten().collect()
    }

    #[test]
    fn items_come_in_the_order_of_their_numbers() {
        assert_eq!(joined(&[(2, 'в', true), (0, 'а', true), (1, 'b', true), (3, 'г', true)]), "аbвг");
        let pieces = [(1, 'c', false), (0, 'а', false), (2, 'e', true), (0, 'b', true), (1, 'д', true)];
        assert_eq!(joined(&pieces), "аbcдe");
    }

    #[test]
    fn a_missing_number_holds_nothing_back() {
        assert_eq!(joined(&[(3, 'г', true), (0, 'a', true), (1, 'b', false)]), "abг");
    }
}
