//! The two kinds of work beside adding: listing what there is to read, and reading it.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::PathBuf,
    sync::mpsc::SyncSender,
};

use encoding_rs::Encoding;

use super::{
    FileState, Identity, Observer, PartState, Skip, Source,
    identity::{Root, printable},
    known::{self, Known},
};
use crate::{
    corpus::{
        self, Document, Format, FoundFile, Line, LineReader, Part, ReadError, ReadLine, ReadOptions, WalkOptions,
        sandbox::ReaderProcess,
    },
    index::Prepared,
    language::detect,
    text::words,
};

/// Lines are handed to workers in batches of about this many bytes: few enough to spread, enough to be worth a hand-over.
const BATCH_BYTES: usize = 256 * 1024;

/// So many documents of one file, or so many bytes of their texts, are handed on at once.
const BATCH_DOCUMENTS: usize = 64;

/// Something for a worker to do.
pub(super) enum Task {
    /// Read a file; `before` is what is known of it, if its size is as it was and only its time is another.
    File { id: String, file: FoundFile, before: Option<FileState> },
    /// Pass on that a file is as it was.
    Unchanged { id: String },
    /// Parse lines of a stream.
    Lines { name: String, file: Option<String>, lines: Vec<Line> },
    /// Pass on that a file of lines begins, and what is known of it.
    Begin { id: String },
    /// Pass on that a file of lines is read.
    End { id: String, state: FileState },
    /// Pass on what could not be read.
    Skipped(Box<Skip>),
}

/// What came of a task, in the order in which it has to be done.
pub(super) enum Outcome {
    /// A file is read: what it gave before gives way.
    Begin {
        id: String,
    },
    Document {
        prepared: Prepared,
        bytes: u64,
    },
    Skipped {
        skip: Box<Skip>,
        bytes: u64,
    },
    /// Something of a line was mended.
    Noted {
        name: String,
        line: u64,
        note: &'static str,
    },
    /// The file was read whole.
    End {
        id: String,
        state: FileState,
    },
    /// The file is as it was; `state` where more is known of it now.
    Unchanged {
        id: String,
        state: Option<FileState>,
    },
}

impl Outcome {
    /// About how much memory it takes, in bytes.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Document { prepared, .. } => prepared.size(),
            Self::End { state, .. } => state.parts.len() as u64 * size_of::<PartState>() as u64,
            _ => 0,
        }
    }
}

/// What is listed, and what is known of it.
pub(super) struct Listing<'l> {
    pub walk: &'l WalkOptions,
    pub identity: &'l Identity,
    pub known: &'l Known,
}

