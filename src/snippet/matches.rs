//! Text + pattern → the words to mark.

use super::pattern::Pattern;
use crate::{analysis::tokens, text::Span};

/// A word of the text that the query matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Where it stands.
    pub span: Span,
    /// The number of its term in the pattern.
    pub term: usize,
    /// Its number among the words of the text.
    position: usize,
}

/// The words of `text` to mark, in order.
pub(super) fn find_matches(text: &str, pattern: &Pattern) -> Vec<Match> {
    if pattern.is_empty() {
        return Vec::new();
    }
    let candidates: Vec<Match> = tokens(text)
        .filter_map(|token| {
            let term = pattern.find(&token.term)?;
            Some(Match { span: token.word.span, term, position: token.position })
        })
        .collect();
    if pattern.phrases.is_empty() {
        return candidates;
    }
    let mut marked: Vec<bool> = candidates.iter().map(|found| pattern.words.contains(&found.term)).collect();
    for phrase in &pattern.phrases {
        for (start, window) in candidates.windows(phrase.len()).enumerate() {
            if is_phrase(window, phrase) {
                marked[start..start + phrase.len()].fill(true);
            }
        }
    }
    candidates.into_iter().zip(marked).filter_map(|(found, marked)| marked.then_some(found)).collect()
}

/// Whether words stand side by side in the order of the phrase.
fn is_phrase(window: &[Match], phrase: &[usize]) -> bool {
    let first = window[0].position;
    window.iter().zip(phrase).enumerate().all(|(n, (found, &term))| found.position == first + n && found.term == term)
}
