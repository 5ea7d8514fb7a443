//! Query as typed → what of it was probably meant otherwise: words that were typed on the wrong keyboard layout,
//! with letters of another alphabet, or misspelt.
//!
//! A repair changes the text of a query, so that what is searched for can be shown and typed again. Operators, quotes, names
//! of fields, numbers, prefixes and forms that are asked for as typed stay what they are.

mod judge;
mod layout;
mod lookalike;
mod runs;
mod spelling;

use crate::{
    analysis::{Analyzer, Reading, Token},
    text::Span,
};
use runs::{Run, runs};

/// What an index knows of words.
pub trait Vocabulary {
    /// How many documents there are.
    fn size(&self) -> u64;

    /// How many documents hold a word, in any form.
    fn documents(&self, reading: &Reading) -> u64;

    /// How many documents hold it in the form as typed.
    fn documents_as_typed(&self, reading: &Reading) -> u64;

    /// The forms that are so many edits of letters away from a form, 1 or 2, each with the number of documents that hold it;
    /// two letters in the wrong order are one edit.
    fn near(&self, form: &str, edits: usize) -> Vec<(String, u64)>;

    /// Whether documents write a form with a capital letter inside a sentence as often as without one, or more often.
    fn is_name(&self, form: &str) -> bool;
}

/// A query to be repaired.
#[derive(Debug, Clone, Default)]
pub struct Asked<'q> {
    /// As it was typed.
    pub text: &'q str,
    /// Whether its last word may be unfinished.
    pub is_typing: bool,
    /// The forms of its words that are known as names in the other alphabet.
    pub names: Vec<&'q str>,
}

/// How many documents hold all words of a run, as far as single words can tell.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// In any form.
    any_form: u64,
    /// In the form as typed.
    as_typed: u64,
}

impl Known {
    fn of(run: &str, analyzer: &mut Analyzer, vocabulary: &impl Vocabulary) -> Self {
        let tokens = analyzer.tokens(run).filter(|token| !token.is_compound);
        let known = tokens.map(|Token { reading, .. }| Self {
            any_form: vocabulary.documents(&reading),
            as_typed: vocabulary.documents_as_typed(&reading),
        });
        let both =
            |a: Self, b: Self| Self { any_form: a.any_form.min(b.any_form), as_typed: a.as_typed.min(b.as_typed) };
        known.reduce(both).unwrap_or_default()
    }
}

/// What was wrong with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It was typed on the keyboard layout of another language.
    Layout,
    /// A letter of another alphabet stands in it for one that looks like it.
    Lookalike,
    /// It is misspelt or mistyped.
    Spelling,
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
            Self::Spelling => "spelling",
        }
    }
}

/// What of a query was probably meant otherwise, in the order in which it was typed.
#[must_use]
pub fn repairs(asked: &Asked<'_>, analyzer: &mut Analyzer, vocabulary: &impl Vocabulary) -> Vec<Repair> {
    let runs = runs(asked.text);
    let known: Vec<Known> = runs.iter().map(|run: &Run<'_>| Known::of(run.text, analyzer, vocabulary)).collect();
    let mut found = layout::repairs(&runs, &known, analyzer, vocabulary);
    let misspelt = spelling::repairs(asked, &runs, &known, &found, analyzer, vocabulary);
    found.extend(misspelt);
    found.sort_by_key(|repair| repair.span.start);
    found
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
