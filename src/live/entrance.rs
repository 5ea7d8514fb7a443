//! Operations in, one after the other → a request in the journal.

use std::sync::Arc;

use super::{
    Operation, Refused, TaskKind,
    faults::{check_room, state_of_journal},
    journal::{Head, Journal, JournalError, LongWriter},
    served::Shared,
    tasks::now,
};

/// A request that takes more than this, in bytes, gets a file of its own and takes no memory while it waits.
const SHORT_BYTES: usize = 512 * 1024;

/// A request on its way in. If it is dropped, nothing of it is done.
pub struct Incoming {
    shared: Arc<Shared>,
    journal: Arc<Journal>,
    kind: TaskKind,
    documents: u64,
    is_filtered: bool,
    short: Vec<String>,
    short_bytes: usize,
    long: Option<LongWriter>,
}

impl Incoming {
    pub(super) fn new(shared: Arc<Shared>, kind: TaskKind) -> Result<Self, Refused> {
        let journal = shared.journal()?;
        check_room(shared.dir(), 0)?;
        Ok(Self {
            shared,
            journal,
            kind,
            documents: 0,
            is_filtered: false,
            short: Vec::new(),
            short_bytes: 0,
            long: None,
        })
    }

    /// Takes an operation.
    ///
    /// # Errors
    /// Where there is no room for it, or the system refuses.
    pub fn push(&mut self, operation: &Operation) -> Result<(), Refused> {
        let written = serde_json::to_string(operation).map_err(|error| Refused::Failed(error.to_string()))?;
        let counts = match self.kind {
            TaskKind::Addition | TaskKind::Indexing => matches!(operation, Operation::Add { .. }),
            TaskKind::Deletion => true,
        };
        self.documents += u64::from(counts);
        self.is_filtered |= matches!(operation, Operation::DeleteMeeting { .. });
        if self.long.is_none() && self.short_bytes + written.len() <= SHORT_BYTES {
            self.short_bytes += written.len() + 1;
            self.short.push(written);
            return Ok(());
        }
        self.push_long(&written).map_err(|error| self.refused(&error))?
    }

    fn push_long(&mut self, written: &str) -> Result<Result<(), Refused>, JournalError> {
        let long = if let Some(long) = &mut self.long {
            long
        } else {
            let mut long = self.journal.begin_long()?;
            for earlier in self.short.drain(..) {
                long.push(&earlier)?;
            }
            self.long.insert(long)
        };
        let written = long.push(written)?;
        Ok(if written > 0 { check_room(self.shared.dir(), 0) } else { Ok(()) })
    }

    /// How many documents were taken.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Makes all of it durable; the number of its task. After that it will be done, whatever happens.
    ///
    /// # Errors
    /// Where too much waits, there is no room, or the system refuses; then nothing of it is done.
    pub fn accept(self) -> Result<u64, Refused> {
        // The state may have become another one while it came in.
        self.shared.journal()?;
        let head = Head { kind: self.kind, documents: self.documents, accepted: now(), is_filtered: self.is_filtered };
        let Self { shared, journal, short, short_bytes, long, .. } = self;
        // Held to the end: an index that is closed waits for it.
        let gate = shared.gate();
        if gate.is_none() {
            return Err(Shared::is_closed());
        }
        // With what stands around it.
        let bytes = if long.is_some() { 0 } else { short_bytes };
        check_room(shared.dir(), bytes as u64)?;
        if !shared.queue().reserve(bytes) {
            return Err(Refused::Busy);
        }
        let accepted = match long {
            Some(long) => journal.accept_long(long, head.clone()),
            None => journal.append(head.clone(), short.join(",")),
        };
        match accepted {
            Ok(task) => {
                shared.tasks().enqueued(task, &head);
                Ok(task)
            }
            Err(error) => {
                shared.queue().release(bytes);
                Err(refused(&shared, &error))
            }
        }
    }

    fn refused(&self, error: &JournalError) -> Refused {
        refused(&self.shared, error)
    }
}

fn refused(shared: &Shared, error: &JournalError) -> Refused {
    tracing::warn!(%error, "the journal cannot be written");
    let state = state_of_journal(shared.dir(), error);
    state.refusal().unwrap_or_else(|| Refused::Failed(error.to_string()))
}
