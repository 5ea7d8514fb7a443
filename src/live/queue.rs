//! What is accepted and waits to be applied, in its order, within bounds.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::journal::{Entry, Head};

/// The most memory that requests may take that wait, in bytes; what would take more is refused before it is read further.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most requests that may wait.
const MAX_ENTRIES: usize = 10_000;

/// The requests that wait.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    entries: VecDeque<Entry>,
    /// What is reserved, waits, or is applied and not yet committed.
    bytes: usize,
    count: usize,
}

impl Queue {
    /// Takes room for a request; whether there was some.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let mut waiting = self.lock();
        // One request has room in any case.
        let is_room = waiting.count == 0 || (waiting.bytes + bytes <= MAX_BYTES && waiting.count < MAX_ENTRIES);
        if is_room {
            waiting.bytes += bytes;
            waiting.count += 1;
        }
        is_room
    }

    /// Gives room back: of a request that is committed, or did not come.
    pub(super) fn release(&self, bytes: usize) {
        let mut waiting = self.lock();
        waiting.bytes = waiting.bytes.saturating_sub(bytes);
        waiting.count = waiting.count.saturating_sub(1);
    }

    /// Adds a request to the end.
    pub(super) fn push(&self, entry: Entry) {
        self.lock().entries.push_back(entry);
        self.changed.notify_all();
    }

    /// Adds a request that was accepted before the service was started.
    pub(super) fn restore(&self, entry: Entry) {
        let mut waiting = self.lock();
        waiting.bytes += entry.bytes();
        waiting.count += 1;
        waiting.entries.push_back(entry);
    }

    /// The numbers of the requests that wait, with what is known of them.
    pub(super) fn heads(&self) -> Vec<(u64, Head)> {
        self.lock().entries.iter().map(|entry| (entry.task, entry.head.clone())).collect()
    }

    /// Puts requests back that were taken, before all others.
    pub(super) fn put_back(&self, entries: impl DoubleEndedIterator<Item = Entry>) {
        let mut waiting = self.lock();
        for entry in entries.rev() {
            waiting.entries.push_front(entry);
        }
    }

    /// Takes the first request, if it is one of those that are asked for.
    pub(super) fn take_if(&self, is_wanted: impl FnOnce(&Entry) -> bool) -> Option<Entry> {
        let mut waiting = self.lock();
        if waiting.entries.front().is_some_and(is_wanted) { waiting.entries.pop_front() } else { None }
    }

    /// How many wait, those among them that are applied and not yet committed.
    pub(super) fn len(&self) -> usize {
        let waiting = self.lock();
        waiting.count.max(waiting.entries.len())
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().entries.is_empty()
    }

    /// Waits until something is there, or somebody wakes whoever waits, for so long at most.
    pub(super) fn wait(&self, patience: Duration) {
        let waiting = self.lock();
        if waiting.entries.is_empty() {
            drop(self.changed.wait_timeout(waiting, patience));
        }
    }

    /// Wakes whoever waits.
    pub(super) fn wake(&self) {
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
