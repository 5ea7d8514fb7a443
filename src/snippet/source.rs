//! Where a snippet reads the text from.

use std::{convert::Infallible, ops::Deref, sync::Arc};

use crate::text::{Span, words};

/// A text that is read where it is needed and nowhere else; offsets are in bytes, words are counted from 0.
pub trait Source {
    /// Why it may not be readable.
    type Error;

    /// The part of the text that may be shown.
    fn shown(&self) -> Span;

    /// The text from one byte to another, each moved on to where a character begins, and where it begins.
    ///
    /// # Errors
    /// Where the text cannot be read.
    fn read(&mut self, from: usize, to: usize) -> Result<(usize, Excerpt), Self::Error>;

    /// Where a word begins, if it does so within some bytes; `None` also where there are not so many words. What stands elsewhere need
    /// not be read for it.
    ///
    /// # Errors
    /// Where the text cannot be read.
    fn start_within(&mut self, word: usize, within: Span) -> Result<Option<usize>, Self::Error>;
}

/// A piece of a text that was read; it shares what holds it, for of one text many are read that overlap.
#[derive(Debug, Clone)]
pub struct Excerpt {
    text: Arc<str>,
    span: Span,
}

impl Excerpt {
    /// What stands at a place of a text, which is empty where that is no place of it.
    #[must_use]
    pub fn new(text: Arc<str>, span: Span) -> Self {
        Self { text, span }
    }
}

impl<T: Into<Arc<str>>> From<T> for Excerpt {
    fn from(text: T) -> Self {
        let text = text.into();
        Self { span: Span::new(0, text.len()), text }
    }
}

impl Deref for Excerpt {
    type Target = str;

    fn deref(&self) -> &str {
        self.span.of(&self.text)
    }
}

impl PartialEq for Excerpt {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Excerpt {}

/// A text in memory.
#[derive(Debug, Clone)]
pub struct Plain<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Plain<'t> {
    /// A text in memory as a source.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text, starts: words(text).map(|word| word.span.start).collect() }
    }
}

impl Source for Plain<'_> {
    type Error = Infallible;

    fn shown(&self) -> Span {
        Span::new(0, self.text.len())
    }

    fn read(&mut self, from: usize, to: usize) -> Result<(usize, Excerpt), Infallible> {
        let boundary = |at: usize| (at..self.text.len()).find(|&at| self.text.is_char_boundary(at));
        let (from, to) = (boundary(from).unwrap_or(self.text.len()), boundary(to).unwrap_or(self.text.len()));
        Ok((from, self.text[from..to.max(from)].into()))
    }

    fn start_within(&mut self, word: usize, within: Span) -> Result<Option<usize>, Infallible> {
        Ok(self.starts.get(word).copied().filter(|&start| within.contains(start)))
    }
}
