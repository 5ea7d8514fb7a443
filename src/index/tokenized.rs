//! Texts on their way into the engine, each analysed once, however many fields take something of it.
//!
//! The engine asks for the tokens of a field, then for those of the next, of the same document on the same thread; and it throws its
//! tokenizers away with each segment. So what was analysed last, and the words that were met, are kept here, beside them.

use std::sync::{Arc, Mutex, PoisonError};

use crate::analysis::{Analyzer, Reading, Rules};

/// A longer text is analysed as it is read, for each field anew, in bytes: its tokens would take many times its room.
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// A text that is shorter, in bytes, does not drive out a longer one: a title comes before the text, for each field.
const SHORT_BYTES: usize = 512;

/// A word of a text, or a compound.
#[derive(Debug)]
pub(super) struct Tokenized {
    /// Its number among the words of the text.
    pub position: u32,
    /// Where it stands in the text, in bytes.
    pub from: u32,
    pub to: u32,
    pub reading: Arc<Reading>,
}

/// A text, and its tokens.
#[derive(Debug, Default)]
struct Kept {
    text: String,
    tokens: Vec<Tokenized>,
}

/// So many readings are told apart that come up in a text.
const MET: usize = 4_096;

/// The readings that came up in a text. Each has one place, by where it stands in memory; where two of them have the same, each drives
/// the other out, and both come up again.
#[derive(Debug)]
struct Met {
    /// Where a reading stands, and the number of the text that it came up in.
    places: Box<[(usize, u32)]>,
    /// The number of the text at hand.
    text: u32,
}

/// Whoever analyses: one for each thread that does so at once.
#[derive(Debug)]
pub(super) struct Worker {
    analyzer: Analyzer,
    last: Last,
    met: Met,
}

/// The texts that were analysed last.
#[derive(Debug, Default)]
struct Last {
    short: Kept,
    long: Kept,
}

/// The workers of an index.
#[derive(Debug)]
pub(super) struct Workers {
    rules: Rules,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, idle: Mutex::default() }
    }

    /// A worker; the one that analysed this text last, if there is one.
    pub(super) fn take(&self, text: &str) -> Worker {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle.iter().rposition(|worker| worker.last.of(text).text == text);
        match known {
            Some(known) => idle.swap_remove(known),
            None => idle.pop().unwrap_or_else(|| Worker::new(self.rules)),
        }
    }

    pub(super) fn give_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

impl Worker {
    fn new(rules: Rules) -> Self {
        let met = Met { places: vec![(0, 0); MET].into(), text: 0 };
        Self { analyzer: Analyzer::new(rules), last: Last::default(), met }
    }

    /// Sees to it that [`Worker::tokens`] are those of this text, of at most [`MAX_BYTES`].
    pub(super) fn analyse(&mut self, text: &str) {
        let Self { analyzer, last, .. } = self;
        let kept = if text.len() < SHORT_BYTES { &mut last.short } else { &mut last.long };
        if kept.text == text {
            return;
        }
        kept.tokens.clear();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        kept.tokens.extend(analyzer.tokens(text).map(|token| Tokenized {
            position: number(token.position),
            from: number(token.word.span.start),
            to: number(token.word.span.end),
            reading: token.reading,
        }));
        kept.text.clear();
        kept.text.push_str(text);
    }

    /// The tokens of a text that was analysed last.
    pub(super) fn tokens(&self, text: &str) -> &[Tokenized] {
        &self.last.of(text).tokens
    }

    /// Begins with the forms of a text, as [`Worker::next_form`] gives them.
    pub(super) fn begin_forms(&mut self) {
        self.met.text = self.met.text.wrapping_add(1);
    }

    /// The number of the next token, from one on, whose form did not come up yet. Some come up again: that tells nothing new of the
    /// document, and costs the engine another look.
    pub(super) fn next_form(&mut self, text: &str, from: usize) -> usize {
        let Self { last, met, .. } = self;
        let tokens = &last.of(text).tokens;
        let is_new = |token: &Tokenized| met.is_new(&token.reading);
        tokens.get(from..).and_then(|tokens| tokens.iter().position(is_new)).map_or(tokens.len(), |n| from + n)
    }

    /// The words of a text that stand in it as names do.
    pub(super) fn names(&mut self, text: &str) -> Vec<Arc<Reading>> {
        self.analyzer.names(text).collect()
    }
}

impl Last {
    /// The text that was analysed last, of those that are as short or as long as one.
    fn of(&self, text: &str) -> &Kept {
        if text.len() < SHORT_BYTES { &self.short } else { &self.long }
    }
}

impl Met {
    /// Whether a reading comes up for the first time, or since another one took its place.
    fn is_new(&mut self, reading: &Arc<Reading>) -> bool {
        let met = (Arc::as_ptr(reading).addr(), self.text);
        let place = &mut self.places[met.0 / align_of::<Reading>() % MET];
        std::mem::replace(place, met) != met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(worker: &Worker, text: &str) -> Vec<(u32, String)> {
        worker.tokens(text).iter().map(|token| (token.position, token.reading.form.to_string())).collect()
    }

    #[test]
    fn the_text_that_was_analysed_last_comes_back_to_whoever_did() {
        let workers = Workers::new(Rules::default());
        let long = "Министры met. ".repeat(100);
        let (mut first, mut second) = (workers.take("Визит"), workers.take("Visit"));
        first.analyse("Визит");
        first.analyse(&long);
        second.analyse("Visit");
        let met = positions(&first, &long);
        assert_eq!((met.len(), &met[199]), (200, &(199, "met".to_owned())));
        workers.give_back(first);
        workers.give_back(second);
        let again = workers.take(&long);
        assert_eq!(positions(&again, "Визит"), [(0, "визит".to_owned())], "a title stays beside the text");
        assert_eq!(positions(&again, &long), met);
        assert_eq!(positions(&workers.take("other"), "Visit"), [(0, "visit".to_owned())]);
    }

    #[test]
    fn each_form_of_a_text_comes_up_and_few_come_twice() {
        let text = "Министры и визит, ministers and a visit: министры. ".repeat(90);
        let mut worker = Workers::new(Rules::default()).take(&text);
        for _ in 0..2 {
            worker.analyse(&text);
            worker.begin_forms();
            let (mut forms, mut next) = (Vec::new(), worker.next_form(&text, 0));
            while let Some(token) = worker.tokens(&text).get(next) {
                forms.push(token.reading.form.clone());
                next = worker.next_form(&text, next + 1);
            }
            let count = forms.len();
            forms.sort_unstable();
            forms.dedup();
            assert_eq!(forms, ["a", "and", "ministers", "visit", "визит", "и", "министры"]);
            assert!(count < 300, "{count} of 720 words");
        }
    }

    #[test]
    fn tokens_are_those_of_analysis() {
        let text = "U.N. и научно-технический 1 000 визит: стали people’s US";
        let mut worker = Workers::new(Rules::default()).take(text);
        worker.analyse("Another text");
        worker.analyse(text);
        let mut analyzer = Analyzer::default();
        let told =
            worker.tokens(text).iter().map(|t| (t.position as usize, t.from as usize, t.to as usize, &t.reading));
        let tokens: Vec<_> = analyzer.tokens(text).collect();
        assert!(told.eq(tokens.iter().map(|t| (t.position, t.word.span.start, t.word.span.end, &t.reading))));
    }
}
