//! What the routes share: the index, and a turn for each search.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{Code, Refusal};
use crate::{index::Index, live::Live};

/// How many searches run at once for each processor; a search is bound by the processor or waits for the disk.
const SEARCHES_PER_CORE: usize = 2;

/// How long a search may wait for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// What the routes share.
#[derive(Clone)]
pub struct App {
    pub(super) live: Arc<Live>,
    turns: Arc<Semaphore>,
}

impl App {
    /// The service over an index.
    #[must_use]
    pub fn new(live: Arc<Live>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { live, turns: Arc::new(Semaphore::new(cores * SEARCHES_PER_CORE)) }
    }

    /// Runs work on the index on a thread that may block, when its turn has come.
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::new(Code::Overloaded, "Too many searches at once; try again in a moment."));
        };
        let live = Arc::clone(&self.live);
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&live.index());
            drop(turn);
            result
        });
        done.await.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
    }
}
