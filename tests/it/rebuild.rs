//! An index that is built anew beside the one that is served.
//!
//! 1. What comes and goes meanwhile is in the new index, and searches never see an earlier state.
//! 2. It is of the rules that were asked for, and keeps what is known of files.
//! 3. A kill leaves one of the two whole, and nothing of the other.
//! 4. It can be given up; what cannot be done to the new index ends it and leaves the old one.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    live::{JSON, until},
    program::{Place, Server, encoded, text},
};

/// Raises a flag when it goes, so that threads which wait for that end where a test fails, too.
pub(crate) struct Raises<'f>(pub &'f AtomicBool);

impl Drop for Raises<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Begins a rebuild.
fn begin(server: &Server, base: &str, rules: &Value) {
    let (status, begun) = server.send("POST", &format!("{base}/rebuild"), JSON, &rules.to_string());
    assert_eq!((status, &begun["status"]), (202, &json!("processing")), "{begun}");
}

/// What has become of a rebuild, when it has ended.
fn ended(server: &Server, base: &str) -> Value {
    let path = format!("{base}/rebuild");
    until("the rebuild ends", || server.json(&path).1["status"] != "processing");
    server.json(&path).1
}

/// The folders of data in that of an index.
fn data(dir: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("data-"));
    names.sort();
    names
}

/// A run of indexing that goes through the server and waits for its input. A rebuild waits for its end.
fn run_beside(place: &Place) -> Child {
    let mut command = place.command(&["index", "-"]);
    let run = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let holder = place.path("index/.run");
    until("the run has begun", || fs::read_to_string(&holder).is_ok_and(|n| n.trim() == run.id().to_string()));
    run
}

fn end(mut run: Child) {
    drop(run.stdin.take());
    assert!(run.wait().expect("it ends").success());
}

fn some(count: u64) -> Value {
    let document = |n: u64| {
        json!({"id": format!("d{n}"), "text": format!("Человек номер{n} в городе. A man came to town."), "source": "Газета",
            "раздел": if n.is_multiple_of(2) { "политика" } else { "economy" }})
    };
    (0..count).map(document).collect()
}

