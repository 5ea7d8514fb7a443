//! The server under system calls that fail, now and then or all of them; what it acknowledged is there, and it is well again when
//! they no longer fail.

use std::{
    fs,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    Chance,
    program::{Place, Server, encoded, text},
    setting,
    writers::{Outcome, Writer, check, settle, told, until},
};

/// So many write, one after the other.
const WRITERS: u64 = 2;

/// So many requests each sends under a fault.
const REQUESTS: u64 = 15;

/// How many files of the journal that come next may fail.
const JOURNAL_FILES: u64 = 40;

/// What fails. Calls that all of the program makes fail as a whole only where that is the fault of no disk but could be: a program
/// whose own pipes cannot be written to is beyond help.
const FAULTS: [Fault; 12] = [
    Fault::everywhere("fsync", "EIO"),
    Fault::everywhere("fdatasync", "EIO"),
    Fault::everywhere("fdatasync", "ENOSPC"),
    Fault::everywhere("fsync,fdatasync", "EIO"),
    Fault::everywhere("rename,renameat,renameat2", "EIO"),
    Fault::everywhere("unlink,unlinkat", "EIO"),
    Fault::everywhere("ftruncate", "EIO"),
    Fault::everywhere("openat", "EMFILE"),
    // A thread that gets no memory for its stack ends the process.
    Fault { may_end: true, ..Fault::everywhere("mmap", "ENOMEM") },
    Fault { calls: "write", error: "ENOSPC", place: Where::Journal, may_end: false },
    Fault { calls: "write", error: "EIO", place: Where::Engine, may_end: false },
    Fault { calls: "write", error: "ENOSPC", place: Where::Engine, may_end: false },
];

struct Fault {
    calls: &'static str,
    error: &'static str,
    place: Where,
    /// Whether the server may end of it.
    may_end: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Everywhere,
    /// In the files that the journal begins next.
    Journal,
    /// In the threads that write the index.
    Engine,
}

impl Fault {
    const fn everywhere(calls: &'static str, error: &'static str) -> Self {
        Self { calls, error, place: Where::Everywhere, may_end: false }
    }

    /// The options of strace that let each thread's calls fail from one on, every so many.
    fn options(&self, first: u64, step: u64) -> Vec<String> {
        let Self { calls, error, place, .. } = self;
        // Fatal signals are not blocked (-I 2), so that it can be told to let go.
        let options = ["-I", "2", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e"];
        let mut options: Vec<String> = options.map(str::to_owned).into();
        options.push(format!("inject={calls}:error={error}:when={first}+{step}"));
        if *place != Where::Engine {
            // All threads, and those to come.
            options.push("-f".into());
        }
        options
    }
}

/// Lets calls of a running server fail until it is let go.
struct Tracer(std::process::Child);

impl Tracer {
    /// `None` where strace is not there, or may not watch.
    fn new(server: &Server, fault: &Fault, first: u64, step: u64, place: &Place) -> Option<Self> {
        let options = fault.options(first, step);
        let mut command = Command::new("strace");
        command.args(&options).stderr(Stdio::null());
        match fault.place {
            Where::Everywhere => {
                command.args(["-p", &server.id().to_string()]);
            }
            Where::Journal => {
                let next = server.json("/tasks?limit=1").1["tasks"][0]["taskId"].as_u64().unwrap_or_default() + 1;
                for number in next..next + JOURNAL_FILES {
                    command.arg("-P").arg(place.path(&format!("index/.journal/{number:020}.log")));
                }
                command.args(["-p", &server.id().to_string()]);
            }
            Where::Engine => {
                // Those that merge and those that write segments; the one that tells them to wakes others by a write, too.
                for thread in threads(server, |name| {
                    name.contains("tantivy") || name.contains("segment") || name.contains("merge")
                }) {
                    command.args(["-p", &thread]);
                }
            }
        }
        let mut tracer = command.spawn().ok()?;
        let mut is_refused = false;
        until("the server is watched", || {
            is_refused = tracer.try_wait().expect("it is ours").is_some();
            let is_watched = threads(server, |_| true).iter().any(|thread| tracer_of(server, thread) == tracer.id());
            if is_refused || is_watched { Ok(()) } else { Err(String::new()) }
        });
        (!is_refused).then_some(Self(tracer))
    }

