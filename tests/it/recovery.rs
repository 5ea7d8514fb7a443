//! What was acknowledged outlives whatever happens to the server.
//!
//! 1. It is there after the server was killed, and its tasks are known.
//! 2. A journal that was torn is mended, one that is damaged is refused.
//! 3. Whoever writes next comes after it.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    live::{JSON, until},
    program::{Place, encoded, json_lines},
};

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let place = Place::new();
    let (sent, seen) = (AtomicU64::new(0), AtomicU64::new(0));
    for round in 0..4 {
        let server = place.serve();
        let is_over = AtomicBool::new(false);
        let acknowledged: BTreeMap<String, u64> = thread::scope(|scope| {
            let writers: Vec<_> = ["ru", "en", "смешанный"]
                .map(|language| {
                    let (server, is_over, sent) = (&server, &is_over, &sent);
                    scope.spawn(move || {
                        let mut acknowledged = BTreeMap::new();
                        while !is_over.load(Ordering::Relaxed) {
                            let n = sent.fetch_add(1, Ordering::Relaxed);
                            let id = format!("{language}-{n}");
                            let document = json!({"id": id, "text": format!("Визит номер{n}, a visit")}).to_string();
                            let address = format!("http://{}/documents", server.address());
                            let request = ureq::put(address).content_type(JSON).send(document.as_str());
                            let Ok(mut response) = request else { break };
                            let Ok(body) = response.body_mut().read_to_string() else { break };
                            let answer: Value = serde_json::from_str(&body).expect("JSON");
                            acknowledged.insert(id, answer["taskId"].as_u64().expect("a number"));
                        }
                        acknowledged
                    })
                })
                .into_iter()
                .collect();
            thread::sleep(Duration::from_millis(300 + 170 * round));
            server.kill();
            is_over.store(true, Ordering::Relaxed);
            writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect()
        });
        drop(server);
        assert!(!acknowledged.is_empty(), "round {round}");
        let server = place.serve();
        for (id, task) in &acknowledged {
            until("what was acknowledged is there", || server.json(&format!("/documents/{}", encoded(id))).0 == 200);
            let (status, task) = server.json(&format!("/tasks/{task}"));
            assert_eq!((status, &task["status"]), (200, &json!("succeeded")), "{task}");
            seen.fetch_add(1, Ordering::Relaxed);
        }
        let stop = std::process::Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
        assert!(stop.expect("kill is there").success());
        assert_eq!(server.wait(), Some(0));
        let journal = fs::read_dir(place.path("index/.journal")).expect("a journal");
        let left: Vec<_> = journal.map(|entry| entry.expect("readable").file_name()).collect();
        assert_eq!(left, ["tasks.jsonl"], "what is applied is removed");
    }
    assert!(seen.load(Ordering::Relaxed) > 8);
}

#[test]
fn tasks_go_on_after_a_restart() {
    let place = Place::new();
    {
        let server = place.serve();
        server.put(&json!([{"id": "ru", "text": "Визит"}, {"id": "en", "text": "A visit"}]));
        server.deleted("/documents/en?wait=true");
    }
    let server = place.serve();
    let (_, task) = server.json("/tasks/1");
    assert_eq!((&task["status"], &task["kind"], &task["added"]), (&json!("succeeded"), &json!("addition"), &json!(2)));
    assert!(task["finishedAt"].as_str().expect("a time").ends_with('Z'));
    assert_eq!(server.put(&json!({"id": "3", "text": "Third, третий"}))["taskId"], 3);
    let (_, tasks) = server.json("/tasks?limit=2");
    let numbers: Vec<_> =
        tasks["tasks"].as_array().expect("a list").iter().map(|task| task["taskId"].clone()).collect();
    assert_eq!(numbers, [3, 2]);
    drop(server);
    // Where what they did is no longer known, that they are done is.
    fs::remove_file(place.path("index/.journal/tasks.jsonl")).expect("there");
    let server = place.serve();
    assert_eq!(server.json("/tasks/2"), (200, json!({"taskId": 2, "status": "succeeded"})));
    assert_eq!(server.json("/tasks/4").0, 404);
}

/// The journal of a server that accepted three documents and was killed, without the index that it made of them.
fn unapplied(place: &Place) -> PathBuf {
    let server = place.serve();
    for (id, text) in [("ru", "Первый визит"), ("en", "The second visit"), ("last", "Последний, the last")]
    {
        let (status, _) = server.send("PUT", "/documents", JSON, &json!({"id": id, "text": text}).to_string());
        assert_eq!(status, 202);
    }
    server.kill();
    let folder = place.path("index/.journal");
    let mut logs = fs::read_dir(&folder).expect("a journal").map(|entry| entry.expect("readable").path());
    let log = logs.find(|path| path.extension().is_some_and(|ending| ending == "log")).expect("a log");
    drop(server);
    // As if nothing of it had come into the index: the next start has to go by the journal alone.
    for name in ["index/data-0001", "index/manifest.json", "index/.journal/tasks.jsonl"] {
        let path = place.path(name);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("removed");
    }
    log
}

#[test]
fn a_torn_journal_loses_what_was_torn_and_nothing_else() {
    let place = Place::new();
    let log = unapplied(&place);
    let whole = fs::read(&log).expect("readable");
    fs::write(&log, &whole[..whole.len() - 5]).expect("written");
    let server = place.serve();
    until("the rest is applied", || server.found("визит visit").len() == 2);
    assert_eq!(server.found("последний"), [""; 0]);
    assert_eq!(server.put(&json!({"id": "next", "text": "Следующий"}))["taskId"], 3);
}

#[test]
fn a_damaged_journal_is_refused_and_searches_go_on() {
    let place = Place::new();
    let log = unapplied(&place);
    let mut bytes = fs::read(&log).expect("readable");
    bytes[60] ^= 1;
    fs::write(&log, &bytes).expect("written");
    let server = place.serve();
    let (status, code, message) = server.refused("PUT", "/documents", JSON, r#"{"id": "a", "text": "визит"}"#);
    assert_eq!((status, code.as_str()), (503, "write_failed"));
    assert!(message.contains(".log is damaged at byte 0") && message.contains("move it away"), "{message}");
    assert_eq!(server.found("визит visit"), [""; 0]);
    fs::remove_file(&log).expect("moved away");
    until("writes are accepted", || server.send("PUT", "/documents", JSON, r#"{"id": "a", "text": "визит"}"#).0 == 202);
}

#[test]
fn what_was_accepted_before_a_kill_comes_before_what_is_indexed_next() {
    let place = Place::new();
    let log = unapplied(&place);
    assert!(log.exists());
    place.write("new.jsonl", json_lines(&[("ru", "Новое письмо"), ("en", "A new letter")]));
    assert_eq!(place.done(&["index", "new.jsonl"]).0, Some(0));
    let server = place.serve();
    assert_eq!(
        (server.found("визит visit"), server.found("письмо letter")),
        (vec![], vec!["en".to_owned(), "ru".to_owned()])
    );
    assert_eq!(server.found("последний"), ["last"]);
    assert_eq!(server.put(&json!({"id": "next", "text": "Next, следующий"}))["taskId"], 4);
}
