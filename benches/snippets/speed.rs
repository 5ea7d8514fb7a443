//! How long ten hits with their snippets take in either engine.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{collection::Question, engines::Engines};

/// How often each query is asked of each engine; odd, so that there is a middle one.
const ROUNDS: usize = 3;

/// What a query took: the middle of the rounds.
struct Times {
    is_russian: bool,
    oba: Duration,
    bare: Duration,
}

/// Prints the sizes of the indexes and a table of times, by language of the query.
pub fn measure(what: &str, engines: &Engines, questions: &[Question]) {
    let times = times(engines, questions);
    let (oba, bare) = (engines.oba_bytes as f64 / 1e6, engines.bare_bytes as f64 / 1e6);
    println!(
        "{what}: {} documents; index {oba:.1} MB, tantivy {bare:.1} MB, ratio {:.2}",
        engines.oba.documents(),
        oba / bare
    );
    println!("milliseconds  {:>7}  {:>23}  {:>23}  {:>23}", "", "median", "99th percentile", "mean");
    println!(
        "queries in    {:>7}  {:>7} {:>7} {:>7}  {:>7} {:>7} {:>7}  {:>7} {:>7} {:>7}",
        "queries", "oba", "tantivy", "ratio", "oba", "tantivy", "ratio", "oba", "tantivy", "ratio"
    );
    for (name, languages) in [("English", &[false][..]), ("Russian", &[true]), ("both", &[false, true])] {
        row(name, &times.iter().filter(|times| languages.contains(&times.is_russian)).collect::<Vec<_>>());
    }
    println!();
}

fn row(name: &str, times: &[&Times]) {
    let sorted = |of_engine: fn(&Times) -> Duration| {
        let mut times: Vec<Duration> = times.iter().map(|times| of_engine(times)).collect();
        times.sort_unstable();
        times
    };
    let (oba, bare) = (sorted(|times| times.oba), sorted(|times| times.bare));
    let summaries: [fn(&[Duration]) -> f64; 3] = [|times| percentile(times, 50), |times| percentile(times, 99), mean];
    let cells = summaries.map(|summary| {
        let (oba, bare) = (summary(&oba), summary(&bare));
        format!("{oba:>7.2} {bare:>7.2} {:>7.2}", oba / bare)
    });
    println!("{name:12}  {:>7}  {}", times.len(), cells.join("  "));
}

/// Asks every query of both engines in turns, so that a machine that grows slower meanwhile does so for both.
fn times(engines: &Engines, questions: &[Question]) -> Vec<Times> {
    let mut rounds = vec![(Vec::new(), Vec::new()); questions.len()];
    // The first round, which brings the files into memory, is not counted.
    for round in 0..=ROUNDS {
        for (question, (oba, bare)) in questions.iter().zip(&mut rounds) {
            let times = (took(|| engines.ask_oba(&question.text)), took(|| engines.ask_bare(&question.text)));
            if round > 0 {
                oba.push(times.0);
                bare.push(times.1);
            }
        }
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let measured = questions.iter().zip(rounds);
    measured
        .map(|(question, (oba, bare))| Times { is_russian: question.is_russian, oba: middle(oba), bare: middle(bare) })
        .collect()
}

fn took(work: impl FnOnce() -> usize) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}

/// The milliseconds that so many percent of sorted times do not go beyond.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    milliseconds(times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default())
}

fn mean(times: &[Duration]) -> f64 {
    milliseconds(times.iter().sum()) / times.len().max(1) as f64
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
