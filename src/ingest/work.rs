//! The two kinds of work beside adding: listing what there is to read, and reading it.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::PathBuf,
    sync::mpsc::SyncSender,
};

use encoding_rs::Encoding;

use super::{Identity, Observer, Skip, Source, identity::printable};
use crate::{
    corpus::{
        self, Document, Format, FoundFile, Line, LineReader, Part, ReadError, ReadOptions, sandbox::ReaderProcess,
    },
    index::{IndexError, Prepared},
    language::detect,
};

/// Lines are handed to workers in batches of about this many bytes: few enough to spread, enough to be worth a hand-over.
const BATCH_BYTES: usize = 256 * 1024;

/// So many documents of one file, or so many bytes of their texts, are handed on at once.
const BATCH_DOCUMENTS: usize = 64;

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
        let name = file.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        // The lines of a stream are spread over all workers; any other file is for one.
        let is_lines = Format::of(b"", &name) == Format::JsonLines
            && corpus::format_of_file(&file.path).is_ok_and(|format| format == Format::JsonLines);
        if !is_lines {
            return self.send(Task::File(file));
        }
        match File::open(&file.path) {
            Ok(input) => self.lines(&printable(&file.path), LineReader::new(BufReader::with_capacity(1 << 20, input))),
            Err(error) => self.skip(printable(&file.path), None, error.into()),
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

/// What a worker reads files with.
pub(super) struct Readers<'r> {
    pub options: &'r ReadOptions,
    /// Where formats that are no text are parsed apart.
    pub process: Option<ReaderProcess>,
}

/// Does one task; what comes of it is given on in batches.
pub(super) fn perform(task: Task, identity: &Identity, readers: &mut Readers<'_>, give: &mut dyn FnMut(Vec<Outcome>)) {
    match task {
        Task::File(file) => read(&file, identity, readers, give),
        Task::Lines { name, lines } => {
            let encoding = readers.options.encoding;
            give(lines.into_iter().map(|line| parse(&name, line, encoding)).collect());
        }
        Task::Skipped(skip) => give(vec![Outcome::Skipped { skip, bytes: 0 }]),
    }
}

fn read(file: &FoundFile, identity: &Identity, readers: &mut Readers<'_>, give: &mut dyn FnMut(Vec<Outcome>)) {
    let (mut waiting, mut waiting_bytes) = (Vec::new(), 0);
    // The bytes of the file are counted once, with its first part.
    let mut bytes = file.bytes;
    let mut take = |part: Part| {
        waiting_bytes += part.result.as_ref().map_or(0, |document| document.text.len());
        waiting.push(outcome(part, file, identity, std::mem::take(&mut bytes)));
        if waiting.len() >= BATCH_DOCUMENTS || waiting_bytes >= BATCH_BYTES {
            give(std::mem::take(&mut waiting));
            waiting_bytes = 0;
        }
    };
    let format = corpus::format_of_file(&file.path);
    match &mut readers.process {
        Some(process) if format.is_ok_and(Format::is_binary) => process.read(&file.path, readers.options, &mut take),
        _ => corpus::read_file(&file.path, readers.options, &mut take),
    }
    give(waiting);
}

fn outcome(part: Part, file: &FoundFile, identity: &Identity, bytes: u64) -> Outcome {
    match part.result {
        Ok(mut document) => {
            let of_file = identity.of(&file.path);
            let path = if part.name.is_empty() { of_file } else { format!("{of_file}/{}", part.name) };
            if document.id.is_empty() {
                document.id.clone_from(&path);
            }
            document.path = Some(path);
            ready(document, bytes)
        }
        Err(reason) => {
            let path = printable(&file.path);
            let name = if part.name.is_empty() { path } else { format!("{path}/{}", part.name) };
            Outcome::Skipped { skip: Box::new(Skip { name, line: None, reason }), bytes }
        }
    }
}

fn parse(name: &str, line: Line, encoding: Option<&'static Encoding>) -> Outcome {
    let bytes = line.content.as_ref().map_or(0, |content| content.len() as u64 + 1);
    match line.content.and_then(|content| corpus::parse_line(&content, encoding)) {
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
