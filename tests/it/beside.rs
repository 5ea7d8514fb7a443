//! Runs of indexing beside a running server.
//!
//! 1. They go through the server, and are as without one.
//! 2. One that is stopped leaves nothing behind, and one that builds the index anew takes its place in one step or not at all.
//! 3. What another server left behind is known as such.

use std::{fs, io::Write, process::Stdio, thread, time::Duration};

use serde_json::json;

use crate::{
    live::until,
    program::{Place, json_lines},
};

fn folder(place: &Place) {
    place.write("docs/визит.md", "# Визит\n\nМинистры встретились в Ташкенте.");
    place.write("docs/visit.md", "# A visit\n\nThe ministers met in Tashkent.");
    place.write("docs/empty.txt", "");
    place.write(
        "docs/lines.jsonl",
        json_lines(&[("l1", "Урожай хлопка"), ("l2", "The cotton harvest")]) + "{\"id\": 1}\n",
    );
}

/// What a run printed, without the time that it took.
fn report(printed: &str) -> String {
    printed.split("; 0.").next().expect("a part").trim().to_owned()
}

#[test]
fn runs_beside_a_server_go_through_it_and_are_as_without_one() {
    let (alone, beside) = (Place::new(), Place::new());
    let server = beside.serve();
    let run = |arguments: &[&str]| {
        let expected = alone.done(arguments);
        let found = beside.done(arguments);
        assert_eq!(
            (found.0, report(&found.1), &found.2),
            (expected.0, report(&expected.1), &expected.2),
            "{arguments:?}"
        );
        found
    };
    folder(&alone);
    folder(&beside);
    let (code, printed, told) = run(&["index", "docs"]);
    assert!(code == Some(1) && printed.starts_with("Indexed 4 documents into index; 2 skipped"), "{printed}{told}");
    assert_eq!(server.found("министр минист* minister"), ["docs/visit.md", "docs/визит.md"]);
    assert_eq!(server.found("хлопок harvest"), ["l1", "l2"]);

    let (_, printed, _) = run(&["index", "docs"]);
    assert!(printed.starts_with("Indexed 0 documents into index; 4 files unchanged"), "{printed}");
    assert_eq!(server.json("/tasks/2").0, 404, "nothing new is no task");

    for place in [&alone, &beside] {
        place.write("docs/визит.md", "# Визит\n\nПосол приехал в Самарканд.");
        place.write("docs/lines.jsonl", json_lines(&[("l1", "Новый урожай"), ("l3", "A third harvest")]));
        fs::remove_file(place.path("docs/visit.md")).expect("there");
    }
    let (_, printed, _) = run(&["index", "docs", "--prune"]);
    assert!(
        printed.contains("Indexed 3 documents into index; 2 replaced earlier ones; 1 files unchanged; 1 files gone"),
        "{printed}"
    );
    assert_eq!(server.found("министр minister"), [""; 0]);
    assert_eq!(server.found("урожай harvest"), ["l1", "l3"]);
    assert_eq!(server.found("посол"), ["docs/визит.md"]);

    let (code, printed, told) = run(&["delete", "docs/визит.md", "нет", "l3"]);
    assert_eq!(
        (code, printed.trim(), told.trim()),
        (Some(1), "Deleted 2 documents", "oba: there is no document \"нет\"")
    );
    assert_eq!(server.json("/tasks/3").1["deleted"], 2);
    assert_eq!(server.found("посол harvest урожай"), ["l1"]);

    let (code, _, message) = beside.done(&["index", "docs", "--filterable", "price"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("filterable members"), "{message}");
}

#[test]
fn an_index_is_built_anew_beside_the_server_that_serves_it() {
    let (alone, beside) = (Place::new(), Place::new());
    let server = beside.serve();
    server.put(&json!([{"id": "письмо", "text": "Письмо министра"}, {"id": "letter", "text": "A minister's letter"}]));
    folder(&alone);
    folder(&beside);
    let rebuild = ["index", "docs", "--rebuild", "--filterable", "price"];
    let (expected, found) = (alone.done(&rebuild), beside.done(&rebuild));
    assert_eq!((found.0, report(&found.1), &found.2), (expected.0, report(&expected.1), &expected.2));
    assert_eq!(server.found("министр минист* minister"), ["docs/visit.md", "docs/визит.md"]);
    assert_eq!(server.found("письмо letter"), [""; 0], "what was there has gone with the old index");
    assert_eq!(server.json("/indexes/default").1["filterable"], json!(["price"]));
    assert!(!beside.path("index/.rebuilt").exists());

    let (_, printed, _) = beside.done(&["index", "docs"]);
    assert!(printed.starts_with("Indexed 0 documents into index; 4 files unchanged"), "{printed}");
    server.put(&json!([{"id": "новое", "text": "Новое письмо"}, {"id": "new", "text": "A new letter"}]));
    assert_eq!((server.found("письма"), server.found("letters")), (vec!["новое".to_owned()], vec!["new".to_owned()]));

    server.create("press", &json!({}));
    let press = beside.path("index-home/indexes/press").to_string_lossy().into_owned();
    let (code, _, message) = beside.done(&["index", "docs", "--rebuild", "--index", &press]);
    assert_eq!(code, Some(1), "{message}");
    assert_eq!(server.json("/indexes/press").1["documents"], 4);
}

#[test]
fn an_index_that_is_built_anew_by_halves_changes_nothing() {
    let place = Place::new();
    let server = place.serve();
    server.put(&json!([{"id": "ru", "text": "Урожай хлопка"}, {"id": "en", "text": "The cotton harvest"}]));
    let mut command = place.command(&["index", "-", "--rebuild"]);
    let mut run = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let mut input = run.stdin.take().expect("piped");
    input.write_all(json_lines(&[("n1", "Новый урожай"), ("n2", "A new harvest")]).as_bytes()).expect("it reads");
    let built = place.path("index/.rebuilt");
    until("it is being built", || built.exists());
    // Another run waits for this one, writes of others go on.
    let (code, _, message) = place.done(&["index", "-", "--rebuild"]);
    assert!(code == Some(2) && message.contains(&format!("process {} is writing", run.id())), "{message}");
    server.put(&json!({"id": "put", "text": "Письмо об урожае"}));
    run.kill().expect("it runs");
    run.wait().expect("it ended");
    assert_eq!(server.found("урожай harvest"), ["en", "put", "ru"]);
    until("what it left is removed", || !built.exists());

    place.write("lines.jsonl", json_lines(&[("n1", "Новый урожай"), ("n2", "A new harvest")]));
    let (code, _, message) = place.done(&["index", "lines.jsonl", "--rebuild"]);
    assert_eq!(code, Some(0), "{message}");
    assert_eq!(server.found("урожай harvest"), ["n1", "n2"]);
    assert!(!built.exists());
}

#[test]
fn what_a_server_is_taking_over_no_other_run_removes() {
    let place = Place::new();
    let server = place.serve();
    server.put(&json!([{"id": "ru", "text": "Урожай хлопка"}, {"id": "en", "text": "The cotton harvest"}]));
    place.write("lines.jsonl", json_lines(&[("n1", "Новый урожай"), ("n2", "A new harvest")]));
    // As a run leaves it that hands over what it has built.
    place.write("index/.rebuilt/manifest.json", "{}");
    let lock = fs::File::create(place.path("index/.rebuilding")).expect("a file");
    lock.lock().expect("nobody else has it");
    let (code, _, message) = place.done(&["index", "lines.jsonl", "--rebuild"]);
    assert!(code == Some(2) && message.contains("is writing"), "{message}");
    // Longer than a server needs to come to rest.
    thread::sleep(Duration::from_secs(4));
    assert!(place.path("index/.rebuilt/manifest.json").exists(), "the server leaves it too, at rest");
    drop(lock);
    until("nobody builds there any more", || !place.path("index/.rebuilt").exists());
    let (code, _, message) = place.done(&["index", "lines.jsonl", "--rebuild"]);
    assert_eq!(code, Some(0), "{message}");
    assert_eq!(server.found("урожай harvest"), ["n1", "n2"]);
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_in_the_server() {
    let place = Place::new();
    let server = place.serve();
    let mut command = place.command(&["index", "-"]);
    let mut run = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let mut input = run.stdin.take().expect("piped");
    let many: Vec<(String, &str)> = (0..3_000).map(|n| (format!("n{n}"), "Новый визит, a new visit")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    input.write_all(json_lines(&many).as_bytes()).expect("it reads");
    thread::sleep(Duration::from_millis(300));
    // Another run must wait for this one; the server goes on.
    let (code, _, message) = place.done(&["delete", "n1"]);
    assert!(code == Some(2) && message.contains(&format!("process {} is writing", run.id())), "{message}");
    server.put(&json!({"id": "put", "text": "Письмо, a letter"}));
    run.kill().expect("running");
    run.wait().expect("ended");
    assert_eq!(server.found("визит visit"), [""; 0]);
    assert_eq!(place.done(&["delete", "put"]).0, Some(0));
    assert_eq!(server.found("письмо letter"), [""; 0]);
}

#[test]
fn an_address_that_a_killed_server_left_is_known_as_such() {
    let place = Place::new();
    {
        let server = place.serve();
        server.put(&json!({"id": "old", "text": "Старое письмо, an old letter"}));
    }
    let address = fs::read_to_string(place.path("index/.server")).expect("it was killed");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(place.path("index/.server")).expect("there").permissions(),
    );
    assert_eq!(mode & 0o077, 0, "it is the owner's alone");
    place.write("new.jsonl", json_lines(&[("new", "Новое письмо, a new letter")]));
    assert_eq!(place.done(&["index", "new.jsonl"]).0, Some(0), "{address}");
    assert_eq!(place.ids("письмо letter").len(), 2);
    // A server of another index may listen there by now, and must not take what is not its own.
    let other = Place::with_documents(&[("other", "Чужое, a stranger")]);
    let server = other.serve();
    let writer = oba::index::IndexWriter::open(&place.path("index"), None).expect("free");
    place.write(
        "index/.server",
        json!({"base": format!("http://{}", server.address()), "token": "0".repeat(64)}).to_string(),
    );
    let (code, _, message) = place.done(&["index", "new.jsonl"]);
    assert!(code == Some(2) && message.contains("is writing"), "{message}");
    drop(writer);
    assert_eq!(server.found("письмо"), [""; 0]);
    assert_eq!(server.get("/internal/state").0, 404);
}

#[test]
fn a_server_that_cannot_tell_its_address_serves_and_tells_it_when_it_can() {
    let place = Place::with_documents(&[("ru", "Старое письмо"), ("en", "An old letter")]);
    // A folder of that name is in the way, as a full disk would be.
    place.write("index/.server/in the way", "");
    let server = place.serve();
    server.put(&json!([{"id": "new", "text": "Новый урожай, a new harvest"}]));
    assert_eq!((server.found("урожай"), server.found("letters")), (vec!["new".to_owned()], vec!["en".to_owned()]));
    fs::remove_dir_all(place.path("index/.server")).expect("ours");
    until("the address is there", || place.path("index/.server").is_file());
    assert_eq!(place.done(&["delete", "ru"]).0, Some(0));
    assert_eq!(server.found("письмо"), [""; 0]);
}
