//! The parts of a score, which add up to it: for every kind of query, in any order, on any page, in both languages.

use serde_json::Value;

use crate::program::{Place, encoded, text};

/// The sum of the parts of each hit is its score; the kinds of parts that were told.
fn kinds(answer: &Value, what: &str) -> Vec<String> {
    let mut kinds = Vec::new();
    for hit in answer["hits"].as_array().expect("hits") {
        let parts = hit["explanation"].as_array().expect("an explanation");
        let sum: f64 = parts.iter().filter_map(|part| part["score"].as_f64()).sum();
        let score = hit["score"].as_f64().expect("a score");
        assert!((sum - score).abs() <= score.abs() * 2e-4, "{what}: {hit}");
        assert!(parts.iter().all(|part| !part["says"].as_str().unwrap_or_default().is_empty()));
        kinds.extend(parts.iter().filter_map(|part| part["kind"].as_str().map(str::to_owned)));
    }
    kinds
}

fn place() -> Place {
    let place = Place::new();
    let line = |n: usize| {
        let words =
            ["визит министра начался", "the visit began", "министром стали", "Lavrov's state visit", "Лавров, визит"];
        let title = ["Визит", "The state visit", "", "Министры"][n % 4];
        let text = format!("{} {}", words[n % words.len()], "и так далее and so on ".repeat(n % 11));
        serde_json::json!({ "id": n.to_string(), "title": title, "text": text, "date": format!("{}", 2000 + n % 20) })
            .to_string()
    };
    let lines: Vec<String> = (0..250).map(line).collect();
    let done = place.run_with_input(&["index", "-"], &lines.join("\n"));
    assert_eq!(done.status.code(), Some(0));
    place
}

#[test]
fn the_parts_add_up_for_every_kind_of_query() {
    let place = place();
    let server = place.serve();
    let mut told = Vec::new();
    for query in [
        "визит",
        "визит министра",
        "state visit began",
        "стали",
        "Lavrov визит",
        "!министром визит",
        "\"визит министра\"~2 began",
        "+visit state -министр",
        "(визит И министр) OR (state AND visit)",
        "минист* vis*",
        "title:визит министр^3",
        "so-on визит^0.5 language:ru",
        "date:2001..2010 visit",
    ] {
        for options in ["", "&matching=most", "&sort=date:desc", "&offset=90", "&cursor=*"] {
            let (status, answer) = server.json(&format!("/search?q={}&explain=true&limit=20{options}", encoded(query)));
            assert_eq!(status, 200, "{answer}");
            told.extend(kinds(&answer, &format!("{query}{options}")));
            // Far enough to leave the hits that were looked at again behind.
            let mut cursor = answer["nextCursor"].as_str().map(str::to_owned);
            for _ in 0..6 {
                let Some(from) = cursor else { break };
                let next = format!("/search?q={}&explain=true&limit=20&cursor={from}", encoded(query));
                let (_, answer) = server.json(&next);
                told.extend(kinds(&answer, query));
                cursor = answer["nextCursor"].as_str().map(str::to_owned);
            }
        }
    }
    for kind in ["text", "heading", "form", "lemmas", "nearness", "passage", "bestHeading"] {
        assert!(told.iter().any(|known| known == kind), "{kind} was never told");
    }
}

#[test]
fn an_explanation_is_given_only_where_it_was_asked_for() {
    let place = place();
    let (_, answer) = place.serve().json("/search?q=visit");
    assert!(answer["hits"][0].get("explanation").is_none());
    for query in ["визит министра", "state visit"] {
        let output = place.run(&["search", "--explain", "--limit", "1", query]);
        let shown = text(&output.stdout);
        assert!(shown.contains("score") && shown.contains("in the text, and in those of"), "{shown}");
    }
}

#[test]
fn answers_that_are_explained_are_short() {
    let place = place();
    let server = place.serve();
    for query in ["визит", "visit"] {
        let (status, answer) = server.json(&format!("/search?q={}&explain=true&limit=21", encoded(query)));
        assert_eq!((status, &answer["code"]), (400, &"invalid_parameter".into()));
    }
}
