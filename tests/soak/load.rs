//! Searches, suggestions, documents, writes and deletions all at once, for long: no error, and memory that does not grow.

use std::{
    collections::BTreeMap,
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Chance,
    program::{Place, Server, encoded, project},
    setting,
    texts::query,
    writers::settle,
};

/// So many search at once, each with a pause between two requests.
const READERS: u64 = 2;
const READER_PAUSE: Duration = Duration::from_millis(10);

/// The pause between two requests of the one who writes.
const WRITER_PAUSE: Duration = Duration::from_millis(100);

/// How many documents there may be; some of them are deleted at any time.
const DOCUMENTS: u64 = 5_000;

/// Memory is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Memory may grow by so many percent from the second tenth of the time to the last one: the first fills what is kept at hand, and
/// the collection stays as large as it is.
const MAX_GROWTH: u64 = 20;

/// How long requests took, by their kind.
type Taken = BTreeMap<&'static str, Vec<Duration>>;

/// The sentences of the sample documents, in both languages.
fn sentences() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["news", "manuals", "everyday", "mixed"] {
        for entry in fs::read_dir(project().join("corpus").join(folder)).expect("readable") {
            let text = fs::read_to_string(entry.expect("readable").path()).expect("UTF-8");
            found.extend(text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).map(str::to_owned));
        }
    }
    found.retain(|sentence| sentence.chars().count() > 30);
    // The order of a folder is not the same everywhere.
    found.sort();
    found
}

/// A document of sentences in one language or both.
fn document(id: u64, sentences: &[String], chance: &mut Chance) -> serde_json::Value {
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
    let text: Vec<&str> = (0..3 + chance.below(20)).map(|_| chance.one_of(&sentences)).collect();
    json!({
        "id": format!("документ {id}"),
        "title": text[0].chars().take(60).collect::<String>(),
        "text": text.join(" "),
        "source": if id.is_multiple_of(2) { "Вестник" } else { "The Herald" },
        "date": format!("20{:02}-{:02}-{:02}", 10 + chance.below(16), 1 + chance.below(12), 1 + chance.below(28)),
    })
}

fn bears(time: Duration, documents: u64, report: bool) {
    let place = Place::new();
    let server = place.serve_logging(&[], std::process::Stdio::null());
    let sentences = sentences();
    let mut chance = Chance::new(3);
    let lines: String = (0..documents).map(|id| document(id, &sentences, &mut chance).to_string() + "\n").collect();
    let (status, answer) = server.send("POST", "/documents", "application/x-ndjson", &lines);
    assert_eq!(status, 202, "{answer}");
    settle(&server);

    let is_over = AtomicBool::new(false);
    let (mut taken, mut memory) = (Taken::new(), Vec::new());
    scope(|scope| {
        let (server, sentences, is_over) = (&server, &sentences, &is_over);
        let mut working: Vec<_> = (0..READERS)
            .map(|reader| scope.spawn(move || read(server, documents, &mut Chance::new(100 + reader), is_over)))
            .collect();
        working.push(scope.spawn(move || write(server, documents, sentences, &mut Chance::new(5), is_over)));
        let started = Instant::now();
        while started.elapsed() < time && working.iter().all(|one| !one.is_finished()) {
            sleep(LOOK_EVERY.min(time));
            memory.push(Memory::of(server));
            if report && memory.len() % 24 == 0 {
                let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
                println!("{:.0} s: {:?}, load {load}", started.elapsed().as_secs_f64(), memory[memory.len() - 1]);
            }
        }
        is_over.store(true, Ordering::Relaxed);
        for one in working {
            for (kind, times) in one.join().expect("no error") {
                taken.entry(kind).or_default().extend(times);
            }
        }
    });
    settle(&server);
    let left = server.json("/stats").1["documents"].as_u64().expect("a number");
    assert!(left > documents / 2 && left <= documents, "{left} documents");
    tell(&mut taken, time);
    if report {
        assert_flat(&memory);
    }
}

fn tell(taken: &mut Taken, time: Duration) {
    let requests: usize = taken.values().map(Vec::len).sum();
    println!("{} s, {requests} requests, no error", time.as_secs());
    for (kind, times) in taken {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 1000];
        println!(
            "{kind}: {} requests, median {:.2?}, 99 % {:.2?} ({:.1} times the median), 99.9 % {:.2?}, longest {:.2?}",
            times.len(),
            at(500),
            at(990),
            at(990).as_secs_f64() / at(500).as_secs_f64(),
            at(999),
            at(1000)
        );
    }
}

