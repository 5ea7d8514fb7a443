//! What the routes share: the index, and a turn for each search.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Code, Refusal, metrics::Metrics};
use crate::index::{Index, IndexError, LiveIndex, Snapshots};

/// How many searches run at once for each processor; a search is bound by the processor or waits for the disk.
const SEARCHES_PER_CORE: usize = 2;

/// How long a search may wait for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// How many exports run at once: each holds a thread for as long as its client takes to read.
const EXPORTS: usize = 2;

/// What the routes share.
#[derive(Clone)]
pub struct App {
    index: Arc<LiveIndex>,
    turns: Arc<Semaphore>,
    snapshots: Snapshots,
    /// The right to read or to copy the whole index, of which there is one.
    upkeep: Arc<Semaphore>,
    exports: Arc<Semaphore>,
    metrics: Arc<Metrics>,
    logs_queries: bool,
}

impl App {
    /// The service over an index, with a folder for what is kept beside it, which need not be there yet.
    #[must_use]
    pub fn new(index: LiveIndex, home: &Path) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            index: Arc::new(index),
            turns: Arc::new(Semaphore::new(cores * SEARCHES_PER_CORE)),
            snapshots: Snapshots::new(home.join("snapshots")),
            upkeep: Arc::new(Semaphore::new(1)),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            metrics: Arc::default(),
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

    /// The folder of the index.
    pub(super) fn index_dir(&self) -> &Path {
        self.index.dir()
    }

    /// Whether the index on disk could be opened now.
    pub(super) fn check_disk(&self) -> Result<(), IndexError> {
        self.index.check_disk()
    }

    /// The index as last published, for work that waits for no turn.
    pub(super) fn current(&self) -> Arc<Index> {
        self.index.current()
    }

    /// The snapshots that are kept.
    pub(super) fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    /// The right to read or to copy the whole index.
    pub(super) fn upkeep_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        turn(&self.upkeep, "Another snapshot or verification is under way; try again when it has ended.")
    }

    /// The right to export.
    pub(super) fn export_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        turn(&self.exports, "Too many exports at once; try again when one has ended.")
    }

    /// Runs work on the index on a thread that may block, when its turn has come.
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let waiting = self.metrics.wait();
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        drop(waiting);
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::new(Code::Overloaded, "Too many searches at once; try again in a moment."));
        };
        let index = Arc::clone(&self.index);
        blocking(move || {
            let result = work(&index.current());
            drop(turn);
            result
        })
        .await
    }
}

/// A turn that is free now.
fn turn(turns: &Arc<Semaphore>, refusal: &str) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(turns).try_acquire_owned().map_err(|_| Refusal::new(Code::Overloaded, refusal))
}

/// Does work on a thread that may block; what it writes to the log carries the id of the request.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let request = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || request.in_scope(work)).await;
    done.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
}
