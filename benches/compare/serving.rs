//! What HTTP adds: the program itself serves the index, and is asked over the wire.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use crate::{
    asked::Asked,
    engines::{LIMIT, Oba},
    latency::percentile,
};

/// How many ask at once for the throughput.
const CONNECTIONS: usize = 16;

/// The turns of the throughput begin here, behind those in which each query is asked alone.
const FIRST_TURN: usize = 1_000;

/// Room for an answer, so that it is read at once, in bytes: ten hits with their snippets take some 20 KB.
const ROOM: usize = 64 * 1024;

/// How long the throughput is measured.
const TIME: Duration = Duration::from_secs(10);

/// Prints the time to the first answer, what HTTP adds to a search, and the throughput of both.
pub fn measure(oba: &Oba, dir: &Path, asked: &[Asked]) {
    let started = Instant::now();
    let server = Server::start(dir);
    server.connect().ask(&asked[0], usize::MAX);
    println!("first search after the start of the server: {} ms", started.elapsed().as_millis());
    let mut connection = server.connect();
    let mut added = Vec::new();
    // In turns; the first round, which fills what either keeps, is not counted.
    for round in 0..3 {
        for (n, asked) in asked.iter().enumerate() {
            // Whoever is asked second finds in the caches of the processors what the first has read.
            let is_http_first = (n + round) % 2 == 0;
            let first = is_http_first.then(|| time(|| connection.ask(asked, round)));
            let by_library = time(|| oba.page(asked));
            let over_http = first.unwrap_or_else(|| time(|| connection.ask(asked, round)));
            if round > 0 {
                added.push(over_http.saturating_sub(by_library));
            }
        }
    }
    added.sort_unstable();
    println!("HTTP adds to ten hits with snippets: {:.0} µs at the median", percentile(&added, 50));
    let mut alone: Vec<Duration> = asked.iter().map(|_| time(|| connection.get("/health/live"))).collect();
    alone.sort_unstable();
    println!("a request that asks for nothing takes {:.0} µs at the median", percentile(&alone, 50));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let library = throughput(cores, || |asked: &Asked, _| oba.page(asked), asked);
    let begin = || {
        let mut connection = server.connect();
        move |asked: &Asked, turn| connection.ask(asked, turn)
    };
    let http = throughput(CONNECTIONS, begin, asked);
    println!(
        "throughput: library {library:.0} a second on {cores} threads, HTTP {http:.0} over {CONNECTIONS} connections, {:.2} of it",
        http / library
    );
    let again = throughput(
        CONNECTIONS,
        || {
            let mut ask = begin();
            move |asked: &Asked, _| ask(asked, 0)
        },
        asked,
    );
    println!("… the same queries again, whose answers are kept: {again:.0} a second");
    println!();
}

fn time(work: impl FnOnce() -> usize) -> Duration {
    let started = Instant::now();
    std::hint::black_box(work());
    started.elapsed()
}

/// Queries a second, asked by so many threads at once; each time that all were asked is another turn.
fn throughput<A: FnMut(&Asked, usize) -> usize>(threads: usize, begin: impl Fn() -> A + Sync, asked: &[Asked]) -> f64 {
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut ask = begin();
                while started.elapsed() < TIME {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    ask(&asked[n % asked.len()], FIRST_TURN + n / asked.len());
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.into_inner() as f64 / started.elapsed().as_secs_f64()
}

/// The program, serving; it ends with the value.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(dir: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oba"));
        command.arg("serve").arg("--index").arg(dir).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address }
    }

    fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        Connection { stream: BufReader::with_capacity(ROOM, stream), body: Vec::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept for many requests.
struct Connection {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    /// Asks for ten hits with snippets; the bytes of the answer. In each turn matches are marked otherwise, so that no answer is
    /// kept from another.
    fn ask(&mut self, asked: &Asked, turn: usize) -> usize {
        let query = percent_encode(asked.text.as_bytes(), NON_ALPHANUMERIC);
        self.get(&format!("/search?limit={LIMIT}&highlightPreTag=%3Cb%20id={turn}%3E&q={query}"))
    }

    /// The bytes of an answer.
    fn get(&mut self, path: &str) -> usize {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).expect("it is sent");
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a line");
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let body = &mut self.body;
        body.resize(length, 0);
        self.stream.read_exact(body).expect("a body");
        assert!(body.starts_with(b"{\"query\"") || path.starts_with("/health"), "{}", String::from_utf8_lossy(body));
        length
    }
}
