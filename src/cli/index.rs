//! Documents in: what is indexed, what is deleted, and what is told of it.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use oba::{
    analysis::Rules,
    corpus::{
        ReadOptions, WalkOptions,
        sandbox::{self, ProcessLimits},
    },
    index::{self, IndexError, Optimized, Options},
    ingest::{self, Change, IngestError, Report, Source, ingest, plan},
};

use super::{
    Failure, Outcome,
    arguments::{FileArguments, IndexArguments},
    progress::Progress,
    settings::Settings,
    target::Target,
};

/// How long a run that was told to stop may take to end in good order.
const PATIENCE: Duration = Duration::from_secs(2);

/// Indexes paths.
pub(super) fn index(settings: &Settings, arguments: IndexArguments) -> Result<Outcome, Failure> {
    let dir = settings.index.value.as_path();
    let reading = ingest::Options { prune: arguments.prune, ..reading(&arguments.files)? };
    let mut paths = arguments.paths;
    if let Some(list) = &arguments.files_from {
        paths.extend(listed(list, arguments.null)?);
    }
    let sources: Vec<Source> = paths.into_iter().map(source).collect();
    if arguments.dry_run {
        return show_plan(&sources, dir, &reading);
    }
    let stop = stop_on_signal()?;
    let rules = arguments.no_lemmas.then_some(Rules { lemmas: false });
    let options = Options { rules, filterable: arguments.filterable };
    let mut target = if arguments.rebuild { Target::rebuild(dir, options)? } else { Target::open(dir, options)? };
    let progress = Progress::new(arguments.report.as_deref().map(create).transpose()?);
    let started = Instant::now();
    let report = ingest(target.sink(), sources, dir, &reading, &progress, &stop);
    progress.finish();
    let report = report?;
    progress.end_report()?;
    target.close()?;
    writeln!(io::stdout(), "{}", summary(&report, dir, started.elapsed()))?;
    Ok(if report.skipped + report.skipped_before == 0 { Outcome::Done } else { Outcome::Partly })
}

/// Deletes documents, or all that was read from files.
pub(super) fn delete(settings: &Settings, ids: &[String]) -> Result<Outcome, Failure> {
    let mut target = Target::open(&settings.index.value, None)?;
    let mut missing = 0;
    for id in ids {
        if !target.sink().delete(id)? {
            eprintln!("oba: there is no document {id:?}");
            missing += 1;
        }
    }
    target.sink().commit()?;
    target.close()?;
    writeln!(io::stdout(), "Deleted {} documents", ids.len() - missing)?;
    Ok(if missing == 0 { Outcome::Done } else { Outcome::Partly })
}

/// Makes one segment of all that the index has.
pub(super) fn optimize(settings: &Settings) -> Result<Outcome, Failure> {
    let dir = &settings.index.value;
    let done = index::optimize(dir).map_err(|error| match error {
        IndexError::Locked { holder, .. } => Failure::from(format!(
            "{holder} has the index in {} open for writing; a server bounds the number of segments by itself, so stop it only to have \
             one",
            dir.display()
        )),
        other => other.into(),
    })?;
    let Optimized { segments, bytes } = done;
    let size = |bytes| indicatif::HumanBytes(bytes);
    writeln!(
        io::stdout(),
        "{} segments of {} are {} of {} in {}",
        segments.0,
        size(bytes.0),
        segments.1,
        size(bytes.1),
        dir.display()
    )?;
    Ok(Outcome::Done)
}

/// How files are read: formats that are no text by this same program, in a process of its own.
pub(super) fn reading(arguments: &FileArguments) -> Result<ingest::Options, Failure> {
    let walk = WalkOptions { include: arguments.include.clone(), exclude: arguments.exclude.clone() };
    walk.check()?;
    let apart = Some((std::env::current_exe()?, ProcessLimits::default()));
    let encoding = arguments.encoding.map(|encoding| encoding.0);
    let read = ReadOptions { encoding, columns: arguments.columns.clone(), ..ReadOptions::default() };
    Ok(ingest::Options { read, apart, walk, ..ingest::Options::default() })
}

/// Reads files that are asked for on standard input: what [`index`] starts beside itself.
pub(super) fn read_files(memory_bytes: u64) -> Result<Outcome, Failure> {
    sandbox::serve(io::stdin().lock(), io::stdout().lock(), memory_bytes)?;
    Ok(Outcome::Done)
}

/// The paths in a list, one a line or each with a zero byte behind it.
fn listed(list: &Path, is_null: bool) -> Result<Vec<PathBuf>, Failure> {
    let mut bytes = Vec::new();
    if list.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(list).map_err(|error| format!("{}: {error}", list.display()))?;
    }
    let end = if is_null { 0 } else { b'\n' };
    let names = bytes.split(|&byte| byte == end).map(|name| if is_null { name } else { name.trim_ascii_end() });
    Ok(names.filter(|name| !name.is_empty()).map(path_of).collect())
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    PathBuf::from(OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(BufWriter::new(file))
}

/// Shows what would be done with each file.
fn show_plan(sources: &[Source], dir: &Path, reading: &ingest::Options) -> Result<Outcome, Failure> {
    let planned = plan(sources, dir, reading);
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::Done;
    for planned in &planned {
        let change = match planned.change {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Unchanged => "unchanged",
            Change::Gone => "gone",
        };
        match &planned.format {
            Some(Ok(format)) => writeln!(out, "{change:<9}  {}  ({format})", planned.id)?,
            Some(Err(error)) => {
                outcome = Outcome::Partly;
                writeln!(out, "{:<9}  {}  ({error})", "unreadable", planned.id)?;
            }
            None => writeln!(out, "{change:<9}  {}", planned.id)?,
        }
    }
    Ok(outcome)
}

/// What a path on the command line means; - is standard input.
pub(super) fn source(path: PathBuf) -> Source {
    if path.as_os_str() == "-" {
        return Source::Lines("standard input".to_owned(), Box::new(BufReader::with_capacity(1 << 20, io::stdin())));
    }
    Source::Path(path)
}

/// A flag that an interrupt, or a request to end, raises. A run that does not end by itself soon, because it waits for
/// input, is ended: that is safe at any moment, for a commit is made whole or not at all.
pub(super) fn stop_on_signal() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        raised.store(true, Ordering::Relaxed);
        std::thread::sleep(PATIENCE);
        eprintln!("oba: {}", IngestError::Stopped);
        std::process::exit(2);
    })?;
    Ok(stop)
}

/// What a run did, and how long it took until the index was closed: the last merge is a fifth of a long one.
pub(super) fn summary(report: &Report, dir: &Path, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    // Bytes and documents of a run are far below 2^52, where an f64 becomes inexact.
    #[allow(clippy::cast_precision_loss)]
    let (megabytes, documents) = (report.bytes as f64 / 1e6, report.documents as f64);
    let some = |count: u64, what: &str| if count > 0 { format!("{count} {what}") } else { String::new() };
    let parts = [
        format!("Indexed {} documents into {}", report.documents, dir.display()),
        some(report.replaced, "replaced earlier ones"),
        some(report.unchanged, "files unchanged"),
        some(report.removed, "files gone"),
        some(report.skipped, "skipped"),
        some(report.skipped_before, "skipped as before"),
        format!("{megabytes:.1} MB in {seconds:.1} s"),
        format!("{:.0} documents and {:.1} MB a second", documents / seconds, megabytes / seconds),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
