//! Several indexes in one server.
//!
//! 1. Each answers for itself, on all routes, in both languages; the plain routes are those of the default one.
//! 2. One is made as it is asked for, and deleted with all that is in it; they are there again after a restart.
//! 3. Names are names and never paths.
//! 4. One that cannot be opened keeps none of the others from being served.
//! 5. Its routes are guarded as the plain ones are.
//! 6. A run beside the server goes to the index that it names.

use std::fs;

use serde_json::{Value, json};

use crate::{
    guard::add_key,
    live::{JSON, until},
    program::{Place, Server, encoded, ids},
    raw::ask,
};

impl Server {
    /// Makes an index.
    pub(crate) fn create(&self, name: &str, rules: &Value) {
        let (status, answer) = self.send("PUT", &format!("/indexes/{name}"), JSON, &rules.to_string());
        assert_eq!((status, &answer["name"]), (201, &json!(name)), "{answer}");
    }

    /// Adds documents to an index, and waits until they are found.
    pub(crate) fn put_into(&self, base: &str, documents: &Value) -> Value {
        let (status, answer) = self.send("PUT", &format!("{base}/documents?wait=true"), JSON, &documents.to_string());
        assert_eq!((status, &answer["status"]), (200, &json!("succeeded")), "{answer}");
        answer
    }

    /// The ids that a query finds in an index.
    pub(crate) fn found_in(&self, base: &str, query: &str) -> Vec<String> {
        let (status, answer) = self.json(&format!("{base}/search?q={}&limit=100&repair=off", encoded(query)));
        assert_eq!(status, 200, "{answer}");
        let mut found = ids(&answer);
        found.sort();
        found
    }
}

