//! The two kinds of work beside adding: listing what there is to read, and reading it.

use std::{
    io::BufRead,
    path::{Path, PathBuf},
    sync::mpsc::SyncSender,
};

use super::{Identity, Observer, Skip, Source, identity::printable};
use crate::{
    corpus::{self, Document, FileReader, FoundFile, Line, LineReader, ReadError},
    index::{IndexError, Prepared},
    language::detect,
};

/// Lines are handed to workers in batches of about this many bytes: few enough to spread, enough to be worth a hand-over.
const BATCH_BYTES: usize = 256 * 1024;

/// Something for a worker to do.
pub(super) enum Task {
    /// Read a file that is one document.
    File(FoundFile),
    /// Parse lines of a stream.
    Lines { name: String, lines: Vec<Line> },
    /// Pass on what could not be read.
    Skipped(Box<Skip>),
}

/// What came of one document.
pub(super) enum Outcome {
    Document {
        prepared: Prepared,
        bytes: u64,
    },
    /// The document could be read, but not made ready.
    Failed(IndexError),
    Skipped {
        skip: Box<Skip>,
        bytes: u64,
    },
}

/// Lists all that there is to read and hands it out, numbered, until it ends or nobody takes it any more.
pub(super) fn list(
    sources: Vec<Source>,
    observer: &dyn Observer,
    tasks: &SyncSender<(u64, Task)>,
    goes_on: &dyn Fn() -> bool,
) {
    let mut lister = Lister { tasks, number: 0, goes_on };
    // Files are counted first, so that whoever waits sees how much is to come; their names take little room.
    let mut found = Vec::new();
    for source in sources {
        match source {
            Source::Path(path) => {
                for file in corpus::walk(&path) {
                    if !goes_on() {
                        return;
                    }
                    observer.found(file.as_ref().map_or(Some(0), |file| Some(file.bytes)));
                    found.push(Listed::File(file));
                }
            }
            Source::Lines(name, input) => {
                observer.found(None);
                found.push(Listed::Stream(name, input));
            }
        }
    }
    for listed in found {
        let sent = match listed {
            Listed::File(Ok(file)) => lister.file(file),
            Listed::File(Err((path, reason))) => lister.skip(printable(&path), None, reason),
            Listed::Stream(name, input) => lister.lines(&name, LineReader::new(input)),
        };
        if sent.is_none() {
            return;
        }
    }
}

enum Listed {
    File(Result<FoundFile, (PathBuf, ReadError)>),
    Stream(String, Box<dyn BufRead + Send>),
}

struct Lister<'l> {
    tasks: &'l SyncSender<(u64, Task)>,
    number: u64,
    goes_on: &'l dyn Fn() -> bool,
}

/// `None` where nobody takes tasks any more.
type Sent = Option<()>;

impl Lister<'_> {
    fn send(&mut self, task: Task) -> Sent {
        if !(self.goes_on)() {
            return None;
        }
        self.tasks.send((self.number, task)).ok()?;
        self.number += 1;
        Some(())
    }

    fn skip(&mut self, name: String, line: Option<u64>, reason: ReadError) -> Sent {
        self.send(Task::Skipped(Box::new(Skip { name, line, reason })))
    }

    fn file(&mut self, file: FoundFile) -> Sent {
        if corpus::Format::of(&file.path) != corpus::Format::JsonLines {
            return self.send(Task::File(file));
        }
        match corpus::read_file(&file.path) {
            Ok(FileReader::Lines(lines)) => self.lines(&printable(&file.path), lines),
            Ok(FileReader::Document(_)) => self.send(Task::File(file)),
            Err(reason) => self.skip(printable(&file.path), None, reason),
        }
    }

    fn lines<R: BufRead>(&mut self, name: &str, mut reader: LineReader<R>) -> Sent {
        let mut lines = Vec::new();
        let mut bytes = 0;
        loop {
            match reader.next_line() {
                Ok(Some(line)) => {
                    bytes += line.content.as_ref().map_or(0, Vec::len);
                    lines.push(line);
                    if bytes >= BATCH_BYTES {
                        self.send(Task::Lines { name: name.to_owned(), lines: std::mem::take(&mut lines) })?;
                        bytes = 0;
                    }
                }
                Ok(None) => return self.send(Task::Lines { name: name.to_owned(), lines }),
                Err(error) => {
                    self.send(Task::Lines { name: name.to_owned(), lines })?;
                    return self.skip(name.to_owned(), None, error.into());
                }
            }
        }
    }
}

/// Does one task.
pub(super) fn perform(task: Task, identity: &Identity) -> Vec<Outcome> {
    match task {
        Task::File(file) => vec![read(&file, identity)],
        Task::Lines { name, lines } => lines.into_iter().map(|line| parse(&name, line)).collect(),
        Task::Skipped(skip) => vec![Outcome::Skipped { skip, bytes: 0 }],
    }
}

fn read(file: &FoundFile, identity: &Identity) -> Outcome {
    match corpus::read_file(&file.path) {
        Ok(FileReader::Document(mut document)) => {
            document.id = identity.of(&file.path);
            document.path = Some(document.id.clone());
            ready(document, file.bytes)
        }
        Ok(FileReader::Lines(_)) => {
            skipped(&file.path, ReadError::Walk("changed while it was read".into()), file.bytes)
        }
        Err(reason) => skipped(&file.path, reason, file.bytes),
    }
}

fn skipped(path: &Path, reason: ReadError, bytes: u64) -> Outcome {
    Outcome::Skipped { skip: Box::new(Skip { name: printable(path), line: None, reason }), bytes }
}

fn parse(name: &str, line: Line) -> Outcome {
    let bytes = line.content.as_ref().map_or(0, |content| content.len() as u64 + 1);
    match line.content.and_then(|content| corpus::parse_line(&content)) {
        Ok(document) => ready(Box::new(document), bytes),
        Err(reason) => {
            let skip = Skip { name: name.to_owned(), line: Some(line.number), reason };
            Outcome::Skipped { skip: Box::new(skip), bytes }
        }
    }
}

fn ready(document: Box<Document>, bytes: u64) -> Outcome {
    let detection = detect(&document.text);
    match Prepared::new(document, &detection) {
        Ok(prepared) => Outcome::Document { prepared, bytes },
        Err(error) => Outcome::Failed(error),
    }
}