    fn let_go(mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().expect("kill is there");
        assert!(sent.success());
        self.0.wait().expect("it ends");
    }
}

/// The threads of a server whose names are wanted, by their numbers.
fn threads(server: &Server, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let folder = fs::read_dir(format!("/proc/{}/task", server.id())).expect("it runs");
    let numbers = folder.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let name = |number: &str| fs::read_to_string(format!("/proc/{}/task/{number}/comm", server.id()));
    numbers.filter(|number| name(number).is_ok_and(|name| is_wanted(name.trim()))).collect()
}

/// Who watches a thread.
fn tracer_of(server: &Server, thread: &str) -> u32 {
    let status = fs::read_to_string(format!("/proc/{}/task/{thread}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}

/// Writes and searches under a fault; whether the server is still there, or what is not as it may be.
fn work(writers: &mut [Writer], server: &Server, fault: &Fault) -> Result<bool, String> {
    for _ in 0..REQUESTS {
        for writer in &mut *writers {
            match writer.write(server) {
                Outcome::Accepted | Outcome::Refused(503 | 507, _) => {}
                Outcome::Open(_) if fault.may_end => return Ok(false),
                other => return Err(format!("{other:?}")),
            }
        }
        if !fault.may_end {
            let (status, answer) = server.json(&format!("/search?q={}", encoded("визит railway")));
            if status != 200 {
                return Err(answer.to_string());
            }
        }
    }
    Ok(true)
}

/// Lets calls fail in all of these ways, so many times; every other time the server is killed meanwhile.
fn outlives_faults(faults: &[&Fault], rounds: u64) {
    let place = Place::new();
    let started = Instant::now();
    let mut writers = Writer::some(WRITERS);
    for writer in &mut writers {
        // What cannot be written is waited for in vain, for long.
        writer.is_patient = false;
    }
    let mut chance = Chance::new(11);
    let mut documents = 0;
    for round in 0..rounds {
        for (n, fault) in (0..).zip(faults) {
            let (first, step) = (1 + chance.below(12), 1 + chance.below(6));
            let what = format!("round {round}: {} → {} at {first}+{step} {:?}", fault.calls, fault.error, fault.place);
            println!("{:.0} s, {what}", started.elapsed().as_secs_f64());
            let server = place.serve();
            // The threads of the engine begin with the first write.
            assert_eq!(writers[0].write(&server), Outcome::Accepted, "{what}");
            settle(&server);
            let Some(tracer) = Tracer::new(&server, fault, first, step, &place) else {
                return println!("passed over: strace is not there, or may not watch");
            };
            let is_up =
                work(&mut writers, &server, fault).unwrap_or_else(|fault| panic!("{what}: {fault}; {}", log(&place)));
            let server = if is_up && !fault.may_end && (round + n) % 2 == 0 {
                tracer.let_go();
                documents = check(&mut writers, &server);
                assert_eq!(writers[0].write(&server), Outcome::Accepted, "{what}");
                server
            } else {
                server.kill();
                tracer.0.wait_with_output().expect("it ends with the server");
                drop(server);
                place.serve()
            };
            check(&mut writers, &server);
            drop(server);
            assert!(fault.may_end || !log(&place).contains("panicked at"), "{what}: {}", log(&place));
            let verified = place.run(&["verify"]);
            assert_eq!(verified.status.code(), Some(0), "{what}: {}", text(&verified.stdout));
        }
    }
    println!(
        "{} faults in system calls, in {:.0} s: {}; {documents} documents in the end; all that was accepted was there each time, \
         and verify clean",
        rounds * faults.len() as u64,
        started.elapsed().as_secs_f64(),
        told(&writers)
    );
}

/// What the server says beside its requests.
fn log(place: &Place) -> String {
    let log = fs::read_to_string(place.path("log")).expect("a log");
    log.lines().filter(|line| !line.contains("\"message\":\"answered\"")).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_was_acknowledged_outlives_some_system_calls_that_fail() {
    // A sync, a name, a deletion, and a segment that cannot be written.
    outlives_faults(&[&FAULTS[3], &FAULTS[4], &FAULTS[5], &FAULTS[10]], 1);
}

#[test]
#[ignore = "takes long; make soak runs it"]
fn what_was_acknowledged_outlives_system_calls_that_fail() {
    outlives_faults(&FAULTS.each_ref(), setting("OBA_SOAK_ROUNDS", 200).div_ceil(10));
}

/// Where the system lets no file grow beyond some size, which any machine can be told.
#[test]
fn what_was_acknowledged_outlives_files_that_may_not_grow() {
    let place = Place::new();
    let mut writers = Writer::some(WRITERS);
    for round in 0..2 {
        let mut command = Command::new("sh");
        // In units of 512 bytes; without the signal, a write fails as any other.
        let limit = "trap '' XFSZ && ulimit -f 60 && exec \"$@\" 2>>log";
        command.args(["-c", limit, "sh"]).arg(env!("CARGO_BIN_EXE_oba"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(place.path(""));
        let server = Server::begin(command).expect("it starts");
        for writer in &mut writers {
            let mut refused = 0;
            while refused < 3 {
                match writer.write(&server) {
                    Outcome::Accepted => {}
                    Outcome::Refused(503, code) if code == "write_failed" => refused += 1,
                    other => panic!("round {round}: {other:?}; {}", log(&place)),
                }
            }
        }
        assert_eq!(server.json("/search?q=railway").0, 200);
        drop(server);
        let server = place.serve();
        check(&mut writers, &server);
        drop(server);
        let verified = place.run(&["verify"]);
        assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
    }
    println!("files that may not grow: {}; all that was accepted was there", told(&writers));
}
