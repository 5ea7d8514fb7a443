//! The process that asks: it starts another one that parses, hands it files, and ends it when it takes too long.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use super::wire::{self, Answer, Request};
use crate::corpus::{Format, Part, ReadError, ReadOptions};

/// What a process that parses may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessLimits {
    /// The most memory, in bytes.
    pub memory_bytes: u64,
    /// The longest time for one document.
    pub time: Duration,
}

impl Default for ProcessLimits {
    fn default() -> Self {
        Self { memory_bytes: 2 * 1024 * 1024 * 1024, time: Duration::from_mins(1) }
    }
}

/// A process that parses files, started when there is one to parse.
#[derive(Debug)]
pub struct ReaderProcess {
    program: PathBuf,
    limits: ProcessLimits,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<io::Result<Answer>>,
}

/// The command of the program that [serves](super::serve), with the memory that it may take.
const COMMAND: &str = "read-files";

impl ReaderProcess {
    /// A process that is started by `program read-files --memory BYTES`.
    #[must_use]
    pub fn new(program: PathBuf, limits: ProcessLimits) -> Self {
        Self { program, limits, running: None }
    }

    /// Reads a file as [`read_file`](crate::corpus::read_file) does.
    pub fn read(&mut self, path: &Path, options: &ReadOptions, sink: &mut dyn FnMut(Part)) {
        if let Err(error) = self.try_read(path, options, sink) {
            self.end();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let format = Format::of(b"", &name).to_string();
            sink(Part { name: String::new(), format, encoding: None, notes: Vec::new(), result: Err(error) });
        }
    }

    fn try_read(&mut self, path: &Path, options: &ReadOptions, sink: &mut dyn FnMut(Part)) -> Result<(), ReadError> {
        let time = self.limits.time;
        let path = path.as_os_str().as_encoded_bytes().to_vec();
        let request = Request::new(path, options);
        if wire::write(&mut self.running()?.input, &request).is_err() {
            // It ended after the file before; this one is not to blame.
            self.end();
            wire::write(&mut self.running()?.input, &request)?;
        }
        let running = self.running()?;
        loop {
            match running.answers.recv_timeout(time) {
                Ok(Ok(Answer::Part(part))) => sink(part.into_part()),
                Ok(Ok(Answer::End)) => return Ok(()),
                Ok(Err(error)) => return Err(error.into()),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(ReadError::Told(format!(
                        "reading it took longer than {} s and was given up",
                        time.as_secs()
                    )));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let memory = self.limits.memory_bytes / 1024 / 1024;
                    let reason = format!("its reader crashed on it, or needed more than {memory} MB of memory");
                    return Err(ReadError::Told(reason));
                }
            }
        }
    }

    fn running(&mut self) -> io::Result<&mut Running> {
        let running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&self.program, self.limits)?,
        };
        Ok(self.running.insert(running))
    }

    fn end(&mut self) {
        if let Some(running) = self.running.take() {
            running.end();
        }
    }
}

impl Running {
    fn start(program: &Path, limits: ProcessLimits) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args([COMMAND, "--memory", &limits.memory_bytes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let gone = || io::Error::other("a pipe is missing");
        let input = child.stdin.take().ok_or_else(gone)?;
        let mut output = child.stdout.take().ok_or_else(gone)?;
        // One answer waits at most: a document is large, and whoever asked may be slower than the parser.
        let (send, answers) = sync_channel(1);
        thread::spawn(move || {
            loop {
                let answer = match wire::read::<Answer>(&mut output) {
                    Ok(Some(answer)) => Ok(answer),
                    Ok(None) => return,
                    Err(error) => Err(error),
                };
                let is_last = answer.is_err();
                if send.send(answer).is_err() || is_last {
                    return;
                }
            }
        });
        Ok(Self { child, input, answers })
    }

    fn end(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for ReaderProcess {
    fn drop(&mut self) {
        self.end();
    }
}
