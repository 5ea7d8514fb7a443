//! A form → the forms of the index that are a few edits of letters away, and how often they stand in it.
//!
//! The dictionary of forms is walked with an automaton that accepts what is near, so that of a million forms some thousands
//! are looked at. It counts letters, not bytes, and two letters in the wrong order as one edit.

use std::{
    cell::LazyCell,
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::{Index, IndexError, deadline::Pulse, kept::sums, remembered::Remembered};

/// The tables that automata are made from, for one edit and for two: made once, as the second takes some milliseconds.
static BUILDERS: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [LevenshteinAutomatonBuilder::new(1, true), LevenshteinAutomatonBuilder::new(2, true)]);

/// How many walks are remembered; then all are forgotten.
const MAX_WALKS: usize = 10_000;

/// The forms near those that were asked for, each with the number of documents that hold it, by form and number of edits: the same
/// rare words are asked for again and again.
pub(super) type KnownNear = Remembered<(String, usize), Arc<[(String, u64)]>, MAX_WALKS>;

/// The forms that are so many edits away, 1 or 2, each with the number of documents that hold it; the form itself is not
/// among them.
///
/// # Errors
/// Where the dictionary cannot be read.
pub(super) fn near(form: &str, edits: usize, index: &Index) -> tantivy::Result<Vec<(String, u64)>> {
    let Some(builder) = edits.checked_sub(1).and_then(|n| BUILDERS.get(n)) else { return Ok(Vec::new()) };
    let walk = LazyCell::new(|| Walk { near: builder.build_dfa(form), pulse: Pulse::new() });
    let key = (form.to_owned(), edits);
    let found = index.segments_kept().map(|(reader, kept)| {
        kept.near.get_or(&key, || {
            let forms = reader.inverted_index(index.fields().forms)?;
            let mut stream = forms.terms().search(&*walk).into_stream()?;
            let mut counts = Vec::new();
            while stream.advance() {
                // Words are UTF-8, as all text.
                let Ok(near) = std::str::from_utf8(stream.key()) else { continue };
                if near != form {
                    counts.push((near.to_owned(), u64::from(stream.value().doc_freq)));
                }
            }
            // A walk that was cut short has found less, or nothing.
            walk.pulse.check_now()?;
            Ok(counts.into())
        })
    });
    Ok(sums(found)?.into_iter().collect())
}

impl Index {
    /// The forms that so many documents hold at least, in the order of their letters, each with the number of documents.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn forms(&self, least: u64) -> Result<Vec<(String, u64)>, IndexError> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for reader in self.searcher().segment_readers() {
            let forms = reader.inverted_index(self.fields().forms).map_err(IndexError::engine(self.dir()))?;
            let mut stream = forms.terms().stream().map_err(IndexError::io(self.dir()))?;
            while stream.advance() {
                let Ok(form) = std::str::from_utf8(stream.key()) else { continue };
                *counts.entry(form.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
        let mut forms: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= least).collect();
        forms.sort_unstable();
        Ok(forms)
    }
}

/// What is near a form, as an automaton over the bytes of a dictionary.
struct Walk {
    near: DFA,
    /// Where time is up, every way is closed.
    pulse: Pulse,
}

impl Automaton for &Walk {
    type State = u32;

    fn start(&self) -> u32 {
        self.near.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.near.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        if self.pulse.is_over() { SINK_STATE } else { self.near.transition(*state, byte) }
    }
}
