//! An index built anew, under other rules, beside the one that is served.
//!
//! A thread of its own takes the documents of the state that is open when it begins, and then what the journal tells of since,
//! until little is left; the files of the journal are kept so long. Then the thread that writes does the last of it between two
//! commits, and the new index takes the place of the old one (see [`switch`](super::switch)).

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Live, Operation, Refused,
    apply::{Step, step},
    faults::check_room,
    position::Position,
    replay::{Follower, RebuildFault},
    tasks::now,
};
use crate::index::{Index, LiveWriter, Options};

/// After so many documents those that are built are committed, so that what is remembered of them stays small.
const COMMIT_DOCUMENTS: u64 = 50_000;

/// When no more tasks than this are left, the thread that writes does the last of them.
const FEW_TASKS: u64 = 20;

/// How often it is tried to come so near; where writes come faster than they can be followed, the thread that writes does more.
const MAX_ROUNDS: usize = 100;

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RebuildStatus {
    /// It is being built; searches and writes go to the old index.
    Processing,
    /// The new index is in its place.
    Succeeded,
    /// The old index is as it was.
    Failed,
}

/// A rebuild, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rebuild {
    /// How far it is.
    pub status: RebuildStatus,
    /// How many documents there were when it began.
    pub documents: u64,
    /// How many of them are built.
    pub built: u64,
    /// The members by which can be filtered in the new index.
    pub filterable: Vec<String>,
    /// Whether the new index leads forms back to their dictionary words.
    pub lemmas: bool,
    /// When it was begun, in RFC 3339.
    pub started_at: String,
    /// When it ended, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What those who ask, the thread that writes and the one that builds have in common.
#[derive(Default)]
pub(super) struct Rebuilding {
    state: Mutex<State>,
    is_given_up: AtomicBool,
}

#[derive(Default)]
struct State {
    last: Option<Rebuild>,
    /// What is asked for, until the thread that writes begins it.
    asked: Option<Options>,
    /// How far the index that is served is committed.
    position: Position,
}

/// What the thread that builds begins with.
pub(super) struct Task {
    pub dir: PathBuf,
    pub index: Arc<Index>,
    pub writer: LiveWriter,
    pub position: Position,
    pub rebuilding: Arc<Rebuilding>,
}

impl Live {
    /// Begins to build the index anew under rules, beside the one that is served, and to put it into its place when that is done;
    /// what is not asked for is as it is. It ends with the process, and leaves the index as it was then.
    ///
    /// # Errors
    /// Where it is being built already, where writes are not accepted, and where there is too little room.
    pub fn rebuild(&self, options: &Options) -> Result<Rebuild, Refused> {
        let shared = self.shared();
        shared.journal()?;
        let index = shared.index().current();
        check_room(shared.dir(), index.disk_bytes().unwrap_or_default())?;
        let manifest = index.manifest();
        let mut state = shared.rebuilding().lock();
        if state.is_under_way() {
            return Err(Refused::Rebuilding);
        }
        let filterable = options.filterable.clone().unwrap_or_else(|| manifest.filterable.clone());
        let begun = Rebuild {
            status: RebuildStatus::Processing,
            documents: index.documents(),
            built: 0,
            filterable,
            lemmas: options.rules.map_or(manifest.lemmas, |rules| rules.lemmas),
            started_at: now(),
            finished_at: None,
            error: None,
        };
        shared.rebuilding().is_given_up.store(false, Ordering::Release);
        state.last = Some(begun.clone());
        state.asked = Some(options.clone());
        drop(state);
        shared.queue().wake();
        Ok(begun)
    }

    /// The last rebuild since the process began, if there was one.
    #[must_use]
    pub fn last_rebuild(&self) -> Option<Rebuild> {
        self.shared().rebuilding().lock().last.clone()
    }

    /// Whether the index is being built anew.
    #[must_use]
    pub fn is_rebuilding(&self) -> bool {
        self.shared().rebuilding().lock().is_under_way()
    }

