//! Whether searches are done soon, as far as those before tell: such a search runs on the thread that took its request in, and spares
//! two turns from thread to thread, which take longer than many a search.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// How long work may hold a thread that takes requests in, of which there is one for each processor, before it is begun again on one
/// that may block: nobody notices that another request waited so long for one that it may have come behind anyway.
pub(super) const SOON: Duration = Duration::from_millis(10);

/// How many have to be done soon after one that was not, before the next is expected to be: so at most one of eleven is begun twice,
/// however they come.
const DOUBTS: u32 = 10;

/// The pace of a service: how many more have to be done soon before it is taken for granted again.
#[derive(Debug, Default)]
pub(super) struct Pace(AtomicU32);

impl Pace {
    /// Whether the next is expected to be done soon.
    pub(super) fn is_brisk(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Notes how long work took, or how long it ran in vain.
    pub(super) fn took(&self, time: Duration) {
        if time >= SOON {
            self.0.store(DOUBTS, Ordering::Relaxed);
        } else if !self.is_brisk() {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |doubts| doubts.checked_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_took_long_is_forgotten_after_some_that_did_not() {
        let pace = Pace::default();
        assert!(pace.is_brisk());
        pace.took(SOON / 2);
        assert!(pace.is_brisk());
        pace.took(SOON);
        for _ in 0..DOUBTS {
            assert!(!pace.is_brisk());
            pace.took(SOON / 2);
        }
        assert!(pace.is_brisk());
        pace.took(SOON / 2);
        assert!(pace.is_brisk(), "there is nothing below none");
    }
}
