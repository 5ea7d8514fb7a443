//! A run of indexing → a bar on a terminal's standard error; nobody else sees one.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use oba::ingest::{FileState, Observer, Skip};
use serde_json::json;

/// So many lines are told about the parts of one file.
const MAX_TOLD: u64 = 20;

/// How the report calls lines of JSON, which are read one by one.
const JSON_LINES: &str = "jsonl";

/// Shows how far a run is. What is skipped is told line by line, bar or no bar.
pub(super) struct Progress {
    bar: ProgressBar,
    documents: AtomicU64,
    found: AtomicU64,
    /// How many lines were told of the file that is being read, and how many were not.
    told: Mutex<(u64, u64)>,
    /// Where a line is written for each file, and what went wrong with that.
    report: Mutex<(Option<BufWriter<File>>, io::Result<()>)>,
}

impl Progress {
    /// A bar that has not begun. It hides itself where standard error is no terminal.
    pub(super) fn new(report: Option<BufWriter<File>>) -> Self {
        let bar = ProgressBar::new(0);
        let template = "{bar:30} {decimal_bytes:>10} of {decimal_total_bytes} · {msg} documents · {decimal_bytes_per_sec} · {eta} left";
        // The template is a constant that a test draws.
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        let (documents, found, told) = (AtomicU64::new(0), AtomicU64::new(0), Mutex::default());
        Self { bar, documents, found, told, report: Mutex::new((report, Ok(()))) }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.tell_rest();
        self.bar.finish_and_clear();
    }

    /// Tells a line about a part of a file, unless many were told of it already.
    fn tell_part(&self, line: &str) {
        let (told, untold) = &mut *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told < MAX_TOLD {
            *told += 1;
            self.bar.suspend(|| eprintln!("{line}"));
        } else {
            *untold += 1;
        }
    }

    /// Tells how many lines were not told of the file that was read.
    fn tell_rest(&self) {
        let (_, untold) = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        if untold > 0 {
            self.bar.suspend(|| eprintln!("… and {untold} more of the same file"));
        }
    }

    /// Ends the report.
    ///
    /// # Errors
    /// Where it could not be written.
    pub(super) fn end_report(&self) -> io::Result<()> {
        let (report, written) = &mut *self.report.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(written, Ok(()))?;
        report.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Observer for Progress {
    fn found(&self, bytes: Option<u64>) {
        match bytes {
            Some(bytes) => self.bar.set_length(self.found.fetch_add(bytes, Ordering::Relaxed) + bytes),
            None => self.bar.unset_length(),
        }
    }

    fn added(&self, bytes: u64) {
        let documents = self.documents.fetch_add(1, Ordering::Relaxed) + 1;
        if documents.is_multiple_of(64) {
            self.bar.set_message(documents.to_string());
        }
        self.bar.inc(bytes);
    }

    fn skipped(&self, skip: &Skip, bytes: u64) {
        self.bar.inc(bytes);
        if skip.is_part {
            self.tell_part(&format!("skipped {skip}"));
        } else {
            self.bar.suspend(|| eprintln!("skipped {skip}"));
        }
    }

    fn noted(&self, name: &str, line: u64, note: &'static str) {
        self.tell_part(&format!("note {name}:{line}: {note}"));
    }

    fn file(&self, id: &str, state: &FileState, is_unchanged: bool) {
        // What was mended of lines was told when they were read; what is as it was, in the run before.
        for part in state.parts.iter().filter(|part| !is_unchanged && part.format != JSON_LINES) {
            let name = if part.name.is_empty() { id.to_owned() } else { format!("{id}/{}", part.name) };
            part.notes.iter().for_each(|note| self.tell_part(&format!("note {name}: {note}")));
        }
        self.tell_rest();
        let (report, written) = &mut *self.report.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(report) = report.as_mut().filter(|_| written.is_ok()) else { return };
        for part in &state.parts {
            let name = if part.name.is_empty() { id.to_owned() } else { format!("{id}/{}", part.name) };
            let line = json!({
                "file": name,
                "format": part.format,
                "encoding": part.encoding,
                "language": part.language,
                "words": part.words,
                "notes": part.notes,
                "reason": part.reason,
                "unchanged": is_unchanged,
            });
            *written = writeln!(report, "{line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_valid() {
        let progress = Progress::new(None);
        progress.found(Some(10));
        progress.added(10);
        assert_eq!(progress.bar.position(), 10);
        assert_eq!(progress.bar.length(), Some(10));
        progress.finish();
        progress.end_report().expect("nothing to write");
    }
}
