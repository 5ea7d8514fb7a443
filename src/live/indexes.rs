//! The indexes that one process serves: the default one, and others by their names.
//!
//! The default index lies where the operator says, each other in a folder of its name. While something is done to an index as a
//! whole its folder is closed: what was open is searched as it was, and writes are told to come again.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError},
    thread,
};

use super::{IndexName, Live};
use crate::index::{IndexError, IndexWriter, Options, RunLock, sync_folder};

/// The folder of the named indexes, in the home of the server.
const FOLDER: &str = "indexes";

/// What the folder of an index is called that is being made, or deleted, before its name.
const UNFINISHED: &str = ".new-";
const DELETED: &str = ".deleted-";

/// How many indexes there may be beside the default one: each has some threads that write it, and a few megabytes.
pub const MAX_INDEXES: usize = 100;

/// Why nothing was done with an index.
#[derive(Debug, thiserror::Error)]
pub enum IndexesError {
    /// There is none of that name.
    #[error("there is no index {0:?}")]
    NotFound(String),
    /// It cannot be opened.
    #[error("the index {name} cannot be opened: {fault}")]
    Broken {
        /// Its name.
        name: IndexName,
        /// Why.
        fault: Arc<str>,
    },
    /// It is there, and was built otherwise.
    #[error("the index {name} is there already, and {difference}")]
    Exists {
        /// Its name.
        name: IndexName,
        /// What is other.
        difference: String,
    },
    /// There are as many as there may be.
    #[error("there are {MAX_INDEXES} indexes, which is the most; delete one before another is made")]
    TooMany,
    /// Something that cannot be asked of these indexes.
    #[error("{0}")]
    Senseless(String),
    /// Something else is being done.
    #[error("{0}")]
    Busy(String),
    /// The system, or the engine, refuses.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// An index of a name: open, or why it is not.
#[derive(Clone)]
pub enum Opened {
    /// It is served.
    Live(Arc<Live>),
    /// It cannot be opened.
    Broken(Arc<str>),
}

/// All indexes of a process.
pub struct Indexes {
    default_dir: PathBuf,
    folder: PathBuf,
    opened: RwLock<BTreeMap<IndexName, Opened>>,
    /// Where other processes of the same owner reach this one, once that is known.
    base: Mutex<Option<String>>,
    /// Held while an index is made, deleted, or changed as a whole.
    changing: Mutex<()>,
}

impl Indexes {
    /// Opens the index in `dir`, which is made where there is none, and those that lie in `home`. One of those that cannot be
    /// opened keeps none of the others from being served.
    ///
    /// # Errors
    /// Where the index in `dir` cannot be opened, and where `home` cannot be read.
    pub fn open(dir: &Path, home: &Path) -> Result<Self, IndexError> {
        let folder = home.join(FOLDER);
        let names = names_in(&folder, dir).map_err(|source| IndexError::Io { path: folder.clone(), source })?;
        let mut opened = BTreeMap::from([(IndexName::default(), Opened::Live(Arc::new(Live::open(dir)?)))]);
        // What one of them applies of its journal is not waited for by the next.
        thread::scope(|scope| {
            let opening = names.into_iter().map(|name| {
                let dir = folder.join(name.as_str());
                (scope.spawn(move || open_in(&dir)), name)
            });
            for (thread, name) in opening.collect::<Vec<_>>() {
                let live = thread.join().unwrap_or_else(|_| Opened::Broken("opening it panicked; see the log".into()));
                if let Opened::Broken(fault) = &live {
                    tracing::error!(index = %name, %fault, "an index cannot be opened");
                }
                opened.insert(name, live);
            }
        });
        Ok(Self {
            default_dir: dir.to_owned(),
            folder,
            opened: RwLock::new(opened),
            base: Mutex::default(),
            changing: Mutex::default(),
        })
    }

    /// Tells other processes of the same owner where they reach the indexes: see [`Live::announce`].
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn announce(&self, base: &str) -> io::Result<()> {
        *lock(&self.base) = Some(base.to_owned());
        for (name, opened) in self.all() {
            if let Opened::Live(live) = opened {
                live.announce(address(base, &name))?;
            }
        }
        Ok(())
    }

    /// The index of a name.
    ///
    /// # Errors
    /// Where there is none, and where it cannot be opened.
    pub fn get(&self, name: &IndexName) -> Result<Arc<Live>, IndexesError> {
        match self.opened().get(name) {
            Some(Opened::Live(live)) => Ok(Arc::clone(live)),
            Some(Opened::Broken(fault)) => Err(IndexesError::Broken { name: name.clone(), fault: Arc::clone(fault) }),
            None => Err(IndexesError::NotFound(name.to_string())),
        }
    }

    /// All indexes, by their names.
    #[must_use]
    pub fn all(&self) -> Vec<(IndexName, Opened)> {
        self.opened().iter().map(|(name, opened)| (name.clone(), opened.clone())).collect()
    }

