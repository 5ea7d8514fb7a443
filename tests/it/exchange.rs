//! Indexes that are exchanged, and put back to a snapshot, while they are served.
//!
//! 1. After a swap each name is that of what the other was; searches go on, and what was acknowledged is in one of the two.
//! 2. A kill leaves both as they were, or both exchanged.
//! 3. A snapshot is put in the place of an index while searches go on; what cannot be restored changes nothing.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    live::{JSON, until},
    program::{Place, Server, encoded},
    rebuild::Raises,
};

const PRESS: &str = "/indexes/press";

fn swap(server: &Server) -> (u16, Value) {
    server.post("/swap", r#"{"indexes": ["default", "press"]}"#)
}

/// A server with two indexes, each with a document in each language.
fn two() -> (Place, Server) {
    let place = Place::new();
    let server = place.serve();
    server.create("press", &json!({"filterable": ["цена"], "lemmas": false}));
    server.put(&json!([{"id": "визит", "text": "Визит министра"}, {"id": "visit", "text": "A visit of the minister"}]));
    server.put_into(
        PRESS,
        &json!([{"id": "хлопок", "text": "Урожай хлопка", "цена": 5}, {"id": "cotton", "text": "The cotton harvest"}]),
    );
    (place, server)
}

#[test]
fn after_a_swap_each_name_is_that_of_what_the_other_was() {
    let (place, server) = two();
    server.put_into(PRESS, &json!({"id": "third", "text": "Третий, third"}));
    let (status, swapped) = swap(&server);
    assert_eq!((status, &swapped["swapped"]), (200, &json!(["default", "press"])), "{swapped}");
    assert_eq!(
        (server.found("визит cotton"), server.found_in(PRESS, "визит cotton")),
        (vec!["cotton".into()], vec!["визит".into()])
    );
    assert_eq!(server.json("/stats").1["manifest"]["filterable"], json!(["цена"]), "its rules came with it");
    assert_eq!((server.json("/tasks/2").0, server.json(&format!("{PRESS}/tasks/2")).0), (200, 404), "its tasks, too");
    assert_eq!(server.put(&json!({"id": "new", "text": "Новый, new"}))["taskId"], 3);
    // Whoever looks beside sees the same, and runs go where they should.
    assert_eq!(place.ids("хлопка"), ["хлопок"]);
    place.write("письма.jsonl", "{\"id\": \"run\", \"text\": \"Прогон, a run\"}\n");
    assert_eq!(place.run(&["index", "письма.jsonl"]).status.code(), Some(0));
    assert_eq!((server.found("прогон"), server.found_in(PRESS, "прогон")), (vec!["run".into()], vec![]));
    // The rest of what may be asked.
    let refused = |body: &str| server.post("/swap", body).1["code"].as_str().expect("a code").to_owned();
    assert_eq!(refused(r#"{"indexes": ["default", "default"]}"#), "invalid_parameter");
    assert_eq!(refused(r#"{"indexes": ["default", "none"]}"#), "index_not_found");
    assert_eq!(refused(r#"{"indexes": ["default", "../x"]}"#), "index_not_found");
    assert_eq!(refused(r#"{"indexes": ["default"]}"#), "invalid_parameter");
    assert_eq!(refused(r#"{"index": []}"#), "unknown_parameter");
    assert_eq!(refused("{}"), "missing_parameter");
    let mut run = place
        .command(&["index", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    until("the run has begun", || {
        fs::read_to_string(place.path("index/.run")).is_ok_and(|n| n.trim() == run.id().to_string())
    });
    assert_eq!(swap(&server).1["code"], "index_busy");
    drop(run.stdin.take());
    assert!(run.wait().expect("it ends").success());
    assert_eq!(swap(&server).0, 200);
    assert_eq!(server.found("визит cotton"), ["визит"]);
    drop(server);
    let server = place.serve();
    assert_eq!(
        (server.found("визит cotton"), server.found_in(PRESS, "new")),
        (vec!["визит".into()], vec!["new".into()])
    );
}

#[test]
fn what_is_acknowledged_during_swaps_is_in_one_of_the_two() {
    let (_place, server) = two();
    let is_over = AtomicBool::new(false);
    let acknowledged: BTreeSet<String> = thread::scope(|scope| {
        let raises = Raises(&is_over);
        let searching = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for base in ["", PRESS] {
                    let found = server.found_in(base, "visit cotton");
                    assert!(found == ["visit"] || found == ["cotton"], "{found:?}");
                }
            }
        });
        let writers: Vec<_> = ["ru", "en"]
            .map(|language| {
                let (server, is_over) = (&server, &is_over);
                scope.spawn(move || {
                    let mut acknowledged = BTreeSet::new();
                    for n in 0.. {
                        if is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        let id = format!("{language}-{n}");
                        let document = json!({"id": id, "text": format!("Запись {n}, a record")}).to_string();
                        match server.send("PUT", "/documents", JSON, &document) {
                            (202, _) => drop(acknowledged.insert(id)),
                            (503, answer) => assert_eq!(answer["code"], "not_writable"),
                            (status, answer) => panic!("{status} {answer}"),
                        }
                    }
                    acknowledged
                })
            })
            .into_iter()
            .collect();
        for round in 0..6 {
            thread::sleep(Duration::from_millis(100 + 30 * round));
            let (status, answer) = swap(&server);
            assert_eq!(status, 200, "{answer}");
        }
        drop(raises);
        searching.join().expect("no search failed");
        writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect()
    });
    assert!(acknowledged.len() > 6, "{acknowledged:?}");
    let of = |base: &str| server.json(&format!("{base}/stats")).1["documents"].as_u64().expect("a number");
    let all = acknowledged.len() as u64 + 4;
    until("all is found", || of("") + of(PRESS) == all);
    for id in &acknowledged {
        let found = ["", PRESS].map(|base| server.json(&format!("{base}/documents/{}", encoded(id))).0);
        assert!(found == [200, 404] || found == [404, 200], "{id}: {found:?}");
    }
}

#[test]
fn a_kill_during_a_swap_leaves_both_whole() {
    let (place, server) = two();
    let mut server = Some(server);
    for round in 0..6 {
        let running = server.take().unwrap_or_else(|| place.serve());
        thread::scope(|scope| {
            let address = format!("http://{}/swap", running.address());
            // It may be cut off.
            scope.spawn(move || {
                drop(ureq::post(&address).content_type(JSON).send(r#"{"indexes": ["default", "press"]}"#));
            });
            thread::sleep(Duration::from_millis(4 * round * round));
            running.kill();
        });
        drop(running);
        let again = place.serve();
        let found = ["", PRESS].map(|base| again.found_in(base, "визит хлопка"));
        assert!(
            found == [vec!["визит".to_owned()], vec!["хлопок".to_owned()]]
                || found == [vec!["хлопок".to_owned()], vec!["визит".to_owned()]],
            "round {round}: {found:?}"
        );
        for base in ["", PRESS] {
            assert_eq!(again.json(&format!("{base}/verify")).1["clean"], true);
        }
        server = Some(again);
    }
}

#[test]
fn a_snapshot_is_put_in_the_place_of_an_index_over_http() {
    let (place, server) = two();
    for base in ["", PRESS] {
        let (_, made) = server.send("POST", &format!("{base}/snapshots"), JSON, "");
        let name = made["name"].as_str().expect("a name").to_owned();
        let before = server.found_in(base, "визит visit хлопка cotton");
        server.put_into(base, &json!([{"id": "later", "text": "Позже, later"}]));
        let gone = if base.is_empty() { "visit" } else { "cotton" };
        assert_eq!(server.send("DELETE", &format!("{base}/documents/{gone}?wait=true"), JSON, "").0, 200);
        let (status, restored) = server.send("POST", &format!("{base}/snapshots/{name}/restore"), JSON, "");
        assert_eq!(
            (status, &restored["documents"], &restored["snapshot"]),
            (200, &json!(2), &json!(name)),
            "{restored}"
        );
        assert_eq!(
            (server.found_in(base, "визит visit хлопка cotton"), server.found_in(base, "later")),
            (before, vec![])
        );
        server.put_into(base, &json!([{"id": "after", "text": "После, after"}]));
        assert_eq!(server.found_in(base, "после"), ["after"]);
        assert_eq!(server.json(&format!("{base}/verify")).1["clean"], true);
        // What is damaged changes nothing.
        let folder = if base.is_empty() { "index-home/snapshots" } else { "index-home/snapshots/press" };
        let data = place.path(&format!("{folder}/{name}/data-0001"));
        let store = fs::read_dir(&data).expect("a folder").map(|entry| entry.expect("readable").path());
        let store =
            store.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "store")).expect("a store");
        let mut bytes = fs::read(&store).expect("readable");
        bytes[3] ^= 1;
        // It is shared with the index, so it is written anew and not changed.
        fs::remove_file(&store).expect("removed");
        fs::write(&store, bytes).expect("writable");
        let (status, refused) = server.send("POST", &format!("{base}/snapshots/{name}/restore"), JSON, "");
        assert_eq!((status, &refused["code"]), (409, &json!("snapshot_unusable")), "{refused}");
        until("it is written again", || {
            server
                .send("PUT", &format!("{base}/documents?wait=true"), JSON, r#"{"id": "again", "text": "Снова, again"}"#)
                .0
                == 200
        });
        assert_eq!(server.found_in(base, "после again"), ["after", "again"]);
    }
    for name in ["20261122T091500123Z", "..", "press", "%D1%81"] {
        let (status, refused) = server.send("POST", &format!("/snapshots/{name}/restore"), JSON, "");
        assert_eq!((status, &refused["code"]), (404, &json!("snapshot_not_found")), "{name}: {refused}");
    }
    let stop = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    assert!(stop.expect("kill is there").success());
    assert_eq!(server.wait(), Some(0));
}
