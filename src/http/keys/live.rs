//! The keys of a running server, while `oba keys` may change them.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant, SystemTime},
};

use super::{KeyError, KeyRing, KeyStore};

/// How long a look at the file is good for: a key that was revoked is refused this much later at most.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The current keys.
#[derive(Debug)]
pub struct LiveKeys {
    store: KeyStore,
    current: RwLock<Arc<KeyRing>>,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    stamp: Option<Stamp>,
    at: Instant,
}

/// What tells one state of the file from another. It is never written in place, so each state has a number of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
    #[cfg(unix)]
    number: u64,
}

impl Stamp {
    /// The stamp of a file; `None` where there is none.
    fn of(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Self {
            modified: metadata.modified()?,
            bytes: metadata.len(),
            #[cfg(unix)]
            number: std::os::unix::fs::MetadataExt::ino(&metadata),
        }))
    }
}

impl LiveKeys {
    /// The keys of the server with this home, which need not be there yet.
    ///
    /// # Errors
    /// Where there are keys that cannot be read.
    pub fn open(home: &Path) -> Result<Self, KeyError> {
        let store = KeyStore::in_home(home);
        // The stamp is taken first: a change between the two looks is then seen as one.
        let path = store.path();
        let stamp = Stamp::of(&path).map_err(|source| KeyError::Io { path, source })?;
        let ring = store.read()?;
        Ok(Self { store, current: RwLock::new(Arc::new(ring)), seen: Mutex::new(Seen { stamp, at: Instant::now() }) })
    }

    /// The keys as they are now. Where they cannot be read just now, and where their file is gone, they are what they were:
    /// a door that had a lock is not opened by losing it.
    pub fn current(&self) -> Arc<KeyRing> {
        self.look();
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn look(&self) {
        // One look at a time: a second request meanwhile goes by what is known.
        let Ok(mut seen) = self.seen.try_lock() else { return };
        if seen.at.elapsed() < LOOK_EVERY {
            return;
        }
        seen.at = Instant::now();
        let stamp = match Stamp::of(&self.store.path()) {
            Ok(stamp) if stamp == seen.stamp => return,
            Ok(Some(stamp)) => Some(stamp),
            Ok(None) => {
                tracing::warn!(
                    "the file of keys is gone; the keys stay what they were until the server is started anew"
                );
                seen.stamp = None;
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "the file of keys cannot be looked at; the keys stay what they were");
                return;
            }
        };
        match self.store.read() {
            Ok(ring) if ring.is_in_use() => {
                tracing::info!(keys = ring.keys().len(), "the keys have changed");
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
                seen.stamp = stamp;
            }
            // Removed between the two looks; the next one tells.
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the keys have changed and cannot be read; they stay what they were"),
        }
    }
}