    /// The index of a name, made as the options say where there is none; and whether it was made.
    ///
    /// # Errors
    /// Where it is there and was built otherwise, where there are too many, and where the system refuses.
    pub fn create(&self, name: &IndexName, options: &Options) -> Result<(Arc<Live>, bool), IndexesError> {
        let _change = self.change()?;
        match self.get(name) {
            Ok(live) => {
                options.check(live.dir(), live.index().manifest()).map_err(|error| {
                    let difference = format!("was built otherwise: {}", difference(&error));
                    IndexesError::Exists { name: name.clone(), difference }
                })?;
                return Ok((live, false));
            }
            Err(IndexesError::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
        if self.opened().len() > MAX_INDEXES {
            return Err(IndexesError::TooMany);
        }
        let (dir, unfinished) = (self.dir(name), self.folder.join(format!("{UNFINISHED}{name}")));
        remove(&unfinished)?;
        fs::create_dir_all(&self.folder).map_err(io_error(&self.folder))?;
        IndexWriter::open(&unfinished, options.clone())?.close()?;
        fs::rename(&unfinished, &dir).map_err(io_error(&dir))?;
        sync_folder(&self.folder)?;
        self.reopen(name)?;
        Ok((self.get(name)?, true))
    }

    /// Deletes an index with all that is in it.
    ///
    /// # Errors
    /// Where there is none, where it is the default one, where a run of indexing goes on, and where the system refuses; then it
    /// is as it was.
    pub fn delete(&self, name: &IndexName) -> Result<(), IndexesError> {
        let _change = self.change()?;
        if name.is_default() {
            let message = "the default index cannot be deleted; delete its documents, or swap it with another one";
            return Err(IndexesError::Senseless(message.to_owned()));
        }
        let was = self.opened().get(name).cloned().ok_or_else(|| IndexesError::NotFound(name.to_string()))?;
        let (dir, gone) = (self.dir(name), self.folder.join(format!("{DELETED}{name}")));
        let _run = match &was {
            Opened::Live(live) => Some(no_run(live.dir(), name)?),
            Opened::Broken(_) => None,
        };
        remove(&gone)?;
        self.opened_mut().remove(name);
        if let Opened::Live(live) = was {
            live.close_at_rest();
        }
        // Out of sight first: a half of an index is none.
        if let Err(error) = fs::rename(&dir, &gone).map_err(io_error(&dir)) {
            self.reopen(name)?;
            return Err(error.into());
        }
        sync_folder(&self.folder)?;
        if let Err(error) = remove(&gone) {
            tracing::warn!(index = %name, %error, "what is left of a deleted index cannot be removed; it is at the next start");
        }
        Ok(())
    }

    /// Accepts nothing more, commits what was accepted, and gives all indexes free: see [`Live::close`].
    pub fn close(&self) {
        thread::scope(|scope| {
            for (_, opened) in self.all() {
                if let Opened::Live(live) = opened {
                    scope.spawn(move || live.close());
                }
            }
        });
    }

    /// The folder of an index, there or not.
    pub(super) fn dir(&self, name: &IndexName) -> PathBuf {
        if name.is_default() { self.default_dir.clone() } else { self.folder.join(name.as_str()) }
    }

    /// Opens an index that was closed, or made, and serves it from now on.
    pub(super) fn reopen(&self, name: &IndexName) -> Result<(), IndexesError> {
        let opened = open_in(&self.dir(name));
        let broken = match &opened {
            Opened::Live(live) => {
                if let Some(base) = &*lock(&self.base)
                    && let Err(error) = live.announce(address(base, name))
                {
                    tracing::warn!(%error, "other processes cannot be told where this one is; they cannot index beside it");
                }
                None
            }
            Opened::Broken(fault) => Some(IndexesError::Broken { name: name.clone(), fault: Arc::clone(fault) }),
        };
        self.opened_mut().insert(name.clone(), opened);
        broken.map_or(Ok(()), Err)
    }

    /// The right to change indexes as a whole, which one may have at a time.
    pub(super) fn change(&self) -> Result<MutexGuard<'_, ()>, IndexesError> {
        match self.changing.try_lock() {
            Ok(change) => Ok(change),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(IndexesError::Busy("another index is being made, deleted, swapped or restored".to_owned()))
            }
        }
    }

    fn opened(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<IndexName, Opened>> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened_mut(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<IndexName, Opened>> {
        self.opened.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees that no run of indexing goes through the server while this is held: what it would send next might come to another index.
pub(super) fn no_run(dir: &Path, name: &IndexName) -> Result<RunLock, IndexesError> {
    RunLock::take(dir).map_err(|error| match error {
        IndexError::Locked { holder, .. } => {
            IndexesError::Busy(format!("{holder} indexes into {name} through this server; wait until it has ended"))
        }
        error => error.into(),
    })
}

fn open_in(dir: &Path) -> Opened {
    match Live::open(dir) {
        Ok(live) => Opened::Live(Arc::new(live)),
        Err(error) => Opened::Broken(error.to_string().into()),
    }
}

/// Where the routes of an index stand.
fn address(base: &str, name: &IndexName) -> String {
    if name.is_default() { base.to_owned() } else { format!("{base}/indexes/{name}") }
}

/// The names of the indexes in a folder, which need not be there; what was made or deleted by halves is removed.
fn names_in(folder: &Path, default_dir: &Path) -> io::Result<Vec<IndexName>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let default_dir = default_dir.canonicalize().ok();
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(UNFINISHED) || name.starts_with(DELETED) {
            fs::remove_dir_all(entry.path())?;
            continue;
        }
        match name.parse::<IndexName>() {
            Ok(name) if name.is_default() => {}
            Ok(_) if entry.path().canonicalize().ok() == default_dir => {}
            Ok(name) if entry.path().is_dir() => names.push(name),
            _ => tracing::warn!(path = %entry.path().display(), "this is no folder of an index, and is left alone"),
        }
    }
    Ok(names)
}

/// What is other of an index that was built otherwise.
fn difference(error: &IndexError) -> String {
    match error {
        IndexError::OtherFilterable { built, .. } => format!("its filterable members are {built:?}"),
        IndexError::OtherRules { .. } => "its rules of analysis are others (lemmas)".to_owned(),
        other => other.to_string(),
    }
}

fn remove(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(folder)(error)),
        _ => Ok(()),
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> IndexError + use<> {
    let path = path.to_owned();
    move |source| IndexError::Io { path, source }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
