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

/// Shows how far a run is. What is skipped is told line by line, bar or no bar.
pub(super) struct Progress {
    bar: ProgressBar,
    documents: AtomicU64,
    found: AtomicU64,
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
        Self { bar, documents: AtomicU64::new(0), found: AtomicU64::new(0), report: Mutex::new((report, Ok(()))) }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
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
        self.bar.suspend(|| eprintln!("skipped {skip}"));
    }

    fn file(&self, id: &str, state: &FileState, is_unchanged: bool) {
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
