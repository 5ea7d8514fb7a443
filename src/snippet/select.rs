//! Matches → the windows around which passages are shown.
//!
//! Greedy cover: the window with the most weight of query words that were not shown yet, then the next, as long as there
//! is something new to show or room for more of the same.

use std::collections::HashSet;

use super::{Limits, matches::Match, pattern::Pattern};
use crate::text::Span;

/// The most matches that are weighed; a text with more of them shows its first passages as well as any.
const MAX_MATCHES: usize = 2_000;

/// What a word that another passage shows already is worth, against a new one.
const SEEN_AGAIN: f32 = 0.05;

/// The windows to show, best first; each spans from its first match to its last and is no longer than a fragment,
/// unless a single word is.
pub(super) fn select(text: &str, matches: &[Match], pattern: &Pattern, limits: Limits) -> Vec<Span> {
    let mut matches = matches[..matches.len().min(MAX_MATCHES)].to_vec();
    let mut chosen = Vec::new();
    let mut seen = HashSet::new();
    while chosen.len() < limits.fragments {
        let Some(best) = best_window(text, &matches, pattern, limits.fragment_chars, &seen) else { break };
        seen.extend(matches[best.first..=best.last].iter().map(|found| found.word));
        let window = Span::new(matches[best.first].span.start, matches[best.last].span.end);
        chosen.push(window);
        matches.drain(best.first..=best.last);
    }
    chosen
}

struct Window {
    first: usize,
    last: usize,
    score: f32,
}

fn best_window(
    text: &str,
    matches: &[Match],
    pattern: &Pattern,
    max_chars: usize,
    seen: &HashSet<usize>,
) -> Option<Window> {
    let mut best: Option<Window> = None;
    for first in 0..matches.len() {
        let window = window_from(text, matches, first, pattern, max_chars, seen);
        if best.as_ref().is_none_or(|best| window.score > best.score) {
            best = Some(window);
        }
    }
    best
}

/// The window that begins at one match: all further ones that fit.
fn window_from(
    text: &str,
    matches: &[Match],
    first: usize,
    pattern: &Pattern,
    max_chars: usize,
    seen: &HashSet<usize>,
) -> Window {
    let start = matches[first].span.start;
    let mut inside: HashSet<usize> = HashSet::new();
    let mut window = Window { first, last: first, score: 0.0 };
    let mut counted = start;
    let mut length = 0;
    for (last, found) in matches.iter().enumerate().skip(first) {
        // Four bytes are the most that a character has: what is farther in bytes is not worth counting.
        if found.span.end - start > 4 * max_chars {
            break;
        }
        length += text[counted..found.span.end].chars().count();
        counted = found.span.end;
        if length > max_chars && last > first {
            break;
        }
        let is_new = inside.insert(found.word) && !seen.contains(&found.word);
        window.score += pattern.weight(found.word) * if is_new { 1.0 } else { SEEN_AGAIN };
        window.last = last;
    }
    window
}
