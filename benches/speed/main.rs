//! A collection and queries → what indexing and finding cost here, and what they cost bare tantivy.
//!
//! The collection is made by this program, the same each time; or it is in the folder that `OBA_BENCH_DATA` names:
//! `documents.jsonl`, and `queries.tsv` with the columns id, language, kind, text and document. Where `OBA_BENCH_INDEX` names
//! a folder, the indexes that it holds are asked, and made where it holds none; indexing is not measured then, which takes
//! most of the time. What is compared takes turns, so that a machine that grows slower meanwhile does so for all.

// Bytes, documents and queries are counted far below the 2^53 that an f64 holds exactly.
#![allow(clippy::cast_precision_loss)]
// A benchmark is a program: what its files show one another, nobody else sees.
#![allow(unreachable_pub)]

mod bare;
mod collection;
mod generated;
mod indexing;
mod latency;

use std::{
    env,
    path::{Path, PathBuf},
};

use collection::Collection;
use oba::{
    analysis::{Analyzer, Rules},
    index::{Find, Index, Ranking},
    query::{Query, parse},
};

/// How often each query is asked in each variant, after a first time.
const ROUNDS: usize = 5;

/// How many hits a query asks for.
const LIMIT: usize = 10;

/// Where the indexes lie that queries are asked of, in the folder of all.
const OBA: &str = "oba";
const BARE: &str = "tantivy";

fn main() {
    let made = tempfile::tempdir().expect("a temporary folder");
    let collection = match folder("OBA_BENCH_DATA") {
        Some(dir) => Collection::read(&dir),
        None => generated::collection(made.path()),
    };
    let kept = folder("OBA_BENCH_INDEX");
    let indexes = kept.as_deref().unwrap_or(made.path());
    if kept.is_none() {
        indexing::measure(&collection.documents, indexes);
    } else if !indexes.join(OBA).exists() {
        indexing::oba(&collection.documents, &indexes.join(OBA), Rules::default());
        indexing::bare(&collection.documents, &indexes.join(BARE));
    }
    finding(&collection, indexes);
}

/// The folder that a variable of the environment names.
fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Measures how long hits take to find, here and in bare tantivy.
fn finding(collection: &Collection, indexes: &Path) {
    let index = Index::open(&indexes.join(OBA)).expect("an index");
    let mut analyzer = Analyzer::new(index.rules());
    // Queries as the service asks them, read beforehand: the finding alone is measured.
    let read = |text: &str| parse(text, &mut analyzer).query.condensed();
    let queries: Vec<Query> = collection.questions.iter().map(|question| question.text.as_str()).map(read).collect();
    let find = |ranking, limit| {
        let find = Find { limit, ranking, ..Find::default() };
        let (index, queries) = (&index, &queries);
        move |n: usize| index.find(&queries[n], find).expect("an answer").matches.len()
    };
    let (full, plain, deep) = (find(Ranking::Full, LIMIT), find(Ranking::Plain, LIMIT), find(Ranking::Plain, 100));
    let bare = bare::Bare::open(&indexes.join(BARE), &collection.questions);
    let bare = |n: usize| bare.find(n, LIMIT);
    println!("the {LIMIT} best hits; segments here: {}", index.segments());
    latency::measure(
        &collection.questions,
        &[("both stages", &full), ("plain BM25", &plain), ("plain, 100 hits", &deep), ("bare tantivy", &bare)],
    );
}
