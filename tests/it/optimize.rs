//! An index of many small runs becomes one of one segment, which answers the same.

use serde_json::Value;

use crate::program::{Place, json_lines};

fn stats(place: &Place) -> Value {
    let (code, out, _) = place.done(&["stats", "--json"]);
    assert_eq!(code, Some(0));
    serde_json::from_str(&out).expect("JSON")
}

fn hits(place: &Place, query: &str) -> Vec<Value> {
    let (_, out, _) = place.done(&["search", "--json", query]);
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    answer["hits"].as_array().expect("hits").clone()
}

#[test]
fn many_segments_become_one_that_answers_the_same() {
    let place = Place::with_documents(&[("ru", "Визит министра начался"), ("en", "The state visit began")]);
    for (id, text) in [("ru2", "Второй визит"), ("en2", "Another visit"), ("ru", "Визит министра окончился")]
    {
        // A file that is read again takes the place of what it gave before.
        let file = format!("{text}.jsonl");
        place.write(&file, json_lines(&[(id, text)]));
        assert_eq!(place.done(&["index", &file]).0, Some(0));
    }
    assert_eq!(place.done(&["delete", "en2"]).0, Some(0));
    let before = stats(&place);
    assert!(before["segments"].as_u64() > Some(1), "{before}");
    let ids = |query: &str| -> Vec<Value> { hits(&place, query).into_iter().map(|hit| hit["id"].clone()).collect() };
    let (visits, визиты) = (ids("visit"), ids("визит"));
    assert!(!visits.is_empty() && визиты.len() >= 2, "{visits:?} {визиты:?}");

    let (code, out, errors) = place.done(&["optimize"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(out.starts_with(&format!("{} segments of ", before["segments"])) && out.contains(" are 1 of "), "{out}");
    let after = stats(&place);
    assert_eq!(
        (&after["segments"], &after["deletedDocuments"], &after["documents"]),
        (&1.into(), &0.into(), &3.into())
    );
    assert_eq!((ids("visit"), ids("визит")), (visits, визиты));
    let (code, _, errors) = place.done(&["verify"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(place.done(&["optimize"]).1.starts_with("1 segments of "));

    let _server = place.serve();
    let (code, _, errors) = place.done(&["optimize"]);
    assert!(code == Some(2) && errors.contains("open for writing"), "{errors}");
}
