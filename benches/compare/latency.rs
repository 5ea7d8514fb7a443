//! Each query in each engine, in turns → microseconds of the processor and of the clock.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

use crate::{
    asked::{Asked, KINDS},
    engines::{Bare, Engine, Oba, TASKS},
    table::Figures,
};

/// How often each query is asked of each engine, after a first time; the least counts, for what else the machine does can only
/// add to it.
const ROUNDS: usize = 3;

/// What a query took.
#[derive(Clone, Copy)]
pub struct Took {
    pub cpu: Duration,
    pub wall: Duration,
}

/// Measures all tasks, and notes their figures by kind of query and by language.
pub fn measure(oba: &Oba, bare: &Bare, asked: &[Asked], figures: &mut Figures) {
    for (task, work) in TASKS {
        let mut least = vec![[None::<Took>; 2]; asked.len()];
        for round in 0..=ROUNDS {
            for (asked, least) in asked.iter().zip(&mut least) {
                for (engine, least) in [oba as &dyn Engine, bare].into_iter().zip(least) {
                    let took = took(|| work(engine, asked));
                    if round > 0 {
                        *least = Some(least.map_or(took, |least| least.or_less(took)));
                    }
                }
            }
        }
        let all: Vec<(&Asked, [Took; 2])> =
            asked.iter().zip(least.iter().map(|[a, b]| [a.expect("asked"), b.expect("asked")])).collect();
        for kind in KINDS {
            note(figures, &format!("{task}, {kind}"), &all, |asked| asked.kind == kind);
        }
        note(figures, &format!("{task}, English"), &all, |asked| !asked.is_russian);
        note(figures, &format!("{task}, Russian"), &all, |asked| asked.is_russian);
        note(figures, &format!("{task}, all"), &all, |_| true);
    }
}

/// Notes the figures of some queries.
fn note(figures: &mut Figures, what: &str, all: &[(&Asked, [Took; 2])], is_meant: impl Fn(&Asked) -> bool) {
    let of = |engine: usize, clock: fn(&Took) -> Duration| {
        let mut times: Vec<Duration> =
            all.iter().filter(|(asked, _)| is_meant(asked)).map(|(_, took)| clock(&took[engine])).collect();
        times.sort_unstable();
        times
    };
    let (ours, theirs) = (of(0, |took| took.cpu), of(1, |took| took.cpu));
    if ours.is_empty() {
        return;
    }
    figures.note(&format!("{what}: CPU µs, median"), percentile(&ours, 50), percentile(&theirs, 50));
    figures.note(&format!("{what}: CPU µs, 99th"), percentile(&ours, 99), percentile(&theirs, 99));
    let (ours, theirs) = (of(0, |took| took.wall), of(1, |took| took.wall));
    figures.note(&format!("{what}: wall µs, median"), percentile(&ours, 50), percentile(&theirs, 50));
    figures.note(&format!("{what}: wall µs, 99th"), percentile(&ours, 99), percentile(&theirs, 99));
}

fn took(work: impl FnOnce() -> usize) -> Took {
    let (started, cpu) = (Instant::now(), thread_cpu());
    black_box(work());
    Took { cpu: thread_cpu().saturating_sub(cpu), wall: started.elapsed() }
}

impl Took {
    fn or_less(self, other: Self) -> Self {
        Self { cpu: self.cpu.min(other.cpu), wall: self.wall.min(other.wall) }
    }
}

/// The microseconds that so many percent of sorted times do not go beyond.
pub fn percentile(times: &[Duration], percent: usize) -> f64 {
    let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(at).copied().unwrap_or_default().as_secs_f64() * 1e6
}

/// What this thread has taken of the processor.
fn thread_cpu() -> Duration {
    clock(ClockId::ThreadCPUTime)
}

/// What this process has taken of the processors.
pub fn process_cpu() -> Duration {
    clock(ClockId::ProcessCPUTime)
}

fn clock(id: ClockId) -> Duration {
    let time = clock_gettime(id);
    let seconds = Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or_default());
    seconds + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}
