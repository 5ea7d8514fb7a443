//! Ways to find → how long each query takes in each.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{ROUNDS, collection::Question};

/// A way to find, with its name: the number of a query → how many hits it has.
pub type Variant<'f> = (&'f str, &'f dyn Fn(usize) -> usize);

/// Measures each query in each variant and prints the times by kind of query.
pub fn measure(questions: &[Question], variants: &[Variant]) {
    let times: Vec<Vec<Duration>> = measured(questions.len(), variants);
    let mut kinds: Vec<&str> = questions.iter().map(|question| question.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    println!(
        "{} queries, the least of {ROUNDS} rounds, microseconds: median / 99th percentile / mean",
        questions.len()
    );
    print!("{:16}{:>20}", "", "all");
    for kind in &kinds {
        print!("{kind:>20}");
    }
    println!();
    for ((name, _), times) in variants.iter().zip(&times) {
        print!("{name:16}{:>20}", summary(times.clone()));
        for kind in &kinds {
            let of_kind = questions.iter().zip(times).filter(|(question, _)| question.kind == *kind);
            print!("{:>20}", summary(of_kind.map(|(_, time)| *time).collect()));
        }
        println!();
    }
}

/// The time of each query in each variant, in which the variants take turns: the least of the rounds, for what else the
/// machine does can only add to it.
fn measured(queries: usize, variants: &[Variant]) -> Vec<Vec<Duration>> {
    let mut times = vec![vec![Duration::MAX; queries]; variants.len()];
    // The first round, which brings the files into memory, is the slowest and counts by no more than that.
    for _ in 0..=ROUNDS {
        for ((_, find), times) in variants.iter().zip(&mut times) {
            for (query, least) in times.iter_mut().enumerate() {
                let started = Instant::now();
                black_box(find(query));
                *least = started.elapsed().min(*least);
            }
        }
    }
    times
}

fn summary(times: Vec<Duration>) -> String {
    let mean = times.iter().sum::<Duration>().as_micros() / times.len().max(1) as u128;
    let (median, high) = (percentile(times.clone(), 50).as_micros(), percentile(times, 99).as_micros());
    format!("{median} / {high} / {mean}")
}

/// The time that so many percent of them do not go beyond.
fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}
