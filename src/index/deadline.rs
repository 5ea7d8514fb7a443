//! How long a search may take, seen to at the bottom of every walk and collector.
//!
//! A search runs on one thread from its beginning to its end, so its deadline stands with the thread: what lies between the
//! one who sets it and the loops that look at it has nothing to do with it.

use std::{
    cell::{Cell, RefCell},
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, TERMINATED, TantivyError,
    query::{Scorer, Weight},
};

use super::IndexError;

/// After how many steps of a loop the clock is looked at: steps of a microsecond at most, so that a fraction of a millisecond
/// goes by unseen, and the looks cost nothing.
const LOOK_EVERY: u32 = 256;

/// When a piece of work is to end, done or not: at a time, or when nobody waits for it any more.
#[derive(Debug, Clone, Default)]
pub struct Deadline {
    at: Option<Instant>,
    is_unwanted: Option<Arc<AtomicBool>>,
}

thread_local! {
    static CURRENT: RefCell<Deadline> = RefCell::default();
}

impl Deadline {
    /// The deadline at a time, or as soon as a flag is set.
    #[must_use]
    pub fn new(at: Instant, is_unwanted: Arc<AtomicBool>) -> Self {
        Self { at: Some(at), is_unwanted: Some(is_unwanted) }
    }

    /// Does work that this deadline stands over: what asks an index on this thread then ends with
    /// [`IndexError::OutOfTime`] once it is over.
    pub fn hold<T>(self, work: impl FnOnce() -> T) -> T {
        /// Puts back what was there before, should the work panic.
        struct Before(Deadline);
        impl Drop for Before {
            fn drop(&mut self) {
                CURRENT.replace(std::mem::take(&mut self.0));
            }
        }
        let _before = Before(CURRENT.replace(self));
        work()
    }

    /// Looks whether the work at hand may go on.
    ///
    /// # Errors
    /// Where its deadline is over.
    pub fn check() -> Result<(), IndexError> {
        if CURRENT.with_borrow(Self::is_over) { Err(IndexError::OutOfTime) } else { Ok(()) }
    }

    fn is_over(&self) -> bool {
        self.is_unwanted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
            || self.at.is_some_and(|at| Instant::now() >= at)
    }
}

/// What a loop looks at in each of its steps.
#[derive(Debug)]
pub(super) struct Pulse {
    deadline: Deadline,
    steps: Cell<u32>,
    is_over: Cell<bool>,
}

impl Pulse {
    /// The deadline of the work at hand.
    pub(super) fn new() -> Self {
        Self { deadline: CURRENT.with_borrow(Clone::clone), steps: Cell::new(0), is_over: Cell::new(false) }
    }

    /// Whether to stop; once it is so it stays so.
    pub(super) fn is_over(&self) -> bool {
        let steps = self.steps.get();
        self.steps.set(if steps == 0 { LOOK_EVERY } else { steps - 1 });
        if steps == 0 && !self.is_over.get() {
            self.is_over.set(self.deadline.is_over());
        }
        self.is_over.get()
    }

    /// Looks at the clock at once, where a loop may have been left by it.
    pub(super) fn check_now(&self) -> tantivy::Result<()> {
        self.steps.set(0);
        self.check()
    }

    /// The same, as an error.
    pub(super) fn check(&self) -> tantivy::Result<()> {
        if self.is_over() { Err(out_of_time()) } else { Ok(()) }
    }
}

/// Visits what a weight finds in a segment, deleted documents left out, each with its score.
pub(super) fn each_scored(
    weight: &dyn Weight,
    reader: &SegmentReader,
    visit: &mut dyn FnMut(DocId, Score),
) -> tantivy::Result<()> {
    let pulse = Pulse::new();
    pulse.check()?;
    let mut scorer = weight.scorer(reader, 1.0)?;
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        pulse.check()?;
        if !reader.is_deleted(doc) {
            visit(doc, scorer.score());
        }
        doc = scorer.advance();
    }
    Ok(())
}

/// Visits what a weight finds in a segment, deleted documents left out.
pub(super) fn each(weight: &dyn Weight, reader: &SegmentReader, visit: &mut dyn FnMut(DocId)) -> tantivy::Result<()> {
    let pulse = Pulse::new();
    pulse.check()?;
    let mut scorer = weight.scorer(reader, 1.0)?;
    let mut docs = [0; COLLECT_BLOCK_BUFFER_LEN];
    loop {
        let found = scorer.fill_buffer(&mut docs);
        for &doc in docs[..found].iter().filter(|&&doc| !reader.is_deleted(doc)) {
            pulse.check()?;
            visit(doc);
        }
        if found < docs.len() {
            return Ok(());
        }
    }
}

/// Visits what a scorer finds in a segment, deleted documents left out, with `more` that is added to its score, above a bar, which each
/// visit may raise. How many it finds.
pub(super) fn each_above(
    scorer: &mut dyn Scorer,
    reader: &SegmentReader,
    more: &mut dyn FnMut(DocId) -> tantivy::Result<Score>,
    mut bar: Score,
    visit: &mut dyn FnMut(DocId, Score) -> Score,
) -> tantivy::Result<u64> {
    let (mut found, pulse) = (0, Pulse::new());
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        pulse.check()?;
        if !reader.is_deleted(doc) {
            found += 1;
            let score = scorer.score() + more(doc)?;
            if score > bar {
                bar = visit(doc, score);
            }
        }
        doc = scorer.advance();
    }
    Ok(found)
}

/// What the engine is told by its collectors, and tells us again.
#[derive(Debug, thiserror::Error)]
#[error("out of time")]
struct OutOfTime;

fn out_of_time() -> TantivyError {
    TantivyError::IoError(Arc::new(io::Error::new(io::ErrorKind::TimedOut, OutOfTime)))
}

/// Whether an error of the engine is this one of ours.
pub(super) fn is_out_of_time(error: &(dyn std::error::Error + 'static)) -> bool {
    let of_engine = error.downcast_ref::<TantivyError>().and_then(|error| match error {
        TantivyError::IoError(error) => Some(error.as_ref()),
        _ => None,
    });
    let error = of_engine.or_else(|| error.downcast_ref::<io::Error>());
    error.and_then(io::Error::get_ref).is_some_and(<dyn std::error::Error + Send + Sync>::is::<OutOfTime>)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_deadline_stands_over_its_work_alone() {
        assert!(Deadline::check().is_ok());
        let flag = Arc::new(AtomicBool::new(false));
        let far = Instant::now() + Duration::from_hours(1);
        Deadline::new(Instant::now(), Arc::default()).hold(|| {
            assert!(matches!(Deadline::check(), Err(IndexError::OutOfTime)));
            assert!(Pulse::new().is_over());
            Deadline::new(far, Arc::clone(&flag)).hold(|| {
                assert!(Deadline::check().is_ok());
                let pulse = Pulse::new();
                assert!(!pulse.is_over());
                flag.store(true, Ordering::Relaxed);
                assert!(Deadline::check().is_err());
                assert!((0..=LOOK_EVERY).any(|_| pulse.is_over()));
            });
            assert!(Deadline::check().is_err());
        });
        assert!(Deadline::check().is_ok());
    }

    #[test]
    fn what_the_engine_gives_back_is_known_again() {
        let error = out_of_time();
        assert!(is_out_of_time(&error));
        let error = IndexError::engine::<TantivyError>(std::path::Path::new("index"))(error);
        assert!(matches!(error, IndexError::OutOfTime));
        assert!(!is_out_of_time(&io::Error::from(io::ErrorKind::TimedOut)));
    }
}
