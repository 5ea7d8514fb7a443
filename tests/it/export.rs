//! Every document back, as lines that are indexed to the same documents.
//!
//! 1. What is exported and indexed again is the same document, whatever is in it.
//! 2. An export is filtered, goes to a file whole or not at all, and is streamed by the server.

use std::{fs, io::Read};

use serde_json::{Value, json};

use crate::program::{Place, encoded, text};

/// Lines with all that a document may have, in both languages.
fn odd_lines() -> String {
    let documents = [
        json!({ "id": 7, "title": "Визит — «Visit»", "text": "Строка\r\nLine\r\n\tТабуляция 😀👩\u{200D}👧 \u{1}\u{2028}\"\\\\", "date": "2021-11", "source": "«Газета.Ru»", "lang": "ru-RU" }),
        json!({ "id": "a/б?#\n", "text": "Plain text, nothing else." }),
        json!({ "id": "odd", "title": ["не строка"], "text": "Визит", "date": "last spring", "source": 5, "lang": "клингонский", "language": null,
            "path": "где/то.txt", "score": 1, "snippet": "ё", "вложено": { "a": [1, 2.5, null, true, 1e300, 0.1, 123_456_789_012_345_678_u64, -7] } }),
        json!({ "id": "both", "text": "Both names declare", "lang": "en", "language": "ru" }),
        json!({ "id": "other", "text": "Bonjour tout le monde", "language": "fr" }),
        json!({ "id": "number", "text": "Число", "цена": 0.123_456_789_012_345_68, "price": 5e-324 }),
        json!({ "id": "no-text", "title": "Только заглавие", "text": "" }),
    ];
    documents.iter().map(|document| document.to_string() + "\n").collect()
}

/// Lines in an order that they have of themselves: segments come in any.
fn in_order(lines: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn what_is_exported_and_indexed_again_is_the_same() {
    let place = Place::new();
    place.write("odd.jsonl", odd_lines());
    place.write("letters/визит.md", "# Визит\n\nТекст о визите.\r\nВторая строка.");
    place.write("letters/visit.txt", "The state visit began.");
    let indexed = place.run(&["index", "odd.jsonl", "letters"]);
    assert_eq!(indexed.status.code(), Some(0), "{}", text(&indexed.stderr));
    let exported = place.run(&["export"]);
    assert_eq!(exported.status.code(), Some(0), "{}", text(&exported.stderr));
    let lines = text(&exported.stdout);
    assert_eq!(lines.lines().count(), 9);
    let again = place.run_with_input(&["index", "-", "--index", "again"], &lines);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let second = text(&place.run(&["export", "--index", "again", "-"]).stdout);
    assert_eq!(in_order(&second), in_order(&lines), "the second export is the first");
    let (first, second) = (place.serve(), place.serve_with(&["--index", "again"]));
    for line in lines.lines() {
        let document: Value = serde_json::from_str(line).expect("JSON");
        let path = format!("/documents/{}", encoded(document["id"].as_str().expect("an id")));
        let (one, other) = (first.json(&path), second.json(&path));
        assert_eq!(one.0, 200, "{line}");
        assert_eq!(one, other);
        assert_eq!(one.1["text"], document["text"]);
    }
    let seven: Value =
        serde_json::from_str(lines.lines().find(|line| line.contains("\"7\"")).expect("it")).expect("JSON");
    assert_eq!(
        (&seven["lang"], &seven["date"], &seven["source"]),
        (&json!("ru"), &json!("2021-11"), &json!("«Газета.Ru»"))
    );
    let plain: Value =
        serde_json::from_str(lines.lines().find(|line| line.contains("a/б?")).expect("it")).expect("JSON");
    assert_eq!(plain, json!({ "id": "a/б?#\n", "text": "Plain text, nothing else." }));
}

#[test]
fn an_export_is_filtered_and_goes_to_a_file() {
    let place = Place::new();
    place.write("odd.jsonl", odd_lines());
    assert_eq!(place.run(&["index", "odd.jsonl"]).status.code(), Some(0));
    let exported = place.run(&["export", "вывоз.jsonl", "--filter", "date >= 2021 AND language = ru"]);
    assert_eq!(exported.status.code(), Some(0), "{}", text(&exported.stderr));
    assert!(exported.stdout.is_empty());
    let lines = fs::read_to_string(place.path("вывоз.jsonl")).expect("there");
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(lines.contains("Строка\\r\\nLine"), "{lines}");
    let refused = place.run(&["export", "--filter", "цена > 5"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("цена"), "{}", text(&refused.stderr));
    assert_eq!(place.run(&["delete", "7"]).status.code(), Some(0));
    assert_eq!(text(&place.run(&["export"]).stdout).lines().count(), 6, "what was deleted is gone");
}

#[test]
fn a_long_export_is_streamed_and_a_client_may_leave() {
    let long = "Длинный визит. A long visit. ".repeat(2_000);
    let documents: Vec<(String, &str)> = (0..60).map(|n| (format!("doc-{n}"), long.as_str())).collect();
    let documents: Vec<(&str, &str)> = documents.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    let place = Place::with_documents(&documents);
    let server = place.serve();
    for _ in 0..6 {
        // Whoever leaves gives the turn back, of which there are two.
        let mut body = server.stream("/export");
        let mut some = vec![0; 100_000];
        body.read_exact(&mut some).expect("the beginning");
        assert!(some.starts_with(b"{\"id\":\"doc-"));
        drop(body);
        let started = std::time::Instant::now();
        while server.get("/export?filter=id%20%3D%20doc-1").0 != 200 {
            assert!(started.elapsed().as_secs() < 60, "turns come back");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
    let mut all = String::new();
    server.stream("/export").read_to_string(&mut all).expect("all of it");
    assert_eq!(all.lines().count(), 60);
}
