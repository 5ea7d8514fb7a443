//! An index that is read and written by the process that serves it: all of it in one value.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{
    Health, Incoming, Operation, Refused, Task, TaskKind, WriterState,
    address::Address,
    faults::{check_room, state_of},
    journal::Journal,
    queue::Queue,
    rebuild::Rebuilding,
    tasks::{Tasks, now},
    writing,
};
use crate::index::{Index, IndexError, LiveIndex, LiveWriter, Manifest};

/// How long the start waits until what was accepted before is found again; what takes longer is applied while answers go out.
const REPLAY_PATIENCE: Duration = Duration::from_secs(10);

/// How long the end waits until what was accepted is committed; what takes longer stays in the journal for the next start.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);

/// An index in service: answers go out, documents come in.
pub struct Live {
    shared: Arc<Shared>,
    writing: Mutex<Option<JoinHandle<()>>>,
    is_new: bool,
}

/// What those who ask and the thread that writes have in common.
pub(super) struct Shared {
    dir: PathBuf,
    index: LiveIndex,
    queue: Arc<Queue>,
    rebuilding: Arc<Rebuilding>,
    tasks: Tasks,
    health: Mutex<Health>,
    /// There while writes are accepted. Whoever makes a request durable holds it until that is done, so that nothing comes into
    /// the journal of an index that was closed.
    journal: RwLock<Option<Arc<Journal>>>,
    /// The number of the last task that is done.
    done: watch::Sender<u64>,
    /// Where other processes of the same owner reach this one, where it was told.
    address: Mutex<Option<Address>>,
    /// Whether that stands in the index.
    is_announced: AtomicBool,
    is_ending: AtomicBool,
    /// Whether the folder is moved or removed once it is closed.
    is_moving: AtomicBool,
    end_by: Mutex<Option<Instant>>,
}

