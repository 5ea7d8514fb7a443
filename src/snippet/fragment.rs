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
    /// Whether text was left out before it, behind the passage before.
    pub cut_before: bool,
    /// Whether text was left out after it; of the last passage.
    pub cut_after: bool,
    text: String,
    /// What is marked of it: where it stands in the passage, and by what the query matched it.
    marks: Vec<(Span, Route)>,
}

/// A piece of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'f> {
    /// The text, as it stands in the document.
    pub text: &'f str,
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
        Self::new(passage.span, passage.text(), marks)
    }

    pub(super) fn of_whole(text: &str, marks: &[Mark]) -> Self {
        Self::new(Span::new(0, text.len()), text, marks)
    }

    fn new(span: Span, text: &str, marks: &[Mark]) -> Self {
        let inside = |mark: &Mark| (Span::new(mark.span.start - span.start, mark.span.end - span.start), mark.route);
        Self { span, ..Self::marked(text.to_owned(), marks.iter().map(inside).collect()) }
    }

    /// A whole text with some spans of it marked, which stand in order and apart.
    pub(crate) fn marked(text: String, mut marks: Vec<(Span, Route)>) -> Self {
        marks.retain(|(span, _)| !span.is_empty());
        Self { span: Span::new(0, text.len()), cut_before: false, cut_after: false, text, marks }
    }

    /// The passage as plain text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its parts, which joined are the passage; none is empty.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut at = 0;
        let mut marks = self.marks.iter().peekable();
        std::iter::from_fn(move || {
            let mark = marks.next_if(|(span, _)| span.start == at);
            let next = marks.peek().map_or(self.text.len(), |(span, _)| span.start);
            let span = Span::new(at, mark.map_or(next, |(span, _)| span.end));
            at = span.end;
            (!span.is_empty()).then(|| Part { text: span.of(&self.text), route: mark.map(|&(_, route)| route) })
        })
    }

    /// The passage as HTML in which the tags are the only markup, without ellipses.
    #[must_use]
    pub fn to_html(&self, tags: &Tags) -> String {
        let mut out = String::with_capacity(self.html_bytes(tags));
        self.write_html(tags, &mut out);
        out
    }

    /// How many bytes it takes as HTML, or a few more or less.
    fn html_bytes(&self, tags: &Tags) -> usize {
        self.text.len() + self.marks.len() * (tags.pre.len() + tags.post.len())
    }

    fn write_html(&self, tags: &Tags, out: &mut String) {
        for part in self.parts() {
            let text = escape(part.text);
            match part.route {
                Some(_) => out.extend([&tags.pre, text.as_ref(), &tags.post]),
                None => out.push_str(&text),
            }
        }
    }

    /// Some passages of a text in their order, each written by `write`, with an ellipsis where text is left out.
    pub fn joined<'f>(
        fragments: impl IntoIterator<Item = &'f Self>,
        out: &mut String,
        mut write: impl FnMut(&Self, &mut String),
    ) {
        let mut last = None;
        for fragment in fragments {
            out.push_str(match (last, fragment.cut_before) {
                (None, true) => "… ",
                (None, false) => "",
                (Some(_), true) => " … ",
                (Some(_), false) => " ",
            });
            write(fragment, out);
            last = Some(fragment);
        }
        if last.is_some_and(|last| last.cut_after) {
            out.push_str(" …");
        }
    }
}

impl Snippet {
    /// The passages as HTML in which the tags are the only markup, with an ellipsis where text is left out.
    #[must_use]
    pub fn to_html(&self, tags: &Tags) -> String {
        let ellipses = " … ".len() * (self.fragments.len() + 1);
        let bytes = self.fragments.iter().map(|fragment| fragment.html_bytes(tags)).sum::<usize>() + ellipses;
        let mut out = String::with_capacity(bytes);
        Fragment::joined(&self.fragments, &mut out, |fragment, out| fragment.write_html(tags, out));
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
