//! A word → the same name in the other alphabet, among the names that the index holds.
//!
//! The names are walked by their beginnings, all that are alike at once, as the fuzzy queries of Lucene and tantivy walk a
//! dictionary; the automaton is the comparison that [`Spelling`] is.

use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{Searcher, Term, schema::Field};
use tantivy_fst::Automaton;

use super::schema::Fields;
use crate::{
    analysis::Reading,
    language::names::{Beginnings, Spelling},
};

/// The most forms of a name that are taken, the nearest ones.
const MAX_FORMS: usize = 12;

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

/// The forms of the words that were asked for, as long as the index is open: a walk takes longer than the rest of most
/// searches, and the same names are asked for again and again.
#[derive(Debug, Default)]
pub(super) struct KnownForms(Mutex<HashMap<String, Arc<[String]>>>);

impl KnownForms {
    /// The forms in the other alphabet of a word of a query, if it is a name or unknown.
    ///
    /// # Errors
    /// Where the dictionary cannot be read.
    pub(super) fn of(&self, word: &Reading, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Arc<[String]>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(forms) = known().get(&word.form) {
            return Ok(Arc::clone(forms));
        }
        // Nobody waits for a walk: two that ask for the same word at once both walk.
        let found: Arc<[String]> = forms(word, searcher, fields)?.into();
        let mut known = known();
        if known.len() >= MAX_WORDS {
            known.clear();
        }
        known.insert(word.form.clone(), Arc::clone(&found));
        Ok(found)
    }
}

fn forms(word: &Reading, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<String>> {
    let known = frequency(searcher, fields.forms, &word.form)?;
    if known > 0 && frequency(searcher, fields.names, &word.form)? * QUERY_SHARE < known {
        return Ok(Vec::new());
    }
    let Some(spelling) = Spelling::of(&word.form) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for limit in [NEAR, u8::MAX] {
        for (form, cost, count) in walk(&spelling, limit, searcher, fields)? {
            if count * FORM_SHARE >= frequency(searcher, fields.forms, &form)? {
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

/// The names that are spelled so, each with what that costs and with the number of documents that hold it as a name.
fn walk(
    spelling: &Spelling,
    limit: u8,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Vec<(String, u8, u64)>> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for reader in searcher.segment_readers() {
        let names = reader.inverted_index(fields.names)?;
        let mut stream = names.terms().search(Walk::new(spelling, limit)).into_stream()?;
        while stream.advance() {
            // Words are UTF-8, as all text.
            let Ok(form) = std::str::from_utf8(stream.key()) else { continue };
            *counts.entry(form.to_owned()).or_default() += u64::from(stream.value().doc_freq);
        }
    }
    let costs = counts.into_iter().filter_map(|(form, count)| spelling.cost_of(&form).map(|cost| (form, cost, count)));
    Ok(costs.collect())
}

fn frequency(searcher: &Searcher, field: Field, form: &str) -> tantivy::Result<u64> {
    searcher.doc_freq(&Term::from_field_text(field, form))
}

/// A spelling, as an automaton over the bytes of a dictionary. A dictionary is walked in depth, word by word in their order,
/// so of the beginnings that were read only those of the word at hand are kept.
struct Walk<'s> {
    spelling: &'s Spelling,
    limit: u8,
    beginnings: RefCell<Beginnings>,
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
}

impl<'s> Walk<'s> {
    fn new(spelling: &'s Spelling, limit: u8) -> Self {
        Self { spelling, limit, beginnings: RefCell::new(spelling.start()) }
    }

    /// The state behind a letter.
    fn behind(&self, read: u8, letter: char) -> Between {
        let closed = Between { read, bytes: [0; 4], count: 0, is_open: false };
        if !self.spelling.may_read(letter) {
            return closed;
        }
        let beginnings = &mut self.beginnings.borrow_mut();
        let Ok(read) = u8::try_from(self.spelling.read(beginnings, read.into(), letter)) else { return closed };
        Between { read, is_open: self.spelling.is_open(beginnings, read.into(), self.limit), ..closed }
    }
}

impl Automaton for Walk<'_> {
    type State = Between;

    fn start(&self) -> Between {
        Between { read: 0, bytes: [0; 4], count: 0, is_open: true }
    }

    fn is_match(&self, between: &Between) -> bool {
        between.count == 0
            && between.is_open
            && self.spelling.cost(&self.beginnings.borrow(), between.read.into()).is_some_and(|cost| cost <= self.limit)
    }

    fn can_match(&self, between: &Between) -> bool {
        between.is_open
    }

    fn accept(&self, between: &Between, byte: u8) -> Between {
        let mut next = *between;
        if !next.is_open {
            return next;
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