fn names(server: &Server) -> Vec<String> {
    let (status, answer) = server.json("/indexes");
    assert_eq!(status, 200, "{answer}");
    let indexes = answer["indexes"].as_array().expect("a list");
    indexes.iter().map(|index| index["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn each_index_answers_for_itself_on_all_routes() {
    let place = Place::with_documents(&[("ru", "Визит министра"), ("en", "A visit of the minister")]);
    let server = place.serve();
    server.create("press-2021", &json!({"filterable": ["раздел"], "lemmas": false}));
    let press = "/indexes/press-2021";
    let answer = server.put_into(
        press,
        &json!([
            {"id": "ru", "title": "Урожай", "text": "Урожай хлопка собран.", "раздел": "хозяйство"},
            {"id": "en/1", "title": "Harvest", "text": "The cotton harvest is in.", "раздел": "economy"},
        ]),
    );
    assert_eq!((&answer["taskId"], &answer["added"]), (&json!(1), &json!(2)));
    assert_eq!(
        (server.found_in("", "визит visit"), server.found_in(press, "визит visit")),
        (vec!["en".into(), "ru".into()], vec![])
    );
    assert_eq!(server.found_in(press, "хлопка harvests"), ["en/1", "ru"]);
    assert_eq!(server.found_in("/indexes/default", "визит visit"), ["en", "ru"]);
    let (_, found) = server.post(&format!("{press}/search"), r#"{"q": "урожай", "filter": "раздел = хозяйство"}"#);
    assert_eq!(ids(&found), ["ru"]);
    assert_eq!(server.json(&format!("{press}/documents/en%2F1")).1["title"], "Harvest");
    assert_eq!(server.json("/documents/en%2F1").0, 404);
    assert_eq!(server.json(&format!("{press}/suggest?q={}", encoded("уро"))).0, 200);
    assert_eq!(server.json(&format!("{press}/documents/ru/similar")).0, 200);
    let (_, figures) = server.json(&format!("{press}/stats"));
    assert_eq!((&figures["documents"], &figures["manifest"]["lemmas"]), (&json!(2), &json!(false)), "{figures}");
    assert_eq!((server.json(&format!("{press}/tasks/1")).0, server.json("/tasks/1").0), (200, 404));
    assert!(server.get(&format!("{press}/export")).1.contains("The cotton harvest"));
    assert_eq!(server.json(&format!("{press}/verify")).1["clean"], true);
    // Where the task is said to stand, it stands.
    let (status, location) = server.send_for_header(
        "PUT",
        &format!("{press}/documents"),
        r#"{"id": "new", "text": "Новый, new"}"#,
        "location",
    );
    assert_eq!((status, location.as_deref()), (202, Some("/indexes/press-2021/tasks/2")));
    assert_eq!(server.json(&location.expect("a place")).0, 200);
    let (_, deleted) =
        server.send("DELETE", &format!("{press}/documents?wait=true&filter={}", encoded("раздел = economy")), JSON, "");
    assert_eq!(deleted["deleted"], 1, "{deleted}");
    // Copies are each index's own.
    let (status, made) = server.send("POST", &format!("{press}/snapshots"), JSON, "");
    assert_eq!((status, &made["documents"]), (201, &json!(2)), "{made}");
    let count = |base: &str| server.json(&format!("{base}/snapshots")).1["snapshots"].as_array().map(Vec::len);
    assert_eq!((count(press), count("")), (Some(1), Some(0)));
    let figures = server.get("/metrics").1;
    for line in ["oba_index_documents{index=\"default\"} 2", "oba_index_documents{index=\"press-2021\"} 2"] {
        assert!(figures.lines().any(|known| known == line), "{line} in:\n{figures}");
    }
    assert!(figures.contains("route=\"/indexes/{index}/search\""), "{figures}");
}

#[test]
fn the_page_of_an_index_stays_in_it() {
    let place = Place::with_documents(&[("ru", "Визит министра")]);
    let server = place.serve();
    server.create("press", &json!({}));
    server.put_into(
        "/indexes/press",
        &json!([{"id": "а/б", "text": "Урожай хлопка", "source": "Газета"}, {"id": "en", "text": "Harvest, урожай"}]),
    );
    let (status, page) = server.get(&format!("/indexes/press/?q={}", encoded("урожай")));
    assert_eq!(status, 200);
    assert!(
        page.contains("action=\"/indexes/press/\"") && page.contains("/indexes/press/view/%D0%B0%2F%D0%B1"),
        "{page}"
    );
    for at in page.split("href=\"").skip(1) {
        assert!(at.starts_with("/indexes/press/") || at.starts_with("/style.css") || at.starts_with("data:"), "{at}");
    }
    let (status, page) = server.get("/indexes/press/view/%D0%B0%2F%D0%B1");
    assert!(status == 200 && page.contains("Урожай хлопка") && page.contains("action=\"/indexes/press/\""), "{page}");
    let (status, page) = server.get("/indexes/press/view/none");
    assert!(status == 404 && page.contains("action=\"/indexes/press/\""), "{page}");
    assert!(server.get("/").1.contains("action=\"/\""));
}

#[test]
fn indexes_are_made_once_kept_over_a_restart_and_deleted_whole() {
    let place = Place::new();
    {
        let server = place.serve();
        assert_eq!(names(&server), ["default"]);
        server.create("a", &json!({"filterable": ["price"]}));
        assert_eq!(server.send("PUT", "/indexes/b", JSON, "").0, 201);
        server.put_into(
            "/indexes/a",
            &json!([{"id": "ru", "text": "Визит", "price": 5}, {"id": "en", "text": "A visit"}]),
        );
        let put = |body: &str| server.send("PUT", "/indexes/a", JSON, body);
        assert_eq!(put("").0, 200);
        assert_eq!(put(r#"{"filterable": ["price"], "lemmas": true}"#).1["documents"], 2);
        for other in [r#"{"filterable": []}"#, r#"{"lemmas": false}"#] {
            let (status, answer) = put(other);
            assert_eq!((status, &answer["code"]), (409, &json!("index_exists")), "{answer}");
        }
        let refused = |body: &str| put(body).1["code"].as_str().expect("a code").to_owned();
        assert_eq!(refused("[]"), "invalid_json");
        assert_eq!(refused(r#"{"filtrable": []}"#), "unknown_parameter");
        assert_eq!(refused(r#"{"lemmas": "нет"}"#), "invalid_parameter");
        assert_eq!(names(&server), ["a", "b", "default"]);
    }
    // What was cut off while it was made, or deleted, goes.
    fs::create_dir_all(place.path("index-home/indexes/.new-c")).expect("writable");
    fs::create_dir_all(place.path("index-home/indexes/.deleted-d/data-0001")).expect("writable");
    let server = place.serve();
    assert_eq!(names(&server), ["a", "b", "default"]);
    assert_eq!(server.found_in("/indexes/a", "визит visits"), ["en", "ru"]);
    assert_eq!(server.json("/indexes/a").1["filterable"], json!(["price"]));
    assert_eq!(server.delete("/indexes/a").0, 204);
    assert_eq!(server.json("/indexes/a/search?q=visit").1["code"], "index_not_found");
    assert_eq!(server.delete("/indexes/a").1["code"], "index_not_found");
    assert_eq!(server.delete("/indexes/default").1["code"], "invalid_parameter");
    let left: Vec<_> = fs::read_dir(place.path("index-home/indexes")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // The same name is that of a new index.
    server.create("a", &json!({"lemmas": false}));
    assert_eq!(server.found_in("/indexes/a", "визит visits"), [""; 0]);
    assert!(!server.get("/metrics").1.contains("index=\"c\""));
}

#[test]
fn a_name_is_never_a_path() {
    let place = Place::new();
    let server = place.serve();
    for name in ["..", "%2e%2e", "a%2Fb", "..%2F..%2Fetc", "A", "-a", "a%00", "%D0%B0", "a.b", &"x".repeat(65), "%20"] {
        let (status, answer) = server.send("PUT", &format!("/indexes/{name}"), JSON, "{}");
        assert!(matches!(status, 400 | 404 | 405), "{name}: {answer}");
        let (status, _) = server.get(&format!("/indexes/{name}/stats"));
        assert!(matches!(status, 400 | 404), "{name}");
        assert!(matches!(server.delete(&format!("/indexes/{name}")).0, 400 | 404 | 405), "{name}");
    }
    assert_eq!(server.json("/indexes/%FF/stats").1["code"], "invalid_parameter");
    assert_eq!(names(&server), ["default"]);
    assert!(
        !place.path("index-home").exists()
            || fs::read_dir(place.path("index-home/indexes")).map_or(0, Iterator::count) == 0
    );
}

#[test]
fn an_index_that_cannot_be_opened_is_told_and_the_others_are_served() {
    let place = Place::with_documents(&[("ru", "Визит"), ("en", "A visit")]);
    {
        let server = place.serve();
        server.create("broken", &json!({}));
        server.create("whole", &json!({}));
        server.put_into("/indexes/whole", &json!([{"id": "ru", "text": "Урожай"}, {"id": "en", "text": "A harvest"}]));
    }
    let manifest = place.path("index-home/indexes/broken/manifest.json");
    let kept = fs::read(&manifest).expect("a manifest");
    fs::write(&manifest, "нет").expect("writable");
    {
        let server = place.serve();
        assert_eq!(server.found_in("", "визит visit"), ["en", "ru"]);
        assert_eq!(server.found_in("/indexes/whole", "урожай harvest"), ["en", "ru"]);
        let (status, answer) = server.json("/indexes/broken/search?q=visit");
        assert_eq!((status, &answer["code"]), (503, &json!("index_unavailable")), "{answer}");
        let (_, listed) = server.json("/indexes/broken");
        assert!(
            listed["writer"] == "unavailable"
                && listed["problem"].as_str().is_some_and(|text| text.contains("manifest.json")),
            "{listed}"
        );
        let (status, ready) = server.json("/health/ready");
        assert_eq!((status, &ready["status"]), (200, &json!("degraded")), "{ready}");
        assert!(server.get("/metrics").1.contains("oba_writer_healthy{index=\"broken\"} 0"));
        let (status, answer) = server.send("PUT", "/indexes/broken", JSON, "{}");
        assert_eq!((status, &answer["code"]), (503, &json!("index_unavailable")));
    }
    fs::write(&manifest, kept).expect("writable");
    let server = place.serve();
    assert_eq!(server.json("/indexes/broken").1["writer"], "healthy");
    fs::write(&manifest, "нет").expect("writable");
    assert_eq!(server.delete("/indexes/broken").0, 204, "what is broken can be deleted");
}

#[test]
fn named_routes_are_guarded_as_the_plain_ones_are() {
    let place = Place::with_documents(&[("ru", "Визит"), ("en", "A visit")]);
    let server = place.serve();
    server.create("press", &json!({}));
    let status =
        |method: &str, path: &str, headers: &[(&str, &str)]| ask(server.address(), method, path, headers).status;
    let search = "/indexes/press/search?q=visit";
    assert_eq!(status("GET", search, &[("host", "evil.example")]), 403);
    assert_eq!(status("PUT", "/indexes/other", &[("origin", "https://evil.example")]), 403);
    let keys = ["search", "write", "admin"].map(|kind| add_key(&place, kind, &format!("ключ key {kind}")).0);
    until("the keys are noticed", || status("GET", search, &[]) == 401);
    for (method, path, least) in [
        ("GET", search, 0),
        ("GET", "/indexes/press/", 0),
        ("GET", "/indexes", 0),
        ("DELETE", "/indexes/press/documents/x", 1),
        ("GET", "/indexes/press/tasks", 1),
        ("PUT", "/indexes/new", 2),
        ("DELETE", "/indexes/none", 2),
        ("POST", "/swap", 2),
        ("POST", "/indexes/press/rebuild", 2),
        ("DELETE", "/indexes/press/rebuild", 2),
        ("POST", "/indexes/press/snapshots", 2),
        ("POST", "/indexes/press/snapshots/none/restore", 2),
        ("GET", "/indexes/press/export", 2),
    ] {
        assert_eq!(status(method, path, &[]), 401, "{method} {path}");
        for (kind, key) in keys.iter().enumerate() {
            let status = status(method, path, &[("authorization", &format!("Bearer {key}"))]);
            assert_eq!(status == 403, kind < least, "{method} {path} by {kind}: {status}");
            assert!(status != 401 && status < 500, "{method} {path} by {kind}: {status}");
        }
    }
}

#[test]
fn a_run_beside_the_server_goes_to_the_index_that_it_names() {
    let place = Place::new();
    let server = place.serve();
    server.create("press", &json!({}));
    place.write("письма.jsonl", "{\"id\": \"ru\", \"text\": \"Визит\"}\n{\"id\": \"en\", \"text\": \"A visit\"}\n");
    let dir = "index-home/indexes/press";
    let (code, _, message) = place.done(&["index", "письма.jsonl", "--index", dir]);
    assert_eq!(code, Some(0), "{message}");
    assert_eq!(
        (server.found_in("/indexes/press", "визит visit"), server.found_in("", "визит visit")),
        (vec!["en".into(), "ru".into()], vec![])
    );
    // The token of one index opens no other.
    let told: Value =
        serde_json::from_slice(&fs::read(place.path("index-home/indexes/press/.server")).expect("told")).expect("JSON");
    assert!(told["base"].as_str().is_some_and(|base| base.ends_with("/indexes/press")), "{told}");
    assert_eq!(server.get("/indexes/press/internal/state").0, 404);
    drop(server);
    let (code, _, message) = place.done(&["delete", "ru", "--index", dir]);
    assert_eq!(code, Some(0), "{message}");
    let server = place.serve();
    until("what was deleted is gone", || server.found_in("/indexes/press", "визит visit") == ["en"]);
}
