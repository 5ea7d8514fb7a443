//! Texts → megabytes a second of what every text goes through: splitting, terms, names, the language label, sentences.
//!
//! The texts are those of the collection that `OBA_BENCH_DATA` names, some thousands of each language, or are made of the sample
//! documents. One thread; the least of some rounds, by the time that the processor spent. *First met* is with analyzers that have met no
//! word yet.

// Bytes are counted far below the 2^53 that an f64 holds exactly.
#![allow(clippy::cast_precision_loss)]
// A benchmark is a program: what its files show one another, nobody else sees.
#![allow(unreachable_pub)]

// Each benchmark uses a part of what they share.
#[allow(dead_code)]
#[path = "../shared/collection.rs"]
mod collection;
#[allow(dead_code)]
#[path = "../shared/folders.rs"]
mod folders;
#[path = "../shared/generated.rs"]
mod generated;

use std::{
    fs::File,
    hint::black_box,
    io::{BufRead, BufReader},
    path::Path,
    time::Duration,
};

use oba::{
    analysis::Analyzer,
    language::{detect, sentences},
    text::words,
};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

use collection::{Collection, is_russian};

/// So many texts of each language.
const TEXTS: usize = 2_000;

/// How often each is measured; the least counts, for what else the machine does can only add to it.
const ROUNDS: usize = 5;

/// What is done with all texts of a language; a number, so that it cannot be left out.
type Work = (&'static str, fn(&[String]) -> usize);

const WORK: [Work; 6] = [
    ("words", |texts| texts.iter().map(|text| words(text).count()).sum()),
    ("terms, first met", |texts| terms(&mut Analyzer::default(), texts)),
    ("terms", |texts| {
        let mut analyzer = Analyzer::default();
        // Met before: this is measured in one with the one above, and taken off.
        terms(&mut analyzer, texts) + terms(&mut analyzer, texts)
    }),
    ("names", |texts| {
        let mut analyzer = Analyzer::default();
        texts.iter().map(|text| analyzer.names(text).count()).sum()
    }),
    ("language label", |texts| texts.iter().map(|text| detect(text).label.code().len()).sum()),
    ("sentences", |texts| texts.iter().map(|text| sentences(text).count()).sum()),
];

fn main() {
    let made = tempfile::tempdir().expect("a temporary folder");
    let collection = match folders::folder("OBA_BENCH_DATA") {
        Some(dir) => Collection::read(&dir, made.path()),
        None => generated::collection(made.path()),
    };
    let languages = texts(&collection.documents);
    println!("| MB a second | English | Russian |");
    println!("| --- | --- | --- |");
    let mut first_met = [Duration::ZERO; 2];
    for (name, work) in WORK {
        let mut speeds = Vec::new();
        for (texts, first_met) in languages.iter().zip(&mut first_met) {
            let mut took = least(|| work(texts));
            match name {
                "terms, first met" => *first_met = took,
                "terms" => took = took.saturating_sub(*first_met),
                _ => {}
            }
            let bytes: usize = texts.iter().map(String::len).sum();
            speeds.push(format!("{:.0}", bytes as f64 / 1e6 / took.as_secs_f64()));
        }
        println!("| {name} | {} |", speeds.join(" | "));
    }
}

fn terms(analyzer: &mut Analyzer, texts: &[String]) -> usize {
    texts.iter().map(|text| analyzer.tokens(text).map(|token| token.reading.terms.len()).sum::<usize>()).sum()
}

/// The first texts of each language, English and Russian.
fn texts(documents: &Path) -> [Vec<String>; 2] {
    let mut texts = [Vec::new(), Vec::new()];
    for line in BufReader::new(File::open(documents).expect("documents")).lines() {
        let value: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let text = value["text"].as_str().unwrap_or_default();
        let of_language = &mut texts[usize::from(is_russian(text))];
        if of_language.len() < TEXTS {
            of_language.push(text.to_owned());
        }
        if texts.iter().all(|texts| texts.len() == TEXTS) {
            break;
        }
    }
    texts
}

/// The least time that the processor spends on some work.
fn least(work: impl Fn() -> usize) -> Duration {
    let took = (0..ROUNDS).map(|_| {
        let before = cpu();
        black_box(work());
        cpu().saturating_sub(before)
    });
    took.min().unwrap_or_default()
}

/// What this thread has taken of the processor.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
