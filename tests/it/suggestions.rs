//! What is typed is completed: words and whole titles, in both languages, on either keyboard layout, in either alphabet.

use oba::{
    index::Index,
    search::{SuggestRequest, suggest},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::program::{Place, encoded, text};

/// What queries are made of, finished and unfinished.
const PIECES: [&str; 20] = [
    "виз", "Таш", "tash", "ghbd", "мирз", "Lavr", "\"", "«", "(", ")", "OR", "И", "-", "+", "!", "*", "^2", ":", " ",
    " ",
];

fn place() -> Place {
    let place = Place::new();
    let document = |id: &str, title: &str, text: &str| {
        let language = if title.is_ascii() { "en" } else { "ru" };
        json!({ "id": id, "title": title, "text": text, "lang": language }).to_string()
    };
    let lines = [
        document(
            "visit-ru",
            "Государственный визит в Ташкент",
            "Вчера министр Лавров и посол Джумаев прибыли в Ташкент. Привет!",
        ),
        document(
            "visit-en",
            "State visit to Tashkent",
            "Yesterday minister Mirziyoyev met Lavrov and Shcherbakov in Tashkent.",
        ),
        document("minister", "Встреча министров", "Министры говорили о торговле и о Ташкенте. Привет из Бухары."),
        document("contract", "The contract", "Both ministers signed the contract on containers in Bukhara."),
        document("docker", "Docker-контейнеры", "Как запускать контейнеры: команда docker run."),
        document("tree", "Ёлка", "У ёлки зелёные иголки & <ветки>."),
    ];
    let done = place.run_with_input(&["index", "-"], &lines.join("\n"));
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    place
}

/// What is suggested, as kind, route and text.
fn suggested(place: &Place, query: &str) -> Vec<(String, String, String)> {
    let output = place.run(&["suggest", "--json", "--", query]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{query}: {}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let suggestions = answer["suggestions"].as_array().expect("suggestions").clone();
    let string = |value: &Value| value.as_str().expect("a string").to_owned();
    let parts = |s: &Value| (string(&s["kind"]), string(&s["route"]), string(&s["text"]));
    suggestions.iter().map(parts).collect()
}

fn holds(place: &Place, query: &str, kind: &str, route: &str, expected: &str) {
    let found = suggested(place, query);
    let is_there = found.iter().any(|(k, r, t)| (k.as_str(), r.as_str(), t.as_str()) == (kind, route, expected));
    assert!(is_there, "{query}: {expected} ({kind}, {route}) in {found:?}");
}

#[test]
fn the_last_word_is_completed_in_both_languages() {
    let place = place();
    for (query, expected) in [
        ("мини", "министр"),
        ("mini", "minister"),
        ("cont", "contract"),
        ("Конт", "Контейнеры"),
        ("ТАШ", "ТАШКЕНТ"),
        ("таш", "Ташкент"),
        ("tash", "Tashkent"),
        ("ёл", "ёлки"),
        ("docker-конт", "docker-контейнеры"),
        ("министр", "министр"),
    ] {
        let found = suggested(&place, query);
        let is_there = found.iter().any(|(kind, route, text)| {
            (kind.as_str(), route.as_str()) == ("word", "typed") && text.starts_with(&expected[..expected.len() - 2])
        });
        assert!(is_there, "{query}: {expected} in {found:?}");
    }
}

#[test]
fn words_before_the_last_one_have_to_stand_with_it() {
    let place = place();
    holds(&place, "Лавров в таш", "word", "typed", "Лавров в Ташкент");
    holds(&place, "+signed con", "word", "typed", "+signed contract");
    holds(&place, "\"signed the contract\" cont", "word", "typed", "\"signed the contract\" containers");
    assert!(suggested(&place, "Лавров торг").is_empty(), "no document holds both");
    assert!(suggested(&place, "Mirziyoyev cont").is_empty());
    holds(&place, "Лавров OR торг", "word", "typed", "Лавров OR торговле");
    let hits = |query: &str| {
        let answer: Value = serde_json::from_slice(&place.run(&["suggest", "--json", query]).stdout).expect("JSON");
        answer["suggestions"][0]["hits"].clone()
    };
    assert_eq!((hits("привет"), hits("министр привет")), (json!(2), json!(2)));
    assert_eq!((hits("tashk"), hits("minister tashk")), (json!(1), json!(1)));
}

#[test]
fn whole_titles_are_completed() {
    let place = place();
    for (query, title) in [
        ("госуд", "Государственный визит в Ташкент"),
        ("визит таш", "Государственный визит в Ташкент"),
        ("state vi", "State visit to Tashkent"),
        ("встреча мин", "Встреча министров"),
        ("the contr", "The contract"),
    ] {
        holds(&place, query, "title", "typed", title);
    }
    holds(&place, "визит в ташкент ", "title", "typed", "Государственный визит в Ташкент");
    holds(&place, "\"state visit\"", "title", "typed", "State visit to Tashkent");
}

#[test]
fn the_other_keyboard_layout_is_read() {
    let place = place();
    for (query, expected) in [
        ("ghbd", "привет"),
        ("vbybcnh", "министр"),
        ("ghbdtn vby", "привет министр"),
        ("привет vby", "привет министр"),
        ("ьштшы", "minister"),
        ("ыефеу мшы", "state visit"),
    ] {
        let found = suggested(&place, query);
        let is_there = found.iter().any(|(kind, route, text)| {
            (kind.as_str(), route.as_str()) == ("word", "layout") && text.starts_with(expected)
        });
        assert!(is_there, "{query}: {expected} in {found:?}");
    }
    holds(&place, "ujcel", "title", "layout", "Государственный визит в Ташкент");
    assert!(suggested(&place, "tashk").iter().all(|(_, route, _)| route != "layout"));
}

#[test]
fn names_are_completed_in_the_other_alphabet() {
    let place = place();
    holds(&place, "Lavr", "word", "name", "Лавров");
    holds(&place, "Lavr", "word", "typed", "Lavrov");
    holds(&place, "мирз", "word", "name", "Mirziyoyev");
    holds(&place, "bukh", "word", "name", "Бухары");
    holds(&place, "щерб", "word", "name", "Shcherbakov");
    holds(&place, "dzhum", "word", "name", "Джумаев");
    holds(&place, "minister мирз", "word", "name", "minister Mirziyoyev");
    holds(&place, "Mirziyoyev ташк", "word", "name", "Mirziyoyev Tashkent");
    holds(&place, "Lavrov посо", "word", "typed", "Lavrov посол");
    holds(&place, "Лавров min", "word", "typed", "Лавров minister");
    assert!(suggested(&place, "mini").iter().all(|(_, route, _)| route != "name"), "a minister is no name");
}

#[test]
fn what_is_no_plain_word_is_left_alone() {
    let place = place();
    for query in ["", " ", "\"визит в таш", "-мини", "!mini", "language:ru", "дата:2021", "wqzxv", "ъъъ", "((", "мини*"]
    {
        let words = suggested(&place, query).into_iter().filter(|(kind, ..)| kind == "word").count();
        assert_eq!(words, 0, "{query}");
    }
}

#[test]
fn what_was_typed_is_marked_and_nothing_is_markup() {
    let place = place();
    let server = place.serve();
    let (status, answer) = server.json(&format!("/suggest?q={}", encoded("<b> & таш")));
    assert_eq!(status, 200, "{answer}");
    let (_, answer) = server.json(&format!("/suggest?q={}&limit=4", encoded("визит таш")));
    assert_eq!(answer["query"], "визит таш");
    assert!(answer["processingTimeMs"].is_u64());
    let [word, title] = &answer["suggestions"].as_array().expect("suggestions")[..] else { panic!("{answer}") };
    assert_eq!(
        *word,
        json!({ "text": "визит Ташкент", "kind": "word", "route": "typed", "hits": 1,
            "html": "визит <mark>Таш</mark>кент",
            "parts": [{ "text": "визит ", "marked": false }, { "text": "Таш", "marked": true, "route": "prefix" },
                { "text": "кент", "marked": false }] })
    );
    assert_eq!((&title["id"], &title["kind"]), (&json!("visit-ru"), &json!("title")));
    assert_eq!(title["html"], "Государственный <mark>визит</mark> в <mark>Таш</mark>кент");
    let (_, answer) = server.json(&format!("/suggest?q={}", encoded("иголки \"<b>\" ве")));
    assert!(!answer.to_string().contains("<b> <mark>"), "{answer}");
}

#[test]
fn any_query_is_answered_and_its_parts_are_its_text() {
    let place = place();
    let index = Index::open(&place.path("index")).expect("an index");
    let query = proptest::collection::vec(proptest::sample::select(PIECES.as_slice()), 0..8);
    proptest!(ProptestConfig::with_cases(200), |(query in query)| {
        let query = query.concat();
        let answer = suggest(&index, &SuggestRequest::new(query.as_str(), None, None).expect("in bounds"));
        for suggestion in answer.expect("an answer").suggestions {
            let joined: String = suggestion.parts.iter().map(|part| part.text).collect();
            prop_assert_eq!(&joined, &suggestion.text);
            let bare = suggestion.html.replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!bare.contains(['<', '>']), "{}", suggestion.html);
            prop_assert!(suggestion.hits != Some(0), "{}", suggestion.text);
        }
    });
}

#[test]
fn languages_and_limits_choose() {
    let place = place();
    let texts = |arguments: &[&str]| text(&place.run(&[&["suggest"], arguments].concat()).stdout);
    assert!(texts(&["--language", "ru", "contr"]).is_empty(), "no Russian document has the word");
    assert!(texts(&["--language", "ru", "tash"]).starts_with("Ташкент"), "nor this one, but the name");
    assert!(texts(&["--language", "en", "tash"]).starts_with("Tashkent\n"));
    assert_eq!(texts(&["--limit", "1", "мини"]).lines().count(), 1);
    assert_eq!(place.run(&["suggest", "--limit", "0", "мини"]).status.code(), Some(1));
    let refused = place.run(&["suggest", "--limit", "21", "мини"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("at most") || text(&refused.stderr).contains("20"));
    assert_eq!(place.run(&["suggest", "пингвин"]).status.code(), Some(1));
    assert_eq!(place.run(&["suggest", "penguin", "--index", "nowhere"]).status.code(), Some(2));
}

#[test]
fn wrong_parameters_are_refused() {
    let place = place();
    let server = place.serve();
    for (path, status, code) in [
        ("/suggest", 400, "missing_parameter"),
        ("/suggest?q=a&limit=21", 400, "invalid_parameter"),
        ("/suggest?q=a&limit=x", 400, "invalid_parameter"),
        ("/suggest?q=a&q=b", 400, "invalid_parameter"),
        ("/suggest?q=a&language=de", 400, "invalid_parameter"),
        ("/suggest?q=a&limt=2", 400, "unknown_parameter"),
        ("/suggest?q=a&offset=2", 400, "unknown_parameter"),
        ("/documents/none/similar", 404, "document_not_found"),
        ("/documents/tree/similar?limit=101", 400, "invalid_parameter"),
        ("/documents/tree/similar?lim=1", 400, "unknown_parameter"),
    ] {
        let (found, answer) = server.json(path);
        assert_eq!((found, &answer["code"]), (status, &json!(code)), "{path}: {answer}");
    }
    let (_, answer) = server.json("/suggest?q=a&limt=2");
    assert_eq!(answer["message"], "There is no parameter \"limt\"; did you mean limit?");
}

#[test]
fn a_changed_index_completes_what_it_holds_now() {
    let place = place();
    let server = place.serve();
    let path = format!("/suggest?q={}", encoded("пинг"));
    assert_eq!(server.json(&path).1["suggestions"], json!([]));
    let document = r#"{"id": "new", "text": "Вчера пингвины пришли."}"#;
    assert_eq!(server.send("PUT", "/documents?wait=true", "application/json", document).0, 200);
    assert_eq!(server.json(&path).1["suggestions"][0]["text"], "пингвины");
}
