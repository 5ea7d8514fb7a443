//! The service, over real HTTP on a free port.
//!
//! 1. Both ways of asking give the same answer, in the documented shape, in both languages.
//! 2. Refusals are `{message, code, type}` with the status and code of the table.
//! 3. An index that is served is rebuilt by nobody else.
//! 4. The server ends in good order when it is told to.

use std::process::Command;

use serde_json::{Value, json};

use crate::program::{Place, encoded, ids};

fn place() -> Place {
    Place::with_documents(&[
        ("visit-ru", "Государственный визит в Ташкент начался в пятницу."),
        ("visit-en", "The state visit to Tashkent began on Friday."),
        ("both", "The visit began in the morning and everyone was there. Визит начался утром, и все были на месте."),
    ])
}

#[test]
fn answers_have_the_documented_shape() {
    let place = place();
    let server = place.serve();
    let (status, answer) =
        server.json(&format!("/search?q={}&limit=2&names=off&facets=language", encoded("визит в Ташкент")));
    assert_eq!(status, 200);
    assert_eq!(answer["query"], "визит в Ташкент");
    assert_eq!((&answer["limit"], &answer["offset"], &answer["estimatedTotalHits"]), (&json!(2), &json!(0), &json!(2)));
    assert_eq!(answer["facets"], json!({ "language": { "ru": 1, "mixed": 1 } }));
    assert_eq!(answer["warnings"], json!([]));
    assert!(answer["processingTimeMs"].is_u64());
    let hit = &answer["hits"][0];
    assert_eq!((&hit["id"], &hit["language"]), (&json!("visit-ru"), &json!("ru")));
    assert!(hit["score"].as_f64().is_some_and(|score| score > 0.0));
    assert_eq!(hit["snippet"]["html"], "Государственный <mark>визит</mark> в <mark>Ташкент</mark> начался в пятницу.");
    let parts = hit["snippet"]["fragments"][0]["parts"].as_array().expect("parts");
    let joined: String = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    assert_eq!(joined, "Государственный визит в Ташкент начался в пятницу.");
    assert_eq!(parts[1], json!({ "text": "визит", "marked": true, "route": "exact" }));
}

#[test]
fn titles_are_marked_too() {
    let place = Place::new();
    let document =
        |id: &str, title: &str| json!({ "id": id, "title": title, "text": "…", "markedTitle": "own" }).to_string();
    place.write("a.jsonl", [document("ru", "Итоги <визитов>"), document("en", "Two & more visits")].join("\n"));
    assert_eq!(place.run(&["index", "a.jsonl"]).status.code(), Some(0));
    let server = place.serve();
    let title = |q: &str, more: &str| {
        server.json(&format!("/search?q={}{more}", encoded(q))).1["hits"][0]["markedTitle"].clone()
    };
    assert_eq!(title("визит", "")["html"], "Итоги &lt;<mark>визитов</mark>&gt;");
    assert_eq!(title("visit", "&highlightPreTag=[&highlightPostTag=]")["html"], "Two &amp; more [visits]");
    let parts = title("визит", "&offsets=codepoint")["parts"].clone();
    assert_eq!(parts[1], json!({ "text": "визитов", "marked": true, "route": "lemma", "start": 7, "end": 14 }));
    assert_eq!(title("visit", "")["parts"][0], json!({ "text": "Two & more ", "marked": false }));
}

#[test]
fn what_is_shown_is_chosen() {
    let long = "Погода была тихая. The weather was calm. ".repeat(40);
    let text = format!("{long}Визит начался. The visit began. {long}О визите писали. They wrote of the visit.");
    let place = Place::with_documents(&[("long", &text)]);
    let server = place.serve();
    let shown = |parameters: &str| server.json(&format!("/search?q={}&{parameters}", encoded("визит visit"))).1;
    let fragments = |answer: &Value| answer["hits"][0]["snippet"]["fragments"].as_array().expect("fragments").clone();
    assert_eq!(fragments(&shown("fragments=1&fragmentSize=40")).len(), 1);
    assert_eq!(fragments(&shown("fragments=2&fragmentSize=40")).len(), 2);
    let none = shown("fragments=0");
    assert_eq!((fragments(&none).len(), &none["hits"][0]["snippet"]["html"]), (0, &json!("")));
    for fragment in fragments(&shown("fragmentSize=40")) {
        let parts = fragment["parts"].as_array().expect("parts");
        let length: usize = parts.iter().filter_map(|part| part["text"].as_str()).map(|t| t.chars().count()).sum();
        assert!(length <= 40, "{fragment}");
    }
    let tagged = shown(&format!("fragments=1&highlightPreTag={}&highlightPostTag=%5D", encoded("<b class=\"m\">[")));
    let html = tagged["hits"][0]["snippet"]["html"].as_str().expect("HTML");
    assert!(html.contains("<b class=\"m\">[Визит]"), "{html}");
}

