//! Documents in: paths → files → documents → labels → index, with a report.
//!
//! One thread lists the files and cuts streams of lines into batches; workers read, decode, parse and detect; the
//! calling thread adds what they made, in the order of the files, so that of two documents of one id the later stays.
//! Queues are bounded: memory does not grow with the collection.

mod add;
mod identity;
mod known;
mod order;
mod plan;
mod report;
mod restore;
mod sink;
mod source;
mod work;

pub use identity::Identity;
pub use known::{FileState, PartState};
pub use plan::{Change, Planned, plan};
pub use report::{Observer, Report, Silent, Skip};
pub use restore::{carry_over, restore};
pub use sink::Sink;
pub use source::Source;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use crate::{
    corpus::{
        ReadOptions, WalkOptions,
        sandbox::{ProcessLimits, ReaderProcess},
    },
    index::IndexError,
};
use add::Adding;
use known::Known;
use order::{Gate, OpensAtPanic, Piece};
use work::{Listing, Outcome, Readers, Task};

/// How many tasks may wait, for each worker, before the lister rests.
const WAITING_PER_WORKER: usize = 4;

/// How much of what was read may wait for a file before it that takes longer, in bytes.
const WAITING_BYTES: u64 = 256 * 1024 * 1024;

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The server that holds the index did not take it.
    #[error("{0}")]
    Server(String),
    /// The run was told to stop.
    #[error("stopped; the index is as its last commit left it")]
    Stopped,
}

/// How files are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What is read of them.
    pub read: ReadOptions,
    /// The program that parses formats that are no text, in a process of its own (see [`sandbox`](crate::corpus::sandbox)), and
    /// what that may take; parsed in this process where there is none.
    pub apart: Option<(PathBuf, ProcessLimits)>,
    /// Which files are read.
    pub walk: WalkOptions,
    /// Whether documents go whose files were below the sources and are gone.
    pub prune: bool,
}

/// Reads the documents of all sources into an index, or to the server that holds it, and commits them.
///
/// Files that are as they were when they were read last are not read again. A file or line that cannot be read is told to the
/// observer with its reason, and the rest go on. When `stop` turns
/// true, nothing more is added and the index stays as its last commit left it.
///
/// Files are named as they are for the index in `index_dir`, which is that of the writer but for measurements.
///
/// # Errors
/// Where the index cannot be written, and where the run was told to stop.
pub fn ingest(
    writer: &mut dyn Sink,
    sources: Vec<Source>,
    index_dir: &Path,
    options: &Options,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<Report, IngestError> {
    let identity = Identity::beside(index_dir, writer.dir());
    let known = Known::load(writer.dir(), writer.data(), &options.read);
    let roots: Vec<PathBuf> = sources.iter().filter_map(|source| source.path().map(Path::to_owned)).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (task_in, task_out) = sync_channel::<(u64, Task)>(workers * WAITING_PER_WORKER);
    let (outcome_in, outcome_out) = sync_channel::<Piece<Vec<Outcome>>>(workers * WAITING_PER_WORKER);
    // Set when the adding side gives up, so that listing and working end too.
    let given_up = Arc::new(AtomicBool::new(false));
    let task_out = Mutex::new(task_out);
    let gate = Gate::new(WAITING_BYTES);
    thread::scope(|scope| {
        let goes_on = || !stop.load(Ordering::Relaxed) && !given_up.load(Ordering::Relaxed);
        let listing = Listing { walk: &options.walk, identity: &identity, known: &known };
        scope.spawn(move || work::list(sources, &listing, observer, &task_in, &goes_on));
        for _ in 0..workers {
            let outcome_in = outcome_in.clone();
            let (task_out, gate) = (&task_out, &gate);
            scope.spawn(move || {
                let _opens = OpensAtPanic(gate);
                let process = options.apart.clone().map(|(program, limits)| ReaderProcess::new(program, limits));
                let mut readers = Readers { options: &options.read, process };
                while let Some((number, task)) = next(task_out) {
                    let mut is_taken = true;
                    let mut send = |item: Vec<Outcome>, is_last| {
                        let bytes = item.iter().map(Outcome::size).sum();
                        gate.enter(number, bytes);
                        is_taken = is_taken && outcome_in.send(Piece { number, item, bytes, is_last }).is_ok();
                    };
                    work::perform(task, &mut readers, &mut |outcomes| send(outcomes, false));
                    send(Vec::new(), true);
                    if !is_taken {
                        return;
                    }
                }
            });
        }
        drop(outcome_in);
        let mut adding = Adding::new(writer, &known, observer, stop);
        let added = adding.all(outcome_out, &gate);
        gate.open();
        given_up.store(true, Ordering::Relaxed);
        // Workers that wait for tasks end when the queue is drained by whoever is left.
        while next(&task_out).is_some() {}
        added?;
        if options.prune {
            adding.prune(|id| roots.iter().any(|root| identity.is_below(id, root)))?;
        }
        adding.end()
    })
}

fn next(tasks: &Mutex<Receiver<(u64, Task)>>) -> Option<(u64, Task)> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
