//! Numbered results in any order → the results in the order of their numbers.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

/// A piece of a result.
#[derive(Debug)]
pub(super) struct Piece<T> {
    /// The number of the result.
    pub number: u64,
    /// What it holds.
    pub item: T,
    /// How much memory that takes, in bytes.
    pub bytes: u64,
    /// Whether the result ends with it.
    pub is_last: bool,
}

/// Holds back those who work ahead of the slowest result while what waits for it takes too much memory.
///
/// Who makes the result that all wait for is never held back, so that it always comes: results are begun in the order of their
/// numbers, and so it is being made.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    limit: u64,
}

#[derive(Debug, Default)]
struct State {
    /// The number that all wait for.
    next: u64,
    /// What waits, in bytes.
    waiting: u64,
    is_open: bool,
}

impl Gate {
    /// A gate that lets about so many bytes wait.
    pub(super) fn new(limit: u64) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), limit }
    }

    /// Waits until a piece of a result may wait, and counts it.
    pub(super) fn enter(&self, number: u64, bytes: u64) {
        let is_held = |state: &mut State| {
            !state.is_open && number != state.next && state.waiting.saturating_add(bytes) > self.limit
        };
        let state = self.changed.wait_while(self.state(), is_held);
        state.unwrap_or_else(PoisonError::into_inner).waiting += bytes;
    }

    /// Holds nobody back any more: nobody takes what is made, or somebody who made it is gone.
    pub(super) fn open(&self) {
        self.state().is_open = true;
        self.changed.notify_all();
    }

    fn leave(&self, bytes: u64) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(bytes);
        drop(state);
        self.changed.notify_all();
    }

    fn advance(&self, next: u64) {
        self.state().next = next;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a gate when whoever has it dies, for then a result may never come.
pub(super) struct OpensAtPanic<'g>(pub &'g Gate);

impl Drop for OpensAtPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.open();
        }
    }
}

/// Puts the pieces of numbered results in order, from 0 on. What comes early waits, as much as the gate lets.
pub(super) struct InOrder<'g, T, I> {
    pieces: I,
    gate: &'g Gate,
    waiting: BTreeMap<u64, Waiting<T>>,
    next: u64,
}

/// What has come of a result.
struct Waiting<T> {
    items: Vec<T>,
    bytes: u64,
    is_ended: bool,
}

impl<'g, T, I: Iterator<Item = Piece<T>>> InOrder<'g, T, I> {
    pub(super) fn new(pieces: I, gate: &'g Gate) -> Self {
        Self { pieces, gate, waiting: BTreeMap::new(), next: 0 }
    }
}

impl<T, I: Iterator<Item = Piece<T>>> Iterator for InOrder<'_, T, I> {
    type Item = Vec<T>;

    fn next(&mut self) -> Option<Vec<T>> {
        loop {
            if let Some(Waiting { items, bytes, is_ended }) = self.waiting.remove(&self.next) {
                self.gate.leave(bytes);
                if is_ended {
                    self.next += 1;
                    self.gate.advance(self.next);
                }
                if !items.is_empty() {
                    return Some(items);
                }
                continue;
            }
            match self.pieces.next() {
                Some(Piece { number, item, bytes, is_last }) => {
                    let new = || Waiting { items: Vec::new(), bytes: 0, is_ended: false };
                    let waiting = self.waiting.entry(number).or_insert_with(new);
                    waiting.items.push(item);
                    waiting.bytes += bytes;
                    waiting.is_ended |= is_last;
                }
                // A number that never came, or never came to its end, is passed over: its worker has died.
                None => return self.waiting.pop_first().map(|(_, waiting)| waiting.items),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{catch_unwind, resume_unwind},
        sync::{
            atomic::{AtomicBool, AtomicU64, Ordering},
            mpsc::sync_channel,
        },
    };

    use super::*;

    fn joined(pieces: &[(u64, char, bool)]) -> String {
        let pieces = pieces.iter().map(|&(number, item, is_last)| Piece { number, item, bytes: 1, is_last });
        let gate = Gate::new(2);
        InOrder::new(pieces, &gate).flatten().collect()
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

    /// Three workers make results of many pieces in the order of their numbers, the first one last of all; how much waited at most.
    fn most_waiting(limit: u64, dies: bool) -> (u64, Vec<u64>) {
        const RESULTS: u64 = 40;
        let gate = Gate::new(limit);
        let (send, receive) = sync_channel::<Piece<u64>>(2);
        let next = AtomicU64::new(0);
        let most = AtomicU64::new(0);
        let is_behind = AtomicBool::new(true);
        thread::scope(|scope| {
            for _ in 0..3 {
                let send = send.clone();
                let (gate, next, most, is_behind) = (&gate, &next, &most, &is_behind);
                scope.spawn(move || {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= RESULTS {
                            return;
                        }
                        if dies && number == 0 {
                            let result = catch_unwind(|| {
                                let _opens = OpensAtPanic(gate);
                                resume_unwind(Box::new("a worker died"));
                            });
                            return drop(result);
                        }
                        // The first result is not made before another worker stands before the gate, or has gone through.
                        while number == 0 && is_behind.load(Ordering::Relaxed) {
                            thread::yield_now();
                        }
                        for n in 0..10 {
                            gate.enter(number, 1);
                            most.fetch_max(gate.state().waiting, Ordering::Relaxed);
                            is_behind.fetch_and(number == 0 || n < 3, Ordering::Relaxed);
                            if send.send(Piece { number, item: number, bytes: 1, is_last: n == 9 }).is_err() {
                                return;
                            }
                        }
                    }
                });
            }
            drop(send);
            let order = InOrder::new(receive.into_iter(), &gate).flatten().collect();
            (most.load(Ordering::Relaxed), order)
        })
    }

    #[test]
    fn what_waits_is_bounded_and_nobody_waits_for_ever() {
        for limit in [8, 30, 10_000] {
            let (most, order) = most_waiting(limit, false);
            assert!(most <= limit + 10, "{most} waited, at most {limit}");
            assert_eq!(order, (0..40).flat_map(|number| [number; 10]).collect::<Vec<_>>());
        }
        // A worker that is gone opens the gate for the others.
        let (_, order) = most_waiting(8, true);
        assert_eq!(order.len(), 39 * 10);
    }
}
