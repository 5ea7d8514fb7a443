//! The journal → the index: the one thread that writes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc::Sender},
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{
    Operation, WriterState,
    address::Address,
    apply::{Step, apply, ready},
    faults::Fault,
    journal::{Body, Entry, Journal, LongReader, Part},
    position::Position,
    replacement::remove_abandoned,
    served::Shared,
    switch::Building,
    tasks::Counts,
};
use crate::index::{IndexError, LiveWriter, give_way};

/// A commit comes this long after the one before at the earliest: each costs some syncs and makes segments that have to be merged, and the
/// engine fills some 20 MB of tables for each, however few documents there are. At 150 ms more than half of what the server did under ten
/// writes a second was writing and merging, and searches waited for it.
const COMMIT_EVERY: Duration = Duration::from_millis(250);

/// So long is applied at once before it is committed, so that what is accepted is found within a second while more comes.
const APPLY_FOR: Duration = Duration::from_millis(250);

/// The documents of a file that is read again are committed together, if they come within this.
const APPLY_FILE_FOR: Duration = Duration::from_secs(2);

/// Small requests are made ready together up to so many bytes.
const TOGETHER_BYTES: usize = 2 * 1024 * 1024;

/// After this long without a commit the index rests: what can wait is done.
const REST_AFTER: Duration = Duration::from_secs(3);

/// How often it is looked whether there is something to do, when nobody says so.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// After a failure it is tried again so often.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Writes until the service ends.
pub(super) fn run(shared: &Shared, writer: Option<LiveWriter>, ready: &Sender<()>) {
    give_way();
    let written = catch_unwind(AssertUnwindSafe(|| {
        let Some(mut writing) = Writing::begin(shared, writer, ready) else { return };
        writing.catch_up();
        let _ = ready.send(());
        writing.go_on();
        writing.end();
    }));
    if written.is_err() {
        shared.rebuilding().give_up();
        shared
            .becomes(WriterState::Failed("the thread that writes has ended unexpectedly; restart the service".into()));
    }
    let _ = ready.send(());
}

pub(super) struct Writing<'s> {
    pub(super) shared: &'s Shared,
    pub(super) writer: LiveWriter,
    pub(super) journal: Arc<Journal>,
    /// How far is applied, committed or not.
    pub(super) position: Position,
    /// An index that is built anew.
    pub(super) building: Option<Building>,
    /// The requests that are applied and not committed, each with what it did.
    applied: Vec<(Entry, Result<Counts, String>)>,
    long: Option<(Entry, LongReader)>,
    pub(super) is_changed: bool,
    /// Whether more may come of a file of which something was taken away or added.
    is_within_file: bool,
    committed: Option<Instant>,
    has_rested: bool,
}

impl<'s> Writing<'s> {
    /// Takes the index and its journal, as soon as they are free and can be read; `None` where the service ends before.
    fn begin(shared: &'s Shared, writer: Option<LiveWriter>, ready: &Sender<()>) -> Option<Self> {
        let mut writer = writer;
        loop {
            let opened = match writer.take() {
                Some(writer) => Ok(writer),
                None => LiveWriter::open(shared.dir()),
            };
            let begun = opened.map_err(Fault::from).and_then(|writer| {
                let position = Position::of(&writer);
                shared.index().publish(Arc::clone(writer.current()));
                let remembered = shared.tasks().remember(shared.dir(), position.task);
                let last = remembered.map_err(|source| IndexError::Io { path: shared.dir().to_owned(), source })?;
                let queue = Arc::clone(shared.queue());
                let journal = Arc::new(Journal::open(shared.dir(), position.task, last, queue)?);
                Ok((writer, position, journal))
            });
            match begun {
                Ok((writer, position, journal)) => {
                    for (task, head) in shared.queue().heads() {
                        shared.tasks().enqueued(task, &head);
                    }
                    shared.accept_into(Arc::clone(&journal), position.task);
                    return Some(Self {
                        shared,
                        writer,
                        journal,
                        position,
                        building: None,
                        applied: Vec::new(),
                        long: None,
                        is_changed: false,
                        is_within_file: false,
                        committed: None,
                        has_rested: false,
                    });
                }
                Err(fault) => shared.becomes(fault.state(shared)),
            }
            let _ = ready.send(());
            shared.queue().wait(RETRY_EVERY);
            if shared.is_ending() {
                return None;
            }
        }
    }

    /// Applies what was accepted before.
    fn catch_up(&mut self) {
        let waiting = self.shared.queue().len();
        if waiting > 0 {
            tracing::info!(requests = waiting, "what was accepted before is applied");
        }
        self.shared.becomes(WriterState::Healthy);
        while self.is_waiting() && !self.shared.is_over() {
            self.round();
        }
    }

