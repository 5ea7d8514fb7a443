//! Documents over HTTP, while answers go out.
//!
//! 1. What is put, replaced and deleted is found, or found no more, at once when that is waited for.
//! 2. What is wrong is refused with its place, or skipped and told.
//! 3. Searches go on meanwhile.
//! 4. Where another process writes, the server reads, and writes as soon as it may.

use std::{
    fs,
    io::Write,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::program::{Place, Server, encoded, ids, json_lines};

pub(crate) const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// Waits for what is to become true.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_mins(2), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

impl Server {
    pub(crate) fn put(&self, documents: &Value) -> Value {
        let (status, answer) = self.send("PUT", "/documents?wait=true", JSON, &documents.to_string());
        assert_eq!((status, &answer["status"]), (200, &json!("succeeded")), "{answer}");
        answer
    }

    pub(crate) fn deleted(&self, path: &str) -> Value {
        let (status, answer) = self.send("DELETE", path, JSON, "");
        assert_eq!((status, &answer["status"]), (200, &json!("succeeded")), "{answer}");
        answer
    }

    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        let (status, answer) = self.json(&format!("/search?q={}&limit=100&repair=off", encoded(query)));
        assert_eq!(status, 200, "{answer}");
        let mut found = ids(&answer);
        found.sort();
        found
    }

    pub(crate) fn refused(&self, method: &str, path: &str, content_type: &str, body: &str) -> (u16, String, String) {
        let (status, answer) = self.send(method, path, content_type, body);
        let member = |name: &str| answer[name].as_str().expect("a text").to_owned();
        (status, member("code"), member("message"))
    }
}

#[test]
fn names_that_come_later_are_found_in_either_alphabet() {
    let place = Place::new();
    let server = place.serve();
    server.put(
        &json!([{"id": "ru", "text": "Гости посетили Самарканд."}, {"id": "en", "text": "The guests saw Samarkand."}]),
    );
    assert_eq!(
        (server.found("Samarkand"), server.found("Самарканд")),
        (vec!["en".to_owned(), "ru".to_owned()], vec!["en".to_owned(), "ru".to_owned()])
    );
    // Another form of the name, in a segment of its own; then the first is gone.
    server.put(&json!([{"id": "ru2", "text": "Гости были в Самарканде."}]));
    assert_eq!(server.found("Samarkand"), ["en", "ru", "ru2"]);
    server.deleted("/documents/ru?wait=true");
    assert_eq!(server.found("Samarkand"), ["en", "ru2"]);
}

#[test]
fn documents_are_put_replaced_and_deleted_in_both_languages() {
    let place = Place::new();
    let server = place.serve();
    let answer = server.put(&json!({"id": "ru", "text": "Министры встретились в Ташкенте.", "source": "Газета"}));
    assert_eq!((&answer["taskId"], &answer["added"], &answer["documents"]), (&json!(1), &json!(1), &json!(1)));
    let answer = server.put(&json!([{"id": "en", "text": "The ministers met in Tashkent.", "source": "Vestnik"}]));
    assert_eq!((&answer["taskId"], &answer["replaced"]), (&json!(2), &json!(0)));
    assert_eq!((server.found("министр"), server.found("minister")), (vec!["ru".to_owned()], vec!["en".to_owned()]));

    let answer =
        server.put(&json!([{"id": "ru", "text": "Урожай хлопка."}, {"id": "en", "text": "The cotton harvest."}]));
    assert_eq!((&answer["added"], &answer["replaced"]), (&json!(0), &json!(2)));
    assert_eq!(server.found("министр minister"), [""; 0]);
    assert_eq!((server.found("хлопок"), server.found("harvests")), (vec!["ru".to_owned()], vec!["en".to_owned()]));

    assert_eq!(server.deleted("/documents/ru?wait=true")["deleted"], 1);
    assert_eq!(server.deleted("/documents/ru?wait=true")["deleted"], 0, "it may be sent again");
    assert_eq!(server.found("хлопок"), [""; 0]);
    assert_eq!(server.json("/documents/ru").0, 404);

    server.put(&json!([
        {"id": "1", "text": "Визит начался.", "source": "Газета", "date": "2021-11-19"},
        {"id": "2", "text": "Визит окончен.", "source": "Газета", "date": "2022-01-01"},
        {"id": "3", "text": "The visit began.", "source": "Vestnik", "date": "2021-11-20"},
    ]));
    let by_filter = |filter: &str| server.deleted(&format!("/documents?wait=true&filter={}", encoded(filter)));
    assert_eq!(by_filter("source = \"газета\" AND date < 2022")["deleted"], 1);
    assert_eq!(server.found("визит"), ["2"]);
    assert_eq!(by_filter("language = en AND date EXISTS")["deleted"], 1);
    assert_eq!((server.found("visit"), server.found("harvest")), (vec![], vec!["en".to_owned()]));
}

