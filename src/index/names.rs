//! A word → the same name in the other alphabet, among the names that the index holds.
//!
//! The names are walked by their beginnings, all that are alike at once, as the fuzzy queries of Lucene and tantivy walk a
//! dictionary; the automaton is the comparison that [`Spelling`] is.

use std::{cmp::Reverse, collections::HashMap};

use tantivy::{Searcher, Term, schema::Field};
use tantivy_fst::Automaton;

use super::schema::Fields;
use crate::{
    analysis::Reading,
    language::names::{Spelling, State},
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

/// The forms in the other alphabet of a word of a query, if it is a name or unknown.
///
/// # Errors
/// Where the dictionary cannot be read.
pub(super) fn forms(word: &Reading, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<String>> {
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
        let mut stream = names.terms().search(Walk { spelling, limit }).into_stream()?;
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

/// A spelling, as an automaton over the bytes of a dictionary.
struct Walk<'s> {
    spelling: &'s Spelling,
    limit: u8,
}

/// A state between two bytes.
#[derive(Clone)]
struct Between {
    state: State,
    /// The bytes of a letter that is not read to its end.
    bytes: [u8; 4],
    count: usize,
    is_open: bool,
}

impl Automaton for Walk<'_> {
    type State = Between;

    fn start(&self) -> Between {
        Between { state: self.spelling.start(), bytes: [0; 4], count: 0, is_open: true }
    }

    fn is_match(&self, between: &Between) -> bool {
        between.count == 0
            && between.is_open
            && self.spelling.cost(&between.state).is_some_and(|cost| cost <= self.limit)
    }

    fn can_match(&self, between: &Between) -> bool {
        between.is_open
    }

    fn accept(&self, between: &Between, byte: u8) -> Between {
        let mut next = between.clone();
        if next.count == next.bytes.len() {
            next.is_open = false;
            return next;
        }
        next.bytes[next.count] = byte;
        next.count += 1;
        let Ok(read) = std::str::from_utf8(&next.bytes[..next.count]) else { return next };
        if let Some(letter) = read.chars().next() {
            next.is_open = self.spelling.may_read(letter);
            if next.is_open {
                next.state = self.spelling.read(&between.state, letter);
                next.is_open = self.spelling.is_open(&next.state, self.limit);
            }
            next.count = 0;
        }
        next
    }
}
