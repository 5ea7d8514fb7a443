//! A query that finds too little → the one that was probably meant, searched for or suggested.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Matched, Request, matches};
use crate::{
    index::{Counting, Deadline, Find, Index, IndexError, Walking},
    query::{
        Query,
        repair::{Asked, Repair, mended, repaired, repairs},
    },
};

/// What is done about words that were probably meant otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum RepairMode {
    /// What is plainly meant otherwise is searched for so, and the rest suggested.
    #[default]
    Auto,
    /// The query is searched for as it was typed, and all repairs suggested.
    Suggest,
    /// Nothing.
    Off,
}

/// A word of the query that was probably meant otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// What was typed.
    pub from: String,
    /// What was probably meant.
    pub to: String,
    /// What was wrong with it: `layout`, `lookalike` or `spelling`.
    pub kind: &'static str,
    /// Whether it was searched for; otherwise it is a suggestion.
    pub applied: bool,
    /// How many documents the query finds without the corrections.
    pub hits_before: u64,
    /// How many it finds with them.
    pub hits_after: u64,
}

/// What was repaired of a query, and what could be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repairs {
    /// The words.
    pub corrections: Vec<Correction>,
    /// The query that was searched for in place of the one that was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_query: Option<String>,
    /// A query that may have been meant, and finds more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested_query: Option<String>,
}

/// What the query of a request finds, or what was meant by it, and what was done.
///
/// # Errors
/// Where the data of the index cannot be read.
pub(super) fn repair<'i>(
    index: &'i Index,
    request: &Request,
    typed: Matched<'i>,
    find: Find<'_>,
) -> Result<(Matched<'i>, Repairs), IndexError> {
    let (searched, mut done) = retyped(index, request, typed, find)?;
    // Analysis reads these words so in any case, and none of them is a word of one layout.
    let hits = searched.found.counts.total;
    let mended = mended(&request.q);
    done.corrections.extend(mended.iter().map(|repair| Correction::new(repair, true, hits, hits)));
    Ok((searched, done))
}

/// What the query of a request finds, or what it finds once it is repaired, if that is something.
fn retyped<'i>(
    index: &'i Index,
    request: &Request,
    mut typed: Matched<'i>,
    find: Find<'_>,
) -> Result<(Matched<'i>, Repairs), IndexError> {
    let mut done = Repairs::default();
    if request.repair == RepairMode::Off {
        return Ok((typed, done));
    }
    let names = typed.query.words().filter(|word| !word.names.is_empty()).map(|word| word.reading.form.as_str());
    let asked = Asked { text: &request.q, is_typing: request.is_typing, names: names.collect() };
    let found = repairs(&asked, &mut typed.analyzer, index);
    // What is repaired for want of time would be another answer.
    Deadline::check()?;
    if found.is_empty() {
        return Ok((typed, done));
    }
    let mut hits = hits(index, &typed.query, request)?;
    let mut searched = typed;
    let sure: Vec<&Repair> = found.iter().filter(|repair| repair.is_sure).collect();
    if request.repair == RepairMode::Auto && !sure.is_empty() {
        let q = repaired(&request.q, sure.iter().copied());
        let better = matches(index, &Request { q: q.clone(), ..request.clone() }, find)?;
        let after = self::hits(index, &better.query, request)?;
        // Each word is known to be better so; that all of them, taken together, find something is left to be seen.
        if after > 0 {
            done.corrections.extend(sure.iter().map(|repair| Correction::new(repair, true, hits, after)));
            done.searched_query = Some(q);
            (searched, hits) = (better, after);
        }
    }
    suggest(index, request, &found, hits, &mut done)?;
    Ok((searched, done))
}

/// Suggests the repairs that were not made, if something is found by them.
fn suggest(
    index: &Index,
    request: &Request,
    found: &[Repair],
    hits: u64,
    done: &mut Repairs,
) -> Result<(), IndexError> {
    let is_open = |repair: &&Repair| !repair.is_sure || done.searched_query.is_none();
    let open: Vec<&Repair> = found.iter().filter(is_open).collect();
    if open.is_empty() {
        return Ok(());
    }
    let q = repaired(&request.q, found);
    let asked = super::read(index, &Request { q: q.clone(), ..request.clone() }, Walking::No)?;
    let after = self::hits(index, &asked.query, request)?;
    if after > hits {
        done.corrections.extend(open.into_iter().map(|repair| Correction::new(repair, false, hits, after)));
        done.suggested_query = Some(q);
    }
    Ok(())
}

/// How many documents a query finds, among those that the request asks for.
fn hits(index: &Index, query: &Query, request: &Request) -> Result<u64, IndexError> {
    let find = Find {
        language: request.language,
        condition: request.condition.as_ref(),
        counting: Counting::Total,
        ..Find::default()
    };
    Ok(index.find(query, find)?.counts.total)
}

impl Correction {
    fn new(repair: &Repair, applied: bool, hits_before: u64, hits_after: u64) -> Self {
        let Repair { from, to, kind, .. } = repair.clone();
        Self { from, to, kind: kind.name(), applied, hits_before, hits_after }
    }
}

/// A text that names no way to repair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of auto, suggest, off")]
pub struct UnknownRepairMode(String);

impl FromStr for RepairMode {
    type Err = UnknownRepairMode;

    fn from_str(name: &str) -> Result<Self, UnknownRepairMode> {
        match name {
            "auto" => Ok(Self::Auto),
            "suggest" => Ok(Self::Suggest),
            "off" => Ok(Self::Off),
            _ => Err(UnknownRepairMode(name.to_owned())),
        }
    }
}
