//! Analyzers that are kept between searches, with the readings of the words that they met: what queries ask for and what their
//! answers mark is the same again and again.

use std::{
    ops::{Deref, DerefMut},
    sync::{Mutex, PoisonError},
};

use crate::analysis::{Analyzer, Rules};

/// An analyzer that has met more words than this begins anew: some megabytes of readings, many more than are asked for often.
const MAX_WORDS: usize = 16_000;

/// Analyzers of the same rules, as many as were ever used at once.
#[derive(Debug)]
pub(super) struct Analyzers {
    rules: Rules,
    idle: Mutex<Vec<Analyzer>>,
}

/// An analyzer that is given back when it is dropped.
#[derive(Debug)]
pub struct LentAnalyzer<'i> {
    analyzer: Analyzer,
    owner: &'i Analyzers,
}

impl Analyzers {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, idle: Mutex::default() }
    }

    /// The one that has met most words, of those that nobody uses.
    pub(super) fn lend(&self) -> LentAnalyzer<'_> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let most = (0..idle.len()).max_by_key(|&n| idle[n].words());
        let analyzer = most.map_or_else(|| Analyzer::new(self.rules), |most| idle.swap_remove(most));
        LentAnalyzer { analyzer, owner: self }
    }
}

impl Deref for LentAnalyzer<'_> {
    type Target = Analyzer;

    fn deref(&self) -> &Analyzer {
        &self.analyzer
    }
}

impl DerefMut for LentAnalyzer<'_> {
    fn deref_mut(&mut self) -> &mut Analyzer {
        &mut self.analyzer
    }
}

impl Drop for LentAnalyzer<'_> {
    fn drop(&mut self) {
        if self.analyzer.words() <= MAX_WORDS {
            let analyzer = std::mem::take(&mut self.analyzer);
            self.owner.idle.lock().unwrap_or_else(PoisonError::into_inner).push(analyzer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_analyzer_met_is_known_to_the_next_search() {
        let analyzers = Analyzers::new(Rules { lemmas: false });
        let mut first = analyzers.lend();
        first.reading("визитами");
        first.reading("visits");
        // At the same time, so another one.
        let mut second = analyzers.lend();
        assert_eq!(second.words(), 0);
        second.reading("письмо");
        drop(first);
        drop(second);
        let mut again = analyzers.lend();
        assert_eq!(again.words(), 2, "the one that met most");
        assert_eq!(again.reading("людям").terms[..], ["люд"], "the rules are kept");
    }

    #[test]
    fn one_that_met_too_many_words_begins_anew() {
        let analyzers = Analyzers::new(Rules::default());
        let mut first = analyzers.lend();
        for n in 0..=MAX_WORDS {
            first.reading(&n.to_string());
        }
        drop(first);
        assert_eq!(analyzers.lend().words(), 0);
    }
}
