//! Documents like one, in its language and in the other.

use serde_json::{Value, json};

use crate::program::{Place, ids, project, text};

fn corpus() -> Place {
    let place = Place::new();
    let corpus = project().join("corpus");
    let done = place.run(&["index", corpus.to_str().expect("UTF-8")]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    place
}

/// The ids of documents like one.
fn similar(place: &Place, id: &str) -> Vec<String> {
    let output = place.run(&["similar", "--json", id]);
    assert_eq!(output.status.code(), Some(0), "{id}: {}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["id"], id);
    ids(&answer)
}

/// The id of a sample document: they are named from the folder that holds the index, which is elsewhere.
fn id(name: &str) -> String {
    project().join("corpus").join(name).to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_document_finds_its_counterpart_in_the_other_language() {
    let place = corpus();
    for (one, other) in [
        ("news/2021-11-kremlin.en.txt", "news/2021-11-kremlin.ru.md"),
        ("news/2021-03-kamilov-lavrov.en.md", "news/2021-03-kamilov-lavrov.ru.txt"),
        ("news/2023-10-moscow-visit.en.txt", "news/2023-10-moscow-visit.ru.md"),
        ("news/2018-10-state-visit.en.md", "news/2018-10-state-visit.ru.txt"),
    ] {
        for (one, other) in [(id(one), id(other)), (id(other), id(one))] {
            let found = similar(&place, &one);
            assert!(found.contains(&other), "{one}: {other} in {found:?}");
            assert!(!found.contains(&one) && found.len() == 10, "{found:?}");
        }
    }
}

#[test]
fn a_document_finds_what_is_of_the_same_matter() {
    let place = corpus();
    for (one, other) in [
        ("news/2021-05-bukhara-rectors.ru.md", "rectors"),
        ("manuals/termostat-teplo.ru.md", "manuals/"),
        ("manuals/router-iskra.ru.md", "manuals/"),
    ] {
        let found = similar(&place, &id(one));
        assert!(found[..5].iter().any(|id| id.contains(other)), "{one}: {found:?}");
    }
}

#[test]
fn the_answer_has_the_shape_of_hits() {
    let place = Place::with_documents(&[
        ("a", "Визит министра в Ташкент. The visit."),
        ("b", "Министр завершил визит."),
        ("c", "A visit to the sea."),
        ("d", "Погода."),
    ]);
    let server = place.serve();
    let (status, answer) = server.json("/documents/a/similar?limit=1");
    assert_eq!((status, &answer["id"], &answer["limit"]), (200, &json!("a"), &json!(1)));
    assert_eq!(ids(&answer), ["b"]);
    assert_eq!(answer["hits"][0]["snippet"]["html"], "<mark>Министр</mark> завершил <mark>визит</mark>.");
    assert_eq!(server.json("/documents/d/similar").1["hits"], json!([]));
    assert_eq!(ids(&server.json("/documents/a/similar").1), ["b", "c"]);
}

#[test]
fn the_command_tells_by_its_exit_code_what_it_found() {
    let place = Place::with_documents(&[("a", "Визит начался."), ("b", "Визиты и visits."), ("d", "Погода.")]);
    let found = place.run(&["similar", "a"]);
    assert_eq!(found.status.code(), Some(0));
    assert!(text(&found.stdout).starts_with("1. b\n"), "{}", text(&found.stdout));
    let nothing = place.run(&["similar", "d"]);
    assert_eq!((nothing.status.code(), text(&nothing.stdout)), (Some(1), String::new()));
    let unknown = place.run(&["similar", "none"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("there is no document \"none\""), "{}", text(&unknown.stderr));
}
