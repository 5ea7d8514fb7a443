//! Files of each format → megabytes a second, read as `oba index` reads them, without the index: told by their content,
//! parsed apart where they are no text, labelled, packed.
//!
//! The files are made by this program, the same each time; or they are those of the folder that `OBA_BENCH_FILES` names. One
//! thread reads, so that the figures are those of one core, and of the process beside it.

// Bytes and files are counted far below the 2^53 that an f64 holds exactly.
#![allow(clippy::cast_precision_loss)]
// A benchmark is a program: what its files show one another, nobody else sees.
#![allow(unreachable_pub)]

mod made;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use oba::{
    corpus::{
        Part, ReadOptions, WalkOptions, format_of_file, read_file,
        sandbox::{ProcessLimits, ReaderProcess},
        walk,
    },
    index::Prepared,
    language::detect,
};

/// How many small files are read, in folders of so many.
const SMALL_FILES: usize = 100_000;
const FILES_OF_FOLDER: usize = 500;

/// What was read of one kind of files.
#[derive(Default)]
struct Figures {
    files: u64,
    bytes: u64,
    text: u64,
    skipped: u64,
    took: Duration,
}

/// Reads files as a worker of a run does.
struct Worker {
    process: ReaderProcess,
    options: ReadOptions,
}

impl Worker {
    fn new() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_oba"));
        Self { process: ReaderProcess::new(program, ProcessLimits::default()), options: ReadOptions::default() }
    }

    fn read(&mut self, path: &Path, figures: &mut Figures) {
        let started = Instant::now();
        let mut take = |part: Part| match part.result {
            Ok(mut document) => {
                figures.text += document.text.len() as u64;
                document.id.clone_from(&part.name);
                let detection = detect(&document.text);
                std::hint::black_box(Prepared::new(document, None, &detection));
            }
            Err(_) => figures.skipped += 1,
        };
        if format_of_file(path).is_ok_and(oba::corpus::Format::is_binary) {
            self.process.read(path, &self.options, &mut take);
        } else {
            read_file(path, &self.options, &mut take);
        }
        figures.took += started.elapsed();
        figures.files += 1;
        figures.bytes += fs::metadata(path).map_or(0, |file| file.len());
    }
}

fn main() {
    let made = tempfile::tempdir().expect("a temporary folder");
    let given = env::var_os("OBA_BENCH_FILES").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = given.clone().unwrap_or_else(|| {
        made::files(made.path());
        made.path().to_owned()
    });
    let mut worker = Worker::new();
    // The process beside is started before anything is measured.
    let first = made.path().join("first.html");
    fs::write(&first, "<!DOCTYPE html><p>Визит visit").expect("writable");
    worker.read(&first, &mut Figures::default());
    fs::remove_file(&first).expect("it is there");
    let mut kinds: BTreeMap<String, Figures> = BTreeMap::new();
    for file in walk(&folder, &WalkOptions::default()).flatten() {
        worker.read(&file.path, kinds.entry(kind(&file.path, given.is_some())).or_default());
    }
    println!(
        "{:<14} {:>7} {:>9} {:>9} {:>10} {:>10} {:>8}",
        "", "files", "MB", "MB text", "MB/s", "MB/s text", "skipped"
    );
    for (kind, figures) in &kinds {
        show(kind, figures);
    }
    if given.is_none() {
        small_files(&mut worker);
    }
}

/// What a file is counted with: its format, of files that were made its ending.
fn kind(path: &Path, is_given: bool) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.split_once('.') {
        Some((_, ending)) if !is_given => ending.to_owned(),
        _ => format_of_file(path).map_or_else(|_| "unreadable".to_owned(), |format| format.to_string()),
    }
}

fn show(kind: &str, figures: &Figures) {
    let Figures { files, bytes, text, skipped, took } = figures;
    let (bytes, text, seconds) = (*bytes as f64 / 1e6, *text as f64 / 1e6, took.as_secs_f64().max(1e-9));
    println!(
        "{kind:<14} {files:>7} {bytes:>9.1} {text:>9.1} {:>10.1} {:>10.1} {skipped:>8}",
        bytes / seconds,
        text / seconds
    );
}

/// Many files of two sentences each, found by a walk and read.
fn small_files(worker: &mut Worker) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for n in 0..SMALL_FILES {
        let below = folder.path().join((n / FILES_OF_FOLDER).to_string());
        if n % FILES_OF_FOLDER == 0 {
            fs::create_dir(&below).expect("writable");
        }
        let text = format!("Письмо {n}: визит начался в пятницу. The letter of the visit, number {n}, came on Friday.");
        fs::write(below.join(format!("{n}.txt")), text).expect("writable");
    }
    let started = Instant::now();
    let mut figures = Figures::default();
    for file in walk(folder.path(), &WalkOptions::default()).flatten() {
        worker.read(&file.path, &mut figures);
    }
    let took = started.elapsed().as_secs_f64();
    println!("{} small files in {took:.1} s, {:.0} a second", figures.files, figures.files as f64 / took);
}
