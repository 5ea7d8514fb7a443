//! Numbered results in any order → the results in the order of their numbers.

use std::collections::BTreeMap;

/// Puts numbered items in order, from 0 on. What comes early waits; as many wait as workers run ahead of the slowest.
pub(super) struct InOrder<T, I> {
    items: I,
    waiting: BTreeMap<u64, T>,
    next: u64,
}

impl<T, I> InOrder<T, I> {
    pub(super) fn new(items: I) -> Self {
        Self { items, waiting: BTreeMap::new(), next: 0 }
    }
}

impl<T, I: Iterator<Item = (u64, T)>> Iterator for InOrder<T, I> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(item) = self.waiting.remove(&self.next) {
                self.next += 1;
                return Some(item);
            }
            match self.items.next() {
                Some((number, item)) => self.waiting.insert(number, item),
                // A number that never came is passed over: its worker has died.
                None => return self.waiting.pop_first().map(|(_, item)| item),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InOrder;

    #[test]
    fn items_come_in_the_order_of_their_numbers() {
        let items = [(2, 'в'), (0, 'а'), (1, 'b'), (3, 'г')];
        assert_eq!(InOrder::new(items.into_iter()).collect::<String>(), "аbвг");
    }

    #[test]
    fn a_missing_number_holds_nothing_back() {
        assert_eq!(InOrder::new([(3, 'г'), (0, 'a')].into_iter()).collect::<String>(), "aг");
    }
}