impl Live {
    /// Opens the index in `dir`, and makes an empty one where there is none. Where another process writes to it, it is read only
    /// until that has ended.
    ///
    /// # Errors
    /// Where it was built under other rules, where `dir` holds other files, and where it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let is_new = matches!(Manifest::read(dir), Err(IndexError::NotFound(_)));
        let (writer, index, state) = match LiveWriter::open(dir) {
            Ok(writer) => {
                let index = LiveIndex::of_writer(dir, Arc::clone(writer.current()));
                (Some(writer), index, WriterState::Starting)
            }
            Err(error) => {
                // What cannot be written can be read, as long as there is something.
                let Ok(index) = LiveIndex::open(dir) else { return Err(error) };
                let state = state_of(dir, &error);
                tracing::warn!(%error, "the index cannot be written yet; it is read only until it can");
                (None, index, state)
            }
        };
        let mut health = Health::new();
        health.becomes(state);
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            index,
            queue: Arc::default(),
            rebuilding: Arc::default(),
            tasks: Tasks::default(),
            health: Mutex::new(health),
            journal: RwLock::new(None),
            done: watch::Sender::new(0),
            address: Mutex::new(None),
            is_announced: AtomicBool::new(false),
            is_ending: AtomicBool::new(false),
            is_moving: AtomicBool::new(false),
            end_by: Mutex::new(None),
        });
        let (ready, is_ready) = mpsc::channel();
        let writing = {
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new().name("writing".into());
            thread.spawn(move || writing::run(&shared, writer, &ready))
        };
        let writing = writing.map_err(|source| IndexError::Io { path: dir.to_owned(), source })?;
        // Whoever was told that a document is accepted should find it again after a restart.
        let _ = is_ready.recv_timeout(REPLAY_PATIENCE);
        Ok(Self { shared, writing: Mutex::new(Some(writing)), is_new })
    }

    /// Tells other processes of the same owner where they reach this one, as long as it holds the lock of the index: `base` is what
    /// the paths of [`STATE`](super::STATE) and its like stand behind. Where that cannot be written, as on a full disk, it is tried
    /// again later.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn announce(&self, base: String) -> io::Result<()> {
        *lock(&self.shared.address) = Some(Address::new(base)?);
        if self.shared.gate().is_some() {
            self.shared.announce();
        }
        Ok(())
    }

    /// Whether a token is the one that was told to other processes of the same owner.
    #[must_use]
    pub fn is_owner(&self, token: &str) -> bool {
        lock(&self.shared.address).as_ref().is_some_and(|address| address.is_token(token))
    }

    /// Whether there was no index in the folder before.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The folder of the index.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.shared.dir
    }

    /// Whether the index on disk could be opened now, as far as its lists of files tell.
    ///
    /// # Errors
    /// Where there is none, where it was built under other rules, where it cannot be read.
    pub fn check_disk(&self) -> Result<(), IndexError> {
        self.shared.index.check_disk()
    }

    /// The index as of now.
    #[must_use]
    pub fn index(&self) -> Arc<Index> {
        self.shared.index.current()
    }

    /// Begins a request whose operations come one after the other.
    ///
    /// # Errors
    /// Where writes are not accepted now.
    pub fn begin(&self, kind: TaskKind) -> Result<Incoming, Refused> {
        Incoming::new(Arc::clone(&self.shared), kind)
    }

    /// Accepts operations: when this returns they are durable, and will be applied in their order. The number of the task.
    ///
    /// # Errors
    /// Where writes are not accepted now; then nothing of it is done.
    pub fn accept(&self, kind: TaskKind, operations: &[Operation]) -> Result<u64, Refused> {
        let mut incoming = self.begin(kind)?;
        operations.iter().try_for_each(|operation| incoming.push(operation))?;
        incoming.accept()
    }

    /// Waits until a task is done and what it did is found; whether it is, before the time is over.
    pub async fn is_done(&self, task: u64, patience: Duration) -> bool {
        let mut done = self.shared.done.subscribe();
        let waiting = done.wait_for(|done| *done >= task);
        matches!(tokio::time::timeout(patience, waiting).await, Ok(Ok(_)))
    }

    /// A task, if there was one of that number.
    #[must_use]
    pub fn task(&self, number: u64) -> Option<Task> {
        self.shared.tasks.get(number)
    }

    /// The newest tasks, the newest first.
    #[must_use]
    pub fn tasks(&self, limit: usize) -> Vec<Task> {
        self.shared.tasks.newest(limit)
    }

    /// Whether the index can be written, and why not.
    #[must_use]
    pub fn health(&self) -> Health {
        let mut health = lock(&self.shared.health).clone();
        health.waiting = self.shared.queue.len();
        if let (WriterState::Healthy, Err(Refused::DiskFull(message))) =
            (&health.writer, check_room(&self.shared.dir, 0))
        {
            // It is so since at most as long as nobody looked.
            health.becomes(WriterState::DiskFull(message));
        }
        health
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Ends at once, as if the process were killed: what is not committed is not committed.
    #[cfg(test)]
    pub(super) fn kill(self) {
        self.shared.end(Duration::ZERO);
    }

    /// The same as [`Live::close`], and waits until nothing touches the folder any more, not even a merge, however long that takes:
    /// for whoever moves the folder, or removes what is in it, while the process goes on.
    pub fn close_at_rest(&self) {
        self.shared.is_moving.store(true, Ordering::Release);
        self.close();
    }

    /// Accepts nothing more, commits what was accepted and gives the index free. What cannot be committed soon stays in the
    /// journal for the next start.
    pub fn close(&self) {
        self.shared.end(CLOSE_PATIENCE);
        let writing = lock(&self.writing).take();
        if let Some(Err(_)) = writing.map(JoinHandle::join) {
            tracing::error!("the thread that writes the index has panicked; what was accepted is in the journal");
        }
    }
}

