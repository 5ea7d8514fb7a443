//! A third engine, in a process of its own: `SeekStorm`, where it was built (`make bench SEEKSTORM=1`).

use std::{
    cell::RefCell,
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::{
    asked::Asked,
    engines::{Engine, Task},
    latency::Took,
};

/// The program, where there is one.
pub fn program() -> Option<PathBuf> {
    env::var_os("OBA_BENCH_SEEKSTORM").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The engine, with its index open.
pub struct Peer(RefCell<Running>);

struct Running {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Opens an index in a process of its own.
    pub fn open(program: &Path, dir: &Path) -> Self {
        let mut command = Command::new(program);
        let mut child =
            command.arg("ask").arg(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let (questions, answers) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Self(RefCell::new(Running { child, questions, answers: BufReader::new(answers) }))
    }
}

impl Engine for Peer {
    /// What it took, as it says itself: the way there and back does not count. It finds no prefixes and repairs nothing.
    fn took(&self, task: Task, asked: &Asked) -> Option<Took> {
        if matches!(asked.kind, "prefix" | "repaired") {
            return None;
        }
        let task = match task {
            Task::Ids => "ids",
            Task::Page => "page",
            Task::Count => "count",
        };
        let mut running = self.0.borrow_mut();
        writeln!(running.questions, "{task}\t{}\t{}", asked.kind, asked.plain).expect("it listens");
        let mut answer = String::new();
        running.answers.read_line(&mut answer).expect("it answers");
        let mut numbers =
            answer.trim().split('\t').map(|number| Duration::from_nanos(number.parse().expect("a number")));
        Some(Took { cpu: numbers.next()?, wall: numbers.next()? })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let running = self.0.get_mut();
        let _ = running.child.kill();
        let _ = running.child.wait();
    }
}
