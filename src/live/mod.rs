//! Documents in while answers go out: what is accepted is durable at once and found soon after.
//!
//! What is to be done is written to a journal and synced before it is acknowledged. One thread applies the journal to the
//! index, in its order, and commits a few times a second; with each commit, in the same step, the index notes how far it has
//! come. So after a crash the rest of the journal is applied, and what was applied in part comes out the same when it is applied
//! again: what an operation makes of a document depends on that document alone.

mod address;
mod apply;
mod client;
mod entrance;
mod exchange;
mod faults;
mod health;
mod indexes;
mod journal;
#[cfg(test)]
mod model;
mod name;
mod operation;
mod position;
mod queue;
mod rebuild;
mod replacement;
mod replay;
mod served;
mod switch;
mod tasks;
mod writing;

pub use client::{OPERATIONS, REPLACEMENT, STATE, ServerSink, TASKS};
pub use entrance::Incoming;
pub use faults::{MIN_FREE_BYTES, Refused};
pub use health::{Health, WriterState};
pub use indexes::{Indexes, IndexesError, MAX_INDEXES, Opened};
pub use journal::JournalError;
pub use name::{IndexName, NotAnIndexName};
pub use operation::Operation;
pub use rebuild::{Rebuild, RebuildStatus};
pub use replacement::{Replacement, replacement_of};
pub use served::{Live, apply_journal};
pub use tasks::{Counts, Task, TaskKind, TaskStatus};