    /// Gives up what is being built, if something is; whether something was.
    #[must_use]
    pub fn give_up_rebuild(&self) -> bool {
        let is_under_way = self.is_rebuilding();
        self.shared().rebuilding().give_up();
        self.shared().queue().wake();
        is_under_way
    }
}

impl State {
    fn is_under_way(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.status == RebuildStatus::Processing)
    }
}

impl Rebuilding {
    /// What was asked for since the last look.
    pub(super) fn take_asked(&self) -> Option<Options> {
        self.lock().asked.take()
    }

    /// Notes how many documents there are in the state that it begins with.
    pub(super) fn begins_with(&self, documents: u64) {
        if let Some(last) = &mut self.lock().last {
            last.documents = documents;
        }
    }

    /// Notes how far the index that is served is committed.
    pub(super) fn committed(&self, position: Position) {
        self.lock().position = position;
    }

    /// Notes how it ended.
    pub(super) fn ended(&self, outcome: Result<(), String>) {
        let mut state = self.lock();
        state.asked = None;
        if let Some(last) = state.last.as_mut().filter(|last| last.status == RebuildStatus::Processing) {
            last.finished_at = Some(now());
            last.status = if outcome.is_ok() { RebuildStatus::Succeeded } else { RebuildStatus::Failed };
            last.error = outcome.err();
        }
    }

    pub(super) fn give_up(&self) {
        self.is_given_up.store(true, Ordering::Release);
    }

    pub(super) fn goes_on(&self) -> bool {
        !self.is_given_up.load(Ordering::Acquire)
    }

    fn built(&self, documents: u64) {
        if let Some(last) = &mut self.lock().last {
            last.built = documents;
        }
    }

    fn position(&self) -> Position {
        self.lock().position
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds an index until it is as the other one was a moment ago. What it fails with, it leaves nothing behind.
pub(super) fn build(task: Task) -> Result<Follower, RebuildFault> {
    let Task { dir, index, writer, position, rebuilding } = task;
    let declared = index.manifest().filterable.clone();
    let mut follower = Follower { writer, position, declared };
    let built = documents(&mut follower, &index, &dir, &rebuilding).and_then(|()| {
        // The state that it began with needs its files no more.
        drop(index);
        follower.writer.pack()?;
        changes(&mut follower, &dir, &rebuilding)
    });
    match built {
        Ok(()) => Ok(follower),
        Err(fault) => {
            follower.writer.discard();
            Err(fault)
        }
    }
}

/// Takes the documents. One thread makes them ready, so that searches have the others.
fn documents(follower: &mut Follower, index: &Index, dir: &Path, rebuilding: &Rebuilding) -> Result<(), RebuildFault> {
    let mut built = 0;
    let is_whole = index.each_document::<RebuildFault>(&mut |document, file| {
        if let Step::Add(prepared) = step(Operation::Add { document, file }) {
            follower.writer.add(&prepared)?;
        }
        built += 1;
        if built % COMMIT_DOCUMENTS == 0 {
            follower.commit(dir)?;
        }
        rebuilding.built(built);
        Ok(rebuilding.goes_on())
    })?;
    if !is_whole {
        return Err(RebuildFault::GivenUp);
    }
    follower.commit(dir)
}

/// Does what was done meanwhile, until little is left.
fn changes(follower: &mut Follower, dir: &Path, rebuilding: &Rebuilding) -> Result<(), RebuildFault> {
    for _ in 0..MAX_ROUNDS {
        let to = rebuilding.position();
        let tasks = to.task.saturating_sub(follower.position.task);
        follower.follow(dir, to, &|| rebuilding.goes_on())?;
        if tasks <= FEW_TASKS {
            break;
        }
    }
    if rebuilding.goes_on() { Ok(()) } else { Err(RebuildFault::GivenUp) }
}
