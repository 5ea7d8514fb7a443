//! Whether an index can be written, and why not.

use super::tasks::now;

/// Whether an index can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriterState {
    /// Writes are accepted and applied.
    Healthy,
    /// What the journal holds is not read yet.
    Starting,
    /// Another process writes to the index: who.
    Locked(String),
    /// There is too little room on the disk.
    DiskFull(String),
    /// The system does not let us write.
    ReadOnly(String),
    /// The journal or the engine failed.
    Failed(String),
}

/// How the writer of an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether the index can be written.
    pub writer: WriterState,
    /// Since when it is so, in RFC 3339.
    pub since: String,
    /// How many requests are accepted and not yet found.
    pub waiting: usize,
    /// When something was committed last, in RFC 3339; `None` where nothing was since the start.
    pub last_commit: Option<String>,
}

impl WriterState {
    /// Its name, as figures and checks know it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Starting => "starting",
            Self::Locked(_) => "locked",
            Self::DiskFull(_) => "disk_full",
            Self::ReadOnly(_) => "read_only",
            Self::Failed(_) => "failed",
        }
    }
}

impl Health {
    pub(super) fn new() -> Self {
        Self { writer: WriterState::Starting, since: now(), waiting: 0, last_commit: None }
    }

    /// Notes how the writer is now; whether that is something else than it was.
    pub(super) fn becomes(&mut self, writer: WriterState) -> bool {
        // The words of a fault may differ from one attempt to the next; what matters is its kind.
        let is_other = std::mem::discriminant(&self.writer) != std::mem::discriminant(&writer);
        if is_other {
            self.since = now();
        }
        self.writer = writer;
        is_other
    }
}
