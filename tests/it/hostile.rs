//! Requests that no honest client makes, in both languages: huge, half-sent, malformed, deep, in wrong encodings. The server
//! lives, does not grow, panics at none of them, and says of each what is wrong with it.

mod requests;

use std::{collections::BTreeMap, fs, io::Write, net::Shutdown, thread, time::Instant};

use requests::{Hostile, escaped, hostile};

use crate::{
    program::Place,
    raw::{RawAnswer, answer, connect},
};

/// How many requests are made in the suite, and with `make soak`.
const SHORT: u64 = 400;
const LONG: u64 = 10_000;

/// How many of the first requests fill what the server keeps at hand, before its memory is looked at.
const WARM_UP: u64 = 100;

/// How much the memory may grow in all, in kilobytes: allocators keep some of what was given back.
const MAX_GROWTH: u64 = 64 * 1024;

/// How many clients ask at once.
const CLIENTS: u64 = 4;

/// Sends a request; what is answered.
fn send(address: &str, request: &Hostile) -> Option<RawAnswer> {
    let mut stream = connect(address);
    // A server that has heard enough may close before all was sent.
    let _ = stream.write_all(&request.bytes);
    if request.is_half {
        let _ = stream.shutdown(Shutdown::Write);
    }
    answer(&stream)
}

/// Makes the requests of some numbers from several clients at once; how many had which status.
fn assault(address: &str, numbers: std::ops::Range<u64>) -> BTreeMap<u16, u64> {
    let ask = |client: u64| {
        let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
        for number in numbers.clone().filter(|number| number % CLIENTS == client) {
            let request = hostile(number);
            let answer = send(address, &request);
            let status = answer.as_ref().map_or(0, |answer| answer.status);
            let shown = String::from_utf8_lossy(&request.bytes[..request.bytes.len().min(300)]).into_owned();
            assert!(request.honest.contains(&status), "request {number}: {answer:?} to {shown:?}");
            // What the router refuses has a code; what is no HTTP has none.
            if let Some(answer) = answer.filter(|answer| answer.status >= 400 && !answer.body.is_empty()) {
                let is_page = answer.header("content-type").starts_with("text/html");
                let is_plain = answer.header("content-type").starts_with("text/plain");
                assert!(is_page || is_plain || !answer.code().is_empty(), "request {number}: {answer:?} to {shown:?}");
                assert!(!answer.body.contains("root:"), "request {number}: {answer:?}");
            }
            *statuses.entry(status).or_default() += 1;
        }
        statuses
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || ask(client))).collect();
        let mut all = BTreeMap::new();
        for client in clients {
            for (status, count) in client.join().expect("no client fails") {
                *all.entry(status).or_default() += count;
            }
        }
        all
    })
}

/// The memory of a process that is not on disk, in kilobytes.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn bears(requests: u64) {
    let place = Place::with_documents(&[
        ("visit-ru", "Государственный визит министра в Ташкент начался в пятницу."),
        ("visit-en", "The state visit of the minister to Tashkent began on Friday."),
        ("дом/письмо", "Письмо о погоде. A letter about the weather."),
    ]);
    let server = place.serve();
    let started = Instant::now();
    let mut statuses = assault(server.address(), 0..WARM_UP);
    let before = memory(server.id());
    for (status, count) in assault(server.address(), WARM_UP..requests) {
        *statuses.entry(status).or_default() += count;
    }
    let after = memory(server.id());
    println!(
        "{requests} requests in {:.0} s; statuses {statuses:?}; memory {before} kB after {WARM_UP}, {after} kB in the end",
        started.elapsed().as_secs_f64()
    );
    assert!(after < before + MAX_GROWTH, "{before} kB before, {after} kB after");
    for query in ["визит", "visit"] {
        let (status, found) = server.json(&format!("/search?q={}", escaped(query)));
        assert_eq!((status, found["estimatedTotalHits"].as_u64()), (200, Some(1)), "{query}: {found}");
    }
    let log = fs::read_to_string(place.path("log")).expect("a log");
    for word in ["panic", "a request failed"] {
        assert!(!log.contains(word), "{log}");
    }
}

#[test]
fn hostile_requests_do_no_harm() {
    bears(SHORT);
}

#[test]
#[ignore = "takes long in small machines; make soak runs it"]
fn ten_thousand_hostile_requests_do_no_harm() {
    bears(LONG);
}
