//! The thread that writes, where an index is built anew beside the one that it writes: it begins that, and in the end puts the new
//! one into the place of the old one, between two commits.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError, channel},
    },
    thread::{Builder, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    position::Position,
    rebuild::{Task, build},
    replay::{Follower, RebuildFault},
    writing::Writing,
};
use crate::{
    index::{IndexError, Options, RunLock},
    ingest,
};

/// How long the end waits for a rebuild that is given up.
const PATIENCE: Duration = Duration::from_secs(3);

/// A rebuild that is under way.
pub(super) struct Building {
    built: Receiver<Result<Follower, RebuildFault>>,
    thread: JoinHandle<()>,
    /// The new index, once it follows the old one.
    follower: Option<Follower>,
}

impl Writing<'_> {
    /// Begins, follows or ends a rebuild, where one is asked for or under way; between two commits.
    pub(super) fn tend_rebuild(&mut self) {
        if self.is_changed {
            return;
        }
        if let Some(options) = self.shared.rebuilding().take_asked()
            && let Err(error) = self.begin_rebuild(&options)
        {
            self.end_rebuild(Err(error.to_string()));
        }
        let Some(mut building) = self.building.take() else { return };
        if building.follower.is_none() {
            match building.built.try_recv() {
                Ok(Ok(follower)) => building.follower = Some(follower),
                Ok(Err(fault)) => return self.end_rebuild(Err(fault.to_string())),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => {
                    return self.end_rebuild(Err("the thread that builds has panicked; see the log".to_owned()));
                }
            }
        }
        let Some(mut follower) = building.follower.take() else {
            self.building = Some(building);
            return;
        };
        match self.try_switch(&mut follower) {
            Ok(true) => self.switched(follower),
            Ok(false) => self.building = Some(Building { follower: Some(follower), ..building }),
            Err(fault) => {
                follower.writer.discard();
                self.end_rebuild(Err(fault.to_string()));
            }
        }
    }

    /// Gives up what is being built, and waits until it is gone.
    pub(super) fn stop_rebuild(&mut self) {
        self.shared.rebuilding().give_up();
        if let Some(Building { built, thread, follower }) = self.building.take() {
            // It looks often whether it goes on, but for a merge; the next process to open the index removes what that leaves.
            let until = Instant::now() + PATIENCE;
            while !thread.is_finished() && Instant::now() < until {
                std::thread::sleep(PATIENCE / 100);
            }
            // It may have been done at that moment.
            let late = built.try_recv().ok().and_then(Result::ok);
            follower.into_iter().chain(late).for_each(|follower| follower.writer.discard());
        }
        self.shared.rebuilding().ended(Err("the index was closed before it was built".to_owned()));
    }

    fn begin_rebuild(&mut self, options: &Options) -> Result<(), IndexError> {
        // What is committed; nothing else is.
        let position = Position::of(&self.writer);
        self.journal.keep_after(Some(position.task));
        self.shared.rebuilding().committed(position);
        self.shared.rebuilding().begins_with(self.writer.current().documents());
        let task = Task {
            dir: self.shared.dir().to_owned(),
            index: Arc::clone(self.writer.current()),
            writer: self.writer.beside(options)?,
            position,
            rebuilding: Arc::clone(self.shared.rebuilding()),
        };
        let (tell, built) = channel();
        let work = move || {
            // One that panics tells nothing; what it was building is removed at the next start.
            if let Ok(built) = catch_unwind(AssertUnwindSafe(|| build(task))) {
                let _ = tell.send(built);
            }
        };
        let thread = Builder::new().name("rebuilding".into()).spawn(work);
        let thread = thread.map_err(|source| IndexError::Io { path: self.shared.dir().to_owned(), source })?;
        tracing::info!(
            documents = self.writer.current().documents(),
            "the index is built anew beside the one that is served"
        );
        self.building = Some(Building { built, thread, follower: None });
        Ok(())
    }

    /// Brings the new index to where the old one is, and puts it into its place; whether that was done. It waits for a run of
    /// indexing, which knows what files went into the data of the old name.
    fn try_switch(&mut self, follower: &mut Follower) -> Result<bool, RebuildFault> {
        let dir = self.shared.dir();
        let position = Position::of(&self.writer);
        follower.follow(dir, position, &|| self.shared.rebuilding().goes_on())?;
        if !self.shared.rebuilding().goes_on() {
            return Err(RebuildFault::GivenUp);
        }
        let _run = match RunLock::take(dir) {
            Ok(run) => run,
            Err(IndexError::Locked { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let index = follower.writer.publish(&position.note(dir)?)?;
        self.shared.index().publish(index);
        if let Err(error) = ingest::carry_over(dir, follower.writer.data()) {
            tracing::warn!(%error, "what is known of files is not kept; the next run of indexing reads all of them again");
        }
        Ok(true)
    }

    /// Goes on with the new index.
    fn switched(&mut self, follower: Follower) {
        let old = std::mem::replace(&mut self.writer, follower.writer);
        self.shared.index().prepare_beginnings();
        tracing::info!(documents = self.writer.current().documents(), "the index that was built anew is served");
        self.end_rebuild(Ok(()));
        // Merges that are under way are waited for, and nothing waits for that.
        if let Err(error) = Builder::new().name("discarding".into()).spawn(move || old.discard()) {
            tracing::warn!(%error, "the data of the old index is removed at the next start");
        }
    }

    fn end_rebuild(&mut self, outcome: Result<(), String>) {
        if let Err(error) = &outcome {
            tracing::error!(error, "the index was not built anew; it is as it was");
        }
        self.journal.keep_after(None);
        self.journal.remove_applied(self.position.task, false);
        self.shared.rebuilding().ended(outcome);
    }
}
