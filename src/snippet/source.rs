//! Where a snippet reads the text from.

use std::convert::Infallible;

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
    fn read(&mut self, from: usize, to: usize) -> Result<(usize, String), Self::Error>;

    /// Where a word begins, if it does so within some bytes; `None` also where there are not so many words. What stands elsewhere need
    /// not be read for it.
    ///
    /// # Errors
    /// Where the text cannot be read.
    fn start_within(&mut self, word: usize, within: Span) -> Result<Option<usize>, Self::Error>;
}

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

    fn read(&mut self, from: usize, to: usize) -> Result<(usize, String), Infallible> {
        let boundary = |at: usize| (at..self.text.len()).find(|&at| self.text.is_char_boundary(at));
        let (from, to) = (boundary(from).unwrap_or(self.text.len()), boundary(to).unwrap_or(self.text.len()));
        Ok((from, self.text[from..to.max(from)].to_owned()))
    }

    fn start_within(&mut self, word: usize, within: Span) -> Result<Option<usize>, Infallible> {
        Ok(self.starts.get(word).copied().filter(|&start| within.contains(start)))
    }
}
