//! A word → the same name in the other alphabet, among the names that the index holds.
//!
//! The names are walked by their beginnings, all that are alike at once, as the fuzzy queries of Lucene and tantivy walk a
//! dictionary; the automaton is the comparison that [`Spelling`] is.

use std::{cell::RefCell, cmp::Reverse, collections::HashMap, sync::Arc};

use tantivy::{TantivyError, Term, schema::Field};
use tantivy_fst::Automaton;

use super::{Index, IndexError, deadline::Pulse, kept::sums, remembered::Remembered};
use crate::{
    analysis::Reading,
    language::names::{Rows, Spelling},
    text::char_count,
};

/// The most forms of a name that are taken, the nearest ones.
const MAX_FORMS: usize = 12;

/// The most names that begin as a word does that are looked at closely, the most frequent ones.
const MAX_LOOKS: usize = 100;

/// How much farther than the nearest form the others may be: as much as another case.
const MARGIN: u8 = 3;

/// A first look is for what is spelled by the tables of romanisation, which most names are; only where there is none such
/// the whole distance is looked through, which takes several times as long.
const NEAR: u8 = 4;

/// A form is a name of the index if it has a capital letter in one of so many documents that hold it.
const QUERY_SHARE: u64 = 3;
const FORM_SHARE: u64 = 2;

/// How many words are remembered with their forms; then all are forgotten.
const MAX_WORDS: usize = 10_000;

/// The forms of the words that were asked for: a walk takes longer than the rest of most searches, and the same names are asked for
/// again and again.
pub(super) type KnownForms = Remembered<String, Arc<[String]>, MAX_WORDS>;

impl Index {
    /// The forms in the other alphabet of a word that is a name, or that no document holds.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn names(&self, word: &Reading) -> Result<Arc<[String]>, IndexError> {
        let walk = || Ok(forms(word, self)?.into());
        self.known_names.get_or(word.form.as_str(), walk).map_err(IndexError::engine::<TantivyError>(self.dir()))
    }

    /// The forms in the other alphabet of a name, as far as they are spelled by the tables of romanisation, which takes a
    /// fraction of the time.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn near_names(&self, name: &Reading) -> Result<Vec<String>, IndexError> {
        near_forms(name, self).map_err(IndexError::engine(self.dir()))
    }

    /// The names in the other alphabet that begin as a word is spelled, the nearest first and of equally near ones the most
    /// frequent; none for a word of fewer than four letters.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn names_that_begin(&self, word: &Reading) -> Result<Vec<String>, IndexError> {
        beginnings(word, self).map_err(IndexError::engine(self.dir()))
    }

    /// Whether documents write a form with a capital letter inside a sentence as often as without one, or more often.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn is_name(&self, form: &str) -> Result<bool, IndexError> {
        is_name(form, self).map_err(IndexError::engine(self.dir()))
    }
}

/// The forms in the other alphabet of a word of a query, if it is a name or unknown.
///
/// # Errors
/// Where the dictionary cannot be read.
fn forms(word: &Reading, index: &Index) -> tantivy::Result<Vec<String>> {
    let known = frequency(index, index.fields().forms, &word.form)?;
    if known > 0 && frequency(index, index.fields().names, &word.form)? * QUERY_SHARE < known {
        return Ok(Vec::new());
    }
    spelled(word, &[NEAR, u8::MAX], index)
}

/// The forms in the other alphabet of a name, as far as they are spelled by the tables of romanisation.
///
/// # Errors
/// Where the dictionary cannot be read.
fn near_forms(name: &Reading, index: &Index) -> tantivy::Result<Vec<String>> {
    spelled(name, &[NEAR], index)
}

