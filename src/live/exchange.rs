//! What is done to indexes that are closed for a moment: two swapped, one put back to a snapshot.

use std::{path::Path, sync::Arc, thread};

use super::{IndexName, Indexes, IndexesError, Live, indexes::no_run};
use crate::{
    index::{IndexError, Manifest, exchange},
    ingest,
};

impl Indexes {
    /// Exchanges two indexes, in one step: each name is then that of the other's documents, rules and tasks. Searches go on;
    /// writes are told to come again while it lasts.
    ///
    /// # Errors
    /// Where there is no such index, where one of them is written by another process or built anew, and where the system cannot
    /// do it; then both are as they were.
    pub fn swap(&self, one: &IndexName, other: &IndexName) -> Result<(), IndexesError> {
        let _change = self.change()?;
        if one == other {
            return Err(IndexesError::Senseless(format!("{one} is to be swapped with itself; name two indexes")));
        }
        let both = [(one, self.at_rest(one)?), (other, self.at_rest(other)?)];
        let runs = both.iter().map(|(name, live)| no_run(live.dir(), name)).collect::<Result<Vec<_>, _>>()?;
        thread::scope(|scope| both.iter().for_each(|(_, live)| drop(scope.spawn(|| live.close_at_rest()))));
        let exchanged = exchange(&self.dir(one), &self.dir(other));
        // Whatever came of it, both are served again.
        let (first, second) = (self.reopen(one), self.reopen(other));
        drop(runs);
        exchanged?;
        first.and(second)
    }

    /// Puts the snapshot in `from` in the place of an index, in one step. Searches go on in what was there; writes are told to
    /// come again while it lasts. What is in the index after it.
    ///
    /// # Errors
    /// Where there is no such index or snapshot, where it is damaged or of other rules, where the index is written by another
    /// process or built anew, and where the system refuses; then the index is as it was.
    pub fn restore(&self, name: &IndexName, from: &Path) -> Result<Manifest, IndexesError> {
        let _change = self.change()?;
        let live = self.at_rest(name)?;
        // Nothing is closed for what cannot be.
        Manifest::read(from).map_err(|error| match error {
            IndexError::NotFound(dir) => IndexError::NoSnapshot(dir),
            other => other,
        })?;
        let run = no_run(live.dir(), name)?;
        live.close_at_rest();
        let restored = ingest::restore(from, live.dir());
        let reopened = self.reopen(name);
        drop(run);
        let restored = restored?;
        reopened.map(|()| restored)
    }

    /// An index that is not being built anew.
    fn at_rest(&self, name: &IndexName) -> Result<Arc<Live>, IndexesError> {
        let live = self.get(name)?;
        if live.is_rebuilding() {
            return Err(IndexesError::Busy(format!(
                "the index {name} is being built anew; wait until that has ended, or give it up"
            )));
        }
        Ok(live)
    }
}
