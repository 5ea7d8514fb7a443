//! Answers to searches, kept until the index changes: what is asked again is not looked for again.
//!
//! Most of what is asked is asked once. So an answer is kept from the second time on: others would only drive out those that are asked for
//! again, and take ever new memory, which is in no cache of the processor.

use std::{
    collections::HashMap,
    hash::BuildHasher,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use axum::body::Bytes;
use foldhash::fast::FixedState;
use lru::LruCache;

use crate::{
    live::IndexName,
    search::{Answer, Correction, Request},
};

/// How much memory they take at most, in bytes of their JSON.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Room for the JSON of ten hits with their snippets, in bytes.
const TYPICAL_BYTES: usize = 32 * 1024;

/// The largest that is kept, in bytes: ten hits with their snippets take some 20 KB, a hundred ten times as much.
const MAX_BYTES_OF_ONE: usize = MAX_BYTES / 64;

/// How many there are at most: small ones have their requests to keep, too.
const MAX_COUNT: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();

/// By what an answer is known: the index that gave it, the number of the state that it was in, and what it was asked.
pub(super) type Question = (IndexName, u64, Request);

/// An answer, and what is told of it elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub json: Bytes,
    pub hits: u64,
    pub corrections: Vec<Correction>,
}

/// The answers that are kept: those of the newest state of each index.
pub(super) struct Answers(Mutex<Held>);

struct Held {
    answers: LruCache<Question, Kept>,
    asked: AskedLately,
    bytes: usize,
    /// The newest state of each index that gave an answer.
    newest: HashMap<IndexName, u64>,
}

impl Kept {
    /// An answer as it is sent.
    ///
    /// # Errors
    /// None that is known: every answer is JSON.
    pub(super) fn of(answer: Answer) -> serde_json::Result<Self> {
        let mut json = Vec::with_capacity(TYPICAL_BYTES);
        serde_json::to_writer(&mut json, &answer)?;
        Ok(Self { json: json.into(), hits: answer.estimated_total_hits, corrections: answer.repairs.corrections })
    }
}

impl Default for Answers {
    fn default() -> Self {
        let held =
            Held { answers: LruCache::new(MAX_COUNT), asked: AskedLately::default(), bytes: 0, newest: HashMap::new() };
        Self(Mutex::new(held))
    }
}

impl Answers {
    /// The answer to a question that was asked before.
    pub(super) fn get(&self, question: &Question) -> Option<Kept> {
        self.held(|held| held.answers.get(question).cloned())
    }

    /// Keeps an answer to a question that was asked before, unless there are some of a newer state of its index; those of an older one are
    /// let go, and where there are too many those that were asked for longest ago.
    pub(super) fn keep(&self, question: Question, kept: &Kept) {
        if kept.json.len() > MAX_BYTES_OF_ONE {
            return;
        }
        self.held(|held| {
            if !held.is_of_newest(&question) || !held.asked.again(&question) {
                return;
            }
            // As long as it is: the room that is left behind it would be kept with it.
            let kept = Kept { json: Bytes::copy_from_slice(&kept.json), ..kept.clone() };
            held.bytes += kept.json.len();
            // What was there before is given back too, of the same question or the oldest of too many.
            let before = held.answers.push(question, kept);
            held.bytes -= before.map_or(0, |(_, before)| before.json.len());
            while held.bytes > MAX_BYTES {
                let Some((_, oldest)) = held.answers.pop_lru() else { break };
                held.bytes -= oldest.json.len();
            }
        });
    }