/// The names that are spelled as a word within the first of some limits by which there are any.
fn spelled(word: &Reading, limits: &[u8], index: &Index) -> tantivy::Result<Vec<String>> {
    let Some(spelling) = Spelling::of(&word.form) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for &limit in limits {
        for (form, cost, count) in walk(&word.form, &spelling, limit, index)? {
            if count * FORM_SHARE >= frequency(index, index.fields().forms, &form)? {
                found.push((cost, Reverse(count), form));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    let nearest = found.first().map_or(0, |(cost, ..)| *cost);
    found.retain(|(cost, ..)| *cost <= nearest + MARGIN);
    Ok(found.into_iter().take(MAX_FORMS).map(|(_, _, form)| form).collect())
}

/// The names in the other alphabet that begin as a word is spelled, the nearest first and of equally near ones the most frequent.
///
/// # Errors
/// Where the dictionary cannot be read.
fn beginnings(word: &Reading, index: &Index) -> tantivy::Result<Vec<String>> {
    let Some(spelling) = Spelling::of(&word.form) else { return Ok(Vec::new()) };
    // Of a few letters nothing that is unusual may be among them: too many names begin alike.
    let limit = u8::try_from(char_count(&word.form).saturating_sub(3)).map_or(NEAR, |limit| limit.min(NEAR));
    let mut counts: Vec<(u64, String)> =
        names(&word.form, &spelling, limit, true, index)?.into_iter().map(|(form, n)| (n, form)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.truncate(MAX_LOOKS);
    let found = counts.into_iter();
    let mut found: Vec<_> = found
        .filter_map(|(count, form)| spelling.cost_of_beginning(&form).map(|cost| (cost, Reverse(count), form)))
        .collect();
    found.sort_unstable();
    let nearest = found.first().map_or(0, |(cost, ..)| *cost);
    let near = found.into_iter().take_while(|(cost, ..)| *cost <= nearest + MARGIN);
    let mut forms = Vec::new();
    for (_, Reverse(count), form) in near {
        if forms.len() < MAX_FORMS && count * FORM_SHARE >= frequency(index, index.fields().forms, &form)? {
            forms.push(form);
        }
    }
    Ok(forms)
}

/// Whether documents write a form with a capital letter inside a sentence as often as without one, or more often.
///
/// # Errors
/// Where the dictionary cannot be read.
fn is_name(form: &str, index: &Index) -> tantivy::Result<bool> {
    let count = frequency(index, index.fields().names, form)?;
    Ok(count > 0 && count * FORM_SHARE >= frequency(index, index.fields().forms, form)?)
}

/// The names that are spelled so, each with what that costs and with the number of documents that hold it as a name.
fn walk(form: &str, spelling: &Spelling, limit: u8, index: &Index) -> tantivy::Result<Vec<(String, u8, u64)>> {
    let counts = names(form, spelling, limit, false, index)?;
    let costs = counts.into_iter().filter_map(|(form, count)| spelling.cost_of(&form).map(|cost| (form, cost, count)));
    Ok(costs.collect())
}

/// The names that a walk ends at which goes by the spelling of a form, with the number of documents that hold each as a name.
fn names(
    form: &str,
    spelling: &Spelling,
    limit: u8,
    is_beginning: bool,
    index: &Index,
) -> tantivy::Result<HashMap<String, u64>> {
    let (key, pulse) = ((form.to_owned(), limit, is_beginning), Pulse::new());
    sums(index.segments_kept().map(|(reader, kept)| {
        kept.names.get_or(&key, || {
            let names = reader.inverted_index(index.fields().names)?;
            let mut stream = names.terms().search(Walk::new(spelling, limit, is_beginning)).into_stream()?;
            let mut counts = Vec::new();
            while stream.advance() {
                pulse.check()?;
                // Words are UTF-8, as all text.
                let Ok(form) = std::str::from_utf8(stream.key()) else { continue };
                counts.push((form.to_owned(), u64::from(stream.value().doc_freq)));
            }
            // A walk that was cut short has found less, or nothing.
            pulse.check_now()?;
            Ok(counts.into())
        })
    }))
}

fn frequency(index: &Index, field: Field, form: &str) -> tantivy::Result<u64> {
    index.searcher().doc_freq(&Term::from_field_text(field, form))
}

/// A spelling, as an automaton over the bytes of a dictionary. A dictionary is walked in depth, word by word in their order,
/// so of the rows that were read only those of the word at hand are kept.
struct Walk<'s> {
    spelling: &'s Spelling,
    limit: u8,
    /// Whether it is enough that a name begins so.
    is_beginning: bool,
    rows: RefCell<Rows>,
    /// Where time is up, every way is closed.
    pulse: Pulse,
}

/// A state between two bytes.
#[derive(Clone, Copy)]
struct Between {
    /// How many letters were read.
    read: u8,
    /// The bytes of a letter that is not read to its end.
    bytes: [u8; 4],
    count: u8,
    is_open: bool,
    /// Whether the name begins as the whole word is spelled, so that it may go on as it likes.
    has_begun: bool,
}

impl<'s> Walk<'s> {
    fn new(spelling: &'s Spelling, limit: u8, is_beginning: bool) -> Self {
        Self { spelling, limit, is_beginning, rows: RefCell::new(spelling.start()), pulse: Pulse::new() }
    }

    /// The state behind a letter.
    fn behind(&self, read: u8, letter: char) -> Between {
        let closed = Between { read, bytes: [0; 4], count: 0, is_open: false, has_begun: false };
        if !self.spelling.may_read(letter) {
            return closed;
        }
        let rows = &mut self.rows.borrow_mut();
        let Ok(read) = u8::try_from(self.spelling.read(rows, read.into(), letter)) else { return closed };
        let letters = usize::from(read);
        if self.is_beginning {
            let whole = self.spelling.cost_of_whole(rows, letters);
            let is_open = self.spelling.may_begin(rows, letters, self.limit);
            return Between { read, is_open, has_begun: whole.is_some_and(|cost| cost <= self.limit), ..closed };
        }
        Between { read, is_open: self.spelling.is_open(rows, letters, self.limit), ..closed }
    }
}

impl Automaton for Walk<'_> {
    type State = Between;

    fn start(&self) -> Between {
        Between { read: 0, bytes: [0; 4], count: 0, is_open: true, has_begun: false }
    }

    fn is_match(&self, between: &Between) -> bool {
        if self.is_beginning {
            return between.has_begun;
        }
        between.count == 0
            && between.is_open
            && self.spelling.cost(&self.rows.borrow(), between.read.into()).is_some_and(|cost| cost <= self.limit)
    }

    fn can_match(&self, between: &Between) -> bool {
        between.is_open
    }

    fn will_always_match(&self, between: &Between) -> bool {
        between.has_begun
    }

    fn accept(&self, between: &Between, byte: u8) -> Between {
        let mut next = *between;
        if next.has_begun || !next.is_open {
            return next;
        }
        if self.pulse.is_over() {
            return Between { is_open: false, ..next };
        }
        next.bytes[usize::from(next.count)] = byte;
        next.count += 1;
        let bytes = &next.bytes[..usize::from(next.count)];
        if bytes.len() < bytes_of_letter(bytes[0]) {
            return next;
        }
        match std::str::from_utf8(bytes).ok().and_then(|read| read.chars().next()) {
            Some(letter) => self.behind(next.read, letter),
            None => Between { is_open: false, ..next },
        }
    }
}

/// How many bytes a letter has that begins with this one.
fn bytes_of_letter(first: u8) -> usize {
    match first {
        ..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}
