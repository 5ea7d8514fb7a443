//! What was applied to one index → applied to another that is built beside it.

use std::path::Path;

use super::{
    Counts, JournalError, Operation,
    apply::{Step, apply, ready},
    journal::{Again, AgainBody, LongReader, Part, path_of_long, read_again},
    position::Position,
    writing::operations_of,
};
use crate::index::{IndexError, LiveWriter};

/// Why an index could not be built beside another.
#[derive(Debug, thiserror::Error)]
pub(super) enum RebuildFault {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(
        "documents were deleted by {member} meanwhile, which the new rules do not declare, so that they cannot be deleted again; \
         ask for it again, with {member} among the filterable members or without such deletions"
    )]
    Undeclared { member: String },
    #[error("it was given up")]
    GivenUp,
}

/// An index that follows another one.
pub(super) struct Follower {
    pub writer: LiveWriter,
    /// How far it has come in the journal of the other one. What its own last commit notes is of no use until it takes its
    /// place.
    pub position: Position,
    /// The members that the other one declares.
    pub declared: Vec<String>,
}

impl Follower {
    /// Does what was done to the other index since, up to a position of that, and commits it.
    pub(super) fn follow(&mut self, dir: &Path, to: Position, goes_on: &dyn Fn() -> bool) -> Result<(), RebuildFault> {
        if self.position == to {
            return Ok(());
        }
        read_again(dir, self.position.task, to.task, &mut |again| {
            if goes_on() { self.take(again) } else { Err(RebuildFault::GivenUp) }
        })?;
        if to.parts > self.position.parts {
            self.parts(&path_of_long(dir, to.task + 1), Some(to.parts), goes_on)?;
        }
        self.position = to;
        self.commit(dir)
    }

    /// Commits what was done.
    pub(super) fn commit(&mut self, dir: &Path) -> Result<(), RebuildFault> {
        let note = self.position.note(dir)?;
        self.writer.commit(&note)?;
        Ok(())
    }

    fn take(&mut self, again: Again) -> Result<(), RebuildFault> {
        match again.body {
            AgainBody::File(path) => self.parts(&path, None, &|| true)?,
            // What it deletes is looked for in what is committed, and nothing is added before that is committed, too.
            AgainBody::Here(record, true) => {
                let dir = self.writer.dir().to_owned();
                self.commit(&dir)?;
                self.operations(operations_of(&record).unwrap_or_default())?;
                self.commit(&dir)?;
            }
            AgainBody::Here(record, false) => self.operations(operations_of(&record).unwrap_or_default())?,
        }
        self.position = Position { task: again.task, ..Position::default() };
        Ok(())
    }

    /// Does the parts of a long request from where this one is, up to some or all of them.
    fn parts(&mut self, path: &Path, up_to: Option<u64>, goes_on: &dyn Fn() -> bool) -> Result<(), RebuildFault> {
        let mut reader = LongReader::open(path, self.position.parts)?;
        while up_to.is_none_or(|up_to| self.position.parts < up_to) {
            if !goes_on() {
                return Err(RebuildFault::GivenUp);
            }
            match reader.next()? {
                Part::Operations(operations) => self.operations(operations)?,
                // What one index could not apply, the other cannot.
                Part::End | Part::Unknown(_) => break,
            }
            self.position.parts += 1;
        }
        Ok(())
    }

    fn operations(&mut self, operations: Vec<Operation>) -> Result<(), RebuildFault> {
        for step in ready(operations) {
            if let Step::DeleteMeeting(condition) = &step {
                let members = condition.members();
                let is_of = |declared: &[String], member: &str| declared.iter().any(|known| known == member);
                if members.iter().any(|member| !is_of(&self.declared, member)) {
                    // The other one refused it.
                    continue;
                }
                let filterable = &self.writer.current().manifest().filterable;
                if let Some(member) = members.iter().find(|member| !is_of(filterable, member)) {
                    return Err(RebuildFault::Undeclared { member: member.to_string() });
                }
            }
            // What cannot be applied to one cannot be applied to the other.
            let _ = apply(&mut self.writer, step, &mut Counts::default())?;
        }
        Ok(())
    }
}