#[test]
fn what_comes_and_goes_meanwhile_is_in_the_new_index() {
    let place = Place::new();
    let server = place.serve();
    server.put(&some(200));
    assert_eq!(server.found("люди номер7"), server.found("человек номер7"), "люди is a form of человек");
    assert_eq!(server.json("/rebuild").1["code"], "rebuild_not_found");
    let is_over = AtomicBool::new(false);
    let written = AtomicU64::new(0);
    let acknowledged: BTreeMap<String, bool> = thread::scope(|scope| {
        let raises = Raises(&is_over);
        let searching = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                // What was found once is found from then on.
                let newest = written.load(Ordering::Relaxed);
                if newest > 0 {
                    assert_eq!(server.found(&format!("+новый{newest}")), [format!("n{newest}")]);
                }
                assert_eq!(server.found("+номер3 +town"), ["d3"]);
            }
        });
        let writing = scope.spawn(|| {
            let mut acknowledged = BTreeMap::new();
            for n in 1.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                server.put(
                    &json!({"id": format!("n{n}"), "text": format!("Новый новый{n}, a new one"), "source": "Vestnik"}),
                );
                acknowledged.insert(format!("n{n}"), true);
                written.store(n, Ordering::Relaxed);
                match n % 5 {
                    0 => {
                        server.deleted(&format!("/documents/d{}?wait=true", n + 5));
                        acknowledged.insert(format!("d{}", n + 5), false);
                    }
                    // Of those that came before, and none that comes after.
                    1 => {
                        server
                            .put(&json!({"id": format!("t{n}"), "text": "Временный, temporary", "source": "Черновик"}));
                        server.deleted(&format!("/documents?wait=true&filter={}", encoded("source = Черновик")));
                        server.put(&json!({"id": format!("k{n}"), "text": "Оставлен, kept", "source": "Черновик2"}));
                        acknowledged.insert(format!("t{n}"), false);
                        acknowledged.insert(format!("k{n}"), true);
                    }
                    _ => {}
                }
            }
            acknowledged
        });
        // The first waits for a run of indexing, so that much comes meanwhile; the second does not.
        let run = run_beside(&place);
        begin(&server, "", &json!({"lemmas": false, "filterable": ["раздел"]}));
        let (status, busy) = server.post("/rebuild", "{}");
        assert_eq!((status, &busy["code"]), (409, &json!("index_busy")), "{busy}");
        let is_built = |rebuild: &Value| rebuild["built"] == rebuild["documents"];
        until("all are built", || is_built(&server.json("/rebuild").1));
        let before = written.load(Ordering::Relaxed);
        until("some are written", || written.load(Ordering::Relaxed) > before + 3);
        assert_eq!(server.json("/rebuild").1["status"], "processing");
        assert_eq!(server.json("/stats").1["manifest"]["lemmas"], true, "the old index is served");
        end(run);
        let done = ended(&server, "");
        assert_eq!((&done["status"], &done["lemmas"]), (&json!("succeeded"), &json!(false)), "{done}");
        begin(&server, "", &json!({}));
        assert_eq!(ended(&server, "")["status"], "succeeded");
        drop(raises);
        searching.join().expect("no search failed");
        writing.join().expect("no write failed")
    });
    assert!(acknowledged.len() > 4, "{acknowledged:?}");
    let check = |server: &Server| {
        for (id, is_there) in &acknowledged {
            let status = if *is_there { 200 } else { 404 };
            assert_eq!(server.json(&format!("/documents/{id}")).0, status, "{id}");
        }
        let (_, stats) = server.json("/stats");
        let gone = acknowledged.iter().filter(|(id, is_there)| id.starts_with('d') && !**is_there).count();
        let new = acknowledged.values().filter(|is_there| **is_there).count();
        assert_eq!(stats["documents"], 200 - gone + new, "{stats}");
        assert_eq!(
            (&stats["manifest"]["lemmas"], &stats["manifest"]["filterable"]),
            (&json!(false), &json!(["раздел"]))
        );
        assert_eq!(
            server.found("люди номер7"),
            server.found("номер7"),
            "forms are not led back to their words any more"
        );
        let path = format!("/search?q=town&filter={}", encoded("раздел = economy"));
        assert!(server.json(&path).1["estimatedTotalHits"].as_u64().is_some_and(|hits| hits > 50));
        assert_eq!(server.json("/verify").1["clean"], true);
    };
    check(&server);
    until("the old data is gone", || data(place.path("index")).len() == 1);
    drop(server);
    check(&place.serve());
}

#[test]
fn what_is_known_of_files_goes_with_the_new_index() {
    let place = Place::new();
    place.write("папка/визит.txt", "Визит министра начался в пятницу.");
    place.write("папка/visit.txt", "The visit of the minister began on Friday.");
    place.write(
        "папка/letters.jsonl",
        "{\"id\": \"а\", \"text\": \"Письмо\"}\n{\"id\": \"b\", \"text\": \"A letter\"}\n",
    );
    assert_eq!(place.run(&["index", "папка"]).status.code(), Some(0));
    let server = place.serve();
    server.put(&json!([{"id": "http", "text": "Урожай, harvest", "title": 5, "date": "2021-11", "lang": "ru"}]));
    let before = server.get("/export").1;
    begin(&server, "", &json!({"lemmas": false}));
    let done = ended(&server, "");
    assert_eq!((&done["status"], &done["built"]), (&json!("succeeded"), &json!(5)), "{done}");
    let lines = |export: &str| {
        let mut lines: Vec<String> = export.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&server.get("/export").1), lines(&before), "each document is as it came");
    fs::remove_file(place.path("папка/letters.jsonl")).expect("removed");
    let output = place.run(&["index", "папка", "--prune"]);
    let told = text(&output.stdout);
    assert!(output.status.success() && told.contains("2 files unchanged") && told.contains("1 files gone"), "{told}");
    until("what was read from the file is gone", || server.found("письмо letter").is_empty());
    assert_eq!(server.found("визит visit урожай"), ["http", "папка/visit.txt", "папка/визит.txt"]);
}

