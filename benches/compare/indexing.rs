//! Documents → what an index of them costs in time, memory and disk, each engine in a process of its own.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::{Value, json};

use crate::{
    bare,
    folders::{index, size},
    latency::process_cpu,
    peer,
    table::{ENGINES, Figures},
};

/// What the child is to do, where this program is one: `ENGINE`, and the two paths.
const ENGINE: &str = "OBA_BENCH_CHILD";
const DOCUMENTS: &str = "OBA_BENCH_CHILD_DOCUMENTS";
const FOLDER: &str = "OBA_BENCH_CHILD_FOLDER";

/// How often each engine indexes, in turns; the least is kept.
const ROUNDS: usize = 3;

/// Indexes, if this process was started for it, and prints what that cost.
pub fn is_child() -> bool {
    let Ok(engine) = env::var(ENGINE) else { return false };
    let path = |name| env::var_os(name).expect("a path");
    let (documents, dir) = (path(DOCUMENTS), path(FOLDER));
    let (documents, dir) = (Path::new(&documents), Path::new(&dir));
    let started = Instant::now();
    let index = if engine == "oba" { index } else { bare::index };
    index(documents, dir);
    let seconds = started.elapsed().as_secs_f64();
    println!("{}", json!({ "seconds": seconds, "cpu": process_cpu().as_secs_f64(), "peak": peak_memory_mb() }));
    true
}

/// Measures the engines where their indexes are not there yet. Without its program the third is left out.
pub fn measure(documents: &Path, dirs: [&Path; ENGINES], figures: &mut Figures) {
    let peer = peer::program();
    let engines = ["oba", "tantivy", "seekstorm"].into_iter().zip(dirs).take(if peer.is_some() { 3 } else { 2 });
    if engines.clone().all(|(_, dir)| dir.exists()) {
        return;
    }
    let megabytes = fs::metadata(documents).expect("documents").len() as f64 / 1e6;
    let mut least = [None, None, None];
    for _ in 0..ROUNDS {
        for (least, (engine, dir)) in least.iter_mut().zip(engines.clone()) {
            let cost = in_child(engine, peer.as_deref(), documents, dir);
            let is_less =
                least.as_ref().is_none_or(|least: &Value| number(&cost, "seconds") < number(least, "seconds"));
            if is_less {
                *least = Some(cost);
            }
        }
    }
    let each = |name: &str| least.each_ref().map(|cost| cost.as_ref().map(|cost| number(cost, name)));
    figures.note("indexing, MB a second", each("seconds").map(|seconds| seconds.map(|seconds| megabytes / seconds)));
    figures.note("indexing, CPU seconds", each("cpu"));
    figures.note("indexing, peak memory, MB", each("peak"));
    figures.note("index on disk, MB", dirs.map(|dir| dir.exists().then(|| size(dir) as f64 / 1e6)));
}

/// Indexes documents in a process of its own, and gives what that said it cost.
fn in_child(engine: &str, peer: Option<&Path>, documents: &Path, dir: &Path) -> Value {
    if dir.exists() {
        fs::remove_dir_all(dir).expect("a folder of ours");
    }
    fs::create_dir_all(dir).expect("a new folder");
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.env(ENGINE, engine).env(DOCUMENTS, documents).env(FOLDER, dir);
    if let Some(program) = peer.filter(|_| engine == "seekstorm") {
        command = Command::new(program);
        command.arg("index").arg(documents).arg(dir);
    }
    let output = command.stderr(Stdio::inherit()).output().expect("it runs");
    assert!(output.status.success(), "{engine} failed");
    // Others may print before that.
    let last = output.stdout.trim_ascii_end().rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice(last).expect("what it cost")
}

fn number(cost: &Value, name: &str) -> f64 {
    cost[name].as_f64().unwrap_or_default()
}

/// The most memory that this process held, in megabytes; 0 where the system does not tell.
fn peak_memory_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() / 1e3
}
