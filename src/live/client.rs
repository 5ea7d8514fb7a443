//! A run of indexing beside a running server → a stream of operations to that server.

use std::{
    collections::HashSet,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::JoinHandle,
    time::Duration,
};

use serde::Deserialize;
use ureq::{Agent, SendBody};

use super::{Operation, Task, TaskStatus, address::Address};
use crate::{
    index::{Added, Index, IndexError, Options, Prepared, RunLock},
    ingest::{IngestError, Sink},
};

/// The routes of the server for other processes of its owner, behind its base.
pub const STATE: &str = "/internal/state";
/// See [`STATE`].
pub const OPERATIONS: &str = "/internal/operations";
/// See [`STATE`].
pub const TASKS: &str = "/internal/tasks";
/// See [`STATE`].
pub const REPLACEMENT: &str = "/internal/replacement";

/// Operations are sent in pieces of about this many bytes, so many of which may wait.
const PIECE_BYTES: usize = 64 * 1024;
const PIECES: usize = 16;

/// A stream that says nothing for so long says that it is alive: a file may take as long to be read.
const ALIVE_EVERY: Duration = Duration::from_secs(3);

/// How long it may take to reach a process of the same machine.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// An index that a server holds, as a run writes to it.
pub struct ServerSink {
    dir: PathBuf,
    server: Address,
    agent: Agent,
    /// The state before the run: which ids it replaces.
    before: Index,
    /// The ids that were added.
    added: HashSet<[u8; 16]>,
    sending: Option<Sending>,
    _lock: RunLock,
}

/// A request on its way.
struct Sending {
    buffer: String,
    pieces: SyncSender<Piece>,
    thread: JoinHandle<Result<u64, String>>,
}

enum Piece {
    Lines(String),
    End,
}

/// What the server answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    task_id: Option<u64>,
    message: Option<String>,
}

impl ServerSink {
    /// Finds the server that holds the index in `dir`; `None` where there is none that answers.
    ///
    /// # Errors
    /// Where the index was built otherwise than is asked, where another run goes through the server, and where the server cannot
    /// write now.
    pub fn connect(dir: &Path, options: &Options) -> Result<Option<Self>, IngestError> {
        let Some((server, agent)) = reach(dir)? else { return Ok(None) };
        let lock = RunLock::take(dir)?;
        let before = Index::open(dir)?;
        options.check(dir, before.manifest())?;
        Ok(Some(Self { dir: dir.to_owned(), server, agent, before, added: HashSet::new(), sending: None, _lock: lock }))
    }

    fn push(&mut self, operation: &Operation) -> Result<(), IngestError> {
        let line = serde_json::to_string(operation);
        let line = line.map_err(|source| IndexError::Io { path: self.dir.clone(), source: source.into() })?;
        let sending = match &mut self.sending {
            Some(sending) => sending,
            None => self.sending.insert(begin(&self.agent, &self.server)?),
        };
        sending.buffer.push_str(&line);
        sending.buffer.push('\n');
        if sending.buffer.len() < PIECE_BYTES {
            return Ok(());
        }
        let piece = Piece::Lines(std::mem::take(&mut sending.buffer));
        if sending.pieces.send(piece).is_ok() { Ok(()) } else { Err(self.failed()) }
    }

    /// Why the server did not take what was sent.
    fn failed(&mut self) -> IngestError {
        let ended = self.sending.take().map(|sending| sending.thread.join());
        // Where it hung up before it could say why, it says why it takes nothing now.
        let now = match get(&self.agent, &self.server, STATE) {
            Ok((status, body)) if status != 200 => Some(refused(&self.server, &body)),
            _ => None,
        };
        let told = match ended {
            Some(Ok(Err(message))) => message,
            _ => "the connection broke off".to_owned(),
        };
        now.unwrap_or_else(|| not_taken(&self.server, &told))
    }
}

impl Sink for ServerSink {
    fn add(&mut self, prepared: &Prepared) -> Result<Added, IngestError> {
        let id = &prepared.document().id;
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
        let is_new = self.added.insert(fingerprint) && !self.before.document_exists(id)?;
        let document = Box::new(prepared.document().clone());
        self.push(&Operation::Add { document, file: prepared.file().map(str::to_owned) })?;
        Ok(if is_new { Added::New } else { Added::Replaced })
    }

    fn replace_file(&mut self, file: &str) -> Result<(), IngestError> {
        self.push(&Operation::ReplaceFile { file: file.to_owned() })
    }

    fn delete_file(&mut self, file: &str) -> Result<(), IngestError> {
        self.push(&Operation::DeleteFile { file: file.to_owned() })
    }

    fn delete(&mut self, id: &str) -> Result<bool, IngestError> {
        let was_there = self.before.document_exists(id)? || self.before.file_exists(id);
        self.push(&Operation::Delete { id: id.to_owned() })?;
        self.delete_file(id)?;
        Ok(was_there)
    }