/// Lists all that there is to read and hands it out, numbered, until it ends or nobody takes it any more.
pub(super) fn list(
    sources: Vec<Source>,
    what: &Listing<'_>,
    observer: &dyn Observer,
    tasks: &SyncSender<(u64, Task)>,
    goes_on: &dyn Fn() -> bool,
) {
    let mut lister = Lister { what, tasks, number: 0, goes_on };
    // Files are counted first, so that whoever waits sees how much is to come; their names take little room.
    let mut found = Vec::new();
    for source in sources {
        match source {
            Source::Path(path) => {
                let root = Root::new(&path);
                for file in corpus::walk(&path, what.walk) {
                    if !goes_on() {
                        return;
                    }
                    let file = file.map(|file| (what.identity.of_found(&root, &file.path), file));
                    if file.as_ref().is_ok_and(|(id, _)| what.identity.is_of_index(id)) {
                        continue;
                    }
                    observer.found(file.as_ref().map_or(Some(0), |(_, file)| Some(file.bytes)));
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
            Listed::File(Ok((id, file))) => lister.file(id, file),
            Listed::File(Err((path, reason))) => lister.skip(printable(&path), None, reason),
            Listed::Stream(name, input) => lister.lines(&name, None, LineReader::new(input)),
        };
        if sent.is_none() {
            return;
        }
    }
}

enum Listed {
    File(Result<(String, FoundFile), (PathBuf, ReadError)>),
    Stream(String, Box<dyn BufRead + Send>),
}

struct Lister<'l> {
    what: &'l Listing<'l>,
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
        self.send(Task::Skipped(Box::new(Skip { name, line, is_part: false, reason })))
    }

    fn file(&mut self, id: String, file: FoundFile) -> Sent {
        let Listing { known, .. } = self.what;
        if known.unchanged(&id, &file).is_some() {
            return self.send(Task::Unchanged { id });
        }
        let name = file.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        // The lines of a stream are spread over all workers; any other file is for one.
        let is_lines = Format::of(b"", &name) == Format::JsonLines
            && corpus::format_of_file(&file.path).is_ok_and(|format| format == Format::JsonLines);
        if !is_lines {
            let before = known.files.get(&id).filter(|state| state.bytes == file.bytes).cloned();
            return self.send(Task::File { id, file, before });
        }
        match File::open(&file.path) {
            Ok(input) => {
                self.send(Task::Begin { id: id.clone() })?;
                let name = printable(&file.path);
                self.lines(&name, Some(&id), LineReader::new(BufReader::with_capacity(1 << 20, input)))?;
                let state = FileState { parts: vec![PartState::of_lines()], ..FileState::of(&file) };
                self.send(Task::End { id, state })
            }
            Err(error) => self.skip(printable(&file.path), None, error.into()),
        }
    }

    fn lines<R: BufRead>(&mut self, name: &str, file: Option<&str>, mut reader: LineReader<R>) -> Sent {
        let task = |lines| Task::Lines { name: name.to_owned(), file: file.map(str::to_owned), lines };
        let mut lines = Vec::new();
        let mut bytes = 0;
        loop {
            match reader.next_line() {
                Ok(Some(line)) => {
                    bytes += line.content.as_ref().map_or(0, Vec::len);
                    lines.push(line);
                    if bytes >= BATCH_BYTES {
                        self.send(task(std::mem::take(&mut lines)))?;
                        bytes = 0;
                    }
                }
                Ok(None) => return self.send(task(lines)),
                Err(error) => {
                    self.send(task(lines))?;
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
pub(super) fn perform(task: Task, readers: &mut Readers<'_>, give: &mut dyn FnMut(Vec<Outcome>)) {
    match task {
        Task::File { id, file, before } => read(id, &file, before, readers, give),
        Task::Unchanged { id } => give(vec![Outcome::Unchanged { id, state: None }]),
        Task::Lines { name, file, lines } => {
            let encoding = readers.options.encoding;
            let mut outcomes = Vec::with_capacity(lines.len());
            for line in lines {
                parse(&name, file.as_deref(), line, encoding, &mut outcomes);
            }
            give(outcomes);
        }
        Task::Begin { id } => give(vec![Outcome::Begin { id }]),
        Task::End { id, state } => give(vec![Outcome::End { id, state }]),
        Task::Skipped(skip) => give(vec![Outcome::Skipped { skip, bytes: 0 }]),
    }
}

fn read(
    id: String,
    file: &FoundFile,
    before: Option<FileState>,
    readers: &mut Readers<'_>,
    give: &mut dyn FnMut(Vec<Outcome>),
) {
    // What cannot be read now fails below, with its reason.
    let hash = known::hash_of(&file.path).ok();
    let now = FileState { hash, ..FileState::of(file) };
    if let Some(before) = before.filter(|before| before.hash.is_some() && before.hash == hash) {
        let state = Some(FileState { parts: before.parts, ..now });
        return give(vec![Outcome::Unchanged { id, state }]);
    }
    let mut reading = Reading { id, file, bytes: file.bytes, state: now, waiting: Vec::new(), waiting_bytes: 0 };
    reading.waiting.push(Outcome::Begin { id: reading.id.clone() });
    let mut take = |part: Part| {
        reading.take(part);
        if reading.waiting.len() >= BATCH_DOCUMENTS || reading.waiting_bytes >= BATCH_BYTES {
            give(std::mem::take(&mut reading.waiting));
            reading.waiting_bytes = 0;
        }
    };
    let format = corpus::format_of_file(&file.path);
    match &mut readers.process {
        Some(process) if format.is_ok_and(Format::is_binary) => process.read(&file.path, readers.options, &mut take),
        _ => corpus::read_file(&file.path, readers.options, &mut take),
    }
    let Reading { id, state, mut waiting, .. } = reading;
    waiting.push(Outcome::End { id, state });
    give(waiting);
}

/// A file that is read, and what came of it so far.
struct Reading<'f> {
    id: String,
    file: &'f FoundFile,
    /// Its bytes, which are counted once, with its first part.
    bytes: u64,
    state: FileState,
    waiting: Vec<Outcome>,
    waiting_bytes: usize,
}

impl Reading<'_> {
    fn take(&mut self, part: Part) {
        let bytes = std::mem::take(&mut self.bytes);
        let within =
            |whole: &str| if part.name.is_empty() { whole.to_owned() } else { format!("{whole}/{}", part.name) };
        let mut state = PartState {
            name: part.name.clone(),
            format: part.format,
            encoding: part.encoding,
            language: None,
            words: 0,
            notes: part.notes,
            reason: None,
        };
        let outcome = match part.result {
            Ok(mut document) => {
                let path = within(&self.id);
                if document.id.is_empty() {
                    document.id.clone_from(&path);
                }
                document.path = Some(path);
                self.waiting_bytes += document.text.len();
                state.words = words(&document.text).count() as u64;
                let outcome = ready(document, Some(&self.id), bytes);
                if let Outcome::Document { prepared, .. } = &outcome {
                    state.language = Some(prepared.language().to_owned());
                }
                outcome
            }
            Err(reason) => {
                state.reason = Some(reason.to_string());
                let name = within(&printable(&self.file.path));
                let skip = Skip { name, line: None, is_part: !part.name.is_empty(), reason };
                Outcome::Skipped { skip: Box::new(skip), bytes }
            }
        };
        self.state.parts.push(state);
        self.waiting.push(outcome);
    }
}

/// Parses a line; what comes of it is added to the outcomes.
fn parse(name: &str, file: Option<&str>, line: Line, encoding: Option<&'static Encoding>, outcomes: &mut Vec<Outcome>) {
    let bytes = line.content.as_ref().map_or(0, |content| content.len() as u64 + 1);
    let outcome = match line.content.and_then(|content| corpus::parse_line(&content, encoding)) {
        Ok(ReadLine { document, note, .. }) => {
            if let Some(note) = note {
                outcomes.push(Outcome::Noted { name: name.to_owned(), line: line.number, note });
            }
            ready(Box::new(document), file, bytes)
        }
        Err(reason) => {
            let skip = Skip { name: name.to_owned(), line: Some(line.number), is_part: true, reason };
            Outcome::Skipped { skip: Box::new(skip), bytes }
        }
    };
    outcomes.push(outcome);
}

fn ready(document: Box<Document>, file: Option<&str>, bytes: u64) -> Outcome {
    let detection = detect(&document.text);
    Outcome::Document { prepared: Prepared::new(document, file.map(str::to_owned), &detection), bytes }
}
