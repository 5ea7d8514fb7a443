//! What the routes share: the index, and a turn for each search.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout_at};

use super::{Code, Refusal};
use crate::index::{Deadline, Index, LiveIndex};

/// How many searches run at once for each processor; a search is bound by the processor or waits for the disk.
const SEARCHES_PER_CORE: usize = 2;

/// How many more may wait for their turn for each processor: at some milliseconds each, what is answered within a second.
const WAITING_PER_CORE: usize = 64;

/// How long a search may take where nothing else is said, with the wait for its turn.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);

/// What the routes share.
#[derive(Clone)]
pub struct App {
    index: Arc<LiveIndex>,
    /// Places for those that run and those that wait.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    timeout: Duration,
}

impl App {
    /// The service over an index.
    #[must_use]
    pub fn new(index: LiveIndex) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            index: Arc::new(index),
            places: Arc::new(Semaphore::new(cores * (SEARCHES_PER_CORE + WAITING_PER_CORE))),
            turns: Arc::new(Semaphore::new(cores * SEARCHES_PER_CORE)),
            timeout: SEARCH_TIMEOUT,
        }
    }

    /// The service whose searches may take so long, with the wait for their turn.
    #[must_use]
    pub fn with_search_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Runs work on the index on a thread that may block, when its turn has come. Work that is not done in time, or that nobody
    /// waits for any more, is stopped.
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let until = Instant::now() + self.timeout;
        let overloaded =
            || Refusal::new(Code::Overloaded, "Too many searches at once; try again in a moment.").retry_after(1);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| overloaded())?;
        let turn = timeout_at(until.into(), Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or_else(overloaded)?;
        let waiting = Waiting::default();
        let deadline = Deadline::new(until, Arc::clone(&waiting.is_over));
        let index = Arc::clone(&self.index);
        let done = spawn_blocking(move || {
            // They are given back when the work ends, which may be after whoever asked for it has gone.
            let _held = (place, turn);
            deadline.hold(|| {
                let result = work(&index.current());
                // What was cut short anywhere is no answer.
                Deadline::check().map_err(|error| Refusal::internal(&error))?;
                result
            })
        });
        done.await.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
    }
}

/// Somebody who waits for an answer: dropped with the connection.
#[derive(Default)]
struct Waiting {
    is_over: Arc<AtomicBool>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}
