//! What the routes share: the indexes, and a turn for each search.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout_at,
};

use super::{
    Code, Refusal,
    answers::Answers,
    metrics::Metrics,
    pace::{Pace, SOON},
};
use crate::{
    index::{Deadline, Index, Snapshots},
    live::{IndexName, Indexes, Live},
};

/// How many searches run at once for each processor; a search is bound by the processor or waits for the disk.
const SEARCHES_PER_CORE: usize = 2;

/// How many more may wait for their turn for each processor: at some milliseconds each, what is answered within a second.
const WAITING_PER_CORE: usize = 64;

/// How long a search may take where nothing else is said, with the wait for its turn.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);

/// How many exports run at once: each holds a thread for as long as its client takes to read.
const EXPORTS: usize = 2;

/// What the routes share.
#[derive(Clone)]
pub struct App {
    indexes: Arc<Indexes>,
    /// Places for those that run and those that wait.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    pace: Arc<Pace>,
    timeout: Duration,
    /// The folder of all snapshots.
    snapshots: PathBuf,
    /// The right to read or to copy the whole index, of which there is one.
    upkeep: Arc<Semaphore>,
    exports: Arc<Semaphore>,
    metrics: Arc<Metrics>,
    answers: Arc<Answers>,
    logs_queries: bool,
}

impl App {
    /// The service over some indexes, with a folder for what is kept beside them, which need not be there yet.
    #[must_use]
    pub fn new(indexes: Arc<Indexes>, home: &Path) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            indexes,
            places: Arc::new(Semaphore::new(cores * (SEARCHES_PER_CORE + WAITING_PER_CORE))),
            turns: Arc::new(Semaphore::new(cores * SEARCHES_PER_CORE)),
            pace: Arc::default(),
            timeout: SEARCH_TIMEOUT,
            snapshots: home.join("snapshots"),
            upkeep: Arc::new(Semaphore::new(1)),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            metrics: Arc::default(),
            answers: Arc::default(),
            logs_queries: false,
        }
    }

    /// The service that writes the queries of searches to its log, or does not.
    #[must_use]
    pub fn logging_queries(self, logs_queries: bool) -> Self {
        Self { logs_queries, ..self }
    }

    /// Whether queries are written to the log.
    pub(super) fn logs_queries(&self) -> bool {
        self.logs_queries
    }

    /// The figures of the service.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The answers that are kept.
    pub(super) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The indexes that are served.
    pub(super) fn indexes(&self) -> &Indexes {
        &self.indexes
    }

    /// The snapshots that are kept of an index. No name of a snapshot is that of an index.
    pub(super) fn snapshots(&self, name: &IndexName) -> Snapshots {
        let folder = &self.snapshots;
        Snapshots::new(if name.is_default() { folder.clone() } else { folder.join(name.as_str()) })
    }

    /// The right to read or to copy the whole index.
    pub(super) fn upkeep_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        turn(&self.upkeep, "Another snapshot or verification is under way; try again when it has ended.")
    }

    /// The right to export.
    pub(super) fn export_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        turn(&self.exports, "Too many exports at once; try again when one has ended.")
    }

    /// The service whose searches may take so long, with the wait for their turn.
    #[must_use]
    pub fn with_search_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Runs work on an index when its turn has come: at once, where it is expected to be done soon, else or where it is not, from its
    /// beginning on a thread that may block. There work that is not done in time, or that nobody waits for any more, is stopped.
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        live: Arc<Live>,
        work: impl Fn(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let until = Instant::now() + self.timeout;
        let overloaded =
            || Refusal::new(Code::Overloaded, "Too many searches at once; try again in a moment.").retry_after(1);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| overloaded())?;
        let waits = self.metrics.wait();
        let turn = timeout_at(until.into(), Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or_else(overloaded)?;
        drop(waits);
        let waiting = Waiting::default();
        let (timed, is_over) = (Arc::clone(&self.pace), Arc::clone(&waiting.is_over));
        let run = move |most| {
            let begun = Instant::now();
            let done = Deadline::new(until.min(begun + most), Arc::clone(&is_over)).hold(|| {
                let result = work(&live.index());
                // What was cut short anywhere is no answer.
                Deadline::check().map(|()| result)
            });
            timed.took(begun.elapsed());
            done
        };
        if self.pace.is_brisk()
            && let Ok(result) = run(SOON)
        {
            return result;
        }
        let most = self.timeout;
        blocking(move || {
            // They are given back when the work ends, which may be after whoever asked for it has gone.
            let _held = (place, turn);
            run(most).unwrap_or_else(|error| Err(Refusal::internal(&error)))
        })
        .await
    }
}

/// A turn that is free now.
fn turn(turns: &Arc<Semaphore>, refusal: &str) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(turns).try_acquire_owned().map_err(|_| Refusal::new(Code::Overloaded, refusal))
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

/// Does work on a thread that may block; what it writes to the log carries the id of the request.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let request = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || request.in_scope(work)).await;
    done.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
}