#[test]
fn what_is_sent_at_once_is_applied_in_its_order() {
    let place = Place::new();
    let server = place.serve();
    // None is waited for, so that many come into one commit; a filter must see what came before it and nothing after.
    let mut last = Value::Null;
    for round in 0..5 {
        for (id, text) in [("ru", "Визит"), ("en", "Visit")] {
            let text = format!("{text} {round}");
            let document = json!({"id": format!("{id}{round}"), "text": text, "source": "Газета"});
            assert_eq!(server.send("POST", "/documents", JSON, &document.to_string()).0, 202);
        }
        let filter = encoded("source = Газета AND NOT id = en4");
        assert_eq!(server.send("DELETE", &format!("/documents?filter={filter}"), JSON, "").0, 202);
        let again = json!({"id": format!("again{round}"), "text": format!("Visit, визит {round}")});
        last = server.send("POST", "/documents", JSON, &again.to_string()).1;
    }
    let task = last["taskId"].as_u64().expect("a number");
    until("the last task is done", || server.json(&format!("/tasks/{task}")).1["status"] == "succeeded");
    assert_eq!(server.found("visit визит"), ["again0", "again1", "again2", "again3", "again4", "en4"]);
}

#[test]
fn anything_wrong_refuses_an_array_with_its_place() {
    let place = Place::new();
    let server = place.serve();
    let refused = |body: &str| server.refused("POST", "/documents", JSON, body);
    let (status, code, message) = refused(r#"[{"id": "a", "text": "Визит"}, {"id": "b", "title": 5}]"#);
    assert_eq!((status, code.as_str()), (400, "invalid_document"));
    assert!(message.contains("Document 2 of the array, [1]: no \"text\""), "{message}");
    let (_, code, message) = refused(r#"{"text": "visit"}"#);
    assert!(code == "invalid_document" && message.contains("give each document one"), "{message}");
    assert_eq!(refused("{\"id\": \"a\", \"te").1, "invalid_json");
    assert_eq!(refused("[]").1, "invalid_document");
    let long = json!({"id": "ж".repeat(600), "text": "визит"}).to_string();
    assert_eq!(refused(&long).1, "invalid_document");
    assert_eq!(server.refused("POST", "/documents?wait=1", JSON, "{}").1, "invalid_parameter");
    assert_eq!(server.refused("POST", "/documents?wiat=true", JSON, "{}").1, "unknown_parameter");
    for path in ["/documents", "/documents?filter=", "/documents?filter=%20"] {
        assert_eq!(server.refused("DELETE", path, JSON, "").1, "missing_parameter");
    }
    for filter in ["price > 5", "language ="] {
        let path = format!("/documents?filter={}", encoded(filter));
        assert_eq!(server.refused("DELETE", &path, JSON, "").1, "invalid_parameter");
    }
    assert_eq!(server.refused("GET", "/tasks/1", JSON, "").1, "task_not_found");
    assert_eq!(server.refused("GET", "/tasks/one", JSON, "").1, "invalid_parameter");
    assert_eq!(server.found("визит visit"), [""; 0], "nothing of what was refused is there");
}

#[test]
fn wrong_lines_of_a_stream_are_skipped_and_told() {
    let place = Place::new();
    let server = place.serve();
    let lines = "{\"id\": \"ru\", \"text\": \"Визит\"}\n\n{\"id\": \"b\", \"text\": \"Vis\n{\"text\": \"visit\"}\n{\"id\": \"en\", \"text\": \"visit\"}";
    let (status, answer) = server.send("POST", "/documents?wait=true", LINES, lines);
    assert_eq!((status, &answer["documents"], &answer["skippedTotal"]), (200, &json!(2), &json!(2)));
    let places: Vec<_> =
        answer["skipped"].as_array().expect("a list").iter().map(|line| line["line"].clone()).collect();
    assert_eq!(places, [3, 4]);
    assert!(answer["skipped"][1]["message"].as_str().expect("a text").starts_with("no \"id\""), "{answer}");
    assert_eq!(server.found("визит visit"), ["en", "ru"]);
    let (status, code, message) = server.refused("POST", "/documents", LINES, "nothing\n");
    assert_eq!((status, code.as_str()), (400, "invalid_document"));
    assert!(message.contains("line 1: not valid JSON"), "{message}");
    assert_eq!(server.refused("POST", "/documents", LINES, "").1, "invalid_document");
    let many = "нет\n".repeat(1_000) + "{\"id\": \"last\", \"text\": \"visit\"}\n";
    let (_, answer) = server.send("PUT", "/documents?wait=true", "application/jsonl", &many);
    assert_eq!((answer["skipped"].as_array().map(Vec::len), &answer["skippedTotal"]), (Some(100), &json!(1_000)));
}

#[test]
fn a_long_stream_is_applied_whole_and_one_that_breaks_off_not_at_all() {
    let place = Place::new();
    let server = place.serve();
    let text = "Министры встретились в Ташкенте. The ministers met in Tashkent. ".repeat(30);
    let many: Vec<(String, String)> = (0..1_500).map(|n| (format!("{n}"), format!("{text} n{n}"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let (status, answer) = server.send("POST", "/documents", LINES, &json_lines(&many));
    assert_eq!((status, &answer["documents"], &answer["skippedTotal"]), (202, &json!(1_500), &json!(0)));
    until("all of it is found", || server.json("/tasks/1").1["status"] == "succeeded");
    assert_eq!(server.json("/tasks/1").1["added"], 1_500);
    assert_eq!((server.found("n7"), server.found("n1499")), (vec!["7".to_owned()], vec!["1499".to_owned()]));

    let mut connection = std::net::TcpStream::connect(server.address()).expect("it listens");
    let head = "POST /documents HTTP/1.1\r\nHost: oba\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n";
    connection.write_all(head.as_bytes()).expect("sent");
    connection.write_all("{\"id\": \"torn\", \"text\": \"оборвано\"}\n".as_bytes()).expect("sent");
    drop(connection);
    server.put(&json!({"id": "after", "text": "после"}));
    assert_eq!((server.found("оборвано"), server.found("после")), (vec![], vec!["after".to_owned()]));
    assert_eq!(server.json("/tasks/3").0, 404);
}

#[test]
fn a_refusal_reaches_a_client_that_is_still_sending() {
    let place = Place::new();
    let server = place.serve();
    // More than the system takes on the way.
    let much = json!([{"id": "много", "text": "Визит, a visit. ".repeat(2_000_000)}]).to_string();
    for path in ["/documents", "/search"] {
        assert_eq!(server.refused("POST", path, JSON, &much).1, "body_too_large");
    }
    let lines = format!("{}\n", &much[1..much.len() - 1]);
    let _writer = {
        // Nothing may be written, which is known before the stream is read.
        drop(server);
        oba::index::IndexWriter::open(&place.path("index"), None).expect("free")
    };
    let server = place.serve();
    assert_eq!(server.refused("POST", "/documents", LINES, &lines).1, "not_writable");
}

#[test]
fn searches_go_on_during_many_commits() {
    let place = Place::with_documents(&[("ru", "Постоянный визит"), ("en", "A lasting visit")]);
    let server = place.serve();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let mut searches = 0;
            while !is_over.load(Ordering::Relaxed) || searches == 0 {
                assert_eq!(server.found("постоянный"), ["ru"]);
                assert_eq!(server.found("lasting"), ["en"]);
                assert_eq!(server.get(&format!("/suggest?q={}", encoded("виз"))).0, 200);
                searches += 1;
            }
        });
        for n in 0..25 {
            let text = format!("Урожай хлопка {n}, a harvest");
            server.put(&json!({"id": format!("{}", n % 10), "text": text}));
            assert_eq!(server.found(&format!("хлопок +{n}")), [format!("{}", n % 10)], "what was written is read");
        }
        is_over.store(true, Ordering::Relaxed);
        searching.join().expect("no search failed");
    });
    let (_, stats) = server.json("/stats");
    assert_eq!(stats["documents"], 12);
    assert!(stats["segments"].as_u64().expect("a number") < 20, "{stats}");
}

#[test]
fn where_another_process_writes_the_server_reads_and_then_writes() {
    let place = Place::with_documents(&[("ru", "Визит"), ("en", "A visit")]);
    let mut command = place.command(&["index", "-"]);
    let mut run = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let mut input = run.stdin.take().expect("piped");
    until("the run holds the lock", || {
        fs::read_to_string(place.path("index/.lock")).is_ok_and(|n| n.trim() == run.id().to_string())
    });
    let server = place.serve();
    assert_eq!(server.found("визит visit"), ["en", "ru"]);
    let document = r#"{"id": "new", "text": "Новый, new"}"#;
    let (status, code, message) = server.refused("PUT", "/documents", JSON, document);
    assert_eq!((status, code.as_str()), (503, "not_writable"));
    assert!(message.contains(&format!("rocess {} is writing", run.id())), "{message}");
    input.write_all("{\"id\": \"run\", \"text\": \"Прогон, a run\"}\n".as_bytes()).expect("it reads");
    drop(input);
    assert!(run.wait().expect("it ends").success());
    until("writes are accepted", || server.send("PUT", "/documents?wait=true", JSON, document).0 == 200);
    assert_eq!((server.found("прогон"), server.found("new")), (vec!["run".to_owned()], vec!["new".to_owned()]));
}

#[test]
fn an_empty_folder_becomes_an_empty_index() {
    let place = Place::new();
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--index", "новый"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().expect("piped")), &mut line)
        .expect("a line");
    child.kill().expect("running");
    child.wait().expect("ended");
    assert!(line.starts_with("Serving a new, empty index in новый on http://"), "{line}");
    assert!(place.path("новый/manifest.json").exists());
    place.write("другое/file.txt", "something else");
    let (code, _, message) = place.done(&["serve", "--listen", "127.0.0.1:0", "--index", "другое"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("holds other files"), "{message}");
}
