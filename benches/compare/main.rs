//! One collection, one run, one table: what indexing and every kind of query cost here, over HTTP, and in bare tantivy.
//!
//! The collection is in the folder that `OBA_BENCH_DATA` names (`documents.jsonl` or `documents.jsonl.zst`, and `queries.tsv` with the columns id, language,
//! kind, text and document), or is made of the sample documents. `OBA_BENCH_LARGE` names a second folder, with more documents and no
//! queries of its own: then the same is measured there, and how each figure grew. Where `OBA_BENCH_INDEX` names a folder, the
//! indexes lie in it and are there for the next time; they are made, and that is measured, where it holds none.

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
#[path = "../shared/folders.rs"]
mod folders;
#[path = "../shared/generated.rs"]
mod generated;

mod asked;
mod engines;
mod indexing;
mod latency;
mod peer;
mod serving;
mod table;

use std::path::Path;

use asked::Asked;
use collection::Collection;
use engines::{Bare, Engine, Oba};
use folders::folder;
use mimalloc::MiMalloc;
use peer::Peer;
use table::Figures;

/// That of the program, for it and for bare tantivy alike.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    // This program calls itself to index, so that the memory of each engine is its own.
    if indexing::is_child() {
        return;
    }
    let [made, large_made] = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let kept = folder("OBA_BENCH_INDEX");
    let indexes = kept.as_deref().unwrap_or(made.path());
    let collection = match folder("OBA_BENCH_DATA") {
        Some(dir) => Collection::read(&dir, made.path()),
        None => generated::collection(made.path()),
    };
    let asked = asked::kinds(&collection.questions);
    let small = measure(&collection.documents, &indexes.join("small"), &asked);
    if let Some(large) = folder("OBA_BENCH_LARGE") {
        let large = measure(&collection::documents(&large, large_made.path()), &indexes.join("large"), &asked);
        println!("\nhow the figures grew with {:.1} times the documents\n", large.documents() / small.documents());
        large.print_growth(&small);
    }
}

/// Measures and prints one table.
fn measure(documents: &Path, indexes: &Path, asked: &[Asked]) -> Figures {
    let mut figures = Figures::default();
    let [oba_dir, bare_dir, peer_dir] = ["oba", "tantivy", "seekstorm"].map(|name| indexes.join(name));
    indexing::measure(documents, [&oba_dir, &bare_dir, &peer_dir], &mut figures);
    let (oba, bare) = (Oba::open(&oba_dir), Bare::open(&bare_dir));
    let peer = peer::program().map(|program| Peer::open(&program, &peer_dir));
    figures.note_documents(oba.documents());
    let peer = peer.as_ref().map(|peer| peer as &dyn Engine);
    latency::measure([Some(&oba), Some(&bare), peer], asked, &mut figures);
    figures.print();
    serving::measure(&oba, &oba_dir, asked);
    figures
}