/// Applies what a service accepted for the index in `dir` before it was killed, if there is something: whoever writes to the index
/// next has to come after it. Where another process holds the index, that is left to it.
///
/// # Errors
/// Where the journal is damaged, and where the index cannot be written.
pub fn apply_journal(dir: &Path) -> Result<(), Refused> {
    if !Journal::is_left(dir) {
        return Ok(());
    }
    match LiveWriter::open(dir) {
        // Whoever holds the index has its journal, too.
        Err(IndexError::Locked { .. }) => return Ok(()),
        Err(error) => return state_of(dir, &error).refusal().map_or(Ok(()), Err),
        Ok(writer) => drop(writer),
    }
    let live = Live::open(dir).map_err(|error| Refused::Failed(error.to_string()))?;
    loop {
        let health = live.health();
        match health.writer {
            WriterState::Locked(_) => return Ok(()),
            WriterState::Healthy if health.waiting == 0 => break,
            WriterState::Healthy | WriterState::Starting => std::thread::sleep(Duration::from_millis(50)),
            fault => return fault.refusal().map_or(Ok(()), Err),
        }
    }
    live.close_at_rest();
    Ok(())
}

impl Drop for Live {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn index(&self) -> &LiveIndex {
        &self.index
    }

    pub(super) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    pub(super) fn rebuilding(&self) -> &Arc<Rebuilding> {
        &self.rebuilding
    }

    pub(super) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// The journal, where writes are accepted.
    pub(super) fn journal(&self) -> Result<Arc<Journal>, Refused> {
        if let Some(refused) = lock(&self.health).writer.refusal() {
            return Err(refused);
        }
        self.gate().clone().ok_or_else(Self::is_closed)
    }

    /// The journal, where there is one, which stays as long as this is held.
    pub(super) fn gate(&self) -> RwLockReadGuard<'_, Option<Arc<Journal>>> {
        self.journal.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is told where writes are not accepted any more.
    pub(super) fn is_closed() -> Refused {
        Refused::NotYet("the index is being closed; send it again in a moment".into())
    }

    /// Accepts writes from now on.
    pub(super) fn accept_into(&self, journal: Arc<Journal>, done: u64) {
        self.done.send_replace(done);
        let mut gate = self.journal.write().unwrap_or_else(PoisonError::into_inner);
        if !self.is_ending() {
            *gate = Some(journal);
            drop(gate);
            self.announce();
        }
    }

    fn announce(&self) {
        if let Err(error) = self.write_address() {
            tracing::warn!(%error, "other processes cannot be told where this one is; they cannot index beside it");
        }
    }

    /// Tells other processes where this one is, if that could not be written before.
    pub(super) fn announce_again(&self) {
        if !self.is_announced.load(Ordering::Relaxed) {
            // That it cannot was said at the first attempt.
            let _ = self.write_address();
        }
    }

    fn write_address(&self) -> io::Result<()> {
        let Some(address) = &*lock(&self.address) else { return Ok(()) };
        address.write(&self.dir)?;
        self.is_announced.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Notes how the writer is.
    pub(super) fn becomes(&self, state: WriterState) {
        let mut health = lock(&self.health);
        let message = state.refusal().map(|refused| refused.to_string());
        if health.becomes(state) {
            match message {
                None => tracing::info!("the index is written"),
                Some(message) => tracing::error!("the index cannot be written: {message}"),
            }
        }
    }

    /// Notes that all tasks up to this one are done.
    pub(super) fn committed(&self, task: u64) {
        lock(&self.health).last_commit = Some(now());
        self.done.send_replace(task);
    }

    pub(super) fn is_moving(&self) -> bool {
        self.is_moving.load(Ordering::Acquire)
    }

    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Whether the time to end in good order is over.
    pub(super) fn is_over(&self) -> bool {
        self.is_ending() && lock(&self.end_by).is_none_or(|end_by| Instant::now() >= end_by)
    }

    fn end(&self, patience: Duration) {
        // The first word counts.
        lock(&self.end_by).get_or_insert_with(|| Instant::now() + patience);
        // Whatever is being made durable is waited for, so that it is applied, too.
        let shut = || drop(self.journal.write().unwrap_or_else(PoisonError::into_inner).take());
        shut();
        self.is_ending.store(true, Ordering::Release);
        // It may have begun to accept between the two.
        shut();
        self.queue.wake();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