    /// Applies what comes, until the service ends.
    fn go_on(&mut self) {
        loop {
            if !self.is_waiting() {
                if self.shared.is_ending() {
                    return;
                }
                self.shared.announce_again();
                self.rest();
                self.shared.queue().wait(LOOK_EVERY);
            }
            if self.shared.is_over() {
                return;
            }
            if self.is_waiting() {
                let since = self.committed.map_or(COMMIT_EVERY, |committed| committed.elapsed());
                if !self.shared.is_ending() {
                    std::thread::sleep(COMMIT_EVERY.saturating_sub(since));
                }
                self.round();
            }
            self.tend_rebuild();
        }
    }

    fn end(mut self) {
        self.stop_rebuild();
        let Self { shared, writer, journal, position, .. } = self;
        Address::remove(shared.dir());
        journal.remove_applied(position.task, shared.queue().is_empty());
        let closed = if shared.is_moving() { writer.close_at_rest() } else { writer.close() };
        if let Err(error) = closed {
            tracing::error!(%error, "the manifest could not be written; the index is as its last commit left it");
        }
    }

    fn is_waiting(&self) -> bool {
        self.long.is_some() || !self.shared.queue().is_empty()
    }

    /// Applies something and commits it. After a failure the index is opened anew, and what was not committed is applied again.
    fn round(&mut self) {
        let Err(fault) = self.apply().and_then(|()| self.commit()) else {
            return self.shared.becomes(WriterState::Healthy);
        };
        self.shared.becomes(fault.state(self.shared));
        let applied = std::mem::take(&mut self.applied);
        let tried: Vec<_> = applied.iter().map(|(entry, outcome)| (entry.task, outcome.clone())).collect();
        let long = self.long.take().map(|(entry, _)| entry);
        self.shared
            .tasks()
            .put_back(applied.iter().map(|(entry, _)| entry.task).chain(long.iter().map(|long| long.task)));
        self.shared.queue().put_back(applied.into_iter().map(|(entry, _)| entry).chain(long));
        while !self.shared.is_over() {
            self.pause();
            match self.writer.reopen() {
                Ok(()) => return self.resume(&tried),
                Err(error) => self.shared.becomes(Fault::Index(error).state(self.shared)),
            }
        }
    }

    /// Goes on where the index says that it is: a commit may have failed after it was done.
    fn resume(&mut self, tried: &[(u64, Result<Counts, String>)]) {
        self.is_changed = false;
        self.is_within_file = false;
        self.position = Position::of(&self.writer);
        let done = self.position.task;
        while let Some(entry) = self.shared.queue().take_if(|entry| entry.task <= done) {
            self.shared.queue().release(entry.bytes());
            let outcome = tried.iter().find(|(task, _)| *task == entry.task).map(|(_, outcome)| outcome.clone());
            self.shared.tasks().finished(&[(entry.task, outcome.unwrap_or(Ok(Counts::default())))]);
        }
        self.shared.index().publish(Arc::clone(self.writer.current()));
        self.shared.rebuilding().committed(self.position);
        self.shared.committed(done);
        if !self.is_waiting() {
            self.shared.becomes(WriterState::Healthy);
        }
    }

