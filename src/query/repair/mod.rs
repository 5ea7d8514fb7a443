//! Query as typed → what of it was probably meant otherwise: words that were typed on the wrong keyboard layout,
//! or with letters of another alphabet.
//!
//! A repair changes the text of a query, so that what is searched for can be shown and typed again. Operators, quotes, names
//! of fields, numbers, prefixes and forms that are asked for as typed stay what they are.

mod layout;
mod lookalike;
mod runs;

use crate::{
    analysis::{Analyzer, Reading},
    text::Span,
};
use runs::runs;

/// What an index knows of words.
pub trait Vocabulary {
    /// How many documents hold a word, in any form.
    fn documents(&self, reading: &Reading) -> u64;

    /// How many documents hold it in the form as typed.
    fn documents_as_typed(&self, reading: &Reading) -> u64;
}

/// What was wrong with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It was typed on the keyboard layout of another language.
    Layout,
    /// A letter of another alphabet stands in it for one that looks like it.
    Lookalike,
}

/// A word of a query, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Where it stands in the query.
    pub span: Span,
    /// What was typed.
    pub from: String,
    /// What was probably meant.
    pub to: String,
    /// What was wrong.
    pub kind: Kind,
    /// Whether it is plain enough to search for it unasked.
    pub is_sure: bool,
}

impl Kind {
    /// The name that answers use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Lookalike => "lookalike",
        }
    }
}

/// What of a query was probably meant otherwise, in the order in which it was typed.
#[must_use]
pub fn repairs(text: &str, analyzer: &mut Analyzer, vocabulary: &impl Vocabulary) -> Vec<Repair> {
    let runs = runs(text);
    layout::repairs(&runs, analyzer, vocabulary)
}

/// The words of a query that analysis reads otherwise than they were typed, whether they are repaired or not.
#[must_use]
pub fn mended(text: &str) -> Vec<Repair> {
    lookalike::mended(&runs(text))
}

/// A query with some repairs made, which stand in the order of its words.
#[must_use]
pub fn repaired<'r>(text: &str, repairs: impl IntoIterator<Item = &'r Repair>) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for repair in repairs {
        out.push_str(&text[at..repair.span.start]);
        out.push_str(&repair.to);
        at = repair.span.end;
    }
    out.push_str(&text[at..]);
    out
}
