//! How a server bears clients that do not behave, with limits short enough to wait for.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

use super::{App, Code, Guard, Limits, Origins, Policy, Refusal, asked::Asked, keys::LiveKeys, serve};
use crate::{
    index::{Deadline, IndexWriter},
    ingest::{Options, Silent, Source, ingest},
    live::{IndexName, Indexes},
};

/// How long anything may take on a machine that does other things.
const PATIENCE: Duration = Duration::from_mins(1);

/// Limits that a test can wait for.
const SHORT: Limits = Limits {
    connections: 8,
    head: Duration::from_millis(300),
    body: Duration::from_millis(300),
    unread: Duration::from_millis(300),
    grace: Duration::from_millis(500),
};

const LINES: &str = r#"{"id": "ru", "text": "Министры встретились в Ташкенте."}
{"id": "en", "text": "The ministers met in Tashkent."}"#;

/// A folder with a small index.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("index");
    let mut writer = IndexWriter::open(&dir, None).expect("an index");
    let sources = vec![Source::Lines("lines".into(), Box::new(LINES.as_bytes()))];
    ingest(&mut writer, sources, &dir, &Options::default(), &Silent, &false.into()).expect("documents");
    writer.close().expect("an index");
    folder
}

fn app(folder: &TempDir) -> App {
    let home = folder.path().join("home");
    let indexes = Indexes::open(&folder.path().join("index"), &home).expect("an index");
    App::new(Arc::new(indexes), &home)
}

/// The default index of a service.
fn asked(app: App) -> Asked {
    let name = IndexName::default();
    let live = app.indexes().get(&name).expect("it is open");
    Asked { app, name, live }
}

/// A server on a thread of its own.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: mpsc::Receiver<io::Result<()>>,
    _folder: TempDir,
}

impl Running {
    fn start(limits: Limits) -> Self {
        let folder = folder();
        let app = app(&folder);
        let policy = Policy {
            is_public: false,
            is_behind_proxy: false,
            origins: Origins::None,
            rate: None,
            burst: NonZeroU32::MIN,
        };
        let keys = LiveKeys::open(folder.path()).expect("no keys");
        let guard = Guard::new(policy, keys, SocketAddr::from(([127, 0, 0, 1], 0))).expect("a loopback address");
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            let done = runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await?;
                tell.send(listener.local_addr()?).map_err(io::Error::other)?;
                let stop = async {
                    let _ = stopped.await;
                };
                serve(app, guard, listener, limits, stop).await
            });
            let _ = end.send(done);
        });
        let address = told.recv_timeout(PATIENCE).expect("an address");
        Self { address, stop: Some(stop), ended, _folder: folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket");
        stream
    }

    /// What is answered to some bytes until the connection is closed, which the server has to do by itself.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that has heard enough may close before all was sent.
        let _ = stream.write_all(bytes);
        rest(&mut stream)
    }

    fn get(&self, path: &str) -> String {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())
    }

    fn stop(&mut self) {
        let _ = self.stop.take().expect("it runs").send(());
    }
}

fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() != io::ErrorKind::ConnectionReset => panic!("it is not closed: {error}"),
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn connections_that_send_nothing_or_half_are_closed() {
    let server = Running::start(SHORT);
    for half in ["", "GET", "GET /health HTTP/1.1\r\nhost: localhost\r\n", "GET /search?q=%D0%B2%D0%B8 HTTP/1.1\r\nhos"]
    {
        let answer = server.send(half.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{half:?}: {answer}");
    }
    // One that has been answered and asks no more is closed as well.
    let answer = server.send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("available"), "{answer}");
    assert!(server.get("/search?q=%D0%BC%D0%B8%D0%BD%D0%B8%D1%81%D1%82%D1%80").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Running::start(SHORT);
    for part in ["", "{\"q\": \"министр", "{\"q\": \"minist"] {
        let head = "POST /search HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n";
        let answer = server.send(format!("{head}{part}").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body_too_slow"), "{answer}");
    }
    // Cut off by whoever sends it, there is nobody to tell; the next one is served.
    let mut stream = server.connect();
    stream.write_all(b"POST /search HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{").expect("sent");
    stream.shutdown(Shutdown::Both).expect("closed");
    assert!(server.get("/health").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_client_that_does_not_read_is_closed() {
    let server = Running::start(Limits { connections: 1, ..SHORT });
    let mut deaf = server.connect();
    // More answers than the buffers of the system hold, tens of megabytes, and none of them is read.
    let request = b"GET /complete.js HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(1_000);
    deaf.set_write_timeout(Some(Duration::from_millis(200))).expect("a socket");
    for _ in 0..30 {
        if deaf.write_all(&request).is_err() {
            break;
        }
    }
    wait_until("its place is free again", || server.get("/health").starts_with("HTTP/1.1 200"));
    drop(deaf);
}

#[test]
fn too_many_connections_are_told_so_and_the_next_are_served() {
    let server = Running::start(Limits { connections: 2, head: PATIENCE, ..SHORT });
    let held = [server.connect(), server.connect()];
    let answer = server.get("/health");
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(answer.contains("\r\nretry-after: 1\r\n") && answer.contains("\"overloaded\""), "{answer}");
    drop(held);
    wait_until("there is a place again", || server.get("/health").starts_with("HTTP/1.1 200"));
}

#[test]
fn heads_have_a_size_and_a_number() {
    let server = Running::start(Limits { head: PATIENCE, ..SHORT });
    let long = format!("GET /search?q={} HTTP/1.1\r\nhost: localhost\r\n\r\n", "%D0%B6".repeat(50_000));
    let many = format!("GET /health HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: y\r\n".repeat(200));
    let wide = format!("GET /health HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "ж".repeat(100_000));
    for head in [long, many, wide] {
        let answer = server.send(head.as_bytes());
        let is_refused = ["HTTP/1.1 431", "HTTP/1.1 414", "HTTP/1.1 400"].iter().any(|line| answer.starts_with(line));
        assert!(is_refused, "{answer}");
    }
    // A query of 1,000 letters fits, escaped, and some headers of a browser.
    let whole = format!("/search?q={}", "%D0%B6".repeat(1_000));
    assert!(server.get(&whole).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_server_that_is_told_to_stop_does_so_whatever_is_under_way() {
    let mut server = Running::start(Limits { head: PATIENCE, body: PATIENCE, ..SHORT });
    let mut idle = server.connect();
    idle.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let mut first = [0; 12];
    idle.read_exact(&mut first).expect("an answer");
    let mut slow = server.connect();
    slow.write_all(b"POST /search HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n").expect("sent");
    server.stop();
    server.ended.recv_timeout(PATIENCE).expect("it ends").expect("in good order");
    assert!(TcpStream::connect(server.address).is_err(), "it listens no more");
    rest(&mut idle);
}

/// Waits for a word, as long as it may.
fn wait_for(go: &mpsc::Receiver<()>) -> Result<(), Refusal> {
    while go.recv_timeout(Duration::from_millis(1)).is_err() {
        Deadline::check().map_err(|error| Refusal::internal(&error))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn more_searches_than_can_wait_are_refused_and_the_rest_are_answered() {
    let folder = folder();
    let app = asked(app(&folder).with_search_timeout(PATIENCE));
    let mut waiting = Vec::new();
    // Until one is refused, at once: nobody has been told to go on yet.
    let refused = loop {
        let (tell, go) = mpsc::channel();
        let ours = app.clone();
        let task = tokio::spawn(async move { ours.with_index(move |_| wait_for(&go)).await });
        waiting.push((tell, task));
        tokio::time::sleep(Duration::from_millis(2)).await;
        if waiting.last().is_some_and(|(_, task)| task.is_finished()) {
            break waiting.pop().expect("one").1.await.expect("no panic");
        }
        assert!(waiting.len() < 10_000, "somebody is refused");
    };
    let refused = refused.expect_err("refused");
    assert_eq!((refused.code, refused.retry_after), (Code::Overloaded, Some(1)));
    for (tell, _) in &waiting {
        tell.send(()).expect("it waits");
    }
    for (_, task) in waiting {
        assert_eq!(task.await.expect("no panic"), Ok(()));
    }
    assert_eq!(app.with_index(|index| Ok(index.documents())).await, Ok(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_ends_by_its_deadline_and_gives_its_turn_back() {
    let folder = folder();
    let app = asked(app(&folder).with_search_timeout(Duration::from_millis(100)));
    // More than there are turns, one after the other.
    for _ in 0..20 {
        let endless = app.with_index(|_| {
            loop {
                Deadline::check().map_err(|error| Refusal::internal(&error))?;
                thread::sleep(Duration::from_millis(1));
            }
        });
        let refused: Result<(), Refusal> = endless.await;
        assert_eq!(refused.expect_err("refused").code, Code::SearchTimeout);
    }
    // An answer that comes too late may have been cut short.
    let late = app.with_index(|_| {
        while Deadline::check().is_ok() {}
        Ok(())
    });
    assert_eq!(late.await.expect_err("refused").code, Code::SearchTimeout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_nobody_waits_for_is_stopped() {
    let folder = folder();
    let app = asked(app(&folder).with_search_timeout(PATIENCE * 10));
    let (has_begun, has_ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begun, ended) = (Arc::clone(&has_begun), Arc::clone(&has_ended));
    let search = tokio::spawn(async move {
        let endless = app.with_index(move |_| {
            begun.fetch_add(1, Ordering::Relaxed);
            while Deadline::check().is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
            ended.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        endless.await
    });
    wait_until("it begins, and again where it may block", || has_begun.load(Ordering::Relaxed) == 2);
    assert_eq!(has_ended.load(Ordering::Relaxed), 1);
    search.abort();
    wait_until("it ends", || has_ended.load(Ordering::Relaxed) == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_done_soon_stays_where_it_was_asked_and_others_are_begun_again_elsewhere() {
    let folder = folder();
    let app = asked(app(&folder).with_search_timeout(PATIENCE));
    let asking = tokio::spawn(async move {
        let mut stayed = false;
        // A machine that does other things may keep even this one too long.
        for _ in 0..10_000 {
            let here = thread::current().id();
            stayed |= app.with_index(|_| Ok(thread::current().id())).await == Ok(here);
            if stayed {
                break;
            }
        }
        assert!(stayed);
        let here = thread::current().id();
        let longer = app.with_index(move |_| {
            while thread::current().id() == here && Deadline::check().is_ok() {}
            Ok(thread::current().id())
        });
        assert_ne!(longer.await, Ok(here));
    });
    asking.await.expect("no panic");
}
