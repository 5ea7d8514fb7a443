//! A passage and its marks → the parts that are shown.

use std::borrow::Cow;

use super::{marks::Mark, passage::Passage};
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
    /// Whether text was left out before it, behind the passage before.
    pub cut_before: bool,
    /// Whether text was left out after it; of the last passage.
    pub cut_after: bool,
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text, as it stands in the document.
    pub text: String,
    /// By what the query matched it; `None` where it did not.
    pub route: Option<Route>,
}

/// What stands before and behind a marked part in HTML.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tags {
    /// Before it.
    pub pre: String,
    /// Behind it.
    pub post: String,
}

impl Default for Tags {
    /// The element that HTML has for it.
    fn default() -> Self {
        Self { pre: "<mark>".into(), post: "</mark>".into() }
    }
}

impl Fragment {
    pub(super) fn of(passage: &Passage, marks: &[Mark]) -> Self {
        Self::parted(passage.span, marks, |from, to| passage.piece(from, to).to_owned())
    }

    pub(super) fn of_whole(text: &str, marks: &[Mark]) -> Self {
        Self::parted(Span::new(0, text.len()), marks, |from, to| text[from..to].to_owned())
    }

    fn parted(span: Span, marks: &[Mark], piece: impl Fn(usize, usize) -> String) -> Self {
        let mut parts = Vec::with_capacity(2 * marks.len() + 1);
        let mut at = span.start;
        for mark in marks {
            if at < mark.span.start {
                parts.push(Part { text: piece(at, mark.span.start), route: None });
            }
            parts.push(Part { text: piece(mark.span.start, mark.span.end), route: Some(mark.route) });
            at = mark.span.end;
        }
        if at < span.end {
            parts.push(Part { text: piece(at, span.end), route: None });
        }
        Self { span, parts, cut_before: false, cut_after: false }
    }

    /// The passage as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// The passage as HTML in which the tags are the only markup, without ellipses.
    #[must_use]
    pub fn to_html(&self, tags: &Tags) -> String {
        let mut out = String::new();
        for part in &self.parts {
            let text = escape(&part.text);
            match part.route {
                Some(_) => out.extend([&tags.pre, text.as_ref(), &tags.post]),
                None => out.push_str(&text),
            }
        }
        out
    }
}

impl Snippet {
    /// The passages as HTML in which the tags are the only markup, with an ellipsis where text is left out.
    #[must_use]
    pub fn to_html(&self, tags: &Tags) -> String {
        self.joined(|fragment| fragment.to_html(tags))
    }

    /// The passages, each drawn by `draw`, with an ellipsis where text is left out.
    pub fn joined(&self, draw: impl Fn(&Fragment) -> String) -> String {
        let mut out = String::new();
        for (n, fragment) in self.fragments.iter().enumerate() {
            out.push_str(match (n, fragment.cut_before) {
                (0, true) => "… ",
                (0, false) => "",
                (_, true) => " … ",
                (_, false) => " ",
            });
            out.push_str(&draw(fragment));
        }
        if self.fragments.last().is_some_and(|fragment| fragment.cut_after) {
            out.push_str(" …");
        }
        out
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    // Byte by byte, which takes many at a time; none of these is a part of another character.
    if !text.bytes().fold(false, |is_any, byte| is_any | matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
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
