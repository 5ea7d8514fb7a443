//! Walks through all hits with a cursor.
//!
//! 1. A walk gives every hit once, in the order that offsets give.
//! 2. Documents that come, go and are put into other segments between its pages do not make it repeat or leave out one that
//!    stays, in any order.
//! 3. A cursor is refused where it is none, or is of another request.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::program::{Place, Server, encoded, ids, json_lines};

/// The documents of an index: of some numbers, in both languages, long and short, of few days.
fn lines(numbers: impl IntoIterator<Item = usize>) -> String {
    let line = |n: usize| {
        let words = ["визит начался", "visit began", "визит visit", "министр", "the minister, визит"];
        let text = format!("{} {} №{n}", words[n % words.len()], "и так далее and so on ".repeat(n % 7 + n % 13));
        let source = if n.is_multiple_of(2) { "Вестник" } else { "The Times" };
        let date = if n.is_multiple_of(4) { Value::Null } else { json!(format!("2021-{:02}", n % 9 + 1)) };
        json!({ "id": format!("n{n}"), "text": text, "date": date, "source": source }).to_string()
    };
    numbers.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

fn index(place: &Place, options: &[&str], lines: &str) {
    let done = place.run_with_input(&[&["index", "-"], options].concat(), lines);
    assert_eq!(done.status.code(), Some(0));
}

/// Adds documents while the index is served, and waits until they are found.
fn add(server: &Server, lines: &str) {
    assert_eq!(server.send("POST", "/documents?wait=true", "application/x-ndjson", lines).0, 200);
}

/// The next page of a walk; the cursor behind it.
fn page(server: &Server, query: &str, cursor: &str) -> (Vec<String>, Option<String>) {
    let (status, answer) = server.json(&format!("/search?{query}&fragments=0&cursor={}", encoded(cursor)));
    assert_eq!(status, 200, "{answer}");
    (ids(&answer), answer["nextCursor"].as_str().map(str::to_owned))
}

fn walk(server: &Server, query: &str, mut between: impl FnMut(usize)) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), Some("*".to_owned()));
    let mut pages = 0;
    while let Some(at) = cursor {
        let (ids, next) = page(server, query, &at);
        found.extend(ids);
        cursor = next;
        pages += 1;
        assert!(pages < 200, "a walk comes to its end");
        between(pages);
    }
    found
}

#[test]
fn a_walk_gives_every_hit_once_in_the_order_of_offsets() {
    let place = Place::new();
    index(&place, &[], &lines(0..230));
    let server = place.serve();
    for query in ["визит", "visit минист*", "визит OR visit министр", "\"визит visit\"", "\"began\" -визит"]
    {
        for order in ["", "&sort=date:desc", "&sort=source:asc,date:asc"] {
            let query = format!("q={}{order}", encoded(query));
            let walked = walk(&server, &format!("{query}&limit=17"), |_| ());
            let mut by_offset = Vec::new();
            for offset in (0..300).step_by(100) {
                let (_, answer) = server.json(&format!("/search?{query}&limit=100&offset={offset}&fragments=0"));
                by_offset.extend(ids(&answer));
            }
            assert_eq!(walked.iter().collect::<BTreeSet<_>>().len(), walked.len(), "{query}: none twice");
            assert_eq!(walked.iter().collect::<BTreeSet<_>>(), by_offset.iter().collect::<BTreeSet<_>>(), "{query}");
        }
    }
    let all = walk(&server, "q=&limit=100", |_| ());
    assert_eq!(all.len(), 230);
}

#[test]
fn documents_that_come_and_go_do_not_disturb_a_walk() {
    let place = Place::new();
    for order in ["", "&sort=date:desc", "&sort=source:desc", "&sort=relevance:asc"] {
        for query in ["визит visit", "visit минист*"] {
            index(&place, &["--rebuild"], &lines(0..230));
            let server = place.serve();
            let query = format!("q={}{order}&limit=20", encoded(query));
            let before: BTreeSet<String> = walk(&server, &query, |_| ()).into_iter().collect();
            let walked = walk(&server, &query, |pages| match pages {
                // Some come, in segments of their own, with other lengths and frequencies of words.
                2 => add(&server, &lines(1_000..1_080)),
                // Some go, and the rest are put into new segments.
                4 => {
                    for id in (0..230).filter(|n| n % 10 == 3) {
                        assert_eq!(server.send("DELETE", &format!("/documents/n{id}"), "", "").0, 202);
                    }
                    add(&server, &lines((0..230).filter(|n| n % 10 != 3).rev().chain(1_000..1_080)));
                }
                _ => {}
            });
            let given: BTreeSet<&String> = walked.iter().collect();
            assert_eq!(given.len(), walked.len(), "{query}: none twice");
            let stays = |id: &&String| id[1..].parse::<usize>().is_ok_and(|n| n % 10 != 3);
            for id in before.iter().filter(stays) {
                assert!(given.contains(id), "{query}: {id} stayed and was not given");
            }
        }
    }
}

#[test]
fn a_repaired_query_is_walked_as_it_was_repaired() {
    let many: Vec<(String, String)> = (0..30).map(|n| (n.to_string(), format!("привет мир {n}"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::new();
    place.write("documents.jsonl", json_lines(&many));
    place.run(&["index", "documents.jsonl"]);
    let server = place.serve();
    let walked = walk(&server, "q=ghbdtn&limit=7", |pages| {
        if pages == 1 {
            add(&server, r#"{"id": "as-typed", "text": "ghbdtn ghbdtn"}"#);
        }
    });
    assert_eq!(walked.len(), 30);
}

#[test]
fn wrong_cursors_are_refused() {
    let place = Place::new();
    index(&place, &[], &lines(0..60));
    let server = place.serve();
    let (_, cursor) = page(&server, &format!("q={}&limit=5", encoded("визит")), "*");
    let cursor = cursor.expect("there is more");
    for wrong in [
        "q=visit&cursor=visit".to_owned(),
        format!("q=visit&cursor={}", encoded("визит")),
        format!("q=visit&cursor={cursor}"),
        format!("q={}&sort=date:asc&cursor={cursor}", encoded("визит")),
        format!("q={}&offset=5&cursor={cursor}", encoded("визит")),
    ] {
        let (status, refusal) = server.json(&format!("/search?{wrong}"));
        assert_eq!((status, &refusal["code"]), (400, &json!("invalid_parameter")), "{wrong}");
        assert!(refusal["message"].as_str().expect("a message").contains("cursor"), "{refusal}");
    }
    let output = place.run(&["search", "--json", "--limit", "5", "--cursor", &cursor, "визит"]);
    assert_eq!(output.status.code(), Some(0), "the command line reads it too");
}