#[test]
fn offsets_are_counted_in_the_unit_that_was_asked_for() {
    let text = format!("😀 Ёлки 👩\u{200D}👧. {}Визит 😀 министра. The visit.", "Ю😀 a. ".repeat(2_000));
    let place = Place::with_documents(&[("emoji", &text)]);
    let server = place.serve();
    let (units, points): (Vec<u16>, Vec<char>) = (text.encode_utf16().collect(), text.chars().collect());
    for query in ["визит министр", "visit"] {
        for unit in ["byte", "codepoint", "utf16"] {
            let (_, answer) = server.json(&format!("/search?q={}&offsets={unit}", encoded(query)));
            let fragments = answer["hits"][0]["snippet"]["fragments"].as_array().expect("fragments").clone();
            let parts: Vec<Value> =
                fragments.iter().filter_map(|fragment| fragment["parts"].as_array().cloned()).flatten().collect();
            assert!(parts.iter().any(|part| part["marked"] == true), "{answer}");
            for part in parts {
                let place = |name: &str| usize::try_from(part[name].as_u64().expect("an offset")).expect("small");
                let range = place("start")..place("end");
                let sliced = match unit {
                    "byte" => text[range].to_owned(),
                    "codepoint" => points[range].iter().collect(),
                    _ => String::from_utf16(&units[range]).expect("whole characters"),
                };
                assert_eq!(part["text"], sliced, "{unit}");
            }
        }
    }
    let (_, plain) = server.json("/search?q=visit");
    assert!(plain["hits"][0]["snippet"]["fragments"][0]["parts"][0].get("start").is_none());
}

#[test]
fn both_ways_of_asking_give_the_same_answer() {
    let place = place();
    let server = place.serve();
    for query in ["визит", "state visits", "\"visit to Tashkent\" визит"] {
        let (_, by_string) =
            server.json(&format!("/search?q={}&limit=5&offset=0&language=en&facets=language", encoded(query)));
        let (status, by_body) = server.post(
            "/search",
            &json!({ "q": query, "limit": 5, "offset": 0, "language": "en", "facets": ["language"] }).to_string(),
        );
        assert_eq!(status, 200);
        assert_eq!((ids(&by_string), &by_string["facets"]), (ids(&by_body), &by_body["facets"]), "{query}");
    }
}

#[test]
fn documents_health_and_stats_are_given() {
    let place = place();
    let server = place.serve();
    let (status, document) = server.json("/documents/both");
    assert_eq!((status, &document["id"], &document["language"]), (200, &json!("both"), &json!("mixed")));
    assert!(document["_detection"]["cyrillic"].as_f64().is_some_and(|share| share > 0.3));
    assert_eq!(server.json("/health"), (200, json!({ "status": "available" })));
    let (status, figures) = server.json("/stats");
    assert_eq!((status, &figures["documents"]), (200, &json!(3)));
}

#[test]
fn refusals_follow_the_table() {
    let place = place();
    let server = place.serve();
    let refused = |(status, body): (u16, Value)| {
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
        assert!(body["type"].is_string());
        (status, body["code"].as_str().expect("a code").to_owned())
    };
    let cases = [
        ("/search?q=visit&limt=5", 400, "unknown_parameter"),
        ("/search?limit=5", 400, "missing_parameter"),
        ("/search?q=visit&limit=1000", 400, "invalid_parameter"),
        ("/search?q=visit&offset=5000", 400, "invalid_parameter"),
        ("/search?q=visit&language=russian", 400, "invalid_parameter"),
        ("/documents/none", 404, "document_not_found"),
        ("/documents/%D0%BD%D0%B5%D1%82", 404, "document_not_found"),
        ("/nowhere", 404, "route_not_found"),
    ];
    for (path, status, code) in cases {
        assert_eq!(refused(server.json(path)), (status, code.to_owned()), "{path}");
    }
    assert_eq!(refused(server.post("/search", "{\"q\": \"виз")), (400, "invalid_json".into()));
    assert_eq!(refused(server.post("/search", "{\"query\": \"визит\"}")), (400, "unknown_parameter".into()));
    assert_eq!(refused(server.post("/stats", "{}")), (405, "method_not_allowed".into()));
    let huge = json!({ "q": "ж".repeat(100_000) }).to_string();
    assert_eq!(refused(server.post("/search", &huge)), (413, "body_too_large".into()));
    let (_, body) = server.json("/search?q=visit&limt=5");
    assert!(body["message"].as_str().expect("a message").contains("did you mean limit?"));
}

#[test]
fn a_query_that_finds_nothing_says_so() {
    let place = place();
    let server = place.serve();
    for query in ["пингвин", "penguin"] {
        let (status, answer) = server.json(&format!("/search?q={}", encoded(query)));
        assert_eq!((status, &answer["hits"], &answer["estimatedTotalHits"]), (200, &json!([]), &json!(0)));
    }
    let (status, answer) = server.json(&format!("/search?q={}", encoded(&"ж".repeat(5_000))));
    assert_eq!(status, 200);
    assert!(answer["warnings"][0].as_str().expect("a warning").contains("1000 characters"));
    let (_, without_words) = server.json(&format!("/search?q={}", encoded("«…»")));
    assert!(without_words["warnings"][0].as_str().expect("a warning").contains("no word"));
}

#[test]
fn the_server_ends_in_good_order() {
    let place = place();
    let server = place.serve();
    assert_eq!(server.get("/health").0, 200);
    let sent = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
    assert_eq!(server.wait(), Some(0));
}