    fn commit(&mut self) -> Result<(), IngestError> {
        let Some(Sending { buffer, pieces, thread }) = self.sending.take() else { return Ok(()) };
        let is_sent = pieces.send(Piece::Lines(buffer)).and_then(|()| pieces.send(Piece::End)).is_ok();
        let told = thread.join().unwrap_or_else(|_| Err("the thread that sends has panicked".to_owned()));
        let task = match told {
            Ok(task) if is_sent => task,
            Ok(_) => return Err(self.failed()),
            Err(message) => return Err(not_taken(&self.server, &message)),
        };
        loop {
            let (status, body) = get(&self.agent, &self.server, &format!("{TASKS}/{task}")).map_err(|error| {
                let message = format!(
                    "the server at {} has ended ({error}); what it accepted will be found when it is back",
                    self.server.base
                );
                IngestError::Server(message)
            })?;
            let task: Task = match serde_json::from_str(&body) {
                Ok(task) if status == 200 => task,
                _ => return Err(refused(&self.server, &body)),
            };
            match task.status {
                TaskStatus::Succeeded => return Ok(()),
                TaskStatus::Failed => return Err(not_taken(&self.server, &task.error.unwrap_or_default())),
                // The server waits for a while before it answers so.
                TaskStatus::Enqueued | TaskStatus::Processing => {}
            }
        }
    }

    fn dir(&self) -> &Path {
        &self.dir
    }

    fn data(&self) -> &str {
        &self.before.manifest().data
    }

    fn is_unpublished(&self) -> bool {
        false
    }
}

/// The server that holds the index in `dir`, and what it is asked with; `None` where there is none that answers.
///
/// # Errors
/// Where the server cannot write now.
pub(super) fn reach(dir: &Path) -> Result<Option<(Address, Agent)>, IngestError> {
    let Some(server) = Address::read(dir) else { return Ok(None) };
    // What is asked of this machine goes through no proxy.
    let agent = Agent::config_builder().http_status_as_error(false).proxy(None);
    let agent: Agent = agent.timeout_connect(Some(CONNECT_PATIENCE)).build().into();
    match get(&agent, &server, STATE) {
        Ok((200, _)) => Ok(Some((server, agent))),
        // Somebody else listens there by now, or nobody.
        Ok((404, _)) | Err(_) => Ok(None),
        Ok((_, body)) => Err(refused(&server, &body)),
    }
}

/// Begins a request; a thread sends what comes.
fn begin(agent: &Agent, server: &Address) -> Result<Sending, IngestError> {
    let (pieces, received) = sync_channel(PIECES);
    let (agent, server) = (agent.clone(), server.clone());
    let send = move || {
        let body = SendBody::from_owned_reader(Body { pieces: received, piece: Vec::new(), at: 0, is_ended: false });
        let request = agent.post(format!("{}{OPERATIONS}", server.base)).header("authorization", bearer(&server));
        let mut response =
            request.content_type("application/x-ndjson").send(body).map_err(|error| error.to_string())?;
        let body = response.body_mut().read_to_string().map_err(|error| error.to_string())?;
        match serde_json::from_str::<Told>(&body) {
            Ok(Told { task_id: Some(task), .. }) => Ok(task),
            Ok(Told { message: Some(message), .. }) => Err(message),
            _ => Err(format!("it answered {}", response.status())),
        }
    };
    let thread = std::thread::Builder::new().name("sending".into()).spawn(send);
    let thread = thread.map_err(|error| IngestError::Server(format!("there is no thread to send with: {error}")))?;
    Ok(Sending { buffer: String::new(), pieces, thread })
}

/// Status and body of a GET request.
fn get(agent: &Agent, server: &Address, path: &str) -> Result<(u16, String), ureq::Error> {
    let mut response = agent.get(format!("{}{path}", server.base)).header("authorization", bearer(server)).call()?;
    Ok((response.status().as_u16(), response.body_mut().read_to_string()?))
}

pub(super) fn bearer(server: &Address) -> String {
    format!("Bearer {}", server.token)
}

pub(super) fn refused(server: &Address, body: &str) -> IngestError {
    let told = serde_json::from_str::<Told>(body).ok().and_then(|told| told.message);
    not_taken(server, &told.unwrap_or_else(|| "it does not say why".to_owned()))
}

pub(super) fn not_taken(server: &Address, message: &str) -> IngestError {
    let message = message.trim_end_matches('.');
    IngestError::Server(format!("the server at {}, which holds the index, did not take it: {message}", server.base))
}

/// What is sent, as it comes. One that is given up breaks off, so that the server does nothing of it.
struct Body {
    pieces: Receiver<Piece>,
    piece: Vec<u8>,
    at: usize,
    is_ended: bool,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.is_ended {
            self.at = 0;
            self.piece = match self.pieces.recv_timeout(ALIVE_EVERY) {
                Ok(Piece::Lines(lines)) => lines.into_bytes(),
                Ok(Piece::End) => {
                    self.is_ended = true;
                    Vec::new()
                }
                // A blank line says nothing.
                Err(RecvTimeoutError::Timeout) => vec![b'\n'],
                Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("the run was given up")),
            };
        }
        let length = (self.piece.len() - self.at).min(buffer.len());
        buffer[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
