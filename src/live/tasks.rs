//! What was accepted → what has become of it.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::journal::{Entry, FOLDER, Head};

/// The name of the file in which tasks are remembered that are done, in the folder of the journal.
const FILE_NAME: &str = "tasks.jsonl";

/// How many tasks that are done are remembered, the newest ones. Of older ones it is known that they are done.
const REMEMBERED: usize = 2_000;

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TaskKind {
    /// Adds documents.
    Addition,
    /// Deletes documents.
    Deletion,
    /// Adds and deletes what a run of indexing read.
    Indexing,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TaskStatus {
    /// It is durable, and waits.
    Enqueued,
    /// It is being applied.
    Processing,
    /// All of it is found.
    Succeeded,
    /// It cannot be applied.
    Failed,
}

/// What a task did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// How many documents are new.
    pub added: u64,
    /// How many documents took the place of earlier ones.
    pub replaced: u64,
    /// How many documents were deleted.
    pub deleted: u64,
}

/// A request that was accepted, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Its number.
    pub task_id: u64,
    /// How far it is.
    pub status: TaskStatus,
    /// What it does; `None` where that is no longer remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TaskKind>,
    /// How many documents it gives, or names to be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<u64>,
    /// What it did, when it is done.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// When it was accepted, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enqueued_at: Option<String>,
    /// When it was begun, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it was done, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Why it cannot be applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Task {
    /// A task of which no more is known.
    fn unknown(task_id: u64, status: TaskStatus) -> Self {
        Self {
            task_id,
            status,
            kind: None,
            documents: None,
            counts: None,
            enqueued_at: None,
            started_at: None,
            finished_at: None,
            error: None,
        }
    }
}

/// The tasks of an index.
#[derive(Default)]
pub(super) struct Tasks {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    tasks: BTreeMap<u64, Task>,
    /// The last of those that are done.
    done: u64,
    memory: Option<Memory>,
}

/// Where tasks are written down that are done.
struct Memory {
    path: PathBuf,
    file: File,
    lines: usize,
}

impl Tasks {
    /// Takes in what is remembered of tasks that were done before, in the index in `dir`; the number of the last one.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn remember(&self, dir: &Path, done: u64) -> io::Result<u64> {
        let path = dir.join(FOLDER).join(FILE_NAME);
        fs::create_dir_all(dir.join(FOLDER))?;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        // A line that was not completed tells nothing.
        let read = text.lines().filter_map(|line| serde_json::from_str::<Task>(line).ok());
        let mut tasks: BTreeMap<u64, Task> = read.map(|task| (task.task_id, task)).collect();
        while tasks.len() > REMEMBERED {
            tasks.pop_first();
        }
        let last = tasks.last_key_value().map_or(0, |(number, _)| *number);
        // What is not in the index after all, because it went back to an earlier state, is done again.
        tasks.retain(|number, _| *number <= done);
        let mut known = self.lock();
        known.memory = Some(Memory::create(path, tasks.values())?);
        known.tasks = tasks;
        known.done = done;
        Ok(last)
    }

    /// Notes that a request waits.
    pub(super) fn enqueued(&self, number: u64, head: &Head) {
        let mut known = self.lock();
        if number > known.done {
            // It may be under way already.
            known.tasks.entry(number).or_insert_with(|| Task {
                kind: Some(head.kind),
                documents: Some(head.documents),
                enqueued_at: Some(head.accepted.clone()),
                ..Task::unknown(number, TaskStatus::Enqueued)
            });
        }
    }

    /// Notes that a task is begun.
    pub(super) fn started(&self, entry: &Entry) {
        self.enqueued(entry.task, &entry.head);
        if let Some(task) = self.lock().tasks.get_mut(&entry.task) {
            task.status = TaskStatus::Processing;
            task.started_at.get_or_insert_with(now);
        }
    }

    /// Notes that tasks that were begun wait again, because what they did could not be committed.
    pub(super) fn put_back(&self, numbers: impl Iterator<Item = u64>) {
        let mut known = self.lock();
        for number in numbers {
            if let Some(task) = known.tasks.get_mut(&number) {
                task.status = TaskStatus::Enqueued;
            }
        }
    }

    /// Notes that tasks are done, in their order, each with what it did or why it could not.
    pub(super) fn finished(&self, ended: &[(u64, Result<Counts, String>)]) {
        let mut known = self.lock();
        let Known { tasks, done, memory } = &mut *known;
        for (number, outcome) in ended {
            *done = *number;
            let Some(task) = tasks.get_mut(number) else { continue };
            task.finished_at = Some(now());
            match outcome {
                Ok(counts) => (task.status, task.counts) = (TaskStatus::Succeeded, Some(*counts)),
                Err(error) => (task.status, task.error) = (TaskStatus::Failed, Some(error.clone())),
            }
            if let Some(Err(error)) = memory.as_mut().map(|memory| memory.add(task)) {
                tracing::warn!(%error, "what a task did cannot be written down; it is known until the service ends");
            }
        }
        while tasks.range(..=*done).count() > REMEMBERED {
            tasks.pop_first();
        }
        if let Some(memory) = memory.as_mut().filter(|memory| memory.lines > 2 * REMEMBERED) {
            match Memory::create(memory.path.clone(), tasks.range(..=*done).map(|(_, task)| task)) {
                Ok(fresh) => *memory = fresh,
                Err(error) => tracing::warn!(%error, "the list of tasks that are done cannot be shortened"),
            }
        }
    }

    /// A task, if there was one of that number.
    pub(super) fn get(&self, number: u64) -> Option<Task> {
        let known = self.lock();
        let forgotten = || {
            let is_done = number > 0 && number <= known.done;
            is_done.then(|| Task::unknown(number, TaskStatus::Succeeded))
        };
        known.tasks.get(&number).cloned().or_else(forgotten)
    }

    /// The newest tasks, the newest first.
    pub(super) fn newest(&self, limit: usize) -> Vec<Task> {
        self.lock().tasks.values().rev().take(limit).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// Writes the list anew, in one step.
    fn create<'t>(path: PathBuf, tasks: impl Iterator<Item = &'t Task>) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(&path);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut lines = 0;
        for task in tasks {
            writeln!(file, "{}", serde_json::to_string(task)?)?;
            lines += 1;
        }
        file.persist(&path)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self { path, file, lines })
    }

    fn add(&mut self, task: &Task) -> io::Result<()> {
        self.lines += 1;
        // In one call, so that a process that is killed leaves a whole line or none.
        self.file.write_all(format!("{}\n", serde_json::to_string(task)?).as_bytes())
    }
}

/// The time, in RFC 3339, to the millisecond.
pub(super) fn now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_millisecond(now.millisecond()).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}
