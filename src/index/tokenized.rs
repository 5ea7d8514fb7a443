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

/// Whoever analyses: one for each thread that does so at once.
#[derive(Debug)]
pub(super) struct Worker {
    analyzer: Analyzer,
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
        let known = idle.iter().rposition(|worker| worker.kept(text).text == text);
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
        Self { analyzer: Analyzer::new(rules), short: Kept::default(), long: Kept::default() }
    }

    fn kept(&self, text: &str) -> &Kept {
        if text.len() < SHORT_BYTES { &self.short } else { &self.long }
    }

    /// Sees to it that [`Worker::tokens`] are those of this text, of at most [`MAX_BYTES`].
    pub(super) fn analyse(&mut self, text: &str) {
        let Self { analyzer, short, long } = self;
        let kept = if text.len() < SHORT_BYTES { short } else { long };
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
        &self.kept(text).tokens
    }

    /// The words of a text that stand in it as names do.
    pub(super) fn names(&mut self, text: &str) -> Vec<Arc<Reading>> {
        self.analyzer.names(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(worker: &Worker, text: &str) -> Vec<(u32, String)> {
        worker.tokens(text).iter().map(|token| (token.position, token.reading.form.clone())).collect()
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
