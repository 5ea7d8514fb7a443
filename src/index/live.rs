//! An index that is read while another process may rebuild it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use super::{Index, IndexError, Manifest, copy::META, give_way, manifest};

/// How long a look at the manifest is good for: a change is seen this much later at most, and a busy server looks a few
/// times a second and not a few thousand times.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The current state of an index on disk.
pub struct LiveIndex {
    dir: PathBuf,
    current: RwLock<Arc<Index>>,
    seen: Mutex<Seen>,
    /// Whether a writer of this process gives on each state as it commits it, so that there is nothing to look for.
    is_fed: AtomicBool,
}

struct Seen {
    stamp: Stamp,
    at: Instant,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

impl Stamp {
    fn of(dir: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(dir.join(manifest::FILE_NAME))?;
        Ok(Self { modified: metadata.modified()?, bytes: metadata.len() })
    }
}

impl LiveIndex {
    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        // The stamp is taken first: a change between the two looks is then seen as one.
        let stamp = Stamp::of(dir).unwrap_or(Stamp { modified: SystemTime::UNIX_EPOCH, bytes: 0 });
        let index = Arc::new(Index::open(dir)?);
        prepare(&index);
        Ok(Self {
            dir: dir.to_owned(),
            current: RwLock::new(index),
            seen: Mutex::new(Seen { stamp, at: Instant::now() }),
            is_fed: AtomicBool::new(false),
        })
    }

    /// The folder of the index.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether the index on disk could be opened now, as far as its lists of files tell.
    ///
    /// # Errors
    /// Where there is none, where it was built under other rules, where it cannot be read.
    pub fn check_disk(&self) -> Result<(), IndexError> {
        let meta = self.dir.join(Manifest::read(&self.dir)?.data).join(META);
        fs::File::open(&meta).map(drop).map_err(IndexError::io(&meta))
    }

    /// The state that a writer of this process has opened.
    #[must_use]
    pub fn of_writer(dir: &Path, index: Arc<Index>) -> Self {
        prepare(&index);
        let stamp = Stamp { modified: SystemTime::UNIX_EPOCH, bytes: 0 };
        Self {
            dir: dir.to_owned(),
            current: RwLock::new(index),
            seen: Mutex::new(Seen { stamp, at: Instant::now() }),
            is_fed: AtomicBool::new(true),
        }
    }

    /// The index as last published. Where it cannot be opened just now, the state before, which is whole; it is tried
    /// again at the next look.
    pub fn current(&self) -> Arc<Index> {
        self.look();
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a state that a writer of this process has committed; from now on all states come so.
    pub fn publish(&self, index: Arc<Index>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        self.is_fed.store(true, Ordering::Release);
        let before = std::mem::replace(&mut *current, index);
        drop(current);
        // Its files are unmapped and what it remembered is freed, which nobody who searches is to wait for.
        drop(before);
    }

    /// Looks through the words of the state that is open, in the background, so that what people type is completed at once.
    /// Worth it when the index has rested for a while: each pass takes as long as the index has words.
    pub fn prepare_beginnings(&self) {
        prepare(&self.current());
    }

    /// Opens the index anew if its manifest is another one than that of the state that is open.
    fn look(&self) {
        if self.is_fed.load(Ordering::Acquire) {
            return;
        }
        // One look at a time: a second request meanwhile is answered from what is open.
        let Ok(mut seen) = self.seen.try_lock() else { return };
        if seen.at.elapsed() < LOOK_EVERY {
            return;
        }
        seen.at = Instant::now();
        let Some(stamp) = Stamp::of(&self.dir).ok().filter(|stamp| *stamp != seen.stamp) else { return };
        match Index::open(&self.dir) {
            Ok(index) => {
                tracing::info!(documents = index.documents(), "the index has changed and was opened anew");
                let index = Arc::new(index);
                prepare(&index);
                seen.stamp = stamp;
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                // A writer may have come to it meanwhile, and what it gives is newer.
                if !self.is_fed.load(Ordering::Acquire) {
                    *current = index;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the index has changed and cannot be opened; serving the state before");
            }
        }
    }
}

/// Looks through the words of an index in the background, so that what people type is completed at once. Until that is done,
/// or where it cannot be done, short beginnings take longer.
fn prepare(index: &Arc<Index>) {
    let index = Arc::clone(index);
    let prepare = move || {
        give_way();
        if let Err(error) = index.prepare_beginnings() {
            tracing::warn!(%error, "the words of the index cannot be looked through; short beginnings take longer");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("beginnings".into()).spawn(prepare) {
        tracing::warn!(%error, "there is no thread for the words of the index; short beginnings take longer");
    }
}
