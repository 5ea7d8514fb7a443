//! A collection and queries → what ten hits with their snippets cost here, and what they cost in bare tantivy; and which
//! part of known answers the snippets of either show.
//!
//! The collection is made of the sample documents, the same each time; or it is in the folder that `OBA_BENCH_DATA` names:
//! `documents.jsonl`, and `queries.tsv` with the columns id, language, kind, text and document, of which about
//! `OBA_BENCH_DOCUMENTS` documents are taken. Where `OBA_BENCH_INDEX` names a folder, the indexes lie in it and are there
//! for the next time. Answers are judged where `OBA_BENCH_JUDGED` names a folder of collections as `oba evaluate --all`
//! reads them.

// Bytes, documents and queries are counted far below the 2^53 that an f64 holds exactly.
#![allow(clippy::cast_precision_loss)]
// A benchmark is a program: what its files show one another, nobody else sees.
#![allow(unreachable_pub)]

// Each benchmark uses a part of what they share.
#[allow(dead_code)]
#[path = "../shared/bare.rs"]
mod bare;
#[allow(dead_code)]
#[path = "../shared/collection.rs"]
mod collection;
mod engines;
#[path = "../shared/folders.rs"]
mod folders;
#[path = "../shared/generated.rs"]
mod generated;
mod quality;
mod speed;

use std::env;

use collection::{Collection, broadest};
use engines::Engines;
use folders::folder;

/// The lengths of documents, in bytes, by which the growth of time is shown, and how many
/// there are at most of each in a language.
const LENGTHS: [usize; 3] = [10_000, 100_000, 1_000_000];
const LONG_DOCUMENTS: usize = 30;

/// How many queries of each language long documents are asked: each takes long. They are those that find most documents of
/// the least length, so that there are snippets to make at every length.
const LONG_QUERIES: usize = 10;

fn main() {
    let made = tempfile::tempdir().expect("a temporary folder");
    let kept = folder("OBA_BENCH_INDEX");
    let indexes = kept.as_deref().unwrap_or(made.path());
    let collection = match folder("OBA_BENCH_DATA") {
        Some(dir) => Collection::read(&dir, made.path()),
        None => generated::collection(made.path()),
    };
    let collection = match env::var("OBA_BENCH_DOCUMENTS") {
        Ok(count) => collection.about(count.parse().expect("a number of documents"), made.path()),
        Err(_) => collection,
    };
    speed::measure("as they are", &Engines::over(&collection.documents, &indexes.join("all")), &collection.questions);
    let joined = |length: usize| {
        let documents = collection.joined(length, LONG_DOCUMENTS, made.path());
        Engines::over(&documents, &indexes.join(length.to_string()))
    };
    let short = joined(LENGTHS[0]);
    let questions = broadest(&collection.questions, LONG_QUERIES, |question| short.found(&question.text));
    for length in LENGTHS {
        speed::measure(&format!("joined to {length} bytes"), &joined(length), &questions);
    }
    if let Some(judged) = folder("OBA_BENCH_JUDGED") {
        quality::measure(&judged);
    }
}
