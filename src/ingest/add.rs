//! What the workers made → the index, in the order of the files.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use super::{
    FileState, IngestError, Observer, Report, Sink,
    known::Known,
    order::{Gate, InOrder, Piece},
    work::Outcome,
};
use crate::index::Added;

/// How often what was added is made durable: what a run of hours loses at most when it is cut off.
const COMMIT_EVERY: Duration = Duration::from_mins(5);

/// So many notes on the lines of one file are kept; of all others their number.
const MAX_NOTES: usize = 10;

/// What was mended in the lines of a file.
#[derive(Debug, Default)]
struct Noted {
    notes: Vec<String>,
    more: u64,
}

impl Noted {
    fn add(&mut self, line: u64, note: &str) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(format!("line {line}: {note}"));
        } else {
            self.more += 1;
        }
    }

    /// Moves the notes to the file, which is one part.
    fn tell(&mut self, state: &mut FileState) {
        let Self { mut notes, more } = std::mem::take(self);
        if more > 0 {
            notes.push(format!("and {more} lines more"));
        }
        if let Some(part) = state.parts.first_mut() {
            part.notes.append(&mut notes);
        }
    }
}

/// A run, as far as it has come.
pub(super) struct Adding<'a> {
    writer: &'a mut dyn Sink,
    before: &'a Known,
    observer: &'a dyn Observer,
    stop: &'a AtomicBool,
    report: Report,
    /// The files that were seen in this run; those that were read with what came of them.
    seen: BTreeMap<String, Option<FileState>>,
    /// The files that were there before and are gone.
    gone: Vec<String>,
    committed: Instant,
    /// What was mended in the lines of the file that is being read.
    noted: Noted,
    /// Whether there is something to commit.
    is_changed: bool,
}

impl<'a> Adding<'a> {
    pub(super) fn new(
        writer: &'a mut dyn Sink,
        before: &'a Known,
        observer: &'a dyn Observer,
        stop: &'a AtomicBool,
    ) -> Self {
        let is_changed = writer.is_unpublished();
        Self {
            writer,
            before,
            observer,
            stop,
            report: Report::default(),
            seen: BTreeMap::new(),
            gone: Vec::new(),
            committed: Instant::now(),
            noted: Noted::default(),
            is_changed,
        }
    }

    /// Adds what the workers made. The receiver is dropped at the end, which stops the workers.
    pub(super) fn all(&mut self, outcomes: Receiver<Piece<Vec<Outcome>>>, gate: &Gate) -> Result<(), IngestError> {
        for outcomes in InOrder::new(outcomes.into_iter(), gate) {
            for outcome in outcomes.into_iter().flatten() {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(IngestError::Stopped);
                }
                self.add(outcome)?;
            }
            if self.committed.elapsed() > COMMIT_EVERY {
                self.commit()?;
                self.committed = Instant::now();
            }
        }
        if self.stop.load(Ordering::Relaxed) { Err(IngestError::Stopped) } else { Ok(()) }
    }

    fn add(&mut self, outcome: Outcome) -> Result<(), IngestError> {
        match outcome {
            Outcome::Begin { id } => {
                if self.before.files.contains_key(&id) || self.seen.contains_key(&id) {
                    self.writer.replace_file(&id)?;
                    self.is_changed = true;
                }
            }
            Outcome::Document { prepared, bytes } => {
                let added = self.writer.add(&prepared)?;
                self.is_changed = true;
                self.report.documents += 1;
                self.report.replaced += u64::from(added == Added::Replaced);
                self.report.bytes += bytes;
                self.observer.added(bytes);
            }
            Outcome::Skipped { skip, bytes } => {
                self.report.skipped += 1;
                self.observer.skipped(&skip, bytes);
            }
            Outcome::Noted { name, line, note } => {
                self.observer.noted(&name, line, note);
                self.noted.add(line, note);
            }
            Outcome::End { id, mut state } => {
                self.noted.tell(&mut state);
                self.observer.file(&id, &state, false);
                self.seen.insert(id, Some(state));
            }
            Outcome::Unchanged { id, state } => {
                if let Some(known) = state.as_ref().or_else(|| self.before.files.get(&id)) {
                    self.observer.file(&id, known, true);
                    self.report.unchanged += 1;
                    self.report.skipped_before +=
                        known.parts.iter().filter(|part| part.reason.is_some()).count() as u64;
                }
                self.seen.insert(id, state);
            }
        }
        Ok(())
    }

    /// Deletes what came of files that were read before and not seen in this run, of those that are meant.
    pub(super) fn prune(&mut self, is_meant: impl Fn(&str) -> bool) -> Result<(), IngestError> {
        let gone: Vec<&String> =
            self.before.files.keys().filter(|id| !self.seen.contains_key(*id) && is_meant(id)).collect();
        for id in gone {
            self.writer.delete_file(id)?;
            self.report.removed += 1;
            self.is_changed = true;
            self.gone.push(id.clone());
        }
        Ok(())
    }

    /// Commits what was added, and what is known of the files by now.
    pub(super) fn end(mut self) -> Result<Report, IngestError> {
        self.commit()?;
        Ok(self.report)
    }

    fn commit(&mut self) -> Result<(), IngestError> {
        if self.is_changed {
            self.writer.commit()?;
        }
        let is_known = self.seen.values().all(Option::is_none) && self.gone.is_empty();
        if is_known { Ok(()) } else { Ok(self.known().save(self.writer.dir())?) }
    }

    /// What is known of all files now.
    fn known(&self) -> Known {
        let mut known = self.before.clone();
        for (id, state) in &self.seen {
            if let Some(state) = state {
                known.files.insert(id.clone(), state.clone());
            }
        }
        for id in &self.gone {
            known.files.remove(id);
        }
        known
    }
}
