//! Each query in each engine, in alternating rounds → microseconds of the processor and of the clock.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

use crate::{
    asked::{Asked, KINDS},
    engines::{Engine, TASKS, Task},
    table::{ENGINES, Figures},
};

/// How often each query is asked of each engine, after a first time; the least counts, for what else the machine does can only
/// add to it.
const ROUNDS: usize = 3;

/// What is told of what a query took.
type Clock = fn(&Took) -> Duration;
const CLOCKS: [(&str, Clock); 2] = [("CPU", |took| took.cpu), ("wall", |took| took.wall)];

/// What a query took.
#[derive(Clone, Copy)]
pub struct Took {
    pub cpu: Duration,
    pub wall: Duration,
}

/// What is asked next.
#[derive(Clone, Copy)]
enum Alternating {
    /// All queries of one engine, and then of the next: as a machine is asked that serves one engine.
    Rounds,
    /// One query of all engines, and then the next: each finds the caches of the processor as the others left them.
    Queries,
}

/// Measures all tasks, and notes their figures by kind of query and by language. The engines are those of the table, in its order.
pub fn measure(engines: [Option<&dyn Engine>; ENGINES], asked: &[Asked], figures: &mut Figures) {
    // All engines know these.
    let is_common = |asked: &Asked| !matches!(asked.kind, "prefix" | "repaired");
    for (name, task) in TASKS {
        let least = least(engines, task, asked, Alternating::Rounds);
        for kind in KINDS {
            note(figures, &format!("{name}, {kind}"), asked, &least, |asked| asked.kind == kind);
        }
        note(figures, &format!("{name}, English"), asked, &least, |asked| is_common(asked) && !asked.is_russian);
        note(figures, &format!("{name}, Russian"), asked, &least, |asked| is_common(asked) && asked.is_russian);
        note(figures, &format!("{name}, word to phrase"), asked, &least, is_common);
    }
    for (name, task) in TASKS {
        let least = least(engines, task, asked, Alternating::Queries);
        note(figures, &format!("{name}, query by query"), asked, &least, is_common);
    }
}

/// The least that each query took in each engine that knows it.
fn least(
    engines: [Option<&dyn Engine>; ENGINES],
    task: Task,
    asked: &[Asked],
    alternating: Alternating,
) -> Vec<[Option<Took>; ENGINES]> {
    let places: Vec<(usize, usize)> = match alternating {
        Alternating::Rounds => (0..ENGINES).flat_map(|engine| (0..asked.len()).map(move |n| (engine, n))).collect(),
        Alternating::Queries => (0..asked.len()).flat_map(|n| (0..ENGINES).map(move |engine| (engine, n))).collect(),
    };
    let mut least = vec![[None::<Took>; ENGINES]; asked.len()];
    for round in 0..=ROUNDS {
        for &(engine, n) in &places {
            let took = engines[engine].and_then(|engine| engine.took(task, &asked[n]));
            let least = &mut least[n][engine];
            if round > 0 {
                *least = least.map_or(took, |least| took.map(|took| least.or_less(took)));
            }
        }
    }
    least
}

/// Notes the figures of some queries; of an engine that does not know all of them none.
fn note(
    figures: &mut Figures,
    what: &str,
    asked: &[Asked],
    least: &[[Option<Took>; ENGINES]],
    is_meant: impl Fn(&Asked) -> bool,
) {
    let meant: Vec<&[Option<Took>; ENGINES]> =
        asked.iter().zip(least).filter(|(asked, _)| is_meant(asked)).map(|(_, took)| took).collect();
    if meant.is_empty() {
        return;
    }
    for (name, clock) in CLOCKS {
        let mut sorted: [Option<Vec<Duration>>; ENGINES] = std::array::from_fn(|engine| {
            meant.iter().map(|took| took[engine].as_ref().map(clock)).collect::<Option<Vec<Duration>>>()
        });
        for times in sorted.iter_mut().flatten() {
            times.sort_unstable();
        }
        let of = |figure: fn(&[Duration]) -> f64| std::array::from_fn(|engine| sorted[engine].as_deref().map(figure));
        figures.note(&format!("{what}: {name} µs, median"), of(|times| percentile(times, 50)));
        figures.note(&format!("{what}: {name} µs, mean"), of(mean));
        figures.note(&format!("{what}: {name} µs, 99th"), of(|times| percentile(times, 99)));
    }
}

/// What some work takes; it gives a number, so that it cannot be left out.
pub fn took(work: impl FnOnce() -> usize) -> Took {
    let (started, cpu) = (Instant::now(), thread_cpu());
    black_box(work());
    Took { cpu: thread_cpu().saturating_sub(cpu), wall: started.elapsed() }
}

fn mean(times: &[Duration]) -> f64 {
    times.iter().sum::<Duration>().as_secs_f64() * 1e6 / times.len() as f64
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
