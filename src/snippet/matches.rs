//! Text + pattern → the words to mark.

use super::pattern::Pattern;
use crate::{
    analysis::{Analyzer, Route},
    text::Span,
};

/// A word of the text that the query matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Where it stands.
    pub span: Span,
    /// The number of its word in the pattern.
    pub word: usize,
    /// By what it matched.
    pub route: Route,
    /// Its number among the words of the text.
    position: usize,
}

/// The words of `text` to mark, in order, none inside another.
pub(super) fn find_matches(text: &str, pattern: &Pattern, analyzer: &mut Analyzer) -> Vec<Match> {
    if pattern.is_empty() {
        return Vec::new();
    }
    let tokens = analyzer.tokens(text).filter_map(|token| {
        let (word, route) = pattern.find(&token.reading)?;
        Some((Match { span: token.word.span, word, route, position: token.position }, token.is_compound))
    });
    let (compounds, candidates): (Vec<_>, Vec<_>) = tokens.partition(|(_, is_compound)| *is_compound);
    let candidates: Vec<Match> = candidates.into_iter().map(|(found, _)| found).collect();
    let mut marked: Vec<bool> = candidates.iter().map(|found| pattern.is_free(found.word)).collect();
    for phrase in &pattern.phrases {
        for start in 0..candidates.len() {
            if is_phrase(&candidates[start..], phrase) {
                marked[start..start + phrase.len()].fill(true);
            }
        }
    }
    let parts = candidates.into_iter().zip(marked).filter_map(|(found, marked)| marked.then_some(found));
    let wholes = compounds.into_iter().map(|(found, _)| found).filter(|found| pattern.is_free(found.word));
    outermost(wholes.chain(parts).collect())
}

/// Whether words stand at the places of the phrase.
fn is_phrase(words: &[Match], phrase: &[(usize, usize)]) -> bool {
    let Some(first) = words.first() else { return false };
    words.len() >= phrase.len()
        && words
            .iter()
            .zip(phrase)
            .all(|(found, &(word, place))| found.position == first.position + place && found.word == word)
}

/// The matches in order, of those that overlap the longest: a compound and not its parts.
fn outermost(mut matches: Vec<Match>) -> Vec<Match> {
    matches.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
    let mut end = 0;
    matches.retain(|found| {
        let is_outside = found.span.start >= end;
        if is_outside {
            end = found.span.end;
        }
        is_outside
    });
    matches
}
