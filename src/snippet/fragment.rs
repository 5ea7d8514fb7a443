//! A passage → the parts that are shown, marked and plain.

use std::borrow::Cow;

use serde::Serialize;

use super::matches::Match;
use crate::{analysis::Route, text::Span};

/// The passages of a document that answer a query, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The passages.
    pub fragments: Vec<Fragment>,
}

/// One passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Where it stands in the text.
    pub span: Span,
    /// Its parts, which joined are the passage.
    pub parts: Vec<Part>,
    /// Whether text was left out before it.
    pub cut_before: bool,
    /// Whether text was left out after it.
    pub cut_after: bool,
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The text, as it stands in the document.
    pub text: String,
    /// Whether the query matched it.
    pub marked: bool,
    /// By what it matched: `exact`, `stem`, `lemma` or `prefix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<&'static str>,
}

/// The parts of one passage of a text.
pub(super) fn fragment(text: &str, span: Span, matches: &[Match]) -> Fragment {
    let mut parts = Vec::new();
    let mut at = span.start;
    let mut push = |from: usize, to: usize, route: Option<Route>| {
        if from < to {
            let text = text[from..to].to_owned();
            parts.push(Part { text, marked: route.is_some(), route: route.map(Route::name) });
        }
    };
    let first = matches.partition_point(|found| found.span.start < span.start);
    for found in matches[first..].iter().take_while(|found| found.span.end <= span.end) {
        push(at, found.span.start, None);
        push(found.span.start, found.span.end, Some(found.route));
        at = found.span.end;
    }
    push(at, span.end, None);
    let is_left_out = |rest: &str| !rest.trim().is_empty();
    Fragment { span, parts, cut_before: is_left_out(&text[..span.start]), cut_after: is_left_out(&text[span.end..]) }
}

impl Fragment {
    /// The passage as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// The passage as HTML, in which the marks are the only markup, without ellipses.
    #[must_use]
    pub fn to_html(&self) -> String {
        self.parts
            .iter()
            .map(|part| {
                let text = escape(&part.text);
                if part.marked { Cow::Owned(format!("<mark>{text}</mark>")) } else { text }
            })
            .collect()
    }
}

impl Snippet {
    /// The passages as HTML in which the marks are the only markup, with an ellipsis where text is left out.
    #[must_use]
    pub fn to_html(&self) -> String {
        self.joined(Fragment::to_html)
    }

    /// The passages, each drawn by `draw`, with an ellipsis where text is left out.
    pub fn joined(&self, draw: impl Fn(&Fragment) -> String) -> String {
        let mut out = String::new();
        for (n, fragment) in self.fragments.iter().enumerate() {
            match (n, fragment.cut_before) {
                (0, true) => out.push_str("… "),
                (0, false) => {}
                _ => out.push_str(" … "),
            }
            out.push_str(&draw(fragment));
        }
        if self.fragments.last().is_some_and(|fragment| fragment.cut_after) {
            out.push_str(" …");
        }
        out
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}
