//! Operations → the index.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use super::{Operation, tasks::Counts};
use crate::{
    corpus::Document,
    index::{Added, IndexError, LiveWriter, Prepared},
    language::detect,
    query::Condition,
};

/// So few documents are made ready by one thread: more would take longer to start.
const FEW: usize = 8;

/// An operation that is ready to be applied.
pub(super) enum Step {
    Add(Box<Prepared>),
    Delete(String),
    DeleteFile(String),
    ReplaceFile(String),
    DeleteMeeting(Condition),
    /// One that cannot be applied, and why.
    Unusable(String),
}

/// Makes operations ready, on all processors where they are many.
pub(super) fn ready(operations: Vec<Operation>) -> Vec<Step> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    if operations.len() <= FEW || workers == 1 {
        return operations.into_iter().map(step).collect();
    }
    let share = operations.len().div_ceil(workers);
    let mut rest = operations.into_iter();
    let shares: Vec<Vec<Operation>> = (0..workers).map(|_| rest.by_ref().take(share).collect()).collect();
    thread::scope(|scope| {
        let ready = |operations: Vec<Operation>| operations.into_iter().map(step).collect::<Vec<_>>();
        let threads: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || ready(share))).collect();
        let mut steps = Vec::new();
        for thread in threads {
            // What panics in a step is caught there.
            steps.extend(thread.join().unwrap_or_default());
        }
        steps
    })
}

/// Makes an operation ready.
pub(super) fn step(operation: Operation) -> Step {
    match operation {
        Operation::Add { document, file } => {
            let id = document.id.clone();
            match catch_unwind(AssertUnwindSafe(|| prepare(document, file))) {
                Ok(prepared) => Step::Add(Box::new(prepared)),
                // One document must not keep all others from being indexed.
                Err(_) => Step::Unusable(format!("the document {id:?} could not be read; please report it")),
            }
        }
        Operation::Delete { id } => Step::Delete(id),
        Operation::DeleteFile { file } => Step::DeleteFile(file),
        Operation::ReplaceFile { file } => Step::ReplaceFile(file),
        Operation::DeleteMeeting { filter } => match filter.parse() {
            Ok(condition) => Step::DeleteMeeting(condition),
            Err(error) => Step::Unusable(format!("filter: {error}")),
        },
    }
}

fn prepare(document: Box<Document>, file: Option<String>) -> Prepared {
    let detection = detect(&document.text);
    Prepared::new(document, file, &detection)
}

/// Applies a step, and counts what it did. What cannot be applied is told by the inner error.
pub(super) fn apply(
    writer: &mut LiveWriter,
    step: Step,
    counts: &mut Counts,
) -> Result<Result<(), String>, IndexError> {
    match step {
        Step::Add(prepared) => match writer.add(&prepared)? {
            Added::New => counts.added += 1,
            Added::Replaced => counts.replaced += 1,
        },
        Step::Delete(id) => counts.deleted += u64::from(writer.delete(&id)?),
        Step::DeleteFile(file) => counts.deleted += writer.delete_file(&file)?,
        Step::ReplaceFile(file) => drop(writer.delete_file(&file)?),
        Step::DeleteMeeting(condition) => {
            let filterable = &writer.current().manifest().filterable;
            let members = condition.members();
            if let Some(name) = members.iter().find(|name| !filterable.iter().any(|known| known == *name)) {
                return Ok(Err(format!("filter: {name} was not declared when the index was built")));
            }
            counts.deleted += writer.delete_meeting(&condition)?;
        }
        Step::Unusable(reason) => return Ok(Err(reason)),
    }
    Ok(Ok(()))
}
