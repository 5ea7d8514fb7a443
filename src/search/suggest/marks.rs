//! A text and what of it was typed → parts.

use crate::{
    analysis::Route,
    snippet::{Fragment, Part},
    text::Span,
};

/// A whole text with some spans of it marked, which stand in order and apart.
pub(super) fn fragment(text: &str, marks: &[(Span, Route)]) -> Fragment {
    let mut parts = Vec::with_capacity(2 * marks.len() + 1);
    let mut at = 0;
    let mut add = |from: usize, to: usize, route| {
        if from < to {
            parts.push(Part { text: text[from..to].to_owned(), route });
        }
    };
    for &(span, route) in marks {
        add(at, span.start, None);
        add(span.start, span.end, Some(route));
        at = span.end;
    }
    add(at, text.len(), None);
    Fragment { span: Span::new(0, text.len()), parts, cut_before: false, cut_after: false }
}