#[test]
fn a_kill_leaves_one_of_the_two_whole() {
    let place = Place::new();
    let mut documents = 0;
    let mut lemmas = true;
    for round in 0..6 {
        let server = place.serve();
        let many: Value =
            (0..40).map(|n| json!({"id": format!("{round}-{n}"), "text": format!("Визит {n}, a visit")})).collect();
        server.put(&many);
        documents += 40;
        begin(&server, "", &json!({"lemmas": !lemmas}));
        if round % 3 == 0 {
            // While it is built.
            until("some are built", || server.json("/rebuild").1["built"].as_u64().is_some_and(|built| built > 0));
        } else {
            // At any moment.
            thread::sleep(Duration::from_millis(170 * round));
        }
        let late = server.send(
            "PUT",
            "/documents",
            JSON,
            &json!({"id": format!("late{round}"), "text": "Поздний, late"}).to_string(),
        );
        assert_eq!(late.0, 202);
        documents += 1;
        server.kill();
        drop(server);
        let server = place.serve();
        until("all is found", || server.json("/stats").1["documents"] == documents);
        let (_, stats) = server.json("/stats");
        lemmas = stats["manifest"]["lemmas"] == true;
        assert_eq!(
            data(place.path("index")),
            [stats["manifest"]["data"].as_str().expect("a name")],
            "nothing is left over"
        );
        assert_eq!(server.json(&format!("/documents/late{round}")).0, 200);
        assert_eq!(server.json("/rebuild").0, 404, "it ended with the process");
        assert_eq!(server.json("/verify").1["clean"], true);
        let stop = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
        assert!(stop.expect("kill is there").success());
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn a_rebuild_is_given_up_or_ended_by_what_cannot_be_done_again() {
    let place = Place::new();
    let server = place.serve();
    server.create("press", &json!({"filterable": ["цена"]}));
    assert_eq!(server.delete("/rebuild").1["code"], "rebuild_not_found");
    server.put(&some(30));
    let run = run_beside(&place);
    begin(&server, "", &json!({"filterable": []}));
    for path in ["/swap", "/rebuild"] {
        let body = if path == "/swap" { r#"{"indexes": ["default", "press"]}"# } else { "{}" };
        assert_eq!(server.post(path, body).1["code"], "index_busy", "{path}");
    }
    assert_eq!(server.delete("/rebuild").0, 202);
    assert_eq!(ended(&server, "")["status"], "failed");
    // Once more, to the end, and then to rules that lack what documents were deleted by.
    begin(&server, "", &json!({"filterable": ["раздел"]}));
    end(run);
    assert_eq!(ended(&server, "")["status"], "succeeded");
    let run = run_beside(&place);
    begin(&server, "", &json!({"filterable": []}));
    until("all are built", || server.json("/rebuild").1["built"] == 30);
    let deleted = server.deleted(&format!("/documents?wait=true&filter={}", encoded("раздел = economy")));
    assert_eq!(deleted["deleted"], 15);
    let failed = ended(&server, "");
    assert!(
        failed["status"] == "failed" && failed["error"].as_str().is_some_and(|error| error.contains("раздел")),
        "{failed}"
    );
    end(run);
    assert_eq!(server.json("/stats").1["documents"], 15);
    until("nothing is left of it", || data(place.path("index")).len() == 1);
    // A member that a new index has is none of an older deletion, which was refused.
    assert_eq!(server.send("DELETE", "/documents?filter=price%20%3E%205", JSON, "").0, 400);
    for (body, code) in [
        ("[]", "invalid_json"),
        (r#"{"lemma": 1}"#, "unknown_parameter"),
        (r#"{"filterable": 5}"#, "invalid_parameter"),
    ] {
        assert_eq!(server.post("/rebuild", body).1["code"], code, "{body}");
    }
    // Of another index than the default one, too.
    let press = "/indexes/press";
    server
        .put_into(press, &json!([{"id": "ru", "text": "Люди", "цена": 5}, {"id": "en", "text": "People", "цена": 7}]));
    begin(&server, press, &json!({"lemmas": false}));
    assert_eq!(ended(&server, press)["filterable"], json!(["цена"]));
    assert_eq!((server.found_in(press, "люди"), server.found_in(press, "человек")), (vec!["ru".to_owned()], vec![]));
}
