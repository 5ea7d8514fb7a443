//! Folders that change → an index that keeps up with them.
//!
//! Each change is followed by a run of indexing, which reads only what is new or changed. So nothing has to be known of a
//! change but that there was one: one that was not noticed, or was lost, is made good by the next run, and one run is made now
//! and then anyway.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use notify::{Event, RecursiveMode, Watcher};
use oba::{
    index::IndexError,
    ingest::{self, IngestError, Source, ingest},
};

use super::{
    Failure, Outcome,
    arguments::WatchArguments,
    index::{reading, stop_on_signal, summary},
    progress::Progress,
    settings::Settings,
    target::Target,
};

/// Changes come in swarms: a run waits until none has come for so long,
const QUIET: Duration = Duration::from_millis(250);

/// but no longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// A run is made this often in any case, for changes that were not noticed.
const RESCAN: Duration = Duration::from_mins(5);

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// Watches folders and files until it is told to stop.
pub(super) fn watch(settings: &Settings, arguments: &WatchArguments) -> Result<Outcome, Failure> {
    let dir = settings.index.value.as_path();
    let reading = ingest::Options { prune: true, ..reading(&arguments.files)? };
    let stop = stop_on_signal()?;
    let (send, changes) = channel();
    std::fs::create_dir_all(dir)?;
    let index = dir.canonicalize()?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // An error of the watcher is a change like any other: who knows what it did not tell.
        let is_nothing = event.is_ok_and(|event| {
            let is_own = !event.paths.is_empty() && event.paths.iter().all(|path| path.starts_with(&index));
            is_own || event.kind.is_access()
        });
        if !is_nothing {
            let _ = send.send(());
        }
    })?;
    for path in &arguments.paths {
        let known = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        watcher.watch(&known, RecursiveMode::Recursive).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let mut is_first = true;
    while !stop.load(Ordering::Relaxed) {
        match run(&arguments.paths, dir, &reading, is_first, &stop) {
            Ok(()) => is_first = false,
            // It is tried again with the next change; whoever holds the index may be done by then.
            Err(error) if is_passing(error.as_ref()) => eprintln!("oba: {error}; trying again"),
            Err(error) => return Err(error),
        }
        wait(&changes, &stop);
    }
    Ok(Outcome::Done)
}

/// Indexes what is new or changed, and says so where there was something.
fn run(
    paths: &[PathBuf],
    dir: &Path,
    reading: &ingest::Options,
    is_first: bool,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let sources = paths.iter().cloned().map(Source::Path).collect();
    let mut target = Target::open(dir, None)?;
    let progress = Progress::new(None);
    let started = Instant::now();
    let report = ingest(target.sink(), sources, dir, reading, &progress, stop);
    progress.finish();
    let report = match report {
        Err(IngestError::Stopped) => return Ok(()),
        report => report?,
    };
    target.close()?;
    if is_first || report.documents + report.removed > 0 {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", summary(&report, dir, started.elapsed()))?;
        out.flush()?;
    }
    Ok(())
}

/// Whether a failure may pass by itself.
fn is_passing(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let is_locked = |error: &IndexError| matches!(error, IndexError::Locked { .. });
    match error.downcast_ref::<IngestError>() {
        Some(IngestError::Server(_)) => true,
        Some(IngestError::Index(error)) => is_locked(error),
        _ => error.downcast_ref::<IndexError>().is_some_and(is_locked),
    }
}

/// Waits for changes, and for their end.
fn wait(changes: &Receiver<()>, stop: &AtomicBool) {
    let started = Instant::now();
    let mut first: Option<Instant> = None;
    while !stop.load(Ordering::Relaxed) {
        let patience = if first.is_some() { QUIET } else { LOOK };
        match changes.recv_timeout(patience) {
            Ok(()) => {
                let first = *first.get_or_insert_with(Instant::now);
                if first.elapsed() >= LONGEST {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) if first.is_some() || started.elapsed() >= RESCAN => return,
            Err(RecvTimeoutError::Timeout) => {}
            // The watcher is gone; the runs that are made now and then stay.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK),
        }
    }
}
