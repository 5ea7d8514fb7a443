//! The index on disk.
//!
//! 1. A document of the same id takes the place of the earlier one, in one run and across runs.
//! 2. What a document carries is given back.
//! 3. An index built under other rules is refused with what to do, and can be rebuilt.
//! 4. One writer at a time.
//! 5. A run leaves one segment, however many threads wrote it.
//! 6. A reader that cannot open the newest state keeps the one before, and tries again.

use std::{fs, thread::sleep, time::Duration};

use oba::index::{IndexWriter, LiveIndex};
use serde_json::{Value, json};

use crate::program::{Place, json_lines, text};

#[test]
fn a_later_document_takes_the_place_of_an_earlier_one() {
    let place = Place::new();
    let many: String =
        (0..500).map(|n| json!({ "id": n % 100, "text": format!("визит{n} visit") }).to_string() + "\n").collect();
    place.run_with_input(&["index", "-"], &many);
    assert_eq!(place.search("visit")["estimatedTotalHits"], 100);
    assert_eq!(place.ids("визит433"), ["33"]);
    assert_eq!(place.ids("визит33"), [""; 0]);
    let again = place.run_with_input(&["index", "-"], &json_lines(&[("33", "поездка"), ("new", "поездка")]));
    assert!(text(&again.stdout).contains("1 replaced earlier ones"), "{}", text(&again.stdout));
    assert_eq!(place.ids("визит433"), [""; 0]);
    assert_eq!(place.search("поездка")["estimatedTotalHits"], 2);
    assert_eq!(place.search("visit")["estimatedTotalHits"], 99);
}

#[test]
fn a_run_leaves_one_segment() {
    let place = Place::new();
    let segments = |from: usize| {
        let many: String = (from..from + 500).map(|n| json!({ "id": n, "text": "визит" }).to_string() + "\n").collect();
        place.run_with_input(&["index", "-"], &many);
        let stats: Value = serde_json::from_slice(&place.run(&["stats", "--json"]).stdout).expect("JSON");
        stats["segments"].as_u64().expect("a number")
    };
    assert_eq!((segments(0), segments(500)), (1, 2));
    assert_eq!(place.search("визит")["estimatedTotalHits"], 1000);
}

#[test]
fn the_same_folder_again_changes_nothing() {
    let place = Place::new();
    place.write("docs/визит.md", "# Визит\n\nТекст");
    place.write("docs/visit.txt", "Visit\n\nText");
    place.run(&["index", "docs"]);
    place.run(&["index", "./docs/../docs"]);
    let stats: Value = serde_json::from_slice(&place.run(&["stats", "--json"]).stdout).expect("JSON");
    assert_eq!(stats["documents"], 2);
}

#[test]
fn members_of_a_document_are_given_back() {
    let place = Place::new();
    let line = json!({
        "id": "a/б", "title": "Визит", "text": "Текст о визите", "date": "2021-11-19T10:00:00Z", "source": "Вестник",
        "lang": "ru", "tags": ["x", "ы"], "pages": 12, "score": 5,
    });
    place.run_with_input(&["index", "-"], &format!("{line}\n"));
    let hit = place.search("визит")["hits"][0].clone();
    assert_eq!(hit["date"], "2021-11-19");
    assert_eq!(hit["source"], "Вестник");
    assert_eq!(hit["tags"], json!(["x", "ы"]));
    assert_eq!(hit["pages"], 12);
    assert_ne!(hit["score"], 5, "a hit's score is its own");
    let (status, document) = place.serve().json("/documents/a%2F%D0%B1");
    assert_eq!(status, 200);
    assert_eq!((&document["text"], &document["score"]), (&json!("Текст о визите"), &json!(5)));
    assert_eq!(document["language"], "ru");
}

#[test]
fn an_index_of_other_rules_is_refused_until_it_is_rebuilt() {
    let place = Place::with_documents(&[("old", "визит visit")]);
    let manifest = place.path("index/manifest.json");
    let written = fs::read_to_string(&manifest).expect("a manifest");
    let mut value: Value = serde_json::from_str(&written).expect("JSON");
    for name in ["format", "analysis", "documents", "languages", "created", "updated"] {
        assert!(!value[name].is_null(), "the manifest tells its {name}");
    }
    value["analysis"] = json!("0123456789abcdef");
    fs::write(&manifest, value.to_string()).expect("writable");
    for command in
        [&["search", "визит"][..], &["index", "documents.jsonl"], &["serve", "--listen", "127.0.0.1:0"], &["stats"]]
    {
        let refused = place.run(command);
        assert_eq!(refused.status.code(), Some(2), "{command:?}");
        let message = text(&refused.stderr);
        assert!(message.contains("built under other rules") && message.contains("--rebuild"), "{message}");
    }
    place.write("new.jsonl", json_lines(&[("new", "визит visit")]));
    assert_eq!(place.run(&["index", "--rebuild", "new.jsonl"]).status.code(), Some(0));
    assert_eq!(place.ids("визит"), ["new"]);
    let data = fs::read_dir(place.path("index"))
        .expect("readable")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok().filter(|name| name.starts_with("data-")));
    assert_eq!(data.count(), 1, "the old data is gone");
}

#[test]
fn a_damaged_manifest_is_refused_with_what_to_do() {
    let place = Place::with_documents(&[("a", "визит")]);
    fs::write(place.path("index/manifest.json"), "{").expect("writable");
    let refused = place.run(&["search", "визит"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("damaged"), "{}", text(&refused.stderr));
}

#[test]
fn two_writers_do_not_meet() {
    let place = Place::with_documents(&[("a", "визит")]);
    let writer = IndexWriter::open(&place.path("index"), None).expect("free");
    let refused = place.run(&["index", "documents.jsonl"]);
    assert_eq!(refused.status.code(), Some(2));
    let holder = format!("process {} is writing", std::process::id());
    assert!(text(&refused.stderr).contains(&holder), "{}", text(&refused.stderr));
    assert_eq!(place.ids("визит"), ["a"], "reading goes on");
    drop(writer);
    assert_eq!(place.run(&["index", "documents.jsonl"]).status.code(), Some(0));
}

#[test]
fn a_state_that_cannot_be_opened_is_tried_again() {
    let place = Place::with_documents(&[("a", "визит")]);
    let live = LiveIndex::open(&place.path("index")).expect("an index");
    place.write("more.jsonl", json_lines(&[("b", "a visit")]));
    assert!(place.run(&["index", "more.jsonl"]).status.success());
    let (data, away) = (place.path("index/data-0001"), place.path("away"));
    // Longer than a look at the manifest is good for.
    let wait = || sleep(Duration::from_millis(300));
    fs::rename(&data, &away).expect("ours");
    wait();
    assert_eq!(live.current().documents(), 1, "the state before");
    fs::rename(&away, &data).expect("ours");
    wait();
    assert_eq!(live.current().documents(), 2);
}