    fn held<T>(&self, work: impl FnOnce(&mut Held) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The questions that were asked lately, by a number made of each; of two that share a place the later one is known.
struct AskedLately {
    /// Fixed, so that it is the same each time which questions share a place: nothing is told by it.
    hasher: FixedState,
    places: Box<[u64]>,
}

impl Default for AskedLately {
    fn default() -> Self {
        Self { hasher: FixedState::default(), places: vec![0; MAX_COUNT.get()].into() }
    }
}

impl AskedLately {
    /// Whether a question was asked before, which it was from now on.
    fn again(&mut self, question: &Question) -> bool {
        let number = self.hasher.hash_one(question);
        let place = usize::try_from(number % self.places.len() as u64).unwrap_or_default();
        std::mem::replace(&mut self.places[place], number) == number
    }
}

impl Held {
    /// Whether an answer is of the newest state of its index; if it is the first of it, what is older is let go.
    fn is_of_newest(&mut self, (index, state, _): &Question) -> bool {
        let newest = self.newest.entry(index.clone()).or_default();
        if state > newest {
            *newest = *state;
            self.answers.retain(|(other, of, _), _| other != index || of == state);
            self.bytes = self.answers.iter().map(|(_, kept)| kept.json.len()).sum();
        }
        state == newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(state: u64, q: &str) -> Question {
        (IndexName::default(), state, Request::new(q, None, None, None).expect("in bounds"))
    }

    fn kept(bytes: usize) -> Kept {
        Kept { json: vec![b' '; bytes].into(), hits: 1, corrections: Vec::new() }
    }

    /// Asks a question so often that its answer of so many bytes is kept.
    fn keep(answers: &Answers, question: &Question, bytes: usize) {
        for _ in 0..2 {
            answers.keep(question.clone(), &kept(bytes));
        }
    }

    #[test]
    fn an_answer_is_kept_from_the_second_time_on() {
        let answers = Answers::default();
        for q in ["визит", "visit"] {
            answers.keep(question(1, q), &kept(5));
            assert_eq!(answers.get(&question(1, q)), None);
        }
        for q in ["визит", "visit"] {
            answers.keep(question(1, q), &kept(5));
            assert_eq!(answers.get(&question(1, q)), Some(kept(5)));
        }
        assert_eq!(answers.held(|held| held.bytes), 10);
    }

    #[test]
    fn an_answer_is_that_of_one_question_to_one_state() {
        let answers = Answers::default();
        keep(&answers, &question(1, "визит"), 5);
        assert_eq!(answers.get(&question(1, "визит")), Some(kept(5)));
        assert_eq!(answers.get(&question(2, "визит")), None);
        assert_eq!(answers.get(&question(1, "visit")), None);
        keep(&answers, &question(1, "визит"), 7);
        assert_eq!(answers.get(&question(1, "визит")), Some(kept(7)));
        assert_eq!(answers.held(|held| held.bytes), 7);
    }

    #[test]
    fn what_an_index_said_before_it_changed_is_let_go() {
        let answers = Answers::default();
        let of_archive = |state, q| ("archive".parse().expect("a name"), state, question(state, q).2);
        keep(&answers, &question(3, "визит"), 5);
        keep(&answers, &question(3, "visit"), 5);
        keep(&answers, &of_archive(2, "визит"), 11);
        keep(&answers, &question(4, "визит"), 7);
        assert_eq!(answers.get(&question(3, "visit")), None);
        assert_eq!(answers.get(&of_archive(2, "визит")), Some(kept(11)));
        assert_eq!(answers.held(|held| (held.answers.len(), held.bytes)), (2, 18));
        keep(&answers, &question(3, "visit"), 5);
        assert_eq!(answers.get(&question(3, "visit")), None, "it came late");
        assert_eq!(answers.held(|held| held.bytes), 18);
    }

    #[test]
    fn the_oldest_give_way() {
        let answers = Answers::default();
        keep(&answers, &question(1, "первый"), MAX_BYTES_OF_ONE);
        keep(&answers, &question(1, "second"), MAX_BYTES_OF_ONE);
        for n in 2..64 {
            keep(&answers, &question(1, &n.to_string()), MAX_BYTES_OF_ONE);
            assert!(answers.get(&question(1, "первый")).is_some());
        }
        keep(&answers, &question(1, "последний"), 1);
        assert_eq!(answers.get(&question(1, "second")), None);
        assert!(answers.get(&question(1, "первый")).is_some());
        keep(&answers, &question(1, "too long"), MAX_BYTES_OF_ONE + 1);
        assert_eq!(answers.get(&question(1, "too long")), None);
        let (bytes, sum) =
            answers.held(|held| (held.bytes, held.answers.iter().map(|(_, kept)| kept.json.len()).sum::<usize>()));
        assert_eq!(bytes, sum);
    }

    #[test]
    fn there_are_not_too_many_however_small() {
        let answers = Answers::default();
        for n in 0..=MAX_COUNT.get() {
            keep(&answers, &question(1, &n.to_string()), 2);
        }
        assert_eq!(answers.held(|held| (held.answers.len(), held.bytes)), (MAX_COUNT.get(), 2 * MAX_COUNT.get()));
    }
}