    fn pause(&self) {
        let until = Instant::now() + RETRY_EVERY;
        while Instant::now() < until && !self.shared.is_over() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Applies what waits, for a while.
    fn apply(&mut self) -> Result<(), Fault> {
        let began = Instant::now();
        while began.elapsed() < if self.is_within_file { APPLY_FILE_FOR } else { APPLY_FOR } {
            if self.long.is_some() {
                self.apply_part()?;
                continue;
            }
            let Some(entry) = self.shared.queue().take_if(|_| true) else { return Ok(()) };
            self.shared.tasks().started(&entry);
            if let Body::File(path) = &entry.body {
                match LongReader::open(path, self.position.parts) {
                    Ok(reader) => self.long = Some((entry, reader)),
                    Err(error) => {
                        self.shared.queue().put_back(std::iter::once(entry));
                        return Err(error.into());
                    }
                }
            } else if entry.head.is_filtered {
                // What it deletes is looked for in what is committed.
                let committed = self.commit();
                self.applied.push((entry, Err(String::new())));
                committed?;
                self.apply_together(self.applied.len() - 1)?;
                return Ok(());
            } else {
                let (first, mut bytes) = (self.applied.len(), entry.bytes());
                self.applied.push((entry, Ok(Counts::default())));
                let is_small = |entry: &Entry| matches!(entry.body, Body::Here(_)) && !entry.head.is_filtered;
                while bytes < TOGETHER_BYTES {
                    let Some(entry) = self.shared.queue().take_if(is_small) else { break };
                    self.shared.tasks().started(&entry);
                    bytes += entry.bytes();
                    self.applied.push((entry, Ok(Counts::default())));
                }
                self.apply_together(first)?;
            }
        }
        Ok(())
    }

    /// Applies the requests from this one on that were taken.
    fn apply_together(&mut self, first: usize) -> Result<(), Fault> {
        let mut operations = Vec::new();
        let mut ends = Vec::new();
        for (entry, outcome) in &mut self.applied[first..] {
            let Body::Here(record) = &entry.body else { continue };
            match operations_of(record) {
                Ok(of_this) => {
                    *outcome = Ok(Counts::default());
                    operations.extend(of_this);
                }
                Err(error) => *outcome = Err(error),
            }
            ends.push(operations.len());
        }
        let mut steps = ready(operations).into_iter();
        let mut begin = 0;
        for ((entry, outcome), end) in self.applied[first..].iter_mut().zip(ends) {
            let mut counts = Counts::default();
            for step in steps.by_ref().take(end - begin) {
                if let Err(reason) = apply(&mut self.writer, step, &mut counts)? {
                    *outcome = Err(reason);
                }
            }
            begin = end;
            if outcome.is_ok() {
                *outcome = Ok(counts);
            }
            self.position = Position { task: entry.task, ..Position::default() };
            self.is_changed = true;
        }
        Ok(())
    }

    /// Applies a part of a long request.
    fn apply_part(&mut self) -> Result<(), Fault> {
        let Some((entry, reader)) = &mut self.long else { return Ok(()) };
        self.is_changed = true;
        let outcome = match reader.next()? {
            Part::Operations(operations) => {
                for step in ready(operations) {
                    self.is_within_file = match &step {
                        Step::ReplaceFile(_) => true,
                        Step::Add(prepared) => prepared.file().is_some(),
                        _ => false,
                    };
                    if let Err(reason) = apply(&mut self.writer, step, &mut self.position.counts)? {
                        tracing::warn!(task = entry.task, reason, "a part of a task cannot be applied");
                    }
                }
                self.position.parts += 1;
                return Ok(());
            }
            Part::End => Ok(self.position.counts),
            Part::Unknown(reason) => Err(reason),
        };
        let (task, entry) = (entry.task, entry.clone());
        self.is_within_file = false;
        self.applied.push((entry, outcome));
        self.long = None;
        self.position = Position { task, ..Position::default() };
        Ok(())
    }

    /// Commits what is applied, and tells those who wait for it.
    fn commit(&mut self) -> Result<(), Fault> {
        if !self.is_changed {
            return Ok(());
        }
        self.committed = Some(Instant::now());
        let note = self.position.note(self.shared.dir())?;
        let index = self.writer.commit(&note)?;
        self.is_changed = false;
        self.has_rested = false;
        self.shared.index().publish(index);
        let applied = std::mem::take(&mut self.applied);
        for (entry, _) in &applied {
            self.shared.queue().release(entry.bytes());
        }
        let ended: Vec<_> = applied.into_iter().map(|(entry, outcome)| (entry.task, outcome)).collect();
        self.shared.tasks().finished(&ended);
        self.journal.remove_applied(self.position.task, false);
        self.shared.rebuilding().committed(self.position);
        self.shared.committed(self.position.task);
        Ok(())
    }

    /// Does what can wait, when the index has rested for a while.
    fn rest(&mut self) {
        if self.committed.is_some_and(|committed| committed.elapsed() < REST_AFTER) {
            return;
        }
        match self.writer.rest() {
            Ok(Some(index)) => {
                self.shared.index().publish(index);
                self.has_rested = false;
            }
            Ok(None) => {}
            // It is tried again at the next look; answers go out, and what was committed is safe.
            Err(error) => tracing::warn!(%error, "the manifest of the index cannot be written"),
        }
        remove_abandoned(self.shared.dir());
        if !std::mem::replace(&mut self.has_rested, true) {
            self.shared.index().prepare_beginnings();
        }
    }
}

/// The operations of a request in the journal.
pub(super) fn operations_of(record: &str) -> Result<Vec<Operation>, String> {
    #[derive(Deserialize)]
    struct Record {
        operations: Vec<Operation>,
    }
    serde_json::from_str::<Record>(record).map(|record| record.operations).map_err(|error| error.to_string())
}