fn assert_flat(memory: &[Memory]) {
    let tenth = memory.len() / 10;
    let typical = |part: &[Memory], of: fn(&Memory) -> u64| {
        let mut part: Vec<u64> = part.iter().map(of).collect();
        part.sort_unstable();
        part[part.len() / 2]
    };
    let of = |of: fn(&Memory) -> u64| (typical(&memory[tenth..2 * tenth], of), typical(&memory[9 * tenth..], of));
    let (anonymous, resident) = (of(|memory| memory.anonymous), of(|memory| memory.resident));
    println!(
        "memory in the second tenth of the time and in the last, in MB: its own {anonymous:?}, with files {resident:?}"
    );
    let (before, after) = anonymous;
    assert!(after * 100 <= before * (100 + MAX_GROWTH), "memory grew from {before} to {after} MB");
}

/// One who reads: mostly searches, of which some are dear; suggestions; documents.
fn read(server: &Server, documents: u64, chance: &mut Chance, is_over: &AtomicBool) -> Taken {
    let client = Client::new(server);
    let mut taken = Taken::new();
    while !is_over.load(Ordering::Relaxed) {
        let asked = query(chance);
        let first: String = (0..3 + chance.below(3)).zip(asked.chars()).map(|(_, letter)| letter).collect();
        let query = encoded(&asked);
        let (kind, path) = match chance.below(10) {
            0 | 1 => ("suggestions", format!("/suggest?q={}", encoded(&first))),
            2 => ("documents", format!("/documents/{}", encoded(&format!("документ {}", chance.below(documents))))),
            3 => ("searches with facets", format!("/search?q={query}&facets=language,year&sort=date:desc")),
            4 => ("searches", format!("/search?q=%22{query}%22~2&matching=all")),
            _ => ("searches", format!("/search?q={query}")),
        };
        let status = client.ask(&mut taken, kind, "GET", &path, String::new());
        assert!(status == 200 || (status == 404 && kind == "documents"), "{path}: {status}");
        sleep(READER_PAUSE);
    }
    taken
}

/// One who writes: documents anew, and deletions.
fn write(server: &Server, documents: u64, sentences: &[String], chance: &mut Chance, is_over: &AtomicBool) -> Taken {
    let client = Client::new(server);
    let mut taken = Taken::new();
    while !is_over.load(Ordering::Relaxed) {
        let (kind, method, path, body) = if chance.below(5) == 0 {
            let path = format!("/documents/{}", encoded(&format!("документ {}", chance.below(documents))));
            ("deletions", "DELETE", path, String::new())
        } else {
            let some = (0..=chance.below(8)).map(|_| document(chance.below(documents), sentences, chance));
            let body = serde_json::Value::from(some.collect::<Vec<_>>()).to_string();
            ("writes", "PUT", "/documents".to_owned(), body)
        };
        let status = client.ask(&mut taken, kind, method, &path, body);
        assert_eq!(status, 202, "{path}");
        sleep(WRITER_PAUSE);
    }
    taken
}

/// One connection that is kept.
struct Client {
    agent: ureq::Agent,
    address: String,
}

impl Client {
    fn new(server: &Server) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self { agent: agent.into(), address: format!("http://{}", server.address()) }
    }

    /// Asks, and notes how long it took until all of the answer was there; its status.
    fn ask(&self, taken: &mut Taken, kind: &'static str, method: &str, path: &str, body: String) -> u16 {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let request = request.header("content-type", "application/json");
        let started = Instant::now();
        let mut response = if body.is_empty() {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body).expect("a request"))
        }
        .expect("an answer");
        response.body_mut().read_to_vec().expect("all of it");
        taken.entry(kind).or_default().push(started.elapsed());
        response.status().as_u16()
    }
}

/// The memory of a process, in megabytes.
#[derive(Debug)]
struct Memory {
    /// What is its own.
    anonymous: u64,
    /// With the pages of files, which the system may take back.
    resident: u64,
}

impl Memory {
    fn of(server: &Server) -> Self {
        let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a process");
        let kilobytes = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("Linux tells");
            line.trim().trim_end_matches(" kB").parse().expect("a number")
        };
        Self { anonymous: kilobytes("RssAnon:") / 1_000, resident: kilobytes("VmRSS:") / 1_000 }
    }
}

#[test]
fn some_mixed_load_is_borne() {
    bears(Duration::from_secs(4), 300, false);
}

#[test]
#[ignore = "takes half an hour; make soak runs it"]
fn half_an_hour_of_mixed_load_is_borne() {
    bears(Duration::from_mins(setting("OBA_SOAK_MINUTES", 30)), DOCUMENTS, true);
}
